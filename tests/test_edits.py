"""Writing belts/: whole files only, whatever happens on the way."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from build_scripts.diagnostics import Problems
from build_scripts.edits import apply_edits, carry_out, write_whole

WRITER = """
import sys
from pathlib import Path
from build_scripts.edits import write_whole
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
    with pytest.raises(OSError, match=r".*"):
        write_whole(tmp_path / "x.yml", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x.yml"]


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    """A file that others may write stays so; a new one is readable by all."""
    path = tmp_path / "x.yml"
    path.write_bytes(b"old")
    path.chmod(0o664)
    apply_edits(tmp_path, {"x.yml": b"new", "y/z.yml": b"z"})
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o664
    assert (tmp_path / "y/z.yml").stat().st_mode & 0o777 == 0o644


def test_an_edit_that_leaves_an_error_touches_nothing(tmp_path: Path) -> None:
    """One faulty file among several and none is written or deleted; its fault has its place."""
    (tmp_path / "belts").mkdir()
    (tmp_path / "belts/allowed-numbers.yml").write_bytes(b"numbers: []\n")
    with pytest.raises(Problems) as caught:
        carry_out(tmp_path, {"belts/redirects.yml": b"x: y\n", "belts/allowed-numbers.yml": None})
    assert "belts/redirects.yml:1:1" in str(caught.value)
    assert [path.name for path in (tmp_path / "belts").iterdir()] == ["allowed-numbers.yml"]
