"""Whether nothing has changed since the last build, told as git tells it: from names, sizes and times.

No file is read but those written within moments of the last look, whose times say too little. Any doubt, and the
build looks at contents. Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .worktree import Revision, find_revision

_FILE = ".cache/belts/unchanged.json"
_MOMENT_NS = 2_000_000_000  # the coarsest clock of a file system that people still use
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
_ALWAYS = ("TIANDITU_KEY",)


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build made: where the site is, how many records and pages it has."""

    site: str
    records: int
    pages: int


def find_unchanged(root: Path) -> LastBuild | None:
    """The last build of the checkout at `root`, if all that it read and made is as it was."""
    try:
        kept = json.loads((root / _FILE).read_bytes())
        last, paths, taken = LastBuild(**kept["last"]), kept["paths"], int(kept["taken"])
        seen, was_read = _see(root, paths, taken)
        if seen != kept["seen"]:
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if was_read and time.time_ns() - taken > _MOMENT_NS:
        note_build(root, paths, last)  # all times are past doubt now, so the next look need read nothing
    return last


def note_build(root: Path, paths: Sequence[str], last: LastBuild) -> None:
    """Remember a build that read and made what stands at these paths."""
    taken = time.time_ns()
    seen, _ = _see(root, paths, taken)
    kept = {"last": asdict(last), "paths": list(paths), "taken": taken, "seen": seen}
    (root / _FILE).parent.mkdir(parents=True, exist_ok=True)
    temporary = root / f"{_FILE}.new"
    temporary.write_text(json.dumps(kept), encoding="utf-8")
    temporary.replace(root / _FILE)


def forget_build(root: Path) -> None:
    """Let the next build look at everything."""
    (root / _FILE).unlink(missing_ok=True)


def _see(root: Path, paths: Sequence[str], taken: int) -> tuple[str, bool]:
    """A digest of what is at the paths, of the program with its libraries, of the commit and the variables.

    And whether any file had to be read, being younger than `taken` but for a moment.
    """
    state = hashlib.blake2b(repr(_surroundings(root)).encode(), digest_size=20)
    was_read = False
    for path in (*paths, str(Path(__file__).parent)):
        for name, status in _walk(path):
            row: tuple[object, ...] = (name,)
            if status:
                row += (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
                if status.st_ctime_ns > taken - _MOMENT_NS and stat.S_ISREG(status.st_mode):
                    row += (hashlib.blake2b(Path(name).read_bytes()).digest(),)
                    was_read = True
            state.update(repr(row).encode("utf-8", "surrogateescape"))
    return state.hexdigest(), was_read


def _surroundings(root: Path) -> tuple[Revision, str, Mapping[str, str | None], list[str]]:
    settings = root / "mkdocs.yml"
    named = _VARIABLE.findall(settings.read_text(encoding="utf-8")) if settings.is_file() else []
    variables = {name: os.environ.get(name) for name in sorted({*named, *_ALWAYS})}
    libraries = sorted(os.listdir(sysconfig.get_path("purelib")))  # noqa: PTH208 (names alone)
    return find_revision(root, os.environ), sys.version, variables, libraries


def _walk(path: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Each file below a path, or the path itself, in order; folders by name alone, what is not there as None."""
    if not os.path.isdir(path):  # noqa: PTH112 (thousands of them)
        yield path, os.stat(path) if os.path.exists(path) else None  # noqa: PTH110, PTH116
        return
    yield path, None
    with os.scandir(path) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _walk(entry.path)
        else:
            yield entry.path, entry.stat(follow_symlinks=False)
