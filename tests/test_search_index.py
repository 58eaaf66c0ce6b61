"""The search index on disk."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.search import SearchDocument, build_filters, name_words, text_words
from build_scripts.search_index import SearchFailed, render_search_page, write_search

HOSTILE = "<script>alert(1)</script>\"'&"
ONE = SearchDocument(
    "areas/a/", HOSTILE, HOSTILE, "示范片", "奉化区", (HOSTILE,), name_words(["滕头"]), ("x",)
)


def read_tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_builds_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """The index does not depend on folder, time or order of the file system."""
    documents = [replace(ONE, url=f"areas/{n}/", words=(f"w{n}",)) for n in range(30)]
    write_search(tmp_path / "one", documents)
    write_search(tmp_path / "two", documents)
    assert read_tree(tmp_path / "one") == read_tree(tmp_path / "two")


def test_only_what_pages_load_is_kept(tmp_path: Path) -> None:
    """Pagefind's own user interface is not on the site."""
    write_search(tmp_path, [ONE])
    names = {path.name for path in (tmp_path / "pagefind").iterdir() if path.is_file()}
    assert {"pagefind.js", "pagefind-entry.json", "wasm.unknown.pagefind"} <= names
    assert not any("ui" in name or "worker" in name or "highlight" in name for name in names)


def test_a_result_holds_texts_as_they_are(tmp_path: Path) -> None:
    """Markup in a record is text in its result; indexed words are not carried along."""
    write_search(tmp_path, [ONE])
    (path,) = (tmp_path / "pagefind/fragment").iterdir()
    shown = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
    assert shown["meta"]["title"] == HOSTILE
    assert shown["url"] == "areas/a/"
    assert shown["content"] == ""


def test_no_text_of_a_record_reaches_the_indexer() -> None:
    """Pagefind reads words of letters and figures alone, so no record can become an element."""
    assert "<script" not in render_search_page(ONE, build_filters([ONE]))


def test_an_index_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Pagefind's refusal is a message, not a traceback of ours."""
    (tmp_path / "pagefind").write_text("in the way")
    with pytest.raises((SearchFailed, OSError)):
        write_search(tmp_path, [ONE])


def test_what_a_reader_may_keep_changes_its_name_with_its_content(tmp_path: Path) -> None:
    """A file that browsers have kept is never mistaken for a newer one, though its words are the same."""
    write_search(tmp_path / "old", [ONE])
    write_search(tmp_path / "new", [replace(ONE, summary="。")])
    old, new = read_tree(tmp_path / "old"), read_tree(tmp_path / "new")
    changed = [name for name in old if name in new and old[name] != new[name]]
    assert changed == ["pagefind/pagefind-entry.json"]


def test_every_result_the_index_lists_is_there(tmp_path: Path) -> None:
    """The list of names and the files agree after both were renamed."""
    write_search(tmp_path, [replace(ONE, url=f"areas/{n}/", words=(f"w{n}",)) for n in range(300)])
    (listing,) = (tmp_path / "pagefind").glob("*.pf_meta")
    listed = gzip.decompress(listing.read_bytes())
    names = [path.stem for path in (tmp_path / "pagefind/fragment").iterdir()]
    assert len(names) == 300
    assert all(listed.count(name.encode()) == 1 for name in names)


def test_what_a_first_query_fetches_stays_small(tmp_path: Path) -> None:
    """With a thousand records the list of results and the largest chunk of words are a few kilobytes each."""
    names = [
        f"{chr(0x4E00 + n)}{chr(0x5E00 + n * 7 % 3000)}{chr(0x6E00 + n * 13 % 3000)}片区" for n in range(1000)
    ]
    documents = [
        replace(ONE, url=f"areas/{n}/", name=name, name_words=name_words([name]), words=text_words(name * 3))
        for n, name in enumerate(names)
    ]
    write_search(tmp_path, documents)
    (listing,) = (tmp_path / "pagefind").glob("*.pf_meta")
    chunks = [path.stat().st_size for path in (tmp_path / "pagefind/index").iterdir()]
    assert listing.stat().st_size < 4_000
    assert max(chunks) < 25_000
