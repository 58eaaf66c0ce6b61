"""The labelled details of a record: every field of its kind that its page does not show otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache

from ..addresses import district_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Stop
from ..kinds.indicator import Observation
from ..kinds.programme import Case, Part
from ..records.dates import PartialDate
from ..records.ids import DistrictReference, RecordReference
from ..records.models import Choice, Model
from ..records.places import Member, Place
from ..records.quantities import Quantity
from ..records.references import Marker, field_marker
from ..records.statements import Figure, Photo, Statement
from .links import district_link, record_link
from .parts import Detail, Link

RELATED = ("programmes", "related")  # fields that name the records under a heading of their own
_SHOWN_BY_TYPE = (Statement, Figure, Member, Observation, Part, Case, Stop, Photo)


def list_details(record: Record, catalogue: Catalogue) -> Iterator[Detail]:
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
    shown = {*Record.model_fields, *model.shown_apart, *RELATED}
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
