"""The real site, whole: every link, the content policy, completeness, and two builds compared."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_project

from build_scripts.inspection.finished import Page, find_broken, read_pages

THIRD_PARTY = ("link", "script", "img", "use", "iframe", "source", "figure")


@pytest.fixture(scope="module")
def pages(real_site: Path) -> dict[str, Page]:
    """Every page of the real site."""
    return read_pages(real_site)


def test_no_link_or_anchor_is_broken(real_site: Path, pages: dict[str, Page]) -> None:
    """Each address and anchor on each page, raw HTML included, leads somewhere."""
    assert list(find_broken(real_site, pages)) == []


@pytest.mark.parametrize(
    ("address", "section", "crumbs"),
    [
        ("areas/tengtou/", "示范片", ["首页", "示范片", "滕头区域"]),
        ("handbook/first-text/", "资料", ["首页", "资料", "编辑手册", "用文本写第一条记录"]),
        ("indicators/alliance-count/", "进展与历程", ["首页", "指标", "党建联盟数"]),
        ("offline/", None, None),
        ("", None, None),
    ],
)
def test_a_page_says_which_section_it_is_in(
    real_site: Path, address: str, section: str | None, crumbs: list[str] | None
) -> None:
    """In the header, in both menus, and in its path."""
    text = (real_site / address / "index.html").read_text(encoding="utf-8")
    menus = re.findall(r'<nav (?:class="sections"|aria-label="栏目菜单").*?</nav>', text, re.DOTALL)
    marked = [re.findall(r'class="is-here"[^>]*>([^<]*)<', menu) for menu in menus]
    assert marked == [[section] if section else []] * 2
    if crumbs:
        (path,) = re.findall(r'<nav class="crumbs".*?</nav>', text, re.DOTALL)
        items = re.findall(r"<li[^>]*>(.*?)</li>", path, re.DOTALL)
        assert [re.sub("<[^>]*>", "", item).strip() for item in items] == crumbs


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    """The link check itself fails on a planted dead link and a planted dead anchor."""
    (tmp_path / "index.html").write_text(
        '<h1 id="a">x</h1><a href="b/">x</a><a href="#z">x</a><a href="#a">x</a>'
    )
    assert [link for _, link in find_broken(tmp_path, read_pages(tmp_path))] == ["b/", "#z"]


def test_no_page_holds_inline_code(pages: dict[str, Page]) -> None:
    """No inline script, style or handler stands on any page."""
    assert {name: page.breaches for name, page in pages.items() if page.breaches} == {}


def test_every_page_says_what_it_is(pages: dict[str, Page]) -> None:
    """Each page has its language, a title of its own, a description and one main heading."""
    for name, page in pages.items():
        assert page.lang == "zh-CN", name
        assert page.title, name
        assert page.headings.count(1) == 1, name
        assert len(page.ids) == len(set(page.ids)), name
        if name != "404.html":
            assert page.meta.get("description"), name
    titles = [page.title for name, page in pages.items() if name != "404.html"]
    assert len(titles) == len(set(titles))


def test_headings_descend_in_order(pages: dict[str, Page]) -> None:
    """No page skips a level of heading on the way down."""
    for name, page in pages.items():
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), (name, page.headings)


def test_nothing_is_asked_of_a_third_party(pages: dict[str, Page]) -> None:
    """No page loads anything from another host."""
    loaded = [(n, link) for n, page in pages.items() for tag, link in page.links if tag in THIRD_PARTY]
    assert [found for found in loaded if re.match(r"(https?:)?//", found[1])] == []


def test_every_record_has_its_page(real_site: Path) -> None:
    """The report accounts for every input file, and every page it names is there."""
    report = json.loads((real_site / "build-report.json").read_text(encoding="utf-8"))
    files = {p.relative_to(ROOT).as_posix() for p in (ROOT / "belts").glob("*/*.yml") if "geo" not in p.parts}
    assert {record["path"] for record in report["records"]} == files
    for record in report["records"]:
        assert record["outputs"], record["id"]
        assert all((real_site / output).is_file() for output in record["outputs"])


def test_every_place_has_a_map_and_its_table(real_site: Path) -> None:
    """A record with a point has a still picture, map data beside its page, and a list of the same places."""
    html = (real_site / "areas/tengtou/index.html").read_text(encoding="utf-8")
    data = json.loads((real_site / "areas/tengtou/map.geojson").read_text(encoding="utf-8"))
    assert '<svg class="still' in html
    assert data["features"][0]["properties"]["name"] == "滕头区域"
    assert "示意图" in html
    assert "OpenStreetMap contributors" in html


def _manifest(site: Path) -> dict[str, str]:
    paths = (path for path in sorted(site.rglob("*")) if path.is_file())
    return {p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def test_two_builds_are_equal(real_site: Path, tmp_path: Path) -> None:
    """Another folder, hash seed, time zone, locale and mask give the same bytes."""
    project = copy_project(tmp_path)
    surroundings = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Apia", "LC_ALL": "C", "LANG": "C"}
    command = [sys.executable, "-m", "build_scripts", "-C", str(project), "build"]
    environment = {**os.environ, **surroundings, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False, umask=0o027
    )
    assert done.returncode == 0, done.stderr
    assert _manifest(project / "site") == _manifest(real_site)


def test_what_stands_around_a_page_is_small(real_site: Path) -> None:
    """What every page repeats before and after its own part: at most 25 KB before it, and little after."""
    for path in sorted(real_site.rglob("index.html")):
        before, article, rest = path.read_bytes().partition(b"<article")
        if article:
            assert len(before) < 25_000, path
            assert len(rest.rpartition(b"</article>")[2]) < 5_000, path
