"""What files look like, told as git tells it: from names, sizes and times.

No file is read but those written within moments of a look, whose times say too little. Only the standard library is
needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from .digests import file_digest

MOMENT_NS = 2_000_000_000  # the coarsest clock of a file system that people still use
_TICK_NS = 100_000_000  # more than between two ticks of a clock that tells fractions of a second
_SECOND_NS = 1_000_000_000
CHANGED = 3  # where, in a row, the time stands that no program can set

Row = Sequence[int]  # of a file: its mode, size, two times in nanoseconds and inode


class Look(NamedTuple):
    """What stood at some paths at one time, in nanoseconds: a digest of it, and whether any file's content counts."""

    paths: Sequence[str]
    taken: int
    seen: str
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What stood at a path at one time: the path of each file below it and what it looked like, in order.

    Empty folders come by their paths alone, as does what is not there. `digests` are those of files, by path inside,
    whose content is known.
    """

    path: str
    taken: int
    rows: Sequence[tuple[str, Row | None]]
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Row]:
        """The files of a folder, by path inside it."""
        start = len(self.path) + 1
        return {name[start:]: row for name, row in self.rows if row}


def look_at(paths: Iterable[str], walks: Iterable[Walk] = ()) -> Look:
    """What stands at these paths, files and all that is below folders: now, or when these walks were made."""
    known = {walked.path: walked for walked in walks}
    return summarise([known.get(path) or walk(path) for path in paths])


def look_again(look: Look) -> Look:
    """What stands at the same paths now, to be compared with what stood there."""
    return summarise([walk(path) for path in look.paths], look.taken)


def row_of(status: os.stat_result) -> Row:
    """What changes when a file is written or another takes its place."""
    return [status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def is_young(row: Row, taken: int) -> bool:
    """Whether a file may have been written again just after it was looked at, with the same time."""
    changed = row[CHANGED]
    return changed > taken - (_TICK_NS if changed % _SECOND_NS else MOMENT_NS)


def summarise(walks: Sequence[Walk], taken: int | None = None) -> Look:
    """What walks have found, judged as if all had been made at one time: at the earliest's unless another is given."""
    if taken is None:
        taken = min((walked.taken for walked in walks), default=0)
    state, was_read = hashlib.blake2b(digest_size=20), False
    for walked in walks:
        # Written without references (the version below 3), so that equal rows give equal bytes.
        state.update(marshal.dumps([(os.fsencode(name), row) for name, row in walked.rows], 2))
        for name, row in walked.rows:
            if row and stat.S_ISREG(row[0]) and is_young(row, taken):
                inside = name[len(walked.path) + 1 :]
                state.update((walked.digests.get(inside) or file_digest(name)).encode())
                was_read = True
    return Look([walked.path for walked in walks], taken, state.hexdigest(), was_read)


def walk(path: str) -> Walk:
    """All that stands at a path now."""
    return Walk(path, time.time_ns(), _walk(path))


def walk_known(path: str, files: Sequence[str], known: Mapping[str, Row], digests: Mapping[str, str]) -> Walk:
    """A walk through a folder that is known to hold just these files, in order; what some look like or hold is known too."""
    taken = time.time_ns()
    rows = [
        (f"{path}/{inside}", known.get(inside) or row_of(os.lstat(f"{path}/{inside}"))) for inside in files
    ]
    return Walk(path, taken, rows, digests)


def _walk(path: str) -> list[tuple[str, Row | None]]:
    """Each file below a path, or the path itself, in order; empty folders by name alone, what is not there as None."""
    if not os.path.isdir(path):  # noqa: PTH112
        return [(path, row_of(os.stat(path)) if os.path.exists(path) else None)]  # noqa: PTH110, PTH116
    rows: list[tuple[str, Row | None]] = []
    folders = [path]
    for folder in folders:  # to which those inside are added
        with os.scandir(folder) as found:
            entries = list(found)
            if not entries:
                rows.append((folder, None))
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    rows.append((entry.path, row_of(entry.stat(follow_symlinks=False))))
                elif entry.name != "__pycache__":
                    folders.append(entry.path)
    return sorted(rows, key=itemgetter(0))
