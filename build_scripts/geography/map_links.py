"""Addresses that open a place or a route in a map service, each in the datum that the service reads.

All are documented web addresses that open the service's app where it is installed, and need no key:

- 高德 URI API, lbs.amap.com/api/uri-api/guide (marker; navigation, with one way point at most): GCJ-02
- 百度地图 URI API, lbsyun.baidu.com/index.php?title=uri/api/web (marker; direction, between two points): BD-09
- Apple Map Links, developer.apple.com/library/archive/featuredarticles/iPhoneURLScheme_Reference (a place), and
  Adopting unified Maps URLs, developer.apple.com/documentation/mapkit/unified-map-urls (a route): in mainland
  China Apple's map is drawn from AutoNavi's data, so its coordinates are GCJ-02
- OpenStreetMap, wiki.openstreetmap.org/wiki/Browsing (a marker; directions between two points): WGS-84
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from .datum import Datum, Point, from_wgs84

_CALLER = "belts"  # 高德 and 百度 ask who calls


class Waypoint(NamedTuple):
    """A place by its name, WGS-84; a service's own functions get it in the service's datum."""

    name: str
    point: Point


class MapService(NamedTuple):
    """A map service: how it addresses a place, and a route with no more than `between` stops on the way."""

    name: str
    datum: Datum
    between: int
    place_url: Callable[[Waypoint], str]
    route_url: Callable[[Sequence[Waypoint]], str]


class MapLink(NamedTuple):
    """An address in a service; `stops` are the indexes of the waypoints that a route's address carries."""

    service: str
    url: str
    stops: tuple[int, ...] = ()


def link_place(place: Waypoint) -> tuple[MapLink, ...]:
    """The addresses that mark a place, one for each service."""
    said = {datum: _converted(place, datum) for datum in Datum}
    return tuple([MapLink(service.name, service.place_url(said[service.datum])) for service in SERVICES])


def link_route(route: Sequence[Waypoint]) -> tuple[MapLink, ...]:
    """The addresses that plan a drive along at least two waypoints, one for each service.

    A service that takes fewer gets the first, the last, and some evenly between.
    """
    found = []
    for service in SERVICES:
        stops = _spread(len(route), service.between + 2)
        url = service.route_url([_converted(route[index], service.datum) for index in stops])
        found.append(MapLink(service.name, url, stops))
    return tuple(found)


def _converted(place: Waypoint, datum: Datum) -> Waypoint:
    return Waypoint(place.name, from_wgs84(place.point, datum))


def _spread(count: int, most: int) -> tuple[int, ...]:
    """Indexes of `count` things, `most` at most: the first, the last and evenly between."""
    if count <= most:
        return tuple(range(count))
    return tuple(round(step * (count - 1) / (most - 1)) for step in range(most))


def _lat_lon(point: Point) -> str:
    return f"{point.lat:.6f},{point.lon:.6f}"


def _lon_lat(point: Point) -> str:
    return f"{point.lon:.6f},{point.lat:.6f}"


@lru_cache(64)  # one name is asked for by several services
def _text(text: str) -> str:
    return quote(text, safe="")


# -- 高德 ----------------------------------------------------------------------------------------


def _amap_place(place: Waypoint) -> str:
    position = f"position={_lon_lat(place.point)}&name={_text(place.name)}"
    return f"https://uri.amap.com/marker?{position}&src={_CALLER}&coordinate=gaode&callnative=1"


def _amap_route(route: Sequence[Waypoint]) -> str:
    ends = [f"{_lon_lat(place.point)},{_text(place.name)}" for place in route]
    via = "".join(f"&via={place}" for place in ends[1:-1])
    way = f"from={ends[0]}{via}&to={ends[-1]}"
    return f"https://uri.amap.com/navigation?{way}&mode=car&src={_CALLER}&coordinate=gaode&callnative=1"


# -- 百度 ----------------------------------------------------------------------------------------

_BAIDU = f"coord_type=bd09ll&output=html&src=webapp.{_CALLER}.{_CALLER}"


def _baidu_place(place: Waypoint) -> str:
    marker = f"location={_lat_lon(place.point)}&title={_text(place.name)}&content={_text(place.name)}"
    return f"https://api.map.baidu.com/marker?{marker}&{_BAIDU}"


def _baidu_route(route: Sequence[Waypoint]) -> str:
    ends = [f"latlng:{_lat_lon(place.point)}%7Cname:{_text(place.name)}" for place in route]
    return (
        f"https://api.map.baidu.com/direction?origin={ends[0]}&destination={ends[-1]}&mode=driving&{_BAIDU}"
    )


# -- Apple ---------------------------------------------------------------------------------------


def _apple_place(place: Waypoint) -> str:
    return f"https://maps.apple.com/?ll={_lat_lon(place.point)}&q={_text(place.name)}"


def _apple_route(route: Sequence[Waypoint]) -> str:
    first, *between, last = (_lat_lon(place.point) for place in route)
    via = "".join(f"&waypoint={place}" for place in between)
    return f"https://maps.apple.com/directions?source={first}{via}&destination={last}&mode=driving"


# -- OpenStreetMap -------------------------------------------------------------------------------


def _openstreetmap_place(place: Waypoint) -> str:
    lat, lon = _lat_lon(place.point).split(",")
    return f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=14/{lat}/{lon}"


def _openstreetmap_route(route: Sequence[Waypoint]) -> str:
    way = "%3B".join(_lat_lon(place.point) for place in route)
    return f"https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route={way}"


SERVICES = (
    MapService("高德地图", Datum.GCJ02, 1, _amap_place, _amap_route),
    MapService("百度地图", Datum.BD09, 0, _baidu_place, _baidu_route),
    MapService("Apple 地图", Datum.GCJ02, 12, _apple_place, _apple_route),
    MapService("OpenStreetMap", Datum.WGS84, 0, _openstreetmap_place, _openstreetmap_route),
)
