"""Records as an .xlsx workbook: text cells, drop-downs, notes on the headers, frozen panes.

Every cell is text and marked as such, so that no value of ours can ever be a formula and Excel changes none.
"""

from __future__ import annotations

import datetime
import io
import itertools
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from ..kinds.base import Kind
from ..reading.load import Dataset
from ..records.city import City
from ..records.ids import DistrictReference, RecordReference
from .base import BASE_TITLE, encode_base
from .decode import CHOICES_TITLE, GUIDE_TITLE
from .guard import column_letters
from .rows import Row, iter_rows
from .tables import (
    ID_ABOUT,
    ID_TITLE,
    ORDER_ABOUT,
    ORDER_TITLE,
    Column,
    Form,
    Table,
    list_tables,
)

_SPARE_ROWS = 500
_WIDTHS = {Form.TEXT: 22, Form.LIST: 26, Form.FLAG: 10, Form.DATE: 14}
_GUIDE = (
    "每张表是一类记录，或一类记录里的一种列表（如“示范片·数据”），用“编号”与记录对应。",
    "深色表头的栏必填。指着表头可见填写说明；可选的值在下拉列表和“选项”表里。",
    "一格写多项（如“来源”）时每项一行（Alt+Enter 换行）。列表里的次序由“序号”决定，新增的行可以不填。",
    "日期写 2026、2026-02、2026-02-03，也可写 2026年2月；数照来源原样写，如 820余，单位另写一栏。",
    "坐标系写 wgs84、gcj02 或 bd09；也可把表头改成“…纬度(GCJ-02)”“…经度(GCJ-02)”，坐标系一栏留空。",
    "不要合并单元格，不要写公式。可以少几列、少几张表：没有的列和表不作改动。",
    "改完保存为 .xlsx，运行 belts import；有一处错误就什么也不写。删掉的行会先问，不会悄悄撤下。",
    "没有改的格子，以导入时的记录为准；别人也改了的，导入时指出。导入过以后再改，先重新导出。",
)

Choices = Mapping[object, str]


def write_workbook(dataset: Dataset) -> bytes:
    """The bytes of a workbook with every record that could be read."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _write_guide(book.create_sheet(GUIDE_TITLE))
    sheets = [(table, book.create_sheet(table.title)) for table in list_tables()]
    choices = _write_choices(book.create_sheet(CHOICES_TITLE), dataset)
    by_id = sorted(dataset.entries, key=lambda entry: entry.record.id)
    records = [(entry.record.id, entry.kind, entry.locate().data) for entry in by_id]
    for table, sheet in sheets:
        of_kind = ((record_id, data) for record_id, kind, data in records if kind == table.kind)
        rows = itertools.chain(*(iter_rows(table, record_id, data) for record_id, data in of_kind))
        _write_table(sheet, table, rows, choices)
    _write_base(book.create_sheet(BASE_TITLE), records)
    return _save(book)


def _save(book: Any) -> bytes:
    """A workbook's bytes: the same for the same content, whenever it is saved."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 (as ZIP does of itself)
    saved, file = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive, zipfile.ZipFile(file, "w") as undated:
        ExcelWriter(book, archive).write_data()
        for part in archive.infolist():
            undated.writestr(zipfile.ZipInfo(part.filename), archive.read(part), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _write_table(sheet: Any, table: Table, rows: Iterable[Row], choices: Choices) -> None:
    _write_header(sheet, table)
    number = 1
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(_texts(table, row), 1):
            _write_text(sheet, number, column, text)
    sheet.auto_filter.ref = f"A1:{column_letters(_first(table) + len(table.columns) - 1)}{number}"
    sheet.freeze_panes = "C2"
    _add_drop_downs(sheet, table, choices, number + _SPARE_ROWS)


def _write_base(sheet: Any, records: Iterable[tuple[str, Kind, Any]]) -> None:
    """The records as they are now, on a sheet that is shown nowhere, so that an import can tell who changed what."""
    found = ((name, [t for t in list_tables() if t.kind == kind], data) for name, kind, data in records)
    for number, line in enumerate(encode_base(found), 1):
        for column, text in enumerate(line, 1):
            _write_text(sheet, number, column, text)
    sheet.sheet_state = "veryHidden"


def _first(table: Table) -> int:
    """The number of the first column that holds a field."""
    return 2 if table.is_main else 3


def _texts(table: Table, row: Row) -> list[str]:
    keys = [row.record_id] if table.is_main else [row.record_id, ".".join(map(str, row.order))]
    return [*keys, *(row.values[column] for column in table.columns)]


def _write_text(sheet: Any, row: int, column: int, text: str) -> Any:
    """A cell that is text whatever it begins with; none for an empty text."""
    from openpyxl.styles import Alignment

    if not text:
        return None
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text[0] in "=+-@\t'"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


# -- headers -------------------------------------------------------------------------------------


def _write_header(sheet: Any, table: Table) -> None:
    heads = [(ID_TITLE, ID_ABOUT, True, 26)]
    if not table.is_main:
        heads.append((ORDER_TITLE, ORDER_ABOUT, False, 8))
    heads += [(c.title, _describe(c), c.is_required, _width(c)) for c in table.columns]
    for number, (title, about, is_required, width) in enumerate(heads, 1):
        _write_head(_write_text(sheet, 1, number, title), about, is_required=is_required)
        dimension = sheet.column_dimensions[column_letters(number)]
        dimension.width = width
        dimension.number_format = "@"


def _write_head(cell: Any, about: str, *, is_required: bool) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    cell.fill = PatternFill("solid", fgColor="1F4E5F" if is_required else "D9E5E8")
    cell.font = Font(bold=True, color="FFFFFF" if is_required else "1A1A1A")
    cell.comment = Comment(about, "belts", height=30 + 18 * (about.count("\n") + len(about) // 18), width=300)


def _width(column: Column) -> int:
    is_long = column.path[-1] in ("text", "summary", "note", "body", "reason", "basis", "theme")
    return 48 if is_long else _WIDTHS[column.form]


def _describe(column: Column) -> str:
    """The note on a header: what the field is, whether it must be filled, what may stand there."""
    lines = [column.about] if column.about else []
    lines.append("必填" if column.is_required else "可空")
    if column.form is Form.LIST:
        lines.append("可写多项，每项一行（Alt+Enter 换行）")
    if column.form is Form.DATE:
        lines.append("2017、2017-11、2017-11-30、2016/2018、2015/..")
    if column.choices:
        lines.append("可选：" + "、".join(label for _, label in column.choices))
    elif isinstance(column.marker, RecordReference):
        lines.append("填记录的编号，见“选项”表")
    lines.append(f"（YAML：{column.name}）")
    return "\n".join(lines)


# -- drop-downs ----------------------------------------------------------------------------------


def _write_choices(sheet: Any, dataset: Dataset) -> dict[object, str]:
    """The lists that drop-downs offer, a column each (ids with their names beside); the ranges by key."""
    ranges: dict[object, str] = {}
    at = 1
    for table in list_tables():
        for column in table.columns:
            key = _choice_key(column)
            if key is None or key in ranges:
                continue
            rows = _choice_rows(column, dataset)
            title = column.title.rsplit("·", 1)[-1]
            for number, (value, name) in enumerate([(title, ""), *rows], 1):
                _write_text(sheet, number, at, value)
                _write_text(sheet, number, at + 1, name)
            letters = column_letters(at)
            ranges[key] = f"'{CHOICES_TITLE}'!${letters}$2:${letters}${len(rows) + 1}"
            sheet.column_dimensions[letters].width = 26
            at += 2 if any(name for _, name in rows) else 1
    sheet.freeze_panes = "A2"
    return ranges


def _choice_key(column: Column) -> object:
    """What tells one list of choices from another; None for a free column."""
    if column.choices:
        return column.choices
    return column.marker if isinstance(column.marker, RecordReference | DistrictReference) else None


def _choice_rows(column: Column, dataset: Dataset) -> list[tuple[str, str]]:
    if column.choices:
        return [(label, "") for _, label in column.choices]
    if isinstance(column.marker, RecordReference):
        kinds = column.marker.kinds
        records = [entry.record for entry in dataset.entries if not kinds or entry.kind.name in kinds]
        return sorted((record.id, record.name) for record in records)
    city: City | None = dataset.city
    return [(district.name, "") for district in city.districts] if city else []


def _add_drop_downs(sheet: Any, table: Table, choices: Choices, last: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(table.columns, _first(table)):
        key = _choice_key(column)
        if key is None or column.form is Form.LIST:
            continue
        is_open = isinstance(column.marker, RecordReference)
        rule = DataValidation("list", formula1=choices[key], allow_blank=True, showErrorMessage=True)
        rule.errorStyle = "warning" if is_open else "stop"
        rule.errorTitle, rule.error = column.title, "请从下拉列表中选择。"
        letters = column_letters(number)
        rule.add(f"{letters}2:{letters}{last}")
        sheet.add_data_validation(rule)


# -- the guide -----------------------------------------------------------------------------------


def _write_guide(sheet: Any) -> None:
    for number, line in enumerate(_GUIDE, 1):
        _write_text(sheet, number, 1, line)
    sheet.column_dimensions["A"].width = 110
