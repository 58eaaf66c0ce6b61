"""Of the invented city one profile of each kind, its view and its rendered body, and every page of many records."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from conftest import ROOT, copy_site

from build_scripts.layout import Project, SiteSettings
from build_scripts.pages.rendering import render_one, render_view
from build_scripts.pages.site import Site
from build_scripts.project import prepare_project
from build_scripts.views.profile import build_profile

RECORDS = (
    "river-belt",
    "east-bank",
    "river-union",
    "bamboo",
    "joint-plan",
    "built-areas",
    "bridge-opened",
    "survey",
)
# Of lists of one kind, which are alike, one; the page of downloads has tests of its own.
VIEWS = (
    "home",
    "map",
    "browse",
    "belts",
    "areas",
    "districts",
    "compare",
    "progress",
    "history",
    "standards",
    "sources",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The second city, ready to be rendered."""
    root = copy_site("second-city", tmp_path_factory.mktemp("snapshots"))
    settings = SiteSettings(ROOT / "site_templates", ROOT / "node_modules")
    return prepare_project(Project(root, settings)).site


@pytest.mark.parametrize("record_id", RECORDS)
def test_view(record_id: str, site: Site, snapshot: Callable[[str, str], None]) -> None:
    """The view holds what the record says, decided and formatted."""
    view = build_profile(site.catalogue.records[record_id], site.catalogue, None)
    snapshot(f"{record_id}.view.txt", "\n".join(outline(view)) + "\n")


@pytest.mark.parametrize("record_id", [*RECORDS, "district:upstream"])
def test_body(record_id: str, site: Site, snapshot: Callable[[str, str], None]) -> None:
    """The template places it all; names made from content are masked."""
    page = render_one(site, record_id)
    snapshot(f"{record_id.replace(':', '-')}.html", mask(page.body))


@pytest.mark.parametrize("name", VIEWS)
def test_page_of_many_records(name: str, site: Site, snapshot: Callable[[str, str], None]) -> None:
    """A view that a page asks for, with the links to pages that a city may leave out."""
    pages = ("about/#marks", "history/", "progress/")
    body, _ = render_view(site, name, "../", pages)
    snapshot(f"views/{name}.html", mask(body))


def mask(body: str) -> str:
    """A body without what names made from content change."""
    return re.sub(r"\.[0-9a-f]{8}(?=[./])", ".HASH", body) + "\n"


def outline(value: Any, indent: str = "", name: str = "") -> list[str]:
    """A view as indented lines, empty fields left out."""
    label = f"{indent}{name}: " if name else indent
    names = [f.name for f in fields(value)] if is_dataclass(value) else getattr(value, "_fields", ())
    if names:
        inner = [
            line for field in names for line in outline(getattr(value, field), f"{indent}  ", field) if line
        ]
        return [f"{label}{type(value).__name__}", *inner]
    if isinstance(value, tuple):
        return [
            line for number, item in enumerate(value) for line in outline(item, indent, f"{name}[{number}]")
        ]
    return [f"{label}{value}"] if value not in ("", None, 0) else []


def test_a_changed_view_fails_its_snapshot(
    snapshot: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot that differs fails and names the command that rewrites it."""
    monkeypatch.delenv("UPDATE_SNAPSHOTS", raising=False)
    with pytest.raises(AssertionError, match="make snapshots"):
        snapshot("east-bank.view.txt", "something else")
