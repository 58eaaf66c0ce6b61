"""The view of one record's profile page, the same shape for every kind.

Fields are shown by their type: statements become claims, figures rows, members a table, and every other
field a labelled detail under its own title. A new kind therefore needs no code here; a value of a type that
has no text is an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from ..addresses import district_url, record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt, Stop
from ..kinds.indicator import Indicator, Observation
from ..kinds.programme import Case, Part
from ..kinds.registry import kind_named
from ..records.dates import PartialDate
from ..records.ids import DistrictReference, RecordReference
from ..records.models import Choice, Model
from ..records.places import Member, Place
from ..records.quantities import Quantity
from ..records.references import Marker, field_marker
from ..records.statements import Basis, Figure, Photo, Reach, Statement
from ..routes import build_route
from ..words.prose import render_prose
from .citations import Citations, quote_source, record_link
from .exhibits import chart_indicator, chart_parts, parts_of
from .neighbours import nearby_rows, neighbours_on_belts
from .parts import (
    BeltNeighbours,
    BeltTag,
    CaseRow,
    Chart,
    Citation,
    Claim,
    Detail,
    FigureRow,
    Link,
    LinkGroup,
    MapFigure,
    MemberRow,
    NearbyRow,
    OpenLink,
    PartNode,
    Picture,
    PlaceNote,
    RecordCard,
    RouteView,
    StopRow,
    Structure,
)
from .pictures import build_pictures
from .places import explain_absence, explain_opening, open_place, place_note
from .route import route_view, stop_rows

_RELATED = ("programmes", "related")
_SHOWN_BY_TYPE = (Statement, Figure, Member, Observation, Part, Case, Stop, Photo)
_MOST_COLUMNS = 4  # branches side by side on a wide screen


class ClaimSection(NamedTuple):
    """Claims under a heading."""

    title: str
    claims: tuple[Claim, ...]

    @property
    def dated(self) -> bool:
        """Whether any of them has a date."""
        return any(claim.date for claim in self.claims)


class Shares(NamedTuple):
    """What is counted out of an indicator: a chart and the same values as rows."""

    chart: Chart | None
    rows: tuple[FigureRow, ...]


class ProfileView(NamedTuple):
    """Everything a profile template places. Empty tuples and None mean: print nothing."""

    id: str
    kind: str
    kind_title: str
    name: str
    name_en: str
    other_names: tuple[str, ...]
    summary: str
    note: str
    body: str
    url: str
    breadcrumb: tuple[Link, ...]
    district: Link | None
    township: str
    number: int
    belts: tuple[BeltTag, ...]
    details: tuple[Detail, ...]
    place: PlaceNote | None
    unplaced: str
    map: MapFigure | None
    pictures: tuple[Picture, ...]
    sections: tuple[ClaimSection, ...]
    figures: tuple[FigureRow, ...]
    observations: tuple[FigureRow, ...]
    chart: Chart | None
    shares: Shares | None
    members: tuple[MemberRow, ...]
    stops: tuple[StopRow, ...]
    stops_note: str
    opens: tuple[OpenLink, ...]
    opens_note: str
    route: RouteView | None
    structure: Structure | None
    cases: tuple[CaseRow, ...]
    neighbours: tuple[BeltNeighbours, ...]
    nearby: tuple[NearbyRow, ...]
    children: tuple[Link, ...]
    related: tuple[Link, ...]
    citing: tuple[LinkGroup, ...]
    citations: tuple[Citation, ...]
    published: str
    updated: str
    previous: tuple[BeltTag, ...]
    next: tuple[BeltTag, ...]
    edit_url: str
    report_url: str


def build_profile(record: Record, catalogue: Catalogue, figure: MapFigure | None) -> ProfileView:
    """The profile of one record; `figure` is its map."""
    record = record.full
    cite = Citations(catalogue)
    kind = kind_named(record.kind)
    place, location = record.place_or_none, record.location
    fields = _fields_by_type(record)
    # Sources are numbered in the order a reader meets them: a belt opens with its stops, a programme with its structure.
    route = build_route(record, catalogue) if isinstance(record, Belt) else None
    stops = stop_rows(route, catalogue, cite) if route else ()
    children = _children(record, catalogue)
    structure = build_structure(record, fields.get(Part, ()), children, cite)
    sections = tuple(_sections(record, cite))
    figures = tuple(figure_row(f, cite) for f in fields.get(Figure, ()))
    observations = tuple(observation_row(o, record, cite) for o in fields.get(Observation, ()))
    shares = build_shares(record, catalogue, cite)
    members = tuple(member_row(m, catalogue, cite) for m in fields.get(Member, ()))
    cases = tuple(case_row(c, catalogue, cite) for c in fields.get(Case, ()))
    cite.add(record.sources)
    previous, following = neighbours(record, catalogue)
    return ProfileView(
        id=record.id,
        kind=record.kind,
        kind_title=kind.title,
        name=record.name,
        name_en=record.name_en or "",
        other_names=record.other_names,
        summary=record.summary,
        note=record.note or "",
        body=render_body_text(record, catalogue),
        url=record_url(record),
        breadcrumb=(Link("首页", ""), Link(kind.title, f"{kind.url_folder}/")),
        district=district_link(catalogue, record.district_id),
        township=place.township_in_words if place else "",
        number=record.number if isinstance(record, Belt) else 0,
        belts=belt_tags(record, catalogue),
        place=place_note(location) if location else None,
        unplaced=explain_absence(place) if place and not location else "",
        opens=open_place(record.name, location) if location else (),
        opens_note=explain_opening(location, place.township) if place and location else "",
        map=figure,
        pictures=build_pictures(record, catalogue),
        stops_note=(record.stops_note or "") if isinstance(record, Belt) else "",
        route=route_view(route) if route else None,
        neighbours=neighbours_on_belts(record, catalogue),
        nearby=nearby_rows(record, catalogue),
        children=children,
        related=tuple(record_link(catalogue.records[i]) for i in _related(record)),
        citing=_citing(record, catalogue),
        citations=cite.listed(),
        published=record.published.isoformat(),
        updated=record.updated.isoformat() if record.updated else "",
        previous=previous,
        next=following,
        edit_url=edit_url(catalogue, record.id),
        report_url=catalogue.city.identity.report_url or "",
        details=tuple(_details(record, catalogue)),
        sections=sections,
        figures=figures,
        observations=observations,
        chart=chart_indicator(record, catalogue) if isinstance(record, Indicator) else None,
        shares=shares,
        members=members,
        stops=stops,
        structure=structure,
        cases=cases,
    )


def render_body_text(record: Record, catalogue: Catalogue) -> str:
    """The record's longer text as sanitised HTML; profile pages are two levels below the root."""
    if record.body is None:
        return ""
    return render_prose(record.body, lambda target: f"../../{record_url(catalogue.records[target])}")


def _fields_by_type(record: Record) -> dict[type, tuple[Any, ...]]:
    """The items of a record's list fields, by the items' type."""
    found: dict[type, tuple[Any, ...]] = {}
    for value in record.__dict__.values():
        if isinstance(value, tuple) and value:
            found[type(value[0])] = found.get(type(value[0]), ()) + value
    return found


def _sections(record: Record, cite: Citations) -> Iterator[ClaimSection]:
    values = record.__dict__
    for name, title in _titles(type(record)):
        value = values[name]
        if isinstance(value, tuple) and value and isinstance(value[0], Statement):
            yield ClaimSection(title, tuple([claim(item, cite) for item in value]))


@cache
def _titles(model: type[Record]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind with their titles, in order."""
    return tuple((name, field.title or name) for name, field in model.model_fields.items())


def _details(record: Record, catalogue: Catalogue) -> Iterator[Detail]:
    """Each simple field of the kind's own, or list of simple values, labelled by its title."""
    values = record.__dict__
    for name, label, default, marker in _own_fields(type(record)):
        value = values[name]
        if value is None or (isinstance(value, bool) and value is default):
            continue
        items = value if isinstance(value, tuple) else (value,)
        links = tuple([link for item in items if (link := _link_of(item, marker, catalogue))])
        words = [link.text for link in links] or [display_value(item) for item in items]
        if text := "、".join(filter(None, words)):
            yield Detail(label, text, links)


@cache
def _own_fields(model: type[Record]) -> tuple[tuple[str, str, object, Marker | None], ...]:
    """The fields of a kind that nothing else on its page shows.

    With their titles, the value that goes without saying, and what they must be the names of.
    """
    shown = {*Record.model_fields, *model.shown_apart, *_RELATED}
    fields = ((name, field) for name, field in model.model_fields.items() if name not in shown)
    return tuple((name, field.title or name, field.default, field_marker(field)) for name, field in fields)


def _link_of(value: object, marker: Marker | None, catalogue: Catalogue) -> Link | None:
    """Where a place, a district's id or a record's id leads."""
    if isinstance(value, Place):
        district = catalogue.district(value.district)
        return Link(district.name + value.township_in_words, district_url(district))
    if isinstance(marker, DistrictReference):
        return district_link(catalogue, str(value))
    if isinstance(marker, RecordReference) and value in catalogue.records:
        return record_link(catalogue.records[str(value)])
    return None


def display_value(value: object) -> str:
    """The Chinese text of a value; empty for what the page shows by its type. Raises TypeError for any other."""
    if isinstance(value, Choice):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (PartialDate, Quantity, str, int, float)):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, _SHOWN_BY_TYPE):
        return ""
    if type(value).__str__ is Model.__str__:
        raise TypeError(f"{type(value).__name__} has no text for a page: give it a __str__")
    return str(value)


def claim(statement: Statement, cite: Citations) -> Claim:
    """A statement with its marks."""
    date = str(statement.date) if statement.date else ""
    return Claim(statement.text, date, cite.cite(statement.sources), statement.note or "")


def figure_row(figure: Figure, cite: Citations) -> FigureRow:
    """A figure with its mark."""
    value, unit = figure.value.read_with(figure.unit)
    return FigureRow(
        label=figure.label,
        value=value,
        unit=unit,
        date=str(figure.as_of),
        marks=cite.cite((figure.source,)),
        note=figure.note or "",
        form=form_label(figure.form),
    )


def form_label(form: Reach) -> str:
    """目标, 预计 or 规定; nothing for what was reached."""
    return "" if form is Reach.REACHED else form.label


def observation_row(observation: Observation, indicator: Record, cite: Citations) -> FigureRow:
    """One observation of an indicator as a figure."""
    wording = f"{quote_source(observation.as_of_text)}。" if observation.as_of_text else ""
    value, unit = observation.value.read_with(getattr(indicator, "unit", None))
    return FigureRow(
        label=indicator.name,
        value=value,
        unit=unit,
        date=str(observation.as_of),
        marks=cite.cite((observation.source,)),
        note="".join(filter(None, (wording, observation.note))),
        form=form_label(observation.form),
        link=record_link(indicator),
    )


def build_shares(record: Record, catalogue: Catalogue, cite: Citations) -> Shares | None:
    """The latest value of each indicator that is counted out of this one."""
    parts = parts_of(record, catalogue) if isinstance(record, Indicator) else ()
    if not isinstance(record, Indicator) or not parts:
        return None
    rows = tuple(observation_row(part.latest, part, cite) for part in parts)
    return Shares(chart_parts(record, parts), rows)


def member_row(member: Member, catalogue: Catalogue, cite: Citations) -> MemberRow:
    """A member with its marks; one that is a township has its district alone beside its name."""
    district = catalogue.district_name(member.district)
    township = "" if member.township == member.name else member.township or ""
    return MemberRow(
        name=member.name,
        form=member.form.label,
        role=member.role.label,
        township=district + township,
        code=member.code or "",
        as_printed=quote_source(member.as_printed),
        text=member.text or "",
        marks=cite.cite(member.sources),
        place=place_note(member.location) if member.location else None,
    )


def build_structure(
    record: Record, parts: tuple[Part, ...], children: tuple[Link, ...], cite: Citations
) -> Structure | None:
    """The items of a programme as a diagram; an item that has the name of a part programme leads to it."""
    if not parts:
        return None
    links = {link.text: link for link in children}
    are_alike = len({part.sources for part in parts}) == 1
    marks = cite.cite(parts[0].sources or record.sources) if are_alike else ()
    nodes = tuple(_part_node(part, links, cite, marked=not are_alike) for part in parts)
    nested = any(node.parts for node in nodes)
    form = "tiles" if not nested else "columns" if 2 <= len(nodes) <= _MOST_COLUMNS else "tree"
    return Structure(getattr(record, "parts_title", None) or "条目", form, marks, nodes)


def _part_node(part: Part, links: Mapping[str, Link], cite: Citations, *, marked: bool = True) -> PartNode:
    children = tuple(_part_node(child, links, cite) for child in part.parts)
    return PartNode(
        name=part.name,
        text=part.text or "",
        marks=cite.cite(part.sources) if marked else (),
        parts=children,
        link=links.get(part.name),
        count=part.count.printed if part.count else "",
        unlisted=part.unlisted,
    )


def case_row(case: Case, catalogue: Catalogue, cite: Citations) -> CaseRow:
    """One case of a programme."""
    date = str(case.date) if case.date else ""
    return CaseRow(
        claim=Claim(case.text, date, cite.cite(case.sources), case.note or ""),
        district=district_link(catalogue, case.district),
        places=tuple(member_row(member, catalogue, cite) for member in case.places),
    )


# -- belts ---------------------------------------------------------------------------------------


def belt_tags(record: Record, catalogue: Catalogue) -> tuple[BeltTag, ...]:
    """The belts a record is a stop of, with its stop numbers."""
    return tuple(
        belt_tag(belt, catalogue.stop_numbers[belt.id, record.id]) for belt in catalogue.belts_of(record.id)
    )


def belt_tag(belt: Belt, number: int) -> BeltTag:
    """A belt as its stop of that number names it."""
    return BeltTag(belt.number, record_link(belt), number, belt.stops[number - 1].basis is Basis.EDITORIAL)


def neighbours(record: Record, catalogue: Catalogue) -> tuple[tuple[BeltTag, ...], tuple[BeltTag, ...]]:
    """The stops before and after a record on each of its belts."""
    before: list[BeltTag] = []
    after: list[BeltTag] = []
    for belt in catalogue.belts_of(record.id):
        at = catalogue.stop_numbers[belt.id, record.id] - 1
        for found, index in ((before, at - 1), (after, at + 1)):
            target = belt.stops[index].record if 0 <= index < len(belt.stops) else None
            if target:
                link = record_link(catalogue.records[target], belt.name)
                found.append(BeltTag(belt.number, link, index + 1))
    return tuple(before), tuple(after)


# -- links ---------------------------------------------------------------------------------------


def district_link(catalogue: Catalogue, district_id: str | None) -> Link | None:
    """A link to a district's page."""
    if district_id is None:
        return None
    district = catalogue.district(district_id)
    return Link(district.name, district_url(district))


def edit_url(catalogue: Catalogue, record_id: str) -> str:
    """Where a record can be edited, when the city names such a place."""
    template = catalogue.city.identity.edit_url
    return template.replace("{path}", catalogue.entries[record_id].path) if template else ""


def _related(record: Record) -> tuple[str, ...]:
    return tuple(other for name in _RELATED for other in record.__dict__.get(name, ()))


def _children(record: Record, catalogue: Catalogue) -> tuple[Link, ...]:
    citing = catalogue.references_to(record.id)
    return tuple(record_link(child) for child in citing if child.__dict__.get("part_of") == record.id)


def _citing(record: Record, catalogue: Catalogue) -> tuple[LinkGroup, ...]:
    """The records that refer to this one and are not shown already, by kind."""
    shown = {record.id, *_related(record)}
    shown |= {belt.id for belt in catalogue.belts_of(record.id)}
    citing = [r for r in catalogue.references_to(record.id) if r.id not in shown]
    inside = ("part_of", "whole")
    citing = [r for r in citing if record.id not in map(r.__dict__.get, inside)]
    return tuple(
        LinkGroup(kind_named(kind).title, tuple(map(record_link, records)))
        for kind, records in groupby(citing, attrgetter("kind"))
    )


def record_card(
    record: Record, catalogue: Catalogue, note: str = "", cite: Citations | None = None
) -> RecordCard:
    """A record as it stands in lists; with `cite`, the source of what it says of an indicator is marked."""
    place = record.place_or_none
    district = catalogue.district_name(record.district_id)
    return RecordCard(
        id=record.id,
        name=record.name,
        url=record_url(record),
        kind=kind_named(record.kind).title,
        summary=record.summary,
        district=district,
        township=place.township_in_words if place else "",
        date=_card_date(record),
        belts=belt_tags(record, catalogue),
        precision=record.location.precision.label if record.location else "",
        note=note,
        marks=cite.cite((record.latest.source,)) if cite and isinstance(record, Indicator) else (),
    )


def describe_latest(indicator: Indicator) -> str:
    """The latest value of an indicator with its date; what was not reached says so."""
    latest = indicator.latest
    value = "".join(latest.value.read_with(indicator.unit))
    return f"{form_label(latest.form)}{value}，{latest.as_of}"


def _card_date(record: Record) -> str:
    if isinstance(record, Indicator):
        return describe_latest(record)
    return str(record.began or "")
