"""Bytes put aside: in a file without a name that is there as long as this process, and those it forks may read it.

Or held in memory, where there are not so many.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Shelf:
    """Where bytes are put aside."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed when nobody can ask for it)
        self._end = 0
        weakref.finalize(self, self._file.close)

    def put(self, content: bytes) -> Shelved:
        """Put bytes aside. Raises OSError when there is no room."""
        kept = Shelved(self, self._end, len(content))
        while content:
            written = os.pwrite(self._file.fileno(), content, self._end)
            self._end += written
            content = content[written:]
        return kept

    def read(self, start: int, length: int) -> bytes:
        """Bytes that were put aside."""
        return os.pread(self._file.fileno(), length, start)


class Shelved(NamedTuple):
    """Where bytes put aside are."""

    shelf: Shelf
    start: int
    length: int

    def read(self) -> bytes:
        """The bytes."""
        return self.shelf.read(self.start, self.length)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Bytes in memory."""

    content: bytes

    def read(self) -> bytes:
        """The bytes."""
        return self.content


class Kept(Protocol):
    """Bytes that can be had again."""

    def read(self) -> bytes:
        """The bytes."""
