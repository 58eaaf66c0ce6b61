"""Rules across records: references, places, dates, personal data.

A rule is a generator over the dataset that yields diagnostics; `RULES_ACROSS` is all of them. Rules
inside one field are the value types' own.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from ..city import City
from ..diagnostics import Diagnostic, limit_diagnostics, sort_diagnostics
from ..load import Dataset
from .dates import check_figure_dates
from .personal import check_permissions, check_personal_data
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

Rule = Callable[[Dataset, City], Iterator[Diagnostic]]


def check_dataset(
    dataset: Dataset, *, today: datetime.date | None = None, verbose: bool = False
) -> tuple[Diagnostic, ...]:
    """Every fault of the dataset, those found while reading included, sorted.

    Permissions that end are judged by `today`, and not at all without it: what is built must not depend on
    the day. `verbose` adds notes on what was converted.
    """
    found = list(dataset.diagnostics)
    found += limit_diagnostics(check_personal_data(dataset))
    if today is not None:
        found += check_permissions(dataset, today)
    if dataset.city is not None:
        for rule in (*RULES_ACROSS, note_conversions) if verbose else RULES_ACROSS:
            found += limit_diagnostics(rule(dataset, dataset.city))
    return sort_diagnostics(found)


RULES_ACROSS: tuple[Rule, ...] = (
    check_unique_ids,
    check_record_references,
    check_city_references,
    check_repeated_references,
    check_districts,
    check_district_list,
    check_source_addresses,
    check_redirects,
    check_retired_ids,
    check_points,
    check_precision,
    check_gazetteer,
    check_tracks,
    check_figure_dates,
    check_bodies,
)
