"""One commit, one manifest: whatever differs between two machines, the bytes of the site do not."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import surroundings
from conftest import ROOT, copy_site

from build_scripts.building.build import build_site
from build_scripts.layout import RESULTS
from build_scripts.provenance.stamp import STAMP, decode_stamp, hash_manifest, hash_tree

SITE = "second-city"
AREA = "belts/areas/east-bank.yml"


def manifest(site: Path) -> dict[str, str]:
    """The SHA-256 of every file; build.json, which holds the hash of them all, agrees."""
    hashes = hash_tree(site)
    assert decode_stamp((site / STAMP).read_bytes()).manifest == hash_manifest(hashes)
    return hashes


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built here and now."""
    project = copy_site(SITE, tmp_path_factory.mktemp("here"))
    build_site(project)
    return project


@pytest.fixture(scope="module")
def expected(built: Path) -> dict[str, str]:
    """The manifest that every other build must have."""
    return manifest(built / "site")


def build_elsewhere(
    project: Path, *words: str, umask: int = 0o022, folder: Path | None = None, **variables: str
) -> dict[str, str]:
    """The manifest of a build in a process of its own."""
    script = Path(surroundings.__file__)
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [sys.executable, str(script), str(project), *words],
        cwd=folder or ROOT,
        env={**environment, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
    )
    assert done.returncode == 0, done.stderr
    return manifest(project / "site")


def test_another_machine_makes_the_same_bytes(tmp_path: Path, expected: dict[str, str]) -> None:
    """Other date, zone, locale, hash seed, mask, home, width, path, folder, order of files and processes, at once."""
    folder = tmp_path / "示范 片" / "a'b"
    folder.mkdir(parents=True)
    project = copy_site(SITE, folder)
    found = build_elsewhere(
        project,
        *("--days", "4000", "--order", "reversed", "--cores", "3"),
        umask=0o077,
        folder=Path("/"),
        PYTHONHASHSEED="77",
        TZ="Pacific/Apia",
        LC_ALL="C",
        LANG="tr_TR.UTF-8",
        LANGUAGE="de",
        HOME=str(tmp_path),
        USER="nobody",
        COLUMNS="20",
        NO_COLOR="1",
        PYTHONOPTIMIZE="1",
        SOURCE_DATE_EPOCH="86400",
    )
    assert found == expected


@pytest.mark.parametrize(
    "words", [("--order", "shuffled", "--cores", "2"), ("--cores", "1", "--days", "-9000")]
)
def test_order_cores_and_date_do_not_count(
    tmp_path: Path, expected: dict[str, str], words: tuple[str, ...]
) -> None:
    """Folders in no order; one process; a date before any record's."""
    assert build_elsewhere(copy_site(SITE, tmp_path), *words) == expected


def test_the_order_in_which_files_were_made_does_not_count(tmp_path: Path, expected: dict[str, str]) -> None:
    """Records written in another order, at other times, with other permissions."""
    project = copy_site(SITE, tmp_path)
    files = [path for path in sorted((project / "belts").rglob("*")) if path.is_file()]
    contents = [(path, path.read_bytes()) for path in files]
    shutil.rmtree(project / "belts")
    random.Random(5).shuffle(contents)  # noqa: S311 (a test's order)
    for number, (path, content) in enumerate(contents):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o400 if number % 2 else 0o755)
        os.utime(path, (10**9 + number, 10**9 + number))
    build_site(project)
    assert manifest(project / "site") == expected


def test_a_date_is_never_taken_from_the_day_of_the_build(expected: dict[str, str], built: Path) -> None:
    """SOURCE_DATE_EPOCH absent, present and different: dates come from the data alone."""
    for variables in ({}, {"SOURCE_DATE_EPOCH": "0"}, {"SOURCE_DATE_EPOCH": "4102444800"}):
        shutil.rmtree(built / "site")
        shutil.rmtree(built / ".cache")
        assert build_elsewhere(built, **variables) == expected


# -- what an earlier build left ------------------------------------------------------------------


def _poison(project: Path) -> None:
    """Half of the kept results are of something else, a quarter are gone; so are pages of the last site."""
    with closing(sqlite3.connect(project / RESULTS)) as connection, connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM results ORDER BY key")]
        assert len(keys) > 3
        connection.executemany("UPDATE results SET value = 'null' WHERE key = ?", [(k,) for k in keys[::2]])
        connection.executemany("DELETE FROM results WHERE key = ?", [(k,) for k in keys[1::4]])
    for number, page in enumerate(sorted((project / "site").rglob("*.html"))):
        if number % 3 == 0:
            page.write_bytes(page.read_bytes().replace(b"</body>", b"<p>poison</p></body>"))
        elif number % 3 == 1:
            page.unlink()


def _another_site(project: Path) -> None:
    """The last build was of other data, on another day, and everything it kept is there."""
    area = project / AREA
    sound = area.read_bytes()
    area.write_bytes(sound.replace(b"name: ", "name: 旧".encode(), 1))
    (project / "belts/areas/old.yml").write_bytes(sound.replace(b"name: ", "name: 另".encode(), 1))
    build_site(project)
    area.write_bytes(sound)
    (project / "belts/areas/old.yml").unlink()


def _nothing(project: Path) -> None:
    """A warm cache and a whole site, but the ledger is gone."""
    (project / ".site.ledger").unlink()


@pytest.mark.parametrize("leave", [_poison, _another_site, _nothing], ids=["poisoned", "other data", "warm"])
def test_what_an_earlier_build_left_does_not_count(
    tmp_path: Path, expected: dict[str, str], leave: Callable[[Path], None]
) -> None:
    """Incremental and clean, cold, warm and half poisoned: one manifest."""
    project = copy_site(SITE, tmp_path)
    build_site(project)
    leave(project)
    assert build_elsewhere(project, "--days", "30", "--order", "reversed") == expected


# -- the disturbances disturb --------------------------------------------------------------------


def test_the_surroundings_really_differ() -> None:
    """The clock, the order of folders and the number of processes are what the script says."""
    script = (
        "import surroundings, time, datetime, os, json, pathlib;"
        "before = time.time(), sorted(os.listdir('sites'));"
        "surroundings.shift_clock(400); surroundings.order_folders('reversed');"
        "print(json.dumps([time.time() - before[0], datetime.datetime.now().timestamp() - before[0],"
        "(datetime.date.today() - datetime.date.fromtimestamp(before[0])).days,"
        "os.listdir('sites') == before[1][::-1], [e.name for e in os.scandir('sites')] == before[1][::-1],"
        "[p.name for p in pathlib.Path('sites').iterdir()] == before[1][::-1],"
        "next(os.walk('sites'))[1] == before[1][::-1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "tests", capture_output=True, text=True, check=True
    )
    clock, moment, days, *orders = json.loads(done.stdout)
    assert clock == pytest.approx(400 * 86_400, abs=60)
    assert moment == pytest.approx(400 * 86_400, abs=60)
    assert days in (399, 400, 401)
    assert orders == [True] * 4
