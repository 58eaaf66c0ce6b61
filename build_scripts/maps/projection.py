"""The plane that stills are drawn on: spherical Web Mercator on a grid of whole units."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..geography.datum import KM_PER_DEGREE, BoundingBox, Point

_UNITS_PER_DEGREE = 5000.0  # of longitude: a unit is about 20 m


class Projection(NamedTuple):
    """Grid units east of `west` and south of `north` (degrees); y grows downwards."""

    west: float
    north: float

    def project(self, point: Point) -> tuple[float, float]:
        """The grid position of a point."""
        return self.x(point.lon), self.y(point.lat)

    def x(self, lon: float) -> float:
        """Grid units east of the western edge."""
        return (lon - self.west) * _UNITS_PER_DEGREE

    def y(self, lat: float) -> float:
        """Grid units south of the northern edge."""
        return (_mercator_degrees(self.north) - _mercator_degrees(lat)) * _UNITS_PER_DEGREE

    def units_per_km(self, lat: float) -> float:
        """Grid units that one kilometre takes at a latitude."""
        return _UNITS_PER_DEGREE / KM_PER_DEGREE / math.cos(math.radians(lat))

    def box(self, bounds: BoundingBox) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a bounding box."""
        return self.x(bounds.west), self.y(bounds.north), self.x(bounds.east), self.y(bounds.south)

    def fit(self, bounds: BoundingBox, width: int, height: int, margin: float, least_km: float) -> View:
        """The picture of this size that shows the bounds.

        The bounds stand in its middle, `margin` away from its edges, and no closer than if they were `least_km` wide.
        """
        left, top, right, bottom = self.box(bounds)
        least = least_km * self.units_per_km(bounds.centre.lat)
        inner_width, inner_height = width - 2 * margin, height - 2 * margin
        scale = min(inner_width / max(right - left, least), inner_height / max(bottom - top, least))
        across, down = width / 2 - (left + right) / 2 * scale, height / 2 - (top + bottom) / 2 * scale
        return View(self, width, height, scale, across, down)

    def zoom(self, scale: float) -> float:
        """The zoom of a web map that is as large: at 0 its 256 pixels hold the whole globe."""
        return math.log2(scale * _UNITS_PER_DEGREE * 360 / 256)


class View(NamedTuple):
    """How grid units become those of a picture: times `scale`, then shifted right and down."""

    projection: Projection
    width: int
    height: int
    scale: float
    shift_x: float
    shift_y: float

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point is in the picture."""
        return self.shift(*self.projection.project(point))

    def shift(self, x: float, y: float) -> tuple[float, float]:
        """Where a position on the grid is in the picture."""
        return x * self.scale + self.shift_x, y * self.scale + self.shift_y

    def trace(self, path: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Where the positions of a path on the grid are in the picture."""
        return [(x * self.scale + self.shift_x, y * self.scale + self.shift_y) for x, y in path]

    def length(self, km: float, lat: float) -> float:
        """How long a distance is in the picture."""
        return km * self.projection.units_per_km(lat) * self.scale


@lru_cache(64)  # of the northern edge, again and again
def _mercator_degrees(lat: float) -> float:
    """Mercator's ordinate in degrees of longitude at the equator."""
    return math.degrees(math.asinh(math.tan(math.radians(lat))))
