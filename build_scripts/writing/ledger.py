"""What the last build wrote and from what, so that the next one keeps what would come out the same.

Output comes in groups (a page with the files beside it, the search index, …), each with a key: a digest of
everything it is made from. A group with the same key is kept, if every one of its files still holds what was
written (told by size and times, by the content where they differ); otherwise it is made again. Without a ledger
everything is.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic_core import from_json, to_json

from ..storage.cache import Cache
from ..storage.digests import file_digest
from ..storage.files import keep_only, link_files, remove_file
from ..storage.looks import CHANGED, MOMENT_NS, Row, Walk, is_young, row_of


class Group(NamedTuple):
    """One group: its key, and the digest of each file by path inside the site, both hexadecimal."""

    key: str
    files: Mapping[str, str]


class Carried(NamedTuple):
    """What was found, beginning at one time in nanoseconds, of the last site's files when they were carried over.

    `others` are those that did not look as recorded: what they look like, if they hold what was written, or nothing.
    `linked` are the paths of those that had to be linked, and so look different since.
    """

    begun: int
    others: Mapping[str, Row | None]
    linked: Collection[str]


class Ledger:
    """The groups of the site at `site`, read from `file`; a damaged file is as good as none.

    Without a file nothing is kept, nor before the last site's files have been carried over.
    """

    def __init__(self, site: Path, file: Path | None) -> None:
        self._site = site
        self._file = file
        self._old, self._rows, self._taken = _read(file) if file else ({}, {}, 0)
        self._new: dict[str, Group] = {}
        self._whole: Mapping[str, Row] = {}
        self._carried = Carried(0, {}, ())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of an earlier build."""
        return not self._old

    def knows(self, folder: Path) -> bool:
        """Whether any file in a folder is what the last build wrote."""
        return any(_find_whole(f"{folder}/{path}", digest, None, 0) for path, digest in _digests(self._old))

    def carry(self, target: Path) -> Carried:
        """Leave in `target`, which holds an earlier site or nothing, exactly the whole files of the last site.

        Any process may do it; what it finds is to be told to `note_carried`.
        """
        begun, others = time.time_ns(), {}
        inodes: dict[str, int] = {}
        for path, digest in _digests(self._old):
            recorded = self._rows.get(path)
            row = _find_whole(f"{self._site}/{path}", digest, recorded, self._taken)
            if row:
                inodes[path] = row[-1]
            if row is None or row != recorded:
                others[path] = row
        target.mkdir(exist_ok=True)
        missing = inodes.keys() - keep_only(str(target), inodes)
        link_files(str(self._site), str(target), missing)
        return Carried(begun, others, missing)

    def note_carried(self, carried: Carried) -> None:
        """The whole files stand in the folder of the next site; now it can be told which groups stay."""
        found = ((path, carried.others.get(path, self._rows.get(path))) for path, _ in _digests(self._old))
        self._whole = {path: row for path, row in found if row}
        self._carried = carried

    def keep(self, name: str, key: bytes) -> Mapping[str, str] | None:
        """The digests of a group's files by path, if they can stay; None when they have to be made."""
        group = self._old.get(name)
        if group is None or group.key != key.hex() or not group.files.keys() <= self._whole.keys():
            return None
        self._new[name] = group
        return group.files

    def drop(self, target: Path, there: Collection[str]) -> None:
        """Remove from `target` what was carried there and is none of the files that are to be there."""
        for path in self._whole.keys() - set(there):
            remove_file(target, path)

    @property
    def rows(self) -> dict[str, Row]:
        """What each file looks like that stays, unless it has been linked since or was too young to be known again."""
        linked, long_ago = self._carried.linked, self._carried.begun - MOMENT_NS
        groups = (group for name, group in self._new.items() if self._old.get(name) is group)
        found = ((path, self._whole[path]) for group in groups for path in group.files if path not in linked)
        return {path: row for path, row in found if row[CHANGED] < long_ago}

    def note(self, name: str, key: bytes, files: Mapping[str, str]) -> None:
        """A group has been made: `files` are the digests of what was written."""
        self._new[name] = Group(key.hex(), files)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file that this build has made or kept, by its path."""
        return dict(_digests(self._new))

    def save(self, there: Walk) -> None:
        """Write what this build knows of the site that now stands, whole or not at all."""
        if self._file is None:
            return
        files = there.files
        rows = {path: files[path] for path in self.digests if path in files}
        groups = {name: (group.key, group.files) for name, group in self._new.items()}
        kept = {"taken": there.taken, "groups": groups, "rows": rows}
        temporary = self._file.with_name(f"{self._file.name}.new")
        temporary.write_bytes(to_json(kept))
        temporary.replace(self._file)


class Stores(NamedTuple):
    """What is kept between builds."""

    ledger: Ledger
    cache: Cache

    def save(self, there: Walk) -> None:
        """Keep what this build has made, and how the site looks that now stands."""
        self.ledger.save(there)
        self.cache.save()


def _digests(groups: Mapping[str, Group]) -> Iterator[tuple[str, str]]:
    return (file for group in groups.values() for file in group.files.items())


def _find_whole(path: str, digest: str, recorded: Row | None, taken: int) -> Row | None:
    """What a file looks like that still holds what was written; None for any other, a link, and what is not there."""
    try:
        row = row_of(os.lstat(path))
        if not stat.S_ISREG(row[0]):
            return None
        as_it_was = row == recorded and not is_young(row, taken)
        return row if as_it_was or file_digest(path) == digest else None
    except (OSError, ValueError):  # nothing can be called so
        return None


def _read(file: Path) -> tuple[dict[str, Group], dict[str, Row], int]:
    try:
        content = file.read_bytes()
        if b"../" in content:  # no file of a site stands outside
            return {}, {}, 0
        found = from_json(content)
        groups = {name: Group(str(key), dict(files)) for name, (key, files) in found["groups"].items()}
        return groups, dict(found["rows"]), int(found["taken"])
    except (OSError, ArithmeticError, ValueError, TypeError, AttributeError, KeyError):
        return {}, {}, 0
