"""Checks of the whole dataset: references, places, dates, personal data. `rules` lists them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic, limit_diagnostics, sort_diagnostics
from ..reading.load import Dataset
from ..storage.cache import NO_CACHE, Cache, digest_of
from ..workers import open_pool, shared
from .dates import check_days_to_come
from .personal import check_permissions
from .places import check_points, mark_places, mark_tracks, note_conversions
from .rules import RULES_ACROSS, RULES_ALONE, RULES_OF_VALUES
from .soundness import keep_marks, mark_record, read_marks, soundness_key

_TOGETHER = 200  # records that a worker process checks in one task


def check_dataset(
    dataset: Dataset,
    *,
    today: datetime.date | None = None,
    verbose: bool = False,
    cache: Cache = NO_CACHE,
) -> tuple[Diagnostic, ...]:
    """Return every fault of the dataset, sorted, with those that were found while reading.

    Expiring permissions and days still to come are judged by `today`; without it they are not judged, for a build must
    not depend on the day. `verbose` adds notes on converted coordinates. A record that the cache marks as sound by itself
    is checked against the others only.
    """
    key, found = soundness_key(dataset), list(dataset.diagnostics)
    places_key = digest_of(key, b"places")
    dataset = replace(dataset, sound_places=read_marks(places_key, cache))
    with start_single_checks(dataset, key, cache) as alone:
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
    keep_marks(places_key, dataset.sound_places, dataset.sound_places | marks, cache)
    return sort_diagnostics(found)


@contextmanager
def start_single_checks(
    dataset: Dataset, key: bytes, cache: Cache
) -> Iterator[Callable[[], tuple[list[Diagnostic], list[bytes]]]]:
    """Start the rules of single records, on all cores when there are many; the value is a function that waits for them.

    It returns their diagnostics and the marks of the places that were found where they are said to be. Records marked as
    sound under `key` are passed over, and those found sound now are marked.
    """
    sound, marks = read_marks(key, cache), {entry.path: mark_record(entry) for entry in dataset.entries}
    unknown = tuple(entry for entry in dataset.entries if marks[entry.path] not in sound)
    with open_pool(len(unknown), replace(dataset, entries=unknown)) as pool:
        starts = range(0, len(unknown), _TOGETHER)
        pending = [pool.submit(_check_some, start) for start in starts or (0,)]

        def gather() -> tuple[list[Diagnostic], list[bytes]]:
            parts = [future.result() for future in pending]
            faulty = {diagnostic.path for part in parts for found in part.found for diagnostic in found}
            now = frozenset(mark for path, mark in marks.items() if path not in faulty)
            keep_marks(key, sound, now, cache)
            by_rule = zip(*(part.found for part in parts), strict=True)
            judged = [d for found in by_rule for d in limit_diagnostics(itertools.chain(*found))]
            return judged, [mark for part in parts for mark in part.places]

        yield gather


class _Checked(NamedTuple):
    """What each rule has found in some records, and the marks of places where `check_points` found nothing."""

    found: list[list[Diagnostic]]
    places: list[bytes]


def _check_some(start: int) -> _Checked:
    """Run the rules on `_TOGETHER` records of the dataset that the pool shares, from `start` on."""
    whole = shared(Dataset)
    part = replace(whole, entries=whole.entries[start : start + _TOGETHER])
    found = {rule: list(rule(part)) for rule in RULES_ALONE}
    misplaced = {diagnostic.path for diagnostic in found[check_points]}
    places = [mark_places(entry) for entry in part.entries if entry.path not in misplaced]
    return _Checked([*found.values()], places)
