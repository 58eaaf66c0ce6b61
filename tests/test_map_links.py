"""Addresses of map services: the documented form, each in its own datum."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from build_scripts.geography.datum import Datum, Point, distance_km
from build_scripts.geography.map_links import SERVICES, MapLink, Waypoint, link_place, link_route

POINTS = json.loads((Path(__file__).parent / "data/datum-points.json").read_text(encoding="utf-8"))
PUBLISHED = [case for case in POINTS["formula_exact"]["points"] if case["from"] == "wgs84"]
METRE = 0.001  # in kilometres
SHANGHAI = Waypoint("甲&乙，丙", Point(31.1774276, 121.5272106))


def _of(links: tuple[MapLink, ...], service: str) -> str:
    return next(link.url for link in links if link.service.startswith(service))


def _query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def _point(text: str, *, lon_first: bool = False) -> Point:
    first, second = (float(value) for value in text.split(",")[:2])
    return Point(second, first) if lon_first else Point(first, second)


def _place_of(url: str) -> Point:
    """The point that an address marks, whatever the service."""
    query = _query(url)
    if "position" in query:
        return _point(query["position"], lon_first=True)
    if "mlat" in query:
        return Point(float(query["mlat"]), float(query["mlon"]))
    return _point(query.get("location") or query["ll"])


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["to"])
def test_a_published_pair_of_positions_is_met_to_a_metre(case: dict) -> None:
    """A service that reads the pair's datum is sent to the published position."""
    links = link_place(Waypoint("甲", Point(case["in"][1], case["in"][0])))
    services = [service for service in SERVICES if service.datum is Datum(case["to"])]
    assert services
    for service in services:
        found = _place_of(_of(links, service.name))
        assert distance_km(found, Point(case["out"][1], case["out"][0])) < METRE


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["to"])
def test_openstreetmap_gets_the_point_itself(case: dict) -> None:
    point = Point(case["in"][1], case["in"][0])
    assert distance_km(_place_of(_of(link_place(Waypoint("甲", point)), "OpenStreetMap")), point) < METRE


def test_each_address_has_the_documented_form() -> None:
    """Host, path and the parameters that the service requires; the name arrives whole."""
    links = link_place(SHANGHAI)
    amap, baidu, apple, osm = (urlsplit(link.url) for link in links)
    assert (amap.scheme, amap.netloc, amap.path) == ("https", "uri.amap.com", "/marker")
    assert (baidu.scheme, baidu.netloc, baidu.path) == ("https", "api.map.baidu.com", "/marker")
    assert (apple.scheme, apple.netloc, apple.path) == ("https", "maps.apple.com", "/")
    assert (osm.scheme, osm.netloc, osm.path) == ("https", "www.openstreetmap.org", "/")
    assert _query(links[0].url)["coordinate"] == "gaode"
    assert _query(links[1].url)["coord_type"] == "bd09ll"
    assert _query(links[1].url)["output"] == "html"
    assert (
        _query(links[0].url)["name"]
        == _query(links[1].url)["title"]
        == _query(links[2].url)["q"]
        == "甲&乙，丙"
    )


def _route(count: int) -> tuple[MapLink, ...]:
    return link_route([Waypoint(f"第{n}站", Point(30 + n / 10, 121)) for n in range(count)])


def test_a_route_begins_and_ends_where_it_should() -> None:
    """From the first stop to the last, by car, in each service's own words."""
    links = _route(2)
    amap, baidu, apple, osm = (_query(link.url) for link in links)
    assert amap["from"].endswith(",第0站")
    assert amap["to"].endswith(",第1站")
    assert amap["mode"] == "car"
    assert baidu["origin"].endswith("|name:第0站")
    assert baidu["destination"].startswith("latlng:30.")
    assert baidu["mode"] == apple["mode"] == "driving"
    assert distance_km(_point(apple["source"]), _point(amap["from"], lon_first=True)) < METRE
    assert osm["route"] == "30.000000,121.000000;30.100000,121.000000"
    assert all(link.stops == (0, 1) for link in links)


def test_a_service_gets_no_more_stops_than_it_takes() -> None:
    """高德 takes one on the way, Apple all of them, the others none; which ones is told."""
    links = _route(7)
    assert [link.stops for link in links] == [(0, 3, 6), (0, 6), tuple(range(7)), (0, 6)]
    assert _query(links[0].url)["via"].endswith(",第3站")
    assert len(parse_qs(urlsplit(links[2].url).query)["waypoint"]) == 5
    assert len(_route(40)[2].stops) == 14
    assert (_route(40)[2].stops[0], _route(40)[2].stops[-1]) == (0, 39)
