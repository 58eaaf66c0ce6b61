"""`belts build`: the site into a staging folder, then one swap; a failed build leaves the last good site.

What makes the site takes long to load (`making`): meanwhile the staging folder is made ready.
"""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..layout import BELTS, CONTENT, PROGRAM, RESULTS, Project
from ..settings_files import read_settings_files
from ..storage.files import is_page
from ..storage.locks import locked
from ..storage.looks import look_at, walk_known
from ..unchanged import (
    LastBuild,
    Surroundings,
    find_unchanged,
    forget_build,
    look_around,
    note_build,
)
from ..workers import can_fork, leave_interrupts, uncollected
from ..writing.site_folder import LEDGER, LOCK, PREVIOUS, STAGING, beside, check_site_folder
from ..writing.warmup import WarmUp, warming_up

if TYPE_CHECKING:
    from ..faults.diagnostics import Diagnostic
    from ..provenance.worktree import Worktree
    from ..writing.ledger import Ledger, Stores
    from .making import MadeSite
    from .settings import Settings


class BuildResult(NamedTuple):
    """A finished build: where the site is, how many records and pages it has, every warning and note."""

    site: Path
    records: int
    pages: int
    diagnostics: tuple[Diagnostic, ...] = ()


def build_site(root: Path, *, fill: bool = True, around: Surroundings | None = None) -> BuildResult:
    """Build the site of the project at `root` strictly and swap it in; a second build waits for the first.

    Nothing is done where nothing has changed; `around` is what `look_around` has just said to a caller who knows that
    something has.

    Raises `Problems` for faults in the data and `UserError` for what MkDocs refuses and for a folder that no site
    may replace; in any case what was there stays as it was.
    """
    with warming_up(root) if fill else nullcontext() as warm_up:
        return _build(root, fill, around, warm_up)


def _build(root: Path, fill: bool, found: Surroundings | None, warm_up: WarmUp | None) -> BuildResult:  # noqa: FBT001
    # These take long to load; by now the process that warms up is under way.
    from ..storage.cache import Cache
    from ..writing.ledger import Ledger, Stores
    from .settings import find_settings

    cache = Cache(root / RESULTS)
    settings = find_settings(root, cache)
    project, target = settings.project, settings.site
    if not beside(target, LOCK).exists():
        check_site_folder(project, target)  # before anything stands beside a folder that is none of ours
    with _alone(target) as had_to_wait, uncollected():
        around = found if found and not had_to_wait else look_around(root, target)
        if fill and around is not found and (last := find_unchanged(root, around)):
            return BuildResult(target, last.records, last.pages, last.diagnostics)
        check_site_folder(project, target)
        if warm_up:
            warm_up.begin(project)
        forget_build(root)
        inputs = look_at(watched_paths(root, settings), around.walks)
        staging = recover(target)
        stores = Stores(Ledger(target, beside(target, LEDGER)), cache)
        if fill:
            made = _fill(project, staging, stores, around.worktree, warm_up)
        else:
            made = _publish(project, staging, stores)
        swap(staging, target)
        there = walk_known(str(target), made.files, made.known, stores.ledger.digests)
        stores.save(there)
        prepared, pages = made.prepared, sum(map(is_page, made.files))
        diagnostics = (*prepared.diagnostics, *_check_worktree(around.worktree))
        result = BuildResult(target, len(prepared.dataset.entries), pages, diagnostics)
        if fill:
            last = LastBuild(str(target), result.records, pages, diagnostics)
            note_build(root, around, inputs, last, there)
        return result


def _check_worktree(worktree: Worktree) -> Iterator[Diagnostic]:
    """B719 where git does not tell the commit of a repository."""
    from ..faults.diagnostics import diagnose_file

    if worktree.refusal:
        yield diagnose_file(".git", "B719", reason=worktree.refusal)


def _fill(
    project: Project, staging: Path, stores: Stores, worktree: Worktree, warm_up: WarmUp | None
) -> MadeSite:
    with carried(stores.ledger, staging) as await_staging:
        from .making import fill_site  # which takes long to load

        return fill_site(project, staging, stores, worktree, await_staging, warm_up)


def _publish(project: Project, staging: Path, stores: Stores) -> MadeSite:
    from .making import publish_site

    return publish_site(project, staging, stores)


def watched_paths(root: Path, settings: Settings) -> list[str]:
    """Where everything stands that a build reads."""
    named = (settings.templates, *settings.project.settings.inputs)
    folders = (root / BELTS, root / CONTENT, *named, root / "requirements")
    locks = (root / "package-lock.json", settings.node_modules / ".package-lock.json")
    files = (*read_settings_files(root), *locks)
    return [str(path) for path in (*folders, *files, PROGRAM)]


@contextmanager
def _alone(target: Path) -> Iterator[bool]:
    """Hold the lock beside `target`, for two builds at once would clear each other's staging folder.

    Yields whether another one had to be waited for.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with locked(beside(target, LOCK)) as had_to_wait:
        yield had_to_wait


def recover(target: Path) -> Path:
    """Put back what a build killed between two renames has taken away; returns the staging folder.

    The site before the last one, or what an interrupted build has left, may stand there.
    """
    staging, previous = beside(target, STAGING), beside(target, PREVIOUS)
    if previous.exists():
        if target.exists():
            shutil.rmtree(staging, ignore_errors=True)
            previous.rename(staging)
        else:
            previous.rename(target)
    return staging


@contextmanager
def carried(ledger: Ledger, staging: Path) -> Iterator[Callable[[], None]]:
    """Meanwhile a process of its own makes the staging folder hold what is whole of the last site; call it to wait.

    It holds the lock too: should this one be killed, the next build waits for it.
    """
    if not can_fork():
        yield lambda: ledger.note_carried(ledger.carry(staging))
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_carry, args=(ledger, staging, ours, theirs))
    process.start()
    theirs.close()

    def wait() -> None:
        try:
            found = ours.recv()
        except (EOFError, OSError):  # it was stopped, before or while it told
            found = ledger.carry(staging)
        ledger.note_carried(found)

    try:
        yield wait
    finally:
        with suppress(EOFError, OSError):  # there is nothing left
            ours.recv()  # or a process that nobody listens to would not end
        process.join()


def _carry(ledger: Ledger, staging: Path, theirs: Connection, ours: Connection) -> None:
    leave_interrupts()
    theirs.close()  # so that this process is told, and ends, when the first one is killed
    with suppress(OSError):  # of that; any other the build meets too, when it does this itself
        ours.send(ledger.carry(staging))


def swap(staging: Path, target: Path) -> None:
    """Put a finished staging folder in the place of `target`, and that in the staging folder's."""
    previous = beside(target, PREVIOUS)
    if target.exists():
        target.rename(previous)
    staging.rename(target)
    if previous.exists():
        previous.rename(staging)
