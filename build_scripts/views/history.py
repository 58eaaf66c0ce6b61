"""The history page: phases and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ..addresses import record_url
from ..catalogue import Catalogue
from ..kinds.milestone import Milestone, MilestoneForm
from .citations import Citations
from .exhibits import chart_phases, phase_ends
from .parts import Chart, Citation, Claim
from .rows import claim


class PhaseCard(NamedTuple):
    """One phase of the history with the events that fall into it."""

    id: str
    name: str
    url: str
    period: str
    summary: str
    claims: tuple[Claim, ...]
    events: tuple[EventCard, ...]


class EventCard(NamedTuple):
    """One dated event."""

    name: str
    url: str
    date: str
    summary: str
    claims: tuple[Claim, ...]


class HistoryView(NamedTuple):
    """The history page: phases with their events, and events outside any phase."""

    chart: Chart | None
    phases: tuple[PhaseCard, ...]
    events: tuple[EventCard, ...]
    citations: tuple[Citation, ...]


def build_history(catalogue: Catalogue) -> HistoryView:
    """Phases with the events inside them; events outside any phase apart."""
    cite = Citations(catalogue)
    phases = phase_cards(catalogue, cite, with_events=True)
    inside = {event.url for phase in phases for event in phase.events}
    events = [m for m in catalogue.of(Milestone) if m.form is MilestoneForm.EVENT]
    outside = tuple(_event_card(m, cite) for m in events if record_url(m) not in inside)
    spans = tuple(m for m in catalogue.of(Milestone) if m.form is MilestoneForm.PHASE)
    return HistoryView(chart_phases(spans, events), phases, outside, cite.listed())


def phase_cards(catalogue: Catalogue, cite: Citations, *, with_events: bool) -> tuple[PhaseCard, ...]:
    """The phases, with the events of each if asked for."""
    milestones = catalogue.of(Milestone)
    phases = [m for m in milestones if m.form is MilestoneForm.PHASE]
    events = [m for m in milestones if m.form is MilestoneForm.EVENT] if with_events else []
    periods = list(zip(phases, phase_ends(phases), strict=True))
    phase_of = {event.id: _find_phase(event, periods) for event in events}
    return tuple(
        _phase_card(phase, [event for event in events if phase_of[event.id] is phase], cite)
        for phase in phases
    )


def _find_phase(event: Milestone, periods: Sequence[tuple[Milestone, date | None]]) -> Milestone | None:
    """The phase that an event's first day lies in, of several the one that began last."""
    day = event.period.start
    inside = (phase for phase, end in periods if phase.period.start <= day and (end is None or day <= end))
    return max(inside, key=lambda phase: phase.period.start, default=None)


def _phase_card(phase: Milestone, events: list[Milestone], cite: Citations) -> PhaseCard:
    return PhaseCard(
        id=phase.id,
        name=phase.name,
        url=record_url(phase),
        period=str(phase.period),
        summary=phase.summary,
        claims=tuple(claim(fact, cite) for fact in phase.facts),
        events=tuple(_event_card(event, cite) for event in events),
    )


def _event_card(event: Milestone, cite: Citations) -> EventCard:
    claims = tuple(claim(fact, cite) for fact in event.facts)
    return EventCard(event.name, record_url(event), str(event.period), event.summary, claims)
