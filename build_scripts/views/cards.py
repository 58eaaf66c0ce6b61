"""A record as it stands in lists."""

from __future__ import annotations

from ..addresses import record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.indicator import Indicator
from ..kinds.registry import kind_named
from .citations import Citations
from .links import belt_tags
from .parts import RecordCard
from .rows import form_label


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


def _card_date(record: Record) -> str:
    if isinstance(record, Indicator):
        return describe_latest(record)
    return str(record.began or "")


def describe_latest(indicator: Indicator) -> str:
    """The latest value of an indicator with its date; what was not reached says so."""
    latest = indicator.latest
    value = "".join(latest.value.read_with(indicator.unit))
    return f"{form_label(latest.form)}{value}，{latest.as_of}"
