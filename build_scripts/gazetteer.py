"""The city's townships and villages by name and code, and its district polygons.

Decodes the CSV tables and boundary GeoJSON named in city.yml. Knows no record.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from .datum import BoundingBox, Point, distance_km


@dataclass(frozen=True, slots=True)
class Township:
    """A township, town or subdistrict; counts are of the 2023 statistical gazetteer.

    `geonames_id` says where the point of its seat comes from.
    """

    code: str
    name: str
    form: str
    district_code: str
    communities: int
    villages: int
    other_units: int
    seat: Point | None
    geonames_id: str = ""


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community of the gazetteer."""

    code: str
    name: str
    form: str
    township_code: str
    district_code: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Townships and villages, each in code order, with look-ups by code."""

    townships: tuple[Township, ...] = ()
    villages: tuple[Village, ...] = ()
    by_code: Mapping[str, Township | Village] = field(default_factory=dict)

    def townships_of(self, district_code: str) -> tuple[Township, ...]:
        """A district's townships."""
        return tuple(t for t in self.townships if t.district_code == district_code)


@lru_cache(maxsize=1)
def decode_gazetteer(townships: bytes | None, villages: bytes | None) -> Gazetteer:
    """Read the two CSV tables (UTF-8, with the header rows of the files that ship); once, for a preview's sake."""
    township_rows = tuple(_township(row) for row in _rows(townships))
    village_rows = tuple(_village(row) for row in _rows(villages))
    by_code: dict[str, Township | Village] = {t.code: t for t in township_rows}
    by_code.update({v.code: v for v in village_rows})
    return Gazetteer(township_rows, village_rows, by_code)


def _rows(content: bytes | None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")))) if content else []


def _township(row: dict[str, str]) -> Township:
    seat = _seat(row["lat"], row["lon"]) if row.get("lat") else None
    counts = (int(row.get(column) or 0) for column in ("communities", "villages", "other_units"))
    communities, villages, other = counts
    return Township(
        row["nbs_code_2023"],
        row["name"],
        row["kind"],
        row["district_code"],
        communities,
        villages,
        other,
        seat,
        row.get("geonames_id") or "",
    )


def _seat(lat: str, lon: str) -> Point:
    """A place on Earth; NaN is none."""
    point = Point(float(lat), float(lon))
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
        raise ValueError(f"lat {lat}, lon {lon}")
    return point


def _village(row: dict[str, str]) -> Village:
    return Village(row["code"], row["name"], row["class"], row["township_code"], row["district_code"])


@dataclass(frozen=True)
class Boundaries:
    """The districts' polygons in WGS-84, from the bytes of a sound layer, and the box around each by district code.

    The polygons are decoded when something is looked for in them: the library for that takes long to load.
    """

    layer: bytes = b""
    boxes: Mapping[str, BoundingBox] = field(default_factory=dict)

    @cached_property
    def _polygons(self) -> Mapping[str, Any]:
        return _decode_polygons(self.layer) if self.layer else {}

    def code_at(self, point: Point) -> str:
        """The code of the first district that holds a point; empty when none does."""
        from shapely.geometry import Point as Shape

        shape = Shape(point.lon, point.lat)
        return next((code for code, polygon in self._polygons.items() if polygon.covers(shape)), "")

    def kilometres_outside(self, code: str, point: Point) -> float:
        """How far a point lies outside a district in kilometres; 0 inside or when unknown."""
        import shapely
        from shapely.ops import nearest_points

        polygon = self._polygons.get(code)
        if polygon is None or shapely.intersects_xy(polygon, point.lon, point.lat):
            return 0.0
        edge = nearest_points(polygon, shapely.Point(point.lon, point.lat))[0]
        return distance_km(point, Point(edge.y, edge.x))


def decode_boundaries(content: bytes) -> Boundaries:
    """Read the district layer, whose features carry `adcode`. Raises what `decode_layer` raises."""
    limits = ((code, polygon.bounds) for code, polygon in _decode_polygons(content).items())
    boxes = {code: BoundingBox(south, west, north, east) for code, (west, south, east, north) in limits}
    return Boundaries(content, boxes)


@lru_cache(maxsize=1)
def _decode_polygons(content: bytes) -> dict[str, Any]:
    import shapely

    polygons = {properties["adcode"]: shape for properties, shape in decode_layer(content)}
    for polygon in polygons.values():
        shapely.prepare(polygon)  # many points are looked for in it
    return polygons


def word_reason(error: Exception) -> str:
    """Why a data file cannot be read, in a few words."""
    if isinstance(error, RecursionError):
        return "嵌套过深 (nested too deep)"
    if isinstance(error, KeyError):
        return f"缺少 {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.lineno}:{error.colno} {error.msg}"
    return str(error).split("\n", maxsplit=1)[0]


def decode_layer(content: bytes) -> list[tuple[dict[str, Any], Any]]:
    """The properties and shapely geometry (lon, lat) of each feature of a GeoJSON layer.

    Raises ValueError, KeyError, TypeError, AttributeError or ArithmeticError when it is not one.
    """
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    features = json.loads(content)["features"]
    try:
        return [(dict(feature["properties"]), shape(feature["geometry"])) for feature in features]
    except ShapelyError as error:
        raise ValueError(str(error)) from None
