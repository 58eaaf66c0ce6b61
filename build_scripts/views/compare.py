"""Districts side by side: one column a district, one row what is counted or listed of each.

Pure: from the catalogue to a table; the page's script only hides columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..addresses import district_url
from ..catalogue import Catalogue
from ..kinds.belt import Belt
from ..kinds.indicator import Indicator
from ..kinds.registry import find_kinds, place_titles
from ..records.city import District
from ..records.statements import Basis
from .cards import describe_latest
from .citations import Citations
from .districts import cases_in
from .links import record_link
from .parts import Citation, Link, Mark


class CompareItem(NamedTuple):
    """A record; the marks lead to the source of what its link remarks."""

    link: Link
    marks: tuple[Mark, ...] = ()


class CompareCell(NamedTuple):
    """What a district has of a row: a number with its share of the row's largest, or items."""

    text: str = ""
    width: str = ""
    items: tuple[CompareItem, ...] = ()


class CompareRow(NamedTuple):
    """One row; its cells are in the order of the districts."""

    title: str
    cells: tuple[CompareCell, ...]


class CompareGroup(NamedTuple):
    """Rows under a heading."""

    title: str
    rows: tuple[CompareRow, ...]


class CompareColumn(NamedTuple):
    """A district as a column."""

    id: str
    link: Link


class CompareView(NamedTuple):
    """The whole table."""

    columns: tuple[CompareColumn, ...]
    groups: tuple[CompareGroup, ...]
    citations: tuple[Citation, ...]


def build_compare(catalogue: Catalogue) -> CompareView:
    """Every district of the city in its order."""
    cite = Citations(catalogue)
    districts = catalogue.city.districts
    groups = (
        CompareGroup("名录", tuple(_gazetteer_rows(districts, catalogue))),
        CompareGroup("本站收录", tuple(_count_rows(districts, catalogue))),
        CompareGroup("条目", tuple(_list_rows(districts, catalogue, cite))),
    )
    columns = tuple(CompareColumn(d.id, Link(d.name, district_url(d))) for d in districts)
    return CompareView(columns, tuple(group for group in groups if group.rows), cite.listed())


def _gazetteer_rows(districts: tuple[District, ...], catalogue: Catalogue) -> Iterator[CompareRow]:
    units = [catalogue.gazetteer.count_units(d.code) for d in districts]
    rows = {
        "乡镇（街道）": [counts.townships for counts in units],
        "村": [counts.villages for counts in units],
        "社区": [counts.communities for counts in units],
    }
    yield from (_number_row(title, numbers) for title, numbers in rows.items() if any(numbers))


def _count_rows(districts: tuple[District, ...], catalogue: Catalogue) -> Iterator[CompareRow]:
    records = [catalogue.of_district(d.id) for d in districts]
    for kind in find_kinds():
        if kind.name in _LISTED:
            title, links_of = _LISTED[kind.name]
            numbers = [len(links_of(district, catalogue)) for district in districts]
        else:
            title, numbers = kind.title, [sum(r.kind == kind.name for r in found) for found in records]
        if any(numbers):
            yield _number_row(title, numbers)


def _number_row(title: str, numbers: Sequence[int | None]) -> CompareRow:
    """Numbers with bars; the widest is the row's largest over all districts, chosen or not. A dash for what is not known."""
    largest = max(filter(None, numbers), default=1)
    known = ("—" if n is None else str(n) for n in numbers)
    widths = (f"{100 * n / largest:.1f}%" if n else "" for n in numbers)
    return CompareRow(
        title, tuple(CompareCell(text, width) for text, width in zip(known, widths, strict=True))
    )


def _list_rows(
    districts: tuple[District, ...], catalogue: Catalogue, cite: Citations
) -> Iterator[CompareRow]:
    lists = (_LISTED["belt"], (place_titles(), _places), _LISTED["programme"])
    rows = [
        (title, [tuple(map(CompareItem, links_of(district, catalogue))) for district in districts])
        for title, links_of in lists
    ]
    rows.append(("指标", [_indicators(district, catalogue, cite) for district in districts]))
    for title, items in rows:
        if any(items):
            yield CompareRow(title, tuple(CompareCell(items=found) for found in items))


def _belts(district: District, catalogue: Catalogue) -> tuple[Link, ...]:
    """Its own belts, and those with a stop in it."""
    belts = (belt for belt in catalogue.of(Belt) if district.id in catalogue.belt_districts(belt))
    return tuple(record_link(belt, Basis.EDITORIAL.label if belt.is_editorial else "") for belt in belts)


def _places(district: District, catalogue: Catalogue) -> tuple[Link, ...]:
    return tuple(record_link(r) for r in catalogue.of_district(district.id) if r.place_or_none)


def _programmes(district: District, catalogue: Catalogue) -> tuple[Link, ...]:
    """Its own, and those that tell of something done there."""
    own = [record for record in catalogue.of_district(district.id) if record.kind == "programme"]
    told = dict.fromkeys(programme for programme, _ in cases_in(district.id, catalogue))
    return (*map(record_link, own), *(record_link(p, "写有这里的实例") for p in told if p not in own))


def _indicators(district: District, catalogue: Catalogue, cite: Citations) -> tuple[CompareItem, ...]:
    """Its indicators, each with its latest value as the remark."""
    indicators = (r for r in catalogue.of_district(district.id) if isinstance(r, Indicator))
    return tuple(
        CompareItem(record_link(found, describe_latest(found)), cite.cite((found.latest.source,)))
        for found in indicators
    )


_LISTED: Mapping[str, tuple[str, Callable[[District, Catalogue], tuple[Link, ...]]]] = {
    "belt": ("相关的精品带", _belts),
    "programme": ("机制（含实例）", _programmes),
}
"""The kinds of which more has to do with a district than what is its own, with the title of such a row."""
