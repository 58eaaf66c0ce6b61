"""How a reader chooses to see the site: large text, strong contrast, light or dark; and what the system asks for."""

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from test_site_browser import AXE, PAGES

from build_scripts.gates.browsing import CHROMIUM_ARGUMENTS
from build_scripts.toolchain import find_chromium

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
KINDS = (
    "",
    "belts/mountain-dwellings/",
    "areas/tengtou/",
    "browse/",
    "indicators/demonstration-area-count/",
    "404.html",
)


def _choose(page: Page, name: str) -> None:
    page.locator("details.display summary").click()
    page.get_by_label(name, exact=True).check()
    page.keyboard.press("Escape")


def _text_size(page: Page) -> float:
    return page.locator("main h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_elder_mode_is_one_choice_and_lasts(screen: dict, real_address: str, browser: Browser) -> None:
    """It enlarges the text and blackens it at once, holds on the next page and after a reload, and can be left."""
    context = browser.new_context(**screen)
    page = context.new_page()
    page.goto(real_address + "about/")
    before = _text_size(page)
    _choose(page, "长者模式")
    assert _text_size(page) >= before * 1.3
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    page.goto(real_address + "areas/tengtou/")
    assert page.locator("html").get_attribute("data-elder") == "on"
    page.reload()
    page.locator("details.display summary").click()
    expect(page.get_by_label("长者模式")).to_be_checked()
    page.get_by_label("长者模式").uncheck()
    page.goto(real_address + "about/")
    assert _text_size(page) == before
    context.close()


def test_text_size_and_scheme_are_kept_apart(real_address: str, browser: Browser) -> None:
    """Each choice lasts by itself, and the standard choice forgets it."""
    context = browser.new_context(**DESKTOP, color_scheme="light")
    page = context.new_page()
    page.goto(real_address)
    standard = _text_size(page)
    _choose(page, "特大")
    _choose(page, "深色")
    page.reload()
    assert _text_size(page) > standard
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    _choose(page, "标准")
    page.reload()
    assert _text_size(page) == standard
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    context.close()


def test_a_choice_applies_before_the_first_paint(real_address: str, browser: Browser) -> None:
    """The script that applies it blocks rendering: it is no module, is not deferred and stands in the head."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(real_address + "areas/tengtou/")
    script = page.locator("head script[src*='/display.js']")
    assert [script.get_attribute(name) for name in ("type", "defer", "async")] == [None, None, None]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_elder_mode_passes_axe(scheme: str, real_address: str, browser: Browser) -> None:
    """Every kind of page, phone in light and desktop in dark, with the panel open too."""
    screen = PHONE if scheme == "light" else DESKTOP
    context = browser.new_context(**screen, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.goto(real_address)
    page.evaluate("localStorage.setItem('/elder', 'on')")
    found = {}
    for path in KINDS:
        page.goto(real_address + path, wait_until="networkidle")
        page.locator("details.display summary").click()
        page.add_script_tag(path=AXE)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found[path] = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in result["violations"]]
    assert [kind for kind, faults in found.items() if faults] == [], found
    context.close()


def test_no_page_scrolls_sideways_in_elder_mode_at_400_percent(real_address: str, browser: Browser) -> None:
    """320 pixels wide with the largest text: everything reflows, the header too, and rows of tables that stack."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(real_address)
    page.evaluate("localStorage.setItem('/elder', 'on')")
    wide = []
    for path in PAGES:
        page.goto(real_address + path)
        if page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('.table-box:has(.stacks)')]"
            ".some((box) => box.scrollWidth > box.clientWidth)"
        ):
            wide.append(path)
        outside = page.locator("header.masthead").evaluate(
            "e => [...e.querySelectorAll('.brand, summary, button')].filter(x => x.checkVisibility())"
            ".filter(x => { const b = x.getBoundingClientRect(); return b.left < 0 || b.right > 320 || b.top < 0 }).length"
        )
        assert outside == 0, path
    assert wide == []
    context.close()


def test_a_long_word_in_a_name_breaks(real_address: str, browser: Browser) -> None:
    """In 长者模式 at 320 pixels, in the path to the page as in its heading."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(real_address)
    page.evaluate("localStorage.setItem('/elder', 'on')")
    page.goto(real_address + "areas/tengtou/")
    for name in (".crumbs li:last-child", "main h1"):
        page.locator(name).evaluate(
            "e => { e.textContent = 'Supercalifragilisticexpialidocious-Donaudampfschifffahrt' }"
        )
    widths = page.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert widths[0] <= widths[1]
    context.close()


@pytest.mark.parametrize("path", ["", "belts/mountain-dwellings/", "browse/"])
def test_a_keyboard_walk_sees_its_focus(path: str, real_address: str, browser: Browser) -> None:
    """Forty steps of the Tab key: each lands on something visible, outlined, named and at least 24 pixels high."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    page.goto(real_address + path, wait_until="networkidle")
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
              const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect()
              const name = e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.[0]?.textContent
              return { tag: e.tagName, text: name, outline: s.outlineStyle, width: b.width, height: b.height }
            }"""
        )
        if at["tag"] == "BODY":
            break
        assert at["text"], at
        assert at["outline"] != "none", at
        assert at["width"] > 0, at
    context.close()


def test_nothing_moves_for_readers_who_asked_for_less_motion(real_address: str, browser: Browser) -> None:
    """With reduced motion no element has an animation or a transition that takes time, and scrolling is instant."""
    context = browser.new_context(**DESKTOP, reduced_motion="reduce")
    page = context.new_page()
    for path in KINDS[:4]:
        page.goto(real_address + path, wait_until="networkidle")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((e) => {
              const s = getComputedStyle(e)
              const seconds = (text) => Math.max(...text.split(",").map(parseFloat))
              return seconds(s.animationDuration) > 0.01 || seconds(s.transitionDuration) > 0.01
            }).map((e) => e.className)"""
        )
        assert moving == []
        expect(page.locator("html")).to_have_css("scroll-behavior", "auto")
    context.close()


def test_forced_colours_keep_shapes(real_address: str, browser: Browser) -> None:
    """Where the system sets the colours, a belt's dot and the map's buttons keep an edge, what folds its arrow."""
    context = browser.new_context(**DESKTOP, forced_colors="active")
    page = context.new_page()
    page.goto(real_address + "belts/mountain-dwellings/", wait_until="networkidle")
    for name in (".dot", ".folium-map .stop__mark", ".folium-map .leaflet-bar"):
        expect(page.locator(name).first).not_to_have_css("border-top-width", "0px")
    page.goto(real_address + "browse/", wait_until="networkidle")
    arrow, ground = page.locator(".browse__facet > summary").first.evaluate(
        "e => [getComputedStyle(e, '::after'), getComputedStyle(document.body)].map(s => s.backgroundColor)"
    )
    assert arrow != ground
    context.close()


# Texts of a chart that lie over one another or outside the screen.
CROWDED = """() => [...document.querySelectorAll(".chart__picture")].flatMap((chart) => {
  const texts = [...chart.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()])
  return texts.flatMap(([text, box], n) => [
    ...(box.left < 0 || box.right > innerWidth ? [text] : []),
    ...texts.slice(n + 1)
      .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1
        && box.top < other.bottom - 4 && other.top < box.bottom - 4)
      .map(([other]) => `${text} / ${other}`),
  ])
})"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_texts_of_a_chart_stand_apart_in_elder_mode(width: int, real_address: str, browser: Browser) -> None:
    """A label never runs into its value, nor one year of an axis into the next."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(real_address)
    page.evaluate("localStorage.setItem('/elder', 'on')")
    for path in ("progress/", "history/"):
        page.goto(real_address + path)
        assert page.locator(".chart__picture text").count() > 5
        assert page.evaluate(CROWDED) == []
    context.close()


@pytest.mark.parametrize("size", [24, 32])
def test_large_text_of_the_browser_fits_a_phone(size: int, playwright: Playwright, real_address: str) -> None:
    """Whoever has set larger text in the browser itself reads the city's name, and scrolls one way only."""
    settings = (*CHROMIUM_ARGUMENTS, f"--blink-settings=defaultFontSize={size}")
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=settings)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(real_address + "areas/tengtou/")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{size * 1.25:g}px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    lines = page.locator(".brand").evaluate(
        "brand => brand.offsetHeight / parseFloat(getComputedStyle(brand).fontSize)"
    )
    assert lines < 3
    browser.close()


def test_no_name_is_put_into_capitals(real_address: str, browser: Browser) -> None:
    """A style sheet that writes 锋领e家 as 锋领E家 changes a name."""
    page = browser.new_page()
    page.goto(real_address + "standards/")
    changed = "[...document.querySelectorAll('main *')].filter((e) => getComputedStyle(e).textTransform !== 'none').length"
    assert page.locator("main h5").count() > 0
    assert page.evaluate(changed) == 0
    page.close()
