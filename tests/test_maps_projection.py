"""The grid that stills are drawn on."""

import math

import pytest

from build_scripts.geography.datum import BoundingBox, Point, distance_km
from build_scripts.maps.projection import Projection

GRID = Projection(west=120.0, north=31.0)


def test_origin_is_the_north_western_corner() -> None:
    assert GRID.project(Point(31.0, 120.0)) == (0, 0)


@pytest.mark.parametrize("away", [Point(30.0, 121.1), Point(30.1, 121.0), Point(29.93, 120.92)])
def test_distances_are_true_to_scale_in_every_direction(away: Point) -> None:
    here = Point(30.0, 121.0)
    (x0, y0), (x1, y1) = GRID.project(here), GRID.project(away)
    units = math.hypot(x1 - x0, y1 - y0)
    assert units == pytest.approx(distance_km(here, away) * GRID.units_per_km(30.0), rel=2e-3)


def test_bounds_fit_a_picture() -> None:
    """In its middle and as large as the margins allow; a lone point as if the least distance lay around it."""
    bounds = BoundingBox(29.0, 121.0, 29.5, 122.0)
    view = GRID.fit(bounds, 400, 300, 20, 10.0)
    (left, top), (right, bottom) = view.place(Point(29.5, 121.0)), view.place(Point(29.0, 122.0))
    assert left == pytest.approx(20)
    assert right == pytest.approx(380)
    assert (top + bottom) / 2 == pytest.approx(150)
    scale = GRID.fit(BoundingBox(29.0, 121.0, 29.0, 121.0), 400, 300, 20, 10.0).scale
    assert scale * 10.0 * GRID.units_per_km(29.0) == pytest.approx(300 - 2 * 20)
