"""Still pictures."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from map_samples import HOSTILE, make_belt_map, make_city, make_files, make_map, make_place

from build_scripts.geography.datum import BoundingBox, Point, distance_km
from build_scripts.maps.base_map import BaseMap, build_base_map
from build_scripts.maps.features import MapData
from build_scripts.maps.still import join_numbers, render_cover, render_still
from build_scripts.records.places import Precision


@pytest.fixture(scope="module")
def base() -> BaseMap:
    return build_base_map(make_city(), make_files())


def draw(data: MapData, base: BaseMap) -> ET.Element:
    return ET.fromstring(draw_text(data, base))  # noqa: S314  our own output


def draw_text(data: MapData, base: BaseMap, approval: str = "") -> str:
    return render_still(data, base, "../../", approval=approval).svg


def signs_of(data: MapData, base: BaseMap) -> list[str]:
    return [sign for sign, _ in render_still(data, base, "").key]


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def texts(elements: Iterable[ET.Element]) -> list[str]:
    return ["".join(element.itertext()) for element in elements]


def test_picture_is_named_for_screen_readers(base: BaseMap) -> None:
    picture = draw(make_belt_map(), base)
    assert picture.get("role") == "img"
    title = picture.find("title")
    assert title is not None
    assert title.get("id") == picture.get("aria-labelledby")
    assert title.text == "测试地图"


def test_the_approval_number_stands_at_the_lower_left(base: BaseMap) -> None:
    """Where the city has one; escaped like every text, and nothing stands there without it."""
    text = draw_text(make_belt_map(), base, approval="浙S<1>号")
    (remark,) = of_class(ET.fromstring(text), "still__remark")  # noqa: S314  our own output
    assert (remark.text or "").endswith("审图号：浙S<1>号")
    assert "审图号" not in draw_text(make_belt_map(), base)


def test_base_is_referred_to_not_repeated(base: BaseMap) -> None:
    uses = [element.get("href") for element in draw(make_belt_map(), base).iter("use")]
    assert uses == [
        f"../../{base.svg.path}#{group}" for group in ("neighbours", "land", "borders", "frontier")
    ]


def test_chosen_district_is_set_off(base: BaseMap) -> None:
    picture = draw(make_map(make_place(), district_code="2"), base)
    assert [use.get("href", "").partition("#")[2] for use in of_class(picture, "still__district")] == [
        "district-2"
    ]


def test_places_at_one_point_are_drawn_once_with_their_numbers(base: BaseMap) -> None:
    stops = of_class(draw(make_belt_map(), base), "stop")
    assert texts(stops) == ["1", "2–4"]


def test_places_without_numbers_are_counted(base: BaseMap) -> None:
    assert texts(of_class(draw(make_map(make_place("a"), make_place("b")), base), "stop")) == ["2处"]


def test_places_of_two_belts_at_one_point_are_counted_and_take_no_belts_colour(base: BaseMap) -> None:
    places = (make_place("a", belt=1, number=2), make_place("b", belt=4, number=3))
    (stop,) = of_class(draw(make_map(*places), base), "stop")
    assert texts([stop]) == ["2处"]
    assert "belt-mixed" in stop.get("class", "").split()


def test_a_stop_of_two_belts_carries_its_number_on_the_other(base: BaseMap) -> None:
    """So that the other belt lights up its mark, circle and name, and says which stop of its own it is."""
    place = make_place(belt=2, belts=(2, 6), number=3, numbers=(3, 1), precision=Precision.TOWNSHIP)
    picture = draw(make_map(place), base)
    (stop,), (name,) = of_class(picture, "stop"), of_class(picture, "still__name")
    (circle,) = of_class(picture, "reach")
    for lit in (stop, name, circle):
        assert {"belt-2", "on-belt-6"} <= {*lit.get("class", "").split()}
    (text,) = stop.iter("text")
    assert (text.text, text.get("data-on-belt-6"), text.get("data-on-belt-2")) == ("3", "1", None)


def test_township_is_a_circle_true_to_scale_and_no_dot(base: BaseMap) -> None:
    picture = draw(make_belt_map(), base)
    (circle,) = of_class(picture, "reach")
    a, b = (stop.get("transform", "") for stop in of_class(picture, "stop"))
    (x0, y0), (x1, y1) = ([float(n) for n in re.findall(r"[\d.-]+", text)] for text in (a, b))
    apart_km = distance_km(Point(30.3, 110.3), Point(30.4, 110.7))
    units_per_km = ((x0 - x1) ** 2 + (y0 - y1) ** 2) ** 0.5 / apart_km
    assert float(circle.get("r", 0)) == pytest.approx(5 * units_per_km, rel=0.02)
    assert len(of_class(picture, "stop--about")) == 1


def test_village_has_no_circle_of_uncertainty(base: BaseMap) -> None:
    assert not of_class(draw(make_map(make_place()), base), "reach")


def test_centre_of_a_circle_is_a_cross_and_an_exact_place_a_dot(base: BaseMap) -> None:
    """Where neither has a number: no ring, which says that a place is exact."""
    rough = make_place("b", point=Point(30.4, 110.7), precision=Precision.TOWNSHIP, radius_km=5.0)
    exact, centre = of_class(draw(make_map(make_place(), rough), base), "stop")
    assert [child.tag for child in exact] == ["circle"]
    assert [child.tag for child in centre] == ["path"]


def test_circle_refers_to_a_hatch_of_its_colour(base: BaseMap) -> None:
    picture = draw(make_belt_map(), base)
    (circle,) = of_class(picture, "reach")
    (hatch,) = picture.iter("pattern")
    assert circle.get("fill") == f"url(#{hatch.get('id')})"
    assert "belt-3" in hatch.get("class", "").split()


def test_number_has_a_ring_of_its_own_while_its_circle_is_too_small_to_see(base: BaseMap) -> None:
    far = replace(make_belt_map(), bounds=BoundingBox(29.0, 109.0, 32.0, 112.0))
    near = replace(far, bounds=BoundingBox(30.35, 110.65, 30.45, 110.75))
    assert len(of_class(draw(far, base), "stop--tight")) == 1
    assert not of_class(draw(near, base), "stop--tight")


def test_line_joins_the_stops_in_order(base: BaseMap) -> None:
    (line,) = of_class(draw(make_belt_map(), base), "still__line")
    assert line.get("points", "").count(",") == 2
    assert "belt-3" in line.get("class", "")


def test_hostile_name_is_text(base: BaseMap) -> None:
    name = "<b a='1'>&\"</svg>"
    data = make_map(make_place(name=name), title=HOSTILE)
    assert "<b" not in draw_text(data, base)
    assert texts(of_class(draw(data, base), "still__name")) == [name]
    assert draw(data, base).findtext("title") == HOSTILE


def test_picture_has_classes_and_no_style(base: BaseMap) -> None:
    text = draw_text(make_belt_map(), base)
    assert "style" not in text
    assert "onload" not in text


def test_record_picture_is_light(base: BaseMap) -> None:
    about = make_place(precision=Precision.DISTRICT, radius_km=15.0, name="一个相当长的联合体名称" * 3)
    assert len(draw_text(make_map(about, district_code="1"), base).encode()) < 3072


def test_view_of_a_single_point_still_shows_its_surroundings(base: BaseMap) -> None:
    point = BoundingBox(30.3, 110.3, 30.3, 110.3)
    (remark,) = texts(of_class(draw(make_map(make_place(), bounds=point), base), "still__remark"))
    assert remark == "10公里 · 示意图"


def test_crowded_picture_names_no_place(base: BaseMap) -> None:
    places = [make_place(str(i), point=Point(30.05 + i / 50, 110.3)) for i in range(20)]
    assert not of_class(draw(make_map(*places), base), "still__name")


def test_cover_is_decoration_without_names(base: BaseMap) -> None:
    cover = ET.fromstring(render_cover(make_belt_map(), base, "../"))  # noqa: S314  our own output
    assert cover.get("aria-hidden") == "true"
    assert "".join(cover.itertext()) == ""
    assert len(of_class(cover, "cover__dot")) == 1
    assert len(of_class(cover, "cover__ring")) == 1
    assert "belt-3" in cover.get("class", "")


def test_cover_of_a_district_shows_the_district(base: BaseMap) -> None:
    assert "#district-1" in render_cover(make_map(make_place(), district_code="1"), base, "")


@pytest.mark.parametrize(
    ("numbers", "text"), [([1], "1"), ([1, 2], "1·2"), ([1, 2, 3], "1–3"), ([1, 2, 3, 5, 7, 8], "1–3·5·7·8")]
)
def test_numbers_are_joined_in_runs(numbers: list[int], text: str) -> None:
    assert join_numbers(numbers) == text


def test_a_crowd_is_drawn_together(base: BaseMap) -> None:
    """Hundreds of places become some dozens of dots that grow with their number, without circles; a belt's stops stay."""
    many = [
        make_place(
            id=f"a{n}",
            point=Point(29.5 + n % 20 * 0.001, 121.4 + n // 20 * 0.001),
            belt=0,
            number=0,
            precision=Precision.TOWNSHIP,
        )
        for n in range(400)
    ]
    stop = make_place(id="stop", point=Point(29.6, 121.5), belt=3, number=1)
    picture = draw(make_map(*many, stop), base)
    crowds = of_class(picture, "stop--crowd")
    assert 1 <= len(crowds) < 60
    assert len(of_class(picture, "stop")) == len(crowds) + 1
    assert of_class(picture, "reach") == []
    assert "点越大" in texts(of_class(picture, "still__remark"))[0]


def test_few_places_are_drawn_one_by_one(base: BaseMap) -> None:
    """No dot stands for places apart from one another while there is room."""
    places = [make_place(id=f"a{n}", point=Point(29.5 + n * 0.01, 121.4), belt=0, number=0) for n in range(9)]
    picture = draw(make_map(*places), base)
    assert of_class(picture, "stop--crowd") == []
    assert len(of_class(picture, "stop")) == 9


def test_marks_that_would_hide_each_other_are_drawn_as_one(base: BaseMap) -> None:
    """Counted, amid their places, named together; each keeps its own circle of uncertainty."""
    one = make_place("a", belt=1, number=2)
    near = make_place(
        "b", belt=2, number=1, point=Point(30.31, 110.3), precision=Precision.TOWNSHIP, radius_km=9.0
    )
    far = make_place("c", belt=2, number=2, point=Point(30.4, 110.8))
    picture = draw(make_map(one, near, far), base)
    assert sorted(texts(of_class(picture, "stop"))) == ["2", "2处"]
    assert "地点a、地点b" in texts(of_class(picture, "still__name"))
    (circle,) = of_class(picture, "reach")
    joined, alone = sorted(map(place_of, of_class(picture, "stop")))
    apart = [place_of(*of_class(draw(make_map(place, far), base), "stop")[:1]) for place in (one, near)]
    assert joined == pytest.approx([sum(values) / 2 for values in zip(*apart, strict=True)], abs=0.11)
    assert (float(circle.get("cx", 0)), float(circle.get("cy", 0))) != joined
    assert alone[0] - joined[0] > 50


def test_many_numbers_along_one_belt_are_counted(base: BaseMap) -> None:
    """A mark as wide as all of them would leave the picture."""
    odd = [make_place(str(n), belt=1, belts=(1,), number=n, numbers=(n,)) for n in range(1, 20, 2)]
    (mark,) = of_class(draw(make_map(*odd), base), "stop")
    assert texts([mark]) == ["10处"]
    (text,) = mark.iter("text")
    assert text.get("data-on-belt-1") is None


def test_marks_that_only_touch_stay_two(base: BaseMap) -> None:
    """Nobody's number is covered, and an exact place keeps its own mark."""
    places = [make_place("a", belt=1, number=1), make_place("b", belt=1, number=2, point=Point(30.3, 110.35))]
    (left, _), (right, _) = sorted(map(place_of, of_class(draw(make_map(*places), base), "stop")))
    assert 14 < right - left < 18  # less than the two rings are wide


def test_marks_are_joined_until_none_hides_another(base: BaseMap) -> None:
    """Two joined have a wider mark, which may hide a third; each place is counted once."""
    places = [make_place(str(n), belt=n, number=1, point=Point(30.3, 110.3 + n * 0.03)) for n in range(1, 7)]
    marks = of_class(draw(make_map(*places), base), "stop")
    assert sum(int(text.removesuffix("处")) for text in texts(marks)) == len(places)
    assert any(text.endswith("处") for text in texts(marks))
    across = sorted(x for x, _ in map(place_of, marks))
    assert all(right - left > 17 for left, right in pairwise(across))


def place_of(mark: ET.Element) -> tuple[float, float]:
    x, y = re.findall(r"-?[\d.]+", mark.get("transform", ""))
    return float(x), float(y)


def test_the_key_tells_of_what_is_on_the_map_alone(base: BaseMap) -> None:
    """Numbers need a word only where several belts have them."""
    exact = make_place()
    rough = make_place("b", point=Point(30.4, 110.7), precision=Precision.TOWNSHIP, radius_km=5.0)
    assert signs_of(make_map(exact), base) == ["dot"]
    assert signs_of(make_map(exact, rough), base) == ["dot", "reach"]
    assert signs_of(make_map(rough), base) == ["reach"]
    key = render_still(make_belt_map(), base, "").key
    assert ("line", "连线不是道路") in key
    assert "number" not in dict(key)
    stops = (make_place("a", belt=1, number=1), make_place("b", belt=2, number=1, point=rough.point))
    assert "number" in signs_of(make_map(*stops), base)


def test_the_key_shows_an_exact_place_as_the_map_draws_it(base: BaseMap) -> None:
    """A dot; a ring where a number or a count stands in it; both where both are drawn."""
    plain, stop = make_place(), make_place("b", point=Point(30.4, 110.7), belt=1, number=1)
    assert signs_of(make_map(plain), base) == ["dot"]
    assert signs_of(make_map(stop), base) == ["ring"]
    assert signs_of(make_map(plain, make_place("b")), base) == ["ring", "count"]
    assert signs_of(make_map(plain, stop), base) == ["dot", "ring"]


def test_the_key_explains_a_count_where_there_is_one(base: BaseMap) -> None:
    """Of places at one point and of those drawn as one; numbers along one belt are no count."""
    stops = (make_place("a", belt=1, number=1), make_place("b", belt=2, number=1, point=Point(30.31, 110.3)))
    assert "count" in signs_of(make_map(*stops), base)
    assert "count" not in signs_of(make_belt_map(), base)
