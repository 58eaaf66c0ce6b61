"""What pages are rendered from, where, and that their templates place all that a view says of a figure."""

import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.catalogue import build_catalogue
from build_scripts.kinds.registry import kind_named
from build_scripts.layout import Project, SiteSettings
from build_scripts.pages.rendering import render_one, render_profiles, render_view, view_builders
from build_scripts.pages.site import Site, prepare_site
from build_scripts.pages.views import list_views
from build_scripts.project import prepare_project
from build_scripts.reading.load import load_dataset
from build_scripts.views.compare import build_compare
from build_scripts.views.history import build_history
from build_scripts.views.home import build_home
from build_scripts.views.parts import FigureRow
from build_scripts.views.progress import build_progress
from build_scripts.views.records import build_records

SETTINGS = SiteSettings(ROOT / "site_templates", ROOT / "node_modules")


def test_every_view_has_a_builder_and_every_builder_a_view() -> None:
    """The names that pages are checked for are those that can be built."""
    catalogue = build_catalogue(load_dataset(ROOT / "tests/sites/minimal"))
    assert view_builders(prepare_site(catalogue, SETTINGS), None, lambda _: "").keys() == list_views().keys()


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


# -- figures on pages of many records, on the real data --------------------------------------------


@pytest.fixture(scope="module")
def real() -> Site:
    """The project's own site, ready to be rendered."""
    return prepare_site(build_catalogue(load_dataset(ROOT)), SETTINGS)


def items(site: Site, name: str) -> list[str]:
    """A page's rows and list items, each up to the next one; what is on it once more as a picture is left out."""
    body, _ = render_view(site, name, "../")
    return re.split(r"<(?:li|tr|ol|ul)\b", re.sub(r"(?s)<svg.*?</svg>", "", body))


def item_with(items: list[str], *needles: str) -> str:
    """The first of the items that holds all of the texts; an error where there is none."""
    return next(item for item in items if all(needle in item for needle in needles))


def words(html: str) -> str:
    """A piece of HTML as one reads it."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def check_figure(items: list[str], row: FigureRow) -> None:
    """Where its source mark stands, a figure has its value, unit, date and what sort of number it is."""
    item = item_with(items, f'id="{row.marks[0].anchor}"')
    assert f"{row.value}{row.unit}" in words(item)
    assert row.date in words(item)
    assert not row.form or f'<span class="form">{row.form}</span>' in item


def test_home_tells_date_form_and_mark_of_each_figure(real: Site) -> None:
    """And where the sources differ."""
    found = items(real, "home")
    view = build_home(real.catalogue, None, lambda _: "")
    assert len(view.key_figures) > 3
    for figure in view.key_figures:
        for row in filter(None, (figure.reached, *figure.targets)):
            check_figure(found, row)
        assert figure.caveat in words("".join(found))
    for phase in view.phases:
        assert phase.name in item_with(found, f">{phase.period}<")


def test_progress_tells_date_form_and_mark_of_each_figure(real: Site) -> None:
    """Of one value, and of several in a table."""
    found = items(real, "progress")
    rows = [row for group in build_progress(real.catalogue).groups for row in group.rows]
    assert {len(row.observations) > 1 for row in rows} == {True, False}
    for row in rows:
        for observation in row.observations:
            check_figure(found, observation)
            assert observation.note in words(item_with(found, f'id="{observation.marks[0].anchor}"'))


def test_history_tells_the_date_of_each_event(real: Site) -> None:
    """And the period of each phase."""
    found = items(real, "history")
    view = build_history(real.catalogue)
    for phase in view.phases:
        assert f'<p class="phase__period">{phase.period}</p>' in item_with(found, f'id="{phase.id}"')
    for event in (*view.events, *(event for phase in view.phases for event in phase.events)):
        assert f'<p class="figure__date">{event.date}</p>' in item_with(found, f'{event.url}"')


def test_indicators_tell_the_date_of_each_value(real: Site) -> None:
    """Of the latest, which the list gives of each."""
    found = items(real, "indicators")
    for group in build_records(kind_named("indicator"), real.catalogue).groups:
        for card in group.cards:
            assert card.date
            assert card.date in words(item_with(found, f'/{card.id}/"'))


def test_compare_tells_each_number_date_and_mark(real: Site) -> None:
    """Cell by cell, in the order of the districts."""
    body, _ = render_view(real, "compare", "../")
    for group in build_compare(real.catalogue).groups:
        for row in group.rows:
            html = body.split(f">{group.title}</th>")[1].split(f'<th scope="row">{row.title}</th>')[1]
            cells = html.split("</tr>")[0].split("<td")[1:]
            for cell, shown in zip(row.cells, cells, strict=True):
                said = words(f"<td{shown}")
                assert said.startswith(cell.text)
                for item in cell.items:
                    assert f"{item.link.text} {item.link.note}".strip() in said
                    assert all(f'id="{mark.anchor}"' in shown for mark in item.marks)


def test_a_district_without_records_says_that_this_tells_nothing_of_it() -> None:
    """What is not recorded may well be there."""
    site = prepare_site(build_catalogue(load_dataset(ROOT / "tests/sites/minimal")), SETTINGS)
    bare = [d for d in site.catalogue.city.districts if not site.catalogue.of_district(d.id)]
    assert bare
    assert "没有收录不等于没有开展" in render_one(site, f"district:{bare[0].id}").body
