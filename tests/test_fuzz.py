"""Hostile bytes for every reader: a fixed few hundred each time, and all that was ever found."""

import subprocess
import sys
from pathlib import Path

import fuzzing
import pytest

CORPUS = sorted(path for path in fuzzing.CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("find", CORPUS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_mended(find: Path) -> None:
    """Each input that once broke a reader ends in a value or in a fault of ours."""
    fuzzing.read_within_bounds(find.parent.name, find.read_bytes())


def test_nothing_new_is_found() -> None:
    """Each reader under trial, in a process that may take 300 MB more and 5 seconds of processor time an input."""
    done = subprocess.run(
        [sys.executable, fuzzing.__file__], capture_output=True, text=True, timeout=600, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reader_that_breaks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search itself fails on a planted fault, and gives the smallest input that shows it."""

    def break_on_nul(content: bytes) -> None:
        if b"\0" in content:
            raise IndexError

    planted = fuzzing.Target(break_on_nul, lambda: [b"a sound file"])
    monkeypatch.setitem(fuzzing.TARGETS, "planted", planted)
    found = fuzzing.search("planted", 200, 0)
    assert found is not None
    assert b"\0" in found


def test_an_endless_reader_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes more than its processor time is stopped."""

    def never_end(_content: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(fuzzing, "SECONDS", 0.05)
    monkeypatch.setitem(fuzzing.TARGETS, "planted", fuzzing.Target(never_end, lambda: [b""]))
    with pytest.raises(fuzzing.TooSlow):
        fuzzing.read_within_bounds("planted", b"")


def test_a_reader_that_takes_much_memory_is_found() -> None:
    """Half a gigabyte at once is refused to a process under the bound."""
    script = "import fuzzing; fuzzing.bound_memory(); bytes(500_000_000)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=fuzzing.TESTS, capture_output=True, text=True, check=False
    )
    assert "MemoryError" in done.stderr
