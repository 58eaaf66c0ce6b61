"""Browsing every record by facets: the static list of the page, and the compact data its script filters.

Pure: from the catalogue to a view and to bytes; the script works on numbers and texts alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..addresses import BROWSE, record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.indicator import Indicator
from ..kinds.registry import find_kinds, kind_named
from ..records.dates import PartialDate
from ..records.places import Precision
from ..search.documents import CITY_WIDE, list_districts
from ..views.cards import record_card
from ..views.parts import CardGroup, MapFigure

NO_POINT = "没有坐标"


class Facet(NamedTuple):
    """One way to part the records. `values_of` gives a record's values, `order` sorts all values."""

    key: str
    title: str
    values_of: Callable[[Record, Catalogue], tuple[str, ...]]
    order: Callable[[str, Catalogue], tuple[float, str]]


@dataclass(frozen=True, slots=True)
class BrowseView:
    """The browse page: every record by kind, the city's map, and the facets' titles, which keep their place."""

    count: int
    facets: tuple[str, ...]
    groups: tuple[CardGroup, ...]
    map: MapFigure | None


def build_browse(catalogue: Catalogue, figure: MapFigure | None) -> BrowseView:
    """The static list, which is the whole page without JavaScript."""
    found = ((kind, catalogue.of_kind(kind)) for kind in find_kinds())
    groups = tuple(
        CardGroup(
            kind.title,
            kind.url_folder,
            tuple(record_card(record, catalogue) for record in records),
            kind.unit,
        )
        for kind, records in found
        if records
    )
    return BrowseView(len(catalogue.records), tuple(facet.title for facet in FACETS), groups, figure)


def build_browse_files(catalogue: Catalogue) -> dict[str, bytes]:
    """The data of the page's script, by address.

    JSON of `facets` (key, title, values in order) and `records`, each an array of name, address, township,
    date in words, its ISO start or an empty text, and for each facet the array of its values' numbers.
    """
    records = catalogue.records.values()
    columns = [[facet.values_of(record, catalogue) for record in records] for facet in FACETS]
    numbers = [_number(facet, column, catalogue) for facet, column in zip(FACETS, columns, strict=True)]
    coded = [
        [[known[value] for value in values] for values in column]
        for known, column in zip(numbers, columns, strict=True)
    ]
    data = {
        "facets": [
            {"key": f.key, "title": f.title, "values": list(known)}
            for f, known in zip(FACETS, numbers, strict=True)
        ],
        "records": [
            [*_encode_record(record), *codes]
            for record, codes in zip(records, zip(*coded, strict=True), strict=True)
        ],
    }
    return {BROWSE: (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()}


def _number(facet: Facet, column: Iterable[tuple[str, ...]], catalogue: Catalogue) -> dict[str, int]:
    """Every value that occurs, with its number in the facet's order."""
    found = {value for values in column for value in values}
    return {value: n for n, value in enumerate(sorted(found, key=lambda v: facet.order(v, catalogue)))}


def _encode_record(record: Record) -> list[object]:
    place, date = record.place_or_none, date_of(record)
    township = place.township_in_words if place else ""
    stamp = date.start.isoformat() if date else ""
    return [record.name, record_url(record), township, str(date) if date else "", stamp]


def date_of(record: Record) -> PartialDate | None:
    """When a record began or was first seen; an indicator's latest observation, of what was reached if it was."""
    if isinstance(record, Indicator):
        return record.latest.as_of
    return record.began


# -- the facets ------------------------------------------------------------------------------------


def _kinds(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    return (kind_named(record.kind).title,)


def _kind_order(value: str, catalogue: Catalogue) -> tuple[float, str]:
    return float([kind.title for kind in find_kinds()].index(value)), value


def _district_order(value: str, catalogue: Catalogue) -> tuple[float, str]:
    names = [CITY_WIDE, *(district.name for district in catalogue.city.districts)]
    return float(names.index(value)), value


def _belts(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(belt.name for belt in catalogue.belts_of(record.id))


def _belt_order(value: str, catalogue: Catalogue) -> tuple[float, str]:
    numbers = {r.name: getattr(r, "number", 0) for r in catalogue.records.values() if r.kind == "belt"}
    return float(numbers[value]), value


def _ways(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    formation = vars(record).get("formation")
    return (formation.way.label,) if formation else ()


def _years(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    date = date_of(record)
    return (str(date.start.year),) if date else ()


def _precisions(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    if record.place_or_none is None:
        return ()
    return (record.location.precision.label if record.location else NO_POINT,)


def _by_name(value: str, catalogue: Catalogue) -> tuple[float, str]:
    return 0.0, value


def _finest_first(value: str, catalogue: Catalogue) -> tuple[float, str]:
    labels = [*(precision.label for precision in Precision), NO_POINT]
    return float(labels.index(value)), value


def _newest_first(value: str, catalogue: Catalogue) -> tuple[float, str]:
    return -float(value), value


FACETS = (
    Facet("kind", "类型", _kinds, _kind_order),
    Facet("district", "区（县、市）", list_districts, _district_order),
    Facet("belt", "精品带", _belts, _belt_order),
    Facet("way", "组建方式", _ways, _by_name),
    Facet("year", "年份", _years, _newest_first),
    Facet("precision", "位置精度", _precisions, _finest_first),
)
