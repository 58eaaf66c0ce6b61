"""The browse page: its data, and facets, list, map and address working together in a browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from build_scripts.addresses import BROWSE, record_url
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.belt import Belt
from build_scripts.kinds.indicator import Indicator
from build_scripts.pages.browse import FACETS, build_browse, build_browse_files, date_of
from build_scripts.reading.load import load_dataset

ROOT = Path(__file__).resolve().parents[1]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIRST_FACET = 5
MARKS_IN_FRAME = """() => {
  const frame = document.querySelector(".map__frame").getBoundingClientRect()
  const inside = ({ left, right, top, bottom }) =>
    left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom
  const marks = [...document.querySelectorAll(".folium-map .stop")].map((mark) => mark.getBoundingClientRect())
  return marks.length && marks.every(inside)
}"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue(load_dataset(ROOT))


# -- data ------------------------------------------------------------------------------------------


def test_the_static_list_holds_every_record_once(catalogue: Catalogue) -> None:
    """Without JavaScript nothing is missing."""
    view = build_browse(catalogue, None)
    urls = [card.url for group in view.groups for card in group.cards]
    assert sorted(urls) == sorted(record_url(record) for record in catalogue.records.values())
    assert view.count == len(urls)


def test_every_value_number_names_a_value(catalogue: Catalogue) -> None:
    """The compact data of each record point into the facets' values, and no value is unused."""
    data = json.loads(build_browse_files(catalogue)[BROWSE])
    for at, facet in enumerate(data["facets"], start=FIRST_FACET):
        used = {number for row in data["records"] for number in row[at]}
        assert used == set(range(len(facet["values"])))


def test_a_record_says_what_it_can_be_found_by(catalogue: Catalogue) -> None:
    """Kind, district, belt, year and precision of one area come out as its facets' values."""
    data = json.loads(build_browse_files(catalogue)[BROWSE])
    row = next(row for row in data["records"] if row[1] == "areas/tengtou/")
    values = {
        facet["key"]: [facet["values"][n] for n in row[at]]
        for at, facet in enumerate(data["facets"], start=FIRST_FACET)
    }
    assert values["kind"] == ["示范片"]
    assert values["district"] == ["奉化区"]
    assert values["year"] == ["2015"]
    assert values["precision"] == ["村级"]
    assert row[:5] == ["滕头区域", "areas/tengtou/", "萧王庙街道", "2015年5月11日", "2015-05-11"]


def test_a_belt_is_found_by_the_districts_that_it_passes_through(catalogue: Catalogue) -> None:
    """Its own comes first: that is what lists say."""
    data = json.loads(build_browse_files(catalogue)[BROWSE])
    at = [facet["key"] for facet in data["facets"]].index("district")
    names = data["facets"][at]["values"]
    found = {row[1]: [names[n] for n in row[FIRST_FACET + at]] for row in data["records"]}
    for belt in catalogue.of(Belt):
        stops = {found[record_url(catalogue.records[stop.record])][0] for stop in belt.stops if stop.record}
        first, *passed = found[record_url(belt)]
        assert first == catalogue.district_name(belt.district_id, "全市")
        assert stops <= {first, *passed}
    assert "奉化区" in found["belts/harmonious-home/"]


def test_years_stand_newest_first_and_districts_in_the_citys_order(catalogue: Catalogue) -> None:
    """Values stand in the order that readers expect, not in that of the data."""
    facets = {f["key"]: f["values"] for f in json.loads(build_browse_files(catalogue)[BROWSE])["facets"]}
    assert facets["year"] == sorted(facets["year"], reverse=True)
    assert facets["district"][:3] == ["全市", "海曙区", "江北区"]
    assert facets["precision"] == ["村级", "乡镇（街道）级", "区（县、市）级"]
    assert [facet.key for facet in FACETS] == list(facets)


def test_an_indicator_is_as_new_as_its_latest_observation(catalogue: Catalogue) -> None:
    """Of what was reached, as in other lists: not as its first, nor as a target, and not undated."""
    for indicator in catalogue.of(Indicator):
        date = date_of(indicator)
        assert date is not None
        assert date == indicator.latest.as_of


# -- in the browser ----------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    errors: list[str] = []
    found.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: errors.append(str(error)))
    yield found
    assert errors == []
    context.close()


@pytest.mark.browser
def test_facets_filter_list_map_and_address_together(page: Page, real_address: str) -> None:
    """Ticking a value leaves its records in the list and on the map, and says so in the address."""
    page.goto(f"{real_address}browse/")
    expect(page.locator(".folium-map .stop").first).to_be_visible()
    page.get_by_role("checkbox", name="示范片").check()
    expect(page.locator("[data-browse-map-note]")).to_be_hidden()
    expect(page.locator(".browse__total")).to_contain_text("4条")
    assert page.locator(".browse__item").count() == 4
    expect(page.locator(".folium-map .stop", has_text="高坎头")).to_have_count(0)
    marks = page.locator(".folium-map .stop .hidden-text").all_text_contents()
    names = [name.strip() for mark in marks for name in mark.partition("，")[0].split("、")]
    listed = page.locator(".browse__item a").all_text_contents()
    assert sorted(names) == sorted(listed)
    assert "kind=" in page.url
    page.get_by_role("checkbox", name="奉化区").check()
    expect(page.locator(".browse__item")).to_have_count(2)


@pytest.mark.browser
def test_the_precision_facet_says_what_its_values_mean(page: Page, real_address: str) -> None:
    """Who is asked to choose how exactly a place is known can read there what the words mean."""
    page.goto(f"{real_address}browse/")
    facet = page.locator(".browse__facet", has=page.get_by_text("位置精度", exact=True))
    facet.locator("summary").first.click()
    facet.get_by_text("位置精度是什么意思").click()
    expect(facet.get_by_text("只知道在这个乡镇（街道），坐标取驻地")).to_be_visible()


@pytest.mark.browser
def test_the_focus_stays_where_choices_are_let_go(page: Page, real_address: str) -> None:
    """By keyboard one after another, down to the order of the list; also from the help where nothing matches."""
    page.goto(f"{real_address}browse/?kind=示范片&district=奉化区")
    first, second = page.locator(".browse__let-go").nth(0), page.locator(".browse__let-go").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("排序")).to_be_focused()
    page.goto(f"{real_address}browse/?kind=精品带&district=宁海县")
    page.get_by_role("button", name="清除全部条件").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("排序")).to_be_focused()


@pytest.mark.browser
def test_back_and_forward_undo_and_redo_a_choice(page: Page, real_address: str) -> None:
    """Each choice is a step of the browser's history, and its address opens the same view."""
    page.goto(f"{real_address}browse/")
    every = page.locator(".browse__total").text_content()
    page.get_by_role("checkbox", name="共富工坊").check()
    expect(page.locator(".browse__item")).to_have_count(1)
    shared = page.url
    page.go_back()
    expect(page.locator(".browse__total")).to_have_text(every or "")
    expect(page.get_by_role("checkbox", name="共富工坊")).not_to_be_checked()
    page.go_forward()
    expect(page.locator(".browse__item")).to_have_count(1)
    page.goto(shared)
    expect(page.locator(".browse__item")).to_have_count(1)


@pytest.mark.browser
def test_counts_say_what_a_value_would_leave(page: Page, real_address: str) -> None:
    """A facet's counts heed the other facets and not itself; what would leave nothing cannot be ticked."""
    page.goto(f"{real_address}browse/?kind=示范片")
    fenghua = page.locator("label.browse__value", has_text="奉化区")
    expect(fenghua.locator(".browse__count")).to_have_text("2")
    workshops = page.locator("label.browse__value", has_text="共富工坊")
    expect(workshops.locator(".browse__count")).to_have_text("1")
    expect(page.get_by_role("checkbox", name="慈溪市")).to_be_disabled()


@pytest.mark.browser
def test_sort_and_table_are_in_the_address(page: Page, real_address: str) -> None:
    """The newest come first in a table with the same records."""
    page.goto(f"{real_address}browse/?kind=示范片")
    page.get_by_label("排序").select_option("date")
    page.get_by_label("显示为").select_option("table")
    rows = page.locator("[data-browse-results] tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("2017年")
    assert "sort=date" in page.url
    assert "view=table" in page.url


@pytest.mark.browser
def test_an_empty_result_offers_what_to_let_go(page: Page, real_address: str) -> None:
    """The way out of a dead end is named with what it leads to, and no empty map stands before it."""
    page.goto(f"{real_address}browse/?kind=示范片&district=慈溪市")
    results = page.locator("[data-browse-results]")
    expect(results).to_contain_text("没有记录同时符合这些条件")
    expect(page.locator(".browse figure")).to_be_hidden()
    results.get_by_role("button", name="去掉“慈溪市”（4条）").click()
    expect(page.locator(".browse__item")).to_have_count(4)
    page.wait_for_function(MARKS_IN_FRAME)


@pytest.mark.browser
def test_the_map_fits_its_frame_when_it_comes_back(page: Page, real_address: str) -> None:
    """Put aside while nothing matches and the window is made smaller, it fills its new frame with the places."""
    page.goto(f"{real_address}browse/?kind=示范片")
    expect(page.locator(".map--live .folium-map .stop").first).to_be_visible()
    page.evaluate("history.pushState(null, '', '?kind=示范片&district=慈溪市')")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")  # what back and forward tell
    expect(page.locator(".browse figure")).to_be_hidden()
    page.set_viewport_size({"width": 1000, "height": 700})
    page.wait_for_timeout(200)  # Leaflet measures when it is next drawn
    page.get_by_role("button", name="去掉“慈溪市”（4条）").click()
    page.wait_for_function(MARKS_IN_FRAME)


@pytest.mark.browser
def test_an_address_with_unknown_values_shows_everything(page: Page, real_address: str) -> None:
    """A mistyped or outdated address is no dead end."""
    page.goto(f"{real_address}browse/?kind=没有&sort=<b>&view=x&district=")
    expect(page.locator(".browse__total")).to_have_text(re.compile(r"^共\d+条$"))


@pytest.mark.browser
def test_a_long_list_grows_as_the_reader_comes_to_its_end(page: Page, real_address: str) -> None:
    """Not every record is drawn at once, and every record can be reached."""
    page.goto(f"{real_address}browse/")
    expect(page.locator(".browse__item").first).to_be_visible()
    total = int((page.locator(".browse__total").text_content() or "").strip("共条"))
    assert page.locator(".browse__item").count() < total
    for _ in range(10):
        page.locator(".browse__item").last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    expect(page.locator(".browse__item")).to_have_count(total)


@pytest.mark.browser
def test_paper_holds_every_record_and_says_what_was_chosen(page: Page, real_address: str) -> None:
    """However far the reader had come, what is printed is the whole list, with its count and its filters."""
    page.goto(f"{real_address}browse/")
    page.get_by_role("checkbox", name="指标").check()
    expect(page.locator(".browse__total")).to_contain_text("，共")
    items = page.locator("[data-browse-results] .browse__item")
    total = int((page.locator(".browse__total").text_content() or "").partition("条")[0])
    assert items.count() < total
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(items).to_have_count(total)
    assert page.locator(".browse__total").is_visible()
    assert page.locator(".browse__chosen").inner_text().strip() == "指标"
    assert not page.locator(".browse__tools select").first.is_visible()


def read_to_the_end(page: Page) -> Locator:
    """The links of all records, drawn part by part; scrolled to one of the last."""
    links = page.locator("[data-browse-results] :is(.browse__item, tbody) a")
    expect(links.first).to_be_visible()
    total = int((page.locator(".browse__total").text_content() or "").strip("共条"))
    while links.count() < total:
        links.last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    links.nth(-9).evaluate("link => link.scrollIntoView({ block: 'center', behavior: 'instant' })")
    page.wait_for_timeout(300)  # scrolling has come to rest
    return links


@pytest.mark.browser
@pytest.mark.parametrize(
    ("settings", "query", "leaves"),
    [
        (PHONE, "", True),
        ({"viewport": {"width": 1280, "height": 900}}, "?view=table", True),
        ({"viewport": {"width": 1280, "height": 900}}, "?sort=date", False),
    ],
    ids=["phone", "table", "reload"],
)
def test_who_comes_back_finds_the_list_where_they_left_it(
    browser: Browser, real_address: str, settings: dict[str, object], query: str, *, leaves: bool
) -> None:
    """As many records are drawn at once, and the page stands where it stood; Chromium keeps no page alive here."""
    page = browser.new_context(**settings, reduced_motion="reduce").new_page()
    page.goto(f"{real_address}browse/{query}")
    links = read_to_the_end(page)
    total, top = links.count(), page.evaluate("scrollY")
    if leaves:
        links.nth(-9).click()
        expect(page.locator(".browse")).to_have_count(0)
        page.go_back()
    else:
        page.reload()
    expect(page.locator(".browse--live")).to_have_count(1)
    assert links.count() == total
    assert abs(page.evaluate("scrollY") - top) < 5
    page.context.close()


@pytest.mark.browser
def test_another_choice_begins_with_the_first_records(page: Page, real_address: str) -> None:
    """How far a list was read belongs to that list; coming back to it by the browser's history finds it so."""
    page.goto(f"{real_address}browse/")
    expect(page.locator(".browse__item").first).to_be_visible()
    first = page.locator(".browse__item").count()
    total = read_to_the_end(page).count()
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.get_by_label("排序").select_option("name")
    expect(page.locator(".browse__item")).to_have_count(first)
    page.go_back()
    expect(page.locator(".browse__item")).to_have_count(total)
    assert first < total


@pytest.mark.browser
def test_the_static_list_is_there_without_scripts(browser: Browser, real_address: str) -> None:
    """Every record is a link, by kind; no control that cannot work is shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real_address}browse/")
    expect(page.locator("[data-browse-static]")).to_be_visible()
    expect(page.locator("[data-browse-facets]")).to_be_hidden()
    assert page.locator("[data-browse-static] li a[href]").count() > 180
    context.close()


def take(held: list[Route], page: Page) -> Route:
    """The request that is held; the page asks some time after it has loaded."""
    while not held:
        page.wait_for_timeout(20)
    return held.pop()


@pytest.mark.browser
@pytest.mark.parametrize(
    "settings", [PHONE, {"viewport": {"width": 1440, "height": 900}}], ids=["phone", "desktop"]
)
def test_nothing_moves_when_the_data_come(
    browser: Browser, real_address: str, settings: dict[str, object]
) -> None:
    """Facets and tools have kept their place; should the data fail, they give it up to the static list."""
    page = browser.new_context(**settings).new_page()
    held: list[Route] = []
    page.route("**/browse.json*", lambda route: held.append(route))  # noqa: PLW0108 (marked by Playwright)
    page.goto(f"{real_address}browse/")
    frame = page.locator(".browse .map__frame")
    before = frame.bounding_box()
    take(held, page).continue_()
    expect(page.locator(".browse--live")).to_have_count(1)
    assert frame.bounding_box() == before
    page.reload()
    take(held, page).abort()
    expect(page.locator(".browse--failed")).to_have_count(1)
    expect(page.locator("[data-browse-facets]")).to_be_hidden()
    expect(page.locator("[data-browse-static]")).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_it_works_on_a_phone_without_the_map(browser: Browser, real_address: str) -> None:
    """Facets fold, nothing scrolls sideways, and above the still picture it is said, until the map is open, that it shows everything."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{real_address}browse/")
    page.locator(".browse__facet summary", has_text="类型").tap()
    page.get_by_role("checkbox", name="共富工坊").check()
    expect(page.locator(".browse__item")).to_have_count(1)
    note = page.locator("[data-browse-map-note]")
    expect(note).to_be_visible()
    below = page.evaluate(
        "n => n.compareDocumentPosition(document.querySelector('.browse figure')) & 4", note.element_handle()
    )
    assert below
    page.get_by_role("button", name="打开互动地图").tap()
    expect(page.locator(".folium-map .stop").first).to_be_visible()
    expect(note).to_be_hidden()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
