"""A build that has nothing to do does nothing, and is never mistaken."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts import unchanged
from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.storage.digests import content_digest
from build_scripts.storage.looks import MOMENT_NS, look_at, summarise, walk, walk_known
from build_scripts.unchanged import LastBuild, find_unchanged, look_around, note_build

AREA = "belts/areas/east-bank.yml"
QUIETLY = "import sys; from build_scripts.cli import main; code = main(sys.argv[1:]); print(*sorted(sys.modules)); sys.exit(code)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small city, built."""
    project = copy_site("second-city", tmp_path)
    build_site(project)
    return project


def find_now(project: Path) -> LastBuild | None:
    """The last build, if all is as it was."""
    return find_unchanged(project, look_around(project))


def rewrite_unnoticed(path: Path) -> None:
    """Change a file's content and neither its size nor the time that says when."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_site_is_as_it_was(project: Path) -> None:
    """What the last build said is said again."""
    found = find_now(project)
    assert found is not None
    assert found == LastBuild(str(project / "site"), found.records, found.pages)
    assert found.records > 5


def test_warnings_are_said_again(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A city that is warned of something is no reason to build again; a note of it that is damaged is."""
    area, note = project / AREA, project / ".cache/belts/unchanged.json"
    twice = area.read_text("utf-8").replace("\nfacts:", "\n  - name: 一村\n    sources: [survey]\nfacts:")
    area.write_text(twice, encoding="utf-8")
    said = [_build_aloud(project, capfd) for _ in range(2)]
    assert said[0] == said[1]
    assert "[B330]" in said[0][1]
    assert find_now(project) is not None
    note.write_bytes(note.read_bytes().replace(b'"B330"', b'"B33"'))
    assert find_now(project) is None
    assert _build_aloud(project, capfd) == said[0]


def _build_aloud(project: Path, capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What the command says, and what it says of faults."""
    assert main(["-C", str(project), "build"]) == 0
    said = capfd.readouterr()
    return said.out, said.err


def test_nothing_is_loaded_for_nothing(project: Path) -> None:
    """Neither MkDocs nor the models nor a reader of YAML is loaded to find that nothing has changed."""
    command = [sys.executable, "-c", QUIETLY, "-C", str(project), "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    said, modules = done.stdout.splitlines()
    assert said.endswith(str(project / "site"))
    assert not {"mkdocs", "pydantic", "yaml", "jinja2", "folium"} & set(modules.split())


def test_what_an_edit_leaves_is_known(project: Path) -> None:
    """After each build; and no longer when something has been put among the files that stayed."""
    path = project / AREA
    for name in "甲乙丙":
        path.write_text(
            path.read_text(encoding="utf-8").replace("name: ", f"name: {name}", 1), encoding="utf-8"
        )
        build_site(project)
        assert find_now(project) is not None
    (project / "site/areas/stray.txt").write_text("x", encoding="utf-8")
    assert find_now(project) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / AREA).write_text("name: x\n", encoding="utf-8"),
        lambda project: rewrite_unnoticed(project / AREA),
        lambda project: (project / AREA).unlink(),
        lambda project: (project / "belts/areas/new.yml").write_text("", encoding="utf-8"),
        lambda project: (project / "content/new").mkdir(),
        lambda project: (project / "mkdocs.yml").touch(),
        lambda project: (project / "site/index.html").unlink(),
        lambda project: rewrite_unnoticed(project / "site/index.html"),
        lambda project: (project / "site/more.txt").write_text("", encoding="utf-8"),
        lambda project: (project / ".cache/belts/unchanged.json").write_text("{", encoding="utf-8"),
        lambda project: (project / ".cache/belts/unchanged.json").unlink(),
    ],
)
def test_every_change_is_seen(project: Path, change: Callable[[Path], object]) -> None:
    """Of what is read and of what was made."""
    change(project)
    assert find_now(project) is None


def test_variables_count(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the settings name, and the key of a tile layer."""
    monkeypatch.setenv("TIANDITU_KEY", "k")
    assert find_now(project) is None


def test_a_copy_is_another_checkout(project: Path, tmp_path: Path) -> None:
    """What is known of one says nothing of a copy of it."""
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, symlinks=True)
    assert find_now(copy) is None


def test_another_commit_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site says which commit it is."""
    monkeypatch.setenv("BELTS_COMMIT", "0" * 40)
    assert find_now(project) is None


def test_a_commit_during_a_build_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in build.json was found out when the build began."""
    inputs, around = look_at([str(project / "belts")]), look_around(project)
    monkeypatch.setenv("BELTS_COMMIT", "b" * 40)
    last = LastBuild(str(project / "site"), 1, 1)
    note_build(project, look_around(project), inputs, last)
    assert find_now(project) == last
    note_build(project, around, inputs, last)
    assert find_now(project) is None


def test_young_files_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file as young as the look itself may change again at the same time: its content counts, until it is old."""
    monkeypatch.setattr(unchanged, "MOMENT_NS", 200_000_000)
    file = tmp_path / "file"
    file.write_text("a", encoding="utf-8")
    note_build(tmp_path, look_around(tmp_path), look_at([str(file)]), LastBuild(str(tmp_path / "site"), 1, 1))
    kept = (tmp_path / ".cache/belts/unchanged.json").read_bytes()
    assert find_now(tmp_path) is not None
    time.sleep(0.3)
    assert find_now(tmp_path) is not None
    later = (tmp_path / ".cache/belts/unchanged.json").read_bytes()
    assert later != kept
    assert find_now(tmp_path) is not None
    assert (tmp_path / ".cache/belts/unchanged.json").read_bytes() == later


def test_files_are_young_by_one_time(tmp_path: Path) -> None:
    """Folders are walked through one after another; a file that is young to the first walk alone is no change later."""
    first, second = tmp_path / "first", tmp_path / "second"
    for file in (first, second):
        file.write_text("a", encoding="utf-8")
    changed = second.stat().st_ctime_ns
    paths, times = [str(first), str(second)], (changed, changed + MOMENT_NS)
    look = look_at(
        paths, [replace(walk(path), taken=taken) for path, taken in zip(paths, times, strict=True)]
    )
    assert look_at(paths, [replace(walk(path), taken=look.taken) for path in paths]) == look


def test_what_was_written_is_not_read_again(tmp_path: Path) -> None:
    """A young file of which the writer has told what it holds looks as if it had been read, and is not."""
    file = tmp_path / "file"
    file.write_text("a", encoding="utf-8")
    seen = look_at([str(tmp_path)])
    told = walk_known(str(tmp_path), ["file"], {}, {"file": content_digest(b"a")})
    file.unlink()
    assert summarise([told], seen.taken) == seen
    other = replace(told, digests={"file": content_digest(b"b")})
    assert summarise([other], seen.taken).seen != seen.seen


def test_what_changes_during_a_build_counts(tmp_path: Path) -> None:
    """What a build has read is what was there when it began: a file saved meanwhile is a change."""
    file = tmp_path / "file"
    file.write_text("a", encoding="utf-8")
    inputs = look_at([str(file)])
    file.write_text("b", encoding="utf-8")
    note_build(tmp_path, look_around(tmp_path), inputs, LastBuild(str(tmp_path / "site"), 1, 1))
    assert find_now(tmp_path) is None
