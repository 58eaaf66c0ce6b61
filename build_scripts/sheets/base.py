"""Records as they were when a workbook was exported, kept on a sheet of it that no program shows.

A line is a record's id and its rows as JSON, in pieces that fit into cells; before them stands the digest of all. It
tells what an editor changed from what others have changed since.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .rows import Row, iter_rows
from .tables import Table, list_tables

BASE_TITLE = "底稿"

_PIECE = 16_000  # Excel's cells hold 32,767 units of UTF-16, of which a character takes up to two

Rows = dict[Table, list[Row]]
Base = Mapping[str, Rows]
"""The rows of each record, by its id."""


def encode_base(records: Iterable[tuple[str, Sequence[Table], Any]]) -> Iterator[list[str]]:
    """The lines of the sheet for records: the id, the tables of its kind and the data of each."""
    lines = [[record_id, *_pieces(_encode_rows(tables, data))] for record_id, tables, data in records]
    yield [_digest(lines)]
    yield from lines


def decode_base(lines: Sequence[Sequence[str]]) -> Base | None:
    """The records of the sheet; None when it is not as it was written."""
    if not lines or list(lines[0]) != [_digest(lines[1:])]:
        return None
    try:
        return {record_id: _decode_rows(json.loads("".join(pieces))) for record_id, *pieces in lines[1:]}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _digest(lines: Sequence[Sequence[str]]) -> str:
    return hashlib.sha256("\n".join("".join(line) for line in lines).encode()).hexdigest()


def _pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


def _encode_rows(tables: Iterable[Table], data: Any) -> str:
    rows = [
        [
            table.name,
            ".".join(map(str, row.order)),
            {column.name: text for column, text in row.values.items() if text},
        ]
        for table in tables
        for row in iter_rows(table, "", data)
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _decode_rows(rows: Iterable[tuple[str, str, Mapping[str, str]]]) -> Rows:
    """The rows by their tables; tables and columns that there are no more are left out."""
    known = {table.name: table for table in list_tables()}
    found: Rows = {}
    for name, order, texts in rows:
        if table := known.get(name):
            values = {column: str(texts.get(column.name, "")) for column in table.columns}
            places = tuple(int(step) for step in re.findall("[0-9]{1,5}", order))
            found.setdefault(table, []).append(Row("", places, values))
    return found
