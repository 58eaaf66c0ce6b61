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
from build_scripts.shelf import Shelf
from build_scripts.yaml_text import decode_document

ROOT = Path(__file__).parents[1]
FILES = sorted((*ROOT.glob("belts/*/*.yml"), *ROOT.glob("tests/sites/second-city/belts/*/*.yml")))


def read(path: Path, content: bytes) -> RecordFile | None:
    kind = kind_in_folder(path.parent.name)
    return RecordFile(path.as_posix(), kind, Shelf().put(content), digest_of(content)) if kind else None


def test_kept_data_is_the_record(tmp_path: Path) -> None:
    """From the file, from its data and from the cache comes one and the same record."""
    files = [file for path in FILES if (file := read(path, path.read_bytes()))]
    cache = Cache(tmp_path / "results.sqlite")
    made = list(read_plain(files, cache))
    cache.save()
    assert list(read_plain(files, Cache(tmp_path / "results.sqlite"))) == made
    assert sum(plain is not None for plain in made) > 150
    for file, plain in zip(files, made, strict=True):
        document = decode_document(file.path, file.content)
        record = decode_model(document, file.kind.model, id=file.id)
        assert plain is None or decode_plain(plain.data, file.kind.model) == record


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
