"""The rules across records, by what they look at.

A rule is a generator that takes the dataset and yields diagnostics. Listed here are all but those that need a date or are
asked for. Rules inside one field belong to the value types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..faults.diagnostics import Diagnostic
from ..reading.load import Dataset
from .dates import check_days, check_statements, check_tidings
from .figures import check_reached_figures, check_repeated_figures
from .leftovers import check_spreadsheet_errors
from .personal import (
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

Rule = Callable[[Dataset], Iterator[Diagnostic]]

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
"""Rules of values that a record has, whatever it lacks; the sound part of a faulty record is held to them too."""

RULES_ALONE: tuple[Rule, ...] = (
    check_personal_data,
    *RULES_OF_VALUES,
    check_statements,
    check_part_sources,
    check_precision,
    check_repeated_figures,
)
"""Rules of one record, given the city's settings, its tables and the sources."""

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
"""Rules among records, and of files that hold none."""
