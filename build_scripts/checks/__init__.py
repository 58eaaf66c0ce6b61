"""Rules across records: references, places, dates, personal data.

A rule is a generator over the dataset that yields diagnostics; `RULES_ACROSS` is all of them. Rules
inside one field are the value types' own.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..cache import Cache, digest_of, program_digest
from ..city import City
from ..diagnostics import Diagnostic, limit_diagnostics, sort_diagnostics
from ..kinds.source import Source
from ..load import Dataset, Entry
from ..workers import open_pool, shared
from .dates import check_figure_dates
from .personal import (
    check_permissions,
    check_permitted_numbers,
    check_personal_data,
    check_personal_data_elsewhere,
)
from .photos import check_alternative_texts
from .places import check_gazetteer, check_points, check_precision, check_tracks, note_conversions
from .prose import check_bodies
from .references import (
    check_city_references,
    check_district_list,
    check_districts,
    check_record_references,
    check_redirects,
    check_repeated_references,
    check_retired_ids,
    check_source_addresses,
    check_unique_ids,
)

_TOGETHER = 200  # records that a process looks at at a time

Rule = Callable[[Dataset, City], Iterator[Diagnostic]]


def check_dataset(
    dataset: Dataset,
    *,
    today: datetime.date | None = None,
    verbose: bool = False,
    cache: Cache | None = None,
) -> tuple[Diagnostic, ...]:
    """Every fault of the dataset, those found while reading included, sorted.

    Permissions that end are judged by `today`, and not at all without it: what is built must not depend on
    the day. `verbose` adds notes on what was converted. Records that the cache knows to be sound by
    themselves are only checked against the others.
    """
    found = list(dataset.diagnostics)
    with start_alone(dataset, cache) as alone:
        found += limit_diagnostics(check_personal_data_elsewhere(dataset))
        found += limit_diagnostics(check_permitted_numbers(dataset))
        if today is not None:
            found += check_permissions(dataset, today)
        if dataset.city is not None:
            for rule in (*RULES_ACROSS, note_conversions) if verbose else RULES_ACROSS:
                found += limit_diagnostics(rule(dataset, dataset.city))
        found += alone()
    return sort_diagnostics(found)


RULES_ALONE: tuple[Rule, ...] = (
    check_repeated_references,
    check_districts,
    check_points,
    check_precision,
    check_gazetteer,
    check_alternative_texts,
    check_figure_dates,
)
"""What holds or not for one record, the city's settings and tables and the sources given."""

RULES_ACROSS: tuple[Rule, ...] = (
    check_unique_ids,
    check_record_references,
    check_city_references,
    check_district_list,
    check_source_addresses,
    check_redirects,
    check_retired_ids,
    check_tracks,
    check_bodies,
)
"""What holds or not among the records."""


@contextmanager
def start_alone(dataset: Dataset, cache: Cache | None) -> Iterator[Callable[[], Iterator[Diagnostic]]]:
    """Begin with the rules of single records, on all cores when there are many; call it to have what they find.

    A record found sound is not looked at again.
    """
    key = _soundness_key(dataset)
    known = cache.read([key]).get(key, b"") if cache else b""
    sound = {known[start : start + _MARK] for start in range(0, len(known), _MARK)}
    marks = {entry.path: _mark(entry) for entry in dataset.entries}
    unknown = tuple(entry for entry in dataset.entries if marks[entry.path] not in sound)
    with open_pool(len(unknown), replace(dataset, entries=unknown)) as pool:
        starts = range(0, len(unknown), _TOGETHER)
        pending = [pool.submit(_check_some, start) for start in starts or (0,)]

        def gather() -> Iterator[Diagnostic]:
            parts = [future.result() for future in pending]
            faulty = {diagnostic.path for part in parts for found in part for diagnostic in found}
            if cache and unknown:
                cache.add({key: b"".join(mark for path, mark in marks.items() if path not in faulty)})
            for found in zip(*parts, strict=True):
                yield from limit_diagnostics(itertools.chain(*found))

        yield gather


def _check_some(start: int) -> list[list[Diagnostic]]:
    """What each rule finds in some records of those that are shared."""
    whole = shared(Dataset)
    part = replace(whole, entries=whole.entries[start : start + _TOGETHER])
    found = [list(check_personal_data(part))]
    return found + [list(rule(part, part.city)) for rule in RULES_ALONE if part.city is not None]


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
