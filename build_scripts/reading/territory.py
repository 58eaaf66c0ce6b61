"""The city's tables and shapes: townships and villages, the district polygons and the other layers of the map.

What cannot be used is reported where city.yml names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic_core import from_json, to_json

from ..faults.diagnostics import Diagnostic
from ..geography.boundaries import MALFORMED, Boundaries, decode_boundaries, decode_layer, word_reason
from ..geography.datum import BoundingBox
from ..geography.gazetteer import (
    Gazetteer,
    Township,
    Village,
    decode_townships,
    decode_villages,
    make_gazetteer,
)
from ..records.city import City
from ..records.document import Document, FieldPath
from ..storage.cache import Cache, digest_of, program_digest

_Unit = TypeVar("_Unit", Township, Village)


def read_gazetteer(
    city: City, files: Mapping[str, bytes], document: Document, diagnostics: list[Diagnostic]
) -> Gazetteer:
    """The tables of townships and villages; an empty gazetteer when either is faulty, so that no code is missed in it."""
    names, before = city.gazetteer, len(diagnostics)

    def decode(field: str, read: Callable[[bytes], tuple[_Unit, ...]]) -> tuple[_Unit, ...]:
        name = getattr(names, field)
        try:
            return read(files[name]) if name in files else ()
        except ValueError as error:
            diagnostics.append(_unreadable(document, ("gazetteer", field), name, "CSV", error))
            return ()

    townships, villages = decode("townships", decode_townships), decode("villages", decode_villages)
    return make_gazetteer(townships, villages) if len(diagnostics) == before else Gazetteer()


def read_boundaries(
    city: City,
    files: dict[str, bytes],
    document: Document,
    diagnostics: list[Diagnostic],
    cache: Cache,
) -> Boundaries:
    """The district polygons; a layer of which no map can be drawn is reported where city.yml names it, and no file.

    Layers that the cache knows to be sound are not decoded again.
    """
    layers = city.map.layers
    named = {name: getattr(layers, name) for name in type(layers).model_fields}
    found = {name: files[target] for name, target in named.items() if target in files}
    layer = found.get("districts", b"")
    key = digest_of(program_digest(), b"boxes", layer, *found.values())
    if kept := cache.read([key]).get(key):
        return Boundaries(layer, {code: BoundingBox(*limits) for code, limits in from_json(kept).items()})
    boundaries, before = Boundaries(), len(diagnostics)
    for name, content in found.items():
        try:
            if name == "districts":
                boundaries = decode_boundaries(content)
            else:
                decode_layer(name, content)
        except MALFORMED as error:
            files.pop(named[name], None)
            diagnostics.append(_unreadable(document, ("map", "layers", name), named[name], "GeoJSON", error))
    if len(diagnostics) == before:
        cache.add({key: to_json(boundaries.boxes)})
    return boundaries


def _unreadable(document: Document, at: FieldPath, file: str, form: str, error: Exception) -> Diagnostic:
    return document.diagnose("B703", document.mark(at), file=file, format=form, reason=word_reason(error))
