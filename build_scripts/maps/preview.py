"""Preview pictures for messengers and search engines (Open Graph): a map as a PNG of 1200 by 630 pixels.

Drawn by Pillow from the base map's own shapes, twice as large and then halved, for smooth edges; the same map gives
the same bytes. Chinese would need a font, so it bears stop numbers alone: a preview stands beside the page's title.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from ..geography.datum import Point
from .base_map import LAYERS, BaseMap
from .features import MapData, PlaceFeature, point_at
from .projection import Projection, View

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
_FINER = 2
_MARGIN = 60
_SHORTEST_SPAN_KM = 24.0  # a lone place is shown among its district's borders and rivers
_RUNS = 3  # zlib's Z_RLE: a third of the time, files as small as with its level 6
_TINT = 34  # of 255: how strongly a circle of uncertainty covers the land

# The light values of site_templates/styles/tokens.css; a test compares them.
SEA, LAND, GROUND, WATER, BORDER = "#dde8e2", "#f0e9d9", "#fbf8f1", "#c6dad2", "#a79d8b"
ACCENT = "#b23a24"
ELSEWHERE = "#e6e8dd"  # between land and sea: other cities' land
BELTS = ("#c66763", "#6f6322", "#1b401d", "#0d645e", "#3d7cd8", "#4c146a", "#1c1814", "#a8309c")

_Path = list[tuple[float, float]]
_Box = tuple[float, float, float, float]  # left, top, right, bottom

_MOST_REACHES = 24


def render_preview(data: MapData, base: BaseMap) -> bytes:
    """The PNG of one map."""
    from PIL import Image, ImageDraw

    size = (WIDTH * _FINER, HEIGHT * _FINER, _MARGIN * _FINER)
    view = base.projection.fit(data.bounds, *size, _SHORTEST_SPAN_KM)
    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), SEA)
    draw = ImageDraw.Draw(image)
    _draw_base(draw, data, base, view)
    _draw_reaches(image, data, view)
    draw = ImageDraw.Draw(image)
    for line in data.lines:
        points = [view.place(point) for point in line.points]
        draw.line(points, fill=_colour(line.belt), width=5 * _FINER, joint="curve")
    _draw_places(draw, data, view)
    small = image.reduce(_FINER).quantize(palette=_palette(), dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", compress_type=_RUNS)
    return file.getvalue()


@cache
def _palette() -> Image.Image:
    """Every colour of a drawing: those drawn with, tints over areas, and what edges between two become when halved.

    Areas are so alike that more than one step between them would be taken for themselves.
    """
    from PIL import Image, ImageColor

    areas = [ImageColor.getrgb(colour)[:3] for colour in (SEA, ELSEWHERE, LAND, GROUND, WATER)]
    places = [ImageColor.getrgb(colour)[:3] for colour in (ACCENT, *BELTS)]
    border = ImageColor.getrgb(BORDER)[:3]
    found: list[tuple[int, ...]] = [border, *areas, *places]
    found += [_mix(*pair, 1 / 2) for pair in combinations(areas, 2)]
    edges = product((border, *places), areas, (1 / 4, 1 / 2, 3 / 4))
    found += [_mix(ink, area, part) for ink, area, part in edges]
    found += [_mix(*pair, _TINT / 255) for pair in product(places, areas)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([band for colour in found for band in colour])
    return palette


def _mix(one: tuple[int, ...], other: tuple[int, ...], part: float) -> tuple[int, ...]:
    """So much of one colour with the rest of another."""
    return tuple(round(a * part + b * (1 - part)) for a, b in zip(one, other, strict=True))


def describe_drawing(data: MapData) -> str:
    """All that `render_preview` draws of a map, besides the base."""
    places = [(f.point.lat, f.point.lon, f.radius_km, f.belt, f.number) for f in data.features]
    return repr((data.bounds, data.district_code, len(data.belts), data.lines, places))


def _colour(belt: int) -> str:
    return BELTS[(belt - 1) % len(BELTS)] if belt else ACCENT


# -- the base ------------------------------------------------------------------------------------


def _draw_base(draw: ImageDraw.ImageDraw, data: MapData, base: BaseMap, view: View) -> None:
    """Land, then water, then borders; the district of the map stands out."""
    for layer, code, shapes in _shapes(base.geojson.content, base.projection):
        for box, (outer, *holes) in shapes:
            if not _is_shown(box, view):
                continue
            if layer in ("borders", "frontier"):
                draw.line(view.trace(outer), fill=BORDER, width=_FINER)
            elif layer == "rivers":
                draw.line(view.trace(outer), fill=WATER, width=2 * _FINER)
            else:
                is_shown = code and code == data.district_code
                draw.polygon(view.trace(outer), fill=GROUND if is_shown else _FILLS[layer])
                for hole in holes:
                    draw.polygon(view.trace(hole), fill=SEA)


def _is_shown(box: _Box, view: View) -> bool:
    """Whether anything inside a box of the grid may be in the drawing."""
    (left, top), (right, bottom) = view.trace((box[:2], box[2:]))
    return left < view.width and top < view.height and right > 0 and bottom > 0


_FILLS = {"neighbours": ELSEWHERE, "land": LAND, "lakes": WATER}


@cache
def _shapes(
    geojson: bytes, projection: Projection
) -> tuple[tuple[str, str, list[tuple[_Box, list[_Path]]]], ...]:
    """The base map's layers in the order they are drawn: name, district's code, paths on the grid with their box."""
    features = json.loads(geojson)["features"]
    found = [
        (f["properties"]["layer"], f["properties"].get("code", ""), list(_paths(f["geometry"], projection)))
        for f in features
        if f["properties"]["layer"] in LAYERS
    ]
    return tuple(sorted(found, key=lambda shape: LAYERS.index(shape[0])))


def _paths(geometry: Any, projection: Projection) -> Iterator[tuple[_Box, list[_Path]]]:
    """The box of each part, its outer path and holes; a line is an outer path."""
    parts = geometry["coordinates"]
    depth = {"LineString": [[parts]], "Polygon": [parts], "MultiPolygon": parts}
    lines = [[line] for line in parts] if geometry["type"] == "MultiLineString" else []
    for part in depth.get(geometry["type"], lines):
        rings = [[projection.project(point_at(position)) for position in ring] for ring in part]
        yield _box(rings[0]), rings


def _box(path: _Path) -> _Box:
    xs, ys = zip(*path, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


# -- places --------------------------------------------------------------------------------------


def _draw_reaches(image: Image.Image, data: MapData, view: View) -> None:
    """Circles of uncertainty as a faint tint, true to scale, equal ones once; none where they would cover all."""
    from PIL import ImageColor, ImageDraw

    circles = {(f.point, f.radius_km, f.belt) for f in data.features if f.radius_km > 0}
    if len(circles) > _MOST_REACHES:
        return
    draw = ImageDraw.Draw(image, "RGBA")
    for point, km, belt in sorted(circles, key=lambda c: (-c[1], c[0].lat, c[0].lon, c[2])):
        radius = view.length(km, point.lat)
        x, y = view.place(point)
        tint = (*ImageColor.getrgb(_colour(belt))[:3], _TINT)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tint)


def _draw_places(draw: ImageDraw.ImageDraw, data: MapData, view: View) -> None:
    """A dot for each point; with its number where the map is of one belt. Places at a point share a dot."""
    is_numbered = len(data.belts) == 1
    spots: dict[Point, PlaceFeature] = {}
    for feature in data.features:
        spots.setdefault(feature.spot, feature)
    for point, feature in spots.items():
        x, y = view.place(point)
        radius = (17 if is_numbered else 10) * _FINER
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, fill=_colour(feature.belt), outline=GROUND, width=3 * _FINER)
        if is_numbered and feature.number:
            draw.text((x, y), str(feature.number), fill=GROUND, font=_font(), anchor="mm")


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own face, which is part of the package and has figures."""
    from PIL import ImageFont

    return ImageFont.load_default(19 * _FINER)
