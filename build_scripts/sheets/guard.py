"""What a workbook's file may not be or hold, found before any of it is parsed.

An .xlsx is a ZIP archive of XML. Its directory and its raw text say enough to refuse what would cost too much
(bombs, far cells), what hides something (macros, links to other files) and what has no one cell (merges).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import PurePosixPath

from ..faults.diagnostics import Diagnostic, Problems, diagnose_file, limit_diagnostics, make_diagnostic

LARGEST_FILE = 10_000_000
LARGEST_UNPACKED = 40_000_000
LARGEST_RATIO = 100
MOST_CELLS = 400_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200

Fault = tuple[str, dict[str, object]]

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what every program that writes workbooks uses
_OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"<(?:\w+:)?(c|row|mergeCell)\b[^>]*?\s(?:r|ref)=[\"']([A-Z]{0,3})(\d{0,7})")
_DECLARATION = re.compile(rb"<\0?!\0?(?:\[|D\0?O\0?C\0?T|E\0?N\0?T)", re.IGNORECASE)
_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\b(?:\w+:)?id="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(Id|Target)="([^"]*)"')


def open_package(name: str, content: bytes) -> list[Diagnostic]:
    """The faults of cells in a workbook that is safe to parse. Raises `Problems` with every reason otherwise."""
    _refuse(name, _file_faults(name, content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse(name, _directory_faults(archive))
            _refuse(name, _part_faults(archive))
            return list(limit_diagnostics(_sheet_faults(name, archive)))
    except _DAMAGE as error:
        reason_zh, reason_en = f"文件已损坏（{error}）", f"the file is damaged ({error})"
        raise _refusal(name, [("B801", {"reason_zh": reason_zh, "reason_en": reason_en})]) from None


def _refuse(name: str, faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise _refusal(name, found)


def _refusal(name: str, faults: Iterable[Fault]) -> Problems:
    return Problems(diagnose_file(name, code, **values) for code, values in faults)


def _file_faults(name: str, content: bytes) -> Iterator[Fault]:
    if len(content) > LARGEST_FILE:
        yield "B805", {"what_zh": "文件", "what_en": "the file", "limit": f"{LARGEST_FILE // 1_000_000} MB"}
    elif content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            yield "B802", {}
        else:
            zh, en = "这是旧式 Excel（.xls）文件", "this is an old Excel file (.xls)"
            yield "B801", {"reason_zh": zh, "reason_en": en}
    elif not zipfile.is_zipfile(io.BytesIO(content)):
        yield "B801", {"reason_zh": "不是 .xlsx 文件", "reason_en": "it is no .xlsx file"}
    elif PurePosixPath(name).suffix.lower() in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        yield "B803", {}


def _directory_faults(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """What the archive's own directory says."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    total = sum(part.file_size for part in parts)
    worst = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > 1_000_000),
        default=0,
    )
    if total > LARGEST_UNPACKED or len(parts) > 2000:
        limit = f"{LARGEST_UNPACKED // 1_000_000} MB"
        yield "B805", {"what_zh": "解压后的内容", "what_en": "the unpacked content", "limit": limit}
    elif worst > LARGEST_RATIO:
        zh, en = f"压缩比（{worst:.0f} 倍）", f"the compression ratio ({worst:.0f})"
        yield "B805", {"what_zh": zh, "what_en": en, "limit": str(LARGEST_RATIO)}
    if any(part.compress_type not in _PLAIN for part in parts):
        yield "B801", {"reason_zh": "压缩方式不对", "reason_en": "it is packed in an unusual way"}
    if any(part.flag_bits & 1 for part in parts):
        yield "B802", {}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        yield "B803", {}
    if any("/externallinks/" in f"/{name}" for name in names):
        yield "B804", {}
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        yield "B801", {"reason_zh": "压缩包里没有工作簿", "reason_en": "the archive holds no workbook"}


def _part_faults(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """Declarations that could define entities; macros declared under another name."""
    cells = 0
    for part in archive.infolist():
        if part.filename.endswith("/"):
            continue
        text = archive.read(part)
        if part.filename.endswith((".xml", ".rels")) and _DECLARATION.search(text):
            yield "B806", {"part": part.filename}
        if part.filename == "[Content_Types].xml" and b"macroEnabled" in text:
            yield "B803", {}
        if part.filename.startswith("xl/worksheets/"):
            cells += len(re.findall(rb"<(?:\w+:)?c\b", text))
    if cells > MOST_CELLS:
        yield "B805", {"what_zh": "单元格", "what_en": "the number of cells", "limit": str(MOST_CELLS)}


def _sheet_faults(name: str, archive: zipfile.ZipFile) -> Iterator[Diagnostic]:
    """The farthest cell beyond the limits and every merged one of each sheet."""
    values: dict[str, object] = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
    for title, part in _sheets(archive):
        farthest = (0, 0)
        for match in _CELL.finditer(archive.read(part)):
            column, row = _column_number(match[2].decode()), int(match[3] or b"0")
            if match[1] == b"mergeCell":
                yield cell_fault(name, title, (row, column), "B808", {})
            elif row > MOST_ROWS or column > MOST_COLUMNS:
                farthest = max(farthest, (row, max(column, 1)))
        if any(farthest):
            yield cell_fault(name, title, farthest, "B807", values)


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Title and part of every worksheet."""
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        targets[attributes.get("Id", "")] = attributes.get("Target", "")
    names = set(archive.namelist())
    for title, relation in _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield unescape(title), part


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column counted from 1: 3 is C."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_fault(
    book: str, sheet: str, cell: tuple[int, int], code: str, values: dict[str, object], text: str = ""
) -> Diagnostic:
    """A diagnostic at a cell (row and column from 1) that holds `text`; a CSV file has no sheet's title."""
    row, column = cell
    found = make_diagnostic((f"{book}!{sheet}" if sheet else book, row, 1), code, values, text)
    return found._replace(column=column, cell=f"{column_letters(column)}{row}", caret=1)
