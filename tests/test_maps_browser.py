"""The interactive map in a real browser, under the site's content policy."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import pytest
from branca.element import Figure
from conftest import serve
from map_samples import HOSTILE, make_belt_map, make_city, make_files, make_map, make_place
from playwright.sync_api import Browser, Page, expect

from build_scripts.geography.datum import BoundingBox, Point
from build_scripts.maps.base_map import BaseMap, build_base_map
from build_scripts.maps.compose import Composition, MapForm, compose_map
from build_scripts.maps.features import BeltLayer, MapData, encode_geojson
from build_scripts.maps.still import render_still
from build_scripts.records.places import Precision
from build_scripts.web.libraries import Libraries, load_libraries

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = {"viewport": {"width": 1200, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BELTS = (BeltLayer(1, "空带"), BeltLayer(3, HOSTILE))
ABOUT = {"precision": Precision.TOWNSHIP, "radius_km": 5.0}
ALONE = {
    "village": (MapForm.RECORD, make_map(make_place())),
    "township": (MapForm.RECORD, make_map(make_place(**ABOUT), bounds=BoundingBox(30.2, 110.2, 30.4, 110.4))),
    "several": (MapForm.RECORD, make_map(make_place(), make_place("b", point=Point(30.5, 110.8), **ABOUT))),
    "route": (MapForm.BELT, make_belt_map()),
}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>map</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="../assets/styles/tokens.css"><link rel="stylesheet" href="../assets/styles/map.css">
<link rel="stylesheet" href="../assets/tall.css"><script type="module" src="../assets/scripts/trusted.js"></script>
<script type="module" src="../assets/scripts/map.js"></script>
<main><ol><li><a href="#b" data-belt="3">三号带</a><li id="stop-1">一站</ol>
<figure class="map" data-map="{form}" data-root="../" data-script="../{script}" data-base="../{base}"
 data-libraries="../{libraries.script.path} ../{libraries.style.path}"><div class="map__frame">{still}</div></figure>
<p class="tall">…</main>"""


def write_site(folder: Path) -> None:
    """A site of four pages: overview, belt, record and one whose base map is missing."""
    libraries, city = load_libraries(ROOT / "node_modules"), make_city()
    base = build_base_map(city, make_files())
    forms = {form: compose_map(form, city, BELTS) for form in MapForm}
    for kind in ("styles", "scripts"):
        for path in (ROOT / "site_templates" / kind).iterdir():
            write(folder / "assets" / kind / path.name, path.read_bytes())
    for asset in (base.geojson, base.svg, *libraries.assets, *(c.script for c in forms.values())):
        write(folder / asset.path, asset.content)
    write(folder / "assets/tall.css", b".tall { height: 3000px } main { width: 90% }")
    belt, alone = make_belt_map(HOSTILE), make_map(make_place(name=HOSTILE, point=Point(30.2, 110.2)))
    every = replace(belt, features=(*belt.features, make_place("e", point=Point(30.1, 110.9))))
    write_page(folder / "overview", every, forms[MapForm.OVERVIEW], base, libraries)
    write_page(folder / "belt", belt, forms[MapForm.BELT], base, libraries)
    write_page(folder / "record", alone, forms[MapForm.RECORD], base, libraries)
    write_page(folder / "broken", belt, forms[MapForm.BELT], base, libraries)
    for name, (form, data) in ALONE.items():
        write_page(folder / name, data, forms[form], base, libraries)
    (folder / "broken/map.geojson").unlink()
    write(
        folder / "planted/index.html",
        b"<!doctype html><p style='color: red'>x<script>document.title = 1</script>",
    )


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_page(folder: Path, data: MapData, form: Composition, base: BaseMap, libraries: Libraries) -> None:
    html = PAGE.format(
        form=form.form,
        script=form.script.path,
        base=base.geojson.path,
        libraries=libraries,
        still=render_still(data, base, "../"),
    )
    write(folder / "index.html", html.encode())
    write(folder / "map.geojson", encode_geojson(data))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with serve(folder) as served:
        yield served


class Visit:
    """A page with what it asked for and what the policy refused."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Open a page of the site; on a desktop the map draws itself, elsewhere call `open_map`."""
    contexts = []

    def open_page(name: str, *, live: bool = True, **settings: Any) -> Visit:
        context = browser.new_context(**(settings or DESKTOP))
        contexts.append(context)
        context.set_default_timeout(10_000)
        found = Visit(context.new_page())
        found.page.goto(f"{address}{name}/")
        if live:
            found.page.wait_for_selector(".map--live")
        return found

    yield open_page
    for context in contexts:
        context.close()


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Poll from here: the policy forbids the page to evaluate a condition of ours."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited for 10 seconds"
        page.wait_for_timeout(50)


def scrolled(page: Page) -> float:
    return float(page.evaluate("scrollY"))


def zoom_of(page: Page) -> str:
    """Something that changes with the zoom: the scale's words and length."""
    return str(page.evaluate("document.querySelector('.leaflet-control-scale-line').outerHTML"))


@pytest.mark.parametrize("name", ["overview", "belt", "record"])
def test_map_draws_within_the_policy_and_asks_nobody_else(visit: Open, address: str, name: str) -> None:
    found = visit(name)
    assert found.errors == []
    assert [url for url in found.requests if not url.startswith((address, "data:"))] == []
    assert found.page.locator(".folium-map .stop").count() >= 1


def test_recorder_of_refusals_works(visit: Open) -> None:
    """A page with an inline style and script is reported, so that silence above means something."""
    errors = visit("planted", live=False).errors
    assert len([error for error in errors if "Content Security Policy" in error]) == 2


def test_hostile_name_is_shown_as_typed(visit: Open) -> None:
    page = visit("record").page
    assert page.locator(".leaflet-tooltip").inner_text() == HOSTILE
    page.locator(".folium-map .stop").click()
    assert page.locator(".leaflet-popup .place__name").inner_text() == HOSTILE
    assert page.locator(".leaflet-popup a[href$='/areas/a/']").count() == 1
    assert page.locator(".leaflet-popup .place__precision").inner_text().endswith("误差约1公里以内")
    assert page.locator(".folium-map img").count() == 0
    assert page.title() == "map"


def test_hostile_name_is_shown_as_typed_on_hover(visit: Open) -> None:
    page = visit("belt").page
    page.locator(".folium-map .stop:not(.stop--about)").hover()
    assert page.locator(".leaflet-tooltip").inner_text() == f"1 {HOSTILE}\n甲区 · 位置精度：准确到村"


def test_mark_with_the_focus_tells_name_district_and_precision(visit: Open) -> None:
    """Of a single place and of several at one point; the name goes when the focus does."""
    page = visit("belt").page
    page.locator(".folium-map .stop--about").focus()
    assert (
        page.locator(".leaflet-tooltip .names__one").first.inner_text().startswith("2 地点b\n甲区 · 位置精度")
    )
    assert page.locator(".leaflet-tooltip .names__one").count() == 3
    page.locator(".folium-map .stop:not(.stop--about)").focus()
    expect(page.locator(".leaflet-tooltip")).to_have_count(1)
    assert page.locator(".leaflet-tooltip").all_inner_texts() == [f"1 {HOSTILE}\n甲区 · 位置精度：准确到村"]


def test_names_stand_beside_the_marks_of_a_phone(visit: Open) -> None:
    """As typed, and over no mark, control or other name; hidden from those who hear the marks' own names."""
    page = visit("belt", live=False, **PHONE).page
    page.get_by_role("button", name="打开互动地图").tap()
    page.wait_for_selector(".mark-label")
    labels = page.locator(".mark-label")
    assert set(labels.all_inner_texts()) <= {HOSTILE, "地点b等3处"}
    assert page.locator(".leaflet-labels-pane").get_attribute("aria-hidden") == "true"
    others = page.locator(".stop__mark, .folium-map .leaflet-control")
    boxes = [found.bounding_box() for found in [*labels.all(), *others.all()]]
    frame = page.locator(".folium-map").bounding_box()
    assert frame is not None
    for number, box in enumerate(boxes[: labels.count()]):
        assert box is not None
        assert box["x"] >= frame["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert not [other for other in boxes[number + 1 :] if other and overlaps(box, other)]


def overlaps(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two boxes share more than a rounded edge."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


def test_stop_leads_to_its_place_in_the_list(visit: Open) -> None:
    page = visit("belt").page
    page.locator(".folium-map .stop:not(.stop--about)").click()
    assert page.locator(".leaflet-popup .place__kind").inner_text().startswith("第1站 · ")
    page.get_by_role("link", name="见站点列表第1站").click()
    assert page.url.endswith("#stop-1")


def test_popup_on_a_phone_keeps_clear_of_the_controls(visit: Open) -> None:
    page = visit("belt", live=False, **PHONE).page
    page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live")
    page.locator(".folium-map .stop--about").tap()
    page.wait_for_timeout(600)
    popup = page.locator(".leaflet-popup-content-wrapper").bounding_box()
    controls = page.locator(".leaflet-control-zoom").bounding_box()
    assert popup is not None
    assert controls is not None
    assert popup["x"] + popup["width"] <= controls["x"]


def test_hostile_belt_is_shown_as_typed_in_the_layer_control(visit: Open) -> None:
    page = visit("overview").page
    page.locator(".leaflet-control-layers-toggle").focus()
    page.keyboard.press("Enter")
    names = page.locator(".leaflet-control-layers label")
    assert names.all_inner_texts() == [f"3 {HOSTILE}", "不在精品带上的地点"]  # belt 1 has no place here
    assert page.locator(".leaflet-control-layers img").count() == 0


def test_no_tip_lies_over_a_popup(visit: Open) -> None:
    page = visit("overview").page
    mark = page.locator(".folium-map .stop").first
    mark.hover()
    expect(page.locator(".leaflet-tooltip:not(.place-label):not(.mark-label)")).to_be_visible()
    mark.click()
    expect(page.locator(".leaflet-popup")).to_be_visible()
    expect(page.locator(".leaflet-tooltip:not(.place-label):not(.mark-label)")).to_have_count(0)


def test_places_at_one_point_are_one_mark_that_lists_them(visit: Open) -> None:
    page = visit("belt").page
    shared = page.locator(".folium-map .stop--about")
    assert shared.locator(".stop__mark").all_inner_texts() == ["2–4"]
    shared.focus()
    page.keyboard.press("Enter")
    assert page.locator(".leaflet-popup .place__name").all_inner_texts() == ["地点b", "地点c", "地点d"]
    assert page.evaluate("document.activeElement.textContent") == "地点b"
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")
    assert "stop--about" in page.evaluate("document.activeElement.className")


# Before Leaflet is used: every map is put where a test finds it.
FIND_MAPS = """{
  let leaflet
  window.maps = []
  const get = () => leaflet
  const set = (L) => { leaflet = L; L.Map.addInitHook(function () { if (!window.maps.includes(this)) window.maps.push(this) }) }
  Object.defineProperty(window, "L", { get, set })
}"""
# A second map of the same size beside the first, for Folium's own script.
MAKE_ROOM = """(id) => {
  const box = document.body.appendChild(document.createElement("div"))
  const { x, y } = window.maps[0].getSize()
  Object.assign(box, { id })
  Object.assign(box.style, { width: `${x}px`, height: `${y}px` })
}"""
# What a map shows of the record, its base aside: of each layer its kind, positions and radius.
DESCRIBE = """(map) => {
  const found = new Set()
  const add = (layer) => {
    const at = ({ lat, lng }) => [lat.toFixed(5), lng.toFixed(5)]
    const { className = "" } = layer.options
    if (layer instanceof L.MarkerClusterGroup) layer.getLayers().forEach(add)
    else if (layer instanceof L.Circle) found.add(["circle", at(layer.getLatLng()), layer.getRadius()].join(" "))
    else if (layer instanceof L.Polyline && !(layer instanceof L.Polygon)) {
      if (map !== window.maps[0] || className.startsWith("route")) found.add(["line", layer.getLatLngs().map(at)].join(" "))
    } else if (layer instanceof L.Marker && !(layer instanceof L.MarkerCluster)) {
      if (map !== window.maps[0] || layer.place) found.add(["marker", at(layer.getLatLng())].join(" "))
    }
  }
  map.eachLayer(add)
  const bounds = map.getBounds()
  return [[...found].sort(), [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()]]
}"""


def draw_with_folium(data: MapData) -> folium.Map:
    """One record's map as Folium alone makes it, with a layer for each thing that is known of it."""
    chart = folium.Map(tiles=None, zoom_snap=0, location=(0, 0), zoom_start=9)
    for place in data.features:
        at = (place.point.lat, place.point.lon)
        folium.Marker(at).add_to(chart)
        if place.precision is not Precision.VILLAGE:
            folium.Circle(at, radius=place.radius_km * 1000).add_to(chart)
    if data.line:
        folium.PolyLine([(point.lat, point.lon) for point in data.line]).add_to(chart)
    box, (room, controls) = data.bounds, (20, 60)  # pixels
    folium.FitBounds(
        [(box.south, box.west), (box.north, box.east)],
        padding_top_left=(room, room),
        padding_bottom_right=(controls, room),
        max_zoom=11,
    ).add_to(chart)
    return chart


@pytest.mark.parametrize("name", ALONE)
def test_a_shared_script_shows_what_folium_makes_for_one_record(
    browser: Browser, address: str, name: str
) -> None:
    """The same layers at the same positions, with the same radii and bounds."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(FIND_MAPS)
    page.goto(f"{address}{name}/")
    page.wait_for_selector(".map--live")
    chart = draw_with_folium(ALONE[name][1])
    figure = chart.get_root()
    assert isinstance(figure, Figure)
    figure.render()
    page.evaluate(MAKE_ROOM, chart.get_name())
    page.evaluate(f"() => {{ {figure.script.render()} }}")
    assert page.evaluate("window.maps.length") == 2
    ours, bounds = page.evaluate(f"({DESCRIBE})(window.maps[0])")
    theirs, wanted = page.evaluate(f"({DESCRIBE})(window.maps[1])")
    assert ours == theirs
    assert bounds == pytest.approx(wanted, abs=0.002)
    context.close()


def test_township_is_a_circle_and_village_a_dot(visit: Open) -> None:
    page = visit("belt").page
    assert page.locator(".folium-map path.reach").count() == 1
    assert page.locator(".folium-map .stop:not(.stop--about)").count() == 1
    assert page.locator("path.reach").get_attribute("fill") == "url(#hatch-3)"


def test_circle_is_true_to_the_scale(visit: Open) -> None:
    """The township's radius of 5 km, by the pixels that the scale gives a kilometre."""
    page = visit("belt").page
    scale, circle = page.locator(".leaflet-control-scale-line"), page.locator("path.reach")
    pixels = float(scale.evaluate("e => parseFloat(e.style.width)")) / float(
        scale.inner_text().removesuffix("公里")
    )
    across = circle.evaluate("e => e.getBBox().width")
    assert across == pytest.approx(2 * 5 * pixels, rel=0.05)


def test_credits_stand_on_the_map(visit: Open) -> None:
    """With what kind of map it is."""
    credits_ = visit("overview").page.locator(".folium-map .credits")
    assert credits_.locator("span").all_text_contents() == ["示意图", "界线：虚构"]
    expect(credits_.locator(".credits__kind")).to_be_visible()


def test_wheel_over_the_map_scrolls_the_page(visit: Open) -> None:
    page = visit("belt").page
    before = zoom_of(page)
    page.locator(".folium-map").hover()
    page.mouse.wheel(0, 300)
    wait_until(page, lambda: scrolled(page) > 200)
    assert zoom_of(page) == before
    assert page.locator(".map__hint.is-shown").count() == 1


def test_wheel_zooms_with_control_or_after_a_click_until_the_pointer_leaves(visit: Open) -> None:
    page = visit("belt").page
    before = zoom_of(page)
    page.locator(".folium-map").hover(position={"x": 60, "y": 60})
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    wait_until(page, lambda: zoom_of(page) != before)
    page.mouse.click(150, 150)
    page.wait_for_timeout(400)
    closer = zoom_of(page)
    page.mouse.wheel(0, -400)
    wait_until(page, lambda: zoom_of(page) != closer)
    assert scrolled(page) == 0
    page.mouse.move(2, 2)
    page.locator(".folium-map").hover(position={"x": 60, "y": 60})
    page.mouse.wheel(0, 300)
    wait_until(page, lambda: scrolled(page) > 200)


def test_phone_keeps_the_still_picture_until_asked(visit: Open) -> None:
    found = visit("belt", live=False, **PHONE)
    page = found.page
    button = page.get_by_role("button", name="打开互动地图")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.locator("svg.still").is_visible()
    assert not [url for url in found.requests if "leaflet" in url or "geojson" in url]
    button.click()
    page.wait_for_selector(".map--live")
    assert not page.locator("svg.still").is_visible()
    assert page.evaluate("document.activeElement.id") == "map_belt"


def test_one_finger_scrolls_the_page_on_a_phone(visit: Open) -> None:
    page = visit("belt", live=False, **PHONE).page
    page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live")
    before = page.locator(".folium-map .stop").first.evaluate("e => e.style.transform")
    swipe_up(page, ".folium-map", 150)
    wait_until(page, lambda: scrolled(page) > 80)
    assert page.locator(".folium-map .stop").first.evaluate("e => e.style.transform") == before


def swipe_up(page: Page, selector: str, distance: float) -> None:
    """Drag one finger upwards, beginning inside an element."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + box["height"] * 0.7
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 13):
        point = {"x": x, "y": y - distance * step / 12}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(16)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_controls_are_large_enough_for_a_finger_and_named_in_chinese(visit: Open) -> None:
    page = visit("overview", live=False, **PHONE).page
    page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live")
    for name in ("放大", "缩小", "全屏", "图层"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None, name
        assert min(box["width"], box["height"]) >= 44, name


def test_failure_gives_the_still_picture_back_and_a_second_try(visit: Open) -> None:
    page = visit("broken", live=False).page
    page.wait_for_selector(".map__message")
    assert page.locator("svg.still").is_visible()
    assert page.locator(".folium-map").count() == 0
    assert page.get_by_role("button", name="再试一次").is_visible()


@pytest.mark.parametrize("ending", [".css", ".js"])
def test_a_second_try_loads_what_the_first_one_lacked(visit: Open, ending: str) -> None:
    """The library's style with its script: a map without it would be a heap of pieces."""
    page = visit("belt", live=False, **PHONE).page
    pattern = re.compile(rf"leaflet.*\{ending}")
    page.route(pattern, lambda route: route.abort())
    page.get_by_role("button", name="打开互动地图").click()
    again = page.get_by_role("button", name="再试一次")
    expect(again).to_be_visible()
    page.unroute(pattern)
    again.click()
    page.wait_for_selector(".map--live")
    expect(page.locator(".leaflet-marker-pane")).to_have_css("position", "absolute")


def test_the_layers_can_be_reached_by_keyboard(visit: Open) -> None:
    """The list that opens has the focus, Esc closes it and gives it back, and so does going on."""
    page = visit("overview").page
    button = page.locator(".leaflet-control-layers-toggle")
    boxes = page.locator(".leaflet-control-layers-selector")
    page.locator(".leaflet-control-zoom-in").focus()
    while not button.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    for key in ("Enter", "Space"):
        expect(button).to_have_attribute("aria-expanded", "false")
        page.keyboard.press(key)
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(boxes.first).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(boxes.first).to_be_hidden()


def test_row_of_a_belt_lights_up_its_stops(visit: Open) -> None:
    page = visit("belt").page
    page.locator("[data-belt='3']").focus()
    assert page.locator(".folium-map .stop.is-lit").count() == 2
    assert page.locator("figure.has-lit path.route.is-lit").count() == 1
    page.locator("[data-belt='3']").blur()
    assert page.locator(".is-lit").count() == 0


def test_picture_stands_alone_without_scripts(visit: Open) -> None:
    page = visit("belt", live=False, java_script_enabled=False, **DESKTOP).page
    assert page.locator("svg.still").is_visible()
    assert page.locator("button").count() == 0


def test_axe_finds_nothing_on_the_map(visit: Open) -> None:
    axe = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    page = visit("overview").page
    page.evaluate(axe)
    faults = page.evaluate("axe.run('figure').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert faults == []


OVERLAPS = """() => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((e) => [e.textContent, e.getBoundingClientRect()])
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  const taken = boxes(".leaflet-control, .mark-label, .stop__mark")
  const names = boxes(".region span:not(.is-hidden)")
  return [names.length, names.filter(([, name]) => taken.some(([, box]) => meet(name, box))).map(([text]) => text)]
}"""


@pytest.mark.parametrize("path", ["", "districts/fenghua/", "belts/ecological-countryside/"])
def test_names_of_regions_meet_neither_controls_nor_places(
    real_address: str, browser: Browser, path: str
) -> None:
    """On a phone's small map the names that would are left out; some remain."""
    context = browser.new_context(**PHONE, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}{path}")
    page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live .mark-label")
    page.wait_for_function(f"() => {{ const [, met] = ({OVERLAPS})(); return met.length === 0 }}")
    assert page.evaluate(OVERLAPS)[0] > 1
    expect(page.locator(".map__key")).to_be_visible()
    expect(page.locator(".folium-map .key")).to_be_hidden()
    context.close()


def test_a_popup_of_several_belts_tells_which_stop_of_which(real_address: str, browser: Browser) -> None:
    """And that the site, not a source, made it a stop."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}map/")
    mark = page.locator(".leaflet-marker-icon", has_text="外滩商圈党建联合体")
    mark.click()
    popup = page.locator(".leaflet-popup")
    expect(popup.locator(".place__kind")).to_contain_text("活力商圈精品带第1站")
    expect(popup.locator(".place__belts")).to_have_text("精品带：活力商圈精品带（本站编排）")
    expect(popup.get_by_role("link", name="活力商圈精品带")).to_have_attribute(
        "href", re.compile("/belts/business-circle/")
    )
    page.goto(f"{real_address}belts/business-circle/")
    page.locator(".leaflet-marker-icon", has_text="外滩商圈党建联合体").click()
    expect(page.locator(".leaflet-popup .place__belts")).to_contain_text("活力商圈精品带")
    expect(page.locator(".leaflet-popup .place__belts a")).to_have_count(0)
    context.close()


NAMES = """() => [...document.querySelectorAll(".region:not(.region--other) span:not(.is-hidden)")].map((e) => e.textContent)"""


@pytest.mark.parametrize("screen", [DESKTOP, PHONE])
def test_names_of_districts_move_out_of_the_way(
    real_address: str, browser: Browser, screen: dict[str, Any]
) -> None:
    """Within their district: of ten, eight find a place beside the marks of a wide map, five on a phone's."""
    context = browser.new_context(**screen, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}map/")
    if screen is PHONE:
        page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live .mark-label")
    page.wait_for_timeout(200)
    found = page.evaluate(OVERLAPS)
    assert found[1] == []
    assert len(page.evaluate(NAMES)) >= (8 if screen is DESKTOP else 5)
    context.close()


def test_the_map_shows_the_places_that_a_list_leaves(real_address: str, browser: Browser) -> None:
    """As near as they allow, and the whole city again without a choice."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}browse/")
    page.wait_for_selector(".map--live .mark-label")
    whole = zoom_of(page)
    page.get_by_role("checkbox", name="示范片").check()
    wait_until(page, lambda: zoom_of(page) != whole)
    page.locator(".map__frame").scroll_into_view_if_needed()
    assert page.evaluate(BURIED) == []
    page.get_by_role("checkbox", name="示范片").uncheck()
    wait_until(page, lambda: zoom_of(page) == whole)
    context.close()


def test_names_of_places_stand_outside_their_circles(real_address: str, browser: Browser) -> None:
    """Where these are not so wide that a name would be far from its mark."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}belts/mountain-dwellings/")
    page.wait_for_selector(".map--live .mark-label")
    labels = [one.bounding_box() for one in page.locator(".mark-label").all()]
    circles = [one.bounding_box() for one in page.locator(".folium-map path.reach").all()]
    assert len(labels) == len(circles) == 4
    assert not [1 for label in labels for circle in circles if label and circle and overlaps(label, circle)]
    context.close()


def test_the_keyboard_goes_along_the_route(real_address: str, browser: Browser) -> None:
    """From the first stop to the last, wherever they lie."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}belts/mountain-dwellings/")
    page.wait_for_selector(".map--live .mark-label")
    marks = page.locator(".folium-map .stop .stop__mark")
    expect(marks).to_have_text(["1", "2", "3", "4"])
    page.locator(".folium-map").focus()
    for number in "1234":
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.querySelector('.stop__mark').textContent") == number
    context.close()


def test_a_lit_belt_shows_its_own_numbers_and_colour(real_address: str, browser: Browser) -> None:
    """The second stop of one belt is the first of another; what is dimmed is dimmed with its name."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(real_address)
    page.wait_for_selector(".map--live .mark-label")
    shared = page.locator(".folium-map .stop", has_text="“零碳共富”党建联盟").first
    mark = shared.locator(".stop__mark")
    expect(mark).to_have_text("2")
    expect(shared).to_contain_text("醉美山居精品带第2站、锋领众创精品带第1站")
    page.locator("[data-belt='6'] a").first.focus()
    expect(mark).to_have_text("1")
    expect(shared).to_have_class(re.compile("is-lit"))
    assert mark.evaluate("e => getComputedStyle(e).getPropertyValue('--belt')") == mark.evaluate(
        "e => getComputedStyle(e).getPropertyValue('--belt-6')"
    )
    dimmed = page.locator(".folium-map .mark-label:not(.is-lit)").first
    expect(dimmed).to_have_css("opacity", "0.2")
    page.locator("[data-belt='6'] a").first.blur()
    expect(mark).to_have_text("2")
    expect(dimmed).to_have_css("opacity", "1")
    context.close()


BURIED = """() => [...document.querySelectorAll(".leaflet-marker-icon.stop")].filter((mark) => {
  const { left, right, top, bottom } = mark.querySelector(".stop__mark").getBoundingClientRect()
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  const frame = mark.closest(".map__frame").getBoundingClientRect()
  const isInSight = x > frame.left && x < frame.right && y > frame.top && y < frame.bottom
  return isInSight && !mark.contains(document.elementFromPoint(x, y))
}).map((mark) => mark.textContent)"""


def test_a_cluster_that_opens_hands_on_the_focus(real_address: str, browser: Browser) -> None:
    """To the first of its places, or to what holds that now."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(f"{real_address}map/")
    page.wait_for_selector(".map--live .mark-label")
    cluster = page.locator(".folium-map .stop", has_text="江北区九大党建片区")
    name = cluster.locator(".hidden-text").inner_text().strip().split("、")[0]
    page.locator(".folium-map").focus()
    while not cluster.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".folium-map .stop:focus", has_text=name)).to_be_visible()
    expect(page.locator(".folium-map .stop:focus", has_text="环云湖党建联盟")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("number", [0, 1])
def test_what_a_cluster_opens_lies_under_no_control(real_address: str, browser: Browser, number: int) -> None:
    """A finger that goes for a place would open full screen."""
    context = browser.new_context(**PHONE, reduced_motion="reduce")
    page = context.new_page()
    page.goto(real_address)
    page.get_by_role("button", name="打开互动地图").click()
    page.wait_for_selector(".map--live .mark-label")
    scale = page.locator(".leaflet-control-scale-line").inner_text()
    page.locator(".stop__mark", has_text="处").nth(number).click()
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(scale)
    page.locator(".map__frame").scroll_into_view_if_needed()
    assert page.evaluate(BURIED) == []
    context.close()
