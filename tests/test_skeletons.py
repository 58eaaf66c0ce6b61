"""Skeletons kept between builds: each run's own, whatever another does meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.addresses import SEARCH
from build_scripts.building.build import build_site
from build_scripts.building.skeletons import keep_skeleton
from build_scripts.serving.preview import Preview
from build_scripts.storage.files import write_file
from build_scripts.writing.fill import Skeleton

EMPTY = Skeleton({}, {}, frozenset())


def making(*names: str, meanwhile: Callable[[], object] = lambda: None) -> Callable[[Path], Skeleton]:
    """What writes these files as MkDocs would, and lets something happen between the first and the others."""

    def make(folder: Path) -> Skeleton:
        for number, name in enumerate(names):
            (folder / name).write_text(name)
            if not number:
                meanwhile()
        return EMPTY

    return make


def names_of(folder: Path) -> list[str]:
    """The names of the files in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_run_beside_another_takes_none_of_its_files(tmp_path: Path) -> None:
    """Another begins while one is under way, for the same key or another: each has what it made, and keeps that."""

    def others() -> None:
        for key in (b"k", b"other"):
            with keep_skeleton(tmp_path, key, making("main.css", "theirs.html")) as kept:
                assert names_of(kept.files) == ["main.css", "theirs.html"]

    with keep_skeleton(tmp_path, b"k", making("main.css", "about.html", meanwhile=others)) as kept:
        assert names_of(kept.files) == ["about.html", "main.css"]
    with keep_skeleton(tmp_path, b"k", making()) as kept:
        assert len(names_of(kept.files)) == 2


def test_what_is_in_use_stays_and_what_nobody_holds_goes(tmp_path: Path) -> None:
    """A folder that another run reads from is left; what was used once, or was left half made, is removed."""
    (tmp_path / "half" / "files").mkdir(parents=True)
    with keep_skeleton(tmp_path, b"old", making("old.css")) as used:
        with keep_skeleton(tmp_path, b"new", making("new.css")) as kept:
            assert names_of(tmp_path) == sorted([used.files.parent.name, kept.files.parent.name])
        assert names_of(used.files) == ["old.css"]
    with keep_skeleton(tmp_path, b"newest", making("newest.css")) as kept:
        assert names_of(tmp_path) == [kept.files.parent.name]


def test_a_failed_run_leaves_nothing_to_be_taken(tmp_path: Path) -> None:
    """What was not made to its end is made again."""

    def fail() -> None:
        raise ValueError("stopped")

    with (
        pytest.raises(ValueError, match="stopped"),
        keep_skeleton(tmp_path, b"k", making("x", meanwhile=fail)),
    ):
        pass
    with keep_skeleton(tmp_path, b"k", making("main.css", "about.html")) as kept:
        assert names_of(kept.files) == ["about.html", "main.css"]


def test_a_preview_beside_builds_leaves_sites_whole(tmp_path: Path) -> None:
    """While pages are saved again and again, a preview takes them over and builds make the site: every file is there."""
    project = copy_site("second-city", tmp_path)
    expected = files_of(build_site(project).site)
    preview, ended = Preview(project), threading.Event()
    page = project / "content/about.md"
    text = page.read_text(encoding="utf-8")

    def serve() -> None:
        while not ended.is_set():
            assert preview.refresh(), preview.faults
            assert preview.read("404.html")

    server = threading.Thread(target=serve)
    server.start()
    try:
        for number in range(3):
            write_file(tmp_path / "saved.md", f"{text}\n\n第 {number} 次。\n".encode())
            (tmp_path / "saved.md").replace(page)
            command = [sys.executable, "-m", "build_scripts", "-C", str(project), "build"]
            subprocess.run(command, cwd=ROOT, check=True)
            assert files_of(project / "site") >= expected
    finally:
        ended.set()
        server.join()


def files_of(site: Path) -> set[str]:
    """The path of every file of a site but those named by their content."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return {path for path in found if not path.startswith(f"{SEARCH}/")}
