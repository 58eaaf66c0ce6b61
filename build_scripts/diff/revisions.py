"""What stood in a checkout at another revision: git asked for its files, which are put into a folder.

Git is called without a shell, and no revision is ever read as an option. Knows nothing of records.
"""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from ..errors import UsageError

_NONE = "没有这个版本，或没有共同的起点 (no such revision, or no common ancestor)"


class Revision(NamedTuple):
    """One commit: its full name, and the day it was committed as `2026-11-21`."""

    commit: str
    date: str

    @property
    def short(self) -> str:
        """The first twelve digits of its name."""
        return self.commit[:12]


def find_revision(root: Path, name: str) -> Revision:
    """The commit that a branch, tag, id or `HEAD~1` stands for. Raises UsageError."""
    commit = (
        _git(root, name, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        .decode()
        .strip()
    )
    return Revision(commit, _git(root, name, "show", "-s", "--format=%cs", commit).decode().strip())


def find_fork(root: Path, left: str, right: str) -> Revision:
    """The commit where two revisions parted, as in `main...HEAD`. Raises UsageError."""
    sides = (find_revision(root, left).commit, find_revision(root, right).commit)
    return find_revision(root, _git(root, f"{left}...{right}", "merge-base", *sides).decode().strip())


def extract_revision(root: Path, revision: Revision, folders: Sequence[str], target: Path) -> None:
    """Write the regular files of some folders of `root`, as they were, below `target`; absent ones are left out.

    Raises UsageError when git cannot.
    """
    listed = _git(root, revision.short, "ls-tree", "--name-only", "-z", revision.commit, "--", *folders)
    present = [name for name in listed.decode().split("\0") if name]
    if not present:
        return
    archive = _git(root, revision.short, "archive", "--format=zip", "-0", revision.commit, "--", *present)
    with ZipFile(BytesIO(archive)) as files:
        files.extractall(target, (file for file in files.infolist() if not _is_link(file)))


def _is_link(file: ZipInfo) -> bool:
    return stat.S_ISLNK(file.external_attr >> 16)


def _git(root: Path, asked: str, *words: str) -> bytes:
    """The output of one git command. Raises UsageError with what was asked for and git's own reason."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git: {error.strerror}") from None
    if done.returncode:
        raise UsageError(f"{asked}: {done.stderr.decode('utf-8', 'replace').strip() or _NONE}")
    return done.stdout
