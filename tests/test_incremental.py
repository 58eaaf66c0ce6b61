"""A build after a change gives the bytes of a clean build, and makes nothing that would come out the same."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, copy_site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_scripts import checks, workers
from build_scripts.building.build import build_site
from build_scripts.checks.places import mark_places
from build_scripts.errors import UserError
from build_scripts.faults.diagnostics import Diagnostic, Problems
from build_scripts.maps import drawings
from build_scripts.reading.load import Dataset
from build_scripts.storage.cache import digest_of

AREA = "belts/areas/east-bank.yml"
KEPT = (".cache", ".site.ledger")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city, built once, with what its build keeps."""
    project = copy_site("second-city", tmp_path_factory.mktemp("built"))
    build_site(project)
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built city to change."""
    return copy_built(built, tmp_path)


def copy_built(built: Path, folder: Path) -> Path:
    """The built city copied below `folder`, at the same depth."""
    target = copy_site("second-city", folder)
    for name in ("site", *KEPT):
        source = built / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copyfile(source, target / name)
    return target


def tree(site: Path) -> dict[str, bytes]:
    """Every file of a site by its path."""
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def clean_tree(project: Path, folder: Path) -> dict[str, bytes]:
    """What a build of the project gives that knows nothing of earlier ones."""
    folder.mkdir(exist_ok=True)
    other = copy_site("second-city", folder)
    shutil.rmtree(other / "belts")
    shutil.copytree(project / "belts", other / "belts")
    return tree(build_site(other).site)


def replace(project: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file of the project."""
    text = (project / path).read_text(encoding="utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def inodes(site: Path) -> dict[str, int]:
    """The inode of each page: a page that is kept is linked, not written."""
    return {p.relative_to(site).parent.as_posix(): p.stat().st_ino for p in site.rglob("index.html")}


QUIETLY = "import sys; from build_scripts.cli import main; code = main(sys.argv[1:]); print(*sorted(sys.modules)); sys.exit(code)"


@pytest.mark.skipif(workers.available_cores() < 2, reason="with one core there is nothing to gain")
def test_folium_is_loaded_beside_a_first_build(tmp_path: Path) -> None:
    """Another process draws what all maps share; the build itself finds it in the cache."""
    project = copy_site("second-city", tmp_path)
    command = [sys.executable, "-c", QUIETLY, "-C", str(project), "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "mkdocs" in modules
    assert "folium" not in modules
    assert list((project / "site").glob("assets/**/*.js"))


def test_an_edited_record_needs_no_publisher(project: Path) -> None:
    """MkDocs and Folium, slow to load, are left alone when nothing that they make has changed."""
    build_site(project)  # the copy stands at another place
    replace(project, AREA, "name: ", "name: 新")
    command = [sys.executable, "-c", QUIETLY, "-C", str(project), "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "jinja2" in modules
    assert not {"mkdocs", "material", "folium"} & modules
    assert "新" in (project / "site/areas/east-bank/index.html").read_text(encoding="utf-8")


def data_inodes(project: Path) -> dict[str, int]:
    """The inode of each file of the open data by its path in data/."""
    folder = project / "site/data"
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in folder.rglob("*") if p.is_file()}


# -- what else results are made from -------------------------------------------------------------


def test_places_are_looked_at_again_when_the_map_has_changed(project: Path) -> None:
    """A point that lay in its district no longer does once the district has moved, though no record has changed."""
    build_site(project)
    layer = project / "belts/geo/districts.geojson"
    shapes = json.loads(layer.read_text(encoding="utf-8"))
    layer.write_text(json.dumps(_moved(shapes, 1.0)), encoding="utf-8")
    assert "B403" in {diagnostic.code for diagnostic in build_site(project).diagnostics}


def _moved(value: Any, degrees: float) -> Any:
    """GeoJSON with every position farther east."""
    if isinstance(value, dict):
        return {key: _moved(part, degrees) for key, part in value.items()}
    if isinstance(value, list) and value and all(isinstance(part, (int, float)) for part in value):
        return [value[0] + degrees, *value[1:]]
    return [_moved(part, degrees) for part in value] if isinstance(value, list) else value


def test_what_lies_near_follows_a_place_that_moves(project: Path, tmp_path: Path) -> None:
    """Its own page and its neighbours' are those of a clean build."""
    build_site(project)
    location = next(
        line for line in (project / AREA).read_text(encoding="utf-8").splitlines() if "lat:" in line
    )
    number = location.partition("lat:")[2].strip(" '")
    replace(project, AREA, location, location.replace(number, f"{float(number) + 0.02:.4f}"))
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")


def test_the_report_follows_drafts_redirects_and_warnings(project: Path) -> None:
    """Nothing else on the site tells of them; of drafts and warnings it gives the number alone."""
    report = project / "site/build-report.json"
    build_site(project)
    before = json.loads(report.read_text(encoding="utf-8"))
    (project / "belts/areas/draft-area.yml").write_bytes((project / AREA).read_bytes())
    replace(project, "belts/areas/draft-area.yml", "name: ", "status: draft\nname: ")
    build_site(project)
    drafted = json.loads(report.read_text(encoding="utf-8"))
    assert (drafted["drafts"], drafted["records"]) == (before["drafts"] + 1, before["records"])
    assert drafted["inputs"] == before["inputs"] + 1
    (project / "belts/photos/east-bank/unused.jpg").write_bytes(
        (project / "belts/photos/east-bank/bridge.jpg").read_bytes()
    )
    build_site(project)
    text = report.read_text(encoding="utf-8")
    assert json.loads(text)["diagnostics"] == drafted["diagnostics"] + 1
    assert not {"draft-area", "unused.jpg", "bridge.jpg"} & {*re.split(r'[/"\s]', text)}
    (project / "belts/redirects.yml").write_text("areas/long-gone: east-bank\n", encoding="utf-8")
    build_site(project)
    assert json.loads(report.read_text(encoding="utf-8"))["redirects"] != before["redirects"]


# -- the same bytes -----------------------------------------------------------------------------

_SCALAR = re.compile(r"^(\s*(?:- )?)([a-z_]+): ([^\n|>\[{]+)$")


def _scalars(project: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted((project / "belts").glob("*/*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if _SCALAR.match(line):
                yield path, number


def _edit(project: Path, chance: random.Random) -> None:
    """Change one value: its text, its number, its date; or take the line away; or repeat another record's."""
    path, number = chance.choice(list(_scalars(project)))
    lines = path.read_text(encoding="utf-8").splitlines()
    match = _SCALAR.match(lines[number])
    assert match
    before, key, value = match.groups()
    if chance.random() < 0.2:
        del lines[number]
    elif re.fullmatch(r"['\"]?[\d.]+['\"]?", value):
        lines[number] = f"{before}{key}: " + re.sub(r"\d(?!.*\d)", str(chance.randrange(1, 10)), value)
    elif re.fullmatch(r"['\"]?\d{4}(-\d\d)*['\"]?", value):
        lines[number] = f"{before}{key}: " + re.sub(r"\d\d(?=\D*$)", f"{chance.randrange(10, 13)}", value)
    else:
        lines[number] = f"{before}{key}: {value}{chance.choice('改新东西')}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_any_sequence_of_edits_gives_the_bytes_of_a_clean_build(
    built: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """After each of some random edits; where an edit is faulty, the last good site stays as it was."""
    chance = random.Random(seed)  # noqa: S311 (a test's choices)
    project = copy_built(built, tmp_path_factory.mktemp("edited"))
    changed = 0
    for _ in range(12):
        kept, good = tree(project / "site"), (project / "belts")
        spare = project / "spare"
        shutil.copytree(good, spare)
        _edit(project, chance)
        try:
            build_site(project)
        except Problems:
            assert tree(project / "site") == kept
            shutil.rmtree(good)
            spare.rename(good)
            continue
        shutil.rmtree(spare)
        changed += tree(project / "site") != kept
    assert changed > 0
    assert tree(project / "site") == clean_tree(project, tmp_path_factory.mktemp("clean")), (seed, changed)


def test_a_record_added_and_one_removed(project: Path, tmp_path: Path) -> None:
    """New addresses appear and old ones go, as in a clean build."""
    text = (project / AREA).read_text(encoding="utf-8")
    (project / "belts/areas/new-bank.yml").write_text(text.replace("name: ", "name: 新", 1), encoding="utf-8")
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "added")
    (project / "belts/areas/new-bank.yml").unlink()
    build_site(project)
    assert not (project / "site/areas/new-bank").exists()
    assert tree(project / "site") == clean_tree(project, tmp_path / "removed")


def test_processes_make_the_same_bytes(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many processors there are, and however few records a pool is opened for."""
    monkeypatch.setattr(workers, "ENOUGH", 1)
    assert clean_tree(project, tmp_path / "pool") == tree(project / "site")


# -- nothing made twice ---------------------------------------------------------------------------


def test_an_edit_makes_the_record_and_what_shows_it(project: Path) -> None:
    """A figure of an area is on its own page alone; its name is on its belts, its district and the lists."""
    before = inodes(project / "site")
    replace(project, AREA, "value: ", "value: 1")
    build_site(project)
    after = inodes(project / "site")
    made = {url for url in after if after[url] != before.get(url)}
    assert "areas/east-bank" in made
    profiles = {url for url in made if url.count("/") == 1}
    assert profiles <= {"areas/east-bank", "handbook/rules"}, profiles

    before = after
    replace(project, AREA, "name: ", "name: 新")
    build_site(project)
    after = inodes(project / "site")
    made = {url for url in after if after[url] != before.get(url)}
    record = (project / AREA).read_text(encoding="utf-8")
    district = re.search(r"district: (\S+)", record)
    assert district
    belts = {
        f"belts/{p.stem}" for p in (project / "belts/boutique").glob("*.yml") if "east-bank" in p.read_text()
    }
    assert {"areas", ".", f"districts/{district[1]}", *belts} <= made
    others = {f"sources/{p.stem}" for p in (project / "belts/sources").glob("*.yml") if p.stem not in record}
    assert not others & made


@pytest.mark.parametrize("most", [1, 1000])
def test_a_summary_of_a_place_is_on_its_kinds_list_and_on_small_maps(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Pages that name places stay as they are; those with the city's map too, where it has too many to tell of each."""
    monkeypatch.setattr(drawings, "_SUMMARISED", most)
    (project / ".site.ledger").unlink()
    build_site(project)
    before = inodes(project / "site")
    replace(project, AREA, "summary: ", "summary: 新")
    build_site(project)
    after = inodes(project / "site")
    made = {url for url in after if after[url] != before.get(url)}
    assert {"areas", "areas/east-bank"} <= made
    assert not {"compare", "sources", "progress"} & made
    assert (most == 1) == (not {".", "browse", "map"} & made)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")


def test_a_summary_leaves_most_data_files_in_place(project: Path, tmp_path: Path) -> None:
    """Those that hold it are written, and the page that lists the files tells their new sizes; the others are kept."""
    page = project / "content/data.md"
    page.write_text("---\ntitle: 数据\ndescription: 下载。\nview: data\n---\n下载。\n", encoding="utf-8")
    build_site(project)
    before = data_inodes(project)
    replace(project, AREA, "summary: ", f"summary: {'新的摘要' * 80}")
    build_site(project)
    after = data_inodes(project)
    forms = {f"{kind}.{form}" for kind in ("areas", "all") for form in ("csv", "xlsx", "json")}
    described = {"places.jsonld", "datapackage.json", "catalog.jsonld", "index.html"}
    assert {name for name in after if after[name] != before[name]} == {*forms, *described}
    assert {"areas-facts.csv", "areas-figures.csv", "areas.geojson"} <= after.keys()
    link = r'href="\.\./data/([^"]+)" download aria-label[^>]+>[^<]+</a> <span[^>]*>([^<]+)<'
    shown = dict(re.findall(link, (project / "site/data/index.html").read_text(encoding="utf-8")))
    assert {*forms, "areas.geojson", "belts.csv"} <= shown.keys()
    sizes = {name: (project / "site/data" / name).stat().st_size for name in shown}
    assert shown == {name: f"{max(1, round(size / 1000))} KB" for name, size in sizes.items()}
    page.unlink()
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")


def test_pictures_of_photos_stay_until_their_photo_changes(project: Path, tmp_path: Path) -> None:
    """They stay through an edit without being made or read again; one that is damaged comes back."""
    build_site(project)
    pictures = {path.name: path.stat().st_ino for path in (project / "site/assets/photos").iterdir()}
    shutil.rmtree(project / ".cache/photos")
    replace(project, AREA, "name: ", "name: 新")
    build_site(project)
    assert {path.name: path.stat().st_ino for path in (project / "site/assets/photos").iterdir()} == pictures
    assert not [*(project / ".cache").glob("photos/*/*")]
    damaged = min((project / "site/assets/photos").iterdir())
    damaged.unlink()
    damaged.write_bytes(b"damaged")
    photo = project / "belts/photos/east-bank/reeds.png"
    photo.write_bytes((project / "belts/photos/east-bank/bridge.jpg").read_bytes())
    replace(project, AREA, "photos/east-bank/reeds.png", "photos/east-bank/reeds.jpg")
    photo.rename(photo.with_suffix(".jpg"))
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")


def test_a_record_found_sound_is_not_looked_at_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the rules for single records, only those for the edited one run; what else they read may change it."""
    looked_at: list[str] = []

    def look(dataset: Dataset) -> Iterator[Diagnostic]:
        looked_at.extend(entry.path for entry in dataset.entries)
        yield from ()

    monkeypatch.setattr(checks, "RULES_ALONE", (*checks.RULES_ALONE, look))
    replace(project, AREA, "value: ", "value: 1")
    build_site(project)
    assert looked_at == [AREA]
    looked_at.clear()
    replace(project, "belts/city.yml", "title: ", "title: 新")
    build_site(project)
    assert len(looked_at) == len(list((project / "belts").glob("*/*.yml")))


CHECK_AGAIN = """
import sys
from pathlib import Path
from build_scripts.storage.cache import Cache
from build_scripts.checks import check_dataset
from build_scripts.reading.load import load_dataset
from build_scripts.layout import RESULTS
root = Path(sys.argv[1])
cache = Cache(root / RESULTS)
check_dataset(load_dataset(root, cache=cache), cache=cache)
print(*sorted(sys.modules))
"""


def test_a_warning_is_no_reason_to_look_at_places_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that is warned of something else still lies where it did."""
    known: dict[str, bool] = {}

    def look(dataset: Dataset) -> Iterator[Diagnostic]:
        known.update((entry.path, mark_places(entry) in dataset.sound_places) for entry in dataset.entries)
        yield from ()

    replace(project, AREA, "\nfacts:", "\n  - name: 一村\n    sources: [survey]\nfacts:")
    shutil.rmtree(project / ".cache")
    assert [found.code for found in build_site(project).diagnostics] == ["B330"]
    monkeypatch.setattr(checks, "RULES_ALONE", (*checks.RULES_ALONE, look))
    replace(project, "belts/programmes/joint-plan.yml", "name: ", "name: 新")
    build_site(project)
    assert known[AREA]


def test_links_of_a_text_are_known_without_it(project: Path) -> None:
    """A text is not converted again for its links; a record that it leads to may become a draft."""
    replace(project, AREA, "name: ", "body: 见[计划](joint-plan)。\nname: ")
    build_site(project)
    replace(project, "belts/programmes/joint-plan.yml", "name: ", "name: 新")
    command = [sys.executable, "-c", CHECK_AGAIN, str(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "markdown" not in done.stdout.split()
    replace(project, "belts/programmes/joint-plan.yml", "name: ", "status: draft\nname: ")
    with pytest.raises(Problems) as refused:
        build_site(project)
    assert ("B304", AREA, 1, 13) in {(d.code, d.path, d.line, d.column) for d in refused.value.diagnostics}


def test_figures_are_held_against_a_source_that_is_dated_anew(project: Path) -> None:
    """Though their records have not changed and were found sound."""
    replace(project, "belts/sources/survey.yml", "period: 2020-05", "period: 1990-05")
    found = {(d.code, d.path) for d in build_site(project).diagnostics}
    assert found == {("B508", AREA), ("B508", "belts/indicators/built-areas.yml")}


def test_nothing_changed_makes_nothing(project: Path) -> None:
    """A second build finds the site as it was made and leaves it; with one more file it is made again."""
    first = build_site(project)
    assert build_site(project) == first
    kept = (project / "site").stat().st_ino
    build_site(project)
    assert (project / "site").stat().st_ino == kept
    replace(project, AREA, "value: ", "value: 1")
    build_site(project)
    assert (project / "site").stat().st_ino != kept


def test_a_removed_file_of_the_site_comes_back(project: Path) -> None:
    """Whatever was taken out of the site or put into it, the next build has the whole."""
    build_site(project)
    whole = tree(project / "site")
    (project / "site/404.html").unlink()
    (project / "site/foreign.html").write_text("foreign")
    build_site(project)
    assert tree(project / "site") == whole


def test_the_site_before_is_made_the_next_one(project: Path) -> None:
    """What two sites have in common are the same files; what differs is in neither written in place."""
    assert not (project / ".site.building").exists()
    for _ in range(3):
        old = tree(project / "site")
        replace(project, AREA, "value: ", "value: 1")
        build_site(project)
        before = project / ".site.building"
        assert tree(before) == old
        shared = set(inodes(before).items()) & set(inodes(project / "site").items())
        assert len(shared) > len(inodes(before)) / 3


def test_what_lies_in_the_staging_folder_is_not_published(project: Path, built: Path) -> None:
    """Whatever an interrupted build has left there, or somebody has put there."""
    replace(project, AREA, "value: ", "value: 1")
    build_site(project)
    before = project / ".site.building"
    (before / "foreign/folder").mkdir(parents=True)
    (before / "foreign/page.html").write_text("foreign")
    (before / "areas/east-bank/index.html").unlink()
    (before / "index.html").unlink()
    (before / "index.html").write_text("half")
    replace(project, AREA, "value: 1", "value: ")
    build_site(project)
    assert tree(project / "site") == tree(built / "site")
    assert not (project / "site/foreign").exists()


# -- damage ---------------------------------------------------------------------------------------


def _truncate_page(project: Path) -> None:
    page = project / "site/areas/east-bank/index.html"
    page.write_bytes(page.read_bytes()[:100])


def _poison_page(project: Path) -> None:
    page = project / "site/areas/east-bank/index.html"
    page.write_bytes(page.read_bytes().replace("东".encode(), "西".encode()))


def _poison_cache(project: Path) -> None:
    with closing(sqlite3.connect(project / ".cache/belts/results.sqlite")) as connection, connection:
        assert connection.execute("UPDATE results SET value = 'null'").rowcount > 0


def _poison_pieces(project: Path) -> None:
    """What the cache holds of files, but not what is known of it; of the files, one is gone and one must be written."""
    with closing(sqlite3.connect(project / ".cache/belts/results.sqlite")) as connection, connection:
        rows = connection.execute("SELECT key, value FROM results").fetchall()
        pieces = [(key,) for key, value in rows if key == digest_of(value)]
        connection.executemany("UPDATE results SET value = 'null' WHERE key = ?", pieces)
    assert len(pieces) > 50
    (project / "site/data/all.json").unlink()
    (project / "site/data/areas.xlsx").write_bytes(b"PK")


def _truncate_cache(project: Path) -> None:
    file = project / ".cache/belts/results.sqlite"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _spoil_ledger(project: Path) -> None:
    (project / ".site.ledger").write_text('{"areas/east-bank/": ["", 3]}')


def _name_what_cannot_be(project: Path) -> None:
    file = project / ".site.ledger"
    kept = json.loads(file.read_bytes())
    kept["groups"]["none"] = ["", {"a\0b": "00"}]
    file.write_text(json.dumps(kept))


def _date_what_cannot_be(project: Path) -> None:
    file = project / ".site.ledger"
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "taken": float("inf")}))


def _lead_outside(project: Path) -> None:
    file = project / ".site.ledger"
    kept = json.loads(file.read_bytes())
    (project / "outside").write_text("x")
    kept["groups"]["none"] = ["", {"../outside": hashlib.sha256(b"x").hexdigest()}]
    file.write_text(json.dumps(kept))


def _spoil_skeleton(project: Path) -> None:
    (file,) = project.glob(".cache/belts/skeletons/*/files/404.html")
    file.write_text("spoilt")


def _forget(project: Path) -> None:
    shutil.rmtree(project / ".cache")
    (project / ".site.ledger").unlink()


def _lose_site(project: Path) -> None:
    shutil.rmtree(project / "site")


def _link_away(project: Path) -> None:
    for number, name in enumerate(("404.html", "areas/east-bank/index.html")):
        away = (project / "site" / name).rename(project / f"away-{number}")
        (project / "site" / name).symlink_to(away)


DAMAGE = (
    _truncate_page,
    _poison_page,
    _poison_cache,
    _poison_pieces,
    _truncate_cache,
    _spoil_ledger,
    _name_what_cannot_be,
    _date_what_cannot_be,
    _lead_outside,
    _spoil_skeleton,
    _forget,
    _lose_site,
    _link_away,
)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__.strip("_"))
def test_damage_is_found_and_made_good(built: Path, project: Path, damage: object) -> None:
    """Whatever befalls the cache, the ledger, the skeleton or the last site: the next build is whole."""
    assert callable(damage)
    damage(project)
    build_site(project)
    assert tree(project / "site") == tree(built / "site")
    assert not any(path.is_symlink() for path in (project / "site").rglob("*"))


def test_a_page_that_fails_is_named_by_a_worker(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every record whose template fails is named with the template's line; the last good site stays."""
    shutil.rmtree(tmp_path / "site_templates", ignore_errors=True)
    (tmp_path / "site_templates").unlink(missing_ok=True)
    shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates")
    (tmp_path / "site_templates/profiles/area.html").write_text("\n{{ view.no_such_thing }}\n")
    kept = tree(project / "site")
    for enough in (10**6, 1):
        monkeypatch.setattr(workers, "ENOUGH", enough)
        with pytest.raises(UserError) as failure:
            build_site(project)
        areas = sorted(path.stem for path in (project / "belts/areas").glob("*.yml"))
        lines = str(failure.value).splitlines()
        assert [line.split(":")[0] for line in lines] == [f"belts/areas/{area}.yml" for area in areas]
        assert all("profiles/area.html:2: " in line and "no_such_thing" in line for line in lines)
        assert tree(project / "site") == kept


DEADLY = """
import multiprocessing, sys, threading
from build_scripts import workers
from build_scripts.cli import run

def kill():
    while True:
        for process in multiprocessing.active_children():
            process.kill()

workers.ENOUGH = 1
threading.Thread(target=kill, daemon=True).start()
sys.argv[0] = "belts"
run()
"""


@pytest.mark.skipif(workers.available_cores() < 2, reason="with one core there are no other processes")
def test_processes_that_are_stopped_are_told_in_words(project: Path) -> None:
    """Whatever they were doing, reading too; the site stays as it was."""
    build_site(project)
    kept = tree(project / "site")
    replace(project, AREA, "name: ", "name: 新")
    command = [sys.executable, "-c", DEADLY, "-C", str(project), "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stderr
    assert done.stderr.strip() == f"belts build: {workers.STOPPED}"
    assert tree(project / "site") == kept


def test_a_killed_build_leaves_the_last_site_and_a_usable_cache(built: Path, project: Path) -> None:
    """Killed at any moment, the site is the old one or the new one, and the next build is whole."""
    replace(project, AREA, "name: ", "name: 新")
    old, command = tree(built / "site"), [sys.executable, "-m", "build_scripts", "-C", str(project), "build"]
    chance = random.Random(7)  # noqa: S311 (a test's choices)
    seen = []
    for _ in range(8):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.3, 3))
            process.send_signal(signal.SIGKILL)
        seen.append(tree(project / "site") if (project / "site").exists() else None)
    build_site(project)
    new = tree(project / "site")
    assert json.loads(new["build-report.json"])["inputs"] == json.loads(old["build-report.json"])["inputs"]
    assert all(found in (None, old, new) for found in seen)
    assert new != old


def test_a_list_of_sources_knows_who_cites_them(project: Path, tmp_path: Path) -> None:
    """Though what cites them is told on a place's own page alone."""
    survey = project / "belts/sources/survey.yml"
    second = survey.read_text(encoding="utf-8").replace("name: ", "name: 又", 1)
    (project / "belts/sources/second.yml").write_text(second, encoding="utf-8")
    build_site(project)
    replace(project, AREA, "    date: 2019\n    sources: [survey]", "    date: 2019\n    sources: [second]")
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")


def test_a_belt_s_map_knows_the_other_belts_of_its_stops(project: Path, tmp_path: Path) -> None:
    """A stop that another belt gains, and on what basis."""
    other = "belts/boutique/other-belt.yml"
    head = (project / "belts/boutique/river-belt.yml").read_text(encoding="utf-8").partition("stops:")[0]
    stops = "stops:\n  - record: bamboo\n    basis: editorial\n    reason: 竹。\n"
    (project / other).write_text(head.replace("number: 1", "number: 2") + stops, encoding="utf-8")
    replace(project, other, "name: ", "name: 又")
    build_site(project)
    replace(project, other, "record: bamboo", "record: river-union")
    build_site(project)
    assert tree(project / "site") == clean_tree(project, tmp_path / "clean")
