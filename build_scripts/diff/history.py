"""Editions of the past: what the site showed at a revision, and the two sides of a comparison."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from ..layout import BELTS, CONTENT
from .editions import Edition, load_edition
from .revisions import Revision, extract_revision, find_fork, find_revision


class Side(NamedTuple):
    """One side of the comparison: a revision, or None for the files as they are now."""

    name: str
    revision: Revision | None


def find_sides(root: Path, words: str) -> tuple[Side, Side]:
    """What `REV` (against the files as they are), `REV..REV` or `REV...REV` compares. Raises UsageError."""
    left, dots, right = words.partition("...")
    if dots:
        sides = left or "HEAD", right or "HEAD"
        return Side(words, find_fork(root, *sides)), Side(sides[1], find_revision(root, sides[1]))
    left, dots, right = words.partition("..")
    before = Side(left or "HEAD", find_revision(root, left or "HEAD"))
    return before, Side(right or "HEAD", find_revision(root, right or "HEAD")) if dots else Side("", None)


def load_side(root: Path, side: Side) -> Edition:
    """The edition of one side. Raises UsageError when git cannot give it."""
    if side.revision is None:
        return load_edition(root)
    with tempfile.TemporaryDirectory(prefix="belts-") as folder:
        extract_revision(root, side.revision, (BELTS, CONTENT), Path(folder))
        return load_edition(Path(folder))
