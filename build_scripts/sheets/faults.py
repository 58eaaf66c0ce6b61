"""What the checks find in an import, at the cells it came from; with faulty cells, no more than is sure without them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..checks import check_dataset
from ..editing.edits import Edits, edited_dataset
from ..faults.diagnostics import Diagnostic, sort_diagnostics
from ..kinds.registry import find_kinds
from ..records.document import Document, FieldPath, Mark
from ..records.ids import RecordReference
from ..records.shapes import value_at
from ..records.yaml_text import decode_document
from ..words.personal import mask_personal_numbers
from .decode import Sheet
from .plan import Plan, RecordPlan
from .rows import Row
from .tables import Column, Table


class Place(NamedTuple):
    """Where a value of a record comes from: the sheet, the row, and the path inside what the row holds."""

    sheet: Sheet
    row: Row
    path: tuple[str, ...]

    @property
    def column(self) -> Column | None:
        """The column of the value; None when it has none, as a list with a sheet of its own."""
        return self.sheet.column_of(self.path)

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the cell; that of the id when the value has no column."""
        column = self.column
        return self.row.number, self.sheet.columns[column] if column else self.sheet.id_column


def rehearse_import(
    plan: Plan, root: Path, edits: Edits, undecided: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """The plan's faults and what the checks say after the edits, at the cells that say so or else where it is in YAML.

    Not told is what may only follow from another fault. Files that are `undecided` may or may not stay as they are.
    """
    edits = {**edits, **dict.fromkeys(undecided, b"")}
    with edited_dataset(root, edits) as dataset:
        pairs = [p for p in _locate_all(plan, edits, check_dataset(dataset)) if p[0].path not in undecided]
        found = [_show(*pair) for pair in pairs if not _is_consequence(plan, *pair)]
    return sort_diagnostics([*plan.faults, *found])


def show_at_cells(plan: Plan, edits: Edits, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics of the files after the edits, at the cells that say so or else where it is in YAML."""
    return sort_diagnostics([_show(*pair) for pair in _locate_all(plan, edits, found)])


def _locate_all(
    plan: Plan, edits: Edits, diagnostics: Iterable[Diagnostic]
) -> Iterator[tuple[Diagnostic, Place | None]]:
    """Diagnostics of files, each with its place on the sheets if it has one there."""
    records = {record.path: record for record in plan.records}
    documents: dict[str, Document] = {}
    for found in diagnostics:
        record = records.get(found.path)
        if record is None:
            yield found, None
            continue
        if found.path not in documents:
            documents[found.path] = decode_document(found.path, _content(record, edits))
        yield found, _locate(plan.book.sheets, record, documents[found.path], found)


def _show(found: Diagnostic, place: Place | None) -> Diagnostic:
    return place.sheet.take_over(found, place.cell) if place else found


def _content(record: RecordPlan, edits: Edits) -> bytes:
    """A record's file after the edits."""
    return edits.get(record.path) or (record.entry.content if record.entry else b"")


# -- places --------------------------------------------------------------------------------------


def _locate(
    sheets: Iterable[Sheet], record: RecordPlan, document: Document, found: Diagnostic
) -> Place | None:
    """Where what a diagnostic of a record's file points to stands on the sheets."""
    path = document.path_at(Mark(found.line, found.column))
    if not _is_in(value_at(document.data, path), found):
        return None
    if found.code == "B201":
        path = (*path, dict(found.values)["field"])
    table, row, rest = _origin(record, path)
    sheet = next((sheet for sheet in sheets if sheet.table == table), None)
    return Place(sheet, row, rest) if sheet and row else None


def _is_in(value: Any, found: Diagnostic) -> bool:
    """Whether a value holds what was found; a personal number may stand in a comment after it."""
    masked = dict(found.values).get("masked")
    return masked is None or masked in mask_personal_numbers(str(value))


def _origin(record: RecordPlan, path: FieldPath) -> tuple[Table | None, Row | None, tuple[str, ...]]:
    """The table and row that a path's innermost mapping came from, and the rest of the path."""
    origins = record.new.origins
    node: Any = record.new.data
    rest: tuple[str, ...] = ()
    table, row = origins.get(id(node), (None, None))
    for step in path:
        node = value_at(node, (step,))
        rest = (*rest, step) if isinstance(step, str) else rest
        if id(node) in origins and isinstance(node, dict):
            (table, row), rest = origins[id(node)], ()
    return table, row, rest


# -- where cells are faulty ----------------------------------------------------------------------


def _is_consequence(plan: Plan, found: Diagnostic, place: Place | None) -> bool:
    """Whether a fault may be there only because of another: of its own cell, of a header, or of the id it asks for."""
    column = place.column if place else None
    if found.code == "B303" and not _knows_ids(plan, _kinds(column)):
        return True
    if place is None:
        return False
    is_absent = bool(place.path) and column is None
    return place.cell in place.sheet.faulty or (is_absent and not plan.book.is_whole)


def _kinds(column: Column | None) -> tuple[str, ...]:
    """The kinds that a column's references may be of; none named are all."""
    marker = column.marker if column else None
    return marker.kinds if isinstance(marker, RecordReference) else ()


def _knows_ids(plan: Plan, kinds: Collection[str]) -> bool:
    return all(plan.knows_ids(kind) for kind in find_kinds() if not kinds or kind.name in kinds)
