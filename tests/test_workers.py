"""Where work runs."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

from build_scripts.errors import UserError
from build_scripts.workers import ENOUGH, InlineExecutor, available_cores, map_chunks, open_pool, shared

NUMBERS = list(range(1234))
pooled = pytest.mark.skipif(
    sys.platform == "win32" or available_cores() < 2, reason="processes are not forked here"
)


def double(numbers: list[int]) -> list[int]:
    """Twice each number."""
    return [2 * number for number in numbers]


def where(_: int) -> int:
    """The process that this runs in."""
    return os.getpid()


def read_shared(_: int) -> str:
    """A text that the pool shares."""
    return shared(str)


def stop(_: int) -> None:
    """End this process, as a system short of memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_every_executor_gives_the_same_in_order() -> None:
    """Inline, on threads and on processes."""
    wanted = [2 * number for number in NUMBERS]
    assert list(map_chunks(double, NUMBERS, InlineExecutor())) == wanted
    with ThreadPoolExecutor(3) as threads:
        assert list(map_chunks(double, NUMBERS, threads)) == wanted
    for items in (1, ENOUGH):
        with open_pool(items) as pool:
            assert list(map_chunks(double, NUMBERS, pool)) == wanted


def test_few_records_stay_in_this_process() -> None:
    """Starting processes costs more than a few records."""
    with open_pool(ENOUGH - 1) as pool:
        assert pool.submit(where, 0).result() == os.getpid()


@pooled
def test_many_records_are_shared_out() -> None:
    """Other processes do the work, and have what is shared."""
    with open_pool(ENOUGH, 7, "text") as pool:
        assert pool.submit(where, 0).result() != os.getpid()
        assert pool.submit(read_shared, 0).result() == "text"


def test_what_is_not_shared_is_an_error() -> None:
    """Inline, too, a task sees what the pool shares and nothing else."""
    with open_pool(1, 7) as pool, pytest.raises(TypeError, match="no str is shared"):
        pool.submit(read_shared, 0).result()


@pooled
def test_a_process_that_is_stopped_is_noticed() -> None:
    """No result is waited for for ever, and the user is told."""
    with pytest.raises(UserError, match="was stopped"), open_pool(ENOUGH) as pool:
        pool.submit(stop, 0).result()


ORPHANS = """
import os, signal, sys
from build_scripts.errors import UserError
from build_scripts.workers import ENOUGH, open_pool

held = open(sys.argv[1], "w")
with open_pool(ENOUGH) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pooled
def test_workers_end_with_the_first_process(tmp_path: Path) -> None:
    """Killed without a word, it leaves nobody who waits for work and holds what it held."""
    command = [sys.executable, "-c", ORPHANS, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        said, _ = process.communicate(timeout=60)  # ends when all who could write there are gone
    assert int(said) != process.pid
    assert process.returncode == -signal.SIGKILL
