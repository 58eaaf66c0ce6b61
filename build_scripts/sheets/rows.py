"""Records as rows of cells, and rows of cells as the data of records; knows no file format.

Both ways go through one spelling of each value, so that a cell nobody touched is no change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from ..records.city import City
from ..records.dates import FULL_WIDTH, parse_date
from ..records.document import unify_ends
from ..records.ids import DistrictReference, RecordReference
from ..records.shapes import value_at
from .tables import Column, Form, Table

Order = tuple[int, ...]
Item = dict[str, Any]
Place = tuple[tuple[str, int], ...]

UNREAD = {"?": "?"}
"""What stands for a value that could not be read: nothing that any field takes, so that the record is not typed."""

_SPACES = " \t\r\u3000\xa0\ufeff"


class Row(NamedTuple):
    """One row: the record, the place in its list (empty for the record itself) and the cells that stand.

    `number` is the row's number on the sheet, 0 for one that stands on none. A column the sheet does not
    have is absent from `values`; an empty cell is an empty text. `unread` are the columns whose cell says nothing
    that can be relied on.
    """

    record_id: str
    order: Order
    values: Mapping[Column, str]
    number: int = 0
    unread: frozenset[Column] = frozenset()


@dataclass(slots=True)
class Assembled:
    """A record's data as the rows give it; `origins` leads from an inner mapping to the row it came from.

    `orphans` are rows whose outer row is missing, `blanks` those of a list that say nothing.
    """

    data: Item
    origins: dict[int, tuple[Table, Row]] = field(default_factory=dict)
    orphans: list[tuple[Table, Row]] = field(default_factory=list)
    blanks: list[tuple[Table, Row]] = field(default_factory=list)

    @property
    def numbers(self) -> dict[int, int]:
        """The place in its list that each row names, by the identity of the mapping made from it."""
        return {key: row.order[-1] for key, (_, row) in self.origins.items() if row.order}

    @property
    def is_read(self) -> bool:
        """Whether every cell of its rows could be read."""
        return not any(row.unread for _, row in self.origins.values())


# -- a record as rows ----------------------------------------------------------------------------


def iter_rows(table: Table, record_id: str, data: Any) -> Iterator[Row]:
    """A record's rows on one sheet, from its data as text."""
    for order, item in _iter_items(table, data, table.path, ()):
        values = {column: cell_text(column, value_at(item, column.path)) for column in table.columns}
        yield Row(record_id, order, values)


def _iter_items(table: Table, data: Any, path: tuple[str, ...], order: Order) -> Iterator[tuple[Order, Any]]:
    if not path:
        yield order, data
        return
    name, *rest = path
    for number, item in enumerate(data.get(name, ()) if isinstance(data, dict) else (), 1):
        here = (*order, number)
        yield from _iter_items(table, item, tuple(rest), here)
        if table.inner and not rest:
            yield from _iter_items(table, item, (table.inner,), here)


def cell_text(column: Column, value: Any) -> str:
    """What the sheet shows for a value: a label for a choice, a text a line for a list."""
    if value is None:
        return ""
    if column.form is Form.LIST:
        labels = dict(column.choices)
        return "\n".join(labels.get(str(item), " ".join(str(item).split("\n"))) for item in value)
    return dict(column.choices).get(str(value), clean_text(str(value)))


def clean_text(text: str) -> str:
    """A text without outer spaces and empty lines, line ends as one character."""
    lines = unify_ends(text).replace("_x000D_\n", "\n").split("\n")
    lines = [line.rstrip(_SPACES) for line in lines]
    text = "\n".join(lines).strip("\n")
    return text if "\n" in text else text.strip(_SPACES)


# -- rows as a record ----------------------------------------------------------------------------


def read_value(column: Column, text: str, city: City | None) -> str | list[str] | None:
    """The value a cell's text stands for, as YAML spells it; None for an empty cell."""
    text = clean_text(text)
    if not text:
        return None
    if column.form is Form.LIST:
        items = filter(None, (line.strip(_SPACES) for line in text.split("\n")))
        return [_read_item(column, item, city) for item in items]
    return _read_item(column, text, city)


def _read_item(column: Column, text: str, city: City | None) -> str:
    """One value: by its label for a choice, by its name for a district."""
    if isinstance(column.marker, DistrictReference) and city is not None:
        return next((d.id for d in city.districts if text in (d.id, d.name)), _read_text(column, text))
    return {label: value for value, label in column.choices}.get(text, _read_text(column, text))


def _read_text(column: Column, text: str) -> str:
    if isinstance(column.marker, RecordReference | DistrictReference):
        return unicodedata.normalize("NFKC", text)
    if column.form is Form.DATE:
        with suppress(PydanticCustomError):
            return parse_date(text).text
    if column.form is Form.TEXT and text.translate(FULL_WIDTH).isascii() and not text.isascii():
        return text.translate(FULL_WIDTH)
    return text


def assemble(
    base: Item, rows: Mapping[Table, list[Row]], tables: Sequence[Table], city: City | None
) -> Assembled:
    """A record's data: `base` with what its rows say; sheets and columns that are absent change nothing.

    `tables` are all of the kind, outer lists first.
    """
    result = Assembled({})
    items: dict[Place, Item] = {}
    for table in tables:
        old = {_place(table, row.order): row for row in iter_rows(table, "", base)}
        for row in sorted(rows.get(table, old.values()), key=lambda row: row.order):
            place = _place(table, row.order)
            outer = items.get(place[:-1]) if place[1:] else result.data
            if outer is None:
                result.orphans.append((table, row))
                continue
            item: Item = {} if place else result.data
            _fill(item, table, row, old.get(place), city)
            if row.number and place and not item:
                result.blanks.append((table, row))
                continue
            items[place] = item
            if place:
                outer.setdefault(place[-1][0], []).append(item)
            if row.number:
                result.origins[id(item)] = (table, row)
    return result


def _place(table: Table, order: Order) -> Place:
    """The list and the number at each step to an item."""
    names = (*table.path, *(table.inner,) * (len(order) - len(table.path)))
    return tuple(zip(names, order, strict=False))


def _fill(item: Item, table: Table, row: Row, old: Row | None, city: City | None) -> None:
    """Put the cells' values where they belong; a column that the sheet does not have keeps its value."""
    for column in table.columns:
        text = row.values.get(column)
        if text is None:
            text = old.values[column] if old else ""
        value = dict(UNREAD) if column in row.unread else read_value(column, text, city)
        if value is not None:
            _put(item, column.path, value)


def _put(item: Item, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        item = item.setdefault(step, {})
    item[path[-1]] = value
