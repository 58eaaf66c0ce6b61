"""Still pictures of maps: inline SVG over the shared base map, readable without any script.

Classes only, no style: the page's stylesheet paints, light and dark. Units are about a pixel on a phone.
Marks that would hide each other are drawn as one, and what is drawn has a key.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import NamedTuple

from ..geography.datum import BoundingBox, Point
from ..records.places import Precision
from .base_map import LAYERS, BaseMap
from .features import Line, MapData, PlaceFeature
from .labels import Box, Placer, corners_beside, measure
from .projection import Projection, View

_NAME_SIZE = 12.5
_NUMBER_SIZE = 11.0
_DOT = 9.0  # radius of a dot with one figure or two
_PLAIN_DOT = 5.0
_DISTRICT_SIZE = 12.0
_DISTRICT_SPACING = 3.0
_MOST_NAMES = 8  # more spots than this and their names would hide the map; the table has them
_CROWD = 300  # more spots than this and those of no belt are drawn together, by cells of so many pixels
_CELL, _COVER_CELL = 16, 8
_SHORTEST_SPAN_KM = 30.0  # a lone place is shown among its district's borders and rivers
_WIDE_KM = 10.0  # a circle wider than this is hatched fainter, or it would be all one sees
_SCALE_STEPS_KM = (1, 2, 5, 10, 20, 50, 100)
_LONGEST_SCALE = 90.0
_NO_BELT = "0"
_COUNTED = "处"
_WIDEST_TEXT = 40.0


class StillSize(NamedTuple):
    """Width and height of a still, and the margin around what it must show."""

    width: int
    height: int
    margin: int = 34


OVERVIEW = StillSize(380, 440, 8)
PROFILE = StillSize(380, 300)
_COVER = StillSize(160, 120, 7)


class Still(NamedTuple):
    """A picture, inline SVG, and how to read it: for each sign (a class of the style sheet) its meaning."""

    svg: str
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Spot:
    """The places that one mark stands for: those that share a point. `reach` is their largest circle's radius.

    Or places whose marks would hide each other; or a `crowd` of places near one another, whose mark grows with
    their number.
    """

    features: tuple[PlaceFeature, ...]
    x: float
    y: float
    reach: float
    crowd: bool = False

    @cached_property
    def belt(self) -> str:
        """The belt whose colour it takes; `mixed` for places of several."""
        belts = {feature.belt for feature in self.features}
        return str(belts.pop()) if len(belts) == 1 else "mixed"

    @cached_property
    def exact(self) -> bool:
        """Whether any of them is known to the village, so that the spot is a dot."""
        return any(feature.precision is Precision.VILLAGE for feature in self.features)

    @cached_property
    def text(self) -> str:
        """Their numbers along one belt, `1–4`; else how many they are, nothing for one or a crowd."""
        if self.crowd:
            return ""
        numbers = sorted({feature.number for feature in self.features if feature.number})
        if numbers and self.belt != "mixed":
            return self._fit(numbers)
        return f"{len(self.features)}{_COUNTED}" if len(self.features) > 1 else ""

    @cached_property
    def radius(self) -> float:
        """Half the width of its mark. A crowd's grows with the root of its number, up to its cell."""
        if self.crowd:
            return min(2 + math.sqrt(len(self.features)), _CELL / 2)
        if not self.text:
            return _PLAIN_DOT
        return max(_DOT, measure(self.text, _NUMBER_SIZE)[0] / 2 + 5)

    @cached_property
    def mark_box(self) -> Box:
        """What its mark covers."""
        height = min(self.radius, _DOT)
        return Box(self.x - self.radius, self.y - height, self.x + self.radius, self.y + height)

    @cached_property
    def core_box(self) -> Box:
        """What must be seen of its mark: its text, or its middle where it has none."""
        width, height = measure(self.text, _NUMBER_SIZE) if self.text else (2.0, 2.0)
        return Box(self.x - width / 2, self.y - height / 2, self.x + width / 2, self.y + height / 2)

    def hides(self, other: _Spot) -> bool:
        """Whether the mark of either lies over what must be seen of the other, and one of them has a text."""
        if self.crowd or other.crowd or not (self.text or other.text):
            return False
        return self.mark_box.overlaps(other.core_box) or other.mark_box.overlaps(self.core_box)

    def _fit(self, numbers: Sequence[int]) -> str:
        """Numbers along one belt, or how many places where they would be too long a text."""
        text = join_numbers(numbers)
        return text if measure(text, _NUMBER_SIZE)[0] <= _WIDEST_TEXT else f"{len(self.features)}{_COUNTED}"

    @cached_property
    def is_count(self) -> bool:
        """Whether its text is how many they are."""
        return self.text.endswith(_COUNTED)

    @cached_property
    def stops(self) -> dict[int, str]:
        """Their numbers along each belt that they are on, by the belt's; none on a map without numbers."""
        found: dict[int, set[int]] = {}
        for feature in self.features:
            for belt, number in zip(feature.belts, feature.numbers, strict=False) if feature.number else ():
                found.setdefault(belt, set()).add(number)
        return {belt: self._fit(sorted(numbers)) for belt, numbers in sorted(found.items())}

    @cached_property
    def classes(self) -> str:
        """The class of its colour, then one for every other belt that lights it up."""
        return _belt_classes(self.belt, *self.features)


def _belt_classes(belt: str, *features: PlaceFeature) -> str:
    others = sorted({number for feature in features for number in feature.belts if str(number) != belt})
    return " ".join((f"belt-{belt}", *(f"on-belt-{number}" for number in others)))


def render_still(
    data: MapData, base: BaseMap, root: str, *, size: StillSize = PROFILE, approval: str = ""
) -> Still:
    """The picture of one map; `root` leads from the page to the site's root.

    Its ids are fixed, so a page holds one at most. `approval` is the map's 审图号.
    """
    view = _look_at(data.bounds, base.projection, size)
    spots = _gather_spots(data.features, view, _CELL)
    marks = _join_hidden(spots)
    placer = Placer(Box(2, 2, size.width - 2, size.height - 26))
    parts = [
        f'<svg class="still" viewBox="0 0 {size.width} {size.height}" role="img" aria-labelledby="still-title">',
        f'<title id="still-title">{escape(data.title)}</title>',
        *_draw_hatches(spots),
        *_draw_base(data, base, root, view),
        *_draw_reaches(spots, view),
        *(_draw_line(line, view) for line in data.lines),
        *(_draw_spot(mark, placer) for mark in marks),
        *_draw_place_names(marks, placer),
        *_draw_base_names(base, view, placer),
        _draw_scale(data.bounds.centre.lat, view, _remark(spots, approval)),
        "</svg>",
    ]
    return Still("".join(parts), _key_to(data, marks))


def render_cover(data: MapData, base: BaseMap, root: str) -> str:
    """The small picture of a card: the outline of the city or district and the places, without names."""
    code = data.district_code if f"district-{data.district_code}" in base.groups else ""
    view = _look_at(base.extents[code], base.projection, _COVER)
    outline = f"district-{code}" if code else "land"
    spots = _gather_spots(data.features, view, _COVER_CELL)
    belt = data.belts[0].number if len(data.belts) == 1 else 0
    parts = [
        f'<svg class="cover belt-{belt}" viewBox="0 0 {_COVER.width} {_COVER.height}" aria-hidden="true">',
        f'<g transform="{_matrix(view)}">{_use(escape(f"{root}{base.svg.path}"), outline, "cover__land")}</g>',
        *(_draw_line(line, view, "cover__line") for line in data.lines),
        *(
            f'<circle class="cover__{"dot" if spot.exact else "ring"} belt-{spot.belt}"'
            f' cx="{_n(spot.x)}" cy="{_n(spot.y)}" r="4"/>'
            for spot in spots
        ),
        "</svg>",
    ]
    return "".join(parts)


def join_numbers(numbers: Iterable[int]) -> str:
    """Ascending numbers with runs of three or more shortened: 1, 2, 3, 5 is `1–3·5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = (f"{r[0]}–{r[-1]}" if len(r) > 2 else "·".join(map(str, r)) for r in runs)
    return "·".join(words)


# -- where things are ----------------------------------------------------------------------------


def _look_at(bounds: BoundingBox, projection: Projection, size: StillSize) -> View:
    """The view that shows the bounds with the size's margin, not closer than the shortest span."""
    return projection.fit(bounds, size.width, size.height, size.margin, _SHORTEST_SPAN_KM)


def _gather_spots(features: Iterable[PlaceFeature], view: View, cell: int) -> tuple[_Spot, ...]:
    """Places by their point, in the order the points first occur; a crowd by its cell."""
    groups: dict[Point, list[PlaceFeature]] = {}
    for feature in features:
        groups.setdefault(feature.spot, []).append(feature)
    spots = tuple(
        _Spot(tuple(group), *view.place(point), view.length(max(f.radius_km for f in group), point.lat))
        for point, group in groups.items()
    )
    return spots if len(spots) <= _CROWD else _merge_crowd(spots, cell)


def _merge_crowd(spots: Iterable[_Spot], cell: int) -> tuple[_Spot, ...]:
    """The spots of no belt joined by cells, before those of belts, which lie over them."""
    cells: dict[tuple[int, int], list[_Spot]] = {}
    kept = []
    for spot in spots:
        if spot.belt == _NO_BELT:
            cells.setdefault((int(spot.x // cell), int(spot.y // cell)), []).append(spot)
        else:
            kept.append(spot)
    return (*(_join_spots(group, crowd=True) for group in cells.values()), *kept)


def _join_spots(spots: Sequence[_Spot], *, crowd: bool) -> _Spot:
    """One spot amid the places of several."""
    features = tuple(feature for spot in spots for feature in spot.features)
    x = sum(len(spot.features) * spot.x for spot in spots) / len(features)
    y = sum(len(spot.features) * spot.y for spot in spots) / len(features)
    return _Spot(features, x, y, 0.0, crowd)


def _join_hidden(spots: Iterable[_Spot]) -> tuple[_Spot, ...]:
    """What is marked: spots whose marks would hide each other's text or middle joined, until none does."""
    marks: list[_Spot] = []
    for spot in spots:
        mark = spot
        while over := next((other for other in marks if mark.hides(other)), None):
            marks.remove(over)
            mark = _join_spots((over, mark), crowd=False)
        marks.append(mark)
    return tuple(marks)


def _key_to(data: MapData, marks: Sequence[_Spot]) -> tuple[tuple[str, str], ...]:
    """The signs that the map has, and what they mean."""
    has_text = {bool(mark.text) for mark in marks if mark.exact}
    numbered = {feature.belt for feature in data.features if feature.number}
    rough = any(feature.precision is not Precision.VILLAGE for feature in data.features)
    rows = (
        (False in has_text, "dot", "位置准确到村"),
        (True in has_text, "ring", "位置准确到村"),
        (rough, "reach", "位置在圆内，圆心不是它的位置"),
        (any(mark.is_count for mark in marks), "count", "几处相同或很近，合成一处"),
        (bool(data.lines), "line", data.line_note or "站点次序，不是道路"),
        (len(numbered) > 1, "number", "同色精品带的第几站"),
    )
    return tuple((sign, meaning) for is_there, sign, meaning in rows if is_there)


# -- the base ------------------------------------------------------------------------------------


def _draw_base(data: MapData, base: BaseMap, root: str, view: View) -> Iterator[str]:
    shapes = escape(f"{root}{base.svg.path}")
    yield f'<g transform="{_matrix(view)}">'
    for group in LAYERS:
        if group in base.groups:
            yield _use(shapes, group, f"still__{group}")
        if group == "land" and f"district-{data.district_code}" in base.groups:
            yield _use(shapes, f"district-{data.district_code}", "still__district")
    yield "</g>"


def _use(shapes: str, group: str, name: str) -> str:
    return f'<use href="{shapes}#{group}" class="{name}"/>'


def _matrix(view: View) -> str:
    return f"matrix({view.scale:.5f} 0 0 {view.scale:.5f} {_n(view.shift_x)} {_n(view.shift_y)})"


def _draw_base_names(base: BaseMap, view: View, placer: Placer) -> Iterator[str]:
    """Names of districts, then neighbours, centred on their points where there is room."""
    for name in base.names:
        x, y = view.shift(*name.at)
        if not (0 < x < view.width and 0 < y < view.height):
            continue
        width, height = measure(name.text, _DISTRICT_SIZE, _DISTRICT_SPACING)
        if box := placer.place(width, height, [(x - width / 2, y - height / 2)]):
            kind = "still__region" if name.code else "still__region still__region--other"
            yield f'<text class="{kind}" x="{_n((box.left + box.right) / 2)}" y="{_n(box.bottom - 3)}">{escape(name.text)}</text>'


def _draw_scale(lat: float, view: View, remark: str) -> str:
    """A scale bar of a round length and, at the lower left as is the rule, what the picture is."""
    fitting = [km for km in _SCALE_STEPS_KM if view.length(km, lat) <= _LONGEST_SCALE]
    km = fitting[-1] if fitting else _SCALE_STEPS_KM[0]
    y, length = view.height - 10, view.length(km, lat)
    bar = f'<path class="still__scale" d="M10 {y - 5}v5h{_n(length)}v-5"/>'
    return f'{bar}<text class="still__remark" x="{_n(length + 18)}" y="{y}">{km}公里 · {remark}</text>'


def _remark(spots: Iterable[_Spot], approval: str) -> str:
    """What the picture is, how its dots are to be read, and its number."""
    crowd = " · 点越大，地点越多" if any(spot.crowd for spot in spots) else ""
    return f"示意图{crowd}" + (f" · 审图号：{escape(approval)}" if approval else "")


# -- the places ----------------------------------------------------------------------------------


def _draw_hatches(spots: tuple[_Spot, ...]) -> Iterator[str]:
    """One hatch for each colour that an uncertainty circle has."""
    belts = sorted({f.belt for f in _uncertain(spots)})
    for belt in belts:
        yield (
            f'<pattern id="still-hatch-{belt}" class="hatch belt-{belt}" width="6" height="6"'
            ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6"/></pattern>'
        )


def _uncertain(spots: Iterable[_Spot]) -> Iterator[PlaceFeature]:
    """The places whose circle is drawn: a crowd's would cover everything."""
    for spot in spots:
        if not spot.crowd:
            yield from (feature for feature in spot.features if feature.precision is not Precision.VILLAGE)


def _draw_reaches(spots: tuple[_Spot, ...], view: View) -> Iterator[str]:
    """Circles of uncertainty, true to scale, the largest first; equal ones once."""
    circles = {
        (f.radius_km, spot.x, spot.y, f.belt): (f.point.lat, _belt_classes(str(f.belt), f))
        for spot in spots
        for f in _uncertain([spot])
    }
    for (km, x, y, belt), (lat, classes) in sorted(circles.items(), reverse=True):
        wide = " reach--wide" if km > _WIDE_KM else ""
        yield (
            f'<circle class="reach{wide} {classes}" fill="url(#still-hatch-{belt})"'
            f' cx="{_n(x)}" cy="{_n(y)}" r="{_n(view.length(km, lat))}"/>'
        )


def _draw_line(line: Line, view: View, name: str = "still__line") -> str:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in map(view.place, line.points))
    recorded = " line--recorded" if line.recorded else ""
    return f'<polyline class="{name}{recorded} belt-{line.belt}" points="{points}"/>'


def _draw_spot(spot: _Spot, placer: Placer) -> str:
    """A dot where the village is known; else, at a circle's centre, only its number or a small cross."""
    half = spot.radius
    placer.block(spot.mark_box)
    shape = f'<circle r="{_n(half)}"/>'
    if not (spot.exact or spot.crowd or spot.text):
        shape = '<path d="M-4 0h8M0-4v8"/>'
    elif half > _DOT:
        shape = f'<rect x="{_n(-half)}" y="-9" width="{_n(2 * half)}" height="18" rx="9"/>'
    text = f"<text{_stops_when_lit(spot)}>{spot.text}</text>" if spot.text else ""
    place = f"translate({_n(spot.x)} {_n(spot.y)})"
    return f'<g class="stop{_manner(spot)} {spot.classes}" transform="{place}">{shape}{text}</g>'


def _stops_when_lit(spot: _Spot) -> str:
    """What its text becomes while one of its belts is lit up (map_highlight.js), where that is something else."""
    texts = (f' data-on-belt-{belt}="{text}"' for belt, text in spot.stops.items() if text != spot.text)
    return "".join(texts)


def _manner(spot: _Spot) -> str:
    """The class of a spot that is no village: a number has a ring of its own while its circle is smaller."""
    if spot.crowd:
        return " stop--crowd"
    if spot.exact:
        return ""
    return " stop--about stop--tight" if spot.text and spot.reach < spot.radius + 2 else " stop--about"


def _draw_place_names(spots: tuple[_Spot, ...], placer: Placer) -> Iterator[str]:
    if len(spots) > _MOST_NAMES:
        return
    for spot in spots:
        name = "、".join(feature.name for feature in spot.features)
        size = measure(name, _NAME_SIZE)
        gap = spot.radius + 4
        if box := placer.place(*size, corners_beside(spot.x, spot.y, gap, size)):
            side, x = _anchor(box, spot)
            yield f'<text class="still__name{side} {spot.classes}" x="{_n(x)}" y="{_n(box.bottom - 3)}">{escape(name)}</text>'


def _anchor(box: Box, spot: _Spot) -> tuple[str, float]:
    """The class and abscissa that keep a name at its dot when the stylesheet sets it smaller."""
    if box.right < spot.x:
        return " still__name--left", box.right
    return ("", box.left) if box.left > spot.x else (" still__name--over", spot.x)


def _n(value: float) -> str:
    """A number with at most one decimal, as short as it goes."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
