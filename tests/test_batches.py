"""Many records' files at once: plain data is typed as the file itself would be."""

import copy
import datetime
import operator
import os
import pickle
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from conftest import copy_site

from build_scripts.faults.diagnostics import Problems
from build_scripts.kinds.registry import kind_in_folder
from build_scripts.photos.known import read_photos
from build_scripts.reading.batches import RecordFile, read_plain
from build_scripts.reading.entries import read_again, read_entries
from build_scripts.reading.inventory import take_inventory
from build_scripts.reading.load import load_dataset
from build_scripts.records.decode import decode_model, decode_plain
from build_scripts.records.yaml_text import decode_document
from build_scripts.storage.cache import Cache, digest_of
from build_scripts.storage.looks import CHANGED, MOMENT_NS
from build_scripts.storage.shelf import Held

ROOT = Path(__file__).parents[1]
FILES = sorted((*ROOT.glob("belts/*/*.yml"), *ROOT.glob("tests/sites/second-city/belts/*/*.yml")))


def test_a_file_written_again_at_once_is_read_again(tmp_path: Path) -> None:
    """It may look the same: as long, and of the same moment by a coarse clock."""
    base = copy_site("minimal", tmp_path) / "belts"
    names = [path.relative_to(base).as_posix() for path in base.glob("*/*.yml")]
    fresh = take_inventory(base)
    assert names
    assert all(fresh.there[name] and not fresh.identify(name) for name in names)
    long_ago = time.time_ns() - 10 * MOMENT_NS
    rows = {name: [*row[:CHANGED], long_ago, *row[CHANGED + 1 :]] for name, row in fresh.there.items()}
    settled = replace(fresh, there=rows)
    assert all(settled.identify(name) == rows[name] for name in names)


def read(path: Path, content: bytes) -> RecordFile | None:
    kind = kind_in_folder(path.parent.name)
    return RecordFile(path.as_posix(), kind, Held(content), digest_of(content)) if kind else None


def test_plain_data_is_the_record() -> None:
    """From the file and from its data comes one and the same record."""
    files = [file for path in FILES if (file := read(path, path.read_bytes()))]
    made = list(read_plain(files))
    assert sum(plain is not None for plain in made) > 150
    for file, plain in zip(files, made, strict=True):
        document = decode_document(file.path, file.content)
        record = decode_model(document, file.kind.model, id=file.id)
        assert plain is None or decode_plain(plain.data, file.kind.model) == record


@pytest.mark.parametrize("root", [ROOT, ROOT / "tests/sites/second-city"], ids=["ningbo", "second-city"])
def test_what_was_found_sound_is_typed_when_it_is_asked_for(root: Path, tmp_path: Path) -> None:
    """Records from the cache hold what other pages show; all the rest is there, and what they name."""
    cache = Cache(tmp_path / "results.sqlite")
    first = load_dataset(root, cache=cache)
    cache.save()
    again = load_dataset(root, cache=Cache(tmp_path / "results.sqlite"))
    for old, new in zip(first.entries, again.entries, strict=True):
        assert (old.path, old.card, old.names, old.content) == (new.path, new.card, new.names, new.content)
        assert old.links == new.links
        waits = not new.diagnostics and any(getattr(old.record, f) for f in old.record.deferred_fields)
        assert (new.record.full is not new.record) == waits
        assert new.record.full == old.record
        assert [*new.iter_references()] == [*old.iter_references()]


def test_a_faulty_record_is_not_kept(tmp_path: Path) -> None:
    """It is read anew, fault and all, until it is mended."""
    project = copy_site("second-city", tmp_path)
    path = project / "belts/areas/east-bank.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 120多", "value: 许多"), encoding="utf-8")
    for _ in range(2):
        cache = Cache(tmp_path / "results.sqlite")
        found = load_dataset(project, cache=cache).diagnostics
        cache.save()
        assert [d.code for d in found] == ["B504"]


def test_known_records_are_taken_as_they_are_until_their_files_change(tmp_path: Path) -> None:
    """By the same size and times of a file that is old enough; another content of the same length is seen."""
    project = copy_site("second-city", tmp_path)
    known = load_dataset(project).entries
    while not all(entry.seen for entry in known):  # written a moment ago
        time.sleep(0.05)
        known = load_dataset(project, known=known).entries
    assert all(map(operator.is_, load_dataset(project, known=known).entries, known))
    changed, removed, *_ = known
    path = project / changed.path
    before, content = path.stat(), path.read_bytes()
    path.write_bytes(content.replace(b"2026-01-01", b"2026-01-02"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    (project / removed.path).unlink()
    now = {entry.path: entry for entry in load_dataset(project, known=known).entries}
    assert now.keys() == {entry.path for entry in known} - {removed.path}
    assert [entry.path for entry in known if now.get(entry.path) not in (entry, None)] == [changed.path]
    assert now[changed.path].record.published == datetime.date(2026, 1, 2)


@pytest.mark.parametrize(
    "line",
    [
        "id: x",
        "note: ' a '",
        "note:",
        "note: [a",
        "published: ２０２６-11-20",
        "note: a\nnote: b",
        "note: \x00",
        "note: a #b",
    ],
)
def test_what_has_something_to_report_is_not_plain(line: str) -> None:
    """Files with a fault or a note are left to the careful reader, which says where it stands."""
    path = next(path for path in FILES if path.parent.name == "areas")
    content = path.read_bytes()
    kept = b"\n".join(part for part in content.split(b"\n") if not part.startswith((b"note", b"published")))
    for added, is_plain in ((b"", True), (line.encode(), False)):
        file = read(path, kept + added + b"\n")
        assert file is not None
        assert (next(read_plain([file])) is not None) == is_plain


def test_what_is_kept_does_not_depend_on_how_python_pickles_an_enum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.11.2, which Debian 12 has, makes an enum by `getattr`, which no record may call."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    monkeypatch.setattr(Enum, "__reduce_ex__", lambda self, _: (getattr, (type(self), self.name)))
    cache = Cache(file)
    first = load_dataset(project, cache=cache)
    cache.save()
    assert len(read_entries(project, Cache(file))) == len([e for e in first.entries if not e.diagnostics])


def test_records_kept_are_taken_up_whatever_the_times_of_their_files(tmp_path: Path) -> None:
    """A fresh checkout gives all files new times; what they hold is the same, and nothing is typed again."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    cache = Cache(file)
    first = load_dataset(project, cache=cache)
    cache.save()
    changed = project / first.entries[0].path
    changed.write_bytes(changed.read_bytes() + "note: 新注。\n".encode())
    for path in project.glob("belts/*/*.yml"):
        os.utime(path, ns=(1, 1))
    kept = read_entries(project, Cache(file))
    assert kept.keys() == {entry.path for entry in first.entries if not entry.diagnostics}
    again = load_dataset(project, cache=Cache(file), known=kept.values())
    taken = {
        entry.path for entry in again.entries if entry.record is getattr(kept.get(entry.path), "record", 0)
    }
    assert taken == kept.keys() - {first.entries[0].path}
    assert [e.record.full for e in again.entries[1:]] == [e.record.full for e in first.entries[1:]]
    assert again.entries[0].record.note == "新注。"


def test_what_waits_is_read_from_its_file_when_the_cache_has_lost_it(tmp_path: Path) -> None:
    """And never from a file that holds something else by now."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    cache = Cache(file)
    first = {entry.path: entry.record for entry in load_dataset(project, cache=cache).entries}
    cache.save()
    found = load_dataset(project, cache=Cache(file)).entries
    kept = [entry for entry in found if entry.record.full is not entry.record]
    read_again.cache_clear()
    file.unlink()
    for entry in kept[1:]:
        assert entry.record.full == first[entry.path]
    with (project / kept[0].path).open("ab") as changed:
        changed.write(b"# changed\n")
    with pytest.raises(Problems, match="B707") as raised:
        _ = kept[0].record.full
    assert copy.copy(raised.value).diagnostics == raised.value.diagnostics  # as from another process


def test_a_poisoned_cache_makes_no_other_objects_than_those_of_records(tmp_path: Path) -> None:
    """Taking up records calls nothing but what their models define."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    cache = Cache(file)
    load_dataset(project, cache=cache)
    cache.save()
    assert read_entries(project, Cache(file))
    with closing(sqlite3.connect(file)) as connection, connection:
        ((key,),) = connection.execute("SELECT key FROM results ORDER BY length(value) DESC LIMIT 1")
        made = str(tmp_path / "made")
        calls = [_Call(os.mkdir, made), _Call(subprocess.Popen, ["mkdir", made])]
        poisons = [pickle.dumps([(b"", poison)]) for poison in (*calls, {}, 7)]
        # By way of modules of the program, and what they have imported.
        poisons += [_calling(module, name, said.format(made)) for module, name, said in _DETOURS]
        for value in poisons:
            row = (digest_of(key, value), value, key)
            connection.execute("UPDATE results SET digest = ?, value = ? WHERE key = ?", row)
            connection.commit()
            assert read_entries(project, Cache(file)) == {}
            assert not (tmp_path / "made").exists()
            assert load_dataset(project, cache=Cache(file)).entries


_DETOURS = (
    ("build_scripts.storage.files", "os.mkdir", "{}"),
    ("build_scripts.kinds.registry", "pkgutil.os.mkdir", "{}"),
    ("build_scripts.records.quantities", "re.enum.bltns.exec", "import os; os.mkdir({!r})"),
)


def _calling(module: str, name: str, argument: str) -> bytes:
    """A pickle that calls a function by its name, such as none that `pickle` itself would write."""
    said, called, given = (b"\x8c" + bytes([len(t.encode())]) + t.encode() for t in (module, name, argument))
    return b"\x80\x04](C\0" + said + called + b"\x93" + given + b"\x85Rta."


class _Call:
    """What calls a function when it is unpickled."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> Any:
        return self._call


def test_a_photo_is_opened_again_when_its_file_looks_different(tmp_path: Path) -> None:
    """A sound one that looks the same is taken as it was; a damaged one is reported by every build."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    photos = [*project.glob("belts/photos/*/*.*")]
    for path in photos:
        os.utime(path, ns=(1, 1))
    time.sleep(0.2)  # or they are too young to be known again
    cache = Cache(file)
    first = load_dataset(project, cache=cache)
    cache.save()
    assert len(photos) == len(first.photos) == 2
    assert first.photos == {path: known.original for path, known in read_photos(Cache(file)).items()}
    again = load_dataset(project, cache=Cache(file))
    assert again.photos == first.photos
    with photos[0].open("r+b") as damaged:
        damaged.truncate(5000)
    for _ in range(2):
        cache = Cache(file)
        found = load_dataset(project, cache=cache)
        cache.save()
        assert [d.code for d in found.diagnostics] == ["B711"]
        assert found.photos.keys() == first.photos.keys() - {
            photos[0].relative_to(project / "belts").as_posix()
        }


def test_a_record_without_a_fault_that_is_not_plain_is_kept_whole(tmp_path: Path) -> None:
    """A value that looks like a list is looked at with care, and found to be none."""
    project, file = copy_site("second-city", tmp_path), tmp_path / "results.sqlite"
    path = project / "belts/areas/east-bank.yml"
    text = re.sub(r"(?m)^summary: .*$", "summary: 东岸 - 湿地与村落", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    first = load_dataset(project)
    assert not first.diagnostics
    for _ in range(3):
        cache = Cache(file)
        again = load_dataset(project, cache=cache)
        cache.save()
        assert [entry.record.full for entry in again.entries] == [entry.record for entry in first.entries]


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is refused is a fault, for records may stand there; one that is gone by then was never there."""
    project, list_folder = copy_site("second-city", tmp_path), os.scandir
    refusals = {"locked": PermissionError(13, "Permission denied"), "gone": FileNotFoundError()}
    for name in refusals:
        (project / "belts/areas" / name).mkdir()

    def refuse(path: Path) -> Any:
        if error := refusals.get(path.name):
            raise error
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse)
    dataset = load_dataset(project)
    found = [(d.code, d.path, dict(d.values)["reason"]) for d in dataset.diagnostics]
    assert found == [("B707", "belts/areas/locked", "Permission denied")]
    assert dataset.entries
