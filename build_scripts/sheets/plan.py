"""What an import would do to belts/: edits of files, and what is missing and must be decided by a person.

Plans only; all or nothing is `edits`' affair. Faults that the checks find afterwards are led back to cells.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ..decode import nearest
from ..diagnostics import Diagnostic, Problems, select_errors, sort_diagnostics
from ..edits import apply_edits, rehearse_edits, scratch_copy
from ..entries import Entry
from ..kinds.base import Kind
from ..kinds.registry import find_kinds
from ..load import Dataset, load_dataset
from ..personal import mask_personal_numbers
from ..renames import plan_retirement
from ..yaml_edit import edit_text, write_new
from ..yaml_text import Document, Mark, decode_document
from ..yaml_text import Path as DataPath
from .compare import find_changes, find_gone, restore_gone
from .decode import Sheet, decode_grids
from .grid import read_csv, read_workbook
from .rows import Assembled, Item, Row, assemble
from .tables import Table, list_tables


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """One record of the file: what it is now (None for a new one) and what its rows make of it."""

    path: str
    kind: Kind
    entry: Entry | None
    old: Item
    new: Assembled

    @property
    def numbers(self) -> dict[int, int]:
        """The place in its list that each row names."""
        return {key: row.order[-1] for key, (_, row) in self.new.origins.items() if row.order}


@dataclass(slots=True)
class Plan:
    """An import before anything is decided: `missing` are B820 and B821, `gone` the ids without a row."""

    dataset: Dataset
    sheets: list[Sheet]
    records: list[RecordPlan] = field(default_factory=list)
    missing: list[Diagnostic] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def read_sheets(name: str, content: bytes, encoding: str = "utf-8", title: str = "") -> list[Sheet]:
    """The tables of a workbook or, by the file's ending, a CSV file that is the sheet `title` or its own name.

    Raises `Problems` with every fault of the file and its cells.
    """
    if PurePosixPath(name).suffix.lower() in {".csv", ".txt"}:
        grid = read_csv(name, content, encoding)
        sheets, faults = decode_grids(name, [replace(grid, title=title or PurePosixPath(name).stem)])
        for sheet in sheets:
            sheet.title = ""
        faults = [replace(fault, path=name) for fault in faults]
    else:
        sheets, faults = decode_grids(name, read_workbook(name, content))
    if faults:
        raise Problems(faults)
    return sheets


def plan_import(dataset: Dataset, sheets: list[Sheet]) -> Plan:
    """What the sheets make of the records. Raises `Problems` for data or rows that fit nowhere."""
    if errors := select_errors(dataset.diagnostics):
        raise Problems(errors)
    plan = Plan(dataset, sheets)
    faults: list[Diagnostic] = []
    for kind in find_kinds():
        of_kind = {sheet.table: sheet for sheet in sheets if sheet.table.kind == kind}
        if of_kind:
            faults += _plan_kind(plan, kind, of_kind)
    if faults:
        raise Problems(faults)
    return plan


def _plan_kind(plan: Plan, kind: Kind, sheets: dict[Table, Sheet]) -> Iterator[Diagnostic]:
    entries = {entry.record.id: entry for entry in plan.dataset.entries if entry.kind == kind}
    main = next((sheet for table, sheet in sheets.items() if table.is_main), None)
    ids = {row.record_id: None for row in main.rows} if main else {}
    for sheet in sheets.values():
        for row in sheet.rows:
            if row.record_id not in ids and row.record_id not in entries:
                values = {"id": row.record_id, "kind": kind.title, **nearest(row.record_id, [*ids, *entries])}
                yield sheet.fault("B816", (row.number, sheet.id_column), **values)
    for record_id in (*ids, *(known for known in entries if known not in ids)):
        record = _plan_record(plan, kind, record_id, entries.get(record_id), sheets)
        yield from _orphans(sheets, record)
        plan.records.append(record)
        plan.missing += _missing_items(record, sheets)
    for record_id in entries if main else ():
        if record_id not in ids and main:
            plan.gone.append(record_id)
            values = {"kind": kind.title, "id": record_id, "name": entries[record_id].record.name}
            plan.missing.append(main.fault("B820", (1, main.id_column), **values))


def _plan_record(
    plan: Plan, kind: Kind, record_id: str, entry: Entry | None, sheets: dict[Table, Sheet]
) -> RecordPlan:
    tables = [table for table in list_tables() if table.kind == kind]
    data: Any = entry.locate().data if entry else {}
    rows: dict[Table, list[Row]] = {}
    for table, sheet in sheets.items():
        found = [row for row in sheet.rows if row.record_id == record_id]
        if found or not table.is_main:
            rows[table] = found
    city = plan.dataset.city
    path = entry.path if entry else f"{_folder(plan.dataset)}/{kind.folder}/{record_id}.yml"
    old = assemble(data, {}, tables, city).data if entry else {}
    return RecordPlan(path, kind, entry, old, assemble(data, rows, tables, city))


def _folder(dataset: Dataset) -> str:
    return PurePosixPath(dataset.city_document.path).parent.as_posix()


def _orphans(sheets: dict[Table, Sheet], record: RecordPlan) -> Iterator[Diagnostic]:
    for table, row in record.new.orphans:
        outer = ".".join(map(str, row.order[:-1]))
        zh, en = f"没有序号为 {outer} 的上级", f"there is no outer item {outer}"
        got = ".".join(map(str, row.order))
        sheet = sheets.get(table)
        if sheet:
            cell = (row.number, sheet.order_column)
            yield sheet.fault("B822", cell, got=got, reason_zh=zh, reason_en=en)


def _missing_items(record: RecordPlan, sheets: dict[Table, Sheet]) -> Iterator[Diagnostic]:
    for gone in find_gone(record.old, record.new.data, record.numbers):
        sheet = next(
            (s for table, s in sheets.items() if table.path == gone.names[: len(table.path)] != ()), None
        )
        if sheet is None:
            continue
        values = {
            "id": PurePosixPath(record.path).stem,
            "list": sheet.table.title.partition("·")[2],
            "number": ".".join(map(str, gone.order)),
            "name": gone.title,
        }
        yield sheet.fault("B821", (1, sheet.order_column), **values)


# -- edits ---------------------------------------------------------------------------------------


def plan_edits(plan: Plan, root: Path, *, keep: bool, today: datetime.date) -> dict[str, bytes | None]:
    """The new bytes of the files that change; what is missing stays, or is retired on a day.

    Raises `Problems` for a retired record that others still name.
    """
    edits: dict[str, bytes | None] = {}
    for record in plan.records:
        if keep:
            restore_gone(record.old, record.new.data, record.numbers)
        content = _new_content(plan.dataset, record)
        if record.entry is None or content != record.entry.content:
            edits[record.path] = content
    return edits if keep else _retire(plan, root, edits, today)


def _new_content(dataset: Dataset, record: RecordPlan) -> bytes:
    """A record's file with its changes: the very same bytes when there are none."""
    if record.entry is None:
        return _modeline(dataset, record.kind) + write_new(record.new.data, record.kind.model).encode()
    changes = list(find_changes(record.old, record.new.data, record.numbers))
    if not changes:
        return record.entry.content
    return edit_text(record.entry.locate().text, changes, record.kind.model).encode()


def _modeline(dataset: Dataset, kind: Kind) -> bytes:
    """The line that tells text editors the schema, as the kind's other records have it; empty where none has."""
    firsts = (entry.content.partition(b"\n")[0] for entry in dataset.entries if entry.kind == kind)
    line = next((first for first in firsts if first.startswith(b"# yaml-language-server:")), b"")
    return line + b"\n" if line else b""


def _retire(
    plan: Plan, root: Path, edits: dict[str, bytes | None], today: datetime.date
) -> dict[str, bytes | None]:
    """The edits, and those that withdraw every record without a row, one after the other."""
    if not plan.gone:
        return edits
    folder = _folder(plan.dataset)
    with scratch_copy(root, folder) as copy:
        apply_edits(copy, edits)
        for record_id in plan.gone:
            more = plan_retirement(load_dataset(copy, folder), root, record_id, "", today.isoformat())
            apply_edits(copy, {path: content for path, content in more.items() if path.startswith(folder)})
            edits = {**edits, **more}
    return edits


# -- faults --------------------------------------------------------------------------------------


def rehearse_import(plan: Plan, root: Path, edits: dict[str, bytes | None]) -> tuple[Diagnostic, ...]:
    """What the checks say after the edits, at the cells that say so; all else where it stands in YAML."""
    found = rehearse_edits(root, edits, _folder(plan.dataset))
    records = {record.path: record for record in plan.records}
    faulty = {d.path: records[d.path] for d in found if d.path in records}
    documents = {path: decode_document(path, _content(record, edits)) for path, record in faulty.items()}
    located = [
        _locate(plan.sheets, records[d.path], documents[d.path], d) if d.path in documents else d
        for d in found
    ]
    return sort_diagnostics(located)


def _content(record: RecordPlan, edits: dict[str, bytes | None]) -> bytes:
    """A record's file after the edits."""
    return edits.get(record.path) or (record.entry.content if record.entry else b"")


def _locate(sheets: list[Sheet], record: RecordPlan, document: Document, found: Diagnostic) -> Diagnostic:
    """A diagnostic of a record's file as one of the cell it came from."""
    path = document.path_at(Mark(found.line, found.column))
    if not _is_in(_value_at(document.data, path), found):
        return found
    if found.code == "B201":
        path = (*path, dict(found.values)["field"])
    table, row, rest = _origin(record, path)
    sheet = next((sheet for sheet in sheets if sheet.table == table), None)
    if sheet is None or row is None:
        return found
    return sheet.take_over(found, (row.number, sheet.column_of(rest)))


def _is_in(value: Any, found: Diagnostic) -> bool:
    """Whether a value holds what was found; a personal number may stand in a comment after it."""
    masked = dict(found.values).get("masked")
    return masked is None or masked in mask_personal_numbers(str(value))


def _value_at(data: Any, path: DataPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _origin(record: RecordPlan, path: DataPath) -> tuple[Table | None, Row | None, tuple[str, ...]]:
    """The table and row that a path's innermost mapping came from, and the rest of the path."""
    origins = record.new.origins
    node: Any = record.new.data
    rest: tuple[str, ...] = ()
    table, row = origins.get(id(node), (None, None))
    for step in path:
        node = _value_at(node, (step,))
        rest = (*rest, step) if isinstance(step, str) else rest
        if id(node) in origins and isinstance(node, dict):
            (table, row), rest = origins[id(node)], ()
    return table, row, rest
