"""A checkout: where its parts are, and the road from its files to a site ready to be rendered.

The whole core in one short function: load, check, report, index, prepare.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .catalogue import build_catalogue
from .checks import check_dataset
from .diagnostics import Diagnostic, Problems, select_errors
from .load import Dataset, load_dataset
from .site import Site, SiteSettings, prepare_site


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one checkout. `belts` is a folder name inside `root`."""

    root: Path
    settings: SiteSettings
    belts: str = "belts"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A site ready to be rendered, with what was read and every warning and note."""

    site: Site
    dataset: Dataset
    diagnostics: tuple[Diagnostic, ...]


def prepare_project(project: Project) -> Prepared:
    """Read and check everything. Raises `Problems` with every fault when there is any error."""
    dataset = load_dataset(project.root, project.belts)
    diagnostics = check_dataset(dataset)
    if select_errors(diagnostics):
        raise Problems(diagnostics)
    return Prepared(prepare_site(build_catalogue(dataset), project.settings), dataset, diagnostics)
