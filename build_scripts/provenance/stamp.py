"""build.json: which commit, version and data a built tree is, and the SHA-256 of all that it holds.

Pages only link to it, so that a commit which changes no page changes no page's bytes. No clock is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..storage.digests import file_digest
from ..storage.files import list_files
from .worktree import NO_COMMIT, Worktree

STAMP = "build.json"


class Stamp(NamedTuple):
    """What build.json says.

    `commit` is empty when it is not known, and `modified` says that files differ from it; `data_date` is
    the newest date of a record, ISO or empty; `manifest` the SHA-256 of the tree's manifest.
    """

    version: str
    commit: str
    modified: bool
    data_date: str
    files: int
    manifest: str


class Origin(NamedTuple):
    """What a tree is built from besides the data: the program's version, the commit, the bill of materials."""

    version: str
    worktree: Worktree = NO_COMMIT
    bill: bytes = b""


def build_stamp(hashes: Mapping[str, str], data_date: str, origin: Origin) -> Stamp:
    """The stamp of a tree whose files have these hashes."""
    return Stamp(
        version=origin.version,
        commit=origin.worktree.commit,
        modified=origin.worktree.modified,
        data_date=data_date,
        files=len(hashes),
        manifest=hash_manifest(hashes),
    )


def hash_tree(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder but its stamp, by path, sorted."""
    return hash_files(folder, list_files(folder))


def hash_files(folder: Path, paths: Iterable[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The SHA-256 of these files of a tree, but of its stamp; `known` ones are not read."""
    digests = known or {}
    return {p: digests.get(p) or file_digest(f"{folder}/{p}") for p in sorted(paths) if p != STAMP}


def hash_manifest(hashes: Mapping[str, str]) -> str:
    """The SHA-256 of what `sha256sum` would print of the files, by path: one line each."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def encode_stamp(stamp: Stamp) -> bytes:
    """The bytes of build.json."""
    return (json.dumps(stamp._asdict(), ensure_ascii=False, indent=1) + "\n").encode()


def decode_stamp(content: bytes) -> Stamp:
    """A stamp from the bytes of build.json. Raises ValueError for anything else."""
    try:
        return Stamp(**json.loads(content))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"no build.json of belts: {error}") from None
