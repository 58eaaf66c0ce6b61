"""Files made of pieces: what a block of records gives to them is kept until one of its records changes.

A file of many records is a head, the pieces of its blocks in order and an end, so an edit makes one block anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import TypeVar

from .cache import Cache

T = TypeVar("T")

_ONE_IN = 64  # items end a block


@dataclass(frozen=True, slots=True)
class Piece:
    """What a block gives to one file: `count` rows, records or features as they stand in it.

    Of a deflated piece `size` and `checksum` are of its text.
    """

    content: bytes
    count: int
    size: int = 0
    checksum: int = 0


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
    made = {key: make(block) for key, block in blocks.items() if key not in known}
    if cache:
        cache.add({key: _encode(pieces) for key, pieces in made.items()})
    return {key: made[key] if key in made else _decode(known[key]) for key in blocks}


def count_in(pieces: Iterable[Piece]) -> int:
    """How many rows, records or features there are."""
    return sum(piece.count for piece in pieces)


def _encode(pieces: Pieces) -> bytes:
    """A line of JSON with every name, length and number, then the contents; all of it packed."""
    head = {name: (len(p.content), *astuple(p)[1:]) for name, p in pieces.items()}
    return zlib.compress(
        b"".join((json.dumps(head).encode(), b"\n", *(p.content for p in pieces.values()))), 1
    )


def _decode(packed: bytes) -> Pieces:
    head, _, contents = zlib.decompress(packed).partition(b"\n")
    pieces, start = {}, 0
    for name, (length, *numbers) in json.loads(head).items():
        pieces[name] = Piece(contents[start : start + length], *numbers)
        start += length
    return pieces
