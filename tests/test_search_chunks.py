"""The index of words as bytes."""

import json
from collections.abc import Iterator
from itertools import pairwise

from build_scripts.search import SearchDocument, build_filters
from build_scripts.search_chunks import build_chunks, collect_postings, weigh_words


def document(name: str, *words: str, name_words: tuple[str, ...] = ()) -> SearchDocument:
    return SearchDocument("areas/a/", name, "。", "示范片", "奉化区", (), name_words, words)


def read_item(content: Iterator[int]) -> object:
    """One item of CBOR: numbers, texts and arrays are all there is."""
    first = next(content)
    major, value = first >> 5, first & 31
    if value > 23:
        value = int.from_bytes(bytes(next(content) for _ in range(1 << value - 24)))
    if major == 4:
        return [read_item(content) for _ in range(value)]
    if major == 3:
        return bytes(next(content) for _ in range(value)).decode()
    return value if major == 0 else -1 - value


def read_words(documents: list[SearchDocument]) -> dict[str, list[tuple[int, int]]]:
    """Each word of the index with the numbers of its documents and its weights there."""
    found = {}
    for chunk in build_chunks(documents, build_filters(documents)):
        (words,) = read_item(iter(chunk.content))
        assert words[0][0] == chunk.first
        for word, pages, variants in words:
            assert variants == []
            number, held = 0, []
            for step, (weight, _place), fields in pages:
                number += step
                held.append((number, -(weight + 1) // 24))
                assert fields == []
            found[word] = held
    return found


def test_the_bytes_say_what_was_collected() -> None:
    """Read back, every word has its documents and weights, over more chunks than one."""
    documents = [document(f"名{n}", *(f"w{n * k % 977}" for k in range(1, 40))) for n in range(400)]
    assert len(build_chunks(documents, build_filters(documents))) > 3
    assert read_words(documents) == collect_postings(documents, build_filters(documents))


def test_words_are_in_order_and_nowhere_twice() -> None:
    """A chunk can be found by its first word alone."""
    documents = [document("名", *(f"w{n}" for n in range(3000)))]
    chunks = build_chunks(documents, build_filters(documents))
    assert all(one.first < other.first for one, other in pairwise(chunks))
    assert list(read_words(documents)) == sorted(read_words(documents))


def test_no_two_words_share_a_position() -> None:
    """The engine would take them for one."""
    documents = [document("名", "a", "b", "c")]
    places = []
    for chunk in build_chunks(documents, build_filters(documents)):
        (words,) = read_item(iter(chunk.content))
        places += [page[1][1] for _, pages, _ in words for page in pages]
    assert len(places) == len(set(places))


def test_a_name_weighs_more_than_a_mention() -> None:
    """What the name opens with comes first, then its words, then the rest; a weight stays a byte."""
    found = weigh_words(document("滕头", "village", name_words=("tengtou", "tou")), ())
    assert found["tengtou"] > found["tou"] > found["village"] == 1
    assert max(found.values()) * 24 < 256


def test_of_two_names_the_shorter_weighs_more() -> None:
    """Who types a word most likely means the place that is called by it alone."""
    short = weigh_words(document("滕头村", name_words=("tou",)), ())
    long = weigh_words(document("滕头村乡村振兴联合体", name_words=("tou",)), ())
    assert short["tou"] > long["tou"]


def test_no_text_of_a_record_is_in_the_index() -> None:
    """It holds words of letters and figures alone."""
    hostile = [document("<script>alert(1)</script>")]
    assert not any(b"<script" in chunk.content for chunk in build_chunks(hostile, build_filters(hostile)))


def test_filters_are_words() -> None:
    """A value of a filter is found like any word."""
    documents = [document("甲"), document("乙")]
    filters = build_filters(documents)
    words = read_words(documents)
    assert words[filters[0].words["示范片"]] == [(0, 1), (1, 1)]
    assert json.dumps(sorted(words))
