"""Belts in a real Chromium: files fetched from the page, links to map services, and the printed sheet with its code."""

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import xmlschema
import zxingcpp
from conftest import copy_project, copy_site, serve
from PIL import Image
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from build_scripts.building.build import build_site

pytestmark = pytest.mark.browser
SCHEMAS = Path(__file__).parent / "data/schemas"
PUBLIC = "https://belts.example.org/宁波/"
ENCODED = "https://belts.example.org/%E5%AE%81%E6%B3%A2/"
BELT = "belts/mountain-dwellings/"


@pytest.fixture(scope="module")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site with a public address."""
    root = copy_project(tmp_path_factory.mktemp("public"))
    settings = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(
        settings.replace('site_url: ""', f'site_url: "{PUBLIC}"'), encoding="utf-8"
    )
    return build_site(root).site


@pytest.fixture(scope="module")
def public_address(public_site: Path) -> Iterator[str]:
    with serve(public_site) as address:
        yield address


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    yield context.new_page()
    context.close()


# -- downloads and links -------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["GPX", "KML", "GeoJSON"])
def test_a_reader_downloads_the_route(form: str, real_address: str, phone: Page, tmp_path: Path) -> None:
    """The link on the page hands over a file of the belt's name, valid by its schema."""
    phone.goto(real_address + BELT)
    with phone.expect_download() as download:
        phone.get_by_role("link", name=form, exact=True).click()
    name = f"mountain-dwellings.{form.lower()}"
    assert download.value.suggested_filename == name
    download.value.save_as(tmp_path / name)
    schema = {"GPX": "gpx.xsd", "KML": "ogckml22.xsd"}.get(form)
    if schema:
        xmlschema.XMLSchema(SCHEMAS / schema, allow="local").validate(tmp_path / name)
    assert "环云湖党建联盟" in (tmp_path / name).read_text(encoding="utf-8")


def test_every_located_stop_opens_in_four_map_services(real_address: str, phone: Page) -> None:
    """Ordinary links, named by service and place; a stop known to its township says what opens."""
    phone.goto(real_address + BELT)
    stops = phone.locator(".stops > li")
    assert stops.count() == 4
    for number in range(stops.count()):
        links = stops.nth(number).locator(".opens a")
        hosts = [urlsplit(link.get_attribute("href")).netloc for link in links.all()]
        assert hosts == ["uri.amap.com", "api.map.baidu.com", "maps.apple.com", "www.openstreetmap.org"]
        title = stops.nth(number).locator("h3 a").first.inner_text()
        assert [link for link in links.all() if title not in link.get_attribute("aria-label")] == []
        assert "不是它的准确位置" in stops.nth(number).locator(".opens").inner_text()


def test_an_area_opens_in_map_services_too(real_address: str, browser: Browser) -> None:
    """Without JavaScript as well, and large enough for a finger."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(real_address + "areas/tengtou/")
    links = page.locator(".facts .opens a")
    assert links.count() == 4
    assert all(link.bounding_box()["height"] >= 24 for link in links.all())
    context.close()


def test_a_recorded_track_is_drawn(browser: Browser, tmp_path: Path) -> None:
    """On the still picture and, as a line of its own, on the interactive map."""
    with serve(build_site(copy_site("second-city", tmp_path)).site) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(address + "belts/river-belt/", wait_until="networkidle")
        assert page.locator("svg.still polyline.line--recorded").count() == 2
        page.locator(".folium-map path.line--recorded").first.wait_for(state="attached")
        assert page.locator(".map__key").get_by_text("实地记录的轨迹").is_visible()
        assert page.locator(".facts").get_by_text("累计爬升").is_visible()
        context.close()


# -- the printed sheet ---------------------------------------------------------------------------


def _print(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def _words(reader: PdfReader) -> str:
    """What a sheet says; fonts give some characters back as their look-alikes among the radicals."""
    return _plain("".join(sheet.extract_text() for sheet in reader.pages))


def _plain(text: str) -> str:
    """A text without spaces, compatible characters made one."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _longest_pages(site: Path) -> list[str]:
    """The two longest pages of each kind that has places: what is shorter fits as well."""
    found = []
    for folder in ("belts", "areas", "alliances", "workshops"):
        pages = sorted(site.glob(f"{folder}/*/index.html"), key=lambda page: page.stat().st_size)
        found += [f"{page.parent.relative_to(site)}/" for page in pages[-2:]]
    return found


def test_a_belt_or_place_prints_on_one_a4_sheet(public_site: Path, public_address: str, phone: Page) -> None:
    """From a dark phone: one upright A4 sheet with title, dates and address, and nothing to click."""
    pages = _longest_pages(public_site)
    assert len(pages) == 7
    for path in pages:
        phone.goto(public_address + path)
        title = phone.locator("h1").inner_text()
        reader = _print(phone)
        words = _words(reader)
        assert len(reader.pages) == 1, path
        width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
        assert (width, height) == (210, 297)
        assert _plain(title) in words
        assert _plain(f"网址：{PUBLIC}{path}") in words
        assert re.search(r"发布\d{4}-\d\d-\d\d", words)
        assert not re.search("打印本页|高德地图|搜索", words)


def test_a_sheet_holds_figures_and_sources(public_address: str, phone: Page) -> None:
    """What a figure is, its date, its source, the still map's credits; the map is drawn, not an image."""
    phone.goto(public_address + "areas/tengtou/")
    reader = _print(phone)
    words = _words(reader)
    for expected in ("征地期间上访", "10万元出头", "2015—2016年", "来源", "滕头区域位置图", "示意图"):
        assert _plain(expected) in words
    assert list(reader.pages[0].images) == []


@pytest.mark.parametrize("path", [BELT, "areas/tengtou/", "districts/fenghua/"])
def test_the_code_is_the_page_s_public_address(path: str, public_address: str, phone: Page) -> None:
    """What a reader scans off the paper leads to the page; the screen does without it."""
    phone.goto(public_address + path)
    phone.locator("svg.qr").wait_for(state="attached")
    assert not phone.locator("svg.qr").is_visible()
    phone.emulate_media(media="print")
    code = phone.locator("svg.qr")
    assert code.bounding_box()["width"] == pytest.approx(25 / 25.4 * 96, abs=1)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    assert (found.format, found.text) == (zxingcpp.BarcodeFormat.QRCode, ENCODED + path)


def test_without_a_public_address_there_is_no_code(real_address: str, phone: Page) -> None:
    """A code that leads nowhere would be worse than none; the address where it is read is printed."""
    phone.goto(real_address + BELT, wait_until="networkidle")
    assert phone.locator("svg.qr").count() == 0
    assert _plain(real_address + BELT) in _words(_print(phone))
