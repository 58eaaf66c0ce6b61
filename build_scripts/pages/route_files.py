"""A belt's route as files for other devices: GPX 1.1, KML 2.2 and GeoJSON, all WGS-84.

Schemas: www.topografix.com/GPX/1/1/gpx.xsd; schemas.opengis.net/kml/2.2.0/ogckml22.xsd; RFC 7946. What is not
known exactly says so in its own description, because the file travels without the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..addresses import ROUTES, record_url
from ..geography.datum import Point, bounding_box
from ..geography.tracks import Track, Vertex
from ..maps.features import position
from ..opendata.records import state_terms
from ..opendata.tables import LICENCE, LICENCE_URL
from ..records.city import City
from ..records.places import Location
from ..routes import STRAIGHT, Route, RouteStop, describe_line
from ..views.places import place_note


def encode_route(route: Route, city: City, site_url: str) -> dict[str, bytes]:
    """The files beside a belt's page, by name; none for a belt without a located stop.

    `site_url` is the public address or empty: the files then carry no addresses.
    """
    if not route.located:
        return {}
    encoders = (_encode_gpx, _encode_kml, _encode_geojson)
    return {
        f"{route.belt.id}.{ending}": encode(route, city, site_url)
        for ending, encode in zip(ROUTES, encoders, strict=True)
    }


def _describe(stop: RouteStop, location: Location) -> str:
    """What the place is and how exactly it is known, as sentences."""
    return f"{stop.summary}{place_note(location).explanation}"


def _address(site_url: str, url: str) -> str:
    return site_url + url if site_url else ""


def _places(route: Route) -> Iterable[tuple[RouteStop, Location]]:
    return ((stop, stop.location) for stop in route.stops if stop.location)


def _serialise(root: Element) -> bytes:
    indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, "unicode")}\n'.encode()


def _add(parent: Element, tag: str, text: str, /, **attributes: str) -> Element:
    """A child with a text; an empty text adds an empty element."""
    element = SubElement(parent, tag, attributes)
    element.text = text or None
    return element


# -- GPX -----------------------------------------------------------------------------------------


def _encode_gpx(route: Route, city: City, site_url: str) -> bytes:
    root = Element(
        "gpx", {"xmlns": "http://www.topografix.com/GPX/1/1", "version": "1.1", "creator": "belts"}
    )
    _add_metadata(root, route, city, site_url)
    for stop, location in _places(route):
        _add_waypoint(root, "wpt", stop, location, site_url)
    if len(route.line) > 1:
        line = SubElement(root, "rte")
        _add(line, "name", route.belt.name)
        _add(line, "desc", STRAIGHT)
        for stop, location in _places(route):
            _add_waypoint(line, "rtept", stop, location, site_url)
    if route.track is not None:
        _add_track(root, route.belt.name, route.track)
    return _serialise(root)


def _add_metadata(root: Element, route: Route, city: City, site_url: str) -> None:
    belt = route.belt
    metadata = SubElement(root, "metadata")
    _add(metadata, "name", belt.name)
    _add(metadata, "desc", f"{belt.summary}坐标系为WGS-84。")
    _add(SubElement(metadata, "author"), "name", city.publisher)
    _add(SubElement(metadata, "copyright", author=city.publisher), "license", LICENCE_URL)
    _add_link(metadata, belt.name, _address(site_url, record_url(belt)))
    _add(metadata, "time", f"{(belt.updated or belt.published).isoformat()}T00:00:00Z")
    vertices = route.track.vertices if route.track else ()
    box = bounding_box([*(place.point for _, place in _places(route)), *(v.point for v in vertices)])
    limits = {"minlat": box.south, "minlon": box.west, "maxlat": box.north, "maxlon": box.east}
    SubElement(metadata, "bounds", {name: f"{value:.6f}" for name, value in limits.items()})


def _add_link(parent: Element, text: str, address: str) -> None:
    if address:
        _add(SubElement(parent, "link", href=address), "text", text)


def _add_waypoint(parent: Element, tag: str, stop: RouteStop, location: Location, site_url: str) -> None:
    point = SubElement(parent, tag, _degrees(location.point))
    _add(point, "name", f"{stop.number} {stop.name}")
    _add(point, "desc", _describe(stop, location))
    if stop.record:
        _add_link(point, stop.name, _address(site_url, record_url(stop.record)))
    _add(point, "type", stop.kind)


def _degrees(point: Point) -> dict[str, str]:
    return {"lat": f"{point.lat:.6f}", "lon": f"{point.lon:.6f}"}


def _add_track(root: Element, name: str, track: Track) -> None:
    element = SubElement(root, "trk")
    _add(element, "name", name)
    for segment in track.segments:
        stretch = SubElement(element, "trkseg")
        for vertex in segment:
            point = SubElement(stretch, "trkpt", _degrees(vertex.point))
            if vertex.height is not None:
                _add(point, "ele", f"{vertex.height:.1f}")


# -- KML -----------------------------------------------------------------------------------------


def _encode_kml(route: Route, city: City, site_url: str) -> bytes:
    root = Element("kml", {"xmlns": "http://www.opengis.net/kml/2.2"})
    document = SubElement(root, "Document")
    _add(document, "name", route.belt.name)
    address = _address(site_url, record_url(route.belt))
    origin = " ".join(filter(None, (city.publisher, address, LICENCE, LICENCE_URL)))
    _add(document, "description", f"{route.belt.summary}坐标系为WGS-84。{origin}")
    for stop, location in _places(route):
        _add_placemark(document, stop, location)
    for line in _lines(route):
        placemark = SubElement(document, "Placemark")
        _add(placemark, "name", route.belt.name)
        _add(placemark, "description", describe_line(route))
        _add_line(placemark, line)
    return _serialise(root)


def _add_placemark(document: Element, stop: RouteStop, location: Location) -> None:
    placemark = SubElement(document, "Placemark")
    _add(placemark, "name", f"{stop.number} {stop.name}")
    _add(placemark, "description", _describe(stop, location))
    facts = {
        "number": str(stop.number),
        "kind": stop.kind,
        "precision": location.precision.label,
        "uncertainty_km": f"{location.radius_km:g}",
    }
    extended = SubElement(placemark, "ExtendedData")
    for name, value in facts.items():
        _add(SubElement(extended, "Data", name=name), "value", value)
    _add(SubElement(placemark, "Point"), "coordinates", _tuples((Vertex(location.point),)))


def _add_line(placemark: Element, line: tuple[Vertex, ...]) -> None:
    string = SubElement(placemark, "LineString")
    _add(string, "tessellate", "1")
    _add(string, "coordinates", _tuples(line))


def _lines(route: Route) -> tuple[tuple[Vertex, ...], ...]:
    """The track's stretches, else the straight line where it has two points."""
    if route.track is not None:
        return route.track.segments
    straight = tuple(Vertex(point) for point in route.line)
    return (straight,) if len(straight) > 1 else ()


def _tuples(vertices: Iterable[Vertex]) -> str:
    """KML's coordinates: longitude, latitude and, if known, height."""
    return " ".join(",".join(map(str, _coordinates(vertex))) for vertex in vertices)


# -- GeoJSON -------------------------------------------------------------------------------------


def _encode_geojson(route: Route, city: City, site_url: str) -> bytes:
    places = [_place_feature(stop, location, site_url) for stop, location in _places(route)]
    lines = [_line_feature(route, line) for line in _lines(route)]
    collection = {
        "type": "FeatureCollection",
        "name": route.belt.name,
        **state_terms(city.publisher),
        **_url_of(site_url, record_url(route.belt)),
        "features": [*places, *lines],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _url_of(site_url: str, url: str) -> dict[str, str]:
    address = _address(site_url, url)
    return {"url": address} if address else {}


def _coordinates(vertex: Vertex) -> list[float]:
    height = [] if vertex.height is None else [round(vertex.height, 1)]
    return [*position(vertex.point, 6), *height]


def _place_feature(stop: RouteStop, location: Location, site_url: str) -> Mapping[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": _coordinates(Vertex(location.point))},
        "properties": {
            "number": stop.number,
            "name": stop.name,
            "kind": stop.kind,
            "description": _describe(stop, location),
            "precision": location.precision.label,
            "uncertainty_km": location.radius_km,
            **(_url_of(site_url, record_url(stop.record)) if stop.record else {}),
        },
    }


def _line_feature(route: Route, line: tuple[Vertex, ...]) -> Mapping[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [_coordinates(vertex) for vertex in line]},
        "properties": {"name": route.belt.name, "description": describe_line(route)},
    }
