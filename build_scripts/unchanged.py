"""Whether nothing has changed since the last build, told as git tells it: from names, sizes and times.

No file is read but those written within moments of the last look, whose times say too little. Any doubt, and the
site is built. Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import re
import stat
import sys
import sysconfig
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path

from .errors import UserError
from .provenance.worktree import Worktree, find_worktree

CACHE = ".cache/belts"  # what is kept between builds
RESULTS = f"{CACHE}/results.sqlite"
_FILE = f"{CACHE}/unchanged.json"
MOMENT_NS = 2_000_000_000  # the coarsest clock of a file system that people still use
_TICK_NS = 100_000_000  # more than between two ticks of a clock that tells fractions of a second
_SECOND_NS = 1_000_000_000
CHANGED = 3  # where, in a row, the time stands that no program can set
_SETTINGS = "mkdocs.yml"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # any of which may be the name of a variable
_INHERIT = re.compile(r"""^INHERIT:\s*['"]?([^'"#\n]+?)['"]?\s*(?:#.*)?$""", re.MULTILINE)
_ALWAYS = ("TIANDITU_KEY",)

Row = Sequence[int]  # of a file: its mode, size, two times in nanoseconds and inode


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build made: where the site is, how many records and pages it has."""

    site: str
    records: int
    pages: int


@dataclass(frozen=True, slots=True)
class Look:
    """What stood at some paths at one time, in nanoseconds: a digest of it, and whether any file had to be read."""

    paths: Sequence[str]
    taken: int
    seen: str
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What stood at a path at one time: the path of each file below it and what it looked like, in order.

    Empty folders come by their paths alone, as does what is not there.
    """

    path: str
    taken: int
    rows: Sequence[tuple[str, Row | None]]

    @property
    def files(self) -> dict[str, Row]:
        """The files of a folder, by path inside it."""
        start = len(self.path) + 1
        return {name[start:]: row for name, row in self.rows if row}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a build runs: the commit, and in words all that is no file of the checkout but has a part in the site.

    `walks` are what stands where the last build has read.
    """

    worktree: Worktree
    described: str
    walks: Sequence[Walk] = ()


def was_built(root: Path) -> bool:
    """Whether there is an earlier build to compare with."""
    return (root / _FILE).exists()


def find_unchanged(root: Path, around: Surroundings) -> LastBuild | None:
    """The last build of the checkout at `root`, if all that it read and made is as it was.

    `around` is what `look_around` says now.
    """
    try:
        kept = json.loads((root / _FILE).read_bytes())
        last, inputs, site = LastBuild(**kept["last"]), Look(**kept["inputs"]), Look(**kept["site"])
        if kept["around"] != around.described:
            return None
        inputs_now = _look(around.walks, inputs.taken)
        if inputs_now.seen != inputs.seen or (site_now := look_again(site)).seen != site.seen:
            return None
        if inputs_now.was_read or site_now.was_read:
            _renew(root, around, inputs, site.taken, last)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return last


def _renew(root: Path, around: Surroundings, inputs: Look, taken: int, last: LastBuild) -> None:
    """Once all times are past doubt, look anew: the next look need read no file."""
    if time.time_ns() - taken > MOMENT_NS:
        fresh = look_at(inputs.paths)
        if look_again(inputs).seen == inputs.seen:
            note_build(root, around, fresh, last)


def look_at(paths: Iterable[str], walks: Iterable[Walk] = ()) -> Look:
    """What stands at these paths, files and all that is below folders: now, or when these walks were made."""
    known = {walked.path: walked for walked in walks}
    return _look([known.get(path) or walk(path) for path in paths])


def look_again(look: Look) -> Look:
    """What stands at the same paths now, to be compared with what stood there."""
    return _look([walk(path) for path in look.paths], look.taken)


def note_build(
    root: Path, around: Surroundings, inputs: Look, last: LastBuild, there: Walk | None = None
) -> None:
    """Remember a build that has read what was there when it began, and has made the site as it stands now.

    `around` is what `look_around` said when the build began; `there` is a walk through that site, made now if it is
    not given.
    """
    kept = {
        "last": asdict(last),
        "around": around.described,
        "inputs": asdict(inputs),
        "site": asdict(_look([there or walk(last.site)])),
    }
    (root / _FILE).parent.mkdir(parents=True, exist_ok=True)
    temporary = root / f"{_FILE}.new"
    temporary.write_text(json.dumps(kept), encoding="utf-8")
    temporary.replace(root / _FILE)


def check_cache_folder(root: Path) -> None:
    """Refuse what stands where results are kept and is no folder, such as a broken link. Raises UserError."""
    for place in ((root / CACHE).parent, root / CACHE):
        if os.path.lexists(place) and not place.is_dir():
            raise UserError(
                f"{place}: 不是文件夹，或是断开的链接；请移走 (no folder, or a broken link: move it away)"
            )


def forget_build(root: Path) -> None:
    """Let the next build look at everything."""
    (root / _FILE).unlink(missing_ok=True)


def row_of(status: os.stat_result) -> Row:
    """What changes when a file is written or another takes its place."""
    return [status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def is_young(row: Row, taken: int) -> bool:
    """Whether a file may have been written again just after it was looked at, with the same time."""
    changed = row[CHANGED]
    return changed > taken - (_TICK_NS if changed % _SECOND_NS else MOMENT_NS)


def _look(walks: Sequence[Walk], taken: int | None = None) -> Look:
    """What walks have found, judged as if all had been made at one time: at the earliest's unless another is given."""
    if taken is None:
        taken = min((walked.taken for walked in walks), default=0)
    state, was_read = hashlib.blake2b(digest_size=20), False
    for walked in walks:
        # Written without references (the version below 3), so that equal rows give equal bytes.
        state.update(marshal.dumps([(os.fsencode(name), row) for name, row in walked.rows], 2))
        for name, row in walked.rows:
            if row and stat.S_ISREG(row[0]) and is_young(row, taken):
                state.update(hashlib.blake2b(Path(name).read_bytes()).digest())
                was_read = True
    return Look([walked.path for walked in walks], taken, state.hexdigest(), was_read)


def look_around(root: Path, site: Path | None = None) -> Surroundings:
    """The checkout (which may be a copy of another), its commit, the interpreter, the variables, the libraries.

    `site` is where the site goes; where the last build has put it unless given.
    """
    libraries = sorted(os.listdir(sysconfig.get_path("purelib")))  # noqa: PTH208 (names alone)
    variables = find_variables(read_settings(root).values())
    inputs, last = _read_last(root)
    worktree = find_worktree(root, os.environ, site or last)
    described = repr((str(root), worktree, sys.version, variables, libraries))
    return Surroundings(worktree, described, [walk(path) for path in inputs])


def _read_last(root: Path) -> tuple[Sequence[str], Path | None]:
    """Where the last build has read, and where it has put the site."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads((root / _FILE).read_bytes())
        return Look(**kept["inputs"]).paths, Path(kept["last"]["site"])
    return (), None


def read_settings(root: Path) -> dict[Path, bytes]:
    """mkdocs.yml and the files that it inherits from; one that is not there is left out. Raises OSError."""
    found: dict[Path, bytes] = {}
    file = root / _SETTINGS
    while file not in found and file.is_file():
        found[file] = file.read_bytes()
        file = file.parent / find_inherited(found[file])  # the folder where there is none
    return found


def find_inherited(settings: bytes) -> str:
    """The path that a text of settings takes over as people write it, on a line of its own; empty where there is none."""
    found = _INHERIT.search(settings.decode(errors="replace"))
    return found[1].strip() if found else ""


def find_variables(settings: Iterable[bytes]) -> dict[str, str]:
    """The variables of the environment that texts of settings name, and those that count in any case."""
    words = {word for text in settings for word in _WORD.findall(text.decode(errors="replace"))}
    return {name: os.environ[name] for name in sorted({*words, *_ALWAYS}) if name in os.environ}


def walk(path: str) -> Walk:
    """All that stands at a path now."""
    return Walk(path, time.time_ns(), _walk(path))


def walk_known(path: str, files: Sequence[str], known: Mapping[str, Row]) -> Walk:
    """A walk through a folder that is known to hold just these files, in order; what some look like is known too."""
    taken = time.time_ns()
    rows = [
        (f"{path}/{inside}", known.get(inside) or row_of(os.lstat(f"{path}/{inside}"))) for inside in files
    ]
    return Walk(path, taken, rows)


def _walk(path: str) -> list[tuple[str, Row | None]]:
    """Each file below a path, or the path itself, in order; empty folders by name alone, what is not there as None."""
    if not os.path.isdir(path):  # noqa: PTH112
        return [(path, row_of(os.stat(path)) if os.path.exists(path) else None)]  # noqa: PTH110, PTH116
    rows: list[tuple[str, Row | None]] = []
    folders = [path]
    for folder in folders:  # to which those inside are added
        with os.scandir(folder) as found:
            entries = list(found)
            if not entries:
                rows.append((folder, None))
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    rows.append((entry.path, row_of(entry.stat(follow_symlinks=False))))
                elif entry.name != "__pycache__":
                    folders.append(entry.path)
    return sorted(rows, key=itemgetter(0))
