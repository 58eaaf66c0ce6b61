"""The search index as bytes that Pagefind's engine reads: words with the documents that hold them, in chunks.

Written here instead of by Pagefind's indexer, which reads HTML files and keeps the position of every occurrence:
a chunk without positions takes a third, and no document is written to be read again. Pure: no file.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .search import SearchDocument, SearchFilter, opening_words

# A chunk is the root of so many times the whole: chunks and the list of them, fetched together, are then least.
_SPLIT = 12
_TEXT, _ARRAY = 3, 4  # CBOR's major types
_WEIGHT_ONE = 24  # Pagefind counts weights in parts of this
_HEAVIEST = 10  # so that a weight still is a byte

Postings = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class SearchChunk:
    """Words that follow one another in order, from `first` to the next chunk's, as bytes in CBOR."""

    first: str
    content: bytes


def build_chunks(
    documents: Sequence[SearchDocument], filters: Sequence[SearchFilter]
) -> tuple[SearchChunk, ...]:
    """The whole index, a word in exactly one chunk; documents are known by their number."""
    words = list(_encode_words(collect_postings(documents, filters)))
    return tuple(_join_chunks(words, math.isqrt(_SPLIT * sum(len(content) for _, content in words))))


def collect_postings(documents: Sequence[SearchDocument], filters: Sequence[SearchFilter]) -> Postings:
    """For each word the documents that hold it, in order, each with the word's weight there."""
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, document in enumerate(documents):
        for word, weight in weigh_words(document, filters).items():
            postings[word].append((number, weight))
    return postings


def weigh_words(document: SearchDocument, filters: Iterable[SearchFilter]) -> dict[str, int]:
    """The words of a document with their weights: what its name opens with, then its names, then the rest."""
    weight = max(
        4, _HEAVIEST - 2 - len(document.name) // 3
    )  # of two names that hold a word, the shorter comes first
    narrow = (word for found in filters for word in found.words_of(document))
    found = dict.fromkeys((*document.words, *narrow), 1)
    return (
        found
        | dict.fromkeys(document.name_words, weight)
        | dict.fromkeys(opening_words(document.name), weight + 2)
    )


def _join_chunks(words: Iterable[tuple[str, bytes]], most: int) -> Iterator[SearchChunk]:
    """Words in chunks of at most so many bytes, or of one word."""
    held: list[tuple[str, bytes]] = []
    size = 0
    for word, content in words:
        if held and size + len(content) > most:
            yield _chunk(held)
            held, size = [], 0
        held.append((word, content))
        size += len(content)
    if held:
        yield _chunk(held)


def _chunk(words: Sequence[tuple[str, bytes]]) -> SearchChunk:
    return SearchChunk(words[0][0], _array(_array(*(content for _, content in words))))


# -- CBOR, as Pagefind 1.5 reads it --------------------------------------------------------------------


def _encode_words(postings: Postings) -> Iterator[tuple[str, bytes]]:
    """Each word with its documents, in order. A word's number serves as its position in every document.

    Positions must differ, as Pagefind counts two words at one position as one; an equal position everywhere
    compresses to nothing.
    """
    last = max((found[-1][0] for found in postings.values()), default=0)
    pages_after = [
        b"\x83" + _head(0, step) for step in range(last + 1)
    ]  # made once: steps repeat by the hundred thousand
    for place, word in enumerate(sorted(postings)):
        found = postings[word]
        locations = {weight: _encode_location(weight, place) for weight in {weight for _, weight in found}}
        steps = (after - before for before, after in pairwise((0, *(number for number, _ in found))))
        pages = [
            pages_after[step] + locations[weight] for step, (_, weight) in zip(steps, found, strict=True)
        ]
        yield word, _array(_text(word), _array(*pages), _array())


def _encode_location(weight: int, place: int) -> bytes:
    """One occurrence of a weight, and that it is in no field of its own."""
    return _array(_head(1, weight * _WEIGHT_ONE), _head(0, place)) + _array()


def _text(text: str) -> bytes:
    content = text.encode()
    return _head(_TEXT, len(content)) + content


def _array(*items: bytes) -> bytes:
    return _head(_ARRAY, len(items)) + b"".join(items)


def _head(major: int, value: int) -> bytes:
    """The head of a CBOR item; with major type 1 it stands for -1 - value."""
    if value < 24:
        return bytes([major << 5 | value])
    size = next(size for size in (1, 2, 4) if value < 256**size)
    return bytes([major << 5 | 23 + size.bit_length()]) + value.to_bytes(size)
