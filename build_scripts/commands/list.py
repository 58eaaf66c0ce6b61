"""`belts list`: every record, for an editor who needs an id."""

from __future__ import annotations

import argparse
import json
import sys

from ..faults.diagnostics import select_errors
from ..faults.rules import Language
from ..kinds.registry import find_kinds
from ..reading.entries import Entry
from ..reading.load import Dataset, load_dataset
from .base import Commands, aside, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    kinds = [kind.name for kind in find_kinds()]
    parser = commands.add_parser("list", help="list every record with its id")
    parser.add_argument("kind", nargs="?", choices=kinds, metavar="KIND", help=", ".join(kinds))
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a record; what cannot be read is counted. 1 when there is any such."""
    dataset = load_dataset(arguments.root)
    entries = sort_entries(dataset, arguments.kind)
    if arguments.json:
        print(json.dumps([_describe(entry) for entry in entries], ensure_ascii=False, indent=1))
    else:
        for line in _lines(entries, arguments.lang):
            print(line)
    unread = len(dataset.inputs) - len(dataset.entries)
    if unread:
        errors = len(select_errors(dataset.diagnostics))
        zh = f"另有 {unread} 个文件读不出（{errors} 处错误），见 belts check"
        en = f"{unread} files cannot be read ({errors} errors): see `belts check`"
        print(say(arguments.lang, zh, en), file=sys.stderr)
    return 1 if unread else 0


def sort_entries(dataset: Dataset, kind: str | None) -> list[Entry]:
    """The records of one kind or of all, by kind and id."""
    entries = (entry for entry in dataset.entries if kind in (None, entry.kind.name))
    return sorted(entries, key=lambda entry: (entry.kind.order, entry.record.id))


def _describe(entry: Entry) -> dict[str, str]:
    record = entry.record
    return {
        "id": record.id,
        "kind": entry.kind.name,
        "name": record.name,
        "status": record.status.value,
        "path": entry.path,
    }


def _lines(entries: list[Entry], language: Language) -> list[str]:
    width = max((len(entry.record.id) for entry in entries), default=0)
    kinds = max((len(entry.kind.name) for entry in entries), default=0)
    return [
        f"{e.record.id:{width}}  {e.kind.name:{kinds}}  {e.record.name}"
        + (
            ""
            if e.record.is_published
            else aside(language, say(language, e.record.status.label, e.record.status.value))
        )
        for e in entries
    ]
