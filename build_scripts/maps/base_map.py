"""The city's base map, drawn once and shared by all maps: land, borders, water, names.

`build_base_map(city, files)` gives the GeoJSON that Leaflet draws and the SVG that stills refer to.
Boundaries are in it only where city.yml turns them on; then districts and other land are told apart.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

from ..geography.boundaries import Feature, decode_layer
from ..geography.datum import BoundingBox, Point
from ..records.city import City
from ..web.assets import Asset, name_asset
from .features import encode_box, position
from .projection import Projection

LAYERS = ("neighbours", "land", "lakes", "rivers", "borders", "frontier")
"""The groups of shapes, in the order they are drawn."""
_TOLERANCE = 0.0015  # degrees: what zoom 13 and a still of 20 km still show
_DECIMALS = 4  # about 10 m
_NEAR, _COARSE = 0.03, 0.004  # degrees: about 3 km, 400 m
_DECIMALS_ELSEWHERE = 3  # land beyond the city, which is only there for orientation
_AROUND = 3  # degrees of land around an inland city, as far as a wide screen looks beyond its frame
_MIXED = 0.02  # share of an edge that is water or land, below which the whole edge counts as the other
_SMALLEST_NEIGHBOUR = 0.02  # square degrees beside the city, below which its name is left out


class Name(NamedTuple):
    """A name set on the base map, `at` on its grid; `code` is the district's, empty for another city."""

    text: str
    point: Point
    at: tuple[float, float]
    code: str = ""


class BaseMap(NamedTuple):
    """The base map's two files and what a still needs to know of it.

    `groups` are the ids in the SVG; `extents` the bounds of each district by code, of the city under "".
    """

    geojson: Asset
    svg: Asset
    projection: Projection
    groups: frozenset[str]
    names: tuple[Name, ...]
    extents: Mapping[str, BoundingBox]


class _Layer(NamedTuple):
    """One shape of the base map. `group` is its layer, `code` the district's; geometry is shapely's."""

    group: str
    geometry: Any
    name: str = ""
    code: str = ""


def build_base_map(city: City, files: Mapping[str, bytes]) -> BaseMap:
    """The base map of a city from the layer files named in city.yml, by their path inside belts/."""
    sources = _decode_layers(city, files)
    layers = tuple(layer for layer in _draw_layers(city, sources) if not layer.geometry.is_empty)
    extents = _measure_districts(city, sources)
    projection = Projection(extents[""].west, extents[""].north)
    names = tuple(
        Name(text, point, projection.project(point), code)
        for text, point, code in _place_names(city, sources, extents[""])
    )
    return BaseMap(
        geojson=name_asset(
            "assets/maps/base.geojson", _encode_geojson(layers, names, _measure_data(sources))
        ),
        svg=name_asset("assets/maps/base.svg", _encode_svg(layers, projection)),
        projection=projection,
        groups=frozenset(layer.group for layer in layers) | {f"district-{x.code}" for x in layers if x.code},
        names=names,
        extents=extents,
    )


# -- layers --------------------------------------------------------------------------------------

_Sources = Mapping[str, Sequence[Feature]]  # by the layer's field in city.yml


def _decode_layers(city: City, files: Mapping[str, bytes]) -> _Sources:
    """The features of each layer; none of one that the city does not have."""
    return {name: decode_layer(name, files[path]) if path in files else [] for name, path in city.map.layers}


def _draw_layers(city: City, sources: _Sources) -> Iterator[_Layer]:
    from shapely import union_all

    from .territory import divide_land

    codes = {district.code: district.name for district in city.districts}
    districts = {code: district.shape for code, district in _find_districts(codes, sources)}
    neighbours = [neighbour.shape for neighbour in sources["neighbours"]]
    coast = [land.shape for land in sources["coast"]] or [_surround(city, [*districts.values(), *neighbours])]
    territory = divide_land(districts, neighbours, union_all(coast), _TOLERANCE)
    if city.map.boundaries:
        yield _Layer("neighbours", _coarsen_far(territory.elsewhere, territory.city))
        for code, cell in territory.cells.items():
            yield _Layer("land", cell, codes[code], code)
        yield _Layer("borders", territory.borders)
        yield _Layer("frontier", territory.frontier)
    else:
        yield _Layer("land", union_all([territory.elsewhere, territory.city]))
    for group in ("lakes", "rivers"):
        for water in sources[group]:
            yield _Layer(group, water.shape, str(water.properties.get("name") or ""))


def _surround(city: City, shapes: Iterable[Any]) -> Any:
    """The land of a city without a coast: all around its frame and its shapes, to whole degrees."""
    from shapely import box, total_bounds

    frame = city.map.frame.box
    west, south, east, north = total_bounds([box(frame.west, frame.south, frame.east, frame.north), *shapes])
    return box(floor(west) - _AROUND, floor(south) - _AROUND, ceil(east) + _AROUND, ceil(north) + _AROUND)


def _find_districts(codes: Collection[str], sources: _Sources) -> Iterator[tuple[str, Feature]]:
    """The features of the city's own districts, with their codes."""
    pairs = ((feature.properties["adcode"], feature) for feature in sources["districts"])
    return ((code, feature) for code, feature in pairs if code in codes)


def _coarsen_far(elsewhere: Any, city: Any) -> Any:
    """Land beyond the city, coarse where it is far from it; along the city's border not a gap."""
    near = elsewhere.intersection(city.buffer(_NEAR))
    return elsewhere.simplify(_COARSE).union(near)


def _measure_data(sources: _Sources) -> BoundingBox | None:
    """As far as the coast is known: to the edge of its file, and on beyond an edge that is all land or all sea.

    Beyond any other edge land goes on only so that it does not end in a straight line.
    """
    from shapely import LineString, total_bounds, union_all

    from .territory import BEYOND

    if not sources["coast"]:
        return None
    coast = union_all([land.shape for land in sources["coast"]])
    west, south, east, north = map(float, total_bounds(coast))

    def more(*edge: tuple[float, float]) -> float:
        share = LineString(edge).intersection(coast).length / LineString(edge).length
        return BEYOND if min(share, 1 - share) < _MIXED else 0.0

    return BoundingBox(
        south - more((west, south), (east, south)),
        west - more((west, south), (west, north)),
        north + more((west, north), (east, north)),
        east + more((east, south), (east, north)),
    )


def _measure_districts(city: City, sources: _Sources) -> dict[str, BoundingBox]:
    """The bounds of every district that has a polygon, and of all of them together under ""."""
    codes = {district.code for district in city.districts}
    bounds = ((code, district.shape.bounds) for code, district in _find_districts(codes, sources))
    extents = {code: BoundingBox(s, w, n, e) for code, (w, s, e, n) in bounds}
    boxes = extents.values() or [city.map.frame.box]
    extents[""] = BoundingBox(
        min(b.south for b in boxes),
        min(b.west for b in boxes),
        max(b.north for b in boxes),
        max(b.east for b in boxes),
    )
    return extents


def _place_names(city: City, sources: _Sources, extent: BoundingBox) -> Iterator[tuple[str, Point, str]]:
    """Districts at their label points, then neighbours where they show beside the city."""
    from shapely import box

    names = {district.code: district.name for district in city.districts}
    for code, district in _find_districts(names, sources):
        yield names[code], district.label or _middle(district.shape), code
    view = box(extent.west, extent.south, extent.east, extent.north)
    for neighbour in sources["neighbours"]:
        seen = neighbour.shape.intersection(view)
        if seen.area >= _SMALLEST_NEIGHBOUR and neighbour.properties.get("name"):
            yield str(neighbour.properties["name"]), _middle(seen), ""


def _middle(shape: Any) -> Point:
    """The middle of the largest circle inside the largest part."""
    from shapely import get_parts, maximum_inscribed_circle

    largest = max(get_parts(shape), key=lambda part: part.area)
    lon, lat = maximum_inscribed_circle(largest, tolerance=0.005).coords[0]
    return Point(lat, lon)


# -- GeoJSON -------------------------------------------------------------------------------------


def _encode_geojson(layers: tuple[_Layer, ...], names: tuple[Name, ...], known: BoundingBox | None) -> bytes:
    """One FeatureCollection; its bbox is as far as the map is known, absent where nobody can say."""
    features = [_feature(layer) for layer in layers]
    features += [_name_feature(name) for name in names]
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if known:
        collection["bbox"] = encode_box(known, _DECIMALS)
    return (json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _feature(layer: _Layer) -> dict[str, Any]:
    from shapely import remove_repeated_points, set_precision
    from shapely.geometry import mapping

    decimals = _DECIMALS_ELSEWHERE if layer.group == "neighbours" else _DECIMALS
    rounded = remove_repeated_points(set_precision(layer.geometry, 10**-decimals, mode="pointwise"))
    geometry = mapping(rounded)
    properties = {"layer": layer.group, "name": layer.name, "code": layer.code}
    return {
        "type": "Feature",
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
        "properties": {key: value for key, value in properties.items() if value},
    }


def _rounded(coordinates: Any) -> Any:
    """Nested coordinates to the base map's precision, as lists."""
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]


def _name_feature(name: Name) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": position(name.point, _DECIMALS)},
        "properties": {"layer": "names", "name": name.text, **({"code": name.code} if name.code else {})},
    }


# -- SVG -----------------------------------------------------------------------------------------


def _encode_svg(layers: tuple[_Layer, ...], projection: Projection) -> bytes:
    """Groups of paths on the grid. No style inside: whoever refers to a group paints it."""
    groups: dict[str, list[str]] = {}
    for layer in layers:
        identity = f' id="district-{layer.code}"' if layer.code else ""
        path = _path_data(layer.geometry, projection)
        groups.setdefault(layer.group, []).append(
            f'<path{identity} vector-effect="non-scaling-stroke" d="{path}"/>'
        )
    body = "\n".join(f'<g id="{name}">{"".join(paths)}</g>' for name, paths in groups.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def _path_data(geometry: Any, projection: Projection) -> str:
    return "".join(_ring_data(ring, projection) for part in _parts(geometry) for ring in part)


def _parts(geometry: Any) -> Iterator[tuple[Any, ...]]:
    """The lines of each part: a polygon's outer ring and holes, or a line itself."""
    from shapely import get_parts

    for part in get_parts(geometry):
        yield (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)


def _ring_data(ring: Any, projection: Projection) -> str:
    """One subpath in whole grid units: a start, then relative steps; steps of nothing are left out."""
    points = [(round(projection.x(lon)), round(projection.y(lat))) for lon, lat in ring.coords]
    steps = [(x - px, y - py) for (px, py), (x, y) in pairwise(points)]
    if ring.is_ring:
        steps = steps[:-1]
    moves = "".join(_pair(dx, dy) for dx, dy in steps if dx or dy)
    start = f"M{points[0][0]}{_pair(points[0][1])}"
    return f"{start}l{moves.lstrip()}{'z' if ring.is_ring else ''}" if moves else ""


def _pair(*numbers: int) -> str:
    """Numbers as SVG writes them: a minus sign separates, else a space does."""
    return "".join(f"{number}" if number < 0 else f" {number}" for number in numbers)
