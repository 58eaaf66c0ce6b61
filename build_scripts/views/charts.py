"""Charts as inline SVG: bars against a full length, and a timeline of spans and events.

Numbers and words in, markup out; knows no record and no page. Lengths across are per cent and lengths down
are `em`, so a chart is as wide as its column while its texts keep the reader's size. Colours come from the
style sheet by class. A chart is one image to a screen reader, described in words; its table stands beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

_LINE = 1.55  # em from one line of text to the next
_BAR = 0.62
_GAP = 0.95
_LABEL_WIDTH = 16.0  # em of a label's line, so that its value has room on the narrowest screen
_LAST_NARROW = 0x2E7F  # characters beyond are as wide as they are high
_WORDS = re.compile(r"[!-~]+|[（“《].|.")


class Bar(NamedTuple):
    """One value: `share` of the full length (0 to 1), `printed` with its unit, `form` a class of the sheet.

    `more` says that the true value lies above the one drawn, as 820余 says.
    """

    label: str
    printed: str
    share: float
    form: str = "reached"
    more: bool = False


class Span(NamedTuple):
    """A span of a timeline in years; it may have begun as late as `sure`, and end open."""

    label: str
    start: float
    sure: float
    end: float
    is_open: bool = False


def draw_bars(chart_id: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """One bar a row, its label above it and its value at the row's end."""
    parts: list[str] = []
    top = 0.0
    for bar in bars:
        lines = _break_label(bar.label)
        parts.extend(_draw_bar(bar, lines, top))
        top += _LINE * len(lines) + _BAR + _GAP
    return _frame(chart_id, title, description, top - _GAP + 0.3, parts)


def _goal(x: str, y: float) -> str:
    high, low = f"{y - 0.2:.2f}em", f"{y + _BAR + 0.2:.2f}em"
    return f'<line class="chart__goal" x1="{x}" y1="{high}" x2="{x}" y2="{low}"/>'


def _draw_bar(bar: Bar, lines: Sequence[str], top: float) -> Iterator[str]:
    for n, line in enumerate(lines):
        yield _text(line, "0", top + _LINE * n + 1.05, "chart__label")
    y = top + _LINE * len(lines)
    middle = f"{y + _BAR / 2:.2f}em"
    yield _text(bar.printed, "100%", y - _LINE + 1.05, "chart__value", end=True)
    yield f'<rect class="chart__track" x="0" y="{y:.2f}em" width="100%" height="{_BAR}em"/>'
    end = _percent(min(bar.share, 1.0))
    if bar.form == "reached":
        yield f'<rect class="chart__bar" x="0" y="{y:.2f}em" width="{end}" height="{_BAR}em"/>'
    else:
        yield f'<line class="chart__aim chart__aim--{bar.form}" x1="0" y1="{middle}" x2="{end}" y2="{middle}"/>'
        yield _goal(end, y)
    if bar.more and bar.share < 1:
        yield f'<svg class="chart__more" x="{end}" y="{middle}"><path d="M3-4l5 4-5 4z"/></svg>'


def draw_timeline(
    chart_id: str, title: str, description: str, spans: Sequence[Span], years: Iterable[int]
) -> str:
    """Spans in rows, and below them a dot for each of `years`, an event's year; decades on the axis."""
    events = Counter(years)
    first = math.floor(min([span.start for span in spans] + list(events)) / 10) * 10
    last = math.ceil(max([span.end for span in spans] + [year + 1 for year in events]))
    scale = _Scale(first, last)
    parts: list[str] = []
    row = _LINE + _BAR + 0.75
    axis = row * len(spans) + 0.8 * max(events.values(), default=0) + 0.6
    parts.extend(_draw_axis(scale, axis))
    for n, span in enumerate(spans):
        parts.extend(_draw_span(span, scale, row * n))
    parts.extend(_draw_events(events, scale, axis))
    return _frame(chart_id, title, description, axis + 1.5, parts)


class _Scale(NamedTuple):
    first: int
    last: int

    def at(self, year: float) -> float:
        """The share of the width at which a year lies."""
        return (year - self.first) / (self.last - self.first)


def _draw_span(span: Span, scale: _Scale, top: float) -> Iterator[str]:
    start, sure, end = scale.at(span.start), scale.at(span.sure), scale.at(span.end)
    y = f"{top + _LINE:.2f}em"
    if start < 0.5:
        yield _text(span.label, _percent(start), top + 1.05, "chart__label")
    else:
        yield _text(span.label, _percent(end), top + 1.05, "chart__label", end=True)
    if sure > start:
        width = _percent(sure - start)
        yield f'<rect class="chart__perhaps" x="{_percent(start)}" y="{y}" width="{width}" height="{_BAR}em"/>'
    width = _percent(end - sure)
    yield f'<rect class="chart__bar" x="{_percent(sure)}" y="{y}" width="{width}" height="{_BAR}em"/>'
    if span.is_open:
        middle = f"{top + _LINE + _BAR / 2:.2f}em"
        yield f'<svg class="chart__more" x="{_percent(end)}" y="{middle}"><path d="M2-5l6 5-6 5z"/></svg>'


def _draw_axis(scale: _Scale, axis: float) -> Iterator[str]:
    y = f"{axis:.2f}em"
    for year in range(scale.first, scale.last, 10):
        x = _percent(scale.at(year))
        yield f'<line class="chart__decade" x1="{x}" y1="0" x2="{x}" y2="{y}"/>'
        yield _text(str(year), x, axis + 1.3, "chart__label", end=scale.at(year) > 0.88)
    yield f'<line class="chart__axis" x1="0" y1="{y}" x2="100%" y2="{y}"/>'


def _draw_events(events: Counter[int], scale: _Scale, axis: float) -> Iterator[str]:
    for year in sorted(events):
        x = _percent(scale.at(year + 0.5))
        for n in range(events[year]):
            yield f'<circle class="chart__event" cx="{x}" cy="{axis - 0.55 - 0.8 * n:.2f}em" r="0.28em"/>'


# -- markup ----------------------------------------------------------------------------------------


def _frame(chart_id: str, title: str, description: str, height: float, parts: Iterable[str]) -> str:
    names = f"{chart_id}-title {chart_id}-text"
    return (
        f'<svg class="chart__picture" role="img" aria-labelledby="{names}" width="100%" height="{height:.2f}em">'
        f'<title id="{chart_id}-title">{escape(title)}</title>'
        f'<desc id="{chart_id}-text">{escape(description)}</desc>{"".join(parts)}</svg>'
    )


def _text(text: str, x: str, y: float, name: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{name}" x="{x}" y="{y:.2f}em"{anchor}>{escape(text)}</text>'


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _break_label(label: str) -> list[str]:
    """A label in lines that leave room for a value; a run of Latin letters and digits stays whole."""
    lines, room = [""], _LABEL_WIDTH
    for word in _WORDS.findall(label):
        width = sum(1.0 if ord(c) > _LAST_NARROW else 0.6 for c in word)
        if width > room and lines[-1]:
            lines.append("")
            room = _LABEL_WIDTH
        lines[-1] += word
        room -= width
    return lines
