"""The shapes of the map: the districts' polygons, and every layer of GeoJSON that city.yml names.

Knows no record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from .datum import BoundingBox, Point, decode_point, distance_km, is_on_earth

MALFORMED = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What decoding a stranger's JSON may raise."""

_AREAS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")


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
    """Read the district layer, whose features carry `adcode`. Raises one of MALFORMED."""
    limits = ((code, polygon.bounds) for code, polygon in _decode_polygons(content).items())
    boxes = {code: BoundingBox(south, west, north, east) for code, (west, south, east, north) in limits}
    return Boundaries(content, boxes)


@lru_cache(maxsize=1)
def _decode_polygons(content: bytes) -> dict[str, Any]:
    import shapely

    polygons = {feature.properties["adcode"]: feature.shape for feature in decode_layer("districts", content)}
    for polygon in polygons.values():
        shapely.prepare(polygon)  # many points are looked for in it
    return polygons


def word_reason(error: Exception) -> str:
    """Why a data file cannot be read, in a few words."""
    words = str(error).split("\n", maxsplit=1)[0]
    if isinstance(error, RecursionError):
        words = "嵌套过深 (nested too deep)"
    elif isinstance(error, KeyError):
        words = f"缺少 {error}"
    elif isinstance(error, json.JSONDecodeError):
        words = f"{error.lineno}:{error.colno} 不是完整的 JSON ({error.msg})"
    elif isinstance(error, UnicodeError) or "encoding" in words:
        words = "编码不是 UTF-8 (it is not in UTF-8)"
    elif "integer string conversion" in words:
        words = "有一个数太长 (a number is too long)"
    elif isinstance(error, TypeError | IndexError | AttributeError):
        words = f"结构不对 (not of the shape that is wanted: {words})"
    return words


# -- layers --------------------------------------------------------------------------------------


class Feature(NamedTuple):
    """One feature of a layer; its shape is shapely's (lon, lat), sound and without heights.

    `label` is where the file says that the name goes.
    """

    properties: Mapping[str, Any]
    shape: Any
    label: Point | None = None


def decode_layer(name: str, content: bytes) -> list[Feature]:
    """The features of a GeoJSON layer, which is called `name` in city.yml.

    Raises one of MALFORMED when it is none, or when no map can be drawn of it.
    """
    from shapely.errors import ShapelyError

    types = (*_AREAS, *_LINES) if name == "rivers" else _AREAS
    found = []
    for number, feature in enumerate(json.loads(content)["features"], start=1):
        try:
            found.append(_decode_feature(feature, types))
        except (ShapelyError, *MALFORMED) as error:
            reason = word_reason(error)
            raise ValueError(f"第 {number} 个要素 (feature {number}): {reason}") from None
    return found


def _decode_feature(feature: Any, types: Sequence[str]) -> Feature:
    from numpy import errstate
    from shapely import force_2d
    from shapely.geometry import shape

    properties, geometry = feature["properties"] or {}, feature["geometry"]
    with errstate(invalid="ignore"):  # of a coordinate that is no number
        drawn = force_2d(shape(geometry)) if geometry else None
    _check_shape(drawn, types)
    has_label = "label_lon" in properties
    label = decode_point(properties["label_lat"], properties["label_lon"]) if has_label else None
    return Feature(dict(properties), drawn, label)


def _check_shape(shape: Any, types: Sequence[str]) -> None:
    """Raises ValueError for a shape that no map can be drawn of; the rules are those of OGC's Simple Features."""
    from shapely import is_valid_reason

    if shape is None or shape.is_empty:
        raise ValueError("没有图形 (no geometry)")
    if shape.geom_type not in types:
        raise ValueError(
            f"{shape.geom_type} 不是 {' / '.join(types)} ({shape.geom_type} does not belong here)"
        )
    west, south, east, north = shape.bounds
    if not (is_on_earth(west, south) and is_on_earth(east, north)):
        raise ValueError("坐标不是先经度、后纬度的度数 (not longitude, latitude in degrees)")
    if not shape.is_valid:
        raise ValueError(f"图形无效 (invalid): {is_valid_reason(shape)}")
