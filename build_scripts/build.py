"""`belts build`: MkDocs into a staging folder, then one swap; a failed build leaves the last good site.

The only module besides the plugin and the preview that knows MkDocs.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from .cache import Cache
from .checkout import find_origin
from .ledger import Ledger
from .mkdocs_plugin import BeltsPlugin, project_of
from .project import Prepared, prepare_project
from .search_index import SearchFailed
from .site import RenderFailed
from .skeletons import KeptSkeleton, read_skeleton, save_skeleton, skeleton_key, start_skeleton
from .write import Stores, write_site

_STAGING = ".building"
_PREVIOUS = ".previous"
_LOCK = ".lock"
_LEDGER = ".ledger"
CACHE = ".cache/belts"


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A finished build: where the site is, what it was made from, how many pages it has."""

    site: Path
    prepared: Prepared
    pages: int


class BuildFailed(Exception):
    """MkDocs refused the site (a broken link, a warning in strict mode); its log says why."""


def build_site(root: Path, *, fill: bool = True) -> BuildResult:
    """Build the site of the project at `root` strictly and swap it in; a second build waits for the first.

    Raises `Problems` for faults in the data and `BuildFailed` for what MkDocs refuses; in both cases the
    site that was there stays as it was.
    """
    config, plugin = load_settings(root)
    target = Path(config.site_dir)
    stores = Stores(Ledger(target, _beside(target, _LEDGER)), Cache(root / CACHE / "results.sqlite"))
    project = project_of(config, plugin.config)
    prepared = prepare_project(project, stores.cache)
    with _alone(target):
        staging = recover(target)
        try:
            if fill:
                kept = prepare_skeleton(root, prepared)
                shutil.copytree(kept.files, staging)
                write_site(staging, prepared, kept.skeleton, stores, origin=find_origin(root, os.environ))
            else:
                run_mkdocs(config, plugin, prepared, staging)
        except (RenderFailed, SearchFailed) as error:
            raise BuildFailed(str(error)) from None
        pages = sum(1 for _ in staging.rglob("index.html"))
        swap(staging, target)
        stores.save()
    return BuildResult(target, prepared, pages)


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
    except ConfigurationError as error:
        raise BuildFailed(str(error)) from None
    plugin = config.plugins["belts"]
    if not isinstance(plugin, BeltsPlugin):
        raise BuildFailed(f"{config_file}: plugins 里没有 belts (the belts plugin is not listed)")
    return config, plugin


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
    """Clear what an interrupted build left beside `target`; returns the empty staging folder."""
    staging, previous = _beside(target, _STAGING), _beside(target, _PREVIOUS)
    if previous.exists() and not target.exists():
        previous.rename(target)
    for leftover in (staging, previous):
        shutil.rmtree(leftover, ignore_errors=True)
    return staging


def swap(staging: Path, target: Path) -> None:
    """Put a finished staging folder in the place of `target`."""
    previous = _beside(target, _PREVIOUS)
    if target.exists():
        target.rename(previous)
    staging.rename(target)
    shutil.rmtree(previous, ignore_errors=True)


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}{suffix}")
