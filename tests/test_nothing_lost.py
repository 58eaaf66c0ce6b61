"""Nothing lost: every record reaches every place it belongs to, and one taken out leaves all of them."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import copy_site
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from build_scripts.building.build import build_site
from build_scripts.faults.diagnostics import Problems, select_errors
from build_scripts.inspection.unpacking import Form, unpack
from build_scripts.provenance.stamp import hash_tree

# One record of each kind, by its folder; each gets copies that nothing refers to.
ORIGINALS = {
    "alliances": "river-union",
    "areas": "east-bank",
    "boutique": "river-belt",
    "indicators": "built-areas",
    "milestones": "bridge-opened",
    "programmes": "joint-plan",
    "sources": "survey",
    "workshops": "bamboo",
}
COPIES = {f"lost-{folder}-{letter}": folder for folder in ORIGINALS for letter in "ab"}
KNOWN = re.compile(rf"(?<![a-z0-9-])({'|'.join([*COPIES, *ORIGINALS.values()])})(?![a-z0-9-])")
LOST = re.compile(r"lost-[a-z]+-[ab](?![a-z0-9-])|失落[a-z]+[ab]")
_STRETCH = re.compile(r'("id": ?"[a-z-]+)-\d+(?=")')  # a belt's line is drawn in stretches
STATES = ("deleted", "draft", "faulty")


_OTHERS = ("assets", "pagefind", "build-report.json", "index.html")


def _name(record_id: str) -> str:
    return record_id.replace("lost-", "失落").replace("-", "")


def _read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _features(path: Path) -> set[str]:
    return {str(feature["id"]) for feature in _read_json(path)["features"] if "id" in feature}


def _search_entries(site: Path) -> set[str]:
    files = (gzip.decompress(path.read_bytes()) for path in site.glob("pagefind/results/*/*.gz"))
    return {url.strip("/") for text in files for url, *_ in json.loads(text)}


def _texts(path: Path, site: Path) -> Iterator[str]:
    """Everything in a file that can be read, unpacked: workbooks, gzip, search fragments."""
    parts = unpack(path.relative_to(site).as_posix(), path.read_bytes())
    return (part.text for part in parts if part.form in (Form.TEXT, Form.DATA))


def _shared_files(site: Path) -> Iterator[Path]:
    """The files that are about many records, but for the home page, which shows some of them."""
    for path in sorted(site.rglob("*")):
        inside = path.relative_to(site).parts
        is_own = len(inside) > 2 and inside[0] not in ("data", "districts")
        if path.is_file() and not is_own and inside[0] not in _OTHERS:
            yield path


def read_places(site: Path) -> dict[str, set[str]]:
    """The ids of records in every place of a finished site where a record can be."""
    report = _read_json(site / "build-report.json")["records"]
    folders = [path.parent for path in site.glob("*/*/index.html") if KNOWN.fullmatch(path.parent.name)]
    places = {
        "report": {record["id"] for record in report},
        "report: outputs": {record["id"] for record in report if record["outputs"]},
        "report: map": {record["id"] for record in report if record["map"]},
        "report: search": {record["id"] for record in report if record["search"]},
        "search": {url.rpartition("/")[2] for url in _search_entries(site)} & {*COPIES, *ORIGINALS.values()},
        "features: city": {re.sub(r"-\d+$", "", found) for found in _features(site / "map.geojson")},
        "features: download": _features(site / "data/all.geojson"),
    }
    for folder in folders:
        for path in folder.iterdir():
            own = "ID" + path.suffix if path.stem == folder.name else path.name
            places.setdefault(f"{folder.parent.name}/ID/{own}", set()).add(folder.name)
    for path in _shared_files(site):
        named = {found for text in _texts(path, site) for found in KNOWN.findall(_STRETCH.sub(r"\1", text))}
        if named:
            places[path.relative_to(site).as_posix()] = named
    return places


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second city with two more records of each kind, that nothing refers to."""
    folder = copy_site("second-city", tmp_path_factory.mktemp("lost"))
    for number, (copy, kind) in enumerate(COPIES.items(), 2):
        text = (folder / f"belts/{kind}/{ORIGINALS[kind]}.yml").read_text(encoding="utf-8")
        text = re.sub(r"^(name|short_name): .*$", rf"\1: {_name(copy)}", text, flags=re.MULTILINE)
        text = re.sub(r"^number: .*$", f"number: {number}", text, flags=re.MULTILINE)
        text = re.sub(r"^(name_en|other_names): .*\n", "", text, flags=re.MULTILINE)
        (folder / f"belts/{kind}/{copy}.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def everywhere(project: Path) -> dict[str, set[str]]:
    """Where records are when all of them are there."""
    return read_places(build_site(project).site)


def test_every_record_is_in_every_place(everywhere: dict[str, set[str]]) -> None:
    """A copy is wherever its original is; every record has a page, is in the report, the search and the downloads."""
    for kind, original in ORIGINALS.items():
        copies = {copy for copy, folder in COPIES.items() if folder == kind}
        places = {place for place, ids in everywhere.items() if original in ids and original not in _CITED}
        assert {place for place in places if not copies <= everywhere[place]} == set()
        section = "belts" if kind == "boutique" else kind
        for place in (
            *("report", "report: outputs", "report: search", "search", "sitemap.xml", "sitemap.xml.gz"),
            *(
                f"{section}/ID/index.html",
                f"{section}/index.html",
                f"data/{section}.json",
                f"data/{section}.csv",
            ),
            *(f"data/{section}.xlsx", "data/all.json", "data/all.csv", "data/all.xlsx", "browse/browse.json"),
        ):
            assert copies | {original} <= everywhere.get(place, set()), (place, kind)
    for kind in ("areas", "boutique", "alliances", "workshops"):
        section, features = ("belts", "city") if kind == "boutique" else (kind, "download")
        copies = {copy for copy, folder in COPIES.items() if folder == kind}
        for place in (f"{section}/ID/map.geojson", f"data/{section}.geojson", f"features: {features}"):
            assert copies <= everywhere[place], (place, kind)


# What other records refer to is named where they are.
_CITED = ("survey", "bridge-opened", "joint-plan", "east-bank", "bamboo", "river-union")


def _put(project: Path, states: Mapping[str, str]) -> None:
    for name, state in states.items():
        path = project / f"belts/{COPIES[name]}/{name}.yml"
        text = path.read_text(encoding="utf-8")
        if state == "deleted":
            path.unlink()
        else:
            path.write_text(
                f"{'status: draft' if state == 'draft' else 'sttus: x'}\n{text}", encoding="utf-8"
            )


@given(st.dictionaries(st.sampled_from(sorted(COPIES)), st.sampled_from(STATES)))
@settings(max_examples=6, phases=(Phase.reuse, Phase.generate))  # a smaller example takes minutes to find
def test_records_taken_out_vanish_and_nothing_else_does(
    project: Path, everywhere: dict[str, set[str]], states: dict[str, str]
) -> None:
    """Any set of records of any kind, deleted or made drafts: exactly those leave every place, and no file names
    them. With a fault in any, each of those is named in the errors and the site stays as it was.
    """
    kept = project.parent / "kept"
    shutil.copytree(project / "belts", kept)
    try:
        faulty = {name for name, state in states.items() if state == "faulty"}
        _put(project, states)
        if faulty:
            before = hash_tree(project / "site")
            with pytest.raises(Problems) as caught:
                build_site(project)
            named = {Path(found.path).stem for found in select_errors(caught.value.diagnostics)}
            assert named == faulty
            assert hash_tree(project / "site") == before
            for name in faulty:
                shutil.copy(kept / COPIES[name] / f"{name}.yml", project / "belts" / COPIES[name])
        site = build_site(project).site
        removed = states.keys() - faulty
        drafts = {name for name, state in states.items() if state == "draft"}
        assert _read_json(site / "build-report.json")["drafts"] == len(drafts)
        found = read_places(site)
        expected = {place: ids - removed for place, ids in everywhere.items()}
        assert found == {place: ids for place, ids in expected.items() if ids or place in found}
        words = {*removed, *map(_name, removed)}
        files = (path for path in site.rglob("*") if path.is_file())
        assert (
            not {word for path in files for text in _texts(path, site) for word in LOST.findall(text)} & words
        )
    finally:
        shutil.rmtree(project / "belts")
        kept.rename(project / "belts")


def test_the_report_agrees_with_the_real_site(real_site: Path) -> None:
    """Each published record's files, place on the map and search entry are there as the report says."""
    report = _read_json(real_site / "build-report.json")
    found = _search_entries(real_site)
    drawn = _features(real_site / "data/all.geojson")
    for record in report["records"]:
        assert record["search"], record["id"]
        pages = [o.removesuffix("/index.html") for o in record["outputs"] if o.endswith("/index.html")]
        assert len(pages) == 1, record["id"]
        assert found.issuperset(pages), record["id"]
        line = f"belts/{record['id']}/map.geojson"
        lined = line in record["outputs"] and "LineString" in (real_site / line).read_text(encoding="utf-8")
        assert record["map"] == (record["id"] in drawn or lined), record["id"]
    assert any(record["map"] for record in report["records"] if record["kind"] == "belt")
    for kind, files in report["downloads"].items():
        ids = {record["id"] for record in report["records"] if record["kind"] == kind and record["outputs"]}
        listed = next(name for name in files if name.endswith(".json") and "/all." not in name)
        assert {record["id"] for record in _read_json(real_site / listed)["records"]} == ids
        assert all((real_site / name).is_file() for name in files)
