"""What the last build wrote and from what, so that the next one keeps what would come out the same.

Output comes in groups (a page with the files beside it, the search index, …), each with a key: a digest of
everything it is made from. A group with the same key is kept, if every one of its files still holds what was
written (told by size and times, by the content where they differ); otherwise it is made again. Without a ledger
everything is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json, to_json

from .files import file_digest, keep_only, link_file, remove_file
from .unchanged import Walk, is_young, stat_row


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
        self._old, rows, taken = _read(file) if file else ({}, {}, 0)
        self._new: dict[str, Group] = {}
        self._looked = time.time_ns()
        files = ((p, digest) for group in self._old.values() for p, digest in group.files.items())
        found = {path: _find_whole(f"{site}/{path}", digest, rows.get(path), taken) for path, digest in files}
        self._whole = {path: status for path, status in found.items() if status}
        self._linked: set[str] = set()

    def keep(self, name: str, key: bytes) -> Mapping[str, str] | None:
        """The digests of a group's files by path, if they can stay; None when they have to be made."""
        group = self._old.get(name)
        if group is None or group.key != key.hex() or not group.files.keys() <= self._whole.keys():
            return None
        self._new[name] = group
        return group.files

    def carry(self, target: Path) -> set[str]:
        """Leave in `target`, which holds an earlier site or nothing, exactly the whole files of the last site.

        Returns the paths of those that had to be linked; they are to be told to `note_linked`.
        """
        target.mkdir(exist_ok=True)
        inodes = {path: status.st_ino for path, status in self._whole.items()}
        missing = inodes.keys() - keep_only(str(target), inodes)
        for path in missing:
            link_file(f"{self._site}/{path}", f"{target}/{path}")
        return missing

    def note_linked(self, paths: Iterable[str]) -> None:
        """Files have been linked, by whichever process: their status is not what it was."""
        self._linked.update(paths)

    def drop(self, target: Path, there: Collection[str]) -> None:
        """Remove from `target` what was carried there and is none of the files that are to be there."""
        for path in self._whole.keys() - set(there):
            remove_file(target, path)

    @property
    def statuses(self) -> dict[str, os.stat_result]:
        """What was found at the beginning of each file that stays, is known again by it and has not been linked since."""
        groups = (group for name, group in self._new.items() if self._old.get(name) is group)
        paths = (path for group in groups for path in group.files)
        found = {path: self._whole[path] for path in paths if path not in self._linked}
        return {path: status for path, status in found.items() if not is_young(status, self._looked)}

    def note(self, name: str, key: bytes, files: Mapping[str, str]) -> None:
        """A group has been made: `files` are the digests of what was written."""
        self._new[name] = Group(key.hex(), files)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file that this build has made or kept, by its path."""
        return {path: digest for group in self._new.values() for path, digest in group.files.items()}

    def save(self, there: Walk) -> None:
        """Write what this build knows of the site that now stands, whole or not at all."""
        if self._file is None:
            return
        statuses = there.statuses
        rows = {path: stat_row(statuses[path]) for path in self.digests if path in statuses}
        groups = {name: [group.key, dict(group.files)] for name, group in self._new.items()}
        kept = {"taken": there.taken, "groups": groups, "rows": rows}
        temporary = self._file.with_name(f"{self._file.name}.new")
        temporary.write_bytes(to_json(kept))
        temporary.replace(self._file)


def _find_whole(path: str, digest: str, row: tuple[int, ...] | None, taken: int) -> os.stat_result | None:
    """The status of a file that still holds what was written; None for any other, and for what is not there."""
    try:
        status = os.stat(path)  # noqa: PTH116 (thousands of them)
        as_it_was = stat_row(status) == row and not is_young(status, taken)
        return status if as_it_was or file_digest(path) == digest else None
    except OSError:
        return None


def _read(file: Path) -> tuple[dict[str, Group], dict[str, tuple[int, ...]], int]:
    try:
        found = from_json(file.read_bytes())
        groups = {name: Group(str(key), dict(files)) for name, (key, files) in found["groups"].items()}
        rows = {path: tuple(map(int, row)) for path, row in found["rows"].items()}
        return groups, rows, int(found["taken"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}, {}, 0
