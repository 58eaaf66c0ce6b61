"""What a reader would see at once: nothing cut, crowded or orphaned, on a phone and on paper."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_site, serve
from playwright.sync_api import Browser, Page, expect

from build_scripts.building.build import build_site

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
A4 = {"viewport": {"width": 696, "height": 1000}}  # the sheet inside its margins, in CSS pixels

# An element's own lines, as the tops of its boxes.
LINES = "e => [...new Set([...e.getClientRects()].map((box) => Math.round(box.top)))].length"
# Marks that have no character of their text on their line.
ORPHANS = """() => [...document.querySelectorAll(".claims .mark:first-of-type, .events .mark:first-of-type")]
  .filter((mark) => {
    const before = document.createRange()
    before.selectNodeContents(mark.previousSibling)
    const last = [...before.getClientRects()].at(-1)
    const box = mark.querySelector("a").getBoundingClientRect()
    return box.top > last.bottom - 4
  }).length"""
# Numbers that do not stand in one line within their ring, with a margin on both sides.
UNRINGED = """() => [...document.querySelectorAll(".dot")].filter((dot) => {
  const words = document.createRange()
  words.selectNodeContents(dot)
  const [text, ...more] = words.getClientRects()
  const ring = dot.getBoundingClientRect()
  return more.length || text.left < ring.left + 2 || text.right > ring.right - 2
}).map((dot) => dot.textContent)"""
# What a tap in the middle of each of some elements meets: a link's own address, or none.
TAPPED = """elements => elements.map((element) => {
  element.scrollIntoView({ block: "center", behavior: "instant" })
  const box = element.getClientRects()[0]
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest("a")?.href
})"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**A4)
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = [element.bounding_box() for element in page.locator(selector).all()]
    return [dict(box) for box in found if box]


@pytest.mark.parametrize("width", [320, 390])
def test_controls_of_the_head_stand_apart_on_one_line(width: int, real_address: str, phone: Page) -> None:
    """Search, display settings and the menu: 8 pixels between them, their middles at one height."""
    phone.set_viewport_size({"width": width, "height": 800})
    phone.goto(real_address)
    phone.wait_for_selector("details.display:not([hidden])")
    heads = boxes(phone, "button.find, details.display > summary, details.menu > summary")
    assert len(heads) == 3
    for left, right in pairwise(heads):
        assert right["x"] - left["x"] - left["width"] >= 4
    middles = [head["y"] + head["height"] / 2 for head in heads]
    assert max(middles) - min(middles) <= 1


@pytest.mark.parametrize("path", ["history/", "areas/tengtou/", "workshops/ximanlan-fu/"])
def test_a_source_mark_never_begins_a_line(path: str, real_address: str, phone: Page) -> None:
    """At any of several widths a mark stays with the end of its sentence."""
    phone.goto(real_address + path)
    for width in range(330, 420, 6):
        phone.set_viewport_size({"width": width, "height": 800})
        assert phone.evaluate(ORPHANS) == 0, width


def test_a_field_s_name_is_never_broken(real_address: str, phone: Page) -> None:
    """The handbook's field names stand in one line, and its text is as large as other tables' text."""
    phone.goto(real_address + "handbook/fields/")
    names = phone.locator("td:first-child code")
    assert names.count() > 50
    assert all(names.nth(n).evaluate(LINES) == 1 for n in range(0, names.count(), 7))
    assert (
        phone.locator("td:last-child").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 14
    )


def test_a_page_of_the_handbook_leads_back_to_it(real_address: str, phone: Page) -> None:
    """Pages that the navigation does not list have the way back in their breadcrumb."""
    phone.goto(real_address + "handbook/first-text/")
    phone.locator(".crumbs a", has_text="编辑手册").click()
    phone.wait_for_url(real_address + "handbook/")


def test_a_lost_reader_can_search_at_once(real_address: str, phone: Page) -> None:
    """The page for unknown addresses has the search field of the home page, inside the screen."""
    phone.goto(real_address + "404.html")
    (field,) = boxes(phone, "main .find-box")
    assert field["x"] + field["width"] <= 390
    phone.locator("main .find-box").click()
    phone.wait_for_selector("dialog[open] input")


def test_nothing_lies_over_the_still_map(real_address: str, phone: Page) -> None:
    """The button that opens the map stands below the picture, not over its names."""
    phone.goto(real_address + "belts/ecological-countryside/")
    (picture,) = boxes(phone, "svg.still")
    (button,) = boxes(phone, ".map__open")
    assert button["y"] >= picture["y"] + picture["height"]


def test_no_name_on_the_map_is_cut_at_its_edge(real_address: str, browser: Browser) -> None:
    """A district's name is wholly on the map and off its scale and legend, or not shown, also after moving."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(real_address + "belts/ecological-countryside/")
    page.wait_for_selector(".map--live .region span:not(.is-hidden)")
    for key in ("ArrowRight", "ArrowUp", "Equal", ""):
        page.wait_for_timeout(300)  # within which it begins to move
        page.wait_for_function("!document.querySelector('.leaflet-zoom-anim, .leaflet-pan-anim')")
        (frame,) = boxes(page, ".folium-map")
        names = [e for e in page.locator(".region span").all() if e.is_visible()]
        assert names
        for box in filter(None, (name.bounding_box() for name in names)):
            assert box["x"] >= frame["x"] - 1
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 6  # room after the last letter
            assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 2
        page.locator(".folium-map").focus()
        if key:
            page.keyboard.press(key)
    context.close()


def test_full_screen_shows_the_places_larger(real_address: str, browser: Browser) -> None:
    """The room of a full screen is used; back on the page everything is in sight again."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(real_address + "browse/")
    page.locator(".browse--live figure.map").scroll_into_view_if_needed()
    page.wait_for_selector(".map--live .region span:not(.is-hidden)")
    apart = """() => {
      const [a, b] = ["慈溪市", "宁海县"].map((name) => [...document.querySelectorAll(".region span")]
        .find((span) => span.textContent === name).getBoundingClientRect())
      return Math.hypot(a.x - b.x, a.y - b.y)
    }"""
    before = page.evaluate(apart)
    page.get_by_role("button", name="全屏").click()
    page.wait_for_selector(".folium-map.is-full")
    page.wait_for_timeout(600)
    assert page.evaluate(apart) > before * 1.3
    page.get_by_role("button", name="退出全屏").click()
    page.wait_for_timeout(600)
    assert page.evaluate(apart) == pytest.approx(before, abs=2)
    context.close()


def test_indicators_print_in_columns_that_hold_their_words(real_address: str, sheet: Page) -> None:
    """On paper no figure is squeezed below 3 cm, and nothing reaches beyond the sheet."""
    sheet.goto(real_address + "progress/")
    widths = [box["width"] for box in boxes(sheet, ".indicator .figure")]
    assert min(widths) > 113
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 696


@pytest.mark.parametrize("path", ["", "compare/"])
def test_what_only_works_on_a_screen_is_not_printed(path: str, real_address: str, sheet: Page) -> None:
    """Fields, buttons and boxes to tick stay off the paper."""
    sheet.goto(real_address + path)
    sheet.wait_for_load_state("networkidle")
    shown = [e for e in sheet.locator("main :is(button, input, select, summary)").all() if e.is_visible()]
    assert [element.inner_text() for element in shown] == []


PAGES_WITH_MAPS = (
    "",
    "belts/",
    "map/",
    "browse/",
    "belts/mountain-dwellings/",
    "areas/tengtou/",
    "districts/fenghua/",
)
# The list that a map has: its twin, the page's label-like facts, or a link past the map.
LIST_FIRST = """() => {
  const map = document.querySelector("figure[data-map]")
  const past = map.previousElementSibling
  const before = [...document.querySelectorAll("main .twin, main .belt-tags + .lede, main .facts")]
  if (past?.matches("a[href^='#']")) return Boolean(document.querySelector(past.getAttribute("href")))
  return before.some((list) => list.compareDocumentPosition(map) & Node.DOCUMENT_POSITION_FOLLOWING)
}"""


@pytest.mark.parametrize("path", PAGES_WITH_MAPS)
def test_who_hears_the_page_meets_the_list_before_the_map(path: str, real_address: str, phone: Page) -> None:
    """The list, or a link to it, comes before the map in the page's order, and is shown below it."""
    phone.goto(real_address + path)
    assert phone.evaluate(LIST_FIRST)
    for twin in boxes(phone, ".twin"):
        (picture,) = boxes(phone, "svg.still")
        assert twin["y"] > picture["y"]


def test_a_link_leads_the_keyboard_past_the_map(real_address: str, browser: Browser) -> None:
    """It is seen when it has the focus, and the next stop is in the list."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(real_address + "belts/mountain-dwellings/")
    link = page.get_by_role("link", name="跳过地图，看列表")
    link.focus()
    box = link.bounding_box()
    assert box is not None
    assert box["width"] > 60
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.stops'))")
    context.close()


def test_a_map_has_the_page_to_itself_without_belts(real_address: str, browser: Browser) -> None:
    """On a wide screen it stands beside the list of belts; a city of none has no empty column."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{real_address}map/")
        widths = (
            "document.querySelector('.atlas').offsetWidth - document.querySelector('.atlas .map').offsetWidth"
        )
        assert page.evaluate(widths) > 200
        page.locator(".atlas__key").evaluate("e => e.remove()")
        assert page.evaluate(widths) == 0


SMALL = """(selector) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 43.9)
  .map(([text, { width, height }]) => [text, width, height])"""


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        ("browse/", ".browse__facet > summary, .browse__select select"),
        ("compare/", ".compare__choice label"),
        ("data/", ".files a"),
        ("areas/tengtou/", ".tool, .foot__links a"),
    ],
)
def test_what_a_finger_taps_is_large_enough(
    browser: Browser, real_address: str, path: str, targets: str
) -> None:
    """44 pixels each way on a phone, where it does not stand in a line of text."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{real_address}{path}")
    expect(page.locator(targets).locator("visible=true").first).to_be_visible()
    assert page.evaluate(SMALL, targets) == []
    context.close()


@pytest.mark.parametrize("screen", [PHONE, {"viewport": {"width": 1280, "height": 800}}])
@pytest.mark.parametrize(("path", "links"), [("areas/", ".belt-tag a"), ("indicators/", ".mark a")])
def test_links_in_a_card_lie_above_its_own(
    browser: Browser, real_address: str, path: str, links: str, screen: dict[str, Any]
) -> None:
    """Who taps a belt or a source mark gets there; anywhere else a card leads to its record."""
    context = browser.new_context(**screen)
    page = context.new_page()
    page.goto(f"{real_address}{path}")
    inner = page.locator(f".card {links}")
    assert inner.count()
    assert inner.evaluate_all(TAPPED) == inner.evaluate_all("links => links.map((link) => link.href)")
    cards = page.locator(".card").filter(has=page.locator(links))
    own = cards.evaluate_all("cards => cards.map((card) => card.querySelector('h3 a').href)")
    assert cards.locator(".card__text").evaluate_all(TAPPED) == own
    context.close()


def test_numbers_of_two_digits_stand_in_their_rings(phone: Page, tmp_path: Path) -> None:
    """Of the many belts of a large city, whose colours come again after the eighth."""
    project = copy_site("second-city", tmp_path)
    belt = project / "belts/boutique/river-belt.yml"
    belt.write_text(belt.read_text(encoding="utf-8").replace("number: 1\n", "number: 64\n"), encoding="utf-8")
    with serve(build_site(project).site) as address:
        for path in ("", "belts/", "belts/river-belt/", "areas/east-bank/"):
            phone.goto(f"{address}{path}")
            assert "64" in phone.locator(".dot").all_text_contents()
            assert phone.evaluate(UNRINGED) == []
            ring = phone.locator("[data-belt='64'] .dot, .dot[data-belt='64']").first
            assert ring.evaluate("e => getComputedStyle(e).borderTopColor") == "rgb(168, 48, 156)"


MARKS = ".leaflet-marker-pane .stop"


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


NAMES = "marks => marks.map((mark) => (mark.getAttribute('aria-label') || mark.title || mark.textContent).trim().replace(/^[0-9]+ /, ''))"


def test_a_belt_s_layer_holds_all_of_its_stops(desk: Page, real_address: str) -> None:
    """Also those that it shares with a belt whose layer is put away; no mark stands twice."""
    desk.goto(f"{real_address}map/")
    desk.locator(".map__frame").scroll_into_view_if_needed()
    desk.locator(".leaflet-control-layers").hover()
    boxes = desk.locator(".leaflet-control-layers-overlays input")
    for box in boxes.all():
        box.uncheck()
    expect(desk.locator(MARKS)).to_have_count(0)
    desk.get_by_label("3 生态田园精品带").check()
    expect(desk.locator(MARKS)).to_have_count(2)
    assert {"金溪五村区域", "徐福党建联盟"} <= {
        name.partition("，")[0] for name in desk.locator(MARKS).evaluate_all(NAMES)
    }
    desk.get_by_label("2 醉美山居精品带").check()
    expect(desk.locator(MARKS)).to_have_count(5)


def test_stops_stay_on_the_map_with_their_belt(desk: Page, real_address: str) -> None:
    """A list of belts leaves their stops and lines, villages without a page of their own included."""
    desk.goto(f"{real_address}browse/?district=象山县")
    expect(desk.locator(MARKS)).to_have_count(1)
    expect(desk.locator(MARKS)).to_contain_text("1–4")
    desk.goto(f"{real_address}browse/?kind=精品带")
    expect(desk.locator(MARKS)).to_have_count(9)
    expect(desk.locator("path.route").first).to_be_attached()


@pytest.mark.parametrize("path", ["", "map/"])
def test_the_list_of_a_map_holds_every_place_on_it(desk: Page, real_address: str, path: str) -> None:
    """Stops that have no page lead to their place on the belt's."""
    desk.goto(f"{real_address}{path}")
    places = desk.request.get(f"{real_address}{path}map.geojson").json()["features"]
    names = sorted(f["properties"]["name"] for f in places if f["geometry"]["type"] == "Point")
    rows = desk.locator(".twin tbody th a, main table.stacks tbody th a")
    assert sorted(rows.all_text_contents()) == names
    links = rows.evaluate_all("links => links.map((link) => link.href)")
    assert f"{real_address}belts/xiangshan-gaokantou/#stop-1" in links


def test_a_lost_reader_s_tab_says_so(desk: Page, real_address: str) -> None:
    desk.goto(f"{real_address}404.html")
    expect(desk).to_have_title("没有这个页面 - 宁波示范片与精品带")


def test_space_presses_what_is_a_button_on_the_map(desk: Page, real_address: str) -> None:
    """It opens and zooms as Enter does, and the page stays where it is."""
    desk.goto(f"{real_address}map/")
    desk.locator(".map__frame").scroll_into_view_if_needed()
    desk.get_by_role("button", name="2 “零碳共富”党建联盟").focus()
    before = desk.evaluate("scrollY")
    desk.keyboard.press(" ")
    expect(desk.locator(".leaflet-popup")).to_contain_text("“零碳共富”党建联盟")
    scale = desk.locator(".leaflet-control-scale-line").text_content()
    desk.locator(".leaflet-control-zoom-in").press(" ")
    expect(desk.locator(".leaflet-control-scale-line")).not_to_have_text(scale or "")
    assert desk.evaluate("scrollY") == before
