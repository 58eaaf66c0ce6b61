"""What one map shows, and its GeoJSON, whose order of coordinates others take from here.

Positions are WGS-84. Nothing is escaped here; the browser places every text through `textContent`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic_core import to_json

from ..geography.datum import BoundingBox, Point
from ..records.places import Precision

_DECIMALS = 5  # about a metre


class PlaceFeature(NamedTuple):
    """One place on a map.

    `kind` is in words (示范片); `url` is relative to the site's root, empty for a place without a page.
    `belt` is the belt that it is drawn with (0 for none), `belts` all that it belongs to, `editorial` those to which
    the site, not a source, added it; `number` is its place along `belt` (0 for none), `numbers` along each of `belts`.
    """

    id: str
    name: str
    kind: str
    url: str
    summary: str
    district: str
    point: Point
    precision: Precision
    radius_km: float
    precision_label: str
    belt: int = 0
    belts: tuple[int, ...] = ()
    editorial: tuple[int, ...] = ()
    number: int = 0
    numbers: tuple[int, ...] = ()
    note: str = ""

    @property
    def spot(self) -> Point:
        """Its point to some 10 m: places that share it are drawn once."""
        return Point(round(self.point.lat, 4), round(self.point.lon, 4))


class BeltLayer(NamedTuple):
    """A belt on a map with several; `url` is its page's, `line` joins its stops in order, empty for none.

    `track` are the stretches of a recorded track; where there are any they are drawn instead of the line.
    """

    number: int
    name: str
    url: str = ""
    line: tuple[Point, ...] = ()
    track: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class MapData:
    """All that is particular to one map.

    `line` is the route of a map with one belt, empty for none, and `track` the stretches of its recorded
    track, drawn instead; `bounds` is what the map shows first; `district_code` is the district to set off,
    empty for none.
    """

    title: str
    features: tuple[PlaceFeature, ...]
    belts: tuple[BeltLayer, ...] = ()
    line: tuple[Point, ...] = ()
    track: tuple[tuple[Point, ...], ...] = ()
    line_note: str = ""
    district_code: str = ""
    bounds: BoundingBox = field(kw_only=True)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, the map's own first."""
        own = self.belts[0].number if self.belts else max((f.belt for f in self.features), default=0)
        drawn = [*_lines_of(own, self.line, self.track)]
        drawn += (line for belt in self.belts for line in _lines_of(belt.number, belt.line, belt.track))
        return tuple(line for line in drawn if len(line.points) > 1)


class Line(NamedTuple):
    """A line in its belt's colour: straight between stops, or a recorded track."""

    belt: int
    points: tuple[Point, ...]
    recorded: bool = False


def _lines_of(belt: int, line: tuple[Point, ...], track: tuple[tuple[Point, ...], ...]) -> Iterator[Line]:
    if line and not track:
        yield Line(belt, line)
    for stretch in track:
        yield Line(belt, stretch, recorded=True)


def encode_geojson(data: MapData) -> bytes:
    """One RFC 7946 FeatureCollection: lines, then places; the map's own facts as foreign members."""
    collection = {
        "type": "FeatureCollection",
        "title": data.title,
        "bbox": encode_box(data.bounds),
        "belts": [{"number": belt.number, "name": belt.name, "url": belt.url} for belt in data.belts],
        "district_code": data.district_code,
        "features": [*_line_features(data), *(_place_feature(f) for f in data.features)],
    }
    return to_json(collection) + b"\n"


def position(point: Point, decimals: int = _DECIMALS) -> list[float]:
    """A point in GeoJSON's order: longitude, latitude."""
    return [round(point.lon, decimals), round(point.lat, decimals)]


def point_at(position: Sequence[float]) -> Point:
    """The point at a position in GeoJSON's order."""
    return Point(position[1], position[0])


def encode_box(box: BoundingBox, decimals: int = _DECIMALS) -> list[float]:
    """A box in GeoJSON's order: west, south, east, north."""
    corners = Point(box.south, box.west), Point(box.north, box.east)
    return [number for corner in corners for number in position(corner, decimals)]


def _line_features(data: MapData) -> Iterator[dict[str, Any]]:
    for line in data.lines:
        yield {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [position(point) for point in line.points]},
            "properties": {"belt": line.belt, **({"recorded": True} if line.recorded else {})},
        }


def _place_feature(feature: PlaceFeature) -> dict[str, Any]:
    """A place; its empty texts and zeros are left out."""
    properties = {
        "name": feature.name,
        "kind": feature.kind,
        "url": feature.url,
        "summary": feature.summary,
        "district": feature.district,
        "precision": feature.precision.value,
        "radius_km": feature.radius_km,
        "precision_label": feature.precision_label,
        "belt": feature.belt,
        "belts": list(feature.belts),
        "editorial": list(feature.editorial),
        "number": feature.number,
        "numbers": list(feature.numbers) if feature.number else [],
        "note": feature.note,
    }
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": {"type": "Point", "coordinates": position(feature.point)},
        "properties": {key: value for key, value in properties.items() if value not in ("", 0, [])},
    }
