"""Locks of files and folders."""

import threading
from pathlib import Path

import pytest

from build_scripts.storage.locks import locked


@pytest.mark.parametrize("name", ["", "lock"], ids=["folder", "file"])
def test_who_may_not_wait_is_refused(name: str, tmp_path: Path) -> None:
    """And gets the lock as soon as it is free."""
    path = tmp_path / name
    with locked(path) as had_to_wait:
        assert not had_to_wait
        with pytest.raises(BlockingIOError), locked(path, may_wait=False):
            pass
    with locked(path, may_wait=False) as had_to_wait:
        assert not had_to_wait


def test_who_waits_is_told_that_it_had_to(tmp_path: Path) -> None:
    """So that it can look again at what the other one has done."""
    told: list[bool] = []

    def wait() -> None:
        with locked(tmp_path) as had_to_wait:
            told.append(had_to_wait)

    with locked(tmp_path):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(0.5)
        assert told == []
    waiting.join()
    assert told == [True]


def test_readers_share(tmp_path: Path) -> None:
    """Two may hold it at once, and nobody else has it alone meanwhile."""
    with (
        locked(tmp_path, is_shared=True),
        locked(tmp_path, is_shared=True, may_wait=False),
        pytest.raises(BlockingIOError),
        locked(tmp_path, may_wait=False),
    ):
        pass
