"""A belt as a route: its stops in order, what lies between them, and its track where one was recorded.

Distances between stops are straight lines between known points, which is all that can be said without a track.
"""

from __future__ import annotations

from typing import NamedTuple

from .catalogue import Catalogue
from .geography.datum import Point, distance_km
from .geography.map_links import Waypoint
from .geography.tracks import Track
from .kinds.base import Record
from .kinds.belt import Belt, Stop
from .kinds.registry import kind_named
from .records.places import Location, Precision

STRAIGHT = "连线按站点顺序直线连接，不是道路，不能用来导航。"
_SAME_KM = 0.05  # what is nearer shares a point as far as the records can tell


class RouteStop(NamedTuple):
    """One stop: a record, or a place without one. `leg_km` leads from the last located stop before it.

    `kind` is the title of its kind, or what sort of place it is; `summary` is empty where there is nothing to say.
    `location` is None where nobody knows; `leg_km` is None for the first located stop and for those without
    a location.
    """

    number: int
    stop: Stop
    record: Record | None
    name: str
    kind: str
    summary: str
    location: Location | None
    leg_km: float | None

    @property
    def shares_point(self) -> bool:
        """Whether it is drawn where the stop before it is."""
        return self.leg_km is not None and self.leg_km < _SAME_KM


class Route(NamedTuple):
    """A belt's stops in order, and its track, None where none was recorded."""

    belt: Belt
    stops: tuple[RouteStop, ...]
    track: Track | None

    @property
    def located(self) -> tuple[RouteStop, ...]:
        """The stops that have a point."""
        return tuple(stop for stop in self.stops if stop.location)

    @property
    def straight_km(self) -> float:
        """The sum of the straight legs, 0 where there are none."""
        return sum(stop.leg_km for stop in self.stops if stop.leg_km is not None and not stop.shares_point)

    @property
    def line(self) -> tuple[Point, ...]:
        """The points of the stops in order; stops that follow one another on one point count once."""
        return tuple(s.location.point for s in self.stops if s.location and not s.shares_point)

    @property
    def waypoints(self) -> tuple[tuple[int, Waypoint], ...]:
        """The numbers and places of the stops that a map service can be sent along."""
        return tuple(
            (s.number, waypoint_of(s.name, s.location))
            for s in self.stops
            if s.location and not s.shares_point
        )


def describe_line(route: Route) -> str:
    """What the line of a route is."""
    if route.track is not None:
        return "线为实地记录的轨迹。"
    return STRAIGHT


def build_route(belt: Belt, catalogue: Catalogue) -> Route:
    """The route of a published belt."""
    stops: list[RouteStop] = []
    before: Location | None = None
    for number, stop in enumerate(belt.stops, start=1):
        record: Record | None = None
        if stop.place:
            kind, summary = stop.place.form.label, stop.place.text or ""
        else:
            record = catalogue.records[stop.record or ""]
            kind, summary = kind_named(record.kind).title, record.summary
        location = stop_location(stop, catalogue)
        leg = distance_km(before.point, location.point) if before and location else None
        name = catalogue.stop_name(stop)
        stops.append(RouteStop(number, stop, record, name, kind, summary, location, leg))
        before = location or before
    return Route(belt, tuple(stops), catalogue.tracks.get(belt.id))


def stop_location(stop: Stop, catalogue: Catalogue) -> Location | None:
    """Where a stop is: its own place's location, or its record's."""
    if stop.place is not None:
        return stop.place.location
    return catalogue.records[stop.record or ""].location


def waypoint_of(name: str, location: Location) -> Waypoint:
    """A place as a map service is told of it: a point that is no village says so in its name."""
    about = "" if location.precision is Precision.VILLAGE else "（大致位置）"
    return Waypoint(f"{name}{about}", location.point)
