"""The nearest of many places: the same answer as trying each against each, at a cost that stays flat."""

import random

from build_scripts.geography.datum import Point, distance_km
from build_scripts.geography.nearby import find_nearest


def test_the_nearest_are_found_as_by_hand() -> None:
    """Among scattered and crowded places the distances are those of a full comparison."""
    chance = random.Random(7)  # noqa: S311 (a test, seeded on purpose)
    points = {f"wide-{n}": Point(chance.uniform(29, 30), chance.uniform(121, 122)) for n in range(60)}
    points |= {f"near-{n}": Point(chance.gauss(29.5, 0.002), chance.gauss(121.5, 0.002)) for n in range(60)}
    found = find_nearest(points, most=3, within_km=10)
    for record_id, point in points.items():
        every = sorted(distance_km(point, other) for i, other in points.items() if i != record_id)
        expected = [km for km in every[:3] if km < 9.9]
        got = [distance_km(point, points[i]) for i in found[record_id]][: len(expected)]
        assert all(abs(a - b) < 0.1 for a, b in zip(got, expected, strict=True)), record_id


def test_many_at_one_point_take_turns() -> None:
    """Places of one township's point name the ones after them, so that all are named by some."""
    found = find_nearest({f"p{n}": Point(29.5, 121.5) for n in range(6)}, most=2, within_km=10)
    assert found["p0"] == ("p1", "p2")
    assert found["p5"] == ("p0", "p1")
    assert {i for named in found.values() for i in named} == set(found)


def test_nobody_near_is_nobody() -> None:
    """A place farther than the limit is not near, and a lone place has no neighbour."""
    far = {"a": Point(29.0, 121.0), "b": Point(30.0, 122.0)}
    assert find_nearest(far, most=4, within_km=15) == {"a": (), "b": ()}
    assert find_nearest({"a": Point(29.0, 121.0)}, most=4, within_km=15) == {"a": ()}
    assert find_nearest({}, most=4, within_km=15) == {}
