"""A checkout: where its parts are, and the road from its files to a site ready to be rendered.

The whole core in one short function: load, check, index, prepare.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from .catalogue import build_catalogue
from .checks import check_dataset
from .editing.handbook import REFERENCES
from .faults.diagnostics import Diagnostic, Problems, select_errors, sort_diagnostics
from .layout import BELTS, Project
from .pages.collisions import find_collisions
from .pages.links import check_links
from .pages.site import Site, prepare_site
from .pages.views import list_views
from .photos.darkroom import develop_photos
from .reading.entries import Entry
from .reading.load import Dataset, load_dataset
from .reading.manuscripts import check_manuscript, find_numbers, list_published, load_manuscripts
from .reading.site_settings import load_site_settings
from .records.document import Document
from .search.documents import WrittenPage, list_written
from .storage.cache import NO_CACHE, Cache

PICTURES = ".cache/photos"


class Prepared(NamedTuple):
    """A site ready to be rendered, with the project, what was read of it, and every warning and note; `written` can be found too."""

    project: Project
    site: Site
    dataset: Dataset
    diagnostics: tuple[Diagnostic, ...]
    written: tuple[WrittenPage, ...]

    def develop(self, wanted: Collection[str] | None = None) -> dict[str, Path]:
        """The files made of photos, of all that are shown or of those wanted, by their address on the site.

        Raises `Problems` where a photo is named that none can be made of.
        """
        root, shown = self.project.root, self.site.catalogue.photos
        pictures, faults = develop_photos(root / BELTS, shown, root / PICTURES, wanted)
        if faults:
            raise Problems(
                entry.diagnose(
                    faults[photo.file].code,
                    ("photos", index, "file"),
                    file=photo.file,
                    **faults[photo.file].values,
                )
                for entry in self.dataset.entries
                for index, photo in enumerate(entry.record.pictures)
                if photo.file in faults
            )
        return pictures


def prepare_project(project: Project, cache: Cache = NO_CACHE, known: Iterable[Entry] = ()) -> Prepared:
    """Read and check everything. Raises `Problems` with every fault when there is any error.

    `known` are records read before, `cache` what was found out about them.
    """
    dataset = load_dataset(project.root, cache, known)
    content = load_content(project.root)
    diagnostics = check_all(dataset, content, cache=cache)
    if select_errors(diagnostics):
        raise Problems(diagnostics)
    return prepare_checked(project, dataset, content, diagnostics, cache)


class Content(NamedTuple):
    """The hand-written pages, the path of every file that is published with them or as one of them, the settings."""

    manuscripts: tuple[Document, ...] = ()
    files: tuple[str, ...] = ()
    settings: tuple[Document, ...] = ()


def prepare_checked(
    project: Project, dataset: Dataset, content: Content, diagnostics: tuple[Diagnostic, ...], cache: Cache
) -> Prepared:
    """What has been read and found without an error, ready to be rendered."""
    site = prepare_site(build_catalogue(dataset, cache), project.settings, cache)
    return Prepared(project, site, dataset, diagnostics, list_written(content.manuscripts))


def load_content(root: Path) -> Content:
    """All that the site is made from besides records, of the checkout at `root`."""
    return Content(load_manuscripts(root), list_published(root), load_site_settings(root))


def check_all(
    dataset: Dataset,
    content: Content,
    *,
    today: datetime.date | None = None,
    verbose: bool = False,
    cache: Cache = NO_CACHE,
) -> tuple[Diagnostic, ...]:
    """Every fault of the records, the hand-written pages and the settings, sorted."""
    found = list(check_dataset(dataset, today=today, verbose=verbose, cache=cache))
    choices = {"view": frozenset(list_views()), "reference": frozenset(REFERENCES)}
    for document in content.manuscripts:
        found += check_manuscript(document, dataset.allowed.digits, choices)
    for document in content.settings:
        found += (*document.diagnostics, *find_numbers(document, dataset.allowed.digits))
    found += find_collisions(dataset, content.files)
    found += check_links(content.manuscripts, content.settings, content.files, dataset)
    return sort_diagnostics(found)
