"""Hostile texts in every text field of every kind: refused with their place, or shown as typed and never run.

Built as a whole city, with and without the fill path; read by parsers, and in Chromium under the production policy.
"""

import csv
import json
import re
import shutil
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from conftest import ROOT, serve
from naughty import OURS, allowed_strings, is_refused, iter_texts, published_list, read_records, write_city
from playwright.sync_api import Browser, Page, expect

from build_scripts.building.build import build_site
from build_scripts.checks import check_dataset
from build_scripts.inspection.finished import find_broken, read_pages
from build_scripts.kinds.base import Kind
from build_scripts.kinds.registry import find_kinds
from build_scripts.provenance.stamp import hash_tree
from build_scripts.reading.front_matter import read_front_matter
from build_scripts.reading.load import load_dataset
from build_scripts.records.yaml_text import decode_document
from build_scripts.words.characters import UNFIT
from build_scripts.words.markup import is_web_address
from build_scripts.words.prose import read_prose

AREAS, OTHERS = 220, 2


def plain(text: str) -> str:
    """A text with its white space collapsed, as a browser shows it."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile city, built."""
    root = tmp_path_factory.mktemp("naughty") / "city"
    write_city(root, AREAS, OTHERS)
    build_site(root)
    return root


Records = list[tuple[Kind, str, dict[str, Any]]]


@pytest.fixture(scope="module")
def records(city: Path) -> Records:
    """Kind, id and data of each record."""
    return list(read_records(city))


@pytest.fixture(scope="module")
def districts(city: Path) -> list[str]:
    """What the city calls its districts."""
    settings = load_dataset(city).city
    assert settings
    return [plain(district.name) for district in settings.districts]


@pytest.fixture(scope="module")
def names(records: Records, districts: list[str]) -> set[str]:
    """What records and districts are called."""
    return {plain(data["name"]) for _, _, data in records} | set(districts)


# -- what is refused -----------------------------------------------------------------------------

REFUSED = sorted({text for text in published_list() if UNFIT.search(text)})
HIDDEN = "\xad\u200c\u200d\ue000\ufffd\U000e0041\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\x07\x1b\x85\u2028\u2029"


@pytest.mark.parametrize("text", [*REFUSED, *HIDDEN], ids=ascii)
def test_an_invisible_character_is_refused_at_its_place(text: str) -> None:
    """In any field: the file is refused, with the line and the column of the first such character."""
    document = decode_document(
        "belts/areas/x.yml", f"name: 甲\nsummary: 乙{text}丙\n".encode("utf-8", "surrogatepass")
    )
    found = [d for d in document.diagnostics if d.code in ("B111", "B129", "B110")]
    first = UNFIT.search(text)
    assert first
    assert (found[0].line, found[0].column) == (2, len("summary: 乙") + first.start() + 1)
    assert not UNFIT.search(found[0].message() + found[0].source_line.replace("�", ""))


@pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)
def test_an_override_of_direction_is_refused_in_every_field(kind: Kind, city: Path, tmp_path: Path) -> None:
    """Each text of a record that holds one is named with its line."""
    source = city / "belts" / kind.folder / f"hostile-{kind.folder}-0.yml"
    lines = source.read_text(encoding="utf-8").splitlines()
    marked = [re.sub(r"^([ -]*[a-z_]+: *['\"]?)(?=.)", "\\1\u202e", line) for line in lines]
    document = decode_document("belts/x.yml", "\n".join(marked).encode())
    assert [d.line for d in document.diagnostics if d.code == "B111"][:40] == [
        n for n, line in enumerate(marked, 1) if "\u202e" in line
    ][:40]


@pytest.mark.parametrize("text", [t for t in published_list() if not t.strip()], ids=ascii)
def test_a_blank_text_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "belts/areas").mkdir(parents=True)
    (tmp_path / "belts/areas/x.yml").write_text(f"name: {json.dumps(text)}\n", encoding="utf-8")
    found = [d for d in check_dataset(load_dataset(tmp_path)) if d.path.endswith("x.yml") and d.line == 1]
    assert {d.column for d in found if d.code in ("B205", "B111", "B115")} == {7}


def test_markdown_is_refused_at_its_place_or_made_harmless() -> None:
    """Each string as a record's text: a fault says where it stands; else its HTML is of the allowed list only."""
    refused = 0
    for text in allowed_strings():
        prose = read_prose(text)
        refused += bool(prose.faults)
        assert all(0 <= fault.offset < len(text) for fault in prose.faults), text
        page = _Reader()
        page.feed(prose.html)
        assert set(page.tags) <= {
            "p",
            "br",
            "hr",
            "h3",
            "h4",
            "h5",
            "em",
            "strong",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "del",
        }, text
        assert {name for name, _ in page.attributes} <= {"href", "title", "start", "rel"}, text
        assert prose.faults or all(is_web_address(v) for n, v in page.attributes if n == "href"), text
        if not prose.faults and not re.search(r"[*_`\[\\&#>]|^\s*[-+\d]", text):
            assert plain("".join(page.words)) == plain(text)
    assert refused > 100


# -- what is built -------------------------------------------------------------------------------


class _Reader(HTMLParser):
    """The words, tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def read(path: Path) -> tuple[str, frozenset[str]]:
    """A page's text, and the values of its attributes, white space collapsed."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return plain("".join(reader.words)), frozenset(plain(value) for _, value in reader.attributes)


def test_every_string_stands_in_a_name_and_in_a_sentence(records: Records) -> None:
    """Nothing below passes for want of a string; those that are too long for names stand in sentences only."""
    names = "\n".join(data["name"] for _, _, data in records)
    facts = "\n".join(fact["text"] for kind, _, data in records for fact in data.get("facts", ()))
    strings = [plain(text) for text in allowed_strings()]
    assert [text for text in strings if text not in facts] == []
    assert [text for text in strings if len(text) <= 60 and text not in names] == []
    assert len(strings) > 480
    assert sum(map(is_refused, published_list())) < 25


def test_every_text_is_shown_as_typed(city: Path, records: Records) -> None:
    """On the page of its record: as text, or as the whole value of an attribute such as a picture's.

    But for terms that only find it, which stand on no page.
    """
    missing, count = [], 0
    for kind, record_id, data in records:
        text, attributes = read(city / "site" / kind.url_folder / record_id / "index.html")
        for path, value in iter_texts(kind.model, data):
            count += 1
            if path.endswith("as_printed"):  # which stands in quotation marks
                value = value.translate(str.maketrans("“”", "‘’"))  # noqa: PLW2901 (as it is shown)
            is_shown = plain(value) in text or plain(value) in attributes
            if not (is_shown or path.startswith("search_terms")):
                missing.append(f"{record_id} {path}: {value}")
    assert missing == []
    assert count > 5000


def test_no_page_runs_anything_and_no_link_breaks(city: Path) -> None:
    """No inline script, style or handler on any page; every link leads somewhere.

    But for two to anchors of the real city's hand-written page about itself.
    """
    pages = read_pages(city / "site")
    assert [f"{name}: {breach}" for name, page in pages.items() for breach in page.breaches] == []
    broken = find_broken(city / "site", pages)
    assert [link for _, link in broken if not link.endswith(("#credits", "about/#marks"))] == []
    assert len(pages) > AREAS


def test_the_fill_path_changes_no_byte(city: Path, tmp_path: Path) -> None:
    """Marks of the program's own, braces and all: pages filled and pages made by MkDocs are the same."""
    filled = hash_tree(city / "site")
    copy = tmp_path / "city"
    shutil.copytree(city, copy, symlinks=True, ignore=shutil.ignore_patterns("site", ".site*", ".cache"))
    assert hash_tree(build_site(copy, fill=False).site) == filled


def test_downloads_say_what_was_typed(city: Path, records: Records) -> None:
    """JSON, GeoJSON, workbook and CSV give back each name; XML is well-formed. A formula is kept from running."""
    data, typed = (
        city / "site/data",
        {plain(d["name"]) for kind, _, d in read_records(city) if kind.name == "area"},
    )
    areas = json.loads((data / "areas.json").read_text(encoding="utf-8"))
    assert {record["name"] for record in _records(areas)} == typed
    features = json.loads((data / "areas.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["name"] for feature in features} == typed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl misses a named style
        rows = list(openpyxl.load_workbook(data / "areas.xlsx").worksheets[0].values)
    assert typed <= {str(cell) for row in rows for cell in row}
    with (data / "areas.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    assert {name for name in typed if name not in cells and f"'{name}" not in cells} == set()
    assert [cell for cell in cells if re.match(r"[=+@]|-\D", cell)] == []
    for path in sorted((city / "site").rglob("*.kml")) + sorted((city / "site").rglob("*.gpx")):
        ElementTree.parse(path)  # noqa: S314 (a file of ours)
    for name in ("feed.xml", "sitemap.xml"):
        ElementTree.parse(city / "site" / name)  # noqa: S314 (as above)


def _records(content: object) -> list[dict[str, str]]:
    """The list of records in a JSON download, whatever stands around it."""
    if isinstance(content, dict):
        return max((value for value in content.values() if isinstance(value, list)), key=len)
    assert isinstance(content, list)
    return content


# -- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(city: Path) -> Iterator[str]:
    with serve(city / "site") as served:
        yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no dialog, no error, no refusal, no other host, nothing that ran."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    found, faults = context.new_page(), []
    found.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    found.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on(
        "request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else faults.append(r.url)
    )
    yield found
    assert ran(found) is None
    assert faults == []
    context.close()


def ran(page: Page) -> object:
    """What a hostile string would have set."""
    return page.evaluate("window.__ran ?? null")


def text_of(page: Page) -> str:
    return plain(page.evaluate("document.querySelector('main').textContent"))


@pytest.mark.browser
def test_the_watch_notices(browser: Browser, address: str) -> None:
    """Without the policy's headers a string that runs would be seen: the sentinel, the dialog."""
    page = browser.new_context(bypass_csp=True).new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}about/")
    page.add_script_tag(content="window.__ran=1; alert(1)")
    assert ran(page) == 1
    assert seen == ["1"]
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)
def test_a_record_is_opened_and_hovered(kind: Kind, records: Records, address: str, page: Page) -> None:
    """Each text stands in the page as typed; the pointer rests on its links, buttons and pictures."""
    own = [(i, d) for k, i, d in records if k.name == kind.name and "hostile" in i]
    for record_id, data in own[:2]:
        page.goto(f"{address}{kind.url_folder}/{record_id}/")
        assert plain(page.locator("main h1").first.text_content() or "").endswith(plain(data["name"]))
        assert plain(data["name"]) in page.title()
        assert ran(page) is None
    text = text_of(page)
    for path, value in iter_texts(kind.model, data):
        is_elsewhere = path.endswith(("alt", "other_names", "name_en", "search_terms"))
        assert plain(value) in text or is_elsewhere, path
    for element in page.locator("main a, main button, main img, main summary").all()[:6]:
        if element.is_visible():
            element.hover(force=True)


@pytest.mark.browser
@pytest.mark.parametrize(
    "path",
    [
        "",
        "areas/",
        "belts/",
        "districts/",
        "sources/",
        "milestones/",
        "history/",
        "progress/",
        "compare/",
        "data/",
    ],
)
def test_a_page_of_many_records_is_opened(path: str, address: str, page: Page) -> None:
    page.goto(f"{address}{path}", wait_until="networkidle")
    assert len(text_of(page)) > 200
    for summary in page.locator("main summary").all()[:6]:
        summary.click()


@pytest.mark.browser
def test_maps_name_places_as_typed(names: set[str], records: Records, address: str, page: Page) -> None:
    """Hovered, and clicked: the tip and the list in the popup, on a record's map and on the map of all."""
    page.goto(f"{address}areas/hostile-areas-3/")
    page.locator(".map").first.scroll_into_view_if_needed()
    page.wait_for_selector(".map--live")
    stop = page.locator(".folium-map .stop").first
    stop.hover()
    assert page.locator(".leaflet-tooltip").first.text_content()
    stop.click()
    members = {plain(member["name"]) for _, _, data in records for member in data.get("members", ())}
    assert plain(page.locator(".leaflet-popup .place__name").first.text_content() or "") in members | names
    page.goto(f"{address}map/")
    page.wait_for_selector(".map--live")
    page.locator(".folium-map .stop").first.click()
    page.wait_for_selector(".leaflet-popup")
    shown = {plain(name) for name in page.locator(".leaflet-popup .place__name").all_text_contents()}
    assert shown
    assert shown <= names
    page.locator(".leaflet-control-layers-toggle").focus()
    page.keyboard.press("Enter")
    labels = " ".join(page.locator(".leaflet-control-layers label").all_text_contents())
    belts = [plain(data["name"]) for kind, _, data in records if kind.name == "belt"]
    assert any(name in plain(labels) for name in belts)


@pytest.mark.browser
def test_search_takes_and_shows_them_as_typed(names: set[str], address: str, page: Page) -> None:
    """Each of our own strings typed into the box; titles of results are names or pages'; the first one is followed."""
    pages = {
        str(read_front_matter(path.read_text("utf-8"))["title"]) for path in (ROOT / "content").rglob("*.md")
    }
    page.goto(address)
    page.locator("button.find").click()
    box, found = page.get_by_role("searchbox"), set()
    for text in OURS:
        box.fill(text)
        page.wait_for_timeout(250)
        found |= {plain(t) for t in page.locator(".search__result a").all_text_contents()}
        assert ran(page) is None
    box.fill("hasOwnProperty")
    result = page.locator(".search__result a", has_text="hasOwnProperty").first
    expect(result).to_be_visible()
    title = plain(result.text_content() or "")
    assert {title for title in found | {title} if not any(name in title for name in names | pages)} == set()
    with page.expect_navigation():
        result.click()
    expect(page.locator("dialog.search")).to_be_hidden()
    assert title in text_of(page)


@pytest.mark.browser
def test_browse_lists_and_filters_them_as_typed(names: set[str], address: str, page: Page) -> None:
    page.goto(f"{address}browse/")
    expect(page.locator(".folium-map .stop").first).to_be_visible()
    listed = {plain(name) for name in page.locator(".browse__item a").all_text_contents()}
    assert listed
    assert listed <= names
    for box in page.get_by_role("checkbox").all()[:8]:
        box.check(force=True)
        box.uncheck(force=True)
    page.goto(
        f"{address}browse/?kind=%3Cimg%20src=x%20onerror=window.__ran=1%3E&q=%22%3E%3Csvg/onload=window.__ran=1%3E"
    )
    expect(page.locator(".browse__item").first).to_be_visible()


@pytest.mark.browser
def test_files_are_downloaded(city: Path, address: str, page: Page) -> None:
    """From the links of the data page, the bytes that were built."""
    page.goto(f"{address}data/")
    for name in ("areas.csv", "areas.json", "all.xlsx"):
        link = page.locator(f"main a[href$='{name}']").first
        with page.expect_download() as started:
            link.evaluate("a => { a.download = ''; a.click() }")
        assert Path(started.value.path()).read_bytes() == (city / "site/data" / name).read_bytes()
