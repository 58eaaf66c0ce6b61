"""Dates: a reached figure is no younger than its source."""

from __future__ import annotations

from collections.abc import Iterator

from ..city import City
from ..diagnostics import Diagnostic
from ..entries import Entry
from ..kinds.indicator import Indicator
from ..load import Dataset
from ..references import iter_models
from ..values import Figure, PartialDate, Reach
from ..yaml_text import Path


def check_figure_dates(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A reached figure is not dated after the source that gives it."""
    for entry in dataset.entries:
        for path, as_of, source_id in _reached_figures(entry):
            source = dataset.sources.get(source_id)
            if source and as_of.start > source.period.end:
                values = {"as_of": as_of.text, "source_date": source.period.text}
                yield entry.diagnose("B508", (*path, "as_of"), **values)


def _reached_figures(entry: Entry) -> Iterator[tuple[Path, PartialDate, str]]:
    if isinstance(entry.record, Indicator):
        for index, observation in enumerate(entry.record.observations):
            if observation.form is Reach.REACHED:
                yield ("observations", index), observation.as_of, observation.source
    for path, figure in iter_models(entry.record, (Figure,)):
        if figure.form is Reach.REACHED:
            yield path, figure.as_of, figure.source
