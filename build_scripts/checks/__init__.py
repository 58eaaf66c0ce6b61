"""Rules across records: references, places, dates, personal data.

A rule is a generator over the dataset that yields diagnostics. `RULES_ALONE` and `RULES_ACROSS` hold all but those
that need a date or are asked for. Rules inside one field are the value types' own.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic, limit_diagnostics, sort_diagnostics
from ..kinds.source import Source
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest
from ..workers import open_pool, shared
from .dates import check_days, check_days_to_come, check_statements, check_tidings
from .figures import check_reached_figures, check_repeated_figures
from .leftovers import check_spreadsheet_errors
from .personal import (
    check_permissions,
    check_permitted_numbers,
    check_personal_data,
    check_personal_data_elsewhere,
)
from .photos import check_alternative_texts
from .places import (
    check_district_codes,
    check_gazetteer,
    check_points,
    check_precision,
    check_tracks,
    mark_places,
    mark_tracks,
    note_conversions,
)
from .prose import check_bodies, check_links
from .references import (
    check_belt_numbers,
    check_circles,
    check_city_references,
    check_district_list,
    check_districts,
    check_own_ids,
    check_part_sources,
    check_record_references,
    check_redirects,
    check_repeated_members,
    check_repeated_names,
    check_repeated_references,
    check_repeated_stops,
    check_retired_ids,
    check_source_addresses,
    check_unique_ids,
)

_TOGETHER = 200  # records that a process looks at at a time

Rule = Callable[[Dataset], Iterator[Diagnostic]]


def check_dataset(
    dataset: Dataset,
    *,
    today: datetime.date | None = None,
    verbose: bool = False,
    cache: Cache = NO_CACHE,
) -> tuple[Diagnostic, ...]:
    """Every fault of the dataset, those found while reading included, sorted.

    Permissions that end and days still to come are judged by `today`, and not at all without it: what is built
    must not depend on the day. `verbose` adds notes on what was converted. Records that the cache knows to be sound by
    themselves are only checked against the others.
    """
    key, found = _soundness_key(dataset), list(dataset.diagnostics)
    places_key = digest_of(key, b"places")
    dataset = replace(dataset, sound_places=_read_marks(places_key, cache))
    with start_alone(dataset, key, cache) as alone:
        if today is not None:
            found += check_permissions(dataset, today)
            found += limit_diagnostics(check_days_to_come(dataset, today))
        for rule in (*RULES_ACROSS, note_conversions) if verbose else RULES_ACROSS:
            found += limit_diagnostics(rule(dataset))
        parts = replace(dataset, entries=dataset.parts)
        for rule in RULES_OF_VALUES:
            found += limit_diagnostics(rule(parts))
        judged, places = alone()
        found += judged
    marks = {*places, *mark_tracks(dataset, {diagnostic.path for diagnostic in found})}
    _keep_marks(places_key, dataset.sound_places, dataset.sound_places | marks, cache)
    return sort_diagnostics(found)


RULES_OF_VALUES: tuple[Rule, ...] = (
    check_repeated_references,
    check_repeated_stops,
    check_repeated_members,
    check_own_ids,
    check_districts,
    check_points,
    check_gazetteer,
    check_alternative_texts,
    check_days,
    check_tidings,
    check_reached_figures,
    check_bodies,
    check_spreadsheet_errors,
)
"""What holds or not for what a record says, whatever it does not say: the sound part of a faulty one included."""

RULES_ALONE: tuple[Rule, ...] = (
    check_personal_data,
    *RULES_OF_VALUES,
    check_statements,
    check_part_sources,
    check_precision,
    check_repeated_figures,
)
"""What holds or not for one record, what is known of the city's settings, its tables and the sources."""

RULES_ACROSS: tuple[Rule, ...] = (
    check_personal_data_elsewhere,
    check_permitted_numbers,
    check_unique_ids,
    check_repeated_names,
    check_record_references,
    check_circles,
    check_belt_numbers,
    check_city_references,
    check_district_list,
    check_district_codes,
    check_source_addresses,
    check_redirects,
    check_retired_ids,
    check_tracks,
    check_links,
)
"""What holds or not among the records, and in the files that are none."""


@contextmanager
def start_alone(
    dataset: Dataset, key: bytes, cache: Cache
) -> Iterator[Callable[[], tuple[list[Diagnostic], list[bytes]]]]:
    """Begin with the rules of single records, on all cores when there are many; call it to have what they find.

    With that comes what stands for the places of each record that was looked at, if they are where they are said to be.
    A record found sound is not looked at again; `key` is of what these rules read besides.
    """
    sound, marks = _read_marks(key, cache), {entry.path: _mark(entry) for entry in dataset.entries}
    unknown = tuple(entry for entry in dataset.entries if marks[entry.path] not in sound)
    with open_pool(len(unknown), replace(dataset, entries=unknown)) as pool:
        starts = range(0, len(unknown), _TOGETHER)
        pending = [pool.submit(_check_some, start) for start in starts or (0,)]

        def gather() -> tuple[list[Diagnostic], list[bytes]]:
            parts = [future.result() for future in pending]
            faulty = {diagnostic.path for part in parts for found in part.found for diagnostic in found}
            now = frozenset(mark for path, mark in marks.items() if path not in faulty)
            _keep_marks(key, sound, now, cache)
            by_rule = zip(*(part.found for part in parts), strict=True)
            judged = [d for found in by_rule for d in limit_diagnostics(itertools.chain(*found))]
            return judged, [mark for part in parts for mark in part.places]

        yield gather


class _Checked(NamedTuple):
    """What each rule has found in some records, and what stands for the places of those where `check_points` found nothing."""

    found: list[list[Diagnostic]]
    places: list[bytes]


def _check_some(start: int) -> _Checked:
    """What each rule finds in some records of those that are shared."""
    whole = shared(Dataset)
    part = replace(whole, entries=whole.entries[start : start + _TOGETHER])
    found = {rule: list(rule(part)) for rule in RULES_ALONE}
    misplaced = {diagnostic.path for diagnostic in found[check_points]}
    places = [mark_places(entry) for entry in part.entries if entry.path not in misplaced]
    return _Checked([*found.values()], places)


def _soundness_key(dataset: Dataset) -> bytes:
    """A key for the marks of sound records: of all that the rules of single records read besides."""
    settings = (dataset.city_document.text, dataset.allowed_document.text)
    files = (part for name, content in sorted(dataset.files.items()) for part in (name.encode(), content))
    sources = (entry.digest for entry in dataset.entries if isinstance(entry.record, Source))
    return digest_of(b"sound", program_digest(), *(text.encode() for text in settings), *files, *sources)


def _mark(entry: Entry) -> bytes:
    """What stands for a record's path and all of its content."""
    return digest_of(entry.path.encode(), entry.digest)


_MARK = len(digest_of())


def _read_marks(key: bytes, cache: Cache) -> frozenset[bytes]:
    known = cache.read([key]).get(key, b"")
    return frozenset(known[start : start + _MARK] for start in range(0, len(known), _MARK))


def _keep_marks(key: bytes, before: frozenset[bytes], now: frozenset[bytes], cache: Cache) -> None:
    if now != before:
        cache.add({key: b"".join(sorted(now))})
