"""The search index as files of the site."""

import gzip
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from conftest import copy_project, copy_site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_scripts import workers
from build_scripts.building.build import build_site
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.reading.load import load_dataset
from build_scripts.records.city import unnamed_city
from build_scripts.search.documents import SearchDocument, build_filters
from build_scripts.search.engine import extract_engine
from build_scripts.search.index import (
    Part,
    build_index,
    decode_index,
    encode_index,
    list_names,
    list_parts,
    make_index,
    plan_index,
)
from build_scripts.search.readings import render_readings
from build_scripts.search.words import name_words, split_syllables, text_words
from build_scripts.storage.cache import NO_CACHE, Cache

HOSTILE = "<script>alert(1)</script>\"'&"
ONE = SearchDocument(
    "areas/a/", HOSTILE, HOSTILE, "示范片", "奉化区", (HOSTILE,), name_words(["滕头"]), ("x",)
)


@pytest.mark.parametrize(
    ("name", "name_en", "names"),
    [
        (
            "宁波市",
            "Ningbo",
            (("宁波",), ("宁波市",), ("ning bo shi", "ningboshi", "ning bo", "ningbo")),
        ),
        (
            "绍兴",
            "Shaoxing",
            (("绍兴",), ("绍兴市",), ("shao xing shi", "shaoxingshi", "shao xing", "shaoxing")),
        ),
        ("Xinghe", "Xinghe", (("xinghe",), ("xinghe市",), ("xinghe",))),
    ],
)
def test_a_city_has_names_that_need_not_be_looked_for(
    name: str, name_en: str, names: tuple[tuple[str, ...], ...]
) -> None:
    city = unnamed_city().model_copy(update={"name": name, "name_en": name_en})
    assert list_names(city) == names


def parts_of(documents: Sequence[SearchDocument]) -> tuple[Part, ...]:
    """The parts of an index of documents, without the engine."""
    index = build_index([str(n).encode() for n in range(len(documents))], documents)
    return list_parts(index, build_filters(one.traits for one in documents), {}, (("星河",), ("星河市",)))


def files_of(documents: Sequence[SearchDocument]) -> dict[str, bytes]:
    return {path: content for part in parts_of(documents) for path, content in part.files.items()}


def listed(files: dict[str, bytes]) -> dict[str, object]:
    return json.loads(files["pagefind/index.json"])


def results_of(files: dict[str, bytes]) -> list[list[str]]:
    """What is shown of each result, as the browser finds it."""
    index = listed(files)
    found = []
    for number in range(index["documents"]):
        file, place = divmod(number, index["together"])
        folder, name = divmod(file, index["files"])
        content = files[f"pagefind/results/{index['results'][folder]}/{name}.gz"]
        found.append(json.loads(gzip.decompress(content))[place])
    return found


# -- files -----------------------------------------------------------------------------------------


def test_only_what_pages_load_is_there() -> None:
    """Pagefind's own scripts and user interface are not on the site."""
    names = {path.removeprefix("pagefind/") for path in files_of([ONE])}
    assert {name for name in names if "/" not in name} == {"index.json", "filters.json"}
    assert {name.split("/")[0] for name in names if "/" in name} == {"words", "results"}


def test_a_site_holds_what_a_search_asks_for_first(tmp_path: Path) -> None:
    """The lists, the engine, and how characters are read."""
    site = build_site(copy_site("second-city", tmp_path)).site
    names = {path.name for path in (site / "pagefind").iterdir() if path.is_file()}
    assert names == {"index.json", "filters.json", "engine.wasm.gz", "readings.json"}


def test_every_common_character_has_one_reading() -> None:
    """Simplified and traditional, as names are read; small enough for a slow line."""
    content = render_readings()
    table = json.loads(content)
    readings = [(character, syllable) for syllable, characters in table.items() for character in characters]
    assert len(dict(readings)) == len(readings) > 8000
    assert all(re.fullmatch("[a-z]+", syllable) for _, syllable in readings)
    found = dict(readings)
    assert {found[character] for character in "滕腾藤騰"} == {"teng"}
    assert {found["绿"], found["綠"], found["吕"]} == {"lv"}
    assert all(found[one] == split_syllables(one)[0] for one in "宁波奉化余姚象山鄞海曙慈溪镇北仑")
    assert len(gzip.compress(content)) < 24_000


def test_the_engine_is_a_module_of_webassembly() -> None:
    """What Pagefind carries inside is taken out whole, and is small."""
    engine = extract_engine()
    assert gzip.decompress(engine).startswith(b"\0asm")
    assert len(engine) < 70_000


def test_a_result_holds_texts_as_they_are() -> None:
    """Markup in a record is text in its result; indexed words are not carried along."""
    (shown,) = results_of(files_of([ONE]))
    assert shown == ["areas/a/", HOSTILE, HOSTILE, "示范片", "奉化区", HOSTILE]


def test_every_document_has_its_result() -> None:
    """The results are found by the documents' numbers, which the index counts."""
    shown = results_of(files_of([ONE._replace(url=f"areas/{n}/", words=(f"w{n}",)) for n in range(301)]))
    assert [one[0] for one in shown] == [f"areas/{n}/" for n in range(301)]


def test_another_content_has_another_address() -> None:
    """A page never mixes two indexes: all files but those that are asked first stand in folders named by content."""
    documents = [ONE._replace(url=f"areas/{n}/", words=(f"w{n}", f"x{n}")) for n in range(300)]
    old = files_of(documents)
    documents[7] = documents[7]._replace(summary="。", words=("w7", "y7"))
    new = files_of(documents)
    first = {"pagefind/index.json", "pagefind/filters.json"}
    assert all(old[path] == new[path] for path in old.keys() & new.keys() - first)
    assert old["pagefind/index.json"] != new["pagefind/index.json"]
    assert len(old.keys() & new.keys()) > len(old) / 2


def test_what_a_first_query_fetches_stays_small() -> None:
    """With a thousand records the list of chunks and the largest chunk are a few kilobytes each."""
    names = [
        f"{chr(0x4E00 + n)}{chr(0x5E00 + n * 7 % 3000)}{chr(0x6E00 + n * 13 % 3000)}片区" for n in range(1000)
    ]
    documents = [
        ONE._replace(url=f"areas/{n}/", name=name, name_words=name_words([name]), words=text_words(name * 3))
        for n, name in enumerate(names)
    ]
    files = files_of(documents)
    chunks = [len(content) for path, content in files.items() if "/words/" in path]
    assert len(gzip.compress(files["pagefind/index.json"])) < 2_500
    assert max(chunks) < 5_000


# -- from build to build ---------------------------------------------------------------------------


def test_an_index_is_kept_as_bytes() -> None:
    """What is written into the cache comes out of it."""
    index = build_index([b"\x01", b"\xff"], [ONE, ONE._replace(url="areas/b/", words=("y",))])
    assert decode_index(encode_index(index)) == index


def catalogue_of(project: Path) -> Catalogue:
    return build_catalogue(load_dataset(project))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real records, and a cache that knows their index."""
    project = copy_project(tmp_path_factory.mktemp("indexed"))
    update(project)
    return project


@pytest.fixture
def project(indexed: Path, tmp_path: Path) -> Path:
    """A copy of them to change."""
    return Path(shutil.copytree(indexed, tmp_path / "project", symlinks=True))


def update(project: Path) -> dict[str, bytes]:
    """The index as it is brought up to date."""
    cache = Cache(project / "results.sqlite")
    made = make_index(catalogue_of(project), cache)
    cache.save()
    return made


def edit(path: Path, key: str, text: str) -> None:
    """Put a text before the first value of this key."""
    content = path.read_text(encoding="utf-8")
    assert f"{key}: " in content
    path.write_text(content.replace(f"{key}: ", f"{key}: {text}", 1), encoding="utf-8")


def edit_somewhere(project: Path, chance: random.Random) -> None:
    """Change a name, a summary or a place; add a record or take it away again."""
    new = project / "belts/areas/new-area.yml"
    if chance.random() < 0.2:
        if new.exists():
            new.unlink()
        else:
            shutil.copyfile(chance.choice(sorted((project / "belts/areas").glob("*.yml"))), new)
        return
    key = chance.choice(("name", "name", "summary", "summary", "township", "  - name"))
    paths = [
        path for path in sorted((project / "belts").glob("*/*.yml")) if f"{key}: " in path.read_text("utf-8")
    ]
    edit(chance.choice(paths), key, chance.choice(("新", "滕头", "长街", "Bay ")))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_after_any_edits_the_index_is_that_of_a_clean_build(
    indexed: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Areas, belts and all else: their own words, those of belts that name them, the filters, the results."""
    chance = random.Random(seed)  # noqa: S311 (a test's choices)
    project = tmp_path_factory.mktemp("edited") / "project"
    shutil.copytree(indexed, project, symlinks=True)
    made = {}
    for _ in range(4):
        edit_somewhere(project, chance)
        made = update(project)
    assert made == make_index(catalogue_of(project), NO_CACHE)


def test_an_edit_makes_what_it_touches(project: Path) -> None:
    """One document is read and made; most folders of the index stay where they are."""
    before = update(project)
    edit(project / "belts/areas/tengtou.yml", "summary", "鼍")
    plan = plan_index(catalogue_of(project), Cache(project / "results.sqlite"))
    assert list(plan.wanted) == ["tengtou"]
    after = update(project)
    made = {path for path in after if after[path] != before.get(path)}
    assert "pagefind/engine.wasm.gz" not in made
    assert "pagefind/index.json" in made
    assert len(made) < len(after) / 2


def test_nothing_is_made_where_no_word_has_changed(project: Path) -> None:
    """A figure of an area is nothing that is searched for."""
    edit(project / "belts/areas/tengtou.yml", "note", "又注：")
    assert plan_index(catalogue_of(project), Cache(project / "results.sqlite")).wanted == {}


def test_a_belt_by_another_name_narrows_by_it(project: Path) -> None:
    """The filter has the new name, in the place of the old one."""
    old = json.loads(update(project)["pagefind/filters.json"])[2]["values"]
    belt = next(path for path in sorted((project / "belts/boutique").glob("*.yml")))
    edit(belt, "name", "新")
    new = json.loads(update(project)["pagefind/filters.json"])[2]["values"]
    changed = [(before[0], after[0]) for before, after in zip(old, new, strict=True) if before != after]
    assert [after for _, after in changed] == ["新" + before for before, _ in changed]
    assert len(changed) == 1


@pytest.mark.parametrize("share", [1, 2])
def test_a_damaged_index_is_made_anew(project: Path, share: int) -> None:
    """Some or all that is kept is spoilt, or the file is cut."""
    whole = make_index(catalogue_of(project), NO_CACHE)
    file = project / "results.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE results SET value = 'null' WHERE length(value) % ? = 0", [share])
    assert update(project) == whole
    file.write_bytes(file.read_bytes()[:5000])
    assert update(project) == whole


def test_what_the_next_build_compares_with_is_not_forgotten(project: Path) -> None:
    """The documents stay in the cache when much else is dropped from it, though nobody has asked for them."""
    file = project / "results.sqlite"
    junk = Cache(file)
    junk.add({f"junk {n}".encode(): b"" for n in range(5000)})
    junk.save()
    for area in sorted((project / "belts/areas").glob("*.yml"))[:2]:
        edit(area, "summary", "鼍")
        assert list(plan_index(catalogue_of(project), Cache(file)).wanted) == [area.stem]
        update(project)
    assert not Cache(file).read([b"junk 7"])


def test_processes_make_the_same_index(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few documents a pool is opened for."""
    inline = make_index(catalogue_of(project), NO_CACHE)
    monkeypatch.setattr(workers, "ENOUGH", 1)
    assert make_index(catalogue_of(project), NO_CACHE) == inline


def test_nothing_to_find_is_no_index(tmp_path: Path) -> None:
    """An empty project has no file of a search."""
    (tmp_path / "belts").mkdir()
    assert make_index(catalogue_of(tmp_path), NO_CACHE) == {}
