"""The view of one record's profile page, the same shape for every kind.

Fields are shown by their type: statements become claims, figures rows, members a table, and every other field a
labelled detail under its own title (`details`). A new kind therefore needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from ..addresses import record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.indicator import Indicator, Observation
from ..kinds.programme import Case, Part
from ..kinds.registry import kind_named
from ..records.places import Member
from ..records.statements import Figure, Statement
from ..routes import build_route
from ..words.prose import render_prose
from .citations import Citations
from .details import RELATED, list_details
from .exhibits import chart_indicator
from .links import belt_tags, district_link, edit_url, record_link
from .neighbours import nearby_rows, neighbours_on_belts, stops_around
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
    Picture,
    PlaceNote,
    RouteView,
    StopRow,
    Structure,
)
from .pictures import build_pictures
from .places import explain_absence, explain_opening, open_place, place_note
from .route import route_view, stop_rows
from .rows import Shares, build_shares, case_row, claim, figure_row, member_row, observation_row
from .structure import build_structure


class ClaimSection(NamedTuple):
    """Claims under a heading."""

    title: str
    claims: tuple[Claim, ...]

    @property
    def dated(self) -> bool:
        """Whether any of them has a date."""
        return any(claim.date for claim in self.claims)


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
    previous, following = stops_around(record, catalogue)
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
        details=tuple(list_details(record, catalogue)),
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


def _related(record: Record) -> tuple[str, ...]:
    return tuple(other for name in RELATED for other in record.__dict__.get(name, ()))


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
