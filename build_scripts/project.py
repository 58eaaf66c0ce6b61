"""A checkout: where its parts are, and the road from its files to a site ready to be rendered.

The whole core in one short function: load, check, report, index, prepare.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache
from .catalogue import build_catalogue
from .checks import check_dataset
from .diagnostics import Diagnostic, Problems, select_errors, sort_diagnostics
from .load import Dataset, Entry, load_dataset
from .manuscripts import check_manuscript, load_manuscripts
from .site import Site, SiteSettings, prepare_site
from .yaml_text import Document


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one checkout. `belts` and `content` are folder names inside `root`."""

    root: Path
    settings: SiteSettings
    belts: str = "belts"
    content: str = "content"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A site ready to be rendered, with what was read and every warning and note."""

    site: Site
    dataset: Dataset
    diagnostics: tuple[Diagnostic, ...]


def prepare_project(project: Project, cache: Cache | None = None, known: Iterable[Entry] = ()) -> Prepared:
    """Read and check everything. Raises `Problems` with every fault when there is any error.

    `known` are records read before, `cache` what was found out about them.
    """
    dataset = load_dataset(project.root, project.belts, cache, known)
    diagnostics = check_all(dataset, load_manuscripts(project.root, project.content), cache=cache)
    if select_errors(diagnostics):
        raise Problems(diagnostics)
    return Prepared(prepare_site(build_catalogue(dataset), project.settings, cache), dataset, diagnostics)


def check_all(
    dataset: Dataset,
    manuscripts: Iterable[Document],
    *,
    today: datetime.date | None = None,
    verbose: bool = False,
    cache: Cache | None = None,
) -> tuple[Diagnostic, ...]:
    """Every fault of the records and of the hand-written pages, sorted."""
    found = list(check_dataset(dataset, today=today, verbose=verbose, cache=cache))
    for document in manuscripts:
        found += check_manuscript(document, dataset.allowed.digits)
    return sort_diagnostics(found)
