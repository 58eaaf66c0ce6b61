"""The nearest of many places, found for all of them at once through a tree.

Points and ids in, ids out. Never each against each: places at one point are taken together, each is asked
for in a circle as wide as places lie apart there, and the circle grows until it holds enough.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from .datum import KM_PER_DEGREE, Point

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray
    from shapely import STRtree

    Numbers: TypeAlias = NDArray[Any]

_BLOCK = 2000  # points asked for in one go, which bounds memory


def find_nearest(points: Mapping[str, Point], *, most: int, within_km: float) -> dict[str, tuple[str, ...]]:
    """For each id the ids of the nearest others, nearest first, by straight lines on a plane.

    At most `most`, none farther than about `within_km`. Ids at the same point follow one another in turn, so
    that of many at one point each names the ones after it.
    """
    sites: dict[Point, list[str]] = defaultdict(list)
    for record_id, point in points.items():
        sites[point].append(record_id)
    groups = list(sites.values())
    around = _nearest_sites(list(sites), most, within_km)
    found: dict[str, tuple[str, ...]] = {}
    for group, others in zip(groups, around, strict=True):
        beyond = tuple(islice(chain.from_iterable(groups[n][:most] for n in others), most))
        for at, record_id in enumerate(group):
            turn = group[at + 1 : at + 1 + most]
            turn += group[: min(at, most - len(turn))]
            found[record_id] = (*turn, *beyond)[:most]
    return {record_id: found[record_id] for record_id in points}


def _nearest_sites(sites: Sequence[Point], most: int, within_km: float) -> list[list[int]]:
    """For each of several different points the numbers of the nearest others."""
    if len(sites) < 2:
        return [[] for _ in sites]
    import numpy as np
    import shapely

    shrink = math.cos(math.radians(sum(p.lat for p in sites) / len(sites)))
    plane = np.array([(p.lon * shrink, p.lat) for p in sites]) * KM_PER_DEGREE
    shapes: Any = shapely.points(plane)
    tree = shapely.STRtree(shapes)
    # How many share a square kilometre tells how wide the first circle must be.
    _, cells, counts = np.unique(np.floor(plane), axis=0, return_inverse=True, return_counts=True)
    radii = np.minimum(np.sqrt(most / counts[cells.ravel()]), within_km)
    left = np.arange(len(sites))
    found: list[list[int]] = [[] for _ in sites]
    while left.size:
        is_short = np.zeros(left.size, dtype=bool)
        for start in range(0, left.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            for n, others in enumerate(_search(tree, plane, left[block], radii[block]), start=start):
                found[left[n]] = others[:most]
                is_short[n] = len(others) < most and radii[n] < within_km
        left, radii = left[is_short], np.minimum(radii[is_short] * 2, within_km)
    return found


def _search(tree: STRtree, plane: Numbers, numbers: Numbers, radii: Numbers) -> Iterator[list[int]]:
    """For each point the others within its radius, nearest first; of equally near ones the first listed."""
    import numpy as np
    import shapely

    centres = plane[numbers]
    which, other = tree.query(shapely.box(*(centres - radii[:, None]).T, *(centres + radii[:, None]).T))
    distance = np.hypot(*(centres[which] - plane[other]).T).round(6)
    inside = distance <= radii[which]
    which, other, distance = which[inside], other[inside], distance[inside]
    order = np.lexsort((other, distance, which))
    which, other = which[order], other[order]
    edges = np.searchsorted(which, np.arange(len(numbers) + 1))
    for n, number in enumerate(numbers.tolist()):
        yield [i for i in other[edges[n] : edges[n + 1]].tolist() if i != number]
