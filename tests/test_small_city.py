"""A city of very little: what its pages have nothing for is neither announced nor linked to, and no zero is invented."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from build_scripts.catalogue import build_catalogue
from build_scripts.layout import SiteSettings
from build_scripts.pages.rendering import render_view
from build_scripts.pages.site import Site, prepare_site
from build_scripts.reading.load import load_dataset

SECOND_CITY = ROOT / "tests/sites/second-city/belts"


def small_city(folder: Path, *records: str, districts: int = 2) -> Site:
    """The second city with nothing but some of its records, by their paths in belts/, and its first districts."""
    belts = folder / "belts"
    for path in ("city.yml", "geo/districts.geojson", *records):
        (belts / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SECOND_CITY / path, belts / path)
    text = (belts / "city.yml").read_text(encoding="utf-8")
    head, *listed = re.split(r"(?=  - id: )", text.partition("key_indicators")[0])
    kept = "".join(listed[:districts]) or "  []\n"
    (belts / "city.yml").write_text(head + kept, encoding="utf-8")
    dataset = load_dataset(folder)
    assert not dataset.diagnostics
    return prepare_site(
        build_catalogue(dataset), SiteSettings(ROOT / "site_templates", ROOT / "node_modules")
    )


def render(site: Site, view: str) -> str:
    """The generated part of a page, on a site that has all pages it could link to."""
    return render_view(site, view, "../", {"compare/", "about/"})[0]


@pytest.mark.parametrize(
    ("districts", "table", "choice"), [(0, False, False), (1, True, False), (2, True, True)]
)
def test_districts_are_compared_from_two_on(
    districts: int, table: bool, choice: bool, tmp_path: Path
) -> None:
    """One alone is a table without a choice, none is nothing."""
    site = small_city(tmp_path, districts=districts)
    html = render(site, "compare")
    assert ("data-compare-table" in html, "<form" in html) == (table, choice)
    assert ('href="../compare/"' in render(site, "districts")) == choice


@pytest.mark.parametrize("records", [(), ("sources/survey.yml", "alliances/river-union.yml")])
def test_a_map_leads_to_its_list_where_there_is_one(records: tuple[str, ...], tmp_path: Path) -> None:
    """Of no located record there is neither."""
    html = render(small_city(tmp_path, *records), "map")
    assert ('href="#places"' in html) == ('id="places"' in html) == bool(records)


def test_a_district_of_which_no_place_is_known_has_no_map(tmp_path: Path) -> None:
    """With its polygon it has, and without one from its first place on."""
    site = small_city(tmp_path, "sources/survey.yml", "alliances/river-union.yml")
    city = tmp_path / "belts/city.yml"
    city.write_text(city.read_text(encoding="utf-8").replace("code: 99", "code: 88"), encoding="utf-8")
    other = prepare_site(build_catalogue(load_dataset(tmp_path)), site.settings)
    shown = [
        bool(s.atlas.district_figure(district, "../../")[0])
        for s in (site, other)
        for district in s.catalogue.city.districts
    ]
    assert shown == [True, True, False, True]


def test_a_city_without_polygons_is_seen_where_its_places_are(tmp_path: Path) -> None:
    """Its frame says where places may be, and may be the whole country."""
    small_city(tmp_path, "sources/survey.yml", "alliances/river-union.yml")
    city = tmp_path / "belts/city.yml"
    before, _, after = city.read_text(encoding="utf-8").partition("  frame:\n")
    city.write_text(before + after[after.index("  credits:") :], encoding="utf-8")
    settings = SiteSettings(ROOT / "site_templates", ROOT / "node_modules")
    seen = prepare_site(build_catalogue(load_dataset(tmp_path)), settings).atlas.city_map
    assert seen.bounds.contains(seen.features[0].point)
    assert seen.bounds.north - seen.bounds.south < 1


def test_headings_stand_over_something(tmp_path: Path) -> None:
    """No belts, no phases, no records: nothing is headed by them, and nothing can be filtered."""
    site = small_city(tmp_path / "event", "sources/survey.yml", "milestones/bridge-opened.yml")
    assert "<h2>事件</h2>" in render(site, "history")
    assert "phases" not in render(site, "history")
    assert "各条精品带" not in render(site, "belts")
    assert "data-browse-facets" in render(site, "browse")
    assert "data-browse-facets" not in render(small_city(tmp_path / "none"), "browse")
