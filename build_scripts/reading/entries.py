"""One record with the file it came from; those of the last build are kept as they were typed.

A record whose file looks as it did, or holds what it did, is taken from there: neither read nor typed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ..faults.diagnostics import Diagnostic, Problems, diagnose_file
from ..kinds.base import Kind, Record
from ..kinds.registry import find_kinds, kind_named
from ..records.decode import type_plain
from ..records.document import Document, FieldPath
from ..records.ids import RecordReference
from ..records.references import Marker, Reference, iter_references
from ..records.yaml_text import decode_document
from ..storage.cache import Cache, digest_of, program_digest
from ..storage.looks import Row
from ..storage.pickles import pickle_values, unpickle_values
from ..storage.shelf import Kept
from .batches import RecordFile, SoundData, key_of

_AT_HAND = 512  # records read again, more than nearly every block of the open data has
_FEW = 64  # entries that are not kept anew: typing so many again takes less time than keeping thousands
_TOGETHER = 500  # entries in one pickle: what it has to remember of them takes room


@lru_cache(maxsize=4)
def _locate(path: str, content: bytes) -> Document:
    """A file parsed for its positions; one file's faults come together, so few need keeping."""
    return decode_document(path, content)


@lru_cache(maxsize=_AT_HAND)
def read_again(kept: Kept, model: type[Record]) -> Record:
    """A record from its data as JSON, in which no fault was found before."""
    return type_plain(kept.read(), model)


class OnDisk(NamedTuple):
    """The bytes of a file that has not been read, for it looks as it did when it held what has this digest."""

    file: str
    shown: str
    digest: bytes

    def read(self) -> bytes:
        """The bytes. Raises `Problems` when they are others by now."""
        reason = "读取时被改动了 (it changed while it was being read)"
        try:
            content = Path(self.file).read_bytes()
        except OSError as error:
            content, reason = b"", str(error.strerror)
        if digest_of(content) == self.digest:
            return content
        raise Problems([diagnose_file(self.shown, "B707", file=self.shown, reason=reason)])


class Entry(NamedTuple):
    """One record with the file it came from; `path` is relative to the project root.

    `kept` is the file's content, `digest` its digest, `card` that of the fields which pages other than its own may show;
    `seen` is what the file's system said of it, or nothing when it was too young to be known again by that;
    `diagnostics` are the warnings and notes that reading it gave; `names` the ids, districts and files that the
    record names, `links` the ids that its text links to; `is_plain` says that its data can be had as JSON (`batches`).
    """

    path: str
    kept: Kept
    digest: bytes
    kind: Kind
    record: Record
    card: bytes
    names: tuple[tuple[str, Marker], ...]
    links: tuple[str, ...]
    seen: Row = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    is_plain: bool = True

    @property
    def content(self) -> bytes:
        """The bytes of the file as they were read."""
        return self.kept.read()

    @property
    def outline(self) -> bytes:
        """The part of the card without the summary."""
        return self.card[: len(self.card) // 2]

    def named_records(self) -> Iterator[str]:
        """The ids of the records that this one names."""
        return (target for target, marker in self.names if isinstance(marker, RecordReference))

    def iter_references(self) -> Iterator[Reference]:
        """Every place where the record names something."""
        return iter_references(self.record)

    def diagnose(self, code: str, at: FieldPath, **values: object) -> Diagnostic:
        """A diagnostic at a field of this record (the file is parsed again for the position)."""
        document = self.locate()
        return document.diagnose(code, document.mark(at), **values)

    def locate(self) -> Document:
        """The file with its positions."""
        return _locate(self.path, self.content)


# -- kept between builds -------------------------------------------------------------------------


def read_entries(root: Path, cache: Cache) -> dict[str, Entry]:
    """The sound records of an earlier build of the project at `root`, by path; fields that can wait are not held."""
    kept = cache.read([_key()]).get(_key(), b"")
    find_kinds()  # whose models have to be loaded
    try:
        rows = [*chain.from_iterable(unpickle_values(kept))]
        entries = [_take_up(row, root, cache) for _, row in rows]
    except Exception:  # noqa: BLE001 (whatever is wrong with it, this program has not written it)
        return {}
    cache.hold([key for key, _ in rows])
    return {entry.path: entry for entry in entries}


def keep_entries(now: Collection[Entry], before: Mapping[str, Entry], cache: Cache) -> None:
    """Keep the sound ones among the records of this build, unless nearly all are kept already."""
    sound = [entry for entry in now if not entry.diagnostics]
    if sum(before.get(entry.path) is not entry for entry in sound) > (_FEW if before else 0):
        cache.add({_key(): _pickle(sound)})


def _pickle(entries: Sequence[Entry]) -> bytes:
    parts = (entries[start : start + _TOGETHER] for start in range(0, len(entries), _TOGETHER))
    return pickle_values([(key_of(e.path, e.digest), _lay_down(e)) for e in part] for part in parts)


def _lay_down(entry: Entry) -> tuple[object, ...]:
    record = entry.record.without_deferred() if entry.is_plain else entry.record
    return (
        entry.path,
        entry.digest,
        entry.kind.name,
        record,
        entry.card,
        entry.names,
        entry.links,
        entry.seen,
        entry.is_plain,
    )


def _take_up(row: Any, root: Path, cache: Cache) -> Entry:
    path, digest, kind_name, record, card, names, links, seen, is_plain = row
    kind, kept = kind_named(kind_name), OnDisk(f"{root}/{path}", path, digest)
    if record.lacks_fields:
        file = RecordFile(path, kind, kept, digest)
        record.defer(partial(read_again, SoundData(file, cache), kind.model))
    return Entry(path, kept, digest, kind, record, card, names, links, seen, is_plain=is_plain)


def _key() -> bytes:
    return digest_of(b"entries", program_digest())
