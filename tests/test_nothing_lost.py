"""Nothing lost: every record reaches every place it belongs to, and one taken out leaves all of them."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import copy_site
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.build import build_site

COPIES = tuple(f"bank-{letter}" for letter in "abcdefgh")
TEXTS = {".html", ".json", ".geojson", ".csv", ".xml", ".jsonld"}


def _read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _features(path: Path) -> set[str]:
    return {str(feature["id"]) for feature in _read_json(path)["features"] if "id" in feature}


def _search_entries(site: Path) -> set[str]:
    results = site.glob("pagefind/*/results/*.gz")
    return {json.loads(gzip.decompress(path.read_bytes()))["url"].strip("/") for path in results}


def read_places(site: Path) -> dict[str, set[str]]:
    """The ids of areas in every place of a finished site where a record can be."""
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    report = _read_json(site / "build-report.json")
    return {
        "pages": {path.parent.name for path in site.glob("areas/*/index.html")},
        "page maps": {path.parent.name for path in site.glob("areas/*/map.geojson")},
        "list": set(
            re.findall(
                r'href="\.\./areas/([a-z-]+)/"', (site / "areas/index.html").read_text(encoding="utf-8")
            )
        ),
        "city map": _features(site / "map.geojson"),
        "search": {url.removeprefix("areas/") for url in _search_entries(site) if url.startswith("areas/")},
        "json": {record["id"] for record in _read_json(site / "data/areas.json")["records"]},
        "geojson": _features(site / "data/all.geojson"),
        "csv": set(
            re.findall(r"^\ufeff?([a-z-]+),", (site / "data/areas.csv").read_text("utf-8"), re.MULTILINE)
        ),
        "sitemap": set(re.findall(r"areas/([a-z-]+)/<", sitemap)),
        "report": {record["id"] for record in report["records"] if record["kind"] == "area"},
        "report: outputs": {r["id"] for r in report["records"] if r["kind"] == "area" and r["outputs"]},
        "report: map": {r["id"] for r in report["records"] if r["kind"] == "area" and r["map"]},
        "report: search": {r["id"] for r in report["records"] if r["kind"] == "area" and r["search"]},
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second city with eight more areas, that nothing refers to."""
    folder = copy_site("second-city", tmp_path_factory.mktemp("lost"))
    text = (folder / "belts/areas/east-bank.yml").read_text(encoding="utf-8")
    for name in COPIES:
        copy = re.sub(r"^name: .*$", f"name: 片区{name[-1].upper()}", text, flags=re.MULTILINE)
        copy = re.sub(r"^(name_en|other_names): .*\n", "", copy, flags=re.MULTILINE)
        (folder / f"belts/areas/{name}.yml").write_text(copy, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def everywhere(project: Path) -> dict[str, set[str]]:
    """Where areas are when all of them are there."""
    return read_places(build_site(project).site)


def test_every_record_is_in_every_place(everywhere: dict[str, set[str]]) -> None:
    for place, ids in everywhere.items():
        assert ids & {*COPIES, "east-bank"} == {*COPIES, "east-bank"}, place


@given(st.sets(st.sampled_from(COPIES)), st.booleans())
@settings(max_examples=5)
def test_records_taken_out_vanish_and_nothing_else_does(
    project: Path, everywhere: dict[str, set[str]], removed: set[str], as_draft: bool
) -> None:
    """Any set of records, deleted or made drafts: exactly those leave every place, and no text names them."""
    kept = project.parent / "kept"
    shutil.copytree(project / "belts", kept)
    try:
        for name in removed:
            path = project / f"belts/areas/{name}.yml"
            if as_draft:
                path.write_text(f"status: draft\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
            else:
                path.unlink()
        site = build_site(project).site
        found = read_places(site)
        assert found.pop("report") == everywhere["report"] - (set() if as_draft else removed)
        assert found == {place: ids - removed for place, ids in everywhere.items() if place != "report"}
        texts = (
            path for path in site.rglob("*") if path.suffix in TEXTS and path.name != "build-report.json"
        )
        named = {name for path in texts for name in removed if f"areas/{name}/" in path.read_text("utf-8")}
        assert named == set()
    finally:
        shutil.rmtree(project / "belts")
        kept.rename(project / "belts")


def test_the_report_agrees_with_the_real_site(real_site: Path) -> None:
    """Each published record's files, place on the map and search entry are there as the report says."""
    report = _read_json(real_site / "build-report.json")
    found = _search_entries(real_site)
    drawn = _features(real_site / "data/all.geojson")
    for record in report["records"]:
        published = record["status"] == "published"
        assert bool(record["outputs"]) == record["search"] == published, record["id"]
        pages = [o.removesuffix("/index.html") for o in record["outputs"] if o.endswith("/index.html")]
        assert len(pages) == published, record["id"]
        assert found.issuperset(pages), record["id"]
        assert record["map"] == (record["id"] in drawn), record["id"]
    for kind, files in report["downloads"].items():
        ids = {record["id"] for record in report["records"] if record["kind"] == kind and record["outputs"]}
        listed = next(name for name in files if name.endswith(".json") and "/all." not in name)
        assert {record["id"] for record in _read_json(real_site / listed)["records"]} == ids
        assert all((real_site / name).is_file() for name in files)
