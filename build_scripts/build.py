"""`belts build`: MkDocs into a staging folder, then one swap; a failed build leaves the last good site.

Also the live preview. The only module besides the plugin that knows MkDocs.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from .mkdocs_plugin import BeltsPlugin, project_of
from .project import Prepared, prepare_project

_STAGING = ".building"
_PREVIOUS = ".previous"
_LOCK = ".lock"


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
    config, plugin = _load_config(root / "mkdocs.yml")
    target = Path(config.site_dir)
    plugin.config.fill = fill
    plugin.given = prepared = prepare_project(project_of(config, plugin.config))
    with _alone(target):
        staging = recover(target)
        config.site_dir = str(staging)
        _run_mkdocs(config)
        pages = sum(1 for _ in staging.rglob("index.html"))
        swap(staging, target)
    return BuildResult(target, prepared, pages)


def _load_config(config_file: Path) -> tuple[MkDocsConfig, BeltsPlugin]:
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


def _run_mkdocs(config: MkDocsConfig) -> None:
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


def serve_site(root: Path) -> None:
    """Preview the site with live reload until interrupted."""
    mkdocs_serve.serve(str(root / "mkdocs.yml"))
