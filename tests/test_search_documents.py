"""What can be searched for, and that the browser finds it through the page's own query module."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import require
from playwright.sync_api import Browser, Page, Route, expect
from pypinyin import Style, lazy_pinyin

from build_scripts.addresses import record_url
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.base import Record
from build_scripts.reading.load import load_dataset
from build_scripts.search.documents import (
    SearchDocument,
    WrittenPage,
    document_keys,
    place_names,
    start_documents,
)
from build_scripts.search.words import name_words, opening_words, text_words
from build_scripts.workers import open_pool

ROOT = Path(__file__).resolve().parents[1]
HAN = re.compile(r"[\u4e00-\u9fff]+")
MARKS = re.compile(r"[\W_]+")  # all but letters, digits and Chinese
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIND_ONE = """async ([bundle, script, query]) => {
  const index = await (await import(script)).openIndex(new URL(bundle))
  const { results, isPartial, isAlike } = await index.find(query)
  const found = await Promise.all(results.map((load) => load()))
  return { isPartial, isAlike, titles: found.map(({ title }) => title), kinds: found.map(({ kind }) => kind) }
}"""
FIND_ALL = """async ([bundle, script, queries]) => {
  const { openIndex } = await import(script)
  const index = await openIndex(new URL(bundle))
  const missed = []
  for (const [query, url] of queries) {
    const { results } = await index.find(query)
    const found = await Promise.all(results.map((load) => load()))
    if (!found.some(({ address }) => address.endsWith("/" + url))) missed.push([query, url])
  }
  return missed
}"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue(load_dataset(ROOT))


# -- words -----------------------------------------------------------------------------------------


def test_text_becomes_overlapping_slices_of_two() -> None:
    """A run of Chinese gives each pair of neighbours, in letters; Latin words and figures stay."""
    assert text_words("滕头村 Tengtou ２０１６") == ("v0gonffjde", "v0fjdeghfb", "tengtou", "2016")


def test_one_character_is_a_word_of_its_own() -> None:
    """A lone character is not lost for want of a neighbour."""
    assert text_words("村") == ("v1ghfb",)


@pytest.mark.parametrize(
    "text",
    [
        "Tengtou’s café in Xi'an",
        "Lüshun LǛ lǘ Ｌｕ\u0308",
        "İstanbul Ångström ﬁ ½ Ⅳ ａｂｃ",
        "滕头村，小百丈·𠮷野家 〇三",
        "e\u0301a\u0300 O'Neill x² №1 v ß Ð naïve-text",
    ],
)
def test_a_text_is_asked_for_as_it_is_indexed(text: str) -> None:
    """Every word of a query stands in the index of the text itself, accents, apostrophes and wide letters included."""
    require(shutil.which("node"), "Node.js")
    program = 'import { encodeQuery } from "./search_query.js"; console.log(JSON.stringify(encodeQuery(process.argv[1])))'
    words = ["node", "--input-type=module", "-e", program, text]
    asked = subprocess.run(words, cwd=ROOT / "site_templates/scripts", capture_output=True, check=True).stdout
    assert {*json.loads(asked)} - {"v"} <= {*text_words(text)}
    assert len(text_words(text)) > 1


def test_names_are_found_by_pinyin_and_initials_from_any_syllable() -> None:
    """Full pinyin and initials begin at the first syllable and at each later one, and a syllable alone is enough."""
    words = name_words(["滕头区域"])
    assert {"tengtouquyu", "touquyu", "ttqy", "tqy", "teng", "tou", "qu", "yu"} <= set(words)


def test_a_character_of_two_readings_is_found_by_both() -> None:
    """周巷 is read zhouxiang, and nobody who types the other reading is turned away."""
    assert {"zhouxiang", "zhouhang"} <= set(name_words(["周巷"]))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("甬·志愿", {"yongzhiyuan", "yzy"}),
        (
            "党建“温馨家园”示范片区",
            {"dangjianwenxinjiayuanshifanpianqu", "wenxinjiayuan", "djwxjysfpq", "wenxinjiayuanshifan"},
        ),
        ("锋领e家", {"fenglingejia", "flej", "ejia", "ej"}),
        ("“7+N”联盟", {"7nlianmeng", "7nlm", "7", "n"}),
        ("都·Ⅴ类", {"duvlei", "douvlei", "dvl"}),
    ],
)
def test_a_name_with_marks_letters_or_digits_in_it_is_read_as_one(name: str, typed: set[str]) -> None:
    """As it is typed: without the marks, letters and digits in their place; each run of it is read by itself too."""
    assert typed <= set(name_words([name]))


def test_an_english_name_is_found_by_its_words() -> None:
    """Not by its words run together, nor by their initials."""
    assert name_words(["滕头"], "Tengtou Area 2")[:3] == ("tengtou", "area", "2")
    assert not {"tengtouarea", "ta2", "ta"} & set(name_words(["滕头"], "Tengtou Area 2"))


def test_who_types_what_a_name_opens_with_means_that_name() -> None:
    """The whole name and its first run of Chinese, in pinyin and in initials."""
    assert opening_words("甬·志愿") == ("yong", "yongzhiyuan", "yz", "yzy")
    assert opening_words("滕头区域") == ("tengtouquyu", "tt", "ttq", "ttqy")
    assert set(opening_words("“3+X”联盟")) == {"lianmeng", "lm", "3xlianmeng", "3x", "3xl", "3xlm"}


def test_text_without_words_gives_none() -> None:
    """Punctuation alone is nothing to search for."""
    assert text_words("——“”!") == ()


def test_a_place_in_a_statement_of_any_depth_is_named(catalogue: Catalogue) -> None:
    """Members, their townships and spellings of the source are all places of a record."""
    places = set(place_names(catalogue.entries["tengtou"]))
    assert {"塘湾村", "萧王庙街道", "傅家岙"} <= places


@pytest.fixture(scope="module")
def documents(catalogue: Catalogue) -> Sequence[SearchDocument]:
    """The documents of all that can be found."""
    with open_pool(0, catalogue) as pool:
        return start_documents(document_keys(catalogue), pool)()


def test_every_record_and_district_has_a_document(
    catalogue: Catalogue, documents: Sequence[SearchDocument]
) -> None:
    """Nothing that is published is left out of the index, and no address comes twice."""
    urls = [document.url for document in documents]
    expected = {record_url(record) for record in catalogue.records.values()}
    assert expected <= set(urls)
    assert len(urls) == len(set(urls)) == len(expected) + len(catalogue.city.districts)


def test_a_page_is_found_by_its_title_its_description_and_its_headings(catalogue: Catalogue) -> None:
    """Not by what stands in its code; it belongs to no district."""
    text = '---\ntitle: 关于本站\ndescription: 收录什么\n---\n\n## [数据的](data.md "x")局限 {#limits}\n\n```\n# 代码\n```\n'
    with open_pool(0, catalogue) as pool:
        page = start_documents(document_keys(catalogue, [WrittenPage("about/", text)]), pool)()[-1]
    words = {*page.name_words, *page.place_words, *page.words}
    assert (page.url, page.name, page.summary, page.kind) == ("about/", "关于本站", "收录什么", "页面")
    assert {word for part in ("关于本站", "收录什么", "数据的", "局限") for word in text_words(part)} <= words
    assert not {"limits", "data", "md", *text_words("代码")} & words
    assert page.traits == (("页面",), (), ())


# -- in the browser ----------------------------------------------------------------------------------


def find(page: Page, address: str, query: str) -> dict[str, Any]:
    """What the scripts of the page that is open find: titles and kinds, and whether they hold but a part."""
    found: dict[str, Any] = page.evaluate(
        FIND_ONE, [f"{address}pagefind/", script_address(page, "search_index.js"), query]
    )
    return found


def queries_for(record: Record, catalogue: Catalogue) -> Iterator[str]:
    """All that a reader may type to find a record."""
    for name in (record.name, *record.other_names, *record.search_terms):
        yield name
        typed = MARKS.sub("", name)
        yield "".join(lazy_pinyin(typed))
        yield "".join(lazy_pinyin(typed, style=Style.FIRST_LETTER))
        for run in HAN.findall(name):
            syllables = lazy_pinyin(run)
            yield from (run[n : n + 2] for n in range(len(run) - 1))
            yield from run
            yield "".join(syllables)
            yield " ".join(syllables)
            if len(run) > 1:
                yield "".join(syllable[0] for syllable in syllables)
    for place in place_names(catalogue.entries[record.id]):
        yield place
        for run in HAN.findall(place):
            syllables = lazy_pinyin(run)
            yield from ("".join(syllables), " ".join(syllables))


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Page, real_address: str) -> Page:
    """The first page, loaded anew: the search keeps nothing from one page to the next."""
    window.goto(real_address)
    return window


def script_address(page: Page, name: str) -> str:
    source = page.locator("script[type=module]").get_attribute("src")
    return page.evaluate("([a, b]) => new URL(b, new URL(a, location.href)).href", [source, name])


@pytest.mark.browser
def test_every_name_slice_pinyin_and_place_finds_its_record(
    page: Page, real_address: str, catalogue: Catalogue
) -> None:
    """Every record is among the results for all that it is called, and for every place it names."""
    records = catalogue.records.values()
    queries = sorted(
        {(query, record_url(record)) for record in records for query in queries_for(record, catalogue)}
    )
    script = script_address(page, "search_index.js")
    missed = page.evaluate(FIND_ALL, [f"{real_address}pagefind/", script, [list(q) for q in queries]])
    assert missed == []
    assert len(queries) > 3000


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("yongzhiyuan", "甬·志愿"),
        ("yzy", "甬·志愿"),
        ("fenglingejia", "海曙“锋领e家”主题党日预约平台"),
        ("flej", "海曙“锋领e家”主题党日预约平台"),
        ("7nlianmeng", "“7+N”联盟组建模式"),
        ("3xlmgf", "“3+X”联盟规范"),
        ("dyhhb", "党员“红黑榜”"),
        ("dangjianwenxinjiayuan", "党建“温馨家园”示范片区"),
    ],
)
def test_a_name_is_found_without_the_marks_in_it(page: Page, query: str, title: str) -> None:
    """A reader who types pinyin or initials leaves out quotation marks, dots and signs; that name comes first."""
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(query)
    expect(page.locator(".search__result").first).to_contain_text(title)
    expect(page.locator(".search__status")).not_to_contain_text("没有")


@pytest.mark.browser
@pytest.mark.parametrize(
    "typed",
    [
        "shang tian",
        "shang ti",
        "Gāo Kǎn Tóu",
        "ｔｅｎｇ　ｔｏｕ",
        "t t q y",
        "奉化 shang tian",
        "lian meng 7+N",
    ],
)
def test_pinyin_is_found_with_spaces_between_its_syllables(page: Page, real_address: str, typed: str) -> None:
    """First what the same letters without the spaces find, then what holds each of them somewhere."""
    joined = re.sub(r"(?<=[^\W\d\u4e00-\u9fff])\s+(?=[^\W\d\u4e00-\u9fff])", "", typed)
    spaced, together = (find(page, real_address, query) for query in (typed, joined))
    assert joined != typed
    assert together["titles"]
    assert spaced["titles"][: len(together["titles"])] == together["titles"]
    assert not spaced["isPartial"]


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["Tengtou Area", "area tengtou", "tengtou fenghua", "teng tou area"])
def test_words_that_are_no_syllables_of_one_name_are_found_apart(
    page: Page, real_address: str, typed: str
) -> None:
    """Words of an English name, and two names in pinyin."""
    found = find(page, real_address, typed)
    assert (found["titles"][0], found["isPartial"]) == ("滕头区域", False)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("腾头", "滕头区域"),
        ("藤头区域", "滕头区域"),
        ("滕頭區域", "滕头区域"),
        ("宁波腾头", "滕头区域"),
        ("凤化", "奉化区"),
        ("余姚氏", "余姚市"),
    ],
)
def test_other_characters_of_the_same_sound_find_a_name(
    page: Page, real_address: str, query: str, title: str
) -> None:
    """An input method offers these first; so do traditional forms. The reader is told what was found."""
    found = find(page, real_address, query)
    assert found["isAlike"]
    assert found["titles"][0] == title
    page.keyboard.press("/")
    page.get_by_role("searchbox", name="搜索").fill(query)
    status = page.get_by_role("dialog").get_by_role("status")
    expect(status).to_have_text(f"没有找到“{query}”。下面{len(found['titles'])}条有读音相同的名称。")


@pytest.mark.browser
@pytest.mark.parametrize("query", ["滕头", "tengtou", "qqqq"])
def test_sounds_are_fetched_for_nothing_else(page: Page, real_address: str, query: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    find(page, real_address, query)
    assert "index.json" in asked
    assert "readings.json" not in asked


@pytest.mark.browser
def test_a_name_ranks_before_what_mentions_it(page: Page, real_address: str) -> None:
    """滕头 leads to the area of that name first, by slices, pinyin and the initials its name opens with."""
    for query in ("滕头", "tengtou", "ttqy", "tt"):
        found = find(page, real_address, query)
        assert (found["titles"][0], found["isPartial"]) == ("滕头区域", False)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "title"), [("无障碍", "无障碍声明"), ("wza", "无障碍声明"), ("局限", "关于本站")]
)
def test_a_hand_written_page_is_found(page: Page, real_address: str, query: str, title: str) -> None:
    """By its title, by pinyin initials, by a heading; and the result leads there."""
    assert title in find(page, real_address, query)["titles"]
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(query)
    found = page.locator(".search__result", has_text=title)
    expect(found.locator(".search__about")).to_have_text("页面")
    found.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.browser
@pytest.mark.parametrize("query", ["999", "647", "火星", "qqqq", "999 火星"])
def test_what_nothing_holds_is_not_found(page: Page, real_address: str, query: str) -> None:
    """Though something holds its first digit or letter."""
    assert not find(page, real_address, query)["titles"]


@pytest.mark.browser
@pytest.mark.parametrize("query", ["滕头火星", "滕头 999", "tengtouxx", "火星滕头", "滕头区域无障碍"])
def test_a_part_of_what_was_asked_is_called_a_part(page: Page, real_address: str, query: str) -> None:
    """Results for the words that there are, or for the most of them that stand together, with a word about it."""
    found = find(page, real_address, query)
    assert found["isPartial"]
    assert found["titles"][0] == "滕头区域"
    page.keyboard.press("/")
    page.get_by_role("searchbox", name="搜索").fill(query)
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text(f"没有完全符合“{query}”的内容")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("宁波奉化", "奉化区"),
        ("宁波市奉化区", "奉化区"),
        ("宁波 北仑", "北仑区"),
        ("宁波滕头", "滕头区域"),
        ("ningbo tengtou", "滕头区域"),
        ("Ningbotengtou", "滕头区域"),
        ("ning bo teng tou", "滕头区域"),
        ("ＮＩＮＧＢＯ 滕头", "滕头区域"),
    ],
)
def test_the_name_of_the_city_may_stand_before_any_other(
    page: Page, real_address: str, query: str, title: str
) -> None:
    """Records hardly say which city they are in."""
    found = find(page, real_address, query)
    assert title in found["titles"][:3]
    assert not found["isPartial"]


@pytest.mark.browser
@pytest.mark.parametrize("query", ["宁波市委组织部", "宁波日报", "宁波市民"])
def test_a_word_that_begins_with_the_citys_name_is_no_other_word(
    page: Page, real_address: str, query: str
) -> None:
    """What holds a part is found and called a part; a single character that is left is not looked for."""
    found = find(page, real_address, query)
    assert found["titles"]
    assert found["isPartial"]


@pytest.mark.browser
@pytest.mark.parametrize("query", ["宁波市", "ningbo", "ningboshi", "宁波“27条”", "宁波示范片与精品带"])
def test_the_name_of_the_city_counts_where_a_record_bears_it(
    page: Page, real_address: str, query: str
) -> None:
    found = find(page, real_address, query)
    assert "宁波" in found["titles"][0]
    assert not found["isPartial"]


@pytest.mark.browser
def test_a_name_typed_too_far_is_found_by_its_beginning(
    page: Page, real_address: str, catalogue: Catalogue
) -> None:
    """Also where the index is cut between the name and what was typed."""
    records = [record for record in catalogue.records.values() if HAN.fullmatch(record.name)]
    queries = [["".join(lazy_pinyin(record.name)) + "xx", record_url(record)] for record in records]
    assert len(queries) > 100
    script = script_address(page, "search_index.js")
    assert page.evaluate(FIND_ALL, [f"{real_address}pagefind/", script, queries]) == []


@pytest.mark.browser
def test_a_kind_finds_all_records_of_it(page: Page, real_address: str, catalogue: Catalogue) -> None:
    """By its title, whatever the records are called."""
    found = find(page, real_address, "示范片")
    areas = [record.name for record in catalogue.records.values() if record.kind == "area"]
    assert {*areas} <= {*found["titles"][: len(areas) + 20]}
    assert "示范片" in found["kinds"]


def errors_of(page: Page) -> list[str]:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.mark.browser
def test_search_works_by_keyboard_alone(page: Page, real_address: str) -> None:
    """Slash opens it, arrows walk the results, Enter follows one, and the policy refuses nothing."""
    errors = errors_of(page)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.fill("tengtou")
    expect(page.locator(".search__result a").first).to_contain_text("滕头")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search__result a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/tengtou/")
    assert errors == []


@pytest.mark.browser
def test_escape_closes_and_gives_focus_back(page: Page) -> None:
    """The reader is again where the search was opened."""
    opener = page.locator("button.find")
    opener.click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.browser
def test_results_say_kind_and_district_and_can_be_narrowed(page: Page) -> None:
    """A result names its kind and district; a filter keeps only its own and shows counts."""
    page.locator("button.find").click()
    page.get_by_role("searchbox").fill("奉化")
    expect(page.locator(".search__about").first).to_contain_text("奉化区")
    page.locator(".search__narrow summary").click()
    kinds = page.get_by_label("类型")
    expect(kinds.locator("option").nth(1)).to_contain_text("（")
    option = kinds.locator("option", has_text="示范片（2）")
    kinds.select_option(value=option.get_attribute("value"))
    expect(page.locator(".search__status")).to_contain_text("2条结果")
    assert {text.split(" · ")[0] for text in page.locator(".search__about").all_text_contents()} == {"示范片"}
    page.get_by_role("searchbox").fill("")
    expect(kinds.locator("option", has_text="（")).to_have_count(0)


@pytest.mark.browser
def test_enter_before_the_index_is_there_stays_on_the_page(browser: Browser, real_address: str) -> None:
    """On a slow line; what was typed is found when it comes."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(real_address)
    waiting: list[Route] = []
    page.route("**/pagefind/index.json", lambda route: waiting.append(route))  # noqa: PLW0108 (Playwright marks it)
    page.locator("button.find").click()
    page.get_by_role("searchbox").press_sequentially("滕头")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_timeout(300)
    assert page.url == real_address
    waiting[0].continue_()
    expect(page.locator(".search__result").first).to_contain_text("滕头区域")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("lacking", ["**/pagefind/index.json", "**/search_index*.js"])
def test_typing_loads_the_search_that_did_not_load(browser: Browser, real_address: str, lacking: str) -> None:
    """On a line that failed for a moment: the next letter finds what all of them ask for."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(real_address)
    page.route(lacking, lambda route: route.abort())
    page.locator("button.find").click()
    expect(page.locator(".search__status")).to_contain_text("没有加载成功")
    page.get_by_role("searchbox").press_sequentially("滕")
    expect(page.locator(".search__status")).to_contain_text("没有加载成功")
    page.unroute(lacking)
    page.get_by_role("searchbox").press_sequentially("头")
    expect(page.locator(".search__result").first).to_contain_text("滕头区域")
    context.close()


@pytest.mark.browser
def test_results_that_hold_a_part_can_be_narrowed(page: Page) -> None:
    """To those of a kind that hold the most, though others hold more."""
    page.locator("button.find").click()
    page.get_by_role("searchbox").fill("滕头区域无障碍")
    expect(page.locator(".search__result").first).to_contain_text("滕头区域")
    page.locator(".search__narrow summary").click()
    kinds = page.get_by_label("类型")
    kinds.select_option(value=kinds.locator("option", has_text="页面").get_attribute("value"))
    expect(page.locator(".search__result").first).to_contain_text("无障碍声明")


@pytest.mark.browser
def test_nothing_found_says_what_to_try(page: Page) -> None:
    """An empty result offers another way of typing instead of a blank."""
    page.locator("button.find").click()
    page.get_by_role("searchbox").fill("鼍龘")
    expect(page.locator(".search__status")).to_contain_text("没有找到“鼍龘”")


@pytest.mark.browser
def test_search_fits_a_phone(browser: Browser, real_address: str) -> None:
    """On a phone the button is large enough and neither page nor dialog scrolls sideways."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{real_address}areas/tengtou/")
    button = page.locator("button.find")
    size = button.bounding_box()
    assert size is not None
    assert min(size["width"], size["height"]) >= 24
    button.tap()
    page.get_by_role("searchbox").fill("tt")
    expect(page.locator(".search__result").first).to_be_visible()
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(wide)
    context.close()


@pytest.mark.browser
def test_without_scripts_the_site_map_stands_in(browser: Browser, real_address: str) -> None:
    """No control that cannot work, but a way to every page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(real_address)
    expect(page.locator("button.find")).to_be_hidden()
    expect(page.locator(".find-box")).to_be_hidden()
    expect(page.locator("a.find--plain")).to_be_visible()
    context.close()


@pytest.mark.browser
def test_nothing_of_the_index_is_fetched_before_it_is_asked(browser: Browser, real_address: str) -> None:
    """A page that nobody searches on pays nothing for the search."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(real_address)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "pagefind" in url or "search" in url] == []
    context.close()


def test_documents_carry_what_a_result_shows(documents: Sequence[SearchDocument]) -> None:
    """Kind, district and belts go with every document, as JSON can hold them."""
    document = next(d for d in documents if d.url == "areas/tengtou/")
    assert (document.kind, document.district) == ("示范片", "奉化区")
    assert all(isinstance(belt, str) for belt in document.belts)
    assert json.dumps(document.belts, ensure_ascii=False)
