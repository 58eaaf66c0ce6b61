"""Locks that processes hold on files and folders; they end with whoever holds them, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, is_shared: bool = False, may_wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a folder, or of a file, which is made if need be; yields whether it had to be waited for.

    Raises BlockingIOError where it would have to be and may not. A file system without locks lets everybody pass.
    """
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _take(opened, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX, may_wait=may_wait)
    finally:
        os.close(opened)


def _take(opened: int, how: int, *, may_wait: bool) -> bool:
    try:
        fcntl.flock(opened, how | fcntl.LOCK_NB)
    except BlockingIOError:
        if not may_wait:
            raise
        fcntl.flock(opened, how)
        return True
    except OSError:  # no locks there
        return False
    return False
