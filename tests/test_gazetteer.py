"""Townships, villages and district polygons."""

import json

import pytest

from build_scripts.datum import Point
from build_scripts.gazetteer import decode_boundaries, decode_gazetteer

TOWNSHIPS = (
    "nbs_code_2023,name,kind,district_code,communities,villages,other_units,lat,lon\n"
    "330213004,西坞街道,街道,330213,3,20,0,29.68322,121.48351\n"
    "330213005,萧王庙街道,街道,330213,2,19,1,,\n"
)
VILLAGES = "code,name,class,township_code,district_code\n330213005208,滕头村,village,330213005,330213\n"
SQUARE = [[[121.0, 29.0], [122.0, 29.0], [122.0, 30.0], [121.0, 30.0], [121.0, 29.0]]]


def test_townships_of_a_district() -> None:
    """A district's townships come with their counts and, where known, their seat."""
    gazetteer = decode_gazetteer(TOWNSHIPS.encode(), VILLAGES.encode())
    first, second = gazetteer.townships_of("330213")
    assert (first.name, first.villages, first.seat) == ("西坞街道", 20, Point(29.68322, 121.48351))
    assert second.seat is None
    assert gazetteer.townships_of("330299") == ()


def test_codes_find_villages() -> None:
    """A code finds its village or township."""
    gazetteer = decode_gazetteer(TOWNSHIPS.encode(), VILLAGES.encode())
    assert gazetteer.by_code["330213005208"].name == "滕头村"
    assert gazetteer.by_code["330213004"].name == "西坞街道"


def test_distance_outside_a_district() -> None:
    """A point inside is at 0 km, one outside at its distance from the edge."""
    geometry = {"type": "Polygon", "coordinates": SQUARE}
    feature = {"type": "Feature", "properties": {"adcode": "330213"}, "geometry": geometry}
    boundaries = decode_boundaries(json.dumps({"features": [feature]}).encode())
    assert boundaries.kilometres_outside("330213", Point(29.5, 121.5)) == 0
    assert boundaries.kilometres_outside("330213", Point(30.1, 121.5)) == pytest.approx(11.12, abs=0.02)
    assert boundaries.kilometres_outside("999999", Point(0, 0)) == 0
    assert boundaries.boxes["330213"].north == 30.0


@pytest.mark.parametrize("seat", ["nan,121", "91,121", "30,1e308", "30,"])
def test_a_seat_is_a_place_on_earth(seat: str) -> None:
    header = "nbs_code_2023,name,kind,district_code,communities,villages,other_units,lat,lon"
    with pytest.raises(ValueError):  # noqa: PT011 (what the loader words as B703)
        decode_gazetteer(f"{header}\n1,甲镇,镇,2,0,0,0,{seat}\n".encode(), None)
