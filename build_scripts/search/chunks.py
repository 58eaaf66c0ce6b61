"""The search index as bytes that Pagefind's engine reads: words with the documents that hold them, in chunks.

Written here instead of by Pagefind's indexer, which reads HTML files and keeps the position of every occurrence:
a chunk without positions takes a third, and no document is written to be read again. What a chunk holds and where
it ends follows from the words around it alone, so that a change leaves the other chunks as they are. Pure: no file.
"""

from __future__ import annotations

import gzip
import math
import zlib
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import sub
from typing import NamedTuple

from ..storage.files import gzip_form
from .documents import SearchDocument

SIGNATURE = b"pagefind_dcd"  # stands before what Pagefind compresses, and tells what a file is
# A chunk's bytes squared, for each document: some twelve times what a document adds to the whole. Chunks and the
# list of them, fetched together, are then least.
_SPLIT = 16_000
_BEGINS = 8  # one word in so many begins a chunk, if the one before is half full
_EFFORT = 6  # of zlib: with the most, a hundredth less in twice the time
_TEXT, _ARRAY = 3, 4  # CBOR's major types
_WEIGHT_ONE = 24  # Pagefind counts weights in parts of this
_HEAVIEST = 10  # so that a weight still is a byte

Word = tuple[str, bytes]  # with its entry in CBOR
Changes = Mapping[int, tuple[SearchDocument, SearchDocument]]  # documents by number, as they were and are


class SearchChunk(NamedTuple):
    """Words that follow one another in order, from `first` to `last`.

    `content` is the compressed file, `sizes` are the lengths of its words' entries.
    """

    first: str
    last: str
    sizes: tuple[int, ...]
    content: bytes


def build_chunks(documents: Iterable[SearchDocument], count: int) -> tuple[SearchChunk, ...]:
    """The whole index, a word in exactly one chunk; `count` documents are known by their number."""
    postings = collect_postings(documents)
    words = ((word, _encode_word(word, postings.pop(word))) for word in sorted(postings))
    return tuple(map(_pack, _cut(words, _most(count))))


def update_chunks(chunks: Sequence[SearchChunk], count: int, changes: Changes) -> tuple[SearchChunk, ...]:
    """What `build_chunks` would make now that some of the documents have changed; `count` is that of all.

    A chunk without a changed word stays, unless the one before it grows into it.
    """
    most = _most(count)
    changed = _by_chunk(compare_words(changes), [chunk.first for chunk in chunks])
    made: list[SearchChunk] = []
    held: list[Word] = []  # the words of a chunk that may go on
    for number, chunk in enumerate(chunks):
        stays = number not in changed
        if stays and held and _begins(chunk.first, chunk.sizes[0], _size(held), most):
            made.append(_pack(held))
            held = []
        if stays and not held:
            made.append(chunk)
            continue
        *full, held = [*_cut((*held, *_patch(chunk, changed.get(number, {}))), most)] or [[]]
        made += map(_pack, full)
    return (*made, _pack(held)) if held else tuple(made)


def list_borders(chunks: Sequence[SearchChunk]) -> list[str]:
    """For each chunk what its words do not come before, and those of earlier chunks do: as few letters as will do."""
    lasts = ("", *(chunk.last for chunk in chunks))
    return [_shortest_after(last, chunk.first) for last, chunk in zip(lasts, chunks, strict=False)]


def _shortest_after(before: str, word: str) -> str:
    """The shortest beginning of a word that comes after the word before it."""
    return next(word[:length] for length in range(1, len(word) + 1) if word[:length] > before)


# -- words and weights ---------------------------------------------------------------------------------


def collect_postings(documents: Iterable[SearchDocument]) -> dict[str, array[int]]:
    """For each word the documents that hold it, in order: sixteen times the number, and the word's weight there."""
    postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, document in enumerate(documents):
        for word, weight in weigh_words(document).items():
            postings[word].append(number << 4 | weight)
    return postings


def compare_words(changes: Changes) -> dict[str, dict[int, int]]:
    """For each word that has changed its weight in those documents, by number; the weight is 0 where it is gone."""
    changed: dict[str, dict[int, int]] = defaultdict(dict)
    for number, (old, new) in changes.items():
        before, after = weigh_words(old), weigh_words(new)
        for word in before | after:
            if before.get(word) != after.get(word):
                changed[word][number] = after.get(word, 0)
    return changed


def weigh_words(document: SearchDocument) -> dict[str, int]:
    """The words of a document with their weights: what its name opens with, then its names, then the rest."""
    # Of two names that hold a word, the shorter comes first.
    weight = max(4, _HEAVIEST - 2 - len(document.name) // 3)
    found = dict.fromkeys((*document.words, *document.place_words, *document.filter_words), 1)
    found |= dict.fromkeys(document.name_words, weight)
    found |= dict.fromkeys(document.opening_words, weight + 2)
    return found


# -- chunks --------------------------------------------------------------------------------------------


def _most(documents: int) -> int:
    """The most bytes of a chunk before it is compressed, unless it is of one word."""
    return math.isqrt(_SPLIT * documents)


def _cut(words: Iterable[Word], most: int) -> Iterator[list[Word]]:
    """Words in chunks. One that ends otherwise than before is soon followed by one that begins as before."""
    chunk: list[Word] = []
    size = 0
    for word, entry in words:
        if chunk and _begins(word, len(entry), size, most):
            yield chunk
            chunk, size = [], 0
        chunk.append((word, entry))
        size += len(entry)
    if chunk:
        yield chunk


def _begins(word: str, length: int, size: int, most: int) -> bool:
    """Whether a word with an entry of this length begins a chunk after one of this size."""
    return size + length > most or (2 * size >= most and _hash(word) >> 16 < (1 << 16) // _BEGINS)


def _size(words: Iterable[Word]) -> int:
    return sum(len(entry) for _, entry in words)


def _hash(word: str) -> int:
    return zlib.crc32(word.encode())


def _by_chunk(
    changed: Mapping[str, dict[int, int]], firsts: Sequence[str]
) -> dict[int, dict[str, dict[int, int]]]:
    """Changed words by the number of their chunk. When its first word changes, the chunk before may go on."""
    found: dict[int, dict[str, dict[int, int]]] = defaultdict(dict)
    for word, weights in changed.items():
        number = max(bisect_right(firsts, word) - 1, 0)
        found[number][word] = weights
        if number and word == firsts[number]:
            found[number - 1] |= {}
    return found


def _patch(chunk: SearchChunk, changed: Mapping[str, dict[int, int]]) -> list[Word]:
    """The words of a chunk with some of them changed, added or gone."""
    words = _unpack(chunk)
    for word, weights in changed.items():
        found = {code >> 4: code & 15 for code in _decode_postings(words.get(word))} | weights
        codes = [number << 4 | found[number] for number in sorted(found) if found[number]]
        words.pop(word, None)
        if codes:
            words[word] = _encode_word(word, codes)
    return sorted(words.items())


def _pack(words: Sequence[Word]) -> SearchChunk:
    entries = [entry for _, entry in words]
    content = gzip_form(SIGNATURE + _array(_array(*entries)), _EFFORT)
    return SearchChunk(words[0][0], words[-1][0], tuple(map(len, entries)), content)


def _unpack(chunk: SearchChunk) -> dict[str, bytes]:
    """The entries of a chunk by word."""
    content = gzip.decompress(chunk.content)
    borders = accumulate(chunk.sizes, initial=len(content) - sum(chunk.sizes))
    entries = [content[start:end] for start, end in pairwise(borders)]
    return {_read_text(entry, 1)[0]: entry for entry in entries}


# -- CBOR, as Pagefind 1.5 reads it --------------------------------------------------------------------


def _encode_word(word: str, codes: Sequence[int]) -> bytes:
    """A word with its documents. A hash of the word serves as its position in every document.

    Positions must differ, as Pagefind counts two words at one position as one; an equal position everywhere
    compresses to nothing.
    """
    end = (
        _head(0, _hash(word) & 0xFFFF) + b"\x80"
    )  # the position, and that the word is in no field of its own
    steps = map(sub, codes, (0, *(code & ~15 for code in codes[:-1]))) if len(codes) > 1 else codes
    pages = end.join(map(_page, steps)) + end
    return b"\x83" + _text(word) + _head(_ARRAY, len(codes)) + pages + b"\x80"


@lru_cache(maxsize=1 << 17)
def _page(code: int) -> bytes:
    """A document so many after the one before, and one occurrence of this weight, up to its position."""
    return b"\x83" + _head(0, code >> 4) + b"\x82" + _head(1, (code & 15) * _WEIGHT_ONE)


def _decode_postings(entry: bytes | None) -> Iterator[int]:
    """The codes of a word's documents."""
    if entry is None:
        return
    count, at = _read_head(entry, _read_text(entry, 1)[1])
    number = 0
    for _ in range(count):
        step, at = _read_head(entry, at + 1)
        weight, at = _read_head(entry, at + 1)
        _, at = _read_head(entry, at)
        number += step
        yield number << 4 | weight // _WEIGHT_ONE
        at += 1


def _text(text: str) -> bytes:
    content = text.encode()
    return _head(_TEXT, len(content)) + content


def _array(*items: bytes) -> bytes:
    return _head(_ARRAY, len(items)) + b"".join(items)


def _head(major: int, value: int) -> bytes:
    """The head of a CBOR item; with major type 1 it stands for -1 - value."""
    if value < 24:
        return bytes((major << 5 | value,))
    size = 1 if value < 1 << 8 else 2 if value < 1 << 16 else 4
    return bytes((major << 5 | 23 + size.bit_length(),)) + value.to_bytes(size)


def _read_text(content: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    length, at = _read_head(content, at)
    return content[at : at + length].decode(), at + length


def _read_head(content: bytes, at: int) -> tuple[int, int]:
    """The value of an item's head, and where it ends."""
    value = content[at] & 31
    if value < 24:
        return value, at + 1
    end = at + 1 + (1 << value - 24)
    return int.from_bytes(content[at + 1 : end]), end
