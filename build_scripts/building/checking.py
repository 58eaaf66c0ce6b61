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
    """What was found, sorted, in how many records; whether pages were only read, for want of what makes them."""

    records: int
    diagnostics: tuple[Diagnostic, ...]
    were_pages_read_only: bool = False


def check_project(root: Path, *, today: datetime.date, verbose: bool = False) -> Checked:
    """Every fault of the records, the settings and the hand-written pages; where there is none, MkDocs' view of them too.

    `today` is the day by which permissions have ended; `verbose` notes what was converted. Raises UserError.
    """
    cache = Cache(root / RESULTS)
    dataset, content = load_dataset(root, cache), load_content(root)
    found = check_all(dataset, content, today=today, verbose=verbose, cache=cache)
    if not (root / SETTINGS).is_file() or select_errors(found):
        return Checked(len(dataset.entries), found)
    refused = _find_refused(root, dataset, content, found, cache)
    return Checked(len(dataset.entries), sort_diagnostics([*found, *(refused or ())]), refused is None)


def _find_refused(
    root: Path, dataset: Dataset, content: Content, found: tuple[Diagnostic, ...], cache: Cache
) -> tuple[Diagnostic, ...] | None:
    """What MkDocs refuses of the settings and the pages, what is not inert in these, and parts of profiles that are not there.

    None where there are no browser libraries, which every page names: who only keeps records may do without.
    """
    try:
        project = find_settings(root, cache).project
        if not project.settings.node_modules.is_dir():
            return None
        prepared = prepare_checked(project, dataset, content, found, cache)
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
