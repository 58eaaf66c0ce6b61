"""Writing belts/: whole files only, whatever happens on the way."""

import base64
import fcntl
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, run_unprivileged
from openpyxl import load_workbook
from pictures import jpeg

from build_scripts.checks import check_dataset
from build_scripts.cli import main
from build_scripts.editing.edits import (
    Changed,
    carry_out,
    rehearse_edits,
    scratch_copy,
    take_snapshot,
    write_files,
    write_whole,
    writing,
)
from build_scripts.faults.diagnostics import Problems
from build_scripts.form.repository import Refused, Repository, hash_blob
from build_scripts.reading.load import load_dataset

WRITER = """
import sys
from pathlib import Path
from build_scripts.editing.edits import write_whole
contents = [letter * 3_000_000 for letter in (b"a", b"b")]
print("ready", flush=True)
while True:
    for content in contents:
        write_whole(Path(sys.argv[1]), content)
"""


def test_a_kill_leaves_a_whole_file(tmp_path: Path) -> None:
    """Killed at any moment of writing, the file is one version or the other, and nothing else counts as a record."""
    path = tmp_path / "areas" / "x.yml"
    write_whole(path, b"a" * 3_000_000)
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.kill()
        assert path.read_bytes() in (b"a" * 3_000_000, b"b" * 3_000_000)
    assert all(file == path or file.name.startswith(".") for file in path.parent.iterdir())


def test_a_failed_write_leaves_no_trace(tmp_path: Path) -> None:
    """What cannot take a file's place is cleared away, and what stood there stays."""
    (tmp_path / "x.yml").mkdir()
    with pytest.raises(Problems, match="B709"):
        write_whole(tmp_path / "x.yml", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x.yml"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    """A file that others may write stays so; a new one is readable by all."""
    path = tmp_path / "x.yml"
    path.write_bytes(b"old")
    path.chmod(0o664)
    write_files(tmp_path, {"x.yml": b"new", "y/z.yml": b"z"})
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o664
    assert (tmp_path / "y/z.yml").stat().st_mode & 0o777 == 0o644


def test_an_edit_that_leaves_an_error_touches_nothing(tmp_path: Path) -> None:
    """One faulty file among several and none is written or deleted; its fault has its place."""
    (tmp_path / "belts").mkdir()
    (tmp_path / "belts/allowed-numbers.yml").write_bytes(b"numbers: []\n")
    with pytest.raises(Problems) as caught:
        carry_out(
            take_snapshot(tmp_path), {"belts/redirects.yml": b"x: y\n", "belts/allowed-numbers.yml": None}
        )
    assert "belts/redirects.yml:1:1" in str(caught.value)
    assert [path.name for path in (tmp_path / "belts").iterdir()] == ["allowed-numbers.yml"]


def test_a_set_of_edits_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """When the last of several files cannot be written, the ones before it are as they were and none is deleted."""
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Problems, match="B709") as caught:
        write_files(tmp_path, {"a.yml": b"new", "b.yml": None, "file/c.yml": b"new"})
    assert caught.value.diagnostics[0].path == (tmp_path / "file/c.yml").as_posix()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.yml": b"old",
        "b.yml": b"old",
        "file": b"",
    }


EDITS = {"belts/a.yml": b"mine", "belts/b.yml": None, "belts/c.yml": b"mine"}


def meddle(root: Path, name: str, content: bytes | None) -> None:
    """Write one file as another program would; without content, delete it."""
    if content is None:
        (root / name).unlink()
    else:
        (root / name).write_bytes(content)


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("belts/a.yml", b"OLD"),
        ("belts/a.yml", None),
        ("belts/b.yml", b"OLD"),
        ("belts/b.yml", None),
        ("belts/c.yml", b"theirs"),
    ],
)
def test_a_file_written_meanwhile_is_not_written_over(
    tmp_path: Path, name: str, content: bytes | None, *, is_late: bool
) -> None:
    """One that is to be replaced, deleted or made, before the edits are judged or while they are: none is written."""
    (tmp_path / "belts").mkdir()
    write_files(tmp_path, {"belts/a.yml": b"old", "belts/b.yml": b"old"})
    before, now = take_snapshot(tmp_path), files_of(tmp_path)
    if not is_late:
        meddle(tmp_path, name, content)
    with pytest.raises(Changed) as caught, writing(before, EDITS):  # noqa: PT012 (what is judged)
        assert is_late
        meddle(tmp_path, name, content)
    assert [(fault.code, fault.path) for fault in caught.value.diagnostics] == [("B720", name)]
    theirs = {**now, name: content}
    assert files_of(tmp_path) == {path: kept for path, kept in theirs.items() if kept is not None}
    with writing(take_snapshot(tmp_path), EDITS):
        pass
    assert files_of(tmp_path) == {"belts/a.yml": b"mine", "belts/c.yml": b"mine"}


# -- a full disk, for real -----------------------------------------------------------------------

COMMANDS = {
    "fmt": ("fmt",),
    "rename": ("rename", "tengtou", "teng"),
    "retire": ("retire", "river-belt"),
    "new": ("new", "area", "demo", "--no-input"),
    "import": ("import", "book.xlsx"),
    "export": ("export", "other.xlsx"),
    "schema": ("schema",),
}


def files_of(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def run(root: Path, words: tuple[str, ...], limit: int | None) -> subprocess.CompletedProcess[str]:
    """Run one command as a user does, with files kept below a size."""
    paths = {"book.xlsx", "other.xlsx"}
    command = [str(root / word) if word in paths else word for word in words]
    limits = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)) if limit is not None else None
    return subprocess.run(
        [sys.executable, "-B", "-m", "build_scripts", "-C", str(root), "--lang", "en", *command],
        preexec_fn=limits,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest site, one of its files out of order, and a workbook that changes two of its records."""
    root = tmp_path_factory.mktemp("prepared") / "site"
    shutil.copytree(ROOT / "tests/sites/minimal", root)
    assert main(["-C", str(root), "export", str(root / "book.xlsx")]) == 0
    book = load_workbook(root / "book.xlsx")
    for title in ("示范片", "精品带"):
        columns = {str(cell.value).rstrip(" *"): cell.column for cell in book[title][1]}
        book[title].cell(2, columns["名称"]).value = "改过的名称"
    book.save(root / "book.xlsx")
    area = root / "belts/areas/tengtou.yml"
    area.write_text("setting: rural\n" + area.read_text().replace("setting: rural\n", ""))
    return root


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(prepared, tmp_path / "site"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_is_a_message_and_changes_nothing(site: Path, name: str) -> None:
    """Each command that writes says what it could not write and ends with 1, every file as it was; with room, it
    succeeds.
    """
    before = files_of(site)
    done = run(site, COMMANDS[name], 0)
    assert (done.returncode, "error[B709]" in done.stderr, "Traceback" in done.stderr) == (1, True, False), (
        done.stderr
    )
    assert files_of(site) == before
    assert run(site, COMMANDS[name], None).returncode == 0
    assert files_of(site) != before


# -- two at once ---------------------------------------------------------------------------------


@contextmanager
def held(root: Path) -> Iterator[None]:
    """The project kept from everybody who would write it."""
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def begin(root: Path, *words: str) -> subprocess.Popen[str]:
    """Start one command as a user does."""
    command = [sys.executable, "-B", "-m", "build_scripts", "-C", str(root), "--lang", "en", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def wait_for_lock(*processes: int) -> None:
    """Until each process waits for a lock."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        rows = (line.split() for line in Path("/proc/locks").read_text().splitlines())
        if {int(row[5]) for row in rows if row[1:3] == ["->", "FLOCK"]}.issuperset(processes):
            return
        time.sleep(0.05)
    pytest.fail("they do not wait")


def test_of_two_commands_at_once_one_is_refused(site: Path) -> None:
    """Both have planned and write the same file; the second says so, leaves all as the first made it, and then works."""
    renames = (("rename", "tengtou", "aa-one"), ("rename", "river-belt", "bb-two"))
    with held(site):
        processes = [begin(site, *words) for words in renames]
        wait_for_lock(*(process.pid for process in processes))
    told = [process.communicate()[1] for process in processes]
    lost = processes[0].returncode
    assert sorted(process.returncode for process in processes) == [0, 1]
    assert "belts/redirects.yml:1:1: error[B720]" in told[not lost]
    assert not list(site.rglob(f"{renames[not lost][2]}.yml"))
    assert run(site, renames[not lost], None).returncode == 0
    assert {
        path.stem for folder in ("areas", "boutique") for path in (site / "belts" / folder).iterdir()
    } == {
        "aa-one",
        "bb-two",
    }
    assert {redirect.id for redirect in load_dataset(site).redirects} == {"tengtou", "river-belt"}


def test_the_form_and_a_command_at_once_lose_nothing(site: Path) -> None:
    """Whichever of them comes second is refused, and what the first has written stands."""
    area = site / "belts/areas/tengtou.yml"
    old = area.read_bytes()
    saved = base64.b64encode(old.replace(b"name: ", b"name: X", 1)).decode()
    file = {"operation": "update", "path": "belts/areas/tengtou.yml", "content": saved, "sha": hash_blob(old)}
    with ThreadPoolExecutor(1) as pool:
        with held(site):
            process = begin(site, "rename", "tengtou", "teng")
            answer = pool.submit(Repository(site).commit, {"files": [file]})
            wait_for_lock(process.pid, os.getpid())
        refused, (_, told) = answer.exception(), process.communicate()
    if process.returncode == 0:
        assert isinstance(refused, Refused)
        assert refused.status == 409
        assert not area.exists()
    else:
        assert refused is None
        assert "belts/areas/tengtou.yml:1:1: error[B720]" in told
        assert b"name: X" in area.read_bytes()
        assert not (site / "belts/areas/teng.yml").exists()


# -- killed half-way -----------------------------------------------------------------------------


def test_an_import_killed_half_way_is_finished_by_the_same_command(site: Path) -> None:
    """Killed once files are being written, each file is whole, old or new; the same import then ends as it would have."""
    finished = site.parent / "finished"
    shutil.copytree(site, finished)
    assert run(finished, ("import", "book.xlsx"), None).returncode == 0
    before, after = files_of(site / "belts"), files_of(finished / "belts")
    assert len([path for path in after if before[path] != after[path]]) == 2
    words = [sys.executable, "-B", "-m", "build_scripts", "-C", str(site), "import", str(site / "book.xlsx")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(site.glob("belts/*/.*~"))) < 2:
            pass
        process.kill()
    now = files_of(site / "belts")
    assert all(now[path] in (before[path], after[path]) for path in before)
    assert run(site, ("import", "book.xlsx"), None).returncode == 0
    assert {path: content for path, content in files_of(site / "belts").items() if path in after} == after


def test_a_folder_that_cannot_be_written_is_told_where_it_stands(site: Path) -> None:
    """Not in the copy on which the edit was tried; nothing is half-written."""
    folder = site / "belts/areas"
    before = {path: path.read_bytes() for path in site.rglob("*.yml")}
    folder.chmod(0o555)
    done = run_unprivileged(site, "rename", "tengtou", "tengtou-new")
    folder.chmod(0o755)
    assert done.returncode == 1
    assert "error[B709]" in done.stderr
    assert str(folder) in done.stderr
    assert "/belts-" not in done.stderr
    assert {path: path.read_bytes() for path in site.rglob("*.yml")} == before


@pytest.mark.parametrize("name", ["content", "content/images", "belts/areas"])
def test_a_folder_that_cannot_be_read_is_not_called_empty(site: Path, name: str) -> None:
    folder = site / name
    folder.mkdir(exist_ok=True)
    folder.chmod(0)
    done = run_unprivileged(site, "check")
    folder.chmod(0o755)
    assert done.returncode == 1
    assert re.search(
        rf"{name}:1:1: error\[B707\]: .*{name} cannot be read: Permission denied", done.stderr + done.stdout
    )


def test_a_file_that_cannot_be_read_is_not_called_one_that_cannot_be_written(site: Path) -> None:
    """For root too, once it has given up what lets it read everything."""
    photo = site / "photo.jpg"
    photo.touch(mode=0)
    words = (
        "add-photo",
        "tengtou",
        str(photo),
        "--alt",
        "村口的石桥",
        "--credit",
        "社区",
        "--licence",
        "own",
    )
    done = run_unprivileged(site, *words)
    assert done.returncode == 1
    assert f"{photo}:1:1: error[B707]: {photo} cannot be read: Permission denied" in done.stderr


PHOTO = """photos:
  - file: photos/tengtou/{}
    alt: 村口的石桥和香樟树
    credit: 示例市融媒体中心
    licence: cc-by-4.0
"""


@pytest.mark.parametrize("name", ["sound.jpg", "cut.jpg", "link.jpg", "missing.jpg"])
def test_photos_are_looked_at_where_they_are(tmp_path: Path, name: str) -> None:
    """A rehearsal copies none, says of them what the check does, and knows those that it adds or takes away."""
    root = copy_project(tmp_path)
    area, folder = root / "belts/areas/tengtou.yml", root / "belts/photos/tengtou"
    folder.mkdir(parents=True)
    area.write_text(area.read_text(encoding="utf-8") + PHOTO.format(name), encoding="utf-8")
    (folder / "sound.jpg").write_bytes(jpeg())
    (folder / "cut.jpg").write_bytes(jpeg()[:2000])
    (folder / "link.jpg").symlink_to("sound.jpg")
    with scratch_copy(root) as copy:
        assert not (copy / "belts/photos").exists()
    found = check_dataset(load_dataset(root))
    assert rehearse_edits(root, {}) == found
    assert {"cut.jpg": "B711", "missing.jpg": "B701"}.get(name, "B704") in {fault.code for fault in found}
    path = f"belts/photos/tengtou/{name}"
    assert "B701" in {fault.code for fault in rehearse_edits(root, {path: None})}
    added = {fault.code for fault in rehearse_edits(root, {path: jpeg()})}
    assert not added & {"B701", "B711"}
    twin = {fault.code for fault in rehearse_edits(root, {"belts/photos/tengtou/Sound.jpg": jpeg()})}
    assert "B706" in twin - {fault.code for fault in found}
