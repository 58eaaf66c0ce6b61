"""Which chart stands on which page: an indicator's values, parts of a whole, the phases of the history.

Decides what is drawn and describes it in words; `charts` draws. A single value with nothing to be held
against gets no chart.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence

from ..catalogue import Catalogue
from ..kinds.indicator import Indicator, Observation
from ..kinds.milestone import Milestone
from ..records.dates import PartialDate, parse_date
from ..records.quantities import Bound, Quantity
from ..records.statements import Reach
from .charts import Bar, Span, draw_bars, draw_timeline
from .parts import Chart

_DAY = datetime.timedelta(days=1)
_MORE = (Bound.OVER, Bound.AT_LEAST)
_KEYS = {
    Reach.REACHED: "实心条为实际数",
    Reach.TARGET: "细线为目标",
    Reach.FORECAST: "虚线为预计",
    Reach.REQUIRED: "点线为规定",
}


def chart_indicator(indicator: Indicator, catalogue: Catalogue) -> Chart | None:
    """The values of an indicator from zero, oldest first; a share against 100, a part against its whole."""
    whole = _whole_of(indicator, catalogue)
    full = _full_length(indicator, whole)
    observations = sorted(indicator.observations, key=lambda o: (o.as_of.start, o.as_of.end))
    if full is None and len(observations) < 2:
        return None
    longest = full or max(_size(o.value) for o in observations)
    if not longest:
        return None
    bars = tuple(_bar(_dated(o), o, indicator.unit, longest) for o in observations)
    words = _key(observations) + _full_words(indicator, whole)
    title = f"{indicator.name}：{'、'.join(dict.fromkeys(o.form.label for o in observations))}"
    return Chart(draw_bars(f"chart-{indicator.id}", title, _describe(bars), bars), _sentence(words))


def chart_parts(whole: Indicator, parts: Sequence[Indicator]) -> Chart | None:
    """The latest value of each part of a whole against the whole; None when none can be held against it."""
    bars = []
    for part in parts:
        full = _full_length(part, whole)
        if full:
            bars.append(_bar(part.name, part.latest, part.unit, full))
    if not bars:
        return None
    drawn = draw_bars(f"parts-{whole.id}", f"{whole.name}：其中", _describe(bars), bars)
    return Chart(drawn, _sentence(_full_words(parts[0], whole)))


def parts_of(whole: Indicator, catalogue: Catalogue) -> tuple[Indicator, ...]:
    """The indicators that are counted out of another."""
    citing = catalogue.references_to(whole.id)
    return tuple(r for r in citing if isinstance(r, Indicator) and r.whole == whole.id)


def chart_phases(phases: Sequence[Milestone], events: Iterable[Milestone]) -> Chart | None:
    """Phases on an axis of years with a dot for each event; an open phase is drawn up to the next one."""
    if not phases:
        return None
    events = tuple(events)
    ends = phase_ends(phases)
    last = max(date.year for date in (*(m.period.start for m in (*phases, *events)), *filter(None, ends))) + 1
    spans = [_span(phase, end, last) for phase, end in zip(phases, ends, strict=True)]
    words = "；".join(f"{phase.name}，{phase.period}" for phase in phases)
    years = [event.period.start.year for event in events]
    text = f"{words}。另以圆点标出{len(years)}件大事的年份。"
    drawn = draw_timeline("chart-phases", "各阶段与大事的时间", text, spans, years)
    return Chart(
        drawn,
        "来源没有写止期的阶段，画到下一阶段开始；浅色表示只知道起于这个年代。每个圆点是当年的一件大事。",
    )


def phase_ends(phases: Sequence[Milestone]) -> list[datetime.date | None]:
    """The last day of each phase, from the first on: an open one ends before the next begins, the last one not at all."""
    following = [phase.period.start - _DAY for phase in phases[1:]]
    return [
        before if phase.period.is_open else phase.period.end
        for phase, before in itertools.zip_longest(phases, following)
    ]


def _span(phase: Milestone, last_day: datetime.date | None, last: int) -> Span:
    first, slash, _ = phase.period.text.partition("/")
    begun = parse_date(first)
    start = _year(begun.start)
    end = max(_year(last_day + _DAY), start + 0.5) if last_day else last
    sure = _year(begun.end + _DAY) if slash and _is_vague(begun) else start
    return Span(phase.name, start, min(sure, end), end, is_open=not last_day)


def _is_vague(date: PartialDate) -> bool:
    """Whether a date names more than a year."""
    return (date.end - date.start).days > 366


def _year(date: datetime.date) -> float:
    """A day on an axis of years."""
    return date.year + (date.timetuple().tm_yday - 1) / 366


# -- values as lengths -----------------------------------------------------------------------------


def _bar(label: str, observation: Observation, unit: str | None, longest: float) -> Bar:
    value = observation.value
    return Bar(
        label=label,
        printed="".join(value.read_with(unit)),
        share=_size(value) / longest,
        form=observation.form.value,
        more=value.bound in _MORE,
    )


def _size(value: Quantity) -> float:
    return float(value.high or value.low)


def _dated(observation: Observation) -> str:
    return f"{observation.form.label} · {observation.as_of}"


def _whole_of(indicator: Indicator, catalogue: Catalogue) -> Indicator | None:
    whole = catalogue.records.get(indicator.whole or "")
    return whole if isinstance(whole, Indicator) else None


def _full_length(indicator: Indicator, whole: Indicator | None) -> float | None:
    """What a bar of full width stands for: all of a share, the whole of a part; None when neither."""
    if indicator.unit == "%":
        return None if indicator.change else 100.0
    if whole is None or whole.unit != indicator.unit:
        return None
    return _size(whole.latest.value) or None


def _full_words(indicator: Indicator, whole: Indicator | None) -> list[str]:
    if whole is not None and indicator.unit in ("%", whole.unit):
        last = whole.latest
        return [f"整条为{whole.name}，{''.join(last.value.read_with(whole.unit))}（{last.as_of}）"]
    return ["整条为100%"] if indicator.unit == "%" and not indicator.change else []


def _key(observations: Iterable[Observation]) -> list[str]:
    forms = {o.form for o in observations}
    words = [words for form, words in _KEYS.items() if form in forms] if forms != {Reach.REACHED} else []
    more = any(o.value.bound in _MORE for o in observations)
    return words + (["三角表示来源写的是“余”“多”或“超过”"] if more else [])


def _describe(bars: Iterable[Bar]) -> str:
    return "；".join(f"{bar.label}，{bar.printed}" for bar in bars) + "。"


def _sentence(words: Sequence[str]) -> str:
    return f"{'；'.join(words)}。" if words else ""
