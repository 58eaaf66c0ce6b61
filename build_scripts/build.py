"""`belts build`: the site into a staging folder, then one swap; a failed build leaves the last good site.

MkDocs itself is loaded only when it has to run (`publisher`).
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from .ahead import made_ahead
from .cache import Cache
from .checkout import find_origin
from .diagnostics import Diagnostic
from .files import list_files
from .ledger import Ledger
from .project import BuildFailed, Prepared, Project, prepare_project
from .search_engine import SearchFailed
from .settings import Settings, find_settings
from .site import RenderFailed
from .skeletons import KeptSkeleton, read_skeleton, save_skeleton, skeleton_key, start_skeleton
from .unchanged import (
    CACHE,
    RESULTS,
    LastBuild,
    find_unchanged,
    forget_build,
    look_around,
    look_at,
    note_build,
    read_settings,
    walk_known,
)
from .workers import can_fork, leave_interrupts, uncollected
from .write import Stores, is_page, start_press

_STAGING = ".building"
_PREVIOUS = ".previous"
_LOCK = ".lock"
_LEDGER = ".ledger"
STOPPED = (
    "有一个生成页面的进程被终止，多半是内存不够；原来的网站没有动，请再试一次。"
    "（a process that makes pages was stopped, most likely for want of memory; the site is as it was, try again）"
)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A finished build: where the site is, how many records and pages it has, every warning and note."""

    site: Path
    records: int
    pages: int
    diagnostics: tuple[Diagnostic, ...] = ()


def build_site(root: Path, *, fill: bool = True, has_changed: bool = False) -> BuildResult:
    """Build the site of the project at `root` strictly and swap it in; a second build waits for the first.

    Nothing is done where nothing has changed; `has_changed` says that the caller has just found out that it has.

    Raises `Problems` for faults in the data and `BuildFailed` for what MkDocs refuses; in both cases the
    site that was there stays as it was.
    """
    cache = Cache(root / RESULTS)
    settings = find_settings(root, cache)
    project, target = settings.project, settings.site
    with _alone(target) as had_to_wait, uncollected():
        if fill and (had_to_wait or not has_changed) and (last := find_unchanged(root)):
            return BuildResult(target, last.records, last.pages)
        forget_build(root)
        around, inputs = look_around(root), look_at(watched_paths(root, settings))
        staging = recover(target)
        stores = Stores(Ledger(target, _beside(target, _LEDGER)), cache)
        make = _fill if fill else _publish
        try:
            made = make(project, staging, stores)
        except (RenderFailed, SearchFailed) as error:
            raise BuildFailed(str(error)) from None
        except BrokenProcessPool:
            raise BuildFailed(STOPPED) from None
        swap(staging, target)
        there = walk_known(str(target), made.files, made.known)
        stores.save(there)
        prepared, pages = made.prepared, sum(map(is_page, made.files))
        result = BuildResult(target, len(prepared.dataset.entries), pages, prepared.diagnostics)
        if fill and not prepared.diagnostics:
            note_build(root, inputs, LastBuild(str(target), result.records, result.pages), there, around)
        return result


class _Made(NamedTuple):
    """A finished site: from what, the path of each file, and the status of those that nothing was done to."""

    prepared: Prepared
    files: Sequence[str]
    known: Mapping[str, os.stat_result]


def _fill(project: Project, staging: Path, stores: Stores) -> _Made:
    """Make the site by the fill path in `staging`, beside the last one. Raises BuildFailed."""
    origin = find_origin(project.root, os.environ)
    with made_ahead(project) as ahead:
        with carried(stores.ledger, staging):
            prepared = prepare_project(project, stores.cache)
        with start_press(prepared, stores, ahead) as press:
            # Meanwhile, words of the search are looked up.
            kept = prepare_skeleton(project, prepared)
            files = press.write_site(staging, kept.skeleton, origin, kept.files)
    return _Made(prepared, files, stores.ledger.statuses)


def _publish(project: Project, staging: Path, stores: Stores) -> _Made:
    """Make the site in `staging` with every page through MkDocs. Raises BuildFailed."""
    from .publisher import load_settings, run_mkdocs

    prepared = prepare_project(project, stores.cache)
    shutil.rmtree(staging, ignore_errors=True)
    run_mkdocs(*load_settings(project.root), prepared, staging)
    return _Made(prepared, list_files(staging), {})


def watched_paths(root: Path, settings: Settings) -> list[str]:
    """Where everything stands that a build reads."""
    project, node_modules = settings.project, settings.node_modules
    folders = (root / project.belts, root / project.content, settings.templates, root / "requirements")
    files = (*read_settings(root), root / "package-lock.json", node_modules / ".package-lock.json")
    return [str(path) for path in (*folders, *files, Path(__file__).parent)]


def prepare_skeleton(project: Project, prepared: Prepared) -> KeptSkeleton:
    """The skeleton of the last build, or what MkDocs makes now."""
    root = project.root
    key = skeleton_key(root, prepared, project.content)
    folder = root / CACHE / "skeleton"
    kept = read_skeleton(folder, key)
    if kept is None:
        from .publisher import run_for_skeleton

        kept = save_skeleton(folder, key, run_for_skeleton(root, prepared, start_skeleton(folder)))
    return kept


@contextmanager
def _alone(target: Path) -> Iterator[bool]:
    """Hold the lock beside `target`, for two builds at once would clear each other's staging folder.

    Yields whether another one had to be waited for.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target, _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            had_to_wait = False
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_EX)
            had_to_wait = True
        yield had_to_wait


def recover(target: Path) -> Path:
    """Put back what a build killed between two renames has taken away; returns the staging folder.

    The site before the last one, or what an interrupted build has left, may stand there.
    """
    staging, previous = _beside(target, _STAGING), _beside(target, _PREVIOUS)
    if previous.exists():
        if target.exists():
            shutil.rmtree(staging, ignore_errors=True)
            previous.rename(staging)
        else:
            previous.rename(target)
    return staging


@contextmanager
def carried(ledger: Ledger, staging: Path) -> Iterator[None]:
    """Meanwhile the last site's files are linked into the staging folder, and others removed, by a process of its own.

    It holds the lock too: should this one be killed, the next build waits for it.
    """
    if not can_fork():
        ledger.note_linked(ledger.carry(staging))
        yield
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_carry, args=(ledger, staging, theirs))
    process.start()
    theirs.close()
    try:
        yield
    finally:
        try:
            linked = ours.recv()
        except EOFError:  # it was stopped
            linked = ledger.carry(staging)
        ledger.note_linked(linked)
        process.join()


def _carry(ledger: Ledger, staging: Path, connection: Connection) -> None:
    leave_interrupts()
    with suppress(OSError):  # which the build meets too, when it does this itself
        connection.send(ledger.carry(staging))


def swap(staging: Path, target: Path) -> None:
    """Put a finished staging folder in the place of `target`, and that in the staging folder's."""
    previous = _beside(target, _PREVIOUS)
    if target.exists():
        target.rename(previous)
    staging.rename(target)
    if previous.exists():
        previous.rename(staging)


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}{suffix}")
