"""A second build of the same checkout: elsewhere, from nothing, in other surroundings; equal to the first or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..building.settings import find_settings
from ..layout import BELTS, CONTENT, PROGRAM
from ..provenance.bill import LOCKS
from ..provenance.stamp import hash_tree
from ..settings_files import read_settings_files
from ..storage.cache import NO_CACHE

_SURROUNDINGS = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Apia", "LC_ALL": "C", "LANG": "C"}
_MASK = 0o027
_LAST_LINES = 12


class Rebuilt(NamedTuple):
    """What the second build left: the SHA-256 of each file by path; or nothing, and what stopped it."""

    hashes: Mapping[str, str]
    faults: tuple[str, ...] = ()


def rebuild(root: Path) -> Rebuilt:
    """Build a copy of the checkout at `root` with nothing kept from before. Raises UserError."""
    with tempfile.TemporaryDirectory(prefix="belts-") as folder:
        copy = copy_checkout(root, Path(folder).resolve())
        site = _settle(copy)
        command = (sys.executable, "-W", "ignore", "-m", "build_scripts", "-C", str(copy), "build")
        environment = {**os.environ, **_SURROUNDINGS, "PYTHONPATH": str(PROGRAM.parent)}
        done = subprocess.run(
            command, cwd=folder, env=environment, umask=_MASK, capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = (done.stdout + done.stderr).strip().splitlines()
            return Rebuilt({}, tuple(lines[-_LAST_LINES:]) or (f"exit code {done.returncode}",))
        return Rebuilt(hash_tree(site))


def copy_checkout(root: Path, folder: Path) -> Path:
    """The checkout at `root` again below `folder`: what a build reads is copied, what it uses linked, at the same places."""
    said = find_settings(root, NO_CACHE)
    used = [_absolute(said.templates), _absolute(said.node_modules), *said.project.settings.inputs]
    settings = [_absolute(path) for path in read_settings_files(root)]
    top = Path(os.path.commonpath([root, *used, *settings]))
    copy = folder / root.relative_to(top)
    copy.mkdir(parents=True, exist_ok=True)
    for name in (BELTS, CONTENT):
        shutil.copytree(root / name, copy / name, symlinks=True)
    for path in (*settings, *(root / name for name in LOCKS)):
        if path.is_file():
            again = folder / path.relative_to(top)
            again.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, again)
    for path in used:
        link = folder / path.relative_to(top)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path.resolve())
    return copy


def _settle(copy: Path) -> Path:
    """Where a copy builds its site: inside of it, also where its settings name the place of another one."""
    site, settings = find_settings(copy, NO_CACHE).site.resolve(), copy / "mkdocs.yml"
    if site.is_relative_to(copy):
        return site
    settings.rename(copy / "named.yml")
    settings.write_text("INHERIT: named.yml\nsite_dir: site\n", encoding="utf-8")
    return copy / "site"


def compare_trees(built: Mapping[str, str], again: Mapping[str, str]) -> list[str]:
    """Each file that is in one tree alone or has other bytes in the other."""
    words = {(True, False): "not built again", (False, True): "not in the site", (True, True): "other bytes"}
    paths = sorted({*built, *again})
    differing = (path for path in paths if built.get(path) != again.get(path))
    return [f"{path}: {words[path in built, path in again]}" for path in differing]


def _absolute(path: Path) -> Path:
    """Without `..`, but with the links that the path goes through."""
    return Path(os.path.normpath(path))
