"""Files made of pieces: what a block of records gives to them is kept until one of its records changes.

A file of many records is a head, the pieces of its blocks in order and an end, so an edit makes one block anew.
What is known of its pieces tells a file's size, and whether it has changed, before any of them is read. Pieces are
kept deflated, and a file is never in memory as a whole unless it is asked for so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

from .cache import Cache, digest_of

T = TypeVar("T")

_ONE_IN = 64  # items end a block
_LEVEL = 1  # deflate's fastest: half as large again as the best and five times as quick
_AT_ONCE = 300  # parts of a file that are read together


class Text(NamedTuple):
    """What is known of a text that stands deflated: its size, its CRC-32, by what the CRC of what precedes is multiplied."""

    size: int
    checksum: int
    shift: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of what a block gives to one file: `count` rows, records or features, `length` bytes there.

    `digest` is that of its content as it is kept. One that stands deflated in its file tells of its `text`.
    """

    digest: bytes
    count: int
    length: int
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A piece just made, with its content deflated."""

    content: bytes
    count: int
    length: int
    text: Text | None = None

    @property
    def piece(self) -> Piece:
        """What is known of it."""
        return Piece(digest_of(self.content), self.count, self.length, self.text)


Pieces = Mapping[str, Piece]
Make = Callable[[], Mapping[str, Packed]]
Part = bytes | Piece


def pack(content: bytes, count: int) -> Packed:
    """A piece of a file of text."""
    return Packed(deflate(content, zlib.Z_FINISH), count, len(content))


def deflate(content: bytes, end: int) -> bytes:
    """Bytes deflated up to this kind of end."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(end)


class Composed:
    """A file by the parts that `make` gives one after another: anew each time it is asked for, and always the same.

    Files with the same `key` are the same. The size in bytes, where it is not given, and the SHA-256 are found out on
    the way.
    """

    def __init__(
        self, make: Callable[[], Iterable[bytes]], key: bytes = b"", size: int | None = None
    ) -> None:
        self._make = make
        self._size = size
        self._digest: str | None = None
        self.key = key

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
        self._size, self._digest = size, state.hexdigest()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        while self._size is None:
            self._measure()
        return self._size

    @property
    def digest(self) -> str:
        """Its SHA-256."""
        while self._digest is None:
            self._measure()
        return self._digest

    def _measure(self) -> None:
        for _ in self:
            pass


class Stock:
    """What blocks give: found in the cache, or made when it is asked for and kept there; in memory without a cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._makers: dict[bytes, Make] = {}
        self._known: dict[bytes, Pieces] = {}
        self._contents: dict[bytes, bytes] = {}

    @property
    def missing(self) -> tuple[bytes, ...]:
        """The blocks of which nothing is known yet."""
        return tuple(key for key in self._makers if key not in self._known)

    def expect(self, makers: Mapping[bytes, Make]) -> None:
        """Blocks that will be asked for, by a digest of everything that what they give is made from."""
        self._makers |= makers
        self.find()

    def find(self) -> None:
        """Look in the cache for blocks that are not known yet: another process may have made them."""
        for key, row in self._cache.read(self.missing).items():
            self._note(key, _decode(row))

    def of(self, key: bytes) -> Pieces:
        """What a block gives, by the names of files or forms."""
        if key not in self._known:
            self.make(key)
        return self._known[key]

    def make(self, key: bytes) -> dict[bytes, bytes]:
        """Make what a block gives and keep it; returns the contents of its pieces by their digests."""
        made = {name: (packed.piece, packed.content) for name, packed in self._makers[key]().items()}
        pieces = {name: piece for name, (piece, _) in made.items()}
        contents = {piece.digest: content for piece, content in made.values() if piece.length}
        if self._cache.is_kept:
            self._cache.add({key: _encode(pieces), **contents})
            self._cache.spill()
        else:
            self._contents |= contents
        self._note(key, pieces)
        return contents

    def compose(self, parts: Iterable[Part]) -> Composed:
        """A file of parts that are given, or that blocks give."""
        parts = tuple(parts)
        key = digest_of(*(part if isinstance(part, bytes) else part.digest for part in parts))
        size = sum(len(part) if isinstance(part, bytes) else part.length for part in parts)
        return Composed(partial(self._read, parts), key, size)

    def _note(self, key: bytes, pieces: Pieces) -> None:
        self._known[key] = pieces
        self._cache.hold([piece.digest for piece in pieces.values() if piece.length])

    def _read(self, parts: Sequence[Part]) -> Iterator[bytes]:
        for start in range(0, len(parts), _AT_ONCE):
            some = parts[start : start + _AT_ONCE]
            contents = self._fetch({p.digest for p in some if isinstance(p, Piece) and p.length})
            yield from (p if isinstance(p, bytes) else _unpack(p, contents) for p in some)

    def _fetch(self, digests: Collection[bytes]) -> Mapping[bytes, bytes]:
        """The contents of pieces; what the cache has lost is made again."""
        found = self._cache.read(digests) if self._cache.is_kept else self._contents
        lost = digests - found.keys()
        for key, pieces in (*self._known.items(),) if lost else ():
            if any(piece.digest in lost for piece in pieces.values()):
                found = {**found, **self.make(key)}
        return found


def _unpack(piece: Piece, contents: Mapping[bytes, bytes]) -> bytes:
    """A piece as it stands in its file."""
    if not piece.length:
        return b""
    content = contents[piece.digest]
    return content if piece.text else zlib.decompress(content, -zlib.MAX_WBITS, piece.length)


def part_in_blocks(items: Iterable[T], name_of: Callable[[T], str]) -> list[tuple[T, ...]]:
    """Blocks of some 64 items. An item's name alone decides whether it ends one: a new item moves no other border."""
    blocks: list[list[T]] = [[]]
    for item in items:
        blocks[-1].append(item)
        if zlib.crc32(name_of(item).encode()) % _ONE_IN == 0:
            blocks.append([])
    return [tuple(block) for block in blocks if block]


def count_in(pieces: Iterable[Piece]) -> int:
    """How many rows, records or features there are."""
    return sum(piece.count for piece in pieces)


def _encode(pieces: Pieces) -> bytes:
    """JSON with every name, digest and number."""
    rows = {name: (p.digest.hex(), p.count, p.length, *(p.text or ())) for name, p in pieces.items()}
    return json.dumps(rows).encode()


def _decode(row: bytes) -> Pieces:
    return {
        name: Piece(bytes.fromhex(digest), count, length, Text(*text) if text else None)
        for name, (digest, count, length, *text) in json.loads(row).items()
    }
