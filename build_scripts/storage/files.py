"""Files of a tree that may share them with another by hard links: replaced, never written in place."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_GZIP_SYSTEM = 9  # where the system that packed it is said (RFC 1952); 255 says none


def write_file(path: str | Path, content: bytes) -> None:
    """Write one file anew, and the folders above it."""
    write_parts(path, (content,))


def write_parts(path: str | Path, parts: Iterable[bytes]) -> None:
    """Write one file anew from its parts, each as it comes."""
    try:
        file = open(path, "xb")  # noqa: PTH123, SIM115 (thousands of them; closed below)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        file = open(path, "xb")  # noqa: PTH123, SIM115
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108
        file = open(path, "xb")  # noqa: PTH123, SIM115
    with file:
        file.writelines(parts)


def link_files(source: str, target: str, paths: Iterable[str]) -> None:
    """Link files of one folder into another by their paths, folder by folder: in any order it takes half as long again."""
    made = {""}
    for path in sorted(paths):
        folder = path.rpartition("/")[0]
        if folder not in made:
            _make_folder(f"{target}/{folder}")
            made.add(folder)
        link_file(f"{source}/{path}", f"{target}/{path}")


def _make_folder(path: str) -> None:
    """Make a folder, which may be there: in one step where the one above it is, as for nearly all of thousands."""
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


def link_file(source: str, target: str) -> None:
    """Make `target`, which must not be there yet, the same file as `source`; a copy where links cannot be made."""
    try:
        _link_or_copy(source, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        _link_or_copy(source, target)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:
        shutil.copyfile(source, target)


def remove_file(folder: Path, path: str) -> None:
    """Remove a file, and the folders above it that are empty then."""
    os.unlink(f"{folder}/{path}")  # noqa: PTH108 (thousands of them)
    with suppress(OSError):  # a folder that is not empty
        while path := path.rpartition("/")[0]:
            os.rmdir(f"{folder}/{path}")  # noqa: PTH106


def keep_only(folder: str, inodes: Mapping[str, int], inside: str = "") -> set[str]:
    """Remove all that is below a folder but files of these paths and inodes; returns the paths that are there."""
    kept: set[str] = set()
    with os.scandir(f"{folder}/{inside}") as found:
        entries = list(found)
    for entry in entries:
        path = inside + entry.name
        if entry.is_dir(follow_symlinks=False):
            below = keep_only(folder, inodes, f"{path}/")
            kept |= below
            if not below:
                os.rmdir(entry.path)  # noqa: PTH106
        elif inodes.get(path) == entry.inode():
            kept.add(path)
        else:
            os.unlink(entry.path)  # noqa: PTH108
    return kept


def list_files(folder: Path) -> list[str]:
    """The path of every file below a folder, sorted; none where there is no folder."""
    found: list[str] = []
    folders = [""] if folder.is_dir() else []
    for inside in folders:  # to which those in it are added
        with os.scandir(f"{folder}/{inside}") as entries:
            for entry in entries:
                if not entry.is_dir():
                    found.append(inside + entry.name)
                elif not entry.is_symlink():
                    folders.append(f"{inside}{entry.name}/")
    return sorted(found)


def is_regular(path: str | Path) -> bool:
    """Whether a file stands there itself: no link, no folder, no special file. Raises OSError."""
    return stat.S_ISREG(os.lstat(path).st_mode)


def is_page(path: str) -> bool:
    """Whether a file of a site is a page."""
    return path == "index.html" or path.endswith("/index.html")


def gzip_form(content: bytes, effort: int = 9) -> bytes:
    """What gunzip turns into `content`: no time in it, and no system, which Python writes until 3.13."""
    packed = gzip.compress(content, effort, mtime=0)
    return packed[:_GZIP_SYSTEM] + b"\xff" + packed[_GZIP_SYSTEM + 1 :]
