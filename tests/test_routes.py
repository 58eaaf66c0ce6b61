"""Belts as routes: legs, lengths, tracks, and what is said where a point is not exact."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.belt import Belt
from build_scripts.reading.load import load_dataset
from build_scripts.routes import Route, build_route
from build_scripts.views.route import describe_leg, route_view


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return build_catalogue(load_dataset(ROOT))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return build_catalogue(load_dataset(copy_site("second-city", tmp_path_factory.mktemp("routes"))))


def _route(catalogue: Catalogue, belt_id: str) -> Route:
    belt = catalogue.records[belt_id]
    assert isinstance(belt, Belt)
    return build_route(belt, catalogue)


def test_legs_are_straight_lines_that_add_up(real: Catalogue) -> None:
    """Each leg says that it is straight, in whole kilometres between townships; the first stop has none."""
    route = _route(real, "mountain-dwellings")
    legs = [describe_leg(stop, route) for stop in route.stops]
    assert legs[0] == ""
    assert len(legs) == 4
    assert all(re.fullmatch(r"与上一站直线距离约\d+公里", leg) for leg in legs[1:])
    assert route.straight_km == pytest.approx(sum(stop.leg_km or 0 for stop in route.stops))


def test_a_belt_of_our_own_stops_has_no_length(tmp_path: Path, real: Catalogue) -> None:
    """Its stops and their order are ours; where sources name every stop the legs are added up."""
    own = [route_view(build_route(belt, real)).straight for belt in real.of(Belt) if belt.is_editorial]
    assert own
    assert set(own) == {""}
    root = copy_site("second-city", tmp_path)
    path = root / "belts/boutique/river-belt.yml"
    text = path.read_text(encoding="utf-8")
    sourced = re.sub(r"basis: editorial\n( +)reason: .*", r"basis: source\n\1sources: [survey]", text)
    path.write_text(sourced, encoding="utf-8")
    assert route_view(_route(build_catalogue(load_dataset(root)), "river-belt")).straight == "约43公里"


def test_no_leg_is_zero_kilometres(real: Catalogue) -> None:
    """Two stops on a township's one point are said to share it, and why: nobody walks 0 km."""
    routes = [build_route(belt, real) for belt in real.of(Belt)]
    legs = [(stop, describe_leg(stop, route)) for route in routes for stop in route.stops]
    shared = [leg for stop, leg in legs if stop.shares_point]
    assert shared
    assert all(leg == "与上一站标在同一坐标点（都只知道在鹤浦镇，实际距离不详）" for leg in shared)
    assert not any("0.0公里" in leg for _, leg in legs)


def test_a_stop_without_a_point_is_stepped_over(tmp_path: Path) -> None:
    """The leg after it leads from the last stop whose place is known, and says which."""
    root = copy_site("second-city", tmp_path)
    union = root / "belts/alliances/river-union.yml"
    lines = union.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line == "  location:")
    rest = [line for line in lines[at + 1 :] if not line.startswith("    ")]
    union.write_text("\n".join([*lines[:at], *rest]) + "\n", encoding="utf-8")
    route = _route(build_catalogue(load_dataset(root)), "river-belt")
    assert [stop.leg_km is None for stop in route.stops] == [True, True, False]
    assert describe_leg(route.stops[2], route).startswith("与第1站直线距离约")


def test_a_track_has_its_own_length_and_climb(second: Catalogue) -> None:
    """They come from the recorded points."""
    view = route_view(_route(second, "river-belt"))
    assert 43 < float(view.length) < 46
    assert 115 < float(view.climb) < 125
    assert view.line == "线为实地记录的轨迹。"
    assert view.order == "自上游到下游。"


def test_real_belts_have_no_invented_track(real: Catalogue) -> None:
    """Nobody recorded one, so no page claims a length on the ground."""
    for belt in real.of(Belt):
        view = route_view(build_route(belt, real))
        assert (view.length, view.climb) == ("", "")
        assert view.line in ("", "连线按站点顺序直线连接，不是道路，不能用来导航。")


def test_a_map_service_that_takes_fewer_stops_says_which(real: Catalogue) -> None:
    opens = {link.text: link.note for link in route_view(_route(real, "mountain-dwellings")).opens}
    assert opens["Apple 地图"] == ""
    assert opens["百度地图"] == opens["OpenStreetMap"] == "只带第1、4站"
    assert opens["高德地图"] in ("只带第1、2、4站", "只带第1、3、4站")


def test_stops_on_one_point_are_no_route(real: Catalogue) -> None:
    """No map service is asked for the way from a point to itself."""
    for belt in real.of(Belt):
        route = build_route(belt, real)
        assert bool(route_view(route).opens) == (len(set(route.line)) > 1)
