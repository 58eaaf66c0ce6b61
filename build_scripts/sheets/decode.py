"""Sheets of cells as rows of known tables, with a fault for every cell that does not fit."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..decode import closest, nearest
from ..diagnostics import Diagnostic
from ..personal import mask_personal_numbers
from ..values import SLUG
from ..yaml_text import Path
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
    """One sheet of the file: where each of its table's columns stands, and its rows.

    `title` is the sheet's title, empty for a CSV file; `datums` are the columns whose header names one.
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

    def fault(self, code: str, cell: tuple[int, int], **values: object) -> Diagnostic:
        """A diagnostic at a row and column of this sheet."""
        return cell_fault(self.book, self.title, cell, code, values, self._lines(cell)[0])

    def take_over(self, found: Diagnostic, cell: tuple[int, int]) -> Diagnostic:
        """What was found in a file as a fault of the cell it came from, with the line of the cell that was found."""
        lines, line = self._lines(cell), found.source_line.strip()
        shown = next((text for text in lines if mask_personal_numbers(text).strip() == line), lines[0])
        return replace(cell_fault(self.book, self.title, cell, found.code, {}, shown), values=found.values)

    def _lines(self, cell: tuple[int, int]) -> list[str]:
        return self.cells[cell].text.split("\n") if cell in self.cells else [""]

    def column_of(self, path: Path) -> int:
        """The number of the column that holds the value at a path, or the first in it; of the ids for none."""
        fields = [column for column in self.columns if path and column.path == path[: len(column.path)]]
        fields += [column for column in self.columns if path and column.path[: len(path)] == path]
        return self.columns[fields[0]] if fields else self.id_column

    def report(self, code: str, cell: tuple[int, int], **values: object) -> None:
        """Add a fault at a row and column."""
        self.diagnostics.append(self.fault(code, cell, **values))


def decode_grids(book: str, grids: Iterable[Grid]) -> tuple[list[Sheet], list[Diagnostic]]:
    """The sheets that hold tables; every other one with content is a fault."""
    sheets: dict[str, Sheet] = {}
    diagnostics = []
    for grid in grids:
        table = find_table(grid.title)
        if table is not None and table.title not in sheets:
            sheets[table.title] = decode_grid(book, grid, table)
        elif grid.rows and grid.title not in (GUIDE_TITLE, CHOICES_TITLE):
            hint = nearest(grid.title, [table.title for table in list_tables()])
            diagnostics.append(cell_fault(book, grid.title, (1, 1), "B814", {"title": grid.title, **hint}))
    for sheet in sheets.values():
        diagnostics += sheet.diagnostics
    return list(sheets.values()), diagnostics


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
    _check_strays(sheet, grid)
    if not sheet.diagnostics:
        sheet.rows = _with_orders(sheet, [_read_row(sheet, cells) for cells in grid.rows[1:]])
        _check_repeats(sheet)
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
        zh, en = (f"，是否想写 {match}？", f", did you mean `{match}`?") if match else ("", "")
        values = {"title": cell.text, "known": "、".join(titles), "hint_zh": zh, "hint_en": en}
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
    return Row(record_id, _read_order(sheet, by_column.get(sheet.order_column)), values, number)


def _read_id(sheet: Sheet, cell: Cell | None, number: int) -> str:
    text = unicodedata.normalize("NFKC", clean_text(cell.text)) if cell else ""
    if cell and cell.fault:
        sheet.report(cell.fault, (number, sheet.id_column), got=cell.text, **_reasons(cell))
    elif not text:
        sheet.report("B823", (number, sheet.id_column))
    elif not SLUG.fullmatch(text):
        sheet.report("B313", (number, sheet.id_column), got=text)
    return text


def _read_cell(sheet: Sheet, column: Column, cell: Cell) -> str:
    if cell.fault:
        sheet.report(cell.fault, (cell.row, cell.column), got=cell.text, **_reasons(cell))
    elif column.form is Form.DATE and cell.is_number and not re.fullmatch(r"(19|20)\d\d|2100", cell.text):
        sheet.report("B817", (cell.row, cell.column), got=cell.text, **_serial_hint(cell.text))
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
        if not clean_text(values[column]):
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


def _with_orders(sheet: Sheet, rows: list[Row]) -> list[Row]:
    """The rows with a place for those that give none: after the last of their record."""
    if sheet.table.is_main or sheet.diagnostics:
        return rows
    return list(_fill_orders(sheet, rows))


def _fill_orders(sheet: Sheet, rows: list[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, AFTER_ALL):
        if row.order:
            yield row
            continue
        if len(sheet.table.path) > 1:
            zh, en = "这里要写出上级的序号", "the outer item's number is needed here"
            sheet.report("B822", (row.number, sheet.order_column), got="", reason_zh=zh, reason_en=en)
        yield replace(row, order=(number,))


def _check_repeats(sheet: Sheet) -> None:
    first: dict[tuple[str, Order], int] = {}
    for row in sheet.rows:
        number = first.setdefault((row.record_id, row.order), row.number)
        if number != row.number and row.record_id:
            key = f"{row.record_id} {'.'.join(map(str, row.order))}".strip()
            at = sheet.order_column or sheet.id_column
            sheet.report("B815", (row.number, at), key=key, first=number)
