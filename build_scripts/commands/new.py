"""`belts new KIND ID`: begin a record; asks on a terminal for what is required."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from ..checks.references import unknown_district, unknown_record
from ..editing.edits import Snapshot, rehearse_edits, writing
from ..editing.renames import check_new_id
from ..editing.schemas import find_modeline
from ..editing.skeleton import (
    UNFILLED,
    build_skeleton,
    check_value,
    describe,
    isolate_value,
    iter_given,
    iter_unfilled,
    set_value,
)
from ..errors import UsageError, UserError
from ..faults.diagnostics import Diagnostic, Problems, format_diagnostic, select_errors
from ..faults.rules import Language
from ..kinds.base import Kind
from ..kinds.registry import find_kinds, kind_named
from ..layout import BELTS
from ..reading.load import Dataset, load_dataset
from ..records.city import unnamed_city
from ..records.document import Document
from ..records.ids import DistrictReference, RecordReference
from ..records.references import field_marker
from ..records.yaml_text import decode_document
from .base import Commands, ask, say, today


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    kinds = [kind.name for kind in find_kinds()]
    parser = commands.add_parser("new", help="begin a record; asks for what is required")
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    parser.add_argument("id", metavar="ID", help="lower-case letters, digits and hyphens")
    parser.add_argument(
        "--set",
        dest="values",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="place.district=fenghua",
    )
    parser.add_argument("--no-input", action="store_true", help="ask nothing, also on a terminal")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the record and name what is still to be filled in; nothing is written when a value is wrong."""
    kind, dataset = kind_named(arguments.kind), load_dataset(arguments.root)
    path = f"{BELTS}/{kind.folder}/{arguments.id.replace('/', '-')}.yml"
    if faults := list(check_new_id(dataset, path, arguments.id)):
        raise Problems(faults)
    if (arguments.root / path).exists():
        raise UserError(f"{path}: {say(arguments.lang, '已经存在', 'it is there already')}")
    values: dict[str, Any] = {}
    for setting in arguments.values:
        _set(kind, values, setting, arguments.lang)
    values.setdefault("published", today().isoformat())
    values.setdefault("status", "draft")
    if sys.stdin.isatty() and not arguments.no_input:
        _ask(dataset, kind, values, arguments.lang)
    _write(arguments, dataset, path, build_skeleton(kind, values, find_modeline(arguments.root, kind.name)))
    return 0


def _set(kind: Kind, values: dict[str, Any], setting: str, language: Language) -> None:
    """Take one FIELD=VALUE. Raises UsageError when it is none."""
    path, _, text = setting.partition("=")
    try:
        set_value(kind, values, path if "=" in setting else "", text)
    except ValueError:
        zh = "应为 字段=值，如 place.district=fenghua、sources=编号、facts.0.text=…"
        en = "want FIELD=VALUE, down to a single value, such as place.district=fenghua or facts.0.text=…"
        raise UsageError(f"--set {setting}: {say(language, zh, en)}") from None


def _ask(dataset: Dataset, kind: Kind, values: dict[str, Any], language: Language) -> None:
    """Ask for each required field until its value is good; an empty answer leaves it for later."""
    print(say(language, "直接回车可以留到以后填。", "An empty answer leaves the field for later."))
    for path, field in list(iter_unfilled(kind, values)):
        while text := ask(f"{path}  {describe(field)}: "):
            faults = _judge(dataset, kind, path, text)
            if not faults:
                set_value(kind, values, path, text)
                break
            print(format_diagnostic(faults[0], language).partition(": ")[2])


def _judge(dataset: Dataset, kind: Kind, path: str, text: str) -> list[Diagnostic]:
    """What is wrong with one answer."""
    document = isolate_value(kind, path, text)
    return [*select_errors(check_value(kind, path, text)), *_unknown(dataset, kind, document)]


def _unknown(dataset: Dataset, kind: Kind, document: Document) -> Iterator[Diagnostic]:
    """Ids of records and districts that do not exist, in a record that may not be whole yet."""
    records = {entry.record.id: entry.kind.name for entry in dataset.entries}
    city = dataset.city or unnamed_city()
    districts = {district.id for district in city.districts}
    for path, field, text in iter_given(kind, document):
        match field_marker(field):
            case RecordReference(kinds) if text not in records or (kinds and records[text] not in kinds):
                yield document.diagnose("B303", document.mark(path), **unknown_record(dataset, text, kinds))
            case DistrictReference() if text not in districts:
                yield document.diagnose("B309", document.mark(path), **unknown_district(city, text))


def _write(arguments: argparse.Namespace, dataset: Dataset, path: str, text: str) -> None:
    edits, nothing = {path: text.encode()}, Snapshot(arguments.root, {})
    with writing(nothing, edits):
        found = [d for d in select_errors(rehearse_edits(arguments.root, edits)) if d.path == path]
        faults = [d for d in found if d.code not in UNFILLED]
        seen = {(d.line, d.code) for d in faults}
        document = decode_document(path, edits[path])
        unknown = _unknown(dataset, kind_named(arguments.kind), document)
        if faults := [*faults, *(d for d in unknown if (d.line, d.code) not in seen)]:
            raise Problems(faults)
    print(path)
    unfilled = dict.fromkeys(f"{path}:{d.line}" for d in found)
    if unfilled:
        zh, en = f"还有 {len(unfilled)} 处待填：", f"{len(unfilled)} fields to fill in: "
        print(say(arguments.lang, zh, en) + say(arguments.lang, "、", ", ").join(unfilled))
