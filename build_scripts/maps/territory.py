"""Land divided among the districts, the neighbours and nobody: the geometry behind the base map.

Boundary and coast files come from different surveys and cross each other all along the shore. Here their
lines are noded into faces and every face gets one owner, so that fills meet the shore and each border is
a line of its own. Coordinates are shapely's (longitude, latitude) in degrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

_GRID = 1e-4  # degrees, about 10 m: the precision of the boundary files
_SHORE = 0.05  # degrees: land wholly this close to the city, and in nobody's borders, is the city's
_SHORTEST_CUT = 0.1  # degrees; an island that happens to touch the edge of its file ends there
_SHORTEST_GAP = 0.03  # degrees; a narrower one between two cuts is a stream, not the sea
BEYOND = 3.0  # degrees by which land that is cut off at the edge of its file goes on
_NOBODY = ""


class Territory(NamedTuple):
    """`cells` are the districts' land by code; `elsewhere` is all other land.

    `borders` run between districts, `frontier` between the city and other land; lines, maybe empty.
    """

    cells: Mapping[str, Any]
    elsewhere: Any
    borders: Any
    frontier: Any

    @property
    def city(self) -> Any:
        """The districts' land together."""
        from shapely import union_all

        return union_all(list(self.cells.values()))


def divide_land(
    districts: Mapping[str, Any], neighbours: Iterable[Any], coast: Any, tolerance: float
) -> Territory:
    """Give every piece of land its owner and simplify what they share.

    `coast` is all land.
    `tolerance` is the side, in degrees, of the smallest detail to keep (Visvalingam).
    """
    from shapely import union_all

    others = union_all(list(neighbours))
    owned = union_all(list(districts.values()))
    land = _all_land(owned, coast)
    cells = _collect_faces(districts, others, land)
    elsewhere = _continue_beyond(cells.pop(_NOBODY, None), land)
    names = [code for code in districts if code in cells]
    shapes = _simplify([*(cells[name] for name in names), elsewhere], tolerance)
    return _with_borders(dict(zip(names, shapes[:-1], strict=True)), shapes[-1])


def _all_land(owned: Any, coast: Any) -> Any:
    """The coast's land, and parts of districts that lie wholly off it, such as small islands."""
    from shapely import get_parts, intersects, union_all

    islands = [part for part in get_parts(owned) if not intersects(part, coast)]
    return union_all([coast, *islands])


def _collect_faces(districts: Mapping[str, Any], others: Any, land: Any) -> dict[str, Any]:
    from shapely import get_parts, polygonize, union_all

    lines = [shape.boundary for shape in (*districts.values(), others, land)]
    faces = get_parts(polygonize(get_parts(union_all(lines, grid_size=_GRID))))
    rim = union_all(list(districts.values())).buffer(_SHORE)
    owners: dict[str, list[Any]] = {}
    for face in faces:
        if land.covers(face.representative_point()):
            owners.setdefault(_find_owner(face, districts, others, rim), []).append(face)
    return {code: union_all(shapes) for code, shapes in owners.items()}


def _find_owner(face: Any, districts: Mapping[str, Any], others: Any, rim: Any) -> str:
    """The district a face lies in; else the nearest, when it is within the rim around the city's border."""
    if not districts:
        return _NOBODY
    inside = face.representative_point()
    distances = {code: shape.distance(inside) for code, shape in districts.items()}
    nearest = min(distances, key=distances.__getitem__)
    if distances[nearest] == 0:
        return nearest
    nearer_to_others = not others.is_empty and others.distance(inside) <= distances[nearest]
    return _NOBODY if nearer_to_others or not face.within(rim) else nearest


def _continue_beyond(elsewhere: Any, land: Any) -> Any:
    """Land that is cut off along a side of its file, continued outwards: such a cut is no shore."""
    from shapely import LineString, MultiPolygon

    if elsewhere is None:
        return MultiPolygon()
    west, south, east, north = land.bounds
    for x, step in ((west, -BEYOND), (east, BEYOND)):
        elsewhere = _extrude(elsewhere, LineString([(x, south), (x, north)]), step, 0)
    for y, step in ((south, -BEYOND), (north, BEYOND)):
        elsewhere = _extrude(elsewhere, LineString([(west - BEYOND, y), (east + BEYOND, y)]), 0, step)
    return elsewhere


def _extrude(shape: Any, side: Any, d_lon: float, d_lat: float) -> Any:
    """A shape with boxes of the given depth on its straight cuts along one side; short gaps are bridged."""
    from shapely import box, get_parts, union_all

    cuts = sorted(cut.bounds for cut in get_parts(shape.intersection(side)) if cut.length)
    joined: list[tuple[float, ...]] = []
    for cut in cuts:
        if joined and cut[0] - joined[-1][2] < _SHORTEST_GAP and cut[1] - joined[-1][3] < _SHORTEST_GAP:
            joined[-1] = (*joined[-1][:2], *cut[2:])
        else:
            joined.append(cut)
    boxes = [
        box(min(w, w + d_lon), min(s, s + d_lat), max(e, e + d_lon), max(n, n + d_lat))
        for w, s, e, n in joined
        if max(e - w, n - s) > _SHORTEST_CUT
    ]
    return union_all([shape, *boxes])


def _simplify(shapes: list[Any], tolerance: float) -> list[Any]:
    """Polygons simplified together, so that neighbours still share their border exactly."""
    from shapely import coverage_simplify

    return list(coverage_simplify(shapes, tolerance))


def _with_borders(cells: dict[str, Any], elsewhere: Any) -> Territory:
    from itertools import combinations

    from shapely import union_all

    pairs = combinations(cells.values(), 2)
    borders = union_all([_shared_line(a, b) for a, b in pairs])
    return Territory(cells, elsewhere, borders, _shared_line(union_all(list(cells.values())), elsewhere))


def _shared_line(a: Any, b: Any) -> Any:
    """The lines along which two polygons meet, joined up."""
    from shapely import MultiLineString, get_parts, line_merge

    if a.is_empty or b.is_empty:  # an empty shape has no boundary to ask for
        return MultiLineString()
    met = get_parts(a.boundary.intersection(b.boundary))
    return line_merge(MultiLineString([part for part in met if part.length]))
