"""Dates of records: none is revised before it is published, nor tells of what came after its last revision.

No rule asks for the day of the build: the same data are as sound tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..faults.diagnostics import Diagnostic
from ..reading.load import Dataset


def check_days(dataset: Dataset) -> Iterator[Diagnostic]:
    """A record is not updated before it is published."""
    for entry in dataset.entries:
        record = entry.record
        if record.updated and record.updated < record.published:
            values = {"updated": record.updated.isoformat(), "published": record.published.isoformat()}
            yield entry.diagnose("B512", ("updated",), **values)


def check_tidings(dataset: Dataset) -> Iterator[Diagnostic]:
    """What a record tells of had begun when it was last revised."""
    for entry in dataset.entries:
        record = entry.record
        for field in record.beginnings:
            told = record.__dict__.get(field)  # asking for a field that a kind has not takes long
            if told and told.start > record.date:
                values = {"field": field, "got": told.text, "day": record.date.isoformat()}
                yield entry.diagnose("B514", (field,), **values)
