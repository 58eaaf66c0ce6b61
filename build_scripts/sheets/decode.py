"""Sheets of cells as rows of known tables, with a fault for every cell that does not fit."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..faults.diagnostics import Diagnostic
from ..records.document import FieldPath
from ..records.text import SLUG
from ..words.characters import UNFIT, judge_character
from ..words.personal import mask_personal_numbers
from ..words.spelling import closest, nearest, suggest
from .base import BASE_TITLE, Base, decode_base
from .compare import AFTER_ALL
from .grid import Cell, Grid
from .guard import cell_fault, column_letters
from .rows import Order, Row, clean_text
from .tables import ID_TITLE, ORDER_TITLE, Column, Form, Table, list_tables

GUIDE_TITLE, CHOICES_TITLE = "说明", "选项"

_DATUM = re.compile(r"(?P<title>.*[纬经]度)[(](?P<datum>wgs-?84|gcj-?02|bd-?09)[)]", re.IGNORECASE)
_EPOCH = datetime.date(1899, 12, 30)


@dataclass(slots=True)
class Sheet:
    """One sheet of the file: where each of its table's columns stands, and the rows whose place is known.

    `title` is the sheet's title, empty for a CSV file; `datums` are the columns whose header names one;
    `has_heads` holds when every column is known by its header; `faulty` are the cells (row and column) with a fault.
    """

    book: str
    title: str
    table: Table
    columns: dict[Column, int] = field(default_factory=dict)
    datums: dict[Column, str] = field(default_factory=dict)
    id_column: int = 0
    order_column: int = 0
    rows: list[Row] = field(default_factory=list)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    has_heads: bool = False
    faulty: set[tuple[int, int]] = field(default_factory=set)

    @property
    def has_keys(self) -> bool:
        """Whether it says where its rows belong."""
        return bool(self.id_column and (self.order_column or self.table.is_main))

    @property
    def knows_rows(self) -> bool:
        """Whether every row is known for what it is, so that one that is absent is really missing."""
        keys = (self.id_column, self.order_column)
        return self.has_keys and not any(column in keys for _, column in self.faulty)

    @property
    def is_whole(self) -> bool:
        """Whether every column is known for what it is, too."""
        return self.has_heads and self.knows_rows

    def fault(self, code: str, cell: tuple[int, int], **values: object) -> Diagnostic:
        """A diagnostic at a row and column of this sheet."""
        return cell_fault(self.book, self.title, cell, code, values, self._lines(cell)[0])

    def take_over(self, found: Diagnostic, cell: tuple[int, int]) -> Diagnostic:
        """What was found in a file as a fault of the cell it came from, with the line of the cell that was found."""
        lines, line = self._lines(cell), found.source_line.strip()
        shown = next((text for text in lines if mask_personal_numbers(text).strip() == line), lines[0])
        fault = cell_fault(self.book, self.title, cell, found.code, {}, shown)
        return fault._replace(values=found.values)

    def _lines(self, cell: tuple[int, int]) -> list[str]:
        return self.cells[cell].text.split("\n") if cell in self.cells else [""]

    def report(self, code: str, cell: tuple[int, int], **values: object) -> None:
        """Add a fault at a row and column."""
        self.diagnostics.append(self.fault(code, cell, **values))
        self.faulty.add(cell)

    def column_of(self, path: FieldPath) -> Column | None:
        """The column that holds the value at a path, or the first in it."""
        inside = (column for column in self.columns if path and column.path == path[: len(column.path)])
        beneath = (column for column in self.columns if path and column.path[: len(path)] == path)
        return next(inside, None) or next(beneath, None)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook or CSV file: the sheets that hold tables, and the faults of the file besides theirs.

    `base` are the records as they were exported, None when the file does not say.
    """

    sheets: list[Sheet]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    base: Base | None = None

    @property
    def faults(self) -> list[Diagnostic]:
        """Every fault of the file and its cells."""
        return [*self.diagnostics, *(fault for sheet in self.sheets for fault in sheet.diagnostics)]

    @property
    def is_named(self) -> bool:
        """Whether every sheet is known by its name."""
        return not any(fault.code == "B814" for fault in self.diagnostics)

    @property
    def is_whole(self) -> bool:
        """Whether what is absent is really missing."""
        return self.is_named and all(sheet.is_whole for sheet in self.sheets)


def decode_grids(book: str, grids: Iterable[Grid], found: Iterable[Diagnostic] = ()) -> Book:
    """The sheets that hold tables; every other one with content is a fault. `found` are faults of cells so far."""
    sheets: dict[str, Sheet] = {}
    diagnostics = [*found]
    base = None
    merged = {fault.path for fault in diagnostics if fault.code == "B808"}
    for grid in grids:
        table = find_table(grid.title)
        if table is not None and table.title not in sheets:
            is_merged = f"{book}!{grid.title}" in merged
            sheets[table.title] = (
                Sheet(book, grid.title, table) if is_merged else decode_grid(book, grid, table)
            )
        elif grid.title == BASE_TITLE:
            base = decode_base([[cell.text for cell in row] for row in grid.rows])
        elif grid.rows and grid.title not in (GUIDE_TITLE, CHOICES_TITLE):
            hint = nearest(grid.title, [table.title for table in list_tables()])
            diagnostics.append(cell_fault(book, grid.title, (1, 1), "B814", {"title": grid.title, **hint}))
    return Book(list(sheets.values()), diagnostics, base)


def find_table(title: str) -> Table | None:
    """The table with a title (`示范片·数据`) or a name (`areas.figures`, `areas`)."""
    plain = plain_title(title)
    tables = list_tables()
    return next((table for table in tables if plain in (plain_title(table.title), table.name)), None)


def decode_grid(book: str, grid: Grid, table: Table) -> Sheet:
    """One sheet as rows of its table; faults are in `diagnostics`."""
    sheet = Sheet(book, grid.title, table)
    sheet.cells = {(cell.row, cell.column): cell for row in grid.rows for cell in row}
    if not grid.rows:
        sheet.report("B813", (1, 1), title=ID_TITLE)
        return sheet
    _read_header(sheet, grid.rows[0])
    if sheet.has_keys:
        _check_strays(sheet, grid)
    sheet.has_heads = not sheet.diagnostics
    rows = [_read_row(sheet, cells) for cells in grid.rows[1:]]
    sheet.rows = list(_place_rows(sheet, rows)) if sheet.has_keys else []
    return sheet


def plain_title(text: str) -> str:
    """A header without what people change unawares: width, spaces, case, marks of a required field."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*]", "", text.replace("・", "·").replace("•", "·")).casefold()


# -- headers -------------------------------------------------------------------------------------


def _read_header(sheet: Sheet, cells: Iterable[Cell]) -> None:
    known = {
        plain_title(name): column for column in sheet.table.columns for name in (column.title, column.name)
    }
    taken: dict[str, Cell] = {}
    for cell in filter(_is_written, cells):
        title = plain_title(cell.text)
        if match := _DATUM.fullmatch(title):
            title = match["title"]
        column = known.get(title)
        key = column.name if column else title
        if cell.fault:
            sheet.report(cell.fault, (cell.row, cell.column), got=cell.text, **_reasons(cell))
        elif key in taken:
            first = f"{column_letters(taken[key].column)}{taken[key].row}"
            sheet.report("B811", (cell.row, cell.column), title=cell.text, first=first)
            sheet.columns = {known: at for known, at in sheet.columns.items() if known != column}
        elif column is not None:
            sheet.columns[column] = cell.column
            if match:
                sheet.datums[column] = match["datum"].replace("-", "")
        else:
            _read_key_header(sheet, cell, title)
        taken[key] = cell
    _require_keys(sheet, next(iter(sheet.cells.values())).row)


def _read_key_header(sheet: Sheet, cell: Cell, title: str) -> None:
    if title in (ID_TITLE, "id"):
        sheet.id_column = cell.column
    elif title in (ORDER_TITLE, "order") and not sheet.table.is_main:
        sheet.order_column = cell.column
    else:
        titles = [ID_TITLE, *(column.title for column in sheet.table.columns)]
        match = closest(clean_text(cell.text), titles)
        values = {"title": cell.text, "known": "、".join(titles), **suggest(match)}
        sheet.report("B812", (cell.row, cell.column), **values)


def _require_keys(sheet: Sheet, row: int) -> None:
    if not sheet.id_column:
        sheet.report("B813", (row, 1), title=ID_TITLE)
    if not sheet.order_column and not sheet.table.is_main:
        sheet.report("B813", (row, 1), title=ORDER_TITLE)


def _check_strays(sheet: Sheet, grid: Grid) -> None:
    """Nothing stands below the header row in a column without a header; the first of each such column is named."""
    heads = {cell.column for cell in grid.rows[0] if _is_written(cell)}
    strays: dict[int, Cell] = {}
    for cell in (cell for row in grid.rows[1:] for cell in row if _is_written(cell)):
        if cell.column not in heads:
            strays.setdefault(cell.column, cell)
    for cell in strays.values():
        sheet.report("B824", (cell.row, cell.column), got=clean_text(cell.text))


def _is_written(cell: Cell) -> bool:
    """Whether a reader sees anything in a cell."""
    return bool(cell.fault or clean_text(cell.text))


# -- rows ----------------------------------------------------------------------------------------


def _read_row(sheet: Sheet, cells: Iterable[Cell]) -> Row:
    by_column = {cell.column: cell for cell in cells}
    number = next(iter(by_column.values())).row
    values = {}
    for column, at in sheet.columns.items():
        cell = by_column.get(at)
        values[column] = _read_cell(sheet, column, cell) if cell else ""
    _apply_datums(sheet, values, number)
    record_id = _read_id(sheet, by_column.get(sheet.id_column), number)
    order = _read_order(sheet, by_column.get(sheet.order_column))
    unread = {column for column, at in sheet.columns.items() if (number, at) in sheet.faulty}
    if not sheet.has_heads:  # what stands under a header that is wrong may be any column that seems absent
        unread |= {column for column in sheet.table.columns if column not in values}
    return Row(record_id, order, values, number, frozenset(unread))


def _read_id(sheet: Sheet, cell: Cell | None, number: int) -> str:
    text = unicodedata.normalize("NFKC", clean_text(cell.text)) if cell else ""
    if cell and cell.fault:
        sheet.report(cell.fault, (number, sheet.id_column), got=cell.text, **_reasons(cell))
    elif not text and sheet.id_column:
        sheet.report("B823", (number, sheet.id_column))
    elif text and not SLUG.fullmatch(text):
        sheet.report("B313", (number, sheet.id_column), got=text)
    return text


def _read_cell(sheet: Sheet, column: Column, cell: Cell) -> str:
    if cell.fault:
        sheet.report(cell.fault, (cell.row, cell.column), got=cell.text, **_reasons(cell))
    elif column.form is Form.DATE and cell.is_number and not re.fullmatch(r"(19|20)\d\d|2100", cell.text):
        sheet.report("B817", (cell.row, cell.column), got=cell.text, **_serial_hint(cell.text))
    elif match := UNFIT.search(clean_text(cell.text)):
        code, values = judge_character(match[0])
        sheet.report(code, (cell.row, cell.column), **values)
    return cell.text


def _reasons(cell: Cell) -> dict[str, str]:
    return {"reason_zh": cell.reason[0], "reason_en": cell.reason[1]}


def _serial_hint(text: str) -> dict[str, str]:
    """The day that Excel's serial number would stand for."""
    if not re.fullmatch(r"[1-9]\d{3,4}", text):
        return {"hint_zh": "", "hint_en": ""}
    day = (_EPOCH + datetime.timedelta(days=int(text))).isoformat()
    return {"hint_zh": f"，也许是 {day}", "hint_en": f", perhaps {day}"}


def _apply_datums(sheet: Sheet, values: dict[Column, str], number: int) -> None:
    """Take a coordinate's datum from its header where the row gives none."""
    for column, datum in sheet.datums.items():
        crs = next(c for c in sheet.table.columns if c.path == (*column.path[:-1], "crs"))
        given = plain_title(values.get(crs, "")).replace("-", "")
        read = not {(number, sheet.columns.get(c)) for c in (column, crs)} & sheet.faulty
        if not read or not clean_text(values[column]):
            continue
        if given in ("", datum):
            values[crs] = datum
        else:
            zh, en = (
                f"表头写 {datum}，坐标系一栏写 {given}",
                f"the header says {datum}, the datum column {given}",
            )
            sheet.report(
                "B818", (number, sheet.columns[column]), got=values[column], reason_zh=zh, reason_en=en
            )


def _read_order(sheet: Sheet, cell: Cell | None) -> Order:
    """The numbers of a row's place in its list; empty for a new row that gives none."""
    if sheet.table.is_main or cell is None:
        return ()
    text = unicodedata.normalize("NFKC", clean_text(cell.text))
    depth, steps = len(sheet.table.path), text.split(".")
    zh, en = f"应有 {depth} 个数" if depth > 1 else "应为数字", f"{depth} number(s) belong here"
    is_deep_enough = len(steps) >= depth if sheet.table.inner else len(steps) == depth
    if not is_deep_enough or not all(re.fullmatch(r"[1-9][0-9]{0,4}", step) for step in steps):
        sheet.report("B822", (cell.row, cell.column), got=cell.text, reason_zh=zh, reason_en=en)
        return ()
    return tuple(map(int, steps))


def _place_rows(sheet: Sheet, rows: list[Row]) -> Iterator[Row]:
    """The rows whose record and place are known; one that gives no place comes after the last of its record."""
    first: dict[tuple[str, Order], int] = {}
    for number, row in enumerate(rows, AFTER_ALL):
        if (row.number, sheet.id_column) in sheet.faulty:
            continue
        if not row.order and len(sheet.table.path) > 1:
            _require_outer(sheet, row)
            continue
        placed = row if row.order or sheet.table.is_main else row._replace(order=(number,))
        before = first.setdefault((placed.record_id, placed.order), row.number)
        if before != row.number:
            key = f"{row.record_id} {'.'.join(map(str, row.order))}".strip()
            sheet.report("B815", (row.number, sheet.order_column or sheet.id_column), key=key, first=before)
        if before == row.number or not sheet.table.is_main:
            yield placed


def _require_outer(sheet: Sheet, row: Row) -> None:
    cell = (row.number, sheet.order_column)
    if cell not in sheet.faulty:
        zh, en = "这里要写出上级的序号", "the outer item's number is needed here"
        sheet.report("B822", cell, got="", reason_zh=zh, reason_en=en)
