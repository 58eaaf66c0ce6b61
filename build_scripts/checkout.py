"""Where a build comes from: the checkout's commit and locks.

The commit is asked of git; where there is no git, CI names it in BELTS_COMMIT.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from .bill import load_bill
from .stamp import Origin, Revision

VARIABLE = "BELTS_COMMIT"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def find_origin(root: Path, environ: Mapping[str, str]) -> Origin:
    """What the checkout at `root` is."""
    program = version("belts")
    return Origin(program, find_revision(root, environ), load_bill(root, program))


def find_revision(root: Path, environ: Mapping[str, str]) -> Revision:
    """What is being built at `root`; BELTS_COMMIT decides alone when it holds a commit's id."""
    named = environ.get(VARIABLE, "")
    if _COMMIT.fullmatch(named):
        return Revision(named)
    commit = _ask_git(root, "rev-parse", "HEAD").strip()
    return Revision(commit, bool(commit and _ask_git(root, "status", "--porcelain", "--", ".")))


def _ask_git(root: Path, *words: str) -> str:
    """What git prints, or nothing when there is no git, no repository or no commit."""
    try:
        done = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout
