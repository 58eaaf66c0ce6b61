"""What the last build wrote and from what, so that the next one keeps what would come out the same.

Output comes in groups (a page with the files beside it, the search index, …), each with a key: a digest of
everything it is made from. A group with the same key is kept, if every one of its files still holds what was
written (told by size and times, by the content where they differ); otherwise it is made again. Without a ledger
everything is.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .files import file_digest, keep_only, link_file
from .unchanged import is_young, stat_row


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its key, and the digest of each file by path inside the site, both hexadecimal."""

    key: str
    files: Mapping[str, str]


class Ledger:
    """The groups of the site at `site`, read from `file`; a damaged file is as good as none.

    Without a file nothing is kept.
    """

    def __init__(self, site: Path, file: Path | None) -> None:
        self._site = site
        self._file = file
        self._old, self._rows, self._taken = _read(file) if file else ({}, {}, 0)
        self._new: dict[str, Group] = {}
        self._inodes: dict[str, int] = {}

    def knows(self, name: str, key: bytes) -> bool:
        """Whether the last build has made a group from the same."""
        group = self._old.get(name)
        return group is not None and group.key == key.hex()

    def keep(self, name: str, key: bytes) -> Mapping[str, str] | None:
        """The digests of a group's files by path, if they can stay; None when they have to be made."""
        if not self.knows(name, key):
            return None
        group = self._old[name]
        try:
            inodes = {path: self._check(path, digest) for path, digest in group.files.items()}
        except (OSError, ValueError):
            return None
        self._inodes |= inodes
        self._new[name] = group
        return group.files

    def _check(self, path: str, digest: str) -> int:
        """The inode of a file of the site that still holds what was written. Raises OSError or ValueError."""
        place = f"{self._site}/{path}"
        status = os.stat(place)  # noqa: PTH116 (thousands of them)
        if self._rows.get(path) != stat_row(status) or is_young(status, self._taken):
            self._rows.pop(path, None)
            if file_digest(place) != digest:
                raise ValueError(path)
        return status.st_ino

    def carry(self, target: Path) -> None:
        """Leave in `target`, which holds an earlier site or nothing, exactly the files that are kept."""
        target.mkdir(exist_ok=True)
        for path in self._inodes.keys() - keep_only(str(target), self._inodes):
            link_file(f"{self._site}/{path}", f"{target}/{path}")
            self._rows.pop(path, None)  # a link more, and the time of change is another

    def note(self, name: str, key: bytes, files: Mapping[str, str]) -> None:
        """A group has been made: `files` are the digests of what was written."""
        self._new[name] = Group(key.hex(), files)
        for path in files:
            self._rows.pop(path, None)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file that this build has made or kept, by its path."""
        return {path: digest for group in self._new.values() for path, digest in group.files.items()}

    def save(self) -> None:
        """Write what this build knows of the site that now stands, whole or not at all."""
        if self._file is None:
            return
        taken = time.time_ns()
        rows = {path: self._rows.get(path) or self._look(path) for path in self.digests}
        groups = {name: [group.key, dict(group.files)] for name, group in self._new.items()}
        temporary = self._file.with_name(f"{self._file.name}.new")
        temporary.write_text(json.dumps({"taken": taken, "groups": groups, "rows": rows}), encoding="utf-8")
        temporary.replace(self._file)

    def _look(self, path: str) -> tuple[int, ...]:
        return stat_row(os.stat(f"{self._site}/{path}"))  # noqa: PTH116 (thousands of them)


def _read(file: Path) -> tuple[dict[str, Group], dict[str, tuple[int, ...]], int]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        groups = {name: Group(str(key), dict(files)) for name, (key, files) in found["groups"].items()}
        rows = {path: tuple(map(int, row)) for path, row in found["rows"].items()}
        return groups, rows, int(found["taken"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}, {}, 0
