"""The list of districts, and one district's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..addresses import district_url
from ..catalogue import Catalogue, find_latest_day
from ..geography.gazetteer import Township, UnitCounts
from ..kinds.base import Record
from ..kinds.indicator import Indicator
from ..kinds.programme import Case, Programme
from ..kinds.registry import find_kinds
from ..records.city import District
from .cards import record_card
from .citations import Citations
from .links import record_link
from .parts import CardGroup, CaseRow, Citation, Link, LinkGroup, MapFigure
from .progress import IndicatorRow, indicator_row, stands_with_whole
from .records import count_kinds
from .rows import case_row


class TownshipRow(NamedTuple):
    """A township or zone with the units in it and the records there; without a code, the gazetteer has none of it."""

    code: str
    name: str
    villages: int | None
    communities: int | None
    records: tuple[Link, ...]


class DistrictCard(NamedTuple):
    """A district in the list of districts."""

    link: Link
    code: str
    units: UnitCounts
    counts: tuple[LinkGroup, ...]
    records: int


class DistrictsView(NamedTuple):
    """The list of districts."""

    districts: tuple[DistrictCard, ...]


class DistrictView(NamedTuple):
    """One district's page.

    `indicator_count` counts those that stand beside their total too; `cases` are told by programmes of other places.
    """

    id: str
    name: str
    name_en: str
    code: str
    other_names: tuple[str, ...]
    note: str
    url: str
    breadcrumb: tuple[Link, ...]
    map: MapFigure | None
    groups: tuple[CardGroup, ...]
    indicators: tuple[IndicatorRow, ...]
    indicator_count: int
    cases: tuple[CaseRow, ...]
    units: UnitCounts
    townships: tuple[TownshipRow, ...]
    zones: tuple[TownshipRow, ...]
    citations: tuple[Citation, ...]
    updated: str
    report_url: str

    @property
    def description(self) -> str:
        """What is on the page, in one sentence."""
        told = [group.title for group in self.groups]
        told += ["指标"] * bool(self.indicators) + ["机制中的实例"] * bool(self.cases)
        told += ["乡镇（街道）名录"] * bool(self.townships)
        return f"{self.name}的{'、'.join(told) or '概况'}。"


def build_districts(catalogue: Catalogue) -> DistrictsView:
    """The list of districts."""
    return DistrictsView(tuple(_district_card(d, catalogue) for d in catalogue.city.districts))


def _district_card(district: District, catalogue: Catalogue) -> DistrictCard:
    records = catalogue.of_district(district.id)
    return DistrictCard(
        link=Link(district.name, district_url(district)),
        code=district.code,
        units=catalogue.gazetteer.count_units(district.code),
        counts=count_kinds(records),
        records=len(records),
    )


def build_district(district: District, catalogue: Catalogue, figure: MapFigure | None) -> DistrictView:
    """One district's page."""
    cite = Citations(catalogue)
    gazetteer = catalogue.gazetteer
    records = catalogue.of_district(district.id)
    indicators = [r for r in records if isinstance(r, Indicator)]
    apart = [i for i in indicators if not (stands_with_whole(i, catalogue) and _whole_is_in(i, indicators))]
    groups = []
    for kind in find_kinds():
        found = [r for r in records if r.kind == kind.name and not isinstance(r, Indicator)]
        if found:
            cards = tuple(record_card(r, catalogue) for r in found)
            groups.append(CardGroup(kind.title, kind.url_folder, cards, kind.unit))
    return DistrictView(
        id=district.id,
        name=district.name,
        name_en=district.name_en or "",
        code=district.code,
        other_names=district.other_names,
        note=district.note or "",
        url=district_url(district),
        breadcrumb=(Link("首页", ""), Link("区县", "districts/")),
        map=figure,
        groups=tuple(groups),
        indicators=tuple(indicator_row(indicator, catalogue, cite) for indicator in apart),
        indicator_count=len(indicators),
        cases=tuple(
            case_row(case, catalogue, cite)._replace(district=None, programme=record_link(programme))
            for programme, case in cases_in(district.id, catalogue)
            if programme.district_id != district.id
        ),
        units=gazetteer.count_units(district.code),
        townships=_township_rows(gazetteer.townships_of(district.code), records),
        zones=_township_rows(gazetteer.zones_of(district.code), records),
        citations=cite.listed(),
        updated=find_latest_day(records),
        report_url=catalogue.city.identity.report_url or "",
    )


def _whole_is_in(indicator: Indicator, indicators: Iterable[Indicator]) -> bool:
    return any(other.id == indicator.whole for other in indicators)


def cases_in(district_id: str, catalogue: Catalogue) -> Iterator[tuple[Programme, Case]]:
    """The cases that programmes tell of a district or of places in it."""
    for programme in catalogue.of(Programme):
        for case in programme.cases:
            if district_id in (case.district or programme.district, *(p.district for p in case.places)):
                yield programme, case


def _township_rows(townships: tuple[Township, ...], records: tuple[Record, ...]) -> tuple[TownshipRow, ...]:
    by_township: dict[str, list[Link]] = defaultdict(list)
    for record in records:
        place = record.place_or_none
        if place and place.township:
            by_township[place.township].append(record_link(record))
    return tuple(
        TownshipRow(
            code=t.code,
            name=t.name,
            villages=t.villages,
            communities=t.communities,
            records=tuple(by_township[t.name]),
        )
        for t in townships
    )
