"""What all maps share, drawn once and kept; and which records they show.

Folium is loaded by what is drawn with it: nothing of it is needed to tell what a drawing is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..routes import build_route
from ..storage.cache import Cache, digest_of, program_digest, remember
from .base_map import BaseMap, build_base_map
from .compose import Composition, MapForm, compose_map
from .features import BeltLayer, MapData

T = TypeVar("T")

_SUMMARISED = 100  # places on a map, each told with its summary


class _Drawing(NamedTuple, Generic[T]):
    """One of the things that all maps share, as `remember` wants it."""

    key: bytes
    kind: type[T]
    make: Callable[[], T]


class DrawingsPlan(NamedTuple):
    """What it takes to have the base map, and the composition of each form of map."""

    base: _Drawing[BaseMap]
    compositions: Mapping[MapForm, _Drawing[Composition]]

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Digests of all that each is drawn from."""
        return self.base.key, *(one.key for one in self.compositions.values())

    def is_kept(self, cache: Cache) -> bool:
        """Whether nothing has to be drawn."""
        return cache.read(self.keys).keys() == {*self.keys}

    def draw(self, cache: Cache) -> tuple[BaseMap, dict[MapForm, Composition]]:
        """All of them, each from the cache where it can be."""
        compositions = {form: remember(cache, *one) for form, one in self.compositions.items()}
        return remember(cache, *self.base), compositions


def plan_drawings(catalogue: Catalogue, tianditu_key: str) -> DrawingsPlan:
    """What all maps of a city share; of the records only the belts have a part in it."""
    city = catalogue.city
    belts = tuple(BeltLayer(belt.number, belt.name) for belt in catalogue.of(Belt))
    drawn_from = digest_of(program_digest(), city.model_dump_json().encode(), tianditu_key.encode())
    shapes = (part for name, content in catalogue.files.items() for part in (name.encode(), content))
    base_key = digest_of(drawn_from, b"base", *shapes)
    compositions = {}
    for form in MapForm:
        compose = partial(compose_map, form, city, belts, tianditu_key=tianditu_key)
        key = digest_of(drawn_from, form.encode(), repr(belts).encode())
        compositions[form] = _Drawing(key, Composition, compose)
    base = _Drawing(base_key, BaseMap, partial(build_base_map, city, catalogue.files))
    return DrawingsPlan(base, compositions)


# -- what is on them -----------------------------------------------------------------------------


def is_drawn(record: Record, catalogue: Catalogue) -> bool:
    """Whether maps show a published record: a belt by its line, any other by its place."""
    if not isinstance(record, Belt):
        return record.location is not None
    route = build_route(record, catalogue)
    return route.track is not None or len(route.line) > 1


def tells_summaries(catalogue: Catalogue) -> bool:
    """Whether the city's map may hold summaries of places: every located record is one of its features."""
    return sum(record.location is not None for record in catalogue.records.values()) <= _SUMMARISED


def lighten(data: MapData) -> MapData:
    """A map of many places without their summaries: they weigh most, and each is on its place's own page."""
    if len(data.features) <= _SUMMARISED:
        return data
    return replace(data, features=tuple(feature._replace(summary="") for feature in data.features))
