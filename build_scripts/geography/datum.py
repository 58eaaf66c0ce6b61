"""Points on the Earth, the three datums in use in China, and distances between points.

Everything inside the project is WGS-84. GCJ-02 and BD-09 are input and link-out datums only.
The GCJ-02 offset is the published reverse-engineered formula (eviltransform and its ports);
the inverse is iterated to the forward formula's own precision, not the one-step approximation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_KRASOVSKY_A = 6378245.0  # semi-major axis in metres, as the GCJ-02 formula uses it
_KRASOVSKY_EE = 0.00669342162296594323  # first eccentricity squared
_BD_PI = math.pi * 3000.0 / 180.0
_EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
KM_PER_DEGREE = 111.195  # of latitude, on a sphere of that radius
_INVERSE_TOLERANCE = 1e-11  # degrees, about a micrometre


class Datum(StrEnum):
    """Datum of a coordinate as an editor gives it."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Point(NamedTuple):
    """A WGS-84 position unless said otherwise; `lat` and `lon` in decimal degrees."""

    lat: float
    lon: float


class BoundingBox(NamedTuple):
    """South, west, north and east limits in degrees."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, point: Point) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return Point((self.south + self.north) / 2, (self.west + self.east) / 2)


def to_wgs84(point: Point, datum: Datum) -> Point:
    """Convert a point given in `datum` to WGS-84."""
    if datum is Datum.GCJ02:
        return _invert(gcj02_from_wgs84, point)
    if datum is Datum.BD09:
        return _invert(gcj02_from_wgs84, _invert(bd09_from_gcj02, point))
    return point


def from_wgs84(point: Point, datum: Datum) -> Point:
    """Convert a WGS-84 point to `datum`."""
    if datum is Datum.GCJ02:
        return gcj02_from_wgs84(point)
    if datum is Datum.BD09:
        return bd09_from_gcj02(gcj02_from_wgs84(point))
    return point


@lru_cache(64)  # one place is asked for by several map services
def gcj02_from_wgs84(point: Point) -> Point:
    """The GCJ-02 position of a WGS-84 point inside China."""
    x, y = point.lon - 105.0, point.lat - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    d_lat += ripple + _swell(y, 160.0)
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    d_lon += ripple + _swell(x, 150.0)
    lat = math.radians(point.lat)
    magic = 1.0 - _KRASOVSKY_EE * math.sin(lat) ** 2
    metres_lat = (_KRASOVSKY_A * (1.0 - _KRASOVSKY_EE)) / (magic * math.sqrt(magic))
    metres_lon = _KRASOVSKY_A / math.sqrt(magic) * math.cos(lat)
    return Point(point.lat + math.degrees(d_lat / metres_lat), point.lon + math.degrees(d_lon / metres_lon))


def _swell(v: float, height: float) -> float:
    """The formula's sine terms over one axis, in metres; `v` in degrees from its origin."""
    near = 20.0 * math.sin(v * math.pi) + 40.0 * math.sin(v * math.pi / 3.0)
    far = height * math.sin(v * math.pi / 12.0) + 2.0 * height * math.sin(v * math.pi / 30.0)
    return (near + far) * 2.0 / 3.0


def bd09_from_gcj02(point: Point) -> Point:
    """The BD-09 position of a GCJ-02 point."""
    radius = math.hypot(point.lon, point.lat) + 0.00002 * math.sin(point.lat * _BD_PI)
    angle = math.atan2(point.lat, point.lon) + 0.000003 * math.cos(point.lon * _BD_PI)
    return Point(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)


def _invert(forward: Callable[[Point], Point], target: Point) -> Point:
    """The point that `forward` sends to `target`, by fixed-point iteration (the offset is smooth)."""
    guess = target
    for _ in range(50):
        image = forward(guess)
        d_lat, d_lon = target.lat - image.lat, target.lon - image.lon
        guess = Point(guess.lat + d_lat, guess.lon + d_lon)
        if max(abs(d_lat), abs(d_lon)) < _INVERSE_TOLERANCE:
            break
    return guess


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine, IUGG mean radius)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def bounding_box(points: Iterable[Point], *, margin_km: float = 0.0) -> BoundingBox:
    """The smallest box around at least one point, widened by a margin in kilometres."""
    points = list(points)
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    d_lat = margin_km / 111.2  # rounded: a margin is no measurement
    d_lon = d_lat / max(0.1, math.cos(math.radians(sum(lats) / len(lats))))
    return BoundingBox(min(lats) - d_lat, min(lons) - d_lon, max(lats) + d_lat, max(lons) + d_lon)


def decode_point(lat: str, lon: str) -> Point:
    """A point from text in degrees. Raises ValueError for what is no place on Earth, NaN among it."""
    point = Point(float(lat), float(lon))
    if not is_on_earth(point.lon, point.lat):
        raise ValueError(f"lat {lat}, lon {lon}")
    return point


def is_on_earth(lon: float, lat: float) -> bool:
    """Whether there is such a place; NaN is none."""
    return -180 <= lon <= 180 and -90 <= lat <= 90
