"""Figures: a reached one is no younger than its source, nothing beside it calls it a target, none stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter

from ..faults.diagnostics import Diagnostic
from ..kinds.indicator import Indicator, Observation
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..records.document import FieldPath
from ..records.references import iter_models
from ..records.statements import Figure, Reach

_AIM = "目标|计划|规划|规定|预期|预计"
_AIMS = {
    "label": re.compile(
        rf"[（(](?:[^（）()]*[年月底末前])?(?:{_AIM})[数值]?[）)]|(?:{_AIM})[数值]$|^预[计期]"
    ),
    "note": re.compile(rf"^(?:{_AIM})[数值](?=[，。；（]|$)"),
    "as_of_text": re.compile("目标|计划|预期|预计|力争"),
}
"""What says that a number was not reached: in each field only where it can hardly mean anything else."""


def check_reached_figures(dataset: Dataset) -> Iterator[Diagnostic]:
    """A reached figure is not dated after its source, nor called a target, a plan, a forecast or a requirement."""
    for entry in dataset.entries:
        for path, figure in _reached_figures(entry):
            source = dataset.sources.get(figure.source)
            if source and figure.as_of.start > source.period.end:
                values = {"as_of": figure.as_of.text, "source_date": source.period.text}
                yield entry.diagnose("B508", (*path, "as_of"), **values)
            for field, aims in _AIMS.items():
                found = aims.search(getattr(figure, field, None) or "")
                if found:
                    yield entry.diagnose("B511", (*path, field), got=found[0].strip("（）()"))
                    break


# All that says what a number is of, but for the number.
_FIGURE = attrgetter("label", "as_of.text", "source", "unit", "change", "form")
_OBSERVATION = attrgetter("as_of.text", "as_of_text", "source", "form")


def check_repeated_figures(dataset: Dataset) -> Iterator[Diagnostic]:
    """A record gives what one source says of one thing at one date once."""
    for entry in dataset.entries:
        if isinstance(entry.record, Indicator):
            yield from _find_repeats(entry, "observations", map(_OBSERVATION, entry.record.observations))
            continue
        figures = getattr(entry.record, "figures", ())
        names = {figure.label for figure in figures}
        if len(names) < len(figures):  # of thousands of records, few say more than one thing under a name
            yield from _find_repeats(entry, "figures", map(_FIGURE, figures))


def _find_repeats(entry: Entry, field: str, counted: Iterable[object]) -> Iterator[Diagnostic]:
    first: dict[object, int] = {}
    for index, what in enumerate(counted):
        if (earlier := first.setdefault(what, index)) != index:
            yield entry.diagnose("B513", (field, index, "value"), first=earlier + 1)


def _reached_figures(entry: Entry) -> Iterator[tuple[FieldPath, Figure | Observation]]:
    for path, figure in iter_models(entry.record, (Figure, Observation)):
        if figure.form is Reach.REACHED:
            yield path, figure
