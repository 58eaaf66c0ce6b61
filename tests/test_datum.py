"""Datums and distances."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.geography.datum import (
    BoundingBox,
    Datum,
    Point,
    bounding_box,
    distance_km,
    from_wgs84,
    to_wgs84,
)

POINTS = json.loads((Path(__file__).parent / "data/datum-points.json").read_text(encoding="utf-8"))
EXACT = POINTS["formula_exact"]["points"]
MILLIMETRE = 1e-6  # in kilometres

chinese_points = st.builds(Point, st.floats(18.5, 53.0), st.floats(74.0, 134.0))


@pytest.mark.parametrize("case", EXACT, ids=lambda case: f"{case['from']}-{case['to']}")
def test_published_points(case: dict) -> None:
    """A published pair of positions is met to a millimetre."""
    given_point = Point(case["in"][1], case["in"][0])
    found = from_wgs84(to_wgs84(given_point, Datum(case["from"])), Datum(case["to"]))
    assert distance_km(found, Point(case["out"][1], case["out"][0])) < MILLIMETRE


@given(chinese_points, st.sampled_from(Datum))
def test_round_trip(point: Point, datum: Datum) -> None:
    """A point converted to any datum and back stays where it was, to a centimetre."""
    assert distance_km(to_wgs84(from_wgs84(point, datum), datum), point) < 10 * MILLIMETRE


def test_gcj02_is_hundreds_of_metres_away() -> None:
    """GCJ-02 moves a point in Ningbo by a few hundred metres: forgetting the datum is seen."""
    point = Point(29.7097, 121.3896)
    assert 0.3 < distance_km(point, from_wgs84(point, Datum.GCJ02)) < 0.8


def test_distance_of_a_degree() -> None:
    """A degree of latitude is about 111.2 km."""
    assert distance_km(Point(29, 121), Point(30, 121)) == pytest.approx(111.195, abs=0.01)


def test_bounding_box_holds_its_points_with_a_margin() -> None:
    """A box holds its points and reaches its margin beyond them."""
    box = bounding_box([Point(29.0, 121.0), Point(30.0, 122.0)], margin_km=11.12)
    assert isinstance(box, BoundingBox)
    assert box.south == pytest.approx(28.9)
    assert box.contains(Point(30.05, 122.05))
    assert not box.contains(Point(30.2, 121.5))
    assert box.centre == Point(29.5, 121.5)
