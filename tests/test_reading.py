"""Many records' files at once: plain data is typed as the file itself would be."""

import datetime
import operator
import os
import time
from pathlib import Path

import pytest
from conftest import copy_site

from build_scripts.cache import Cache, digest_of
from build_scripts.decode import decode_model, decode_plain
from build_scripts.kinds.registry import kind_in_folder
from build_scripts.load import load_dataset
from build_scripts.reading import RecordFile, read_plain
from build_scripts.shelf import Held
from build_scripts.yaml_text import decode_document

ROOT = Path(__file__).parents[1]
FILES = sorted((*ROOT.glob("belts/*/*.yml"), *ROOT.glob("tests/sites/second-city/belts/*/*.yml")))


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
        assert plain is None or decode_plain(plain.whole, file.kind.model) == record


@pytest.mark.parametrize("root", [ROOT, ROOT / "tests/sites/second-city"], ids=["ningbo", "second-city"])
def test_what_was_found_sound_is_typed_when_it_is_asked_for(root: Path, tmp_path: Path) -> None:
    """Records from the cache hold what other pages show; all the rest is there, and what they name."""
    cache = Cache(tmp_path / "results.sqlite")
    first = load_dataset(root, cache=cache)
    cache.save()
    again = load_dataset(root, cache=Cache(tmp_path / "results.sqlite"))
    for old, new in zip(first.entries, again.entries, strict=True):
        assert (old.path, old.card, old.names, old.content) == (new.path, new.card, new.names, new.content)
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
