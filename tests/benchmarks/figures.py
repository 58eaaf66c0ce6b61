"""What a benchmark's samples say: medians, spreads, ratios within one round, growth, and the report.

Pure functions: nothing here starts a process or reads a clock.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Sample:
    """One finished run: seconds, seconds of processor time, and the largest process in MB."""

    contender: str
    areas: int
    round: int
    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several figures, the least and the greatest."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.greatest:.2f})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Contenders whose times are added up, over others; `goal` is the most that the ratio should be."""

    title: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    goal: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a report shows: sizes, the title of each contender, comparisons, and further lines."""

    sizes: tuple[int, ...]
    titles: Mapping[str, str]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...] = ()


def spread_of(values: Iterable[float]) -> Spread:
    """Median, least and greatest of at least one figure."""
    found = sorted(values)
    return Spread(statistics.median(found), found[0], found[-1])


def select_samples(samples: Iterable[Sample], contender: str, areas: int) -> list[Sample]:
    """The samples of one contender at one size, by round."""
    found = (s for s in samples if s.contender == contender and s.areas == areas)
    return sorted(found, key=lambda s: s.round)


def ratios_of(samples: Sequence[Sample], comparison: Comparison, areas: int, figure: str) -> Spread | None:
    """The ratio of each round in which all took part, so that a slow minute slows both sides alike.

    `figure` is `wall` or `cpu`; None when there was no such round.
    """

    def by_round(names: tuple[str, ...]) -> dict[int, float]:
        rounds: dict[int, list[float]] = {}
        for name in names:
            for sample in select_samples(samples, name, areas):
                rounds.setdefault(sample.round, []).append(getattr(sample, figure))
        return {number: sum(values) for number, values in rounds.items() if len(values) == len(names)}

    over, under = by_round(comparison.over), by_round(comparison.under)
    ratios = [over[number] / under[number] for number in over.keys() & under.keys()]
    return spread_of(ratios) if ratios else None


def growth_exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """The power of the size that time grows by: 1 when twice the areas take twice the time.

    Each argument is (areas, seconds).
    """
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def growth_of(samples: Sequence[Sample], contender: str) -> list[tuple[int, int, float]]:
    """(areas, areas, exponent) from each size to the next, by the medians of processor time."""
    sizes = sorted({s.areas for s in samples if s.contender == contender})
    cpu = {n: spread_of(s.cpu for s in select_samples(samples, contender, n)).median for n in sizes}
    return [(a, b, growth_exponent((a, cpu[a]), (b, cpu[b]))) for a, b in pairwise(sizes)]


def render_markdown(report: Mapping[str, object], samples: Sequence[Sample], parts: Report) -> str:
    """The report for people."""
    lines = ["# Benchmark", ""]
    lines += [f"- {key}: {value}" for key, value in report.items()]
    lines += ["", "Median (least–greatest). MB is the largest single process.", ""]
    lines += ["| areas | what | seconds | processor seconds | MB |", "| --- | --- | --- | --- | --- |"]
    for areas in parts.sizes:
        for name, title in parts.titles.items():
            if found := select_samples(samples, name, areas):
                wall, cpu = spread_of(s.wall for s in found), spread_of(s.cpu for s in found)
                peak = max(s.megabytes for s in found)
                lines.append(f"| {areas} | {title} | {wall} | {cpu} | {peak:.0f} |")
    lines += ["", "| areas | ratio within a round | seconds | processor seconds | goal |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for areas in parts.sizes:
        for comparison in parts.comparisons:
            if ratio := ratios_of(samples, comparison, areas, "wall"):
                processor = ratios_of(samples, comparison, areas, "cpu")
                lines.append(
                    f"| {areas} | {comparison.title} | {ratio} | {processor} | ≤ {comparison.goal} |"
                )
    lines += ["", "Growth (1: twice the areas take twice the processor time):", ""]
    for name, title in parts.titles.items():
        lines += [f"- {title}: {a} → {b}: {e:.2f}" for a, b, e in growth_of(samples, name)]
    lines += ["", *(f"- {line}" for line in parts.notes)]
    return "\n".join(lines) + "\n"


def encode_report(
    report: Mapping[str, object], samples: Sequence[Sample], parts: Report
) -> dict[str, object]:
    """The report for programs: every sample, and every ratio."""
    ratios = [
        {
            "areas": areas,
            "title": comparison.title,
            "goal": comparison.goal,
            "wall": asdict(wall),
            "cpu": asdict(cpu),
        }
        for areas in parts.sizes
        for comparison in parts.comparisons
        if (wall := ratios_of(samples, comparison, areas, "wall"))
        and (cpu := ratios_of(samples, comparison, areas, "cpu"))
    ]
    growth = {name: growth_of(samples, name) for name in parts.titles}
    return {
        **report,
        "samples": [asdict(s) for s in samples],
        "ratios": ratios,
        "growth": growth,
        "notes": list(parts.notes),
    }
