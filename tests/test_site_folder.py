"""Which folders a build takes for the site, and which it leaves alone."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, copy_site
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.errors import UserError
from build_scripts.layout import Project, SiteSettings
from build_scripts.provenance.stamp import STAMP
from build_scripts.writing.site_folder import check_place

STRANGERS = {"index.html": "theirs", "notes/a.txt": "theirs"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_site("second-city", tmp_path)


def set_site(project: Path, folder: str) -> None:
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_dir: {folder}\n")


def fill_folder(folder: Path) -> None:
    """Put a stranger's files into a folder."""
    for name, text in STRANGERS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def look(folder: Path) -> dict[str, bytes | None]:
    """All that stands below a folder, but for what the program keeps for itself."""
    paths = (p for p in sorted(folder.rglob("*")) if ".cache" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None for p in paths}


@pytest.mark.parametrize("options", [(), ("--no-fill",)])
@pytest.mark.parametrize(
    "folder",
    [
        "belts",
        "site/../belts",
        "belts/areas",
        "belts/new",
        "../../../site_templates/new",
        "tests",
        "site",
        "/",
    ],
)
def test_no_build_replaces_what_is_no_site_of_ours(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str, options: tuple[str, ...]
) -> None:
    """Parts of the project, folders in them and a stranger's files: said in words, and nothing is touched."""
    fill_folder(project / "site")
    set_site(project, folder)
    before = look(tmp_path)
    assert main(["-C", str(project), "build", *options]) == 1
    told = capsys.readouterr().err
    assert re.search(r"mkdocs\.yml(: |:\d+:\d+: error\[B723\]: 设置 )site_dir", told)
    assert "Traceback" not in told
    assert look(tmp_path) == before


def test_every_folder_of_a_checkout_is_a_part_of_it(tmp_path: Path) -> None:
    """Of this project itself: none of its folders can take the site, nor hold it."""
    project = Project(tmp_path, SiteSettings(tmp_path / "templates", tmp_path / "node_modules"))
    output = (".belts", "build", "site", "test-results")
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in output]
    kept = [
        name for name in folders if not name.startswith((".site.", ".hypothesis")) and "_cache" not in name
    ]
    assert {"belts", "content", "tests", "requirements"} <= {*kept}
    for name in kept:
        for folder in (name, f"{name}/new"):
            with pytest.raises(UserError, match=f"{tmp_path / name}"):
                check_place(project, tmp_path / folder)
    check_place(project, tmp_path / "site")


@pytest.mark.parametrize("place", ["site", ".site.building", ".site.previous"])
@pytest.mark.parametrize("make", ["folder", "file", "link"])
def test_what_stands_beside_the_site_is_not_taken_unless_it_is_ours(
    project: Path, tmp_path: Path, place: str, make: str
) -> None:
    """Before a first build and after one: nothing is emptied, renamed or followed."""
    fill_folder(tmp_path / "theirs")
    for is_first in (True, False):
        if not is_first:
            build_site(project)
            shutil.rmtree(project / place, ignore_errors=True)
            with (project / "content/about.md").open("a") as page:
                page.write("新\n")
        if make == "folder":
            fill_folder(project / place)
        elif make == "file":
            (project / place).write_text("theirs")
        else:
            (project / place).symlink_to(tmp_path / "theirs")
        before = look(tmp_path)
        with pytest.raises(UserError, match=place):
            build_site(project)
        assert look(tmp_path) == before
        shutil.rmtree(project / place) if make == "folder" else (project / place).unlink()


def _lose_stamp(project: Path) -> None:
    (project / "site" / STAMP).unlink()


def _spoil_stamp(project: Path) -> None:
    (project / "site" / STAMP).write_text("{")


def _lose_ledger(project: Path) -> None:
    (project / ".site.ledger").unlink()


def _lose_everything_beside(project: Path) -> None:
    for path in project.glob(".site.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _interrupt_the_first_build(project: Path) -> None:
    shutil.rmtree(project / "site")
    _lose_everything_beside(project)
    (project / ".site.lock").touch()
    fill_folder(project / ".site.building")


def _interrupt_a_later_build(project: Path) -> None:
    shutil.rmtree(project / ".site.building", ignore_errors=True)
    (project / ".site.building").mkdir()
    os.link(project / "site/feed.xml", project / ".site.building/feed.xml")


def _interrupt_a_build_without_a_site(project: Path) -> None:
    shutil.rmtree(project / "site")
    fill_folder(project / ".site.building")


def _interrupt_the_swap(project: Path) -> None:
    (project / "site").rename(project / ".site.previous")


@pytest.mark.parametrize(
    "damage",
    [
        _lose_stamp,
        _spoil_stamp,
        _lose_ledger,
        _lose_everything_beside,
        _interrupt_the_first_build,
        _interrupt_a_later_build,
        _interrupt_a_build_without_a_site,
        _interrupt_the_swap,
    ],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_a_damaged_site_is_still_ours(project: Path, damage: Callable[[Path], None]) -> None:
    """Whatever a build has left, or was taken from it, the next one makes whole."""
    build_site(project)
    whole = look(project / "site")
    damage(project)
    build_site(project)
    assert look(project / "site") == whole


def test_a_site_of_another_checkout_is_ours(project: Path, tmp_path: Path) -> None:
    """So is an empty folder."""
    build_site(project)
    shutil.copytree(project / "site", tmp_path / "public")
    (tmp_path / "empty").mkdir()
    for name in ("public", "empty"):
        (project / "mkdocs.yml").write_text(
            (ROOT / "tests/sites/second-city/mkdocs.yml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        set_site(project, str(tmp_path / name))
        assert build_site(project).site == tmp_path / name
        assert look(tmp_path / name) == look(project / "site")


def test_plain_mkdocs_spares_the_project_too(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """MkDocs empties its folder before it builds."""
    before = look(project)
    config = load_config(str(project / "mkdocs.yml"), strict=True, site_dir=str(project / "belts"))
    with pytest.raises(Abort):
        build(config)
    assert "site_dir: " in caplog.text
    assert look(project) == before
