"""The views of the pages that are not a record's: home, lists, districts, progress, history and so on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..addresses import district_url, record_url
from ..catalogue import Catalogue, find_latest_day
from ..geography.gazetteer import Township, UnitCounts
from ..kinds.base import Kind, Record
from ..kinds.belt import Belt
from ..kinds.indicator import Indicator
from ..kinds.milestone import Milestone, MilestoneForm
from ..kinds.programme import Case, Form, Programme
from ..kinds.registry import find_kinds, kind_named
from ..kinds.source import Source
from ..records.city import District
from ..records.statements import Basis, Reach
from .citations import Citations, dating_of, publisher_of, record_link
from .exhibits import chart_indicator, chart_phases
from .parts import CaseRow, Chart, Citation, Claim, FigureRow, Link, LinkGroup, MapFigure, RecordCard
from .profile import Shares, build_shares, case_row, claim, observation_row, record_card


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards under a heading with its anchor; `unit` is what they are counted in."""

    title: str
    anchor: str
    cards: tuple[RecordCard, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class RecordsView:
    """The list page of one kind, grouped by district or form."""

    kind: str
    title: str
    unit: str
    count: int
    groups: tuple[CardGroup, ...]
    map: MapFigure | None


@dataclass(frozen=True, slots=True)
class BeltCard:
    """A belt in a list; `cover` is inline SVG drawn from its stops.

    `editorial` says that the site, not a source, chose stops.
    """

    number: int
    name: str
    url: str
    summary: str
    level: str
    stops: tuple[Link, ...]
    stops_note: str
    editorial: bool
    cover: str


@dataclass(frozen=True, slots=True)
class BeltsView:
    """The list of belts."""

    title: str
    belts: tuple[BeltCard, ...]
    map: MapFigure | None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure on the home page: what was reached last, beside the targets; `caveat` where sources differ."""

    link: Link
    reached: FigureRow | None
    targets: tuple[FigureRow, ...]
    caveat: str


@dataclass(frozen=True, slots=True)
class PhaseCard:
    """One phase of the history with the events that fall into it."""

    id: str
    name: str
    url: str
    period: str
    summary: str
    claims: tuple[Claim, ...]
    events: tuple[EventCard, ...]


@dataclass(frozen=True, slots=True)
class EventCard:
    """One dated event."""

    name: str
    url: str
    date: str
    summary: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page; `editorial` begins the sentence on the stops that the site chose, empty where it chose none."""

    title: str
    city: str
    tagline: str
    belts: tuple[BeltCard, ...]
    editorial: str
    map: MapFigure | None
    key_figures: tuple[KeyFigure, ...]
    phases: tuple[PhaseCard, ...]
    recent: tuple[RecordCard, ...]
    counts: tuple[LinkGroup, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """The map page."""

    map: MapFigure | None
    belts: tuple[BeltCard, ...]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with its observations, oldest first."""

    link: Link
    summary: str
    scope: str
    observations: tuple[FigureRow, ...]
    chart: Chart | None
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Indicators under a heading."""

    title: str
    anchor: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The progress page."""

    groups: tuple[IndicatorGroup, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The history page: phases with their events, and events outside any phase."""

    chart: Chart | None
    phases: tuple[PhaseCard, ...]
    events: tuple[EventCard, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme with what belongs to it and how many parts it has."""

    card: RecordCard
    form: str
    parts: tuple[str, ...]
    children: tuple[ProgrammeCard, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeGroup:
    """Programmes of one form."""

    title: str
    anchor: str
    programmes: tuple[ProgrammeCard, ...]


@dataclass(frozen=True, slots=True)
class StandardsView:
    """The page of standards and mechanisms."""

    groups: tuple[ProgrammeGroup, ...]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source with what cites it."""

    link: Link
    summary: str
    publisher: str
    date: str
    dating: str
    citing: tuple[LinkGroup, ...]


@dataclass(frozen=True, slots=True)
class SourcesView:
    """The page of sources."""

    sources: tuple[SourceCard, ...]


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township or zone with the units in it and the records there; without a code, the gazetteer has none of it."""

    code: str
    name: str
    villages: int | None
    communities: int | None
    records: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """A district in the list of districts."""

    link: Link
    code: str
    units: UnitCounts
    counts: tuple[LinkGroup, ...]
    records: int


@dataclass(frozen=True, slots=True)
class DistrictsView:
    """The list of districts."""

    districts: tuple[DistrictCard, ...]


@dataclass(frozen=True, slots=True)
class DistrictView:
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


Covers = Callable[[Record], str]


# -- home ----------------------------------------------------------------------------------------


def build_home(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> HomeView:
    """The home page's view."""
    cite = Citations(catalogue)
    key_figures = tuple(_key_figure(catalogue.records[i], cite) for i in catalogue.city.key_indicators)
    phases = _phases(catalogue, Citations(catalogue), with_events=False)
    recent = recent_records(catalogue, 6)
    return HomeView(
        title=catalogue.city.title,
        city=catalogue.city.name,
        tagline=catalogue.city.tagline,
        belts=belt_cards(catalogue, covers),
        editorial=_tell_editorial(catalogue.of(Belt)),
        map=figure,
        key_figures=key_figures,
        phases=phases,
        recent=tuple(record_card(r, catalogue, r.date.isoformat()) for r in recent),
        counts=_counts(catalogue.records.values()),
        citations=cite.listed(),
    )


def recent_records(catalogue: Catalogue, most: int) -> tuple[Record, ...]:
    """The records changed last; of one day those that are not new come first, and kinds take turns, so that all are seen."""
    turns: dict[tuple[int, bool, str], int] = defaultdict(int)
    keyed = []
    for record in catalogue.records.values():
        day, is_new = record.date.toordinal(), record.updated is None
        keyed.append(((-day, is_new, turns[day, is_new, record.kind]), record))
        turns[day, is_new, record.kind] += 1
    return tuple(record for _, record in sorted(keyed, key=lambda item: item[0])[:most])


def belt_cards(catalogue: Catalogue, covers: Covers) -> tuple[BeltCard, ...]:
    """The belts as cards, by number."""
    return tuple(
        BeltCard(
            number=belt.number,
            name=belt.name,
            url=record_url(belt),
            summary=belt.summary,
            level=belt.level.label,
            stops=tuple(_stop_link(belt, n, catalogue) for n in range(len(belt.stops))),
            stops_note=belt.stops_note or "",
            editorial=belt.is_editorial,
            cover=covers(belt),
        )
        for belt in catalogue.of(Belt)
    )


def _tell_editorial(belts: Iterable[Belt]) -> str:
    bases = [stop.basis for belt in belts for stop in belt.stops]
    chosen = bases.count(Basis.EDITORIAL)
    if not chosen:
        return ""
    return "站点多由" if 2 * chosen > len(bases) else "部分站点由"


def _stop_link(belt: Belt, index: int, catalogue: Catalogue) -> Link:
    stop = belt.stops[index]
    if stop.record:
        return record_link(catalogue.records[stop.record])
    return Link(stop.place.name if stop.place else "", "")


def _key_figure(record: Record, cite: Citations) -> KeyFigure:
    if not isinstance(record, Indicator):
        raise TypeError(f"{record.id} is not an indicator")
    latest = [record.latest] if record.latest.form is Reach.REACHED else []
    aims = [o for o in record.observations if o.form is not Reach.REACHED]
    reached = [observation_row(o, record, cite) for o in latest]  # only what is shown is cited
    targets = tuple(observation_row(o, record, cite) for o in aims)
    sources = {o.source for o in (*latest, *aims)}
    caveat = "出自不同来源，口径可能不同。" if len(sources) > 1 else ""
    return KeyFigure(record_link(record), reached[0] if reached else None, targets, caveat)


def _counts(records: Iterable[Record]) -> tuple[LinkGroup, ...]:
    """How many records of each kind, as one link each."""
    numbers: dict[str, int] = defaultdict(int)
    for record in records:
        numbers[record.kind] += 1
    return tuple(
        LinkGroup(kind.title, (Link(f"{numbers[kind.name]} {kind.unit}", f"{kind.url_folder}/"),))
        for kind in find_kinds()
        if numbers[kind.name]
    )


# -- lists ---------------------------------------------------------------------------------------


def build_records(kind: Kind, catalogue: Catalogue, figure: MapFigure | None) -> RecordsView:
    """The list page of a kind: by district where its records have one, city-wide ones first."""
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
            CardGroup(title, anchor, tuple(record_card(r, catalogue) for r in found), kind.unit)
            for anchor, title, found in groups
            if found
        ),
        map=figure,
    )


def build_belts(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> BeltsView:
    """The list of belts."""
    return BeltsView(kind_named("belt").title, belt_cards(catalogue, covers), figure)


def build_map(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> MapView:
    """The map page."""
    return MapView(figure, belt_cards(catalogue, covers))


# -- progress and history ------------------------------------------------------------------------


def build_progress(catalogue: Catalogue) -> ProgressView:
    """Every indicator, by group in the city's order of groups, then the rest by name.

    A single value that is counted out of another indicator stands there, beside that one's chart.
    """
    cite = Citations(catalogue)
    groups: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in catalogue.of(Indicator):
        if not _stands_with_whole(indicator, catalogue):
            groups[indicator.group].append(indicator)
    built = tuple(
        IndicatorGroup(title, f"group-{n}", tuple(indicator_row(i, catalogue, cite) for i in found))
        for n, (title, found) in enumerate(_in_order(groups, catalogue.city.indicator_groups), start=1)
    )
    return ProgressView(built, cite.listed())


def _stands_with_whole(indicator: Indicator, catalogue: Catalogue) -> bool:
    return bool(indicator.whole) and indicator.whole in catalogue.records and len(indicator.observations) == 1


def _in_order(
    groups: dict[str, list[Indicator]], order: tuple[str, ...]
) -> list[tuple[str, list[Indicator]]]:
    ranks = {title: rank for rank, title in enumerate(order)}
    return sorted(groups.items(), key=lambda item: (ranks.get(item[0], len(ranks)), item[0]))


def indicator_row(indicator: Indicator, catalogue: Catalogue, cite: Citations) -> IndicatorRow:
    """An indicator with its observations in time order."""
    observations = sorted(indicator.observations, key=lambda o: (o.as_of.start, o.as_of.end))
    scope = catalogue.district(indicator.district).name if indicator.district else "全市"
    rows = tuple(observation_row(o, indicator, cite) for o in observations)
    chart = chart_indicator(indicator, catalogue)
    shares = build_shares(indicator, catalogue, cite)
    return IndicatorRow(record_link(indicator), indicator.summary, scope, rows, chart, shares)


def build_history(catalogue: Catalogue) -> HistoryView:
    """Phases with the events inside them; events outside any phase apart."""
    cite = Citations(catalogue)
    phases = _phases(catalogue, cite, with_events=True)
    inside = {event.url for phase in phases for event in phase.events}
    events = [m for m in catalogue.of(Milestone) if m.form is MilestoneForm.EVENT]
    outside = tuple(_event_card(m, cite) for m in events if record_url(m) not in inside)
    spans = tuple(m for m in catalogue.of(Milestone) if m.form is MilestoneForm.PHASE)
    return HistoryView(chart_phases(spans, events), phases, outside, cite.listed())


def _phases(catalogue: Catalogue, cite: Citations, *, with_events: bool) -> tuple[PhaseCard, ...]:
    milestones = catalogue.of(Milestone)
    phases = [m for m in milestones if m.form is MilestoneForm.PHASE]
    events = [m for m in milestones if m.form is MilestoneForm.EVENT] if with_events else []
    cards = []
    for n, phase in enumerate(phases):
        end = phases[n + 1].period.start if n + 1 < len(phases) else phase.period.end
        inside = [m for m in events if phase.period.start <= m.period.start < end]
        cards.append(_phase_card(phase, inside, cite))
    return tuple(cards)


def _phase_card(phase: Milestone, events: list[Milestone], cite: Citations) -> PhaseCard:
    return PhaseCard(
        id=phase.id,
        name=phase.name,
        url=record_url(phase),
        period=str(phase.period),
        summary=phase.summary,
        claims=tuple(claim(fact, cite) for fact in phase.facts),
        events=tuple(_event_card(event, cite) for event in events),
    )


def _event_card(event: Milestone, cite: Citations) -> EventCard:
    claims = tuple(claim(fact, cite) for fact in event.facts)
    return EventCard(event.name, record_url(event), str(event.period), event.summary, claims)


# -- standards and sources -----------------------------------------------------------------------


def build_standards(catalogue: Catalogue) -> StandardsView:
    """Programmes by form; those that are part of another stand under it."""
    programmes = catalogue.of(Programme)
    groups = []
    for form in Form:
        found = [p for p in programmes if p.form is form and p.part_of is None]
        cards = tuple(_programme_card(p, programmes, catalogue) for p in found)
        if cards:
            groups.append(ProgrammeGroup(form.label, f"form-{form.value}", cards))
    return StandardsView(tuple(groups))


def _programme_card(
    programme: Programme, every: tuple[Programme, ...], catalogue: Catalogue
) -> ProgrammeCard:
    children = tuple(_programme_card(p, every, catalogue) for p in every if p.part_of == programme.id)
    parts = tuple(part.name for part in programme.parts)
    return ProgrammeCard(record_card(programme, catalogue), programme.form.label, parts, children)


def build_sources(catalogue: Catalogue) -> SourcesView:
    """Every source with what cites it, oldest first."""
    return SourcesView(tuple(_source_card(source, catalogue) for source in catalogue.of(Source)))


def _source_card(source: Source, catalogue: Catalogue) -> SourceCard:
    citing = catalogue.references_to(source.id)
    groups = ((kind, tuple(record_link(r) for r in citing if r.kind == kind.name)) for kind in find_kinds())
    return SourceCard(
        link=record_link(source),
        summary=source.summary,
        publisher=publisher_of(source),
        date=str(source.period),
        dating=dating_of(source),
        citing=tuple(LinkGroup(kind.title, links) for kind, links in groups if links),
    )


# -- districts -----------------------------------------------------------------------------------


def build_districts(catalogue: Catalogue) -> DistrictsView:
    """The list of districts."""
    return DistrictsView(tuple(_district_card(d, catalogue) for d in catalogue.city.districts))


def _district_card(district: District, catalogue: Catalogue) -> DistrictCard:
    records = catalogue.of_district(district.id)
    return DistrictCard(
        link=Link(district.name, district_url(district)),
        code=district.code,
        units=catalogue.gazetteer.count_units(district.code),
        counts=_counts(records),
        records=len(records),
    )


def build_district(district: District, catalogue: Catalogue, figure: MapFigure | None) -> DistrictView:
    """One district's page."""
    cite = Citations(catalogue)
    gazetteer = catalogue.gazetteer
    records = catalogue.of_district(district.id)
    indicators = [r for r in records if isinstance(r, Indicator)]
    apart = [i for i in indicators if not (_stands_with_whole(i, catalogue) and _whole_is_in(i, indicators))]
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
            replace(case_row(case, catalogue, cite), district=None, programme=record_link(programme))
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
