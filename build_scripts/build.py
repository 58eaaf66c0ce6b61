"""`belts build`: MkDocs into a staging folder, then one swap; a failed build leaves the last good site.

One of the few modules that know MkDocs; a test names them.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from .cache import Cache
from .checkout import find_origin
from .diagnostics import Diagnostic
from .files import list_files
from .ledger import Ledger
from .mkdocs_plugin import BeltsPlugin, project_of
from .project import Prepared, Project, prepare_project
from .search_engine import SearchFailed
from .site import RenderFailed
from .skeletons import KeptSkeleton, read_skeleton, save_skeleton, skeleton_key, start_skeleton
from .stamp import Origin
from .unchanged import LastBuild, find_unchanged, forget_build, look_at, note_build, walk
from .workers import leave_interrupts, uncollected
from .write import Stores, start_press

_STAGING = ".building"
_PREVIOUS = ".previous"
_LOCK = ".lock"
_LEDGER = ".ledger"
CACHE = ".cache/belts"
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


class BuildFailed(Exception):
    """MkDocs refused the site (a broken link, a warning in strict mode); its log says why."""


def build_site(root: Path, *, fill: bool = True) -> BuildResult:
    """Build the site of the project at `root` strictly and swap it in; a second build waits for the first.

    Raises `Problems` for faults in the data and `BuildFailed` for what MkDocs refuses; in both cases the
    site that was there stays as it was.
    """
    config, plugin = load_settings(root)
    target = Path(config.site_dir)
    project = project_of(config, plugin.config)
    with _alone(target), uncollected():
        if fill and (last := find_unchanged(root)):
            return BuildResult(target, last.records, last.pages)
        forget_build(root)
        inputs = look_at(watched_paths(root, project))
        origin, staging = find_origin(root, os.environ), recover(target)
        stores = Stores(Ledger(target, _beside(target, _LEDGER)), Cache(root / CACHE / "results.sqlite"))
        with mirrored(target, staging) if fill else nullcontext():
            prepared = prepare_project(project, stores.cache)
        if fill:
            pages = _fill(root, prepared, staging, stores, origin)
        else:
            shutil.rmtree(staging, ignore_errors=True)
            run_mkdocs(config, plugin, prepared, staging)
            pages = sum(path.endswith("index.html") for path in list_files(staging))
        swap(staging, target)
        there = walk(str(target))
        stores.save(there)
        result = BuildResult(target, len(prepared.dataset.entries), pages, prepared.diagnostics)
        if fill and not prepared.diagnostics:
            note_build(root, inputs, LastBuild(str(target), result.records, result.pages), there)
        return result


def _fill(root: Path, prepared: Prepared, staging: Path, stores: Stores, origin: Origin) -> int:
    """The site by the fill path into `staging`; returns the number of pages. Raises BuildFailed."""
    try:
        with start_press(prepared, stores) as press:
            kept = prepare_skeleton(root, prepared)  # meanwhile, words of the search are looked up
            return press.write_site(staging, kept.skeleton, origin, kept.files)
    except (RenderFailed, SearchFailed) as error:
        raise BuildFailed(str(error)) from None
    except BrokenProcessPool:
        raise BuildFailed(STOPPED) from None


def watched_paths(root: Path, project: Project) -> list[str]:
    """Where everything stands that a build reads."""
    settings = project.settings
    folders = (root / project.belts, root / project.content, settings.templates, root / "requirements")
    files = (root / "mkdocs.yml", root / "package-lock.json", settings.node_modules / ".package-lock.json")
    return [str(path) for path in (*folders, *files, Path(__file__).parent)]


def prepare_skeleton(root: Path, prepared: Prepared) -> KeptSkeleton:
    """The skeleton of the last build, or what MkDocs makes now."""
    key = skeleton_key(root, prepared)
    folder = root / CACHE / "skeleton"
    kept = read_skeleton(folder, key)
    if kept is None:
        config, plugin = load_settings(root)
        plugin.skeleton_only = True
        run_mkdocs(config, plugin, prepared, start_skeleton(folder))
        kept = save_skeleton(folder, key, plugin.skeleton)
    return kept


def run_mkdocs(config: MkDocsConfig, plugin: BeltsPlugin, prepared: Prepared, folder: Path) -> None:
    """MkDocs, strictly, with data that has been read already."""
    plugin.config.fill = plugin.skeleton_only
    plugin.given = prepared
    config.site_dir = str(folder)
    _run(config)


def load_settings(root: Path) -> tuple[MkDocsConfig, BeltsPlugin]:
    """The project's mkdocs.yml and the plugin in it. Raises BuildFailed."""
    config_file = root / "mkdocs.yml"
    if not config_file.is_file():
        raise BuildFailed(f"{config_file}: 没有找到；请在项目根目录运行 (run this in the project's root)")
    try:
        config = load_config(str(config_file), strict=True)
    except (Abort, ConfigurationError) as error:
        raise BuildFailed("\n".join(_explain_settings(config_file)) or f"{config_file}: {error}") from None
    plugin = config.plugins["belts"]
    if not isinstance(plugin, BeltsPlugin):
        raise BuildFailed(f"{config_file}: plugins 里没有 belts (the belts plugin is not listed)")
    return config, plugin


def _explain_settings(config_file: Path) -> Iterator[str]:
    """One line for each setting that MkDocs refuses: the file, the key, what is wrong."""
    config = MkDocsConfig(str(config_file))
    try:
        with config_file.open("rb") as file:
            config.load_file(file)
        refused = config.validate()[0]
    except ConfigurationError as error:
        refused = [("YAML", error)]
    for key, reason in refused:
        yield f"{config_file}: {key}: 这项设置不能用 (this setting cannot be used): {reason}"


def _run(config: MkDocsConfig) -> None:
    try:
        mkdocs_build.build(config)
    except Abort as error:
        raise BuildFailed(str(error)) from None
    finally:
        config.plugins.on_shutdown()


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the lock beside `target`: two builds at once would clear each other's staging folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target, _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
def mirrored(target: Path, staging: Path) -> Iterator[None]:
    """Meanwhile the site's files are linked into a staging folder that is not there, by a process of its own.

    It holds the lock too: should this one be killed, the next build waits for it.
    """
    if not target.exists() or staging.exists() or "fork" not in multiprocessing.get_all_start_methods():
        yield
        return
    process = multiprocessing.get_context("fork").Process(target=_mirror, args=(target, staging))
    process.start()
    try:
        yield
    finally:
        process.join()


def _mirror(target: Path, staging: Path) -> None:
    leave_interrupts()
    with suppress(OSError, shutil.Error):  # what is not linked now will be when it is known to stay
        shutil.copytree(target, staging, symlinks=True, copy_function=os.link)


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
