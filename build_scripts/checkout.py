"""Where a build comes from: the checkout's commit and locks."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from .bill import load_bill
from .stamp import Origin
from .worktree import find_revision


def find_origin(root: Path, environ: Mapping[str, str]) -> Origin:
    """What the checkout at `root` is."""
    program = version("belts")
    return Origin(program, find_revision(root, environ), load_bill(root, program))
