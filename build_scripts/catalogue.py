"""The published records and what connects them: the one thing that views are made from.

Pure: built from a checked dataset, holds no path and opens none. Drafts are not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TypeVar

from .geography.datum import BoundingBox
from .geography.gazetteer import Gazetteer
from .geography.nearby import find_nearest
from .geography.tracks import Track, decode_track
from .kinds.base import Kind, Record
from .kinds.belt import Belt, Stop
from .kinds.milestone import Milestone
from .kinds.registry import kind_named
from .kinds.source import Source
from .photos.originals import Original
from .reading.entries import Entry
from .reading.load import Dataset
from .reading.redirects import Redirect
from .records.city import City, District
from .records.places import Precision
from .storage.cache import NO_CACHE, Cache, digest_of, program_digest, remember

K = TypeVar("K")
R = TypeVar("R", bound=Record)
_NEARBY = 4
_NEARBY_KM = 15.0
_BESIDE = 3  # stops of a belt that a record's page names before it and after it


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every published record by id, with the indexes that pages need.

    `districts` are the city's by id; `cited_by` maps an id to the ids that refer to it, in the catalogue's order;
    `belts_by_stop` maps a record's id to the belts it is a stop of; `files` are the data files of belts/ by name; `tracks`
    the recorded ones by their belt's id; `bounds` are the districts' boxes by code; `stop_numbers` a record's number
    on a belt by both ids; `nearby` the nearest records of one, nearest first; `redirects` the old addresses; `entries`
    the files that the records came from; `by_kind` and `by_district` the records of one, by its name or id.
    """

    city: City
    districts: Mapping[str, District]
    records: Mapping[str, Record]
    cited_by: Mapping[str, tuple[str, ...]]
    belts_by_stop: Mapping[str, tuple[Belt, ...]]
    gazetteer: Gazetteer
    files: Mapping[str, bytes]
    tracks: Mapping[str, Track]
    bounds: Mapping[str, BoundingBox]
    stop_numbers: Mapping[tuple[str, str], int]
    nearby: Mapping[str, tuple[str, ...]]
    by_kind: Mapping[str, tuple[Record, ...]]
    by_district: Mapping[str | None, tuple[Record, ...]]
    redirects: tuple[Redirect, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    photos: Mapping[str, Original] = field(default_factory=dict)

    def of(self, model: type[R]) -> tuple[R, ...]:
        """All records of one model, in the order they are listed."""
        groups = (found for found in self.by_kind.values() if isinstance(found[0], model))
        return tuple(record for found in groups for record in found if isinstance(record, model))

    def of_kind(self, kind: Kind) -> tuple[Record, ...]:
        """All records of one kind, in the order they are listed."""
        return self.by_kind.get(kind.name, ())

    def of_district(self, district_id: str) -> tuple[Record, ...]:
        """All records that belong to a district, by kind."""
        return self.by_district.get(district_id, ())

    def district(self, district_id: str) -> District:
        """The district with an id."""
        return self.districts[district_id]

    def district_name(self, district_id: str | None, otherwise: str = "") -> str:
        """The name of the district with an id; `otherwise` without one."""
        return self.districts[district_id].name if district_id else otherwise

    def stop_name(self, stop: Stop) -> str:
        """What a belt's stop is called: by its record, or by its place."""
        return self.records[stop.record].name if stop.record else stop.name

    def stop_district(self, stop: Stop) -> str | None:
        """The id of the district that a belt's stop is known to be in."""
        if stop.record:
            return self.records[stop.record].district_id
        return stop.place.district if stop.place else None

    def belt_districts(self, belt: Belt) -> tuple[str, ...]:
        """The ids of the districts that a belt belongs to or is known to pass through, its own first."""
        return tuple(dict.fromkeys(filter(None, (belt.district_id, *map(self.stop_district, belt.stops)))))

    def stops_beside(self, belt: Belt, record_id: str) -> range:
        """The numbers of a belt's stops around one of its records, itself among them; counted from 1."""
        number = self.stop_numbers[belt.id, record_id]
        return range(max(1, number - _BESIDE), min(len(belt.stops), number + _BESIDE) + 1)

    def belts_of(self, record_id: str) -> tuple[Belt, ...]:
        """The belts that a record is a stop of."""
        return self.belts_by_stop.get(record_id, ())

    def references_to(self, record_id: str) -> tuple[Record, ...]:
        """The records that refer to a record."""
        return tuple(self.records[i] for i in self.cited_by.get(record_id, ()))


def build_catalogue(dataset: Dataset, cache: Cache = NO_CACHE) -> Catalogue:
    """Index a dataset that has no errors; what lies near what is looked up when no place has moved."""
    if dataset.city is None:
        raise ValueError("a dataset without a city has no catalogue")
    entries = [entry for entry in dataset.entries if entry.record.is_published]
    entries.sort(key=lambda entry: _listing_key(entry.record))
    records = {entry.record.id: entry.record for entry in entries}
    return Catalogue(
        city=dataset.city,
        districts={district.id: district for district in dataset.city.districts},
        records=records,
        cited_by=_index_citations(entries),
        belts_by_stop=_index_belts(records.values()),
        gazetteer=dataset.gazetteer,
        files=dataset.files,
        tracks=_decode_tracks(records.values(), dataset.files),
        bounds=dataset.boundaries.boxes,
        stop_numbers=_number_stops(records.values()),
        nearby=_index_nearby(records.values(), cache),
        by_kind=_group(records.values(), lambda record: record.kind),
        by_district=_group(records.values(), lambda record: record.district_id),
        redirects=dataset.redirects,
        entries={entry.record.id: entry for entry in entries},
        photos={
            photo.file: dataset.photos[photo.file] for record in records.values() for photo in record.pictures
        },
    )


def _listing_key(record: Record) -> tuple[int, int, int, bool, bytes, str]:
    """Kinds by rank; belts by number; dated records by their start, the longer period first; then by name."""
    first = second = 0
    if isinstance(record, Belt):
        first = record.number
    elif isinstance(record, (Milestone, Source)):
        first, second = record.period.start.toordinal(), -record.period.end.toordinal()
    return kind_named(record.kind).order, first, second, *_name_key(record.name), record.id


@lru_cache(1 << 13)  # for a preview, which lists the same names after each save
def _name_key(name: str) -> tuple[bool, bytes]:
    """Chinese names first, near enough in the order of their pinyin; marks do not count.

    GB 18030 has the 3,755 commonest characters in that order (level 1 of GB 2312), so no dictionary is loaded.
    """
    letters = "".join(filter(str.isalnum, name))
    return letters[:1].isascii(), letters.encode("gb18030", "replace")


def _group(records: Iterable[Record], key: Callable[[Record], K]) -> dict[K, tuple[Record, ...]]:
    """Records by what they have in common, in their order."""
    groups: dict[K, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return {name: tuple(found) for name, found in groups.items()}


def _decode_tracks(records: Iterable[Record], files: Mapping[str, bytes]) -> dict[str, Track]:
    named = ((record.id, record.track) for record in records if isinstance(record, Belt))
    return {belt_id: decode_track(name, files[name]) for belt_id, name in named if name}


def _index_citations(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    citing: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        for target in entry.named_records():
            citing[target][entry.record.id] = None
    return {target: tuple(ids) for target, ids in citing.items()}


def _index_belts(records: Iterable[Record]) -> dict[str, tuple[Belt, ...]]:
    belts: dict[str, list[Belt]] = defaultdict(list)
    for record in records:
        if not isinstance(record, Belt):
            continue
        for stop in record.stops:
            if stop.record and record not in belts[stop.record]:
                belts[stop.record].append(record)
    return {record_id: tuple(found) for record_id, found in belts.items()}


def find_latest_day(records: Iterable[Record]) -> str:
    """The newest date on which one of them was published or updated; empty when there is none."""
    return max((record.date.isoformat() for record in records), default="")


def _number_stops(records: Iterable[Record]) -> dict[tuple[str, str], int]:
    """The number of each record's first stop on each belt, by belt and record."""
    numbers: dict[tuple[str, str], int] = {}
    for record in records:
        if isinstance(record, Belt):
            for number, stop in enumerate(record.stops, start=1):
                if stop.record:
                    numbers.setdefault((record.id, stop.record), number)
    return numbers


def _index_nearby(records: Iterable[Record], cache: Cache) -> dict[str, tuple[str, ...]]:
    """The nearest records of each one that is known to its township or better."""
    located = ((record.id, record.location) for record in records)
    points = {i: loc.point for i, loc in located if loc and loc.precision is not Precision.DISTRICT}
    rows = (f"{record_id} {point.lat} {point.lon}" for record_id, point in points.items())
    key = digest_of(program_digest(), b"nearby", "\n".join(rows).encode())
    make = partial(find_nearest, points, most=_NEARBY, within_km=_NEARBY_KM)
    return remember(cache, key, dict, make)
