"""Longer texts: the Markdown of records, with its links to other records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..faults.diagnostics import Diagnostic
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..records.document import Document, Mark
from ..records.shapes import value_at
from .references import unknown_record

if TYPE_CHECKING:
    from ..words.prose import Prose


def check_bodies(dataset: Dataset) -> Iterator[Diagnostic]:
    """A record's text holds no markup, link or heading that its page cannot show."""
    for entry in dataset.entries:
        if entry.record.body is not None:
            for fault in _read(entry.record.body).faults:
                yield _diagnose(entry, fault.offset, fault.code, dict(fault.values))


def check_links(dataset: Dataset) -> Iterator[Diagnostic]:
    """A link in a record's text leads to a record that readers can see."""
    published = {entry.record.id: entry.record.is_published for entry in dataset.entries}
    for entry in (*dataset.entries, *dataset.parts):
        body = entry.record.body
        if body is None or all(published.get(record_id) for record_id in entry.links):
            continue
        for record_id, offset in _read(body).record_links:
            if record_id in dataset.unsettled:
                continue
            if record_id not in published:
                yield _diagnose(entry, offset, "B303", unknown_record(dataset, record_id, ()))
            elif not published.get(record_id, True) and entry.record.is_published:
                yield _diagnose(entry, offset, "B304", {"id": record_id})


def _read(body: str) -> Prose:
    from ..words.prose import read_prose  # which takes long to load

    return read_prose(body)


def _diagnose(entry: Entry, offset: int, code: str, values: dict[str, str]) -> Diagnostic:
    document = entry.locate()
    return document.diagnose(code, locate_in_value(document, ("body",), offset), **values)


def locate_in_value(document: Document, path: tuple[str | int, ...], offset: int) -> Mark:
    """The place in the file of a character of a text value, whatever the style of its scalar.

    Exact in literal blocks and wherever the words around the character stand in the file as they are.
    """
    start = document.mark(path)
    value = str(value_at(document.data, path))
    row = value.count("\n", 0, offset)
    column = offset - (value.rfind("\n", 0, offset) + 1)
    text = value.split("\n")[row]
    line = start.line + 1 + row
    if line <= len(document.lines) and document.lines[line - 1].lstrip(" ") == text.lstrip(" "):
        indent = len(document.lines[line - 1]) - len(text)
        return Mark(line, indent + column + 1)
    return _search(document, start, text[column:])


def _search(document: Document, start: Mark, words: str) -> Mark:
    """Where words stand at or after a mark, trying ever fewer of them; the mark itself when nowhere."""
    for length in (40, 20, 10, 5):
        for number in range(start.line, len(document.lines) + 1):
            begin = start.column - 1 if number == start.line else 0
            column = document.lines[number - 1].find(words[:length], begin) if words else -1
            if column >= 0:
                return Mark(number, column + 1)
    return start
