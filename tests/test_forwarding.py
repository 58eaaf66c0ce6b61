"""Old addresses: what stands there after a record moved or was withdrawn."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, copy_site, serve
from playwright.sync_api import Browser

from build_scripts.building.build import build_site
from build_scripts.errors import UserError
from build_scripts.serving.preview import Preview
from build_scripts.web.templates import forget_templates

REDIRECTS = "areas/old-area: tengtou\nbelts/old-belt: gone 2026-11-21\nsources/lost: gone\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site with three old addresses."""
    project = copy_project(tmp_path_factory.mktemp("moved"))
    (project / "belts/redirects.yml").write_text(REDIRECTS)
    return build_site(project).site


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serve(site) as served:
        yield served


def test_an_old_address_names_the_new_one(site: Path) -> None:
    """The page leads on without a script, links plainly, and asks not to be indexed."""
    page = (site / "areas/old-area/index.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=../../areas/tengtou/">' in page
    assert '<a href="../../areas/tengtou/">滕头区域</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_withdrawn_record_says_so_with_its_date(site: Path) -> None:
    """The page at a withdrawn address says when, if that is known, and leads to the list of its kind."""
    page = (site / "belts/old-belt/index.html").read_text()
    assert "这个地址上的精品带记录已于2026年11月21日撤下。" in page
    assert 'href="../../belts/"' in page
    assert "refresh" not in page
    assert "这个地址上的来源记录已撤下。" in (site / "sources/lost/index.html").read_text()


def test_old_addresses_are_reported_and_left_out_of_the_sitemap(site: Path) -> None:
    """The report lists each old address with its page; the sitemap lists none."""
    report = json.loads((site / "build-report.json").read_text())
    assert report["redirects"][0] == {
        "address": "areas/old-area",
        "target": "tengtou",
        "outputs": ["areas/old-area/index.html"],
    }
    assert [r["target"] for r in report["redirects"]] == ["tengtou", "gone", "gone"]
    sitemap = (site / "sitemap.xml").read_text()
    assert "areas/tengtou/" in sitemap
    assert not any(old in sitemap for old in ("old-area", "old-belt", "sources/lost"))


@pytest.mark.browser
def test_a_browser_lands_on_the_new_page(address: str, browser: Browser) -> None:
    """Under the production policy an old address ends at the new page; a withdrawn one stays, without faults."""
    context = browser.new_context()
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(f"{address}areas/old-area/")
    page.wait_for_url("**/areas/tengtou/")
    page.goto(f"{address}belts/old-belt/")
    assert page.locator("h1").inner_text() == "记录已撤下"
    assert page.url.endswith("belts/old-belt/")
    context.close()
    assert messages == []


def test_a_template_that_fails_is_named(tmp_path: Path) -> None:
    """With its line, by a build and by the preview; both go on showing the last good page."""
    project = copy_site("second-city", tmp_path)
    (tmp_path / "site_templates").unlink()
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
    (project / "belts/redirects.yml").write_text("areas/old-area: east-bank\n", encoding="utf-8")
    page = build_site(project).site / "areas/old-area/index.html"
    good, preview = page.read_bytes(), Preview(project)
    assert preview.refresh(), preview.faults
    (tmp_path / "site_templates/theme/moved.html").write_text("{{ view.nothing_like_it }}", encoding="utf-8")
    forget_templates()  # as in another process
    with pytest.raises(UserError, match=r"redirects\.yml: .*theme/moved\.html:1: .*nothing_like_it"):
        build_site(project)
    assert page.read_bytes() == good
    assert not preview.refresh()
    assert "theme/moved.html:1" in preview.faults[0]
    assert preview.read("areas/old-area/index.html") == good
