"""What an import would do to belts/: edits of files, and what is missing and must be decided by a person.

Plans only; all or nothing is `edits`' affair. Where cells are faulty the rest is planned all the same, to be looked
at and not to be written.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ..editing.edits import scratch_copy, write_files
from ..editing.renames import plan_retirement
from ..editing.schemas import find_modeline
from ..editing.yaml_edit import edit_text, write_new
from ..faults.diagnostics import Diagnostic, Problems, select_errors
from ..kinds.base import Kind
from ..kinds.registry import find_kinds
from ..layout import BELTS
from ..reading.entries import Entry
from ..reading.load import Dataset, load_dataset
from ..words.spelling import nearest
from .compare import Pairs, find_changes, find_gone, pair_items, restore_gone
from .decode import Book, Sheet, decode_grids
from .grid import read_csv, read_workbook
from .merge import Conflict, merge_changes
from .rows import Assembled, Item, Row, assemble, cell_text, iter_rows
from .tables import Table, list_tables


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """One record of the file: what it is now (None for a new one) and what its rows make of it.

    `base` is what it was when the rows were written, as far as that is known; `pairs` tell which of its items each of
    the new ones is, `conflicts` what has been changed since in another way.
    """

    path: str
    kind: Kind
    entry: Entry | None
    old: Item
    base: Item
    new: Assembled
    pairs: Pairs
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """An import before anything is decided: `missing` are B820 and B821, `gone` the records without a row.

    `gone` leads from their ids to their paths. `faults` are those of the file, its cells and its rows; with any,
    nothing is to be written.
    """

    dataset: Dataset
    book: Book
    records: list[RecordPlan] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    missing: list[Diagnostic] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)

    def knows_ids(self, kind: Kind) -> bool:
        """Whether the ids of all records of a kind are known, so that an unknown one is really wrong."""
        tables = {sheet.table: sheet for sheet in self.book.sheets if sheet.table.kind == kind}
        main = next((sheet for table, sheet in tables.items() if table.is_main), None)
        return main.knows_rows if main else self.book.is_named


def read_sheets(name: str, content: bytes, encoding: str = "utf-8", title: str = "") -> Book:
    """The tables of a workbook or, by the file's ending, a CSV file that is the sheet `title` or its own name.

    Raises `Problems` for a file that cannot be read at all.
    """
    if PurePosixPath(name).suffix.lower() in {".csv", ".txt"}:
        grid = read_csv(name, content, encoding)
        book = decode_grids(name, [grid._replace(title=title or PurePosixPath(name).stem)])
        for sheet in book.sheets:
            sheet.title = ""
            sheet.diagnostics = [fault._replace(path=name) for fault in sheet.diagnostics]
        return replace(book, diagnostics=[fault._replace(path=name) for fault in book.diagnostics])
    return decode_grids(name, *read_workbook(name, content))


def plan_import(dataset: Dataset, book: Book) -> Plan:
    """What the sheets make of the records. Raises `Problems` for data that cannot be read."""
    if errors := select_errors(dataset.diagnostics):
        raise Problems([*errors, *book.faults])
    plan = Plan(dataset, book, faults=book.faults)
    for kind in find_kinds():
        of_kind = {sheet.table: sheet for sheet in book.sheets if sheet.table.kind == kind}
        if of_kind:
            plan.faults += _plan_kind(plan, kind, of_kind)
    return plan


def _plan_kind(plan: Plan, kind: Kind, sheets: dict[Table, Sheet]) -> Iterator[Diagnostic]:
    entries = {entry.record.id: entry for entry in plan.dataset.entries if entry.kind == kind}
    main = next((sheet for table, sheet in sheets.items() if table.is_main), None)
    ids = {row.record_id: None for row in main.rows} if main else {}
    for sheet in sheets.values():
        for row in sheet.rows:
            if row.record_id not in ids and row.record_id not in entries and plan.knows_ids(kind):
                values = {"id": row.record_id, "kind": kind.title, **nearest(row.record_id, [*ids, *entries])}
                sheet.faulty.add((row.number, sheet.id_column))
                yield sheet.fault("B816", (row.number, sheet.id_column), **values)
    for record_id in (*ids, *(known for known in entries if known not in ids)):
        record = _plan_record(plan, kind, record_id, entries.get(record_id), sheets)
        if record.entry is None and record.base and record.base == record.new.data:
            continue  # withdrawn by others since, and not touched here
        yield from _blanks(sheets, record)
        yield from _conflicts(sheets, record)
        if all(sheet.is_whole for sheet in sheets.values()):
            yield from _orphans(sheets, record)
        plan.records.append(record)
        plan.missing += _missing_items(record, sheets)
    base = plan.book.base
    for record_id in entries if main and main.knows_rows else ():
        if record_id not in ids and main and (base is None or record_id in base):
            plan.gone[record_id] = entries[record_id].path
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
    path = entry.path if entry else f"{BELTS}/{kind.folder}/{record_id}.yml"
    old = assemble(data, {}, tables, city).data if entry else {}
    if plan.book.base is None:
        new = assemble(data, rows, tables, city)
        return RecordPlan(path, kind, entry, old, old, new, pair_items(old, new.data, new.numbers))
    base = assemble({}, plan.book.base.get(record_id, {}), tables, city).data
    record = RecordPlan(path, kind, entry, old, base, assemble(base, rows, tables, city), {})
    if entry:
        record.conflicts.extend(merge_changes(base, record.new.data, old, record.new.numbers, record.pairs))
    elif base and base != record.new.data:
        record.conflicts.append(Conflict(record.new.data, ()))
    return record


def _orphans(sheets: dict[Table, Sheet], record: RecordPlan) -> Iterator[Diagnostic]:
    for table, row in record.new.orphans:
        outer = ".".join(map(str, row.order[:-1]))
        zh, en = f"没有序号为 {outer} 的上级", f"there is no outer item {outer}"
        got = ".".join(map(str, row.order))
        sheet = sheets.get(table)
        if sheet:
            cell = (row.number, sheet.order_column)
            yield sheet.fault("B822", cell, got=got, reason_zh=zh, reason_en=en)


def _blanks(sheets: dict[Table, Sheet], record: RecordPlan) -> Iterator[Diagnostic]:
    """A row that says nothing of an item that there is stands for none; one of no item was begun and not filled in."""
    for table, row in record.new.blanks:
        if all(row.order != old.order for old in iter_rows(table, "", record.base)):
            cell = (row.number, sheets[table].id_column)
            sheets[table].faulty.add(cell)
            yield sheets[table].fault("B825", cell)


def _conflicts(sheets: dict[Table, Sheet], record: RecordPlan) -> Iterator[Diagnostic]:
    """The cells that were changed, of what others have changed otherwise since the export."""
    for conflict in record.conflicts:
        # What holds an item may have no row of its own here, as its sheet is not in the book.
        table, row = record.new.origins.get(id(conflict.item)) or next(iter(record.new.origins.values()))
        sheet = sheets[table]
        column = sheet.column_of(conflict.path)
        if column:
            cell, theirs = (row.number, sheet.columns[column]), cell_text(column, conflict.theirs)
            zh, en = (f"“{theirs}”", f"“{theirs}”") if theirs else ("空的", "empty")
            sheet.faulty.add(cell)
        else:
            cell = (row.number, sheet.order_column or sheet.id_column)
            zh, en = "删去了或移走了", "removed or moved"
        got = sheet.cells[cell].text if cell in sheet.cells else ""
        yield sheet.fault("B826", cell, got=got, now_zh=zh, now_en=en)


def _missing_items(record: RecordPlan, sheets: dict[Table, Sheet]) -> Iterator[Diagnostic]:
    for gone in find_gone(record.old, record.new.data, record.pairs):
        sheet = next(
            (s for table, s in sheets.items() if table.path == gone.names[: len(table.path)] != ()), None
        )
        if sheet is None or not sheet.is_whole:
            continue
        values = {
            "id": PurePosixPath(record.path).stem,
            "list": sheet.table.title.partition("·")[2],
            "number": ".".join(map(str, gone.order)),
            "name": gone.title,
        }
        yield sheet.fault("B821", (1, sheet.order_column), **values)


# -- edits ---------------------------------------------------------------------------------------


def plan_edits(plan: Plan, root: Path, *, keep: bool) -> dict[str, bytes | None]:
    """The new bytes of the files that change, but for records without a row; items that are missing stay or go."""
    edits: dict[str, bytes | None] = {}
    leaving = () if keep else plan.gone.values()
    for record in (record for record in plan.records if record.path not in leaving):
        if keep:
            restore_gone(record.old, record.new.data, record.pairs)
        content = _new_content(root, record)
        if record.entry is None or content != record.entry.content:
            edits[record.path] = content
    return edits


def _new_content(root: Path, record: RecordPlan) -> bytes:
    """A record's file with its changes: the very same bytes when there are none."""
    if record.entry is None:
        line = find_modeline(root, record.kind.name)
        text = write_new(record.new.data, record.kind.model)
        return (f"{line}\n{text}" if line else text).encode()
    if not record.new.is_read:
        return write_new(record.new.data, record.kind.model).encode()
    changes = list(find_changes(record.old, record.new.data, record.pairs))
    if not changes:
        return record.entry.content
    return edit_text(record.entry.locate().text, changes, record.kind.model).encode()


def plan_retirements(
    plan: Plan, root: Path, edits: dict[str, bytes | None], today: datetime.date
) -> dict[str, bytes | None]:
    """The edits, and those that withdraw every record without a row on a day, one after the other.

    Raises `Problems` that list all that others, as the edits leave them, still say of them.
    """
    if not plan.gone:
        return edits
    leaving, date = frozenset(plan.gone.values()), today.isoformat()
    held_back: list[Diagnostic] = []
    with scratch_copy(root) as copy:
        write_files(copy, edits)
        for record_id in plan.gone:
            try:
                more = plan_retirement(load_dataset(copy), root, record_id, "", date, leaving)
            except Problems as problems:
                held_back += problems.diagnostics
                continue
            inside = {path: content for path, content in more.items() if path.startswith(f"{BELTS}/")}
            write_files(copy, inside)
            edits = {**edits, **more}
    if held_back:
        raise Problems(held_back)
    return edits
