"""The index of words as bytes."""

import gzip
import random
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.search.chunks import (
    SIGNATURE,
    SearchChunk,
    build_chunks,
    collect_postings,
    list_borders,
    update_chunks,
    weigh_words,
)
from build_scripts.search.documents import SearchDocument, build_filters
from build_scripts.search.words import name_words, opening_words


def document(name: str, *words: str, name_words: tuple[str, ...] = ()) -> SearchDocument:
    opening = opening_words(name)
    return SearchDocument("areas/a/", name, "。", "示范片", "奉化区", (), name_words, words, opening)


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


def unpack(chunk: SearchChunk) -> bytes:
    """The bytes that the engine is given."""
    content = gzip.decompress(chunk.content)
    assert content.startswith(SIGNATURE)
    return content.removeprefix(SIGNATURE)


def read_words(documents: list[SearchDocument]) -> dict[str, list[int]]:
    """Each word of the index with its documents, as `collect_postings` gives them."""
    found = {}
    for chunk in build_chunks(documents, len(documents)):
        (words,) = read_item(iter(unpack(chunk)))
        assert (words[0][0], words[-1][0]) == (chunk.first, chunk.last)
        assert len(words) == len(chunk.sizes)
        for word, pages, variants in words:
            assert variants == []
            number, held = 0, []
            for step, (weight, _place), fields in pages:
                number += step
                held.append(16 * number - (weight + 1) // 24)
                assert fields == []
            found[word] = held
    return found


def test_the_bytes_say_what_was_collected() -> None:
    """Read back, every word has its documents and weights, over more chunks than one."""
    documents = [document(f"名{n}", *(f"w{n * k % 977}" for k in range(1, 40))) for n in range(400)]
    assert len(build_chunks(documents, len(documents))) > 3
    collected = collect_postings(documents)
    assert read_words(documents) == {word: [*codes] for word, codes in collected.items()}


def test_words_are_in_order_and_nowhere_twice() -> None:
    """A chunk can be found by its first word alone."""
    documents = [document("名", *(f"w{n}" for n in range(3000)))]
    chunks = build_chunks(documents, len(documents))
    assert all(one.first < other.first for one, other in pairwise(chunks))
    assert list(read_words(documents)) == sorted(read_words(documents))


def test_words_differ_in_position() -> None:
    """The engine would take two at one position for one."""
    documents = [document("名", "a", "b", "c")]
    places = []
    for chunk in build_chunks(documents, len(documents)):
        (words,) = read_item(iter(unpack(chunk)))
        places += [page[1][1] for _, pages, _ in words for page in pages]
    assert len(places) == len(set(places))


def test_a_name_weighs_more_than_a_mention() -> None:
    """What the name opens with comes first, then its words, then the rest; a weight stays a byte."""
    found = weigh_words(document("滕头", "village", name_words=("tengtou", "tou")))
    assert found["tengtou"] > found["tou"] > found["village"] == 1
    assert max(found.values()) * 24 < 256


def test_of_two_names_the_shorter_weighs_more() -> None:
    """Who types a word most likely means the place that is called by it alone."""
    short = weigh_words(document("滕头村", name_words=("tou",)))
    long = weigh_words(document("滕头村乡村振兴党建联合体", name_words=("tou",)))
    assert short["tou"] > long["tou"]


def test_no_text_of_a_record_is_in_the_index() -> None:
    """It holds words of letters and figures alone."""
    hostile = [document("<script>alert(1)</script>")]
    assert not any(b"<script" in unpack(chunk) for chunk in build_chunks(hostile, len(hostile)))


def test_filters_are_words() -> None:
    """A value of a filter is found like any word; it keeps its word when others come or go."""
    documents = [document("甲"), document("乙"), document("丙")._replace(kind="区县", belts=("一带", "二带"))]
    kinds, _, belts = build_filters(one.traits for one in documents)
    words = read_words(documents)
    assert words[kinds.words["示范片"]] == [1, 17]
    assert words[belts.words["二带"]] == [33]
    assert list(belts.words) == ["一带", "二带"]
    assert build_filters([documents[2].traits])[0].words["区县"] == kinds.words["区县"]


def test_borders_are_short() -> None:
    """A chunk is found by fewer letters than its first word has, and by any of its words."""
    chunks = [
        SearchChunk(first, last, (), b"") for first, last in (("ab", "b"), ("tengtou", "tou"), ("v1", "v1"))
    ]
    assert list_borders(chunks) == ["a", "t", "v"]
    between = [SearchChunk("teng", "tengsh", (), b""), SearchChunk("tengtou", "tou", (), b"")]
    assert list_borders(between) == ["t", "tengt"]
    whole = [SearchChunk("a", "ten", (), b""), SearchChunk("teng", "tou", (), b"")]
    assert list_borders(whole) == ["a", "teng"]


# -- brought up to date --------------------------------------------------------------------------------


def a_document(chance: random.Random) -> SearchDocument:
    """A name and words out of a few hundred, some of which very many documents hold."""
    name = "".join(chance.choices("滕头村东西南北湾塘桥", k=chance.randrange(2, 12)))
    words = {f"w{int(chance.paretovariate(0.4)) % 700}" for _ in range(chance.randrange(30))}
    traits = {
        "kind": chance.choice("甲乙"),
        "district": chance.choice("丙丁戊"),
        "belts": tuple(chance.sample("己庚辛", 2)),
    }
    return document(name, *sorted(words), name_words=name_words([name]))._replace(**traits)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 120), times=st.integers(1, 6))
def test_changed_chunks_are_those_of_a_new_index(seed: int, count: int, times: int) -> None:
    """However many documents change and whatever becomes of the borders; words come, go and change their weight."""
    chance = random.Random(seed)  # noqa: S311 (a test's choices)
    documents = [a_document(chance) for _ in range(count)]
    chunks = build_chunks(documents, len(documents))
    for _ in range(times):
        numbers = chance.sample(range(count), min(count, chance.choice((1, 1, 2, 20))))
        changes = {number: (documents[number], a_document(chance)) for number in numbers}
        for number, (_, new) in changes.items():
            documents[number] = new
        chunks = update_chunks(chunks, count, changes)
        assert chunks == build_chunks(documents, len(documents))


def test_a_change_leaves_the_other_chunks() -> None:
    """A word more in one of many documents makes one chunk new, or two where it begins one."""
    documents = [document(f"名{n}", *(f"w{n * k % 977}" for k in range(1, 40))) for n in range(400)]
    chunks = build_chunks(documents, len(documents))
    assert len(chunks) > 20
    for word in ("a", "w555", "zz"):
        new = documents[7]._replace(words=(*documents[7].words, word))
        changed = update_chunks(chunks, len(documents), {7: (documents[7], new)})
        assert 1 <= len({*changed} - {*chunks}) <= 2
    assert update_chunks(chunks, len(documents), {7: (documents[7], documents[7])}) == chunks
