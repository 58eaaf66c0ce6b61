"""A workbook's or a CSV file's bytes as sheets of cells; knows no table and no record.

A cell is read as the text that its reader sees. One that has no such text (a formula, an error) keeps the
rule that refuses it.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..faults.diagnostics import Diagnostic, Problems, diagnose_file
from ..records.text import SPREADSHEET_ERROR
from .guard import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, cell_fault, open_package

ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16")
_MALFORMED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_LONGEST_CELL = 32_767
_FAULTY = {"f": "B809", "e": "B810"}
_LARGEST_NUMBER = 10**15
_FORMAT_WORDS = re.compile(
    r'"[^"]*"|\[[^\]]*\]|[\\_*].'
)  # and spaces: what a number format shows as it stands
_PLACES = re.compile(r"[0#?]")  # of digits
_IN_THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")
_DURATION = ("时长所见的样子随格式而变", "what a duration shows depends on its format")


class Cell(NamedTuple):
    """One cell that is not empty; rows and columns count from 1.

    `is_number` holds for a number without a date's format; `fault` is the rule it breaks, with its values.
    """

    row: int
    column: int
    text: str
    is_number: bool = False
    fault: str = ""
    reason: tuple[str, str] = ("", "")


class Grid(NamedTuple):
    """One sheet: its title (empty for a CSV file) and its cells, row by row."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(name: str, content: bytes) -> tuple[list[Grid], list[Diagnostic]]:
    """Every sheet of an .xlsx file, and the cells that no sheet may have. Raises `Problems` for an unsafe file."""
    from openpyxl import load_workbook

    found = open_package(name, content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return [Grid(sheet.title, tuple(_read_rows(sheet))) for sheet in book.worksheets], found
        except _MALFORMED as error:
            reason = f"{type(error).__name__}: {error}"
            values = {"reason_zh": f"内容已损坏（{reason}）", "reason_en": f"damaged ({reason})"}
            raise Problems([diagnose_file(name, "B801", **values)]) from None


def _read_rows(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        cells = tuple(_read_cell(cell) for cell in row if cell.value is not None)
        if cells:
            yield cells


def _read_cell(cell: Any) -> Cell:
    value, row, column = cell.value, int(cell.row), int(cell.column)
    if cell.data_type in _FAULTY:
        return Cell(row, column, _shown_text(value), fault=_FAULTY[cell.data_type])
    if isinstance(value, bool):
        return Cell(row, column, "true" if value else "false")
    if isinstance(value, int | float):
        return _read_number(Cell(row, column, "", is_number=True), value, str(cell.number_format))
    if isinstance(value, datetime.date | datetime.time):
        return Cell(row, column, _moment_text(value, str(cell.number_format)))
    if isinstance(value, datetime.timedelta):
        return Cell(row, column, str(value), fault="B818", reason=_DURATION)
    return _text_cell(row, column, str(value)[:_LONGEST_CELL])


def _text_cell(row: int, column: int, text: str) -> Cell:
    """A text; one that Excel wrote for what it could not work out is none, pasted as a value or saved as CSV too."""
    return Cell(row, column, text, fault="B810" if SPREADSHEET_ERROR.fullmatch(text.strip()) else "")


def _shown_text(value: Any) -> str:
    """A formula as it was typed, or an error as it is shown."""
    return str(getattr(value, "text", None) or value)


def _read_number(at: Cell, value: float, number_format: str) -> Cell:
    """A number as typed: without `.0`, and none whose digits Excel has lost or shows otherwise."""
    text = str(int(value)) if value == int(value) else f"{Decimal(f'{value:.15g}'):f}"
    reason = ("", "")
    if "%" in number_format:
        reason = ("百分比格式的值是所见的百分之一", "a percentage holds a hundredth of what it shows")
    elif abs(value) >= _LARGEST_NUMBER:
        reason = ("超过 15 位的数字已被 Excel 改动", "Excel keeps 15 digits only")
    elif not _is_shown_whole(Decimal(text), number_format):
        reason = (f"按它的格式所见的不是 {text}", f"its format does not show {text} as it is")
    return Cell(at.row, at.column, text, is_number=True, fault="B818" if reason[0] else "", reason=reason)


def _is_shown_whole(value: Decimal, number_format: str) -> bool:
    """Whether a format shows a number itself: not rounded, in thousands, as a fraction or not at all."""
    sections = _FORMAT_WORDS.sub("", number_format).split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    places = len(_PLACES.findall(section.partition(".")[2]))
    is_other = "/" in section or _IN_THOUSANDS.search(section) or not _PLACES.search(section)
    return section.strip().lower() in ("general", "@") or not (is_other or value != round(value, places))


def _moment_text(value: datetime.date | datetime.time, number_format: str) -> str:
    """A date or a time of 24 hours as precisely as its format shows it: `2026年2月` is a month, `18:30` no second."""
    shown = _FORMAT_WORDS.sub("", number_format).lower()
    precision = "seconds" if "s" in shown else "minutes"
    if isinstance(value, datetime.time):
        text = value.isoformat(precision)
        return text if "hh" in shown else text.removeprefix("0")
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return value.isoformat(" ", precision)
    length = 10 if "d" in shown else 7 if "m" in shown else 4
    return value.isoformat()[: length if "y" in shown else 10]


def read_csv(name: str, content: bytes, encoding: str = "utf-8") -> Grid:
    """A CSV file in a declared encoding. Raises `Problems` for another encoding or a damaged file."""
    if len(content) > LARGEST_FILE:
        values = {"what_zh": "文件", "what_en": "the file", "limit": f"{LARGEST_FILE // 1_000_000} MB"}
        raise Problems([diagnose_file(name, "B805", **values)])
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        raise Problems([diagnose_file(name, "B819", encoding=encoding)]) from None
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for row in reader:
            rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        zh = f"第 {line} 行起不是 CSV，多半是半角引号没有成对（{error}）"
        en = f"from line {line} on it is no CSV, most likely for want of a second quotation mark ({error})"
        raise Problems([diagnose_file(name, "B801", reason_zh=zh, reason_en=en)]) from None
    return Grid("", tuple(_csv_rows(name, rows)))


def _delimiter(text: str) -> str:
    """What separates the cells: a tab in Excel's “Unicode text”, else a comma."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return "\t" if header.count("\t") > header.count(",") else ","


def _csv_rows(name: str, rows: list[list[str]]) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            values = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            raise Problems([cell_fault(name, "", (number, max(len(row), 1)), "B807", dict(values))])
        cells = tuple(_text_cell(number, column, text) for column, text in enumerate(row, 1) if text.strip())
        if cells:
            yield cells
