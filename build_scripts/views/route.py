"""A belt's stops and its route as a page shows them."""

from __future__ import annotations

from ..addresses import ROUTES, record_url
from ..catalogue import Catalogue
from ..geography.map_links import link_route
from ..records.places import Precision
from ..records.statements import Basis
from ..routes import Route, RouteStop, describe_line
from .citations import Citations, quote_source
from .links import record_link
from .parts import Link, OpenLink, RouteView, StopRow
from .places import describe_km, explain_opening, open_place, place_note

_FORMS = {
    "gpx": ("GPX", "户外导航软件和GPS设备"),
    "kml": ("KML", "三维地球等看图软件"),
    "geojson": ("GeoJSON", "地理信息软件和程序"),
}


def stop_rows(route: Route, catalogue: Catalogue, cite: Citations) -> tuple[StopRow, ...]:
    """The stops of a belt in order, with straight-line legs between known points."""
    return tuple(_stop_row(stop, route, catalogue, cite) for stop in route.stops)


def _stop_row(found: RouteStop, route: Route, catalogue: Catalogue, cite: Citations) -> StopRow:
    record, member, stop, location = found.record, found.stop.place, found.stop, found.location
    township, place = _township(found), record.place_or_none if record else None
    return StopRow(
        number=found.number,
        name=found.name,
        link=record_link(record) if record else None,
        kind=found.kind,
        district=catalogue.district_name(catalogue.stop_district(stop)),
        township=place.township_in_words if place else township,
        as_printed=quote_source(member.as_printed) if member else "",
        summary=found.summary,
        basis=stop.basis.label,
        editorial=stop.basis is Basis.EDITORIAL,
        reason=stop.reason or "",
        stay=stop.stay or "",
        leg=describe_leg(found, route),
        place=place_note(location) if location else None,
        opens=open_place(found.name, location) if location else (),
        opens_note=explain_opening(location, township) if location else "",
        marks=cite.cite(stop.sources),
    )


def describe_leg(stop: RouteStop, route: Route) -> str:
    """How far a stop is from the located one before it, in words; empty where nobody knows."""
    if stop.leg_km is None or stop.location is None:
        return ""
    before = next(s for s in reversed(route.located) if s.number < stop.number)
    which = "上一站" if before.number == stop.number - 1 else f"第{before.number}站"
    if stop.shares_point:
        return f"与{which}标在同一坐标点{_why_same(stop, before)}"
    ends = [location for location in (before.location, stop.location) if location]
    return f"与{which}直线距离{describe_km(stop.leg_km, ends)}"


def _why_same(stop: RouteStop, before: RouteStop) -> str:
    """Why two stops share a point, when neither is known more exactly than to its township or district."""
    here, there = stop.location, before.location
    if here is None or there is None or Precision.VILLAGE in (here.precision, there.precision):
        return ""
    township = _township(stop)
    if here.precision is there.precision is Precision.TOWNSHIP and township and township == _township(before):
        return f"（都只知道在{township}，实际距离不详）"
    return "（两站的准确位置都不详）"


def _township(stop: RouteStop) -> str:
    place = stop.record.place_or_none if stop.record else stop.stop.place
    return (place.township or "") if place else ""


def route_view(route: Route) -> RouteView:
    """Lengths, downloads and map services of a belt."""
    track = route.track
    climb = track.climb_m if track else None
    return RouteView(
        order=route.belt.order or "",
        straight=_straight(route),
        length=f"{track.length_km:.1f}" if track else "",
        climb="" if climb is None else f"{climb:.0f}",
        line=describe_line(route) if len(route.line) > 1 else "",
        downloads=tuple(_downloads(route)) if route.located else (),
        opens=_open_route(route),
    )


def _straight(route: Route) -> str:
    """The legs together, in words; nothing where there are none, or where it is we who chose the stops."""
    if route.belt.is_editorial or not route.straight_km:
        return ""
    return describe_km(route.straight_km, (stop.location for stop in route.located if stop.location))


def _downloads(route: Route) -> list[Link]:
    """Links to the files beside the belt's page."""
    name = f"{record_url(route.belt)}{route.belt.id}"
    return [Link(_FORMS[ending][0], f"{name}.{ending}", _FORMS[ending][1]) for ending in ROUTES]


def _open_route(route: Route) -> tuple[OpenLink, ...]:
    """The whole route in each map service; a service that takes fewer stops says which."""
    stops = route.waypoints
    if len(stops) < 2:
        return ()
    found = []
    for link in link_route([place for _, place in stops]):
        numbers = [str(stops[index][0]) for index in link.stops]
        note = "" if len(numbers) == len(stops) else f"只带第{'、'.join(numbers)}站"
        label = f"在{link.service}规划{route.belt.name}{f'（{note}）' if note else ''}"
        found.append(OpenLink(link.service, label, link.url, note))
    return tuple(found)
