"""An invented city and an invented map, for the tests of `build_scripts.maps`."""

import json
from typing import Any

from build_scripts.geography.datum import BoundingBox, Point
from build_scripts.maps.features import BeltLayer, MapData, PlaceFeature
from build_scripts.records.city import City
from build_scripts.records.places import Precision

HOSTILE = "<img src=x onerror=document.title='hurt'></script>{{ 7*7 }}"
SHAPES = {"west": [110.0, 30.0, 110.5, 30.6], "east": [110.5, 30.0, 111.0, 30.6]}


def make_city(**map_settings: Any) -> City:
    """Two square districts side by side, 甲区 (1) and 乙区 (2), and no other layer."""
    frame = {"south": "29.8", "west": "109.8", "north": "30.8", "east": "111.2"}
    settings = {
        "frame": frame,
        "layers": {"districts": "geo/d.geojson"},
        "credits": ["界线：虚构"],
        **map_settings,
    }
    districts = [{"id": "west", "name": "甲区", "code": "1"}, {"id": "east", "name": "乙区", "code": "2"}]
    city = {"name": "测试", "name_en": "Test", "title": "测试", "tagline": "测试。"}
    return City.model_validate({**city, "map": settings, "districts": districts})


def make_files(**more: bytes) -> dict[str, bytes]:
    """The layer files of that city."""
    features = [box_feature(box, adcode=str(i)) for i, box in enumerate(SHAPES.values(), start=1)]
    return {
        "geo/d.geojson": encode(features),
        **{f"geo/{name}.geojson": content for name, content in more.items()},
    }


def box_feature(box: list[float], **properties: str) -> dict[str, Any]:
    """A rectangle from west, south, east, north."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def encode(features: list[dict[str, Any]]) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def make_place(identity: str = "a", **changes: Any) -> PlaceFeature:
    """A place known to its village, on no belt."""
    values: dict[str, Any] = {
        "id": identity,
        "name": f"地点{identity}",
        "kind": "示范片",
        "url": f"areas/{identity}/",
        "summary": "一句话。",
        "district": "甲区",
        "point": Point(30.3, 110.3),
        "precision": Precision.VILLAGE,
        "radius_km": 1.0,
        "precision_label": "准确到村",
    }
    return PlaceFeature(**{**values, **changes})


def make_map(*features: PlaceFeature, **changes: Any) -> MapData:
    """A map of places over the whole invented city."""
    values: dict[str, Any] = {"title": "测试地图", "bounds": BoundingBox(30.0, 110.0, 30.6, 111.0)}
    return MapData(features=features, **{**values, **changes})


def make_belt_map(name: str = "甲") -> MapData:
    """A belt with four stops: one known to its village, three that share a township's point."""
    shared = {"point": Point(30.4, 110.7), "precision": Precision.TOWNSHIP, "radius_km": 5.0}
    stops = [make_place("a", name=name, belt=3, belts=(3,), number=1)]
    stops += [make_place(c, belt=3, belts=(3,), number=n, **shared) for n, c in enumerate("bcd", start=2)]
    line = (stops[0].point, shared["point"])
    return make_map(*stops, belts=(BeltLayer(3, "三号带"),), line=line, line_note="连线不是道路")
