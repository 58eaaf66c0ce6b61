"""Route files: held to the schemas of GPX 1.1 and KML 2.2 and to RFC 7946, and telling what is not exact."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from conftest import ROOT, copy_site

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.geography.datum import distance_km
from build_scripts.geography.tracks import decode_track
from build_scripts.kinds.belt import Belt
from build_scripts.pages.route_files import encode_route
from build_scripts.reading.load import load_dataset
from build_scripts.routes import Route, build_route

SCHEMAS = Path(__file__).parent / "data/schemas"
SITE = "https://example.org/城/"
GPX = {"": "http://www.topografix.com/GPX/1/1"}
KML = {"": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(scope="module")
def gpx_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "gpx.xsd", allow="local")


@pytest.fixture(scope="module")
def kml_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "ogckml22.xsd", allow="local")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalogue, ...]:
    second = copy_site("second-city", tmp_path_factory.mktemp("routes"))
    return tuple(build_catalogue(load_dataset(root)) for root in (ROOT, second))


@pytest.fixture(scope="module")
def routes(catalogues: tuple[Catalogue, ...]) -> dict[str, tuple[Route, Catalogue]]:
    return {belt.id: (build_route(belt, c), c) for c in catalogues for belt in c.of(Belt)}


def _parse(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314  our own output


def _files(routes: dict[str, tuple[Route, Catalogue]], belt_id: str, site_url: str = "") -> dict[str, bytes]:
    route, catalogue = routes[belt_id]
    return encode_route(route, catalogue.city, site_url)


@pytest.mark.parametrize("site_url", ["", SITE])
def test_every_file_is_valid(
    routes: dict, gpx_schema: xmlschema.XMLSchema, kml_schema: xmlschema.XMLSchema, site_url: str
) -> None:
    """Every belt with a located stop has all three; every other belt has none."""
    for belt_id, (route, _) in routes.items():
        files = _files(routes, belt_id, site_url)
        assert bool(files) == bool(route.located)
        if files:
            gpx_schema.validate(files[f"{belt_id}.gpx"].decode())
            kml_schema.validate(files[f"{belt_id}.kml"].decode())
            _check_geojson(json.loads(files[f"{belt_id}.geojson"]))


def _check_geojson(data: dict) -> None:
    assert data["type"] == "FeatureCollection"
    for feature in data["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        positions = feature["geometry"]["coordinates"]
        positions = [positions] if feature["geometry"]["type"] == "Point" else positions
        assert feature["geometry"]["type"] == "Point" or len(positions) > 1
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat, *_ in positions)


def test_the_schemas_find_faults(
    routes: dict, gpx_schema: xmlschema.XMLSchema, kml_schema: xmlschema.XMLSchema
) -> None:
    """An element out of order and a latitude off the Earth are refused."""
    files = _files(routes, "river-belt")
    gpx, kml = files["river-belt.gpx"].decode(), files["river-belt.kml"].decode()
    assert not gpx_schema.is_valid(gpx.replace("<desc>", "<type>x</type><desc>", 1))
    assert not gpx_schema.is_valid(gpx.replace('lat="30.6', 'lat="130.6', 1))
    assert not kml_schema.is_valid(kml.replace("<Placemark>", "<Placemark><Point/>", 1))


def test_stops_are_numbered_and_say_how_exactly_they_are_known(routes: dict) -> None:
    """A stop known to its township says so in the file itself."""
    route, _ = routes["mountain-dwellings"]
    root = _parse(_files(routes, "mountain-dwellings")["mountain-dwellings.gpx"])
    points = root.findall("wpt", GPX)
    assert [p.findtext("name", "", GPX).split()[0] for p in points] == [str(s.number) for s in route.located]
    assert all("误差约" in p.findtext("desc", "", GPX) for p in points)
    assert "不是道路" in root.findtext("rte/desc", "", GPX)
    assert "WGS-84" in root.findtext("metadata/desc", "", GPX)
    assert root.find("trk", GPX) is None


def test_every_form_says_whose_it_is_and_how_it_may_be_used(routes: dict) -> None:
    """A file travels without its page; the words are those of the other downloads."""
    route, catalogue = routes["mountain-dwellings"]
    files = _files(routes, "mountain-dwellings")
    licence = "https://creativecommons.org/licenses/by/4.0/"
    gpx = _parse(files["mountain-dwellings.gpx"]).find("metadata/copyright", GPX)
    assert (gpx.get("author"), gpx.findtext("license", "", GPX)) == (catalogue.city.publisher, licence)
    assert licence in _parse(files["mountain-dwellings.kml"]).findtext("Document/description", "", KML)
    data = json.loads(files["mountain-dwellings.geojson"])
    assert (data["publisher"], data["licence_url"]) == (catalogue.city.publisher, licence)
    labels = [stop.location.precision.label for stop in route.located]
    assert [feature["properties"].get("precision") for feature in data["features"]][: len(labels)] == labels


def test_a_track_comes_out_as_it_went_in(routes: dict) -> None:
    """Reading the written GPX and GeoJSON gives the same length and climb; KML has the heights too."""
    route, _ = routes["river-belt"]
    files = _files(routes, "river-belt")
    written = decode_track("a.gpx", files["river-belt.gpx"])
    for track in (written, decode_track("a.geojson", files["river-belt.geojson"])):
        assert [len(segment) for segment in track.segments] == [len(s) for s in route.track.segments]
        assert track.length_km == pytest.approx(route.track.length_km, abs=1e-4)
        assert track.climb_m == pytest.approx(route.track.climb_m, abs=1)
    root = _parse(files["river-belt.kml"])
    lines = root.findall(".//LineString/coordinates", KML)
    assert [len(line.text.split()) for line in lines] == [len(segment) for segment in route.track.segments]
    assert all(position.count(",") == 2 for line in lines for position in line.text.split())


def test_formats_agree_to_a_metre(routes: dict) -> None:
    """The same stop stands at the same place in all three."""
    route, _ = routes["mountain-dwellings"]
    files = _files(routes, "mountain-dwellings")
    gpx = _parse(files["mountain-dwellings.gpx"]).findall("wpt", GPX)
    kml = _parse(files["mountain-dwellings.kml"]).findall(".//Point/coordinates", KML)
    data = json.loads(files["mountain-dwellings.geojson"])["features"]
    for stop, point, placemark, feature in zip(route.located, gpx, kml, data, strict=False):
        here = stop.location.point
        lon, lat = map(float, placemark.text.split(","))
        for found_lat, found_lon in (
            (float(point.get("lat")), float(point.get("lon"))),
            (lat, lon),
            tuple(reversed(feature["geometry"]["coordinates"])),
        ):
            assert distance_km(here, type(here)(found_lat, found_lon)) < 0.001


def test_addresses_are_there_only_when_the_site_has_one(routes: dict) -> None:
    """With a public address every record's own page is linked; without one there is no relative link."""
    plain, linked = _files(routes, "river-belt"), _files(routes, "river-belt", SITE)
    for name in plain:
        assert b"example.org" not in plain[name]
        assert f"{SITE}belts/river-belt/".encode() in linked[name]
    assert f"{SITE}areas/east-bank/" in linked["river-belt.gpx"].decode()


def test_files_are_the_same_each_time(routes: dict) -> None:
    assert _files(routes, "river-belt", SITE) == _files(routes, "river-belt", SITE)
