"""Whether nothing has changed since the last build: in doubt the site is built.

Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .layout import CACHE
from .provenance.worktree import Worktree, asking_worktree
from .settings_files import find_variables, read_settings_files
from .storage.looks import MOMENT_NS, Look, Walk, look_again, look_at, summarise, walk

if TYPE_CHECKING:
    from .faults.diagnostics import Diagnostic

_FILE = f"{CACHE}/unchanged.json"


class LastBuild(NamedTuple):
    """What the last build made: where the site is, how many records and pages it has, every warning and note."""

    site: str
    records: int
    pages: int
    diagnostics: tuple[Diagnostic, ...] = ()


class Surroundings(NamedTuple):
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
        inputs, site = Look(**kept["inputs"]), Look(**kept["site"])
        if kept["around"] != around.described:
            return None
        inputs_now = summarise(around.walks, inputs.taken)
        if inputs_now.seen != inputs.seen or (site_now := look_again(site)).seen != site.seen:
            return None
        last = LastBuild(**kept["last"], diagnostics=_recall(kept["diagnostics"]))
        if inputs_now.was_read or site_now.was_read:
            _renew(root, around, inputs, site.taken, last)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return last


def _recall(rows: Sequence[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    """The diagnostics of a note. Raises KeyError or TypeError where it has been damaged."""
    if not rows:
        return ()
    from .faults.diagnostics import Diagnostic  # and with it every rule

    found = tuple(Diagnostic(**{**row, "values": tuple(map(tuple, row["values"]))}) for row in rows)
    for diagnostic in found:
        diagnostic.message()  # which takes its rule and every value
    return found


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
        "last": {"site": last.site, "records": last.records, "pages": last.pages},
        "diagnostics": [diagnostic._asdict() for diagnostic in last.diagnostics],
        "around": around.described,
        "inputs": inputs._asdict(),
        "site": summarise([there or walk(last.site)])._asdict(),
    }
    (root / _FILE).parent.mkdir(parents=True, exist_ok=True)
    temporary = root / f"{_FILE}.new"
    temporary.write_text(json.dumps(kept), encoding="utf-8")
    temporary.replace(root / _FILE)


def forget_build(root: Path) -> None:
    """Let the next build look at everything."""
    (root / _FILE).unlink(missing_ok=True)


def look_around(root: Path, site: Path | None = None) -> Surroundings:
    """The checkout (which may be a copy of another), its commit, the interpreter, the variables, the libraries.

    `site` is where the site goes; where the last build has put it unless given.
    """
    inputs, last = _read_last(root)
    with asking_worktree(root, os.environ, site or last) as await_worktree:
        libraries = sorted(os.listdir(sysconfig.get_path("purelib")))  # noqa: PTH208 (names alone)
        variables = find_variables(read_settings_files(root).values())
        walks = [walk(path) for path in inputs]
        worktree = await_worktree()
    described = repr((str(root), worktree, sys.version, variables, libraries))
    return Surroundings(worktree, described, walks)


def _read_last(root: Path) -> tuple[Sequence[str], Path | None]:
    """Where the last build has read, and where it has put the site."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads((root / _FILE).read_bytes())
        return Look(**kept["inputs"]).paths, Path(kept["last"]["site"])
    return (), None
