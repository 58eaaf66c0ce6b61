"""Dates of records: none is revised before it is published, nor tells of what came after its last revision.

What is built does not depend on the day, so only a check that is told the day looks for dates still to come.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..faults.diagnostics import Diagnostic
from ..reading.load import Dataset
from ..records.references import iter_models
from ..records.statements import Statement


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


def check_statements(dataset: Dataset) -> Iterator[Diagnostic]:
    """So had each thing that it states."""
    for entry in dataset.entries:
        record = entry.record
        for path, statement in iter_models(record, (Statement,)):
            if statement.date and statement.date.start > record.date:
                values = {"field": "date", "got": statement.date.text, "day": record.date.isoformat()}
                yield entry.diagnose("B514", (*path, "date"), **values)


def check_days_to_come(dataset: Dataset, today: datetime.date) -> Iterator[Diagnostic]:
    """No published record says that it was published or revised after today: every page would show that day."""
    for entry in dataset.entries:
        days = {"published": entry.record.published, "updated": entry.record.updated}
        for field, day in days.items() if entry.record.is_published else ():
            if day and day > today:
                values = {"field": field, "got": day.isoformat(), "today": today.isoformat()}
                yield entry.diagnose("B515", (field,), **values)
