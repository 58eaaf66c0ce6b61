"""The shared base map."""

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import shapely
from map_samples import box_feature, encode, make_city, make_files
from shapely.geometry import shape

from build_scripts.maps.base_map import BaseMap, build_base_map
from build_scripts.maps.territory import BEYOND
from build_scripts.reading.load import Dataset, load_dataset

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(ROOT)


@pytest.fixture(scope="module")
def base(dataset: Dataset) -> BaseMap:
    assert dataset.city is not None
    return build_base_map(dataset.city, dataset.files)


def layers_of(base: BaseMap) -> set[str]:
    return {feature["properties"]["layer"] for feature in json.loads(base.geojson.content)["features"]}


def read_svg(base: BaseMap) -> ET.Element:
    return ET.fromstring(base.svg.content)  # noqa: S314  our own output


def ids_of(base: BaseMap) -> set[str]:
    tree = read_svg(base)
    return {element.attrib["id"] for element in tree.iter() if "id" in element.attrib}


def test_real_base_map_is_small(base: BaseMap) -> None:
    """All base data of a map weighs less than a photograph: design allows 40 KB."""
    assert len(gzip.compress(base.geojson.content)) < 20_000
    assert len(gzip.compress(base.svg.content)) < 12_000


def test_real_base_map_has_every_layer_and_district(base: BaseMap, dataset: Dataset) -> None:
    assert dataset.city is not None
    assert layers_of(base) == {"neighbours", "land", "borders", "frontier", "lakes", "rivers", "names"}
    assert {f"district-{district.code}" for district in dataset.city.districts} <= ids_of(base)
    assert ids_of(base) == base.groups
    assert len(base.extents) == len(dataset.city.districts) + 1


def test_base_map_says_how_far_it_is_known(base: BaseMap, dataset: Dataset) -> None:
    """As far as the coast's file reaches, which holds the city's frame; beyond its inland side and its open sea too.

    Where a coast is cut off, land is continued beyond what is known. None without a file.
    """
    assert dataset.city is not None
    west, south, east, north = json.loads(base.geojson.content)["bbox"]
    frame = dataset.city.map.frame.box
    assert (west, south) < (frame.west, frame.south)
    assert (east, north) > (frame.east, frame.north)
    land = [
        point
        for f in json.loads(base.geojson.content)["features"]
        if f["properties"]["layer"] == "neighbours"
        for part in f["geometry"]["coordinates"]
        for point in part[0]
    ]
    assert (min(y for _, y in land), max(y for _, y in land)) == pytest.approx(
        (south - BEYOND, north + BEYOND)
    )
    coast = shapely.union_all(
        [
            shape(f["geometry"])
            for f in json.loads((ROOT / "belts/geo/coast.geojson").read_bytes())["features"]
        ]
    )
    file_west, _, file_east, _ = coast.bounds
    assert (west, east) == pytest.approx((file_west - BEYOND, file_east + BEYOND), abs=1e-4)
    assert min(x for x, _ in land) == pytest.approx(west)
    assert "bbox" not in json.loads(build_base_map(make_city(), make_files()).geojson.content)


def test_svg_carries_no_style(base: BaseMap) -> None:
    attributes = {name for element in read_svg(base).iter() for name in element.attrib}
    assert attributes == {"id", "d", "vector-effect"}


def test_same_city_gives_the_same_bytes(base: BaseMap, dataset: Dataset) -> None:
    assert dataset.city is not None
    assert build_base_map(dataset.city, dataset.files) == base


def test_city_with_districts_only_has_land_borders_and_names() -> None:
    base = build_base_map(make_city(), make_files())
    assert layers_of(base) == {"neighbours", "land", "borders", "frontier", "names"}
    assert [name.text for name in base.names] == ["甲区", "乙区"]
    assert base.extents[""].north == 30.6


@pytest.mark.parametrize("layers", [{}, {"districts": "geo/d.geojson"}])
def test_city_without_a_coast_lies_amid_land(layers: dict[str, str]) -> None:
    """It is no island: land is whatever a map of it can show that is not its own."""
    base = build_base_map(make_city(layers=layers), make_files())
    shapes = {
        f["properties"]["layer"]: shape(f["geometry"]) for f in json.loads(base.geojson.content)["features"]
    }
    assert shapes["neighbours"].covers(shapely.box(109, 29, 112, 31.6) - shapely.box(110, 30, 111, 30.6))
    assert shapes["neighbours"].contains(shapely.Point(110.2, 30.2)) == (not layers)


def test_city_without_districts_has_the_coasts_land() -> None:
    """Its land is nobody's; there are no borders, and no names."""
    city = make_city(layers={"coast": "geo/c.geojson"})
    base = build_base_map(city, {"geo/c.geojson": encode([box_feature([110.0, 30.0, 111.0, 30.6])])})
    assert (layers_of(base), base.names) == ({"neighbours"}, ())


def test_boundaries_switched_off_leave_land_and_names_only() -> None:
    neighbours = encode([box_feature([109.0, 30.0, 110.0, 30.6], name="邻市")])
    layers = {"districts": "geo/d.geojson", "neighbours": "geo/n.geojson"}
    base = build_base_map(make_city(boundaries="false", layers=layers), make_files(n=neighbours))
    assert layers_of(base) == {"land", "names"}
    assert ids_of(base) == {"land"}


def test_feature_outside_the_citys_districts_is_ignored() -> None:
    files = make_files()
    collection = json.loads(files["geo/d.geojson"])
    collection["features"].append(box_feature([120.0, 30.0, 121.0, 31.0], adcode="9"))
    files["geo/d.geojson"] = json.dumps(collection).encode()
    assert build_base_map(make_city(), files).extents[""].east == 111.0
