"""A route's track as it was recorded: a GPX or GeoJSON file read with care, its length and its climb.

GPX is WGS-84 by its own definition (GPX 1.1 schema, Topografix), GeoJSON by RFC 7946. A file is data from a
stranger's device: a declaration that could define entities is refused before anything after it is read, and
the number of points is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from xml.parsers import expat

from .boundaries import MALFORMED, word_reason
from .datum import Point, distance_km

MOST_POINTS = 50_000  # a point a second for fourteen hours
_CLIMB_STEP = 5.0  # metres: a rise counts once it is higher than a receiver's noise
_DRAWN_WITHIN = 0.0003  # degrees, about 30 m: finer bends do not show on any of the maps


class Vertex(NamedTuple):
    """One recorded point, WGS-84; `height` in metres if known, `line` of the file it stands on, 0 if unknown."""

    point: Point
    height: float | None = None
    line: int = 0


class Track(NamedTuple):
    """Stretches recorded without a break, each of at least two points."""

    segments: tuple[tuple[Vertex, ...], ...]

    @property
    def length_km(self) -> float:
        """Length along the stretches in kilometres; the gaps between them are not counted."""
        pairs = (pair for segment in self.segments for pair in pairwise(segment))
        return sum(distance_km(a.point, b.point) for a, b in pairs)

    @property
    def climb_m(self) -> float | None:
        """Metres gone up in all; None unless every point has its height."""
        heights = [[vertex.height for vertex in segment] for segment in self.segments]
        known = [[height for height in segment if height is not None] for segment in heights]
        return sum(map(_sum_rises, known)) if known == heights else None

    @property
    def vertices(self) -> Iterator[Vertex]:
        """Every point in order."""
        return (vertex for segment in self.segments for vertex in segment)

    def simplify(self) -> tuple[tuple[Point, ...], ...]:
        """The stretches with as few points as a map needs."""
        from shapely.geometry import LineString

        lines = (LineString([(v.point.lon, v.point.lat) for v in segment]) for segment in self.segments)
        drawn = (line.simplify(_DRAWN_WITHIN, preserve_topology=False).coords for line in lines)
        return tuple(tuple(Point(lat, lon) for lon, lat in coords) for coords in drawn)


def _sum_rises(heights: list[float]) -> float:
    """The rises of a stretch, each counted once it is a step above the lowest point since the last one."""
    climbed, low = 0.0, heights[0]
    for height in heights:
        if height >= low + _CLIMB_STEP:
            climbed += height - low
            low = height
        low = min(low, height)
    return climbed


@dataclass(eq=False)
class TrackFault(Exception):
    """Why a file is no track: a rule's code, its values, and where in the file, line 0 if unknown."""

    code: str
    line: int = 0
    column: int = 1
    values: dict[str, object] = field(default_factory=dict)


def decode_track(name: str, content: bytes) -> Track:
    """The track of a file called `name`; its ending says its format. Raises TrackFault."""
    ending = PurePosixPath(name).suffix.lower()
    if ending == ".gpx":
        segments = _decode_gpx(content)
    elif ending in (".geojson", ".json"):
        segments = _decode_geojson(content)
    else:
        raise _unreadable("GPX / GeoJSON", "扩展名不是 .gpx 或 .geojson (not .gpx or .geojson)")
    return Track(segments)


def _unreadable(form: str, reason: str, line: int = 0, column: int = 1) -> TrackFault:
    return TrackFault("B703", line, column, {"format": form, "reason": reason})


def _gather(segments: Iterable[Iterable[Vertex]], form: str) -> tuple[tuple[Vertex, ...], ...]:
    """The stretches that can be drawn. Raises TrackFault when there is none."""
    drawn = tuple(found for segment in segments if len(found := tuple(segment)) > 1)
    if not drawn:
        raise _unreadable(form, "没有线 (no line of two points)")
    return drawn


def _place(lat: float, lon: float, height: float | None, line: int, form: str) -> Vertex:
    """A vertex. Raises TrackFault for what is no place on Earth (NaN is none)."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and isfinite(height or 0)):
        raise _unreadable(form, "坐标不是先经度、后纬度的度数 (not longitude, latitude in degrees)", line)
    return Vertex(Point(lat, lon), height, line)


# -- GeoJSON -------------------------------------------------------------------------------------

_GEOJSON = "GeoJSON LineString"


def _decode_geojson(content: bytes) -> tuple[tuple[Vertex, ...], ...]:
    try:
        data = json.loads(content)
        features = data["features"] if data["type"] == "FeatureCollection" else [data]
        shapes = [f["geometry"] if f["type"] == "Feature" else f for f in features]
        lines = [line for shape in shapes for line in _lines_of(shape)]
        _refuse_many(sum(map(len, lines)))
        return _gather(([_geojson_vertex(position) for position in line] for line in lines), _GEOJSON)
    except json.JSONDecodeError as error:
        reason = f"不是完整的 JSON ({error.msg})"
        raise _unreadable(_GEOJSON, reason, error.lineno, error.colno) from None
    except MALFORMED as error:
        raise _unreadable(_GEOJSON, word_reason(error)) from None


def _lines_of(shape: Any) -> list[Any]:
    """The coordinates of each line of a geometry; none for a geometry of another type."""
    if shape["type"] == "LineString":
        return [shape["coordinates"]]
    return list(shape["coordinates"]) if shape["type"] == "MultiLineString" else []


def _geojson_vertex(position: Any) -> Vertex:
    lon, lat, *rest = (float(value) for value in position)
    return _place(lat, lon, rest[0] if rest else None, 0, _GEOJSON)


def _refuse_many(count: int, line: int = 0) -> None:
    if count > MOST_POINTS:
        raise TrackFault("B411", line, values={"limit": MOST_POINTS})


# -- GPX -----------------------------------------------------------------------------------------


def _decode_gpx(content: bytes) -> tuple[tuple[Vertex, ...], ...]:
    reader = _GpxReader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = f"不是完整的 XML ({expat.ErrorString(error.code)})"
        raise _unreadable("GPX", reason, error.lineno, error.offset + 1) from None
    except (LookupError, ValueError) as error:  # Python knows no such encoding
        raise _unreadable("GPX", word_reason(error), 1) from None
    return _gather(reader.tracks or reader.routes, "GPX")


class _GpxReader:
    """Gathers the points of tracks and of routes while expat reads, in any version's namespace."""

    def __init__(self) -> None:
        self.tracks: list[list[Vertex]] = []
        self.routes: list[list[Vertex]] = []
        self._attributes: dict[str, str] | None = None  # of the point that is open
        self._line, self._column = 0, 1
        self._count = 0
        self._height: str | None = None
        self._is_height = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse_declaration
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._read_text

    def _refuse_declaration(self, *_declaration: object) -> None:
        raise TrackFault("B410", self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local in ("trkseg", "rte"):
            (self.tracks if local == "trkseg" else self.routes).append([])
        elif local in ("trkpt", "rtept"):
            self._count += 1
            self._line, self._column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
            _refuse_many(self._count, self._line)
            self._attributes, self._height = attributes, None
        self._is_height = local == "ele" and self._attributes is not None

    def _read_text(self, text: str) -> None:
        if self._is_height:
            self._height = f"{self._height or ''}{text}"

    def _end(self, name: str) -> None:
        self._is_height = False
        local = name.rpartition(" ")[2]
        segments = {"trkpt": self.tracks, "rtept": self.routes}.get(local)
        if segments is None or self._attributes is None:
            return
        try:
            lat, lon = float(self._attributes["lat"]), float(self._attributes["lon"])
            height = None if self._height is None else float(self._height)
            segments[-1].append(_place(lat, lon, height, self._line, "GPX"))
        except (IndexError, KeyError, ValueError):
            reason = "这一点的 lat、lon 或 ele 缺少，或不是数 (lat, lon or ele is missing or no number)"
            raise _unreadable("GPX", reason, self._line, self._column) from None
        self._attributes = None
