"""Townships, villages and district polygons."""

import csv
import json
import re
from typing import Any

import pytest

from build_scripts.geography.boundaries import MALFORMED, decode_boundaries, decode_layer
from build_scripts.geography.datum import Point
from build_scripts.geography.gazetteer import (
    TOWNSHIP_COLUMNS,
    VILLAGE_COLUMNS,
    UnitCounts,
    decode_townships,
    decode_villages,
    make_gazetteer,
)
from build_scripts.records.city import Gazetteer

TOWNSHIPS = (
    "nbs_code_2023,name,kind,district_code,communities,villages,other_units,lat,lon\n"
    "330213004,西坞街道,街道,330213,3,20,0,29.68322,121.48351\n"
    "330213005,萧王庙街道,街道,330213,2,19,1,,\n"
)
VILLAGES = "code,name,class,township_code,district_code\n330213005208,滕头村,village,330213005,330213\n"
SQUARE = [[[121.0, 29.0], [122.0, 29.0], [122.0, 30.0], [121.0, 30.0], [121.0, 29.0]]]


def test_townships_of_a_district() -> None:
    """A district's townships come with their counts and, where known, their seat."""
    gazetteer = make_gazetteer(decode_townships(TOWNSHIPS.encode()), decode_villages(VILLAGES.encode()))
    first, second = gazetteer.townships_of("330213")
    assert (first.name, first.villages, first.seat) == ("西坞街道", 20, Point(29.68322, 121.48351))
    assert second.seat is None
    assert gazetteer.townships_of("330299") == ()


def test_only_townships_are_counted() -> None:
    """A zone counts as no township, nor does a township that is younger than the gazetteer, which has no numbers."""
    rows = "330213401,保税区,统计用功能区,330213,0,0,3,,\n,陆中湾街道,街道,330213,,,,,\n"
    gazetteer = make_gazetteer(
        decode_townships((TOWNSHIPS + rows).encode()), decode_villages(VILLAGES.encode())
    )
    assert [t.name for t in gazetteer.townships_of("330213")] == ["西坞街道", "萧王庙街道", "陆中湾街道"]
    assert [t.name for t in gazetteer.zones_of("330213")] == ["保税区"]
    assert gazetteer.count_units("330213") == UnitCounts(townships=2, villages=39, communities=5)
    assert "" not in gazetteer.by_code


def test_what_the_gazetteer_does_not_say_is_not_none_at_all() -> None:
    """A district without rows has no known number, nor have townships of a table without those columns."""
    rows = "nbs_code_2023,name,kind,district_code\n330213004,西坞街道,街道,330213\n"
    gazetteer = make_gazetteer(decode_townships(rows.encode()), ())
    assert gazetteer.count_units("330213") == UnitCounts(townships=1, villages=None, communities=None)
    assert gazetteer.count_units("330299") == UnitCounts(townships=None, villages=None, communities=None)


def test_codes_find_villages() -> None:
    """A code finds its village or township."""
    gazetteer = make_gazetteer(decode_townships(TOWNSHIPS.encode()), decode_villages(VILLAGES.encode()))
    assert gazetteer.by_code["330213005208"].name == "滕头村"
    assert gazetteer.by_code["330213004"].name == "西坞街道"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (
            "code,name\n1,甲村\n",
            "第 1 行 (line 1): 缺少这些列 (columns missing): class, township_code, district_code",
        ),
        (f"{VILLAGES}330213005209,青云村\n", "第 3 行 (line 3): 有 2 格，表头有 5 格"),
        (f"{VILLAGES}\n330213005208,甲村,village,1,2\n", "第 4 行 (line 4): 代码 330213005208 已在第 2 行"),
        ("", "第 1 行 (line 1): 缺少这些列"),
    ],
)
def test_a_fault_in_a_table_is_told_with_its_line(table: str, reason: str) -> None:
    """All missing columns at once; a row that is cut off; a code that stands twice; what is no CSV."""
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}"):
        decode_villages(table.encode())


def test_what_is_no_csv_is_told_with_its_line() -> None:
    """A cell longer than Python's reader takes: libraries may have raised that limit for the whole process."""
    limit = csv.field_size_limit(1000)
    try:
        with pytest.raises(ValueError, match=r"^第 3 行 \(line 3\): field larger"):
            decode_villages(f"{VILLAGES}1,{'长' * 1001},village,1,2\n".encode())
    finally:
        csv.field_size_limit(limit)


def test_a_table_in_another_encoding_is_told_with_its_line() -> None:
    """What Excel saves by itself: GB 18030."""
    with pytest.raises(ValueError, match=r"^第 2 行 \(line 2\): 不是 UTF-8"):
        decode_townships(TOWNSHIPS.encode("gb18030"))


def test_townships_younger_than_the_gazetteer_have_no_code() -> None:
    """Several may lack one."""
    header = ",".join(TOWNSHIP_COLUMNS)
    found = decode_townships(f"{header}\n,甲镇,镇,330213\n,乙镇,镇,330213\n".encode())
    assert [township.name for township in found] == ["甲镇", "乙镇"]


def test_the_columns_are_told_to_editors() -> None:
    """The handbook, the form and the schema of city.yml name every column that must be there."""
    fields = Gazetteer.model_fields
    for name, columns in (("townships", TOWNSHIP_COLUMNS), ("villages", VILLAGE_COLUMNS)):
        assert [column for column in columns if column not in (fields[name].description or "")] == []


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
        decode_townships(f"{header}\n1,甲镇,镇,2,0,0,0,{seat}\n".encode())


def decode_geometry(geometry: Any, name: str = "coast", properties: Any = None) -> Any:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return decode_layer(name, json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())[0]


def test_a_layer_may_have_heights_and_no_properties() -> None:
    """GeoJSON allows both; the shape has longitude and latitude alone."""
    ring = [[*position, 12.5] for position in SQUARE[0]]
    feature = decode_geometry({"type": "Polygon", "coordinates": [ring]})
    assert list(feature.shape.exterior.coords) == [tuple(position) for position in SQUARE[0]]
    assert (feature.properties, feature.label) == ({}, None)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "没有图形"),
        ({"type": "Polygon", "coordinates": []}, "没有图形"),
        ({"type": "Point", "coordinates": [121, 29]}, "Point 不是 Polygon"),
        ({"type": "LineString", "coordinates": SQUARE[0]}, "LineString 不是 Polygon"),
        ({"type": "Circle", "coordinates": [121, 29]}, "Unknown geometry"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, "Self-intersection"),
        ({"type": "Polygon", "coordinates": [[[29, 121], [30, 121], [30, 122], [29, 121]]]}, "先经度、后纬度"),
        ({"type": "Polygon", "coordinates": [[[4e5, 3e6], [5e5, 3e6], [5e5, 4e6], [4e5, 3e6]]]}, "先经度、后纬度"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [float("nan"), 2], [2, 0], [0, 0]]]}, "Invalid Coordinate"),
        ({"type": "MultiPolygon", "coordinates": [[], SQUARE]}, "feature 1"),
    ],
)  # fmt: skip
def test_a_shape_that_no_map_can_be_drawn_of_is_refused(geometry: Any, reason: str) -> None:
    """Each fault names the feature, and says what is wrong with it."""
    with pytest.raises(ValueError, match=reason) as refused:
        decode_geometry(geometry)
    assert str(refused.value).startswith("第 1 个要素 (feature 1): ")


def test_rivers_alone_may_be_lines() -> None:
    river = {"type": "LineString", "coordinates": SQUARE[0]}
    assert decode_geometry(river, "rivers").shape.geom_type == "LineString"
    with pytest.raises(ValueError, match="Point 不是"):
        decode_geometry({"type": "Point", "coordinates": [121, 29]}, "rivers")


@pytest.mark.parametrize("label", [{"label_lon": 121}, {"label_lon": "x", "label_lat": 29}, {"label_lon": 29, "label_lat": 121}])  # fmt: skip
def test_the_place_of_a_name_is_a_place_on_earth(label: dict[str, Any]) -> None:
    with pytest.raises(MALFORMED):
        decode_geometry({"type": "Polygon", "coordinates": SQUARE}, properties=label)
