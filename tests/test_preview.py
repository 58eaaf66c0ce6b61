"""`belts serve`: a saved change is on the page, and a fault is over it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT, copy_site
from playwright.sync_api import Browser, Page, expect

from build_scripts.cli import main
from build_scripts.faults.rules import Language
from build_scripts.serving.preview import Preview
from build_scripts.web.offline import WORKER

AREA = "belts/areas/east-bank.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small city of its own."""
    return copy_site("second-city", tmp_path)


@pytest.fixture
def preview(project: Path) -> Preview:
    """A preview of it, not refreshed yet."""
    return Preview(project)


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """The address of a running `belts serve`."""
    command = [sys.executable, "-m", "build_scripts", "-C", str(project), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()
        process.terminate()


def change(project: Path, old: str, new: str) -> None:
    """Replace a text in the area's file."""
    path = project / AREA
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def fetch(address: str) -> bytes:
    """What is served there."""
    with urlopen(address) as answer:
        return bytes(answer.read())


def wait_until(holds: Callable[[], bool]) -> None:
    """Look again and again, for some seconds."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_no_address_is_printed_for_a_port_that_is_taken(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever opens it would see another program's page."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["-C", str(project), "serve", "--port", str(taken.getsockname()[1])]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("belts serve: ")


def test_every_file_of_the_built_site_is_served(project: Path, preview: Preview) -> None:
    """The preview gives the same bytes as a build, but for the search index, sitemap and report."""
    subprocess.run([sys.executable, "-m", "build_scripts", "-C", str(project), "build"], cwd=ROOT, check=True)
    assert preview.refresh(), preview.faults
    site = project / "site"
    made_last = ("sitemap", "build-report.json", "build.json", "pagefind/", WORKER)
    compared = 0
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if not name.startswith(made_last):
            assert preview.read(name) == path.read_bytes(), name
            compared += 1
    assert compared > 50
    assert preview.read("pagefind/index.json")
    assert preview.read("../mkdocs.yml") is None
    assert preview.read("no/such/page/index.html") is None


def test_a_fault_keeps_the_last_good_page(project: Path, preview: Preview) -> None:
    """After a faulty save the old page stands, and the overlay names file, line, rule and remedy."""
    assert preview.refresh()
    page = preview.read("areas/east-bank/index.html")
    change(project, "summary:", "sumary:")
    assert not preview.refresh()
    assert preview.read("areas/east-bank/index.html") == page
    overlay = preview.overlay().decode()
    assert AREA in overlay
    assert "B202" in overlay or "B201" in overlay
    assert "summary" in overlay
    change(project, "sumary:", "summary:")
    assert preview.refresh()
    assert preview.overlay() == b""


def test_a_link_to_a_part_that_a_record_has_lost_is_told(project: Path, preview: Preview) -> None:
    """As a build would; the last good page stays until it is mended."""
    page = project / "content/about.md"
    page.write_text(f"{page.read_text('utf-8')}\n[甲](areas/east-bank.md#cite-1-4)\n", encoding="utf-8")
    assert preview.refresh(), preview.faults
    change(project, "    text: 领头的村。\n    sources: [survey]\n", "")
    assert not preview.refresh()
    assert [(fault.path, fault.code) for fault in preview.diagnostics] == [("content/about.md", "B611")]


def test_a_changed_template_shows(preview: Preview, tmp_path: Path) -> None:
    """Templates are kept compiled until one of them changes."""
    templates = tmp_path / "site_templates"
    templates.unlink()
    shutil.copytree(ROOT / "site_templates", templates)
    for text in ("one", "another"):
        (templates / "profiles/area.html").write_text(f"<p>{text} way</p>", encoding="utf-8")
        assert preview.refresh()
        assert f"<p>{text} way</p>".encode() in (preview.read("areas/east-bank/index.html") or b"")


@pytest.mark.parametrize(
    ("name", "fault", "words"),
    [
        ("theme/main.html", "{% block x %}", "block"),
        ("styles/tokens.css", '@import "nope.css";', "nope.css"),
        ("scripts/keep.js", 'import { x } from "./nope.js"', "nope.js"),
    ],
)
def test_a_fault_in_the_theme_keeps_the_last_good_page(
    preview: Preview, tmp_path: Path, name: str, fault: str, words: str
) -> None:
    """It is told, and what is mended shows again."""
    templates = tmp_path / "site_templates"
    templates.unlink()
    shutil.copytree(ROOT / "site_templates", templates)
    assert preview.refresh()
    page = preview.read("areas/east-bank/index.html")
    sound = (templates / name).read_text(encoding="utf-8")
    (templates / name).write_text(f"{fault}\n{sound}", encoding="utf-8")
    assert not preview.refresh()
    assert preview.read("areas/east-bank/index.html") == page
    assert words in preview.overlay().decode()
    (templates / name).write_text(sound, encoding="utf-8")
    assert preview.refresh()


def test_libraries_that_are_missing_are_told(preview: Preview, tmp_path: Path) -> None:
    """In place of pages, until they are there."""
    libraries = tmp_path / "node_modules"
    libraries.unlink()
    libraries.mkdir()
    assert not preview.refresh()
    assert "make setup" in preview.overlay().decode()
    libraries.rmdir()
    libraries.symlink_to(ROOT / "node_modules")
    assert preview.refresh()


def test_a_template_that_fails_is_explained(preview: Preview, tmp_path: Path) -> None:
    """One that fails for all holds the last good site, with its line; a page that alone fails says so in its place."""
    assert preview.refresh()
    templates = tmp_path / "site_templates"
    templates.unlink()
    shutil.copytree(ROOT / "site_templates", templates)
    (templates / "profiles/area.html").write_text("{{ view.nothing_like_it }}", encoding="utf-8")
    assert not preview.refresh()
    (fault,) = preview.faults
    assert "profiles/area.html:1" in fault
    assert "nothing_like_it" in fault
    assert "东岸" in (preview.read("areas/east-bank/index.html") or b"").decode()
    (templates / "profiles/area.html").unlink()
    alone = '{% if view.url == "districts/upstream/" %}{{ view.nothing_like_it }}{% endif %}'
    (templates / "profiles/district.html").write_text(alone, encoding="utf-8")
    assert preview.refresh()
    page = (preview.read("districts/upstream/index.html") or b"").decode()
    assert "profiles/district.html:1" in page
    assert "nothing_like_it" in page


@pytest.mark.browser
@pytest.mark.parametrize("name", ["belts", "content"])
def test_a_folder_that_goes_and_comes_back_is_noticed(project: Path, address: str, name: str) -> None:
    """The fault lies over the last good page, and goes when the folder is there again; then changes are seen."""
    assert b"belts-faults" not in fetch(address)
    (project / name).rename(project / "away")
    wait_until(lambda: b"belts-faults" in fetch(address))
    (project / "away").rename(project / name)
    wait_until(lambda: b"belts-faults" not in fetch(address))
    change(project, "由两个村组成", "由好几个村组成")
    wait_until(lambda: "由好几个村组成".encode() in fetch(f"{address}areas/east-bank/"))


@pytest.mark.parametrize("path", ["%00", "a" * 300 + ".html", "areas/east-bank/%ff", "%E6", "../mkdocs.yml"])
def test_an_address_that_no_file_can_have_is_not_found(address: str, path: str) -> None:
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with closing(HTTPConnection(host, int(port))) as connection:
        connection.request("GET", f"/{path}")
        assert connection.getresponse().status == 404


@pytest.mark.parametrize(
    ("name", "status"), [("localhost:9000", 200), ("127.0.0.1", 200), ("belts.example.org", 403), ("[x", 403)]
)
def test_only_this_machine_is_answered(address: str, name: str, status: int) -> None:
    """Whatever port a tunnel gives it; a page elsewhere whose name leads here reads nothing."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with closing(HTTPConnection(host, int(port))) as connection:
        connection.request("GET", "/", headers={"Host": name})
        assert connection.getresponse().status == status


def test_faults_are_told_in_the_language_asked_for(project: Path) -> None:
    preview = Preview(project, Language.EN)
    assert preview.refresh()
    change(project, "lat: 30.497", "lat: x")
    assert not preview.refresh()
    told = preview.overlay().decode()
    assert "error[B404]: `x` is" in told
    assert 'lang="en"' in told
    assert not re.search("[\u4e00-\u9fff]", told.partition("    lat")[0])


def test_a_saved_change_reaches_the_open_page(browser: Browser, project: Path, address: str) -> None:
    """The open page reloads by itself; a fault lies over the last good page until it is mended."""
    page: Page = browser.new_page()
    page.goto(f"{address}areas/east-bank/")
    heading = page.locator("h1")
    name = heading.inner_text()
    time.sleep(0.2)
    change(project, name, f"{name}新")
    expect(heading).to_have_text(f"{name}新")
    change(project, "summary:", "sumary:")
    overlay = page.get_by_role("alertdialog", name="检查结果")
    expect(overlay).to_contain_text("east-bank.yml")
    expect(heading).to_have_text(f"{name}新")
    overlay.get_by_role("button", name="收起").click()
    expect(overlay).to_be_hidden()
    change(project, "sumary:", "summary:")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.close()
