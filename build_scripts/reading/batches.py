"""Many records' files at once: those read before come from the cache, the others are shared out among processes.

What travels and what is kept is the plain data of a file that has nothing to report. Any other file is read where
it is asked for, with its positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic_core import to_json

from ..kinds.base import Kind
from ..records.decode import plain_data
from ..records.document import Data
from ..records.yaml_text import decode_document
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest
from ..storage.looks import Row
from ..storage.shelf import Kept
from ..workers import map_chunks, open_pool

_AT_ONCE = 5000  # whose data is in memory as JSON at a time
_CARD = 2 * len(digest_of())


class RecordFile(NamedTuple):
    """The file of a record: its path from the project's root, its kind, its bytes and their digest.

    `seen` is what it is known again by, or nothing.
    """

    path: str
    kind: Kind
    kept: Kept
    digest: bytes
    seen: Row = ()

    @property
    def content(self) -> bytes:
        """The bytes that were read."""
        return self.kept.read()

    @property
    def id(self) -> str:
        """The id of the record."""
        return id_of(self.path)


class PlainRecord(NamedTuple):
    """The data of a file without a fault, its record's id included, as JSON; and the digest of its card.

    `links` are the ids that the record's text links to, None before it has been typed and found sound.
    """

    card: bytes
    data: bytes
    links: tuple[str, ...] | None = None


class SoundData(NamedTuple):
    """The data of a sound record as JSON: in the cache, or else read from its file once more."""

    file: RecordFile
    cache: Cache

    def read(self) -> bytes:
        """The data. Raises `Problems` when the file has changed since."""
        file, key = self.file, key_of(self.file.path, self.file.digest)
        kept = self.cache.read([key]).get(key) or _read(file.path, file.kind, file.content)
        return _unpack(kept).data


def key_of(path: str, digest: bytes) -> bytes:
    """The key, in the cache, of a file with this content."""
    return digest_of(b"record", program_digest(), path.encode(), digest)


def id_of(path: str) -> str:
    """The id of the record in a file."""
    return path.rpartition("/")[2].rpartition(".")[0]


def read_plain(files: Sequence[RecordFile], cache: Cache = NO_CACHE) -> Iterator[PlainRecord | None]:
    """The data of files in order, each as soon as it has been read; None for those that are not plain.

    What is in the cache has been found sound.
    """
    for start in range(0, len(files), _AT_ONCE):
        yield from _read_together(files[start : start + _AT_ONCE], cache)


def _read_together(files: Sequence[RecordFile], cache: Cache) -> Iterator[PlainRecord | None]:
    keys = [key_of(file.path, file.digest) for file in files]
    known = cache.read(keys)
    new = [file for file, key in zip(files, keys, strict=True) if key not in known]
    with open_pool(len(new)) as executor:
        made = map_chunks(_read_some, [(file.path, file.kind, file.content) for file in new], executor)
        for key in keys:
            kept = known.get(key) or next(made)
            yield _unpack(kept) if kept else None
    cache.spill()


def keep_sound(file: RecordFile, plain: PlainRecord, cache: Cache) -> None:
    """Keep the data of a record that has been typed without a fault, with its links."""
    cache.add({key_of(file.path, file.digest): _pack(plain)})


def _read_some(files: Sequence[tuple[str, Kind, bytes]]) -> list[bytes]:
    return [_read(path, kind, content) for path, kind, content in files]


def _read(path: str, kind: Kind, content: bytes) -> bytes:
    """What there is to know of a plain file; empty when it is not plain."""
    data = plain_data(decode_document(path, content), kind.model, ("id",))
    if data is None:
        return b""
    return _pack(PlainRecord(card_of(path, kind, data), to_json({"id": id_of(path), **data})))


def _pack(plain: PlainRecord) -> bytes:
    """The digest of the card, the data, and the links in a line of their own once they are known."""
    links = b"" if plain.links is None else b"\n%b" % " ".join(plain.links).encode()
    return plain.card + plain.data + links


def _unpack(packed: bytes) -> PlainRecord:
    data, line, links = packed[_CARD:].partition(b"\n")  # JSON has none
    return PlainRecord(packed[:_CARD], data, tuple(links.decode().split()) if line else None)


def card_of(path: str, kind: Kind, data: Data) -> bytes:
    """The digest of the fields of a record that pages other than its own may show, all but its summary; and its."""
    items = data.items() if isinstance(data, dict) else ()
    shown = {name: value for name, value in items if name not in kind.model.own_fields}
    summary = shown.pop("summary", None)
    return digest_of(path.encode(), to_json(shown)) + digest_of(to_json(summary))
