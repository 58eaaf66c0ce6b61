"""The search index on disk."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.search import SearchDocument, name_words, text_words
from build_scripts.search_index import write_search

HOSTILE = "<script>alert(1)</script>\"'&"
ONE = SearchDocument(
    "areas/a/", HOSTILE, HOSTILE, "示范片", "奉化区", (HOSTILE,), name_words(["滕头"]), ("x",)
)


def read_tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def read_results(folder: Path) -> dict[str, dict[str, str]]:
    """What is shown of each result, by the name of its file."""
    files = sorted(folder.glob("pagefind/*/results/*"))
    return {path.name: json.loads(gzip.decompress(path.read_bytes())) for path in files}


def test_two_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """The index does not depend on folder, time or order of the file system."""
    documents = [replace(ONE, url=f"areas/{n}/", words=(f"w{n}",)) for n in range(30)]
    write_search(tmp_path / "one", documents)
    write_search(tmp_path / "two", documents)
    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")


def test_only_what_pages_load_is_there(tmp_path: Path) -> None:
    """Pagefind's own scripts and user interface are not on the site."""
    write_search(tmp_path, [ONE])
    names = {path.name for path in (tmp_path / "pagefind").iterdir() if path.is_file()}
    assert names == {"engine.wasm.gz", "index.json", "filters.json"}


def test_the_engine_is_a_module_of_webassembly(tmp_path: Path) -> None:
    """What Pagefind carries inside is taken out whole."""
    write_search(tmp_path, [ONE])
    engine = gzip.decompress((tmp_path / "pagefind/engine.wasm.gz").read_bytes())
    assert engine.startswith(b"\0asm")


def test_a_result_holds_texts_as_they_are(tmp_path: Path) -> None:
    """Markup in a record is text in its result; indexed words are not carried along."""
    write_search(tmp_path, [ONE])
    (shown,) = read_results(tmp_path).values()
    assert shown["title"] == HOSTILE
    assert shown["url"] == "areas/a/"
    assert set(shown) == {"url", "title", "summary", "kind", "district", "belts"}


def test_an_index_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """A file in the place of the folder is the user's to move, and says so."""
    (tmp_path / "pagefind").write_text("in the way")
    with pytest.raises(OSError, match="pagefind"):
        write_search(tmp_path, [ONE])


def test_another_content_is_another_edition(tmp_path: Path) -> None:
    """A page never mixes two indexes: all files but those that are asked first stand in a folder of their own."""
    write_search(tmp_path / "old", [ONE])
    write_search(tmp_path / "new", [replace(ONE, summary="。")])
    old, new = read_tree(tmp_path / "old"), read_tree(tmp_path / "new")
    shared = {name.removeprefix("pagefind/") for name in old.keys() & new.keys()}
    assert shared == {"engine.wasm.gz", "index.json", "filters.json"}
    assert (
        json.loads(old["pagefind/index.json"])["edition"] != json.loads(new["pagefind/index.json"])["edition"]
    )


def test_every_document_has_its_result(tmp_path: Path) -> None:
    """The results are named by the documents' numbers, which the index counts."""
    write_search(tmp_path, [replace(ONE, url=f"areas/{n}/", words=(f"w{n}",)) for n in range(300)])
    shown = read_results(tmp_path)
    assert [shown[f"{n}.gz"]["url"] for n in range(300)] == [f"areas/{n}/" for n in range(300)]
    assert json.loads((tmp_path / "pagefind/index.json").read_text())["documents"] == 300


def test_an_older_index_leaves_nothing_behind(tmp_path: Path) -> None:
    """Only one edition is on the site."""
    write_search(tmp_path, [ONE])
    write_search(tmp_path, [replace(ONE, summary="。")])
    assert len([path for path in (tmp_path / "pagefind").iterdir() if path.is_dir()]) == 1


def test_what_a_first_query_fetches_stays_small(tmp_path: Path) -> None:
    """With a thousand records the list of chunks and the largest chunk are a few kilobytes each."""
    names = [
        f"{chr(0x4E00 + n)}{chr(0x5E00 + n * 7 % 3000)}{chr(0x6E00 + n * 13 % 3000)}片区" for n in range(1000)
    ]
    documents = [
        replace(ONE, url=f"areas/{n}/", name=name, name_words=name_words([name]), words=text_words(name * 3))
        for n, name in enumerate(names)
    ]
    write_search(tmp_path, documents)
    files = read_tree(tmp_path / "pagefind")
    chunks = [len(content) for name, content in files.items() if "/words/" in name]
    assert len(gzip.compress(files["index.json"])) < 2_000
    assert max(chunks) < 5_000
    assert len(files["engine.wasm.gz"]) < 70_000
