"""The home page: belts, key figures, phases, what has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.indicator import Indicator
from ..records.statements import Basis, Reach
from .belts import BeltCard, Covers, belt_cards
from .cards import record_card
from .citations import Citations
from .history import PhaseCard, phase_cards
from .links import record_link
from .parts import Citation, FigureRow, Link, LinkGroup, MapFigure, RecordCard
from .records import count_kinds
from .rows import observation_row


class KeyFigure(NamedTuple):
    """A figure on the home page: what was reached last, beside the targets; `caveat` where sources differ."""

    link: Link
    reached: FigureRow | None
    targets: tuple[FigureRow, ...]
    caveat: str


class HomeView(NamedTuple):
    """The home page; `editorial` begins the sentence on the stops that the site chose, empty where it chose none."""

    title: str
    city: str
    tagline: str
    belts: tuple[BeltCard, ...]
    editorial: str
    map: MapFigure | None
    key_figures: tuple[KeyFigure, ...]
    phases: tuple[PhaseCard, ...]
    recent: tuple[RecordCard, ...]
    counts: tuple[LinkGroup, ...]
    citations: tuple[Citation, ...]


def build_home(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> HomeView:
    """The home page's view."""
    cite = Citations(catalogue)
    key_figures = tuple(_key_figure(catalogue.records[i], cite) for i in catalogue.city.key_indicators)
    phases = phase_cards(catalogue, Citations(catalogue), with_events=False)
    recent = recent_records(catalogue, 6)
    return HomeView(
        title=catalogue.city.title,
        city=catalogue.city.name,
        tagline=catalogue.city.tagline,
        belts=belt_cards(catalogue, covers),
        editorial=_tell_editorial(catalogue.of(Belt)),
        map=figure,
        key_figures=key_figures,
        phases=phases,
        recent=tuple(record_card(r, catalogue, r.date.isoformat()) for r in recent),
        counts=count_kinds(catalogue.records.values()),
        citations=cite.listed(),
    )


def recent_records(catalogue: Catalogue, most: int) -> tuple[Record, ...]:
    """The records changed last; of one day those that are not new come first, and kinds take turns, so that all are seen."""
    turns: dict[tuple[int, bool, str], int] = defaultdict(int)
    keyed = []
    for record in catalogue.records.values():
        day, is_new = record.date.toordinal(), record.updated is None
        keyed.append(((-day, is_new, turns[day, is_new, record.kind]), record))
        turns[day, is_new, record.kind] += 1
    return tuple(record for _, record in sorted(keyed, key=lambda item: item[0])[:most])


def _tell_editorial(belts: Iterable[Belt]) -> str:
    bases = [stop.basis for belt in belts for stop in belt.stops]
    chosen = bases.count(Basis.EDITORIAL)
    if not chosen:
        return ""
    return "站点多由" if 2 * chosen > len(bases) else "部分站点由"


def _key_figure(record: Record, cite: Citations) -> KeyFigure:
    if not isinstance(record, Indicator):
        raise TypeError(f"{record.id} is not an indicator")
    latest = [record.latest] if record.latest.form is Reach.REACHED else []
    aims = [o for o in record.observations if o.form is not Reach.REACHED]
    reached = [observation_row(o, record, cite) for o in latest]  # only what is shown is cited
    targets = tuple(observation_row(o, record, cite) for o in aims)
    sources = {o.source for o in (*latest, *aims)}
    caveat = "出自不同来源，口径可能不同。" if len(sources) > 1 else ""
    return KeyFigure(record_link(record), reached[0] if reached else None, targets, caveat)
