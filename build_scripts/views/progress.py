"""The progress page: indicators with what was observed of them."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ..catalogue import Catalogue
from ..kinds.indicator import Indicator
from .citations import Citations
from .exhibits import chart_indicator
from .links import record_link
from .parts import Chart, Citation, FigureRow, Link
from .rows import Shares, build_shares, observation_row


class IndicatorRow(NamedTuple):
    """An indicator with its observations, oldest first."""

    link: Link
    summary: str
    scope: str
    observations: tuple[FigureRow, ...]
    chart: Chart | None
    shares: Shares | None


class IndicatorGroup(NamedTuple):
    """Indicators under a heading."""

    title: str
    anchor: str
    rows: tuple[IndicatorRow, ...]


class ProgressView(NamedTuple):
    """The progress page."""

    groups: tuple[IndicatorGroup, ...]
    citations: tuple[Citation, ...]


def build_progress(catalogue: Catalogue) -> ProgressView:
    """Every indicator, by group in the city's order of groups, then the rest by name.

    A single value that is counted out of another indicator stands there, beside that one's chart.
    """
    cite = Citations(catalogue)
    groups: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in catalogue.of(Indicator):
        if not stands_with_whole(indicator, catalogue):
            groups[indicator.group].append(indicator)
    built = tuple(
        IndicatorGroup(title, f"group-{n}", tuple(indicator_row(i, catalogue, cite) for i in found))
        for n, (title, found) in enumerate(_in_order(groups, catalogue.city.indicator_groups), start=1)
    )
    return ProgressView(built, cite.listed())


def stands_with_whole(indicator: Indicator, catalogue: Catalogue) -> bool:
    """Whether an indicator is one value counted out of another, shown beside that one's chart."""
    return bool(indicator.whole) and indicator.whole in catalogue.records and len(indicator.observations) == 1


def _in_order(
    groups: dict[str, list[Indicator]], order: tuple[str, ...]
) -> list[tuple[str, list[Indicator]]]:
    ranks = {title: rank for rank, title in enumerate(order)}
    return sorted(groups.items(), key=lambda item: (ranks.get(item[0], len(ranks)), item[0]))


def indicator_row(indicator: Indicator, catalogue: Catalogue, cite: Citations) -> IndicatorRow:
    """An indicator with its observations in time order."""
    observations = sorted(indicator.observations, key=lambda o: (o.as_of.start, o.as_of.end))
    scope = catalogue.district_name(indicator.district, "全市")
    rows = tuple(observation_row(o, indicator, cite) for o in observations)
    chart = chart_indicator(indicator, catalogue)
    shares = build_shares(indicator, catalogue, cite)
    return IndicatorRow(record_link(indicator), indicator.summary, scope, rows, chart, shares)
