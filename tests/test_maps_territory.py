"""Land and its owners."""

import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from build_scripts.maps.territory import Territory, divide_land

WEST, EAST = box(0, 0, 1, 1), box(1, 0, 2, 1)
DISTRICTS = {"w": WEST, "e": EAST}
TOLERANCE = 0.001


def divide(coast: Polygon | MultiPolygon, *neighbours: Polygon) -> Territory:
    return divide_land(DISTRICTS, neighbours, coast, TOLERANCE)


def test_an_island_has_no_frontier() -> None:
    territory = divide(box(0, 0, 2, 1))
    assert territory.city.area == pytest.approx(2)
    assert territory.elsewhere.is_empty
    assert territory.borders.equals(shapely.LineString([(1, 0), (1, 1)]))
    assert territory.frontier.is_empty


def test_districts_end_at_the_shore() -> None:
    assert divide(box(0, 0, 2, 0.9)).city.bounds == pytest.approx((0, 0, 2, 0.9))


def test_land_just_outside_the_border_goes_to_the_nearest_district() -> None:
    cells = divide(box(0, 0, 2, 1.02)).cells
    assert cells["w"].area + cells["e"].area == pytest.approx(2.04, abs=0.001)


def test_other_land_stays_other_land_and_meets_the_city_at_a_frontier() -> None:
    territory = divide(box(-1, 0, 2, 1), box(-1, 0, 0, 1))
    assert territory.city.area == pytest.approx(2)
    assert territory.elsewhere.contains(shapely.Point(-0.5, 0.5))
    assert territory.frontier.equals(shapely.LineString([(0, 0), (0, 1)]))


def test_mainland_without_neighbours_is_not_taken_for_the_citys_shore() -> None:
    territory = divide(box(-4, -4, 2, 4))
    assert territory.city.area == pytest.approx(2, abs=0.01)


def test_small_islands_off_the_coast_file_are_kept() -> None:
    districts = {"w": MultiPolygon([WEST, box(0, 3, 0.1, 3.1)])}
    territory = divide_land(districts, (), WEST, TOLERANCE)
    assert territory.cells["w"].contains(shapely.Point(0.05, 3.05))


def test_land_cut_off_at_the_edge_of_its_file_goes_on() -> None:
    territory = divide(box(-1, 0, 2, 1), box(-1, 0, 0, 1))
    assert territory.elsewhere.contains(shapely.Point(-3, 0.5))


def test_neighbouring_polygons_still_share_their_border_exactly() -> None:
    territory = divide(box(-1, -0.5, 2, 1), box(-1, -0.5, 0, 1), box(0, -0.5, 2, 0))
    assert shapely.coverage_is_valid([*territory.cells.values(), territory.elsewhere])


def test_land_without_districts_is_nobodys() -> None:
    territory = divide_land({}, [], WEST, TOLERANCE)
    assert territory.cells == {}
    assert territory.elsewhere.contains(WEST)
