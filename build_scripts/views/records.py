"""The list page of a kind of records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..catalogue import Catalogue
from ..kinds.base import Kind, Record
from ..kinds.registry import find_kinds
from .cards import record_card
from .citations import Citations
from .parts import CardGroup, Citation, Link, LinkGroup


@dataclass(frozen=True, slots=True)
class RecordsView:
    """The list page of one kind, grouped by district."""

    kind: str
    title: str
    unit: str
    count: int
    groups: tuple[CardGroup, ...]
    citations: tuple[Citation, ...]


def build_records(kind: Kind, catalogue: Catalogue) -> RecordsView:
    """The list page of a kind: by district where its records have one, city-wide ones first."""
    cite = Citations(catalogue)
    records = catalogue.of_kind(kind)
    groups = [("city", "全市", [r for r in records if r.district_id is None])]
    groups += [
        (d.id, d.name, [r for r in records if r.district_id == d.id]) for d in catalogue.city.districts
    ]
    return RecordsView(
        kind=kind.name,
        title=kind.title,
        unit=kind.unit,
        count=len(records),
        groups=tuple(
            CardGroup(title, anchor, tuple(record_card(r, catalogue, cite=cite) for r in found), kind.unit)
            for anchor, title, found in groups
            if found
        ),
        citations=cite.listed(),
    )


def count_kinds(records: Iterable[Record]) -> tuple[LinkGroup, ...]:
    """How many records of each kind, as one link each."""
    numbers: dict[str, int] = defaultdict(int)
    for record in records:
        numbers[record.kind] += 1
    return tuple(
        LinkGroup(kind.title, (Link(f"{numbers[kind.name]}{kind.unit}", f"{kind.url_folder}/"),))
        for kind in find_kinds()
        if numbers[kind.name]
    )
