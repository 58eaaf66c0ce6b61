"""How much a reader downloads."""

import gzip
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.synthetic import write_synthetic
from conftest import ROOT, serve
from playwright.sync_api import Browser, BrowserContext, Page

from build_scripts.build import build_site

pytestmark = pytest.mark.browser
DESKTOP = {"viewport": {"width": 1440, "height": 900}, "service_workers": "block"}


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    """A desktop with an empty cache, where a map opens by itself."""
    return browser.new_context(**DESKTOP)


def _visit(page: Page, address: str) -> dict[str, int]:
    """Each address that a page asks for, with the bytes of the answer as a server compresses it."""
    asked = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (Playwright marks the function)
    page.goto(address, wait_until="networkidle")
    page.locator("figure.map--live").first.wait_for()
    return {r.url: len(gzip.compress(r.response().body(), 6)) for r in asked}


def test_home_with_its_map_is_light(real_address: str, context: BrowserContext) -> None:
    """At most 16 requests and 160 KB, map included."""
    sizes = _visit(context.new_page(), real_address)
    assert any("leaflet" in url for url in sizes)
    assert len(sizes) <= 16, sorted(sizes)
    assert sum(sizes.values()) <= 160_000, sizes
    context.close()


def test_a_profile_adds_little_to_what_is_stored(real_address: str, context: BrowserContext) -> None:
    """After the home page a profile with its map takes at most 60 KB more, and few requests."""
    stored = _visit(context.new_page(), real_address)
    for path in ("areas/tengtou/", "belts/mountain-dwellings/"):
        sizes = _visit(context.new_page(), real_address + path)
        more = {url: size for url, size in sizes.items() if url not in stored}
        assert sum(more.values()) <= 60_000, more
        assert len(more) <= 6, sorted(more)
    context.close()


def test_home_of_a_city_with_hundreds_of_records_is_light(tmp_path: Path, context: BrowserContext) -> None:
    """At most 16 requests and 160 KB with more than 360 records on the site, most of them on the map."""
    city = tmp_path / "city"
    write_synthetic(city, ROOT, areas=300)
    result = build_site(city)
    assert result.records >= 360
    with closing(context), serve(result.site) as address:
        sizes = _visit(context.new_page(), address)
    assert len(sizes) <= 16, sorted(sizes)
    assert sum(sizes.values()) <= 160_000, sizes
