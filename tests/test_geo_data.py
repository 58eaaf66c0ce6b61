"""The boundary and gazetteer files that ship: valid, aligned with city.yml, and credited."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import shapely
import yaml
from shapely.geometry import shape

ROOT = Path(__file__).resolve().parents[1]
GEO = ROOT / "belts" / "geo"
LAYERS = sorted(path.name for path in GEO.glob("*.geojson"))
CITY = yaml.load((ROOT / "belts" / "city.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506


def _features(name: str) -> list[dict[str, Any]]:
    return json.loads((GEO / name).read_text(encoding="utf-8"))["features"]


def _geometries(name: str) -> list[Any]:
    return [shape(feature["geometry"]) for feature in _features(name)]


def _polygons(geometry: Any) -> list[Any]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if part.geom_type == "Polygon"]


@pytest.mark.parametrize("name", LAYERS)
def test_geometry_is_valid(name: str) -> None:
    """No ring crosses itself or stays open."""
    assert [shapely.is_valid_reason(g) for g in _geometries(name) if not g.is_valid] == []


@pytest.mark.parametrize("name", LAYERS)
def test_rings_turn_as_geojson_asks(name: str) -> None:
    """Outer rings run anticlockwise and holes clockwise (RFC 7946, 3.1.6)."""
    polygons = [polygon for geometry in _geometries(name) for polygon in _polygons(geometry)]
    assert all(polygon.exterior.is_ccw for polygon in polygons)
    assert not any(hole.is_ccw for polygon in polygons for hole in polygon.interiors)


@pytest.mark.parametrize("name", LAYERS)
def test_coordinates_are_rounded(name: str) -> None:
    """More than five decimals, about a metre, would claim what no source gives."""
    text = (GEO / name).read_text(encoding="utf-8").split('"features":', 1)[1]
    assert re.findall(r"\d\.\d{6,}", text) == []


@pytest.mark.parametrize("name", ["districts.geojson", "districts-mini.geojson"])
def test_districts_fit_together(name: str) -> None:
    """The polygons are those of city.yml and neither overlap nor leave gaps."""
    assert {f["properties"]["adcode"] for f in _features(name)} == {d["code"] for d in CITY["districts"]}
    assert shapely.coverage_is_valid(_geometries(name))


def test_frame_holds_every_district() -> None:
    """The frame that points are checked against is no smaller than the city."""
    west, south, east, north = shapely.total_bounds(_geometries("districts.geojson"))
    frame = {side: float(value) for side, value in CITY["map"]["frame"].items()}
    assert frame["west"] < west < east < frame["east"]
    assert frame["south"] < south < north < frame["north"]


def test_gazetteer_codes_nest() -> None:
    """A village's code begins with its township's, and that with its district's."""
    with (GEO / "townships.csv").open(encoding="utf-8", newline="") as file:
        townships = {row["nbs_code_2023"] for row in csv.DictReader(file)}
    with (GEO / "villages.csv").open(encoding="utf-8", newline="") as file:
        villages = list(csv.DictReader(file))
    assert len({village["code"] for village in villages}) == len(villages)
    assert {village["code"][:9] for village in villages} <= townships
    assert all(village["code"].startswith(village["district_code"]) for village in villages)


def test_every_file_is_attributed() -> None:
    """ATTRIBUTION.md names each file; city.yml prints the credit of each layer that maps draw."""
    attribution = (GEO / "ATTRIBUTION.md").read_text(encoding="utf-8")
    files = [path.name for path in GEO.iterdir() if path.suffix in {".geojson", ".csv"}]
    assert [name for name in files if name not in attribution] == []
    rows = [line.split("|") for line in attribution.splitlines() if line.startswith("| ")]
    drawn = {Path(path).name for path in CITY["map"]["layers"].values()}
    owed = {row[4].strip() for row in rows if any(name in row[1] for name in drawn | {"places.geojson"})}
    printed = "\n".join(CITY["map"]["credits"])
    assert len(owed) == 3
    assert [credit for credit in owed if credit not in printed] == []
