"""Districts side by side: the table, and the reader's choice of columns in a browser."""

import re
from collections.abc import Iterator

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.registry import place_titles
from build_scripts.reading.load import load_dataset
from build_scripts.views.compare import build_compare
from build_scripts.views.districts import build_district, build_districts

AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


def test_the_table_agrees_with_the_list_of_districts(catalogue: Catalogue) -> None:
    """Every district is a column, and its townships, villages and communities are those of the list."""
    view = build_compare(catalogue)
    cards = build_districts(catalogue).districts
    rows = {row.title: [cell.text for cell in row.cells] for row in view.groups[0].rows}
    assert [column.link for column in view.columns] == [card.link for card in cards]
    assert rows["乡镇（街道）"] == [str(card.units.townships) for card in cards]
    assert rows["村"] == [str(card.units.villages) for card in cards]
    assert rows["社区"] == [str(card.units.communities) for card in cards]


def test_districts_add_up_to_the_gazetteers_townships(catalogue: Catalogue) -> None:
    """The ten districts have the 156 townships of 2023 that the indicator's note names, and the six zones apart."""
    assert sum(card.units.townships for card in build_districts(catalogue).districts) == 156
    views = [build_district(district, catalogue, None) for district in catalogue.city.districts]
    assert sum(len(view.zones) for view in views) == 6
    assert [row.name for view in views for row in view.townships if not row.code] == ["陆中湾街道"]


def test_a_bar_is_its_numbers_share_of_the_largest(catalogue: Catalogue) -> None:
    """The largest number of a row is the full width, none has no bar."""
    for group in build_compare(catalogue).groups[:2]:
        for row in group.rows:
            largest = max(int(cell.text) for cell in row.cells)
            for cell in row.cells:
                share = float(cell.width.rstrip("%") or 0)
                assert share == pytest.approx(100 * int(cell.text) / largest, abs=0.06), row.title


def test_every_record_of_a_place_stands_in_its_column(catalogue: Catalogue) -> None:
    """Tengtou stands under Fenghua, and so does the belt it is a stop of."""
    view = build_compare(catalogue)
    at = [column.id for column in view.columns].index("fenghua")
    lists = {row.title: {item.link.text for item in row.cells[at].items} for row in view.groups[-1].rows}
    assert "滕头区域" in lists[place_titles()]
    assert {belt.name for belt in catalogue.belts_of("tengtou")} <= lists["相关的精品带"]


def test_a_programme_stands_where_it_tells_of_something_done(catalogue: Catalogue) -> None:
    """The city's programme tells of a street of Zhenhai, so it stands under Zhenhai, and on its page."""
    view = build_compare(catalogue)
    row = next(row for row in view.groups[-1].rows if row.title == "机制（含实例）")
    told = dict(zip([column.id for column in view.columns], row.cells, strict=True))["zhenhai"].items
    assert [(item.link.text, item.link.note) for item in told] == [("片区党建", "写有这里的实例")]
    page = build_district(catalogue.district("zhenhai"), catalogue, None)
    assert [case.programme.text for case in page.cases if case.programme] == ["片区党建"]
    assert all(case.claim.marks for case in page.cases)


@pytest.mark.parametrize("title", ["机制（含实例）", "相关的精品带"])
def test_what_only_has_to_do_with_a_district_is_counted_as_it_is_listed(
    title: str, catalogue: Catalogue
) -> None:
    """Programmes that tell of something done there, and belts that pass through, count there too."""
    counted, listed = (
        row for group in build_compare(catalogue).groups for row in group.rows if row.title == title
    )
    assert [int(cell.text) for cell in counted.cells] == [len(cell.items) for cell in listed.cells]


def test_what_was_reached_goes_before_what_is_expected(catalogue: Catalogue) -> None:
    """The village's income of 2016, not the one expected for 2017; a target only where nothing was reached."""
    view = build_compare(catalogue)
    row = next(row for row in view.groups[-1].rows if row.title == "指标")
    notes = {item.link.text: item.link.note for cell in row.cells for item in cell.items}
    assert notes["象山县高坎头村集体经济收入"] == "60多万元，2016年"
    assert notes["鄞州区村社“两委”干部轮训目标"] == "目标2000余名，2017年12月"


def test_every_value_has_its_source(catalogue: Catalogue) -> None:
    """Its mark leads to a citation at the foot of the page."""
    view = build_compare(catalogue)
    row = next(row for row in view.groups[-1].rows if row.title == "指标")
    targets = {citation.anchor for citation in view.citations}
    values = [item for cell in row.cells for item in cell.items]
    assert len(values) > 30
    assert all(item.marks and item.marks[0].target in targets for item in values)


def test_a_belt_that_the_site_put_together_says_so(catalogue: Catalogue) -> None:
    """The source names the villages of Xiangshan's belt, and no stop of the city's."""
    view = build_compare(catalogue)
    row = next(row for row in view.groups[-1].rows if row.title == "相关的精品带")
    cells = dict(zip([column.id for column in view.columns], row.cells, strict=True))
    assert {item.link.note for item in cells["fenghua"].items} == {"本站编排"}
    assert [item.link.note for item in cells["xiangshan"].items] == [""]


def test_what_is_counted_out_of_a_total_stands_beside_it_alone(catalogue: Catalogue) -> None:
    """Three of Ninghai's four indicators are parts of the fourth."""
    page = build_district(catalogue.district("ninghai"), catalogue, None)
    (row,) = page.indicators
    assert row.shares
    assert len(row.shares.rows) + 1 == page.indicator_count == 4


# -- in a browser ----------------------------------------------------------------------------------


@pytest.fixture
def page(real_address: str, browser: Browser) -> Iterator[Page]:
    """The page on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{real_address}compare/")
    yield page
    context.close()


def columns(page: Page) -> list[str]:
    """The districts whose columns are shown."""
    return page.locator("thead th[data-district]:visible").all_inner_texts()


@pytest.mark.browser
def test_two_districts_are_chosen_by_keyboard_and_kept_in_the_address(page: Page) -> None:
    """One alone hides nothing, two stand side by side; the address brings them back, and so does 'back'."""
    expect(page.get_by_role("checkbox", name="海曙区")).to_be_visible()
    page.get_by_role("checkbox", name="海曙区").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("已选1个，再选一个就并排显示。")
    assert len(columns(page)) == 10
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("并排显示2个。")
    assert columns(page) == ["海曙区", "江北区"]
    assert page.url.endswith("?district=haishu&district=jiangbei")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("并排显示2个。")
    assert columns(page) == ["海曙区", "江北区"]
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("已选1个，再选一个就并排显示。")


@pytest.mark.browser
def test_no_more_than_four_can_be_chosen(page: Page) -> None:
    """After four the others rest until one is given up; showing all again empties the address."""
    page.goto(
        re.sub(r"\?.*", "", page.url) + "?district=haishu&district=cixi&district=yuyao&district=nowhere"
    )
    expect(page.get_by_role("status")).to_have_text("并排显示3个。")
    page.get_by_role("checkbox", name="象山县").check()
    expect(page.get_by_role("checkbox", name="宁海县")).to_be_disabled()
    page.get_by_role("button", name="显示全部").click()
    expect(page.get_by_role("status")).to_have_text("现在列出全部10个。")
    assert "?" not in page.url
    assert len(columns(page)) == 10


@pytest.mark.browser
def test_two_columns_fit_a_phone(page: Page) -> None:
    """With two chosen nothing has to be scrolled sideways on a phone."""
    page.goto(re.sub(r"\?.*", "", page.url) + "?district=haishu&district=fenghua")
    expect(page.get_by_role("status")).to_have_text("并排显示2个。")
    box = page.locator(".table-box")
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.browser
def test_three_columns_scroll_on_a_phone_however_they_were_chosen(page: Page) -> None:
    """Ticked one after another or named in the address, they are as wide."""
    for name in ("海曙区", "江北区", "北仑区"):
        page.get_by_role("checkbox", name=name).check()
    expect(page.get_by_role("status")).to_have_text("并排显示3个。")
    ticked = page.locator("[data-compare-table]").evaluate("e => e.offsetWidth")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("并排显示3个。")
    assert page.locator("[data-compare-table]").evaluate("e => e.offsetWidth") == ticked > 390


@pytest.mark.browser
def test_without_javascript_the_table_is_whole(real_address: str, browser: Browser) -> None:
    """Every district is there, and no control that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{real_address}compare/?district=haishu&district=cixi")
    assert len(columns(page)) == 10
    assert not page.locator("[data-compare]").is_visible()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "path",
    [
        "compare/",
        "compare/?district=haishu&district=cixi",
        "history/",
        "indicators/township-count/",
        "programmes/seven-plus-n/",
        "programmes/special-inspection/",
        "alliances/zero-carbon/",
    ],
)
def test_axe_finds_nothing(path: str, width: int, real_address: str, browser: Browser) -> None:
    """Charts, diagrams and the comparison at phone and desktop width, light and dark."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    page.goto(real_address + path, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('details.precision').forEach((e) => (e.open = true))")
    page.add_script_tag(path=AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [
            f"{v['id']}: {[node['target'] for node in v['nodes']][:3]}" for v in found["violations"]
        ] == []
    context.close()
