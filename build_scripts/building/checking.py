"""`belts check`: everything that a build would refuse before it makes the site, all of it in one run.

Nothing is written but what the next build can use.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic, Problems, select_errors, sort_diagnostics
from ..layout import RESULTS
from ..project import Content, check_all, load_content, prepare_checked
from ..reading.load import Dataset, load_dataset
from ..settings_files import SETTINGS
from ..storage.cache import Cache
from .making import SKELETONS, check_skeleton, prepare_skeleton
from .settings import find_settings


class Checked(NamedTuple):
    """What was found, sorted, in how many records."""

    records: int
    diagnostics: tuple[Diagnostic, ...]


def check_project(root: Path, *, today: datetime.date, verbose: bool = False) -> Checked:
    """Every fault of the records, the settings and the hand-written pages; where there is none, MkDocs' view of them too.

    `today` is the day by which permissions have ended; `verbose` notes what was converted. Raises UserError.
    """
    cache = Cache(root / RESULTS)
    dataset, content = load_dataset(root, cache), load_content(root)
    found = check_all(dataset, content, today=today, verbose=verbose, cache=cache)
    if (root / SETTINGS).is_file() and not select_errors(found):
        found = sort_diagnostics([*found, *_find_refused(root, dataset, content, found, cache)])
    return Checked(len(dataset.entries), found)


def _find_refused(
    root: Path, dataset: Dataset, content: Content, found: tuple[Diagnostic, ...], cache: Cache
) -> tuple[Diagnostic, ...]:
    """What MkDocs refuses of the settings and the pages, what is not inert in these, and parts of profiles that are not there."""
    try:
        prepared = prepare_checked(find_settings(root, cache).project, dataset, content, found, cache)
        with _store(root) as store, prepare_skeleton(prepared.project, prepared, store) as kept:
            check_skeleton(prepared, kept.skeleton)
    except Problems as problems:
        return problems.diagnostics
    return ()


@contextmanager
def _store(root: Path) -> Iterator[Path]:
    """Where skeletons are kept; a folder for once where nothing can be written."""
    folder = root / SKELETONS
    if os.access(next(path for path in (folder, *folder.parents) if path.exists()), os.W_OK):
        yield folder
    else:
        with TemporaryDirectory() as scratch:
            yield Path(scratch)
