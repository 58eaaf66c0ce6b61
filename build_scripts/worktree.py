"""Which commit a checkout is at, and whether its files differ from it.

The commit is asked of git; where there is no git, CI names it in BELTS_COMMIT.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "BELTS_COMMIT"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_HEAD = "# branch.oid "  # then the commit, or another word where there is none yet


@dataclass(frozen=True, slots=True)
class Revision:
    """The commit that is being built, or an empty one."""

    commit: str = ""
    modified: bool = False


NO_REVISION = Revision()


def find_revision(root: Path, environ: Mapping[str, str]) -> Revision:
    """What is being built at `root`; BELTS_COMMIT decides alone when it holds a commit's id."""
    named = environ.get(VARIABLE, "")
    if _COMMIT.fullmatch(named):
        return Revision(named)
    return _read_status(
        _ask_git(root, "status", "--porcelain=v2", "--branch", "--no-ahead-behind", "--", ".")
    )


def _ask_git(root: Path, *words: str) -> str:
    """What git prints, or nothing when there is no git or no repository."""
    try:
        done = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def _read_status(status: str) -> Revision:
    """A status as https://git-scm.com/docs/git-status describes its second porcelain format."""
    lines = status.splitlines()
    commits = (line.removeprefix(_HEAD) for line in lines if line.startswith(_HEAD))
    commit = next(filter(_COMMIT.fullmatch, commits), "")
    return Revision(commit, bool(commit) and any(not line.startswith("#") for line in lines))
