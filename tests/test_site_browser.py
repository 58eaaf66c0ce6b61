"""The real site in a real Chromium under the production policy, and its HTML in the Nu checker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect

from build_scripts.gates.candidate import Candidate
from build_scripts.gates.markup import check_markup

PAGES = (
    "handbook/",
    "handbook/first-text/",
    "handbook/publishing/",
    "handbook/fields/",
    "handbook/rules/",
    "",
    "belts/",
    "belts/mountain-dwellings/",
    "belts/red-homeland/",
    "areas/",
    "areas/tengtou/",
    "alliances/zero-carbon/",
    "workshops/ximanlan-fu/",
    "programmes/",
    "programmes/smart-party-building/",
    "indicators/demonstration-area-count/",
    "milestones/phase-whole-area/",
    "sources/jigsaw-2016/",
    "sources/",
    "districts/",
    "districts/fenghua/",
    "compare/",
    "browse/",
    "offline/",
    "alliances/",
    "workshops/",
    "indicators/",
    "milestones/",
    "map/",
    "progress/",
    "history/",
    "standards/",
    "data/",
    "about/",
    "accessibility/",
    "sitemap/",
    "404.html",
)
SCREENS = {
    "desktop-light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
}
PICTURES = ROOT / "test-results/screenshots"
COLOURS = "{runOnly: ['color-contrast', 'link-in-text-block']}"  # the schemes differ in nothing else
AXE = ROOT / "node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.browser


def test_every_kind_of_page_is_looked_at(real_site: Path) -> None:
    """Each section's own page, a page inside each section, and whatever stands at the root."""
    found = {path.parent.relative_to(real_site).as_posix() for path in real_site.rglob("index.html")}
    looked_at = {path.strip("/") or "." for path in PAGES}
    kinds = {path if "/" not in path else f"{path.split('/')[0]}/…" for path in found}
    assert kinds == {path if "/" not in path else f"{path.split('/')[0]}/…" for path in looked_at} - {
        "404.html"
    }


def _watch(page: Page, own: str) -> list[str]:
    """Everything that goes wrong on a page from now on: errors, refusals, requests to other hosts."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((own, "data:", "blob:")) else faults.append(r.url))
    return faults


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", PAGES)
def test_page_runs_clean(path: str, screen: str, real_address: str, browser: Browser) -> None:
    """No error, no refusal by the policy and no request to a third party; in light and dark axe finds nothing.

    Pictures of every page are left in test-results/screenshots/ for people to look at.
    """
    context = browser.new_context(**SCREENS[screen], reduced_motion="reduce")
    context.add_init_script(path=AXE)  # before the page, so that no rule of the policy is lifted for it
    page = context.new_page()
    faults = _watch(page, real_address)
    page.goto(real_address + path, wait_until="networkidle")
    assert faults == []
    device, scheme = screen.split("-", maxsplit=1)
    _take_picture(page, f"{path.strip('/').replace('/', '_') or 'home'}.{device}.{scheme}.png")
    assert _run_axe(page, "{}") == [], scheme
    other = "dark" if scheme == "light" else "light"
    page.emulate_media(color_scheme=other)
    _take_picture(page, f"{path.strip('/').replace('/', '_') or 'home'}.{device}.{other}.png")
    assert _run_axe(page, COLOURS) == [], other
    context.close()


def _take_picture(page: Page, name: str) -> None:
    wide, high = page.evaluate("[innerWidth, Math.min(document.documentElement.scrollHeight, 3000)]")
    page.screenshot(
        path=PICTURES / name, full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": high}
    )


def _run_axe(page: Page, rules: str) -> list[str]:
    """What axe finds on a page that it was put into."""
    found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], ...{rules}}})")
    return [f"{v['id']}: {[node['target'] for node in v['nodes']][:3]}" for v in found["violations"]]


def test_a_planted_fault_is_found(real_address: str, browser: Browser) -> None:
    """The watch and axe do notice: an inline style is refused, and an image without text is named."""
    context = browser.new_context()
    page = context.new_page()
    faults = _watch(page, real_address)
    page.goto(real_address + "about/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('style'), {textContent: 'p {color: red}'}))"
    )
    page.evaluate("fetch('http://127.0.0.1:9/x').catch(() => 0)")
    assert len(faults) >= 2
    context.close()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(real_address + "about/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert "image-alt" in {violation["id"] for violation in found["violations"]}
    context.close()


@pytest.fixture(scope="module")
def narrow(browser: Browser) -> Iterator[Page]:
    """A window of 320 pixels (1280 at 400 %) without JavaScript, which leaves nothing behind on a page."""
    context = browser.new_context(viewport={"width": 320, "height": 780}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_phone(path: str, real_address: str, narrow: Page) -> None:
    """The page is no wider than the screen and its text is there."""
    narrow.goto(real_address + path)
    widths = narrow.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert widths[0] <= widths[1]
    assert narrow.locator("main h1").is_visible()


def test_without_javascript_a_map_is_a_picture_and_a_list(real_address: str, browser: Browser) -> None:
    """The still picture and the list of the same places are on the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(real_address + "areas/tengtou/")
    assert page.locator("figure.map svg.still").is_visible()
    assert page.get_by_text("滕头村").first.is_visible()
    page.goto(real_address + "belts/mountain-dwellings/")
    assert page.get_by_text("环云湖党建联盟").first.is_visible()
    context.close()


def test_a_source_mark_leads_there_and_back(real_address: str, browser: Browser) -> None:
    """Following a figure's mark shows its citation, whose back link returns to the mark."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(real_address + "areas/tengtou/")
    mark = page.locator("a[href='#source-1']").first
    anchor = mark.get_attribute("id")
    mark.click()
    citation = page.locator("#source-1")
    expect(citation).to_be_in_viewport()
    citation.locator(f"a[href='#{anchor}']").click()
    expect(mark).to_be_in_viewport()
    context.close()


def test_the_keyboard_reaches_the_content_first(real_address: str, browser: Browser) -> None:
    """The first stop of the Tab key skips to the content."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(real_address + "areas/tengtou/")
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    assert target is not None
    assert target.startswith("#")
    page.keyboard.press("Enter")
    assert page.locator(target).is_visible()
    context.close()


@pytest.mark.usefixtures("java")
def test_html_is_valid(real_site: Path) -> None:
    """The Nu checker finds no error on any page."""
    assert list(check_markup(Candidate(ROOT, real_site)))[:20] == []
