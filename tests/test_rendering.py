"""What pages are rendered from, and where."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.catalogue import build_catalogue
from build_scripts.layout import Project, SiteSettings
from build_scripts.pages.rendering import render_one, render_profiles, view_builders
from build_scripts.pages.site import prepare_site, view_names
from build_scripts.project import prepare_project
from build_scripts.reading.load import load_dataset

SETTINGS = SiteSettings(ROOT / "site_templates", ROOT / "node_modules")


def test_every_view_has_a_builder_and_every_builder_a_view() -> None:
    """The names that pages are checked for are those that can be built."""
    catalogue = build_catalogue(load_dataset(ROOT / "tests/sites/minimal"))
    assert view_builders(prepare_site(catalogue, SETTINGS), None, lambda _: "").keys() == view_names()


def spawned_processes() -> Executor:
    """Processes that share no memory with this one, as those of a cluster."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


@pytest.mark.parametrize("pool", [spawned_processes, partial(ThreadPoolExecutor, 3)])
def test_pages_are_the_same_wherever_they_are_rendered(pool: Callable[[], Executor], tmp_path: Path) -> None:
    """A site travels to whatever executor there is, and the pages travel back."""
    site = prepare_project(Project(copy_site("second-city", tmp_path), SETTINGS)).site
    pages = list(render_profiles(site))  # which draws what all maps share
    with pool() as executor:
        assert list(executor.map(partial(render_one, site), site.profile_ids, chunksize=100)) == pages
