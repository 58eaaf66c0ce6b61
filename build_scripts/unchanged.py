"""Whether nothing has changed since the last build: in doubt the site is built.

Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import UserError
from .provenance.worktree import Worktree, find_worktree
from .storage.looks import MOMENT_NS, Look, Walk, look_again, look_at, summarise, walk

CACHE = ".cache/belts"  # what is kept between builds
RESULTS = f"{CACHE}/results.sqlite"
_FILE = f"{CACHE}/unchanged.json"
_SETTINGS = "mkdocs.yml"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # any of which may be the name of a variable
_INHERIT = re.compile(r"""^INHERIT:\s*['"]?([^'"#\n]+?)['"]?\s*(?:#.*)?$""", re.MULTILINE)
_ALWAYS = ("TIANDITU_KEY",)


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build made: where the site is, how many records and pages it has."""

    site: str
    records: int
    pages: int


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
        inputs_now = summarise(around.walks, inputs.taken)
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
        "site": asdict(summarise([there or walk(last.site)])),
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
