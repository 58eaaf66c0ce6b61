"""Files made of pieces: what a block of records gives to them is kept until one of its records changes.

A file of many records is a head, the pieces of its blocks in order and an end, so an edit makes one block anew.
Pieces are held packed, and a file is never in memory as a whole unless it is asked for so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import TypeVar

from .cache import Cache

T = TypeVar("T")

_ONE_IN = 64  # items end a block
_LEVEL = 1  # deflate's fastest: half as large again as the best and five times as quick


@dataclass(frozen=True, slots=True)
class Piece:
    """What a block gives to one file: `count` rows, records or features, deflated.

    Of one that stands deflated in its file, to be followed by others, `size` and `checksum` are of its text.
    """

    packed: bytes
    count: int
    size: int = 0
    checksum: int = 0

    @property
    def content(self) -> bytes:
        """The piece as it stands in a file of text."""
        return zlib.decompress(self.packed, -zlib.MAX_WBITS)


def pack(content: bytes, count: int) -> Piece:
    """A piece of a file of text."""
    return Piece(deflate(content, zlib.Z_FINISH), count)


def deflate(content: bytes, end: int) -> bytes:
    """Bytes deflated up to this kind of end."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(end)


class Composed:
    """A file by the parts that `make` gives one after another: anew each time it is asked for, and always the same.

    Its size in bytes and its SHA-256 are found out on the way.
    """

    def __init__(self, make: Callable[[], Iterable[bytes]]) -> None:
        self._make = make
        self._measures: tuple[int, str] | None = None

    def __bytes__(self) -> bytes:
        """All of it."""
        return b"".join(self)

    def __iter__(self) -> Iterator[bytes]:
        """Its parts."""
        size, state = 0, hashlib.sha256()
        for part in self._make():
            size += len(part)
            state.update(part)
            yield part
        self._measures = size, state.hexdigest()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._measured()[0]

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        return self._measured()[1]

    def _measured(self) -> tuple[int, str]:
        while self._measures is None:
            for _ in self:
                pass
        return self._measures


Pieces = Mapping[str, Piece]


def part_in_blocks(items: Iterable[T], name_of: Callable[[T], str]) -> list[tuple[T, ...]]:
    """Blocks of some 64 items. An item's name alone decides whether it ends one: a new item moves no other border."""
    blocks: list[list[T]] = [[]]
    for item in items:
        blocks[-1].append(item)
        if zlib.crc32(name_of(item).encode()) % _ONE_IN == 0:
            blocks.append([])
    return [tuple(block) for block in blocks if block]


def make_pieces(
    blocks: Mapping[bytes, T], make: Callable[[T], Pieces], cache: Cache | None
) -> dict[bytes, Pieces]:
    """What each block gives, by the digest of what that is made from: from the cache or made now and kept."""
    known = cache.read(blocks) if cache else {}
    found: dict[bytes, Pieces] = {}
    for key, block in blocks.items():
        found[key] = _decode(known[key]) if key in known else make(block)
        if cache and key not in known:
            cache.add({key: _encode(found[key])})
            cache.spill()
    return found


def count_in(pieces: Iterable[Piece]) -> int:
    """How many rows, records or features there are."""
    return sum(piece.count for piece in pieces)


def _encode(pieces: Pieces) -> bytes:
    """A line of JSON with every name, length and number, then what is packed."""
    head = {name: (len(p.packed), *astuple(p)[1:]) for name, p in pieces.items()}
    return b"".join((json.dumps(head).encode(), b"\n", *(p.packed for p in pieces.values())))


def _decode(kept: bytes) -> Pieces:
    head, _, contents = kept.partition(b"\n")
    pieces, start = {}, 0
    for name, (length, *numbers) in json.loads(head).items():
        pieces[name] = Piece(contents[start : start + length], *numbers)
        start += length
    return pieces
