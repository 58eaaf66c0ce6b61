"""Links to records, belts and districts."""

from __future__ import annotations

from ..addresses import district_url, record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..records.statements import Basis
from .parts import BeltTag, Link


def record_link(record: Record, note: str = "") -> Link:
    """A link to a record's page."""
    return Link(record.name, record_url(record), note)


def district_link(catalogue: Catalogue, district_id: str | None) -> Link | None:
    """A link to a district's page."""
    if district_id is None:
        return None
    district = catalogue.district(district_id)
    return Link(district.name, district_url(district))


def belt_tags(record: Record, catalogue: Catalogue) -> tuple[BeltTag, ...]:
    """The belts a record is a stop of, with its stop numbers."""
    return tuple(
        belt_tag(belt, catalogue.stop_numbers[belt.id, record.id]) for belt in catalogue.belts_of(record.id)
    )


def belt_tag(belt: Belt, number: int) -> BeltTag:
    """A belt as its stop of that number names it."""
    return BeltTag(belt.number, record_link(belt), number, belt.stops[number - 1].basis is Basis.EDITORIAL)


def edit_url(catalogue: Catalogue, record_id: str) -> str:
    """Where a record can be edited, when the city names such a place."""
    template = catalogue.city.identity.edit_url
    return template.replace("{path}", catalogue.entries[record_id].path) if template else ""
