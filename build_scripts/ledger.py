"""What the last build wrote and from what, so that the next one keeps what would come out the same.

Output comes in groups (a page with the files beside it, the search index, …), each with a key: a digest of
everything it is made from. A group with the same key is linked from the last site, if every one of its files
still holds what was written; otherwise it is made again. Without a ledger everything is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its key, and the digest of each file by path inside the site, both hexadecimal."""

    key: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole build in short: the digest of all that it read, hexadecimal, and what it made."""

    inputs: str
    records: int = 0
    pages: int = 0


class Ledger:
    """The groups of the site at `site`, read from `file`; a damaged file is as good as none.

    Without a file nothing is kept.
    """

    def __init__(self, site: Path, file: Path | None) -> None:
        self._site = site
        self._file = file
        self._old, self.summary = _read(file) if file else ({}, None)
        self._new: dict[str, Group] = {}

    def knows(self, name: str, key: bytes) -> bool:
        """Whether the last build has made a group from the same."""
        group = self._old.get(name)
        return group is not None and group.key == key.hex()

    def reuse(self, name: str, key: bytes, target: Path) -> Mapping[str, str] | None:
        """Link a group's files into `target`; their digests by path, or None when it has to be made."""
        if not self.knows(name, key) or not self._is_whole(group := self._old[name]):
            return None
        made: set[str] = set()
        for path in group.files:
            folder = os.path.dirname(path)  # noqa: PTH120 (thousands of them)
            if folder not in made:
                os.makedirs(f"{target}/{folder}", exist_ok=True)  # noqa: PTH103 (as above)
                made.add(folder)
            _link(f"{self._site}/{path}", f"{target}/{path}")
        self._new[name] = group
        return group.files

    def _is_whole(self, group: Group) -> bool:
        try:
            return all(file_digest(f"{self._site}/{p}") == digest for p, digest in group.files.items())
        except OSError:
            return False

    def note(self, name: str, key: bytes, files: Mapping[str, str]) -> None:
        """A group has been made: `files` are the digests of what was written."""
        self._new[name] = Group(key.hex(), files)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of every file that this build has made or kept, by its path."""
        return {path: digest for group in self._new.values() for path, digest in group.files.items()}

    def save(self) -> None:
        """Write what this build knows, whole or not at all."""
        if self._file is None:
            return
        groups = {name: [group.key, dict(group.files)] for name, group in self._new.items()}
        text = json.dumps({"summary": self.summary and astuple(self.summary), "groups": groups})
        temporary = self._file.with_name(f"{self._file.name}.new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self._file)


def content_digest(content: bytes) -> str:
    """The SHA-256 of a file's content, which the ledger keeps and the stamp's manifest lists."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: str) -> str:
    """The digest of a file on disk. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 (thousands of them)
        return content_digest(file.read())


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _read(file: Path) -> tuple[dict[str, Group], Summary | None]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        groups = {name: Group(str(key), dict(files)) for name, (key, files) in found["groups"].items()}
        return groups, Summary(*found["summary"]) if found["summary"] else None
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}, None
