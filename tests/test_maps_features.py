"""The GeoJSON of one map."""

import json

from map_samples import HOSTILE, make_belt_map, make_map, make_place

from build_scripts.geography.datum import BoundingBox, Point
from build_scripts.maps.features import BeltLayer, encode_geojson


def test_coordinates_are_longitude_then_latitude_to_five_decimals() -> None:
    place = make_place(point=Point(30.1234567, 110.7654321))
    feature = json.loads(encode_geojson(make_map(place)))["features"][0]
    assert feature["geometry"] == {"type": "Point", "coordinates": [110.76543, 30.12346]}


def test_bbox_is_west_south_east_north() -> None:
    collection = json.loads(encode_geojson(make_map(bounds=BoundingBox(30, 110, 31, 112))))
    assert collection["bbox"] == [110, 30, 112, 31]


def test_place_keeps_its_words_as_they_are() -> None:
    feature = json.loads(encode_geojson(make_map(make_place(name=HOSTILE))))["features"][0]
    assert feature["properties"]["name"] == HOSTILE


def test_empty_values_are_left_out() -> None:
    properties = json.loads(encode_geojson(make_map(make_place())))["features"][0]["properties"]
    assert not {"note", "number", "belt", "belts"} & properties.keys()


def test_a_place_has_its_number_along_each_of_its_belts() -> None:
    """Only where the map numbers its places at all."""
    stop = make_place(belt=2, belts=(2, 6), number=3, numbers=(3, 1))
    unnumbered = make_place("b", belts=(2, 6), numbers=(3, 1))
    features = json.loads(encode_geojson(make_map(stop, unnumbered)))["features"]
    assert [feature["properties"].get("numbers") for feature in features] == [[3, 1], None]


def test_lines_come_first_with_the_number_of_their_belt() -> None:
    collection = json.loads(encode_geojson(make_belt_map()))
    line, *places = collection["features"]
    assert line["geometry"]["type"] == "LineString"
    assert line["properties"] == {"belt": 3}
    assert [place["id"] for place in places] == ["a", "b", "c", "d"]
    assert collection["belts"] == [{"number": 3, "name": "三号带", "url": ""}]


def test_a_recorded_track_takes_the_place_of_the_straight_line() -> None:
    """Its stretches are drawn one by one and marked, and the line between the stops is not."""
    line = (Point(30.1, 110.1), Point(30.2, 110.2))
    stretches = ((Point(30.1, 110.1), Point(30.15, 110.3)), (Point(30.15, 110.31), Point(30.2, 110.2)))
    data = make_map(make_place(), belts=(BeltLayer(1, "甲"),), line=line, track=stretches)
    assert [found.points for found in data.lines] == list(stretches)
    drawn = [f for f in json.loads(encode_geojson(data))["features"] if f["geometry"]["type"] == "LineString"]
    assert [f["properties"] for f in drawn] == [{"belt": 1, "recorded": True}] * 2


def test_each_belt_brings_its_line_and_a_single_point_is_none() -> None:
    ends = (Point(30, 110), Point(31, 111))
    data = make_map(
        belts=(
            BeltLayer(1, "甲", line=ends),
            BeltLayer(2, "乙", line=ends[:1]),
            BeltLayer(4, "丙", line=ends),
        )
    )
    assert [line.belt for line in data.lines] == [1, 4]


def test_bytes_are_compact_utf8_and_end_in_a_line_feed() -> None:
    content = encode_geojson(make_belt_map())
    assert content.endswith(b"]}\n")
    assert b"\r" not in content
    assert "测试地图".encode() in content
    assert content == encode_geojson(make_belt_map())
