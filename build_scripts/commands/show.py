"""`belts show ID`: one record at a glance, with what it names and what names it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ..load import Dataset, Entry, load_dataset
from ..references import iter_references
from ..renames import find_entry
from ..values import RecordReference
from .base import Commands


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("show", help="show one record, what it names and what names it")
    parser.add_argument("id", metavar="ID")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the record."""
    dataset = load_dataset(arguments.root)
    entry = find_entry(dataset, arguments.id)
    for line in _lines(dataset, entry):
        print(line)
    return 0


def _lines(dataset: Dataset, entry: Entry) -> Iterator[str]:
    record = entry.record
    yield f"{record.name}（{entry.kind.title}，{record.status.label}）"
    yield f"  编号  {record.id}"
    yield f"  文件  {entry.path}"
    yield f"  网址  {entry.kind.url_folder}/{record.id}/"
    yield f"  日期  {record.date.isoformat()}"
    if record.district_id:
        yield f"  区县  {record.district_id}"
    if (place := record.place_or_none) and place.location:
        location = place.location
        point = f"{location.point.lat:.5f}, {location.point.lon:.5f}"
        yield f"  位置  {point}（WGS-84，{location.precision.label}，±{location.uncertainty_km} 公里）"
    yield f"  {record.summary}"
    yield from _named("引用", dataset, _targets(entry))
    citing = (e.record.id for e in dataset.entries if record.id in _targets(e))
    yield from _named("被引用", dataset, dict.fromkeys(citing))
    yield from _old_addresses(dataset, record.id)


def _targets(entry: Entry) -> dict[str, None]:
    """The ids of the records that a record names, each once."""
    references = iter_references(entry.record)
    return dict.fromkeys(r.target for r in references if isinstance(r.marker, RecordReference))


def _named(title: str, dataset: Dataset, ids: dict[str, None]) -> Iterator[str]:
    names = {entry.record.id: f"{entry.record.name}（{entry.kind.title}）" for entry in dataset.entries}
    if ids:
        yield f"{title}："
        yield from (f"  {record_id}  {names.get(record_id, '没有这条记录')}" for record_id in ids)


def _old_addresses(dataset: Dataset, record_id: str) -> Iterator[str]:
    old = [redirect.address for redirect in dataset.redirects if redirect.target == record_id]
    if old:
        yield f"旧地址：{'、'.join(old)}"
