"""The editors' handbook as it stands: its commands run, its pictures are there, its references are whole.

The screenshots are taken here: `make snapshots` writes them. They are not compared pixel by pixel.
"""

import html
import io
import os
import re
import shlex
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pictures
import pytest
from broken_sites import check_site, make_site, report
from conftest import ROOT, copy_project, serve
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from build_scripts.cli import main
from build_scripts.faults.rules import RULES
from build_scripts.form.workbench import Workbench, make_server, prepare_form, serve_workbench
from build_scripts.kinds.registry import find_kinds

HANDBOOK = ROOT / "content/handbook"
IMAGES = HANDBOOK / "images"
PAGES = sorted(path.name for path in HANDBOOK.glob("*.md"))
UNTIL_STOPPED = ("serve", "edit")


def commands_of(page: str) -> list[str]:
    """The lines of a page's shell blocks."""
    text = (HANDBOOK / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```shell\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the real project under version control, with a photo that an editor has at hand."""
    folder = copy_project(tmp_path)
    (folder / "gate.jpg").write_bytes(pictures.jpeg())
    identity = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org")
    for words in (("init", "-q"), ("add", "belts", "content", "mkdocs.yml"), ("commit", "-q", "-m", "Begin")):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("page", [page for page in PAGES if commands_of(page)])
def test_the_commands_of_a_page_run_in_their_order(page: str, project: Path) -> None:
    """Each exits with 0 in a copy of the project; those that run until stopped are known by their help."""
    for line in commands_of(page):
        program, *words = shlex.split(line)
        assert program == "belts", line
        if words[0] in UNTIL_STOPPED:
            with pytest.raises(SystemExit) as stopped:
                main([*words, "--help"])
            assert stopped.value.code == 0
        else:
            assert main(["-C", str(project), *words]) == 0, line


def test_each_way_of_editing_has_commands_and_every_command_named_exists() -> None:
    for page in ("first-text.md", "first-form.md", "first-excel.md", "photos.md", "publishing.md"):
        assert commands_of(page)
    commands = {
        path.stem.strip("_").replace("_", "-") for path in (ROOT / "build_scripts/commands").glob("*.py")
    }
    for page in PAGES:
        text = (HANDBOOK / page).read_text(encoding="utf-8")
        named = set(re.findall(r"`belts ([a-z-]+)", text)) | {shlex.split(c)[1] for c in commands_of(page)}
        assert named <= commands, page


def test_pictures_are_all_named_and_all_there() -> None:
    text = "".join((HANDBOOK / page).read_text(encoding="utf-8") for page in PAGES)
    named = re.findall(r"!\[([^\]]+)\]\(images/([^)]+)\)", text)
    assert {name for _, name in named} == {path.name for path in IMAGES.iterdir()}
    assert all(len(alt) > 10 for alt, _ in named)


def test_every_rule_and_every_field_is_on_the_site(real_site: Path) -> None:
    """Each rule has its section, with `belts explain`'s words; each kind has a table that names each field."""
    rules = (real_site / "handbook/rules/index.html").read_text(encoding="utf-8")
    for code in RULES:
        assert rules.count(f'id="{code.lower()}"') == 1
    fields = (real_site / "handbook/fields/index.html").read_text(encoding="utf-8")
    for kind in find_kinds():
        part = fields.partition(f'id="{kind.name}"')[2].partition("<h2")[0]
        for name, field in kind.model.model_fields.items():
            assert field.exclude or f"<code>{name}</code>" in part, f"{kind.name}.{name}"


# -- screenshots ---------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1180, "height": 760}, locale="zh-CN", color_scheme="light", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def keep(name: str, shot: bytes) -> None:
    """Check that a screenshot shows something; `make snapshots` writes it."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    assert len(image.getcolors(1 << 24) or ()) > 20
    if os.environ.get("UPDATE_SNAPSHOTS"):
        IMAGES.mkdir(exist_ok=True)
        image.save(IMAGES / name, "WEBP", quality=82, method=6)
    with Image.open(IMAGES / name) as kept:
        assert kept.width == image.width, f"{name} is out of date: run `make snapshots`"


def test_screenshot_of_a_check(page: Page, tmp_path: Path) -> None:
    """What `belts check` prints for swapped coordinates, as a terminal shows it."""
    printed = report(check_site(make_site("place-swapped", tmp_path)))
    assert "error[B401]" in printed
    page.set_viewport_size({"width": 900, "height": 300})
    page.set_content(
        "<style>body{margin:0;background:#171512;color:#ede7da}pre{margin:0;padding:24px;"
        "font:17px/1.6 'Noto Sans Mono CJK SC',monospace;white-space:pre-wrap}b{color:#8ecbb9}</style>"
        f"<pre><b>$ belts check</b>\n{html.escape(printed)}</pre>"
    )
    keep("check.webp", page.locator("pre").screenshot())


def test_screenshot_of_a_page(page: Page, real_site: Path) -> None:
    with serve(real_site) as address:
        page.goto(f"{address}areas/tengtou/", wait_until="networkidle")
        expect(page.locator("h1")).to_contain_text("滕头区域")
        expect(page.locator(".leaflet-marker-pane > *").first).to_be_visible()
        keep("page.webp", page.screenshot())


def test_screenshot_of_the_form(page: Page, tmp_path: Path) -> None:
    workbench = Workbench(copy_project(tmp_path))
    prepare_form(workbench)
    server = make_server(workbench, 0)
    thread = threading.Thread(target=serve_workbench, args=(server, workbench), daemon=True)
    thread.start()
    try:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        form = page.frame_locator(".pane--form")
        form.get_by_role("radio", name="内容").wait_for(timeout=60_000)
        page.locator(".pane--form").evaluate(
            "(frame, hash) => { frame.contentWindow.location.hash = hash }",
            "#/collections/area/entries/tengtou",
        )
        expect(form.locator('[data-key-path="name"] input').first).to_have_value("滕头区域", timeout=60_000)
        expect(page.frame_locator(".pane--preview").locator("h1")).to_have_text("宁波示范片与精品带")
        keep("form.webp", page.screenshot())
    finally:
        server.shutdown()
        thread.join()
