"""`belts show ID`: one record at a glance, with what it names and what names it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from ..editing.renames import find_entry
from ..faults.rules import Language
from ..kinds.base import Record
from ..reading.entries import Entry
from ..reading.load import Dataset, load_dataset
from .base import Commands, aside, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("show", help="show one record, what it names and what names it")
    parser.add_argument("id", metavar="ID")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the record."""
    dataset = load_dataset(arguments.root)
    entry = find_entry(dataset, arguments.id)
    for line in _lines(dataset, entry, arguments.lang):
        print(line)
    return 0


def _lines(dataset: Dataset, entry: Entry, language: Language) -> Iterator[str]:
    record = entry.record
    status = say(language, record.status.label, record.status.value)
    yield record.name + aside(language, _kind(entry, language), status)
    facts = {
        ("编号", "id     "): record.id,
        ("文件", "file   "): entry.path,
        ("网址", "address"): f"{entry.kind.url_folder}/{record.id}/",
        ("日期", "date   "): record.date.isoformat(),
        ("区县", "in     "): record.district_id,
        ("位置", "at     "): _position(record, language),
    }
    yield from (f"  {say(language, *title)}  {fact}" for title, fact in facts.items() if fact)
    yield f"  {record.summary}"
    names = {e.record.id: e.record.name + aside(language, _kind(e, language)) for e in dataset.entries}
    yield from _named(say(language, "引用：", "names:"), names, _targets(entry))
    citing = (e.record.id for e in dataset.entries if record.id in _targets(e))
    yield from _named(say(language, "被引用：", "named by:"), names, dict.fromkeys(citing))
    old = [redirect.address for redirect in dataset.redirects if redirect.target == record.id]
    if old:
        yield say(language, f"旧地址：{'、'.join(old)}", f"old addresses: {', '.join(old)}")


def _position(record: Record, language: Language) -> str:
    """Where a record stands, in words; empty when that is nowhere in particular."""
    location = record.location
    if location is None:
        return ""
    point = f"{location.point.lat:.5f}, {location.point.lon:.5f}"
    precision = say(language, location.precision.label, location.precision.value)
    return point + aside(language, "WGS-84", precision, f"±{location.uncertainty_km} km")


def _kind(entry: Entry, language: Language) -> str:
    """What a record's kind is called."""
    return say(language, entry.kind.title, entry.kind.name)


def _targets(entry: Entry) -> dict[str, None]:
    """The ids of the records that a record names, each once."""
    return dict.fromkeys(entry.named_records())


def _named(title: str, names: Mapping[str, str], ids: dict[str, None]) -> Iterator[str]:
    if ids:
        yield title
        yield from (f"  {record_id}  {names.get(record_id, '?')}" for record_id in ids)
