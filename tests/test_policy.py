"""The content security policy: what it says, what an evaluator says of it, what a browser does under it."""

import json
import re
import subprocess
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, copy_site, serve
from playwright.sync_api import Browser, Error, expect

from build_scripts.building.build import build_site
from build_scripts.form.folder import form_policy
from build_scripts.form.workbench import PAGE_POLICY
from build_scripts.records.city import Tiles
from build_scripts.web.policy import build_directives, find_weaknesses, header_policy, meta_policy

EVALUATE = """
const { CspParser } = require("csp_evaluator/dist/parser.js")
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js")
const { Severity } = require("csp_evaluator/dist/finding.js")
const findings = new CspEvaluator(new CspParser(process.argv[1]).csp).evaluate()
console.log(JSON.stringify(findings.map((f) => [Severity[f.severity], f.directive, f.value])))
"""
# Raised for every policy that allows the site's own scripts by origin: it asks whether the origin also
# serves JSONP, AngularJS or uploads. A static site has none of them.
OWN_SCRIPTS = ["MEDIUM_MAYBE", "script-src", "'self'"]


# One directive a line: what the site promises of every page.
POLICY = """\
default-src 'none'
script-src 'self' 'wasm-unsafe-eval'
style-src 'self'
img-src 'self' data:
connect-src 'self'
font-src 'self'
worker-src 'self'
manifest-src 'self'
base-uri 'none'
form-action 'self'
frame-ancestors 'none'
require-trusted-types-for 'script'
trusted-types default"""


def test_the_policy_is_this() -> None:
    """Whoever allows more, or forgets a directive, changes it here too."""
    assert header_policy(Tiles()) == POLICY.replace("\n", "; ")


def evaluate(policy: str) -> list[list[str]]:
    """What csp_evaluator finds, as severity, directive and value."""
    done = subprocess.run(
        ["node", "-e", EVALUATE, policy], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_evaluator_finds_nothing() -> None:
    assert evaluate(header_policy(Tiles())) == [OWN_SCRIPTS]
    assert evaluate(header_policy(Tiles(tianditu=True, openstreetmap=True))) == [OWN_SCRIPTS]
    assert evaluate(meta_policy(Tiles())) == [OWN_SCRIPTS]


def test_the_evaluator_finds_nothing_in_the_forms_policies() -> None:
    """Of the form on this machine, of the page around it, of the form for a Git host."""
    for policy in (form_policy(), form_policy({"api_root": "https://git.example.org/api/v4"}), PAGE_POLICY):
        assert evaluate(policy) == [OWN_SCRIPTS]


# Scripts by hash, with what they load trusted: the evaluator is silent, but the header would name one build.
BY_HASH = "'strict-dynamic' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='"


@pytest.mark.parametrize(
    ("scripts", "levels"), [("https://belts.example.org/assets/", ["MEDIUM_MAYBE"]), (BY_HASH, [])]
)
def test_what_the_evaluator_says_of_other_ways(scripts: str, levels: list[str]) -> None:
    """SECURITY.md tells why scripts are named by origin; this is what it says of a folder and of hashes."""
    policy = header_policy(Tiles()).replace("script-src 'self'", f"script-src {scripts}")
    assert [severity for severity, *_ in evaluate(policy)] == levels


def test_no_file_makes_scripts_by_origin_unsafe(real_site: Path) -> None:
    """What the evaluator asks about: no JSONP, no AngularJS, nothing uploaded; every script is ours."""
    scripts = {path.relative_to(real_site).parts[0] for path in real_site.rglob("*.js")}
    assert scripts <= {"assets", "worker.js"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        ("default-src 'none'", "default-src *"),
        ("script-src 'self'", "script-src https:"),
    ],
)
def test_the_evaluator_finds_a_planted_weakness(old: str, new: str) -> None:
    found = evaluate(header_policy(Tiles()).replace(old, new))
    assert [finding for finding in found if finding != OWN_SCRIPTS] != []


def test_a_policy_that_allows_more_is_told_from_ours() -> None:
    ours = header_policy(Tiles())
    assert list(find_weaknesses(ours)) == []
    assert list(find_weaknesses(header_policy(Tiles(tianditu=True)))) == []
    weaker = ours.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    assert list(find_weaknesses(weaker)) == ["script-src 'unsafe-inline'"]
    assert list(find_weaknesses(ours.replace("base-uri 'none'; ", ""))) == ["base-uri is missing"]
    assert list(find_weaknesses(f"{ours}; object-src *")) == ["object-src *"]


def test_a_tile_layer_adds_its_images_and_nothing_else() -> None:
    plain, tiled = build_directives(Tiles()), build_directives(Tiles(tianditu=True, openstreetmap=True))
    assert tiled["img-src"] == (
        *plain["img-src"],
        "https://*.tianditu.gov.cn",
        "https://tile.openstreetmap.org",
    )
    assert {name for name in plain if plain[name] != tiled[name]} == {"img-src"}


def test_a_tile_layer_reaches_the_published_headers(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    city = project / "belts/city.yml"
    text = city.read_text(encoding="utf-8")
    assert text.count("\nmap:\n") == 1
    city.write_text(text.replace("\nmap:\n", "\nmap:\n  tiles:\n    openstreetmap: true\n"), encoding="utf-8")
    headers = (build_site(project).site / "_headers").read_text(encoding="utf-8")
    assert "img-src 'self' data: https://tile.openstreetmap.org;" in headers


# -- in a browser --------------------------------------------------------------------------------


@pytest.mark.browser
def test_text_never_becomes_markup_or_a_foreign_script(real_address: str, browser: Browser) -> None:
    """Trusted Types: whatever a script writes as markup is shown as typed; other hosts' scripts are refused."""
    page = browser.new_context().new_page()
    page.goto(real_address + "map/")
    assert page.evaluate("trustedTypes.defaultPolicy?.name") == "default"
    shown = page.evaluate(
        """() => {
            const box = document.createElement("div")
            box.innerHTML = "<img src=x onerror='window.ran = 1'>&amp;"
            document.body.append(box)
            return [box.children.length, box.textContent]
        }"""
    )
    assert shown == [0, "<img src=x onerror='window.ran = 1'>&amp;"]
    load = "address => { document.createElement('script').src = address }"
    for address in ("https://example.org/x.js", "data:text/javascript,1", "blob:" + real_address + "x"):
        with pytest.raises(Error, match="not a script of this site"):
            page.evaluate(load, address)
    page.evaluate(load, "/assets/x.js")
    with pytest.raises(Error, match="TrustedScript"):
        page.evaluate("() => { document.createElement('script').text = '1' }")
    page.context.close()


@pytest.mark.browser
def test_the_map_draws_under_trusted_types(real_address: str, browser: Browser) -> None:
    """Leaflet's own buttons keep their signs."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(real_address + "map/")
    page.locator("figure[data-map] .leaflet-control-zoom-in").wait_for()
    assert page.locator(".leaflet-control-zoom-in").inner_text() == "+"
    assert page.locator(".leaflet-control-zoom-out").inner_text() == "−"
    assert faults == []
    page.context.close()


@pytest.fixture(scope="module")
def public_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real site with a public address and a page at an old one."""
    project = copy_project(tmp_path_factory.mktemp("public"))
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('site_url: ""', 'site_url: "https://belts.example.org/"'), encoding="utf-8"
    )
    (project / "belts/redirects.yml").write_text("areas/old-name: tengtou\n", encoding="utf-8")
    with serve(build_site(project).site) as address:
        yield address


@pytest.mark.browser
def test_a_reader_who_uses_everything_meets_no_refusal(public_address: str, browser: Browser) -> None:
    """An old address, search, a map under the pointer, browse, print, keeping a belt and reading it offline."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: r.url.startswith((public_address, "data:")) or faults.append(r.url))
    page.goto(public_address + "areas/old-name/")
    page.wait_for_url("**/areas/tengtou/")
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("醉美")
    page.locator(".search__result a").first.click()
    page.wait_for_url("**/belts/mountain-dwellings/")
    page.locator(".folium-map .stop").first.hover()
    page.locator(".folium-map .stop").first.click()
    page.locator(".leaflet-popup").wait_for()
    page.emulate_media(media="print")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.get_by_role("button", name="存到本机").click()
    expect(page.locator(".keep__status")).to_contain_text("存在本机，共", timeout=20_000)
    page.goto(public_address + "browse/")
    page.get_by_role("checkbox", name="示范片").check()
    expect(page.locator(".browse__item")).to_have_count(4)
    assert faults == []
    context.set_offline(True)
    page.goto(public_address + "belts/mountain-dwellings/")
    expect(page.locator("h1")).to_contain_text("醉美")
    assert [fault for fault in faults if "Content Security Policy" in fault or "Trusted" in fault] == []
    context.close()


# -- where no header can be set ------------------------------------------------------------------


class BareHandler(SimpleHTTPRequestHandler):
    """Serves a folder without any header of ours, as GitHub Pages does."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site_with_policy_in_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_site("second-city", tmp_path_factory.mktemp("meta"))
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("- belts:\n", "- belts:\n      policy_in_pages: true\n"), encoding="utf-8"
    )
    (project / "belts/redirects.yml").write_text("workshops/old-mill: bamboo\n", encoding="utf-8")
    return build_site(project).site


@pytest.fixture
def bare_address(site_with_policy_in_pages: Path) -> Iterator[str]:
    with serve(site_with_policy_in_pages, BareHandler) as address:
        yield address


def test_every_page_names_the_policy_before_its_first_script(site_with_policy_in_pages: Path) -> None:
    pages = sorted(site_with_policy_in_pages.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        head = page.read_text(encoding="utf-8").split("<script")[0]
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)
        assert found, page
        assert found[1].replace("&#39;", "'") == meta_policy(Tiles())


def test_pages_served_with_headers_do_not_repeat_the_policy(real_site: Path) -> None:
    assert "Content-Security-Policy" not in (real_site / "index.html").read_text(encoding="utf-8")


@pytest.mark.browser
def test_the_policy_in_a_page_holds(bare_address: str, browser: Browser) -> None:
    """Without any header a page runs clean, and an inline style is refused; frame-ancestors is what is lost."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(f"{message.location}: {message.text}"))
    for path in ("", "areas/", "areas/east-bank/", "districts/"):
        page.goto(bare_address + path, wait_until="networkidle")
        assert faults == []
    style = "Object.assign(document.createElement('style'), {textContent: 'body {display: none}'})"
    page.evaluate(f"document.body.append({style})")
    assert page.locator("body").is_visible()
    assert "frame-ancestors" not in meta_policy(Tiles())
    page.context.close()
