"""What stands beside a record: the stops of its belts around it, and the nearest other records."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..geography.datum import distance_km
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.registry import kind_named
from ..records.places import Place, Precision
from .links import record_link
from .parts import BeltNeighbours, BeltTag, Link, NearbyRow
from .places import describe_km


def neighbours_on_belts(record: Record, catalogue: Catalogue) -> tuple[BeltNeighbours, ...]:
    """The stops around a record on each belt that has others."""
    belts = catalogue.belts_of(record.id)
    return tuple(_neighbours(belt, record.id, catalogue) for belt in belts if len(belt.stops) > 1)


def _neighbours(belt: Belt, record_id: str, catalogue: Catalogue) -> BeltNeighbours:
    numbers = catalogue.stops_beside(belt, record_id)
    stops = tuple((number, _stop_link(belt, number, record_id, catalogue)) for number in numbers)
    return BeltNeighbours(belt.number, record_link(belt), stops, len(belt.stops))


def _stop_link(belt: Belt, number: int, here: str, catalogue: Catalogue) -> Link:
    stop = belt.stops[number - 1]
    if stop.place is not None:
        return Link(stop.place.name, "")
    found = catalogue.records[stop.record or ""]
    return Link(found.name, "") if found.id == here else record_link(found)


def stops_around(record: Record, catalogue: Catalogue) -> tuple[tuple[BeltTag, ...], tuple[BeltTag, ...]]:
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


def nearby_rows(record: Record, catalogue: Catalogue) -> tuple[NearbyRow, ...]:
    """The nearest other records, with distances no more exact than the places are known."""
    own = record.place_or_none
    found = (catalogue.records[i] for i in catalogue.nearby.get(record.id, ()))
    return tuple(
        NearbyRow(record_link(other), kind_named(other.kind).title, describe_distance(own, place))
        for other in found
        if own and (place := other.place_or_none)
    )


def describe_distance(own: Place, other: Place) -> str:
    """How far two places are apart, in words that say where that is not measured between villages."""
    if own.location is None or other.location is None:
        return ""
    both = (own.location, other.location)
    exact = all(location.precision is Precision.VILLAGE for location in both)
    if not exact and own.township and (own.district, own.township) == (other.district, other.township):
        return f"同在{own.township}"
    km = describe_km(distance_km(own.location.point, other.location.point), both)
    return f"直线{km}{'' if exact else '，按大致位置量'}"
