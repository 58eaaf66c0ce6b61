"""How much a reader downloads."""

import gzip
from collections.abc import Iterator
from contextlib import closing

import pytest
from benchmarks.synthetic import write_synthetic
from conftest import ROOT, serve
from playwright.sync_api import Browser, BrowserContext, Page, Request

from build_scripts.building.build import build_site

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


@pytest.fixture(scope="module")
def large_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A synthetic city with more than 360 records, most of them on the map."""
    city = tmp_path_factory.mktemp("large") / "city"
    write_synthetic(city, ROOT, areas=300)
    result = build_site(city)
    assert result.records >= 360
    with serve(result.site) as address:
        yield address


def test_home_of_a_city_with_hundreds_of_records_is_light(
    large_address: str, context: BrowserContext
) -> None:
    """At most 16 requests and 160 KB."""
    with closing(context):
        sizes = _visit(context.new_page(), large_address)
    assert len(sizes) <= 16, sorted(sizes)
    assert sum(sizes.values()) <= 160_000, sizes


@pytest.mark.parametrize("query", ["tt", "滕头", "滕头村乡村振兴党建联合体"])
def test_a_first_query_is_light(large_address: str, context: BrowserContext, query: str) -> None:
    """Beside the engine it takes at most 16 KB and 16 requests; where nothing holds all of it, the readings too.

    `benchmarks/search_weight.py` measures the same with 3,600 areas and with headers, where the limit is 100 KB.
    """
    page = context.new_page()
    page.goto(
        f"{large_address}404.html", wait_until="networkidle"
    )  # a page without a map of its own to fetch
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (Playwright marks the function)
    page.locator("button.find").click()
    page.get_by_role("searchbox").fill(query)
    page.locator(".search__result").first.wait_for()
    page.wait_for_load_state("networkidle")
    sizes = {request.url: len(_sent(request)) for request in asked}
    engine = sum(size for url, size in sizes.items() if "engine" in url)
    readings = sum(size for url, size in sizes.items() if "readings" in url)
    context.close()
    assert 50_000 < engine <= 69_000
    assert readings <= (24_000 if len(query) > 2 else 0)
    assert sum(sizes.values()) - engine - readings <= 16_000, sizes
    assert len(sizes) <= 16, sorted(sizes)


def _sent(request: Request) -> bytes:
    """An answer as a server sends it."""
    body = request.response().body()
    return body if request.url.endswith(".gz") else gzip.compress(body, 6)
