"""The fixture sites of tests/sites: each is another city, built by the same code."""

from pathlib import Path

import pytest
from conftest import copy_site

from build_scripts.addresses import record_url
from build_scripts.building.build import build_site
from build_scripts.catalogue import build_catalogue
from build_scripts.inspection.finished import find_broken, read_pages
from build_scripts.kinds.registry import find_kinds
from build_scripts.reading.load import load_dataset


@pytest.mark.parametrize("name", ["second-city", "empty"])
def test_another_city_needs_no_code(name: str, tmp_path: Path) -> None:
    """Other records, districts and boundaries build strictly into a whole site without a dead link."""
    project = copy_site(name, tmp_path)
    site = build_site(project).site
    found = read_pages(site)
    catalogue = build_catalogue(load_dataset(project))
    profiles = [record_url(record) for record in catalogue.records.values()]
    lists = [f"{kind.url_folder}/" for kind in find_kinds()]
    assert [url for url in (*profiles, *lists) if f"{url}index.html" not in found] == []
    assert list(find_broken(site, found)) == []


def test_a_city_prints_its_own_identity_and_links(tmp_path: Path) -> None:
    """Organiser, corrections and edit links come from city.yml; what is absent there prints nothing."""
    site = build_site(copy_site("second-city", tmp_path)).site
    html = (site / "areas/east-bank/index.html").read_text(encoding="utf-8")
    assert "星河测试办公室" in html
    assert 'href="https://example.org/edit/belts/areas/east-bank.yml"' in html
    assert 'href="https://example.org/report"' in html
    assert "ICP" not in html
    assert "2026-03-04" in html


def test_pages_feed_and_data_have_the_language_tag_of_the_city(tmp_path: Path) -> None:
    """Whatever the theme's own language is, which mkdocs.yml says."""
    project = copy_site("second-city", tmp_path)
    with (project / "belts/city.yml").open("a", encoding="utf-8") as file:
        file.write("language: zh-Hans\n")
    site = build_site(project).site
    assert {page.lang for page in read_pages(site).values()} == {"zh-Hans"}
    told = {f"data/{name}.jsonld": '"@language": "zh-Hans"' for name in ("catalog", "places")}
    for name, words in {**told, "feed.xml": 'xml:lang="zh-Hans"'}.items():
        assert words in (site / name).read_text(encoding="utf-8")
