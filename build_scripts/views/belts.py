"""The belts as cards, and the pages that show them all: their list and the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..addresses import record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.registry import kind_named
from .parts import MapFigure


class BeltCard(NamedTuple):
    """A belt in a list; `cover` is inline SVG drawn from its stops.

    `editorial` says that the site, not a source, chose stops.
    """

    number: int
    name: str
    url: str
    summary: str
    level: str
    stops: tuple[str, ...]
    stops_note: str
    editorial: bool
    cover: str


class BeltsView(NamedTuple):
    """The list of belts."""

    title: str
    belts: tuple[BeltCard, ...]
    map: MapFigure | None


class MapView(NamedTuple):
    """The map page."""

    map: MapFigure | None
    belts: tuple[BeltCard, ...]


Covers = Callable[[Record], str]


def build_belts(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> BeltsView:
    """The list of belts."""
    return BeltsView(kind_named("belt").title, belt_cards(catalogue, covers), figure)


def build_map(catalogue: Catalogue, figure: MapFigure | None, covers: Covers) -> MapView:
    """The map page."""
    return MapView(figure, belt_cards(catalogue, covers))


def belt_cards(catalogue: Catalogue, covers: Covers) -> tuple[BeltCard, ...]:
    """The belts as cards, by number."""
    return tuple(
        BeltCard(
            number=belt.number,
            name=belt.name,
            url=record_url(belt),
            summary=belt.summary,
            level=belt.level.label,
            stops=tuple(map(catalogue.stop_name, belt.stops)),
            stops_note=belt.stops_note or "",
            editorial=belt.is_editorial,
            cover=covers(belt),
        )
        for belt in catalogue.of(Belt)
    )
