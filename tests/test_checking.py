"""`belts check` tells all that a build would refuse, also of what MkDocs makes of pages and settings."""

import datetime
from pathlib import Path

import pytest
from conftest import copy_site, run_unprivileged

from build_scripts.building.build import build_site
from build_scripts.building.checking import check_project
from build_scripts.cli import main
from build_scripts.faults.diagnostics import Problems
from build_scripts.storage.cache import digest_of_tree

TODAY = datetime.date(2026, 11, 20)
PAGE, SETTINGS, AREA = "content/about.md", "mkdocs.yml", "belts/areas/east-bank.yml"

REFUSED = {
    "tag": (PAGE, "\n<div markdown>甲</div>\n", "B602"),
    "picture by reference": (PAGE, "\n![甲][x]\n\n[x]: https://example.org/x.png\n", "B614"),
    "no partner": (PAGE, "\n<div>甲\n", "B618"),
    "link in two lines": (PAGE, "\n[甲\n乙](nope.md)\n", "B609"),
    "anchor of a page": (PAGE, "\n[甲](index.md#nope)\n", "B611"),
    "anchor of a profile": (PAGE, "\n[甲](areas/east-bank.md#nope)\n", "B611"),
    "key that MkDocs does not know": (SETTINGS, "\nsite_naem: 甲\n", "B723"),
    "several": (PAGE, "\n[甲](index.md#nope) [乙](index.md#nix)\n\n[丙\n丁](nope.md)\n", "B609"),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_site("second-city", tmp_path)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(("path", "more", "code"), REFUSED.values(), ids=REFUSED)
def test_the_check_tells_what_a_build_refuses(project: Path, path: str, more: str, code: str) -> None:
    """The same faults at the same places; nothing of the site is made."""
    append(project / path, more)
    found = check_project(project, today=TODAY).diagnostics
    assert code in {diagnostic.code for diagnostic in found}
    assert not [*project.glob("*site*")]
    with pytest.raises(Problems) as refused:
        build_site(project)
    assert refused.value.diagnostics == found


def test_a_sound_project_is_ready_for_the_build(project: Path) -> None:
    """MkDocs has run for the check, and need not run again for the build."""
    assert check_project(project, today=TODAY) == (8, (), False)
    (kept,) = (project / ".cache/belts/skeletons").iterdir()
    build_site(project)
    assert [*(project / ".cache/belts/skeletons").iterdir()] == [kept]


def test_a_part_that_a_record_has_lost_is_told(project: Path) -> None:
    """Though nothing has changed that MkDocs reads."""
    append(project / PAGE, "\n[甲](areas/east-bank.md#cite-1-4)\n")
    build_site(project)
    area = project / AREA
    text = area.read_text(encoding="utf-8")
    area.write_text(text.replace("    text: 领头的村。\n    sources: [survey]\n", ""), encoding="utf-8")
    (fault,) = check_project(project, today=TODAY).diagnostics
    assert (fault.path, fault.code) == (PAGE, "B611")


def test_what_cannot_be_written_can_be_checked(project: Path) -> None:
    """A checkout on a shared folder, say; it stays as it is."""
    append(project / PAGE, "\n<div markdown>甲</div>\n")
    before = digest_of_tree(project)
    project.chmod(0o555)
    done = run_unprivileged(project, "check")
    project.chmod(0o755)
    assert "error[B602]" in done.stdout
    assert digest_of_tree(project) == before


def test_records_can_be_checked_without_browser_libraries(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What was not looked at is said; the rest is told as ever."""
    (project.parents[2] / "node_modules").unlink()
    append(project / PAGE, "\n<div markdown>甲</div>\n")
    assert main(["-C", str(project), "check"]) == 0
    assert "没有 node_modules：手写页面只读了文字，没有试排" in capfd.readouterr().err
    append(project / PAGE, "\n[甲](nope.md)\n")
    assert main(["-C", str(project), "check"]) == 1
    assert "B609" in capfd.readouterr().out
