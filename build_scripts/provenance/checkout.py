"""Where a build comes from: the checkout's commit and locks."""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from pathlib import Path

from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest, remember
from .bill import read_locks, render_bill
from .stamp import Origin
from .worktree import Worktree


def find_origin(root: Path, worktree: Worktree, cache: Cache = NO_CACHE) -> Origin:
    """What a site that is built at `root` is made of."""
    program = version("belts")
    return Origin(program, worktree, _make_bill(root, program, cache).encode())


def _make_bill(root: Path, program: str, cache: Cache) -> str:
    """The bill of materials, empty where there are no locks; kept, for it takes long to ask all for their licences."""
    locks = read_locks(root)
    if locks is None:
        return ""
    key = digest_of(program_digest(), b"bill", *(text.encode() for text in (program, *locks)))
    return remember(cache, key, str, partial(render_bill, *locks, program))
