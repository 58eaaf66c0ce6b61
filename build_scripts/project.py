"""A checkout: where its parts are, and the road from its files to a site ready to be rendered.

The whole core in one short function: load, check, report, index, prepare.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .cache import Cache
from .catalogue import build_catalogue
from .checks import check_dataset
from .darkroom import develop_photos
from .diagnostics import Diagnostic, Problems, select_errors, sort_diagnostics
from .entries import Entry
from .layout import Project
from .load import Dataset, load_dataset
from .manuscripts import check_manuscript, load_manuscripts
from .photos import Original
from .site import Site, prepare_site
from .yaml_text import Document

PICTURES = ".cache/photos"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A site ready to be rendered, with what was read and every warning and note.

    `pictures` are the files made of photos, by their address on the site.
    """

    site: Site
    dataset: Dataset
    diagnostics: tuple[Diagnostic, ...]
    pictures: Mapping[str, Path] = field(default_factory=dict)


def prepare_project(project: Project, cache: Cache | None = None, known: Iterable[Entry] = ()) -> Prepared:
    """Read and check everything. Raises `Problems` with every fault when there is any error.

    `known` are records read before, `cache` what was found out about them.
    """
    dataset = load_dataset(project.root, project.belts, cache, known)
    diagnostics = check_all(dataset, load_manuscripts(project.root, project.content), cache=cache)
    if select_errors(diagnostics):
        raise Problems(diagnostics)
    catalogue = build_catalogue(dataset, cache)
    pictures = _develop(project, dataset, catalogue.photos)
    return Prepared(prepare_site(catalogue, project.settings, cache), dataset, diagnostics, pictures)


def _develop(project: Project, dataset: Dataset, photos: Mapping[str, Original]) -> dict[str, Path]:
    """The pictures of every photo that is shown. Raises `Problems` where a photo is named that has none."""
    pictures, faults = develop_photos(project.root / project.belts, photos, project.root / PICTURES)
    if faults:
        raise Problems(
            entry.diagnose(
                faults[photo.file].code,
                ("photos", index, "file"),
                file=photo.file,
                **faults[photo.file].values,
            )
            for entry in dataset.entries
            for index, photo in enumerate(entry.record.pictures)
            if photo.file in faults
        )
    return pictures


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
