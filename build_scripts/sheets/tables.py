"""The sheets and columns that the models call for; knows no file and no record.

A single inner model becomes columns (`位置·坐标·纬度`), a list of texts one cell with a text a line, a list of
models a sheet of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..kinds.base import Kind
from ..kinds.registry import find_kinds
from ..records.dates import PartialDate
from ..records.references import Marker, field_marker
from ..records.shapes import find_choices, inner_model, is_list, iter_types

SEPARATOR = "·"
ID_TITLE, ORDER_TITLE = "编号", "序号"
ID_ABOUT = "记录的编号：小写字母、数字和连字符，全站唯一，永不重复使用"
ORDER_ABOUT = "在列表中的位置：1、2、3……；下级用 1.1、1.2；新增的行可以不填，排在最后"


class Form(Enum):
    """How the text of a cell is read."""

    TEXT = "text"
    LIST = "list"
    FLAG = "flag"
    DATE = "date"


class Column(NamedTuple):
    """One column: a field, by its path inside what a row holds.

    `choices` are the values of a closed vocabulary with the labels that the sheet shows.
    """

    path: tuple[str, ...]
    title: str
    about: str
    form: Form
    is_required: bool
    choices: tuple[tuple[str, str], ...]
    marker: Marker | None

    @property
    def name(self) -> str:
        """The field's path as YAML's editors know it."""
        return ".".join(self.path)


class Table(NamedTuple):
    """One sheet: the records of a kind, or the items of one list (`path`) in all of them.

    `inner` is the field of an item that holds items of the same sort, empty for most.
    """

    kind: Kind
    path: tuple[str, ...]
    title: str
    columns: tuple[Column, ...]
    inner: str = ""

    @property
    def is_main(self) -> bool:
        """Whether a row is a whole record."""
        return not self.path

    @property
    def name(self) -> str:
        """The sheet's other name, as its folder and fields are called."""
        return ".".join((self.kind.folder, *self.path))


@cache
def list_tables() -> tuple[Table, ...]:
    """Every sheet of a workbook, a kind's lists after the kind."""
    return tuple(table for kind in find_kinds() for table in _tables(kind, kind.model, (), kind.title))


def _tables(kind: Kind, model: type[BaseModel], path: tuple[str, ...], title: str) -> Iterator[Table]:
    lists = dict(_lists(model))
    inner = next((name for name, (_, item) in lists.items() if item is model), "")
    yield Table(kind, path, title, _columns_of(model), inner)
    for name, (field, item) in lists.items():
        if name != inner:
            yield from _tables(kind, item, (*path, name), f"{title}{SEPARATOR}{field.title or name}"[:31])


def _lists(model: type[BaseModel]) -> Iterator[tuple[str, tuple[FieldInfo, type[BaseModel]]]]:
    """The fields that hold a list of models."""
    for name, field in model.model_fields.items():
        item = inner_model(field.annotation)
        if item is not None and is_list(field):
            yield name, (field, item)


@cache
def _columns_of(model: type[BaseModel]) -> tuple[Column, ...]:
    """The columns of a model, which may stand in several kinds."""
    return tuple(_columns(model, (), "", is_required=True))


def _columns(
    model: type[BaseModel], path: tuple[str, ...], prefix: str, *, is_required: bool
) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        title = f"{prefix}{field.title or name}"
        needed = is_required and field.is_required()
        inner = inner_model(field.annotation)
        if field.exclude or (is_list(field) and inner):
            continue
        if inner is not None:
            yield from _columns(inner, (*path, name), f"{title}{SEPARATOR}", is_required=needed)
        else:
            yield _column((*path, name), title, field, is_required=needed)


def _column(path: tuple[str, ...], title: str, field: FieldInfo, *, is_required: bool) -> Column:
    types = set(iter_types(field.annotation))
    choices = tuple(find_choices(field).items())
    form = Form.TEXT
    if is_list(field):
        form = Form.LIST
    elif bool in types:
        form, choices = Form.FLAG, (("true", "是"), ("false", "否"))
    elif types & {PartialDate, datetime.date}:
        form = Form.DATE
    return Column(path, title, field.description or "", form, is_required, choices, field_marker(field))
