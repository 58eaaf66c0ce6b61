"""Which commit a checkout is at, and whether its files differ from it.

The commit is asked of git; where there is no git, CI names it in BELTS_COMMIT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from typing import NamedTuple

VARIABLE = "BELTS_COMMIT"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_SPECIAL = re.compile(r"[*?\[\]\\]")  # in a pattern of git's
_HEAD = "# branch.oid "  # then the commit, or another word where there is none yet


class Worktree(NamedTuple):
    """What git says of a checkout: its commit, empty where there is none, and whether files differ from that.

    `refusal` is why git said nothing where there is a repository all the same.
    """

    commit: str = ""
    modified: bool = False
    refusal: str = ""


NO_COMMIT = Worktree()


def find_worktree(root: Path, environ: Mapping[str, str], site: Path | None = None) -> Worktree:
    """Return what is being built at `root`, as `asking_worktree` finds it."""
    with asking_worktree(root, environ, site) as await_worktree:
        return await_worktree()


@contextmanager
def asking_worktree(
    root: Path, environ: Mapping[str, str], site: Path | None = None
) -> Iterator[Callable[[], Worktree]]:
    """Ask git what is being built at `root`; the value is a function that waits for the answer.

    The folder `site` and what stands beside it are no part of the checkout. BELTS_COMMIT decides alone when it holds a
    commit's id.
    """
    named = environ.get(VARIABLE, "")
    if _COMMIT.fullmatch(named):
        yield partial(Worktree, named)
        return
    excluded = _exclude(root, site) if site else ()
    command = ("git", "status", "--porcelain=v2", "--branch", "--no-ahead-behind", "--", ".", *excluded)
    try:
        process = Popen(command, cwd=root, stdout=PIPE, stderr=PIPE, text=True)
    except OSError as error:
        yield partial(_refuse, root, f"git: {error.strerror}")
        return
    with process:
        yield partial(_read_answer, root, process)


def _read_answer(root: Path, process: Popen[str]) -> Worktree:
    status, complaint = process.communicate()
    if not process.returncode:
        return _read_status(status)
    # Git's own words: the first line, for the others give advice.
    first = next(iter(complaint.splitlines()), f"git: exit {process.returncode}")
    return _refuse(root, first.removeprefix("fatal: "))


def _refuse(root: Path, reason: str) -> Worktree:
    """Return that nothing is known, with the reason where there is a repository."""
    return Worktree(refusal=reason) if _is_repository(root) else NO_COMMIT


def _exclude(root: Path, site: Path) -> Iterator[str]:
    """The patterns that git takes for a site's folder and for `.NAME.*` beside it; none where that is elsewhere."""
    if site.is_relative_to(root) and site != root:
        folder = site.parent.relative_to(root).as_posix()
        yield f":(exclude,literal){folder}/{site.name}"
        yield ":(exclude)" + _SPECIAL.sub(r"\\\g<0>", f"{folder}/.{site.name}.") + "*"


def _is_repository(root: Path) -> bool:
    """Whether a repository's data stand at `root` or above it."""
    return any((folder / ".git").exists() for folder in (root, *root.parents))


def _read_status(status: str) -> Worktree:
    """A status as https://git-scm.com/docs/git-status describes its second porcelain format."""
    lines = status.splitlines()
    commits = (line.removeprefix(_HEAD) for line in lines if line.startswith(_HEAD))
    commit = next(filter(_COMMIT.fullmatch, commits), "")
    return Worktree(commit, bool(commit) and any(not line.startswith("#") for line in lines))
