"""The city's townships and villages by name and code, and its district polygons.

Decodes the CSV tables and boundary GeoJSON named in city.yml. Knows no record.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .datum import BoundingBox, Point, distance_km

if TYPE_CHECKING:
    from _csv import Reader

ZONE: Final = "统计用功能区"
"""What the statistical gazetteer calls a unit that it counts beside the townships: a development zone or the like."""

MALFORMED = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What decoding a stranger's JSON may raise."""

_AREAS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")


@dataclass(frozen=True, slots=True)
class Township:
    """A township, town or subdistrict, or a zone counted beside them; counts are of the 2023 statistical gazetteer.

    One that is younger than the gazetteer has no code, counts that it does not give are None. `geonames_id` says where the point of its seat comes from.
    """

    code: str
    name: str
    form: str
    district_code: str
    communities: int | None
    villages: int | None
    seat: Point | None
    geonames_id: str = ""

    @property
    def is_zone(self) -> bool:
        """Whether it is a zone and no township."""
        return self.form == ZONE


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """How many townships, villages and communities the gazetteer lists in a district; None where it does not say."""

    townships: int | None
    villages: int | None
    communities: int | None


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
        """A district's townships, those younger than the gazetteer too."""
        return tuple(t for t in self._units_of(district_code) if not t.is_zone)

    def zones_of(self, district_code: str) -> tuple[Township, ...]:
        """What the gazetteer counts in a district beside its townships."""
        return tuple(t for t in self._units_of(district_code) if t.is_zone)

    def count_units(self, district_code: str) -> UnitCounts:
        """What the gazetteer lists in a district; a township without a code is not among it."""
        units = self._units_of(district_code)
        return UnitCounts(
            townships=_total(int(not t.is_zone) if t.code else None for t in units),
            villages=_total(t.villages for t in units),
            communities=_total(t.communities for t in units),
        )

    def _units_of(self, district_code: str) -> tuple[Township, ...]:
        return tuple(t for t in self.townships if t.district_code == district_code)


def _total(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts that are known; None when none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


TOWNSHIP_COLUMNS = ("nbs_code_2023", "name", "kind", "district_code")
VILLAGE_COLUMNS = ("code", "name", "class", "township_code", "district_code")
"""The columns that the tables must have, in any order; others may stand beside them."""

T = TypeVar("T", bound=Township | Village)


def make_gazetteer(townships: Sequence[Township], villages: Sequence[Village]) -> Gazetteer:
    """The gazetteer of what the two tables hold."""
    by_code: dict[str, Township | Village] = {t.code: t for t in townships if t.code}
    by_code.update({v.code: v for v in villages})
    return Gazetteer(tuple(townships), tuple(villages), by_code)


@lru_cache(maxsize=1)
def decode_townships(content: bytes) -> tuple[Township, ...]:
    """Read the table of townships, once for a preview's sake. Raises ValueError as `_decode_table` does.

    It may tell how many `communities` and `villages` there are, and where its seat is: `lat` and `lon` in WGS-84,
    `geonames_id`.
    """
    return _decode_table(content, TOWNSHIP_COLUMNS, _township)


@lru_cache(maxsize=1)
def decode_villages(content: bytes) -> tuple[Village, ...]:
    """Read the table of villages, once for a preview's sake. Raises ValueError as `_decode_table` does."""
    return _decode_table(content, VILLAGE_COLUMNS, _village)


def _decode_table(
    content: bytes, columns: Sequence[str], make: Callable[[Mapping[str, str]], T]
) -> tuple[T, ...]:
    """The rows of a CSV table in UTF-8. Raises ValueError that tells all missing columns, or the line of the first fault."""
    reader = csv.reader(io.StringIO(_decode_text(content), newline=""))
    try:
        return tuple(_iter_units(reader, columns, make))
    except (csv.Error, ValueError) as error:
        raise ValueError(f"{_line(max(reader.line_num, 1))}: {error}") from None


def _iter_units(
    reader: Reader, columns: Sequence[str], make: Callable[[Mapping[str, str]], T]
) -> Iterator[T]:
    """What each row below the header is; an empty row is nothing."""
    header = next(reader, [])
    if missing := [column for column in columns if column not in header]:
        raise ValueError(f"缺少这些列 (columns missing): {', '.join(missing)}")
    lines: dict[str, int] = {}
    for row in filter(None, reader):
        if len(row) != len(header):
            raise ValueError(f"有 {len(row)} 格，表头有 {len(header)} 格 (cells here and in the header)")
        unit = make(dict(zip(header, row, strict=True)))
        first = lines.setdefault(unit.code, reader.line_num)
        if unit.code and first != reader.line_num:
            raise ValueError(f"代码 {unit.code} 已在{_line(first)} (the code stands there already)")
        yield unit


def _line(number: int) -> str:
    return f"第 {number} 行 (line {number})"


def _decode_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(content.count(b"\n", 0, error.start) + 1)
        raise ValueError(f"{line}: 不是 UTF-8 编码 (not UTF-8)") from None


def _township(row: Mapping[str, str]) -> Township:
    seat = _seat(row["lat"], row.get("lon", "")) if row.get("lat") else None
    counts = (row.get(column) for column in ("communities", "villages"))
    communities, villages = (int(count) if count else None for count in counts)
    return Township(
        row["nbs_code_2023"],
        row["name"],
        row["kind"],
        row["district_code"],
        communities,
        villages,
        seat,
        row.get("geonames_id") or "",
    )


def _seat(lat: str, lon: str) -> Point:
    """A place on Earth; NaN is none."""
    point = Point(float(lat), float(lon))
    if not _is_on_earth(point.lon, point.lat):
        raise ValueError(f"lat {lat}, lon {lon}")
    return point


def _is_on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90


def _village(row: Mapping[str, str]) -> Village:
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
    if isinstance(error, RecursionError):
        return "嵌套过深 (nested too deep)"
    if isinstance(error, KeyError):
        return f"缺少 {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.lineno}:{error.colno} {error.msg}"
    return str(error).split("\n", maxsplit=1)[0]


# -- layers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feature:
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
    label = _seat(properties["label_lat"], properties["label_lon"]) if has_label else None
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
    if not (_is_on_earth(west, south) and _is_on_earth(east, north)):
        raise ValueError("坐标不是先经度、后纬度的度数 (not longitude, latitude in degrees)")
    if not shape.is_valid:
        raise ValueError(f"图形无效 (invalid): {is_valid_reason(shape)}")
