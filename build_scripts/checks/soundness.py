"""Which records were found sound by themselves, remembered from build to build.

The cache holds a mark for each: a digest of its path and content, under a key of all else that its rules read.
"""

from __future__ import annotations

from ..kinds.source import Source
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..storage.cache import Cache, digest_of, program_digest

_SIZE = len(digest_of())


def soundness_key(dataset: Dataset) -> bytes:
    """Return the key of the marks: of what the rules of single records read besides the record."""
    settings = (dataset.city_document.text, dataset.allowed_document.text)
    files = (part for name, content in sorted(dataset.files.items()) for part in (name.encode(), content))
    sources = (entry.digest for entry in dataset.entries if isinstance(entry.record, Source))
    return digest_of(b"sound", program_digest(), *(text.encode() for text in settings), *files, *sources)


def mark_record(entry: Entry) -> bytes:
    """Return the mark of a record."""
    return digest_of(entry.path.encode(), entry.digest)


def read_marks(key: bytes, cache: Cache) -> frozenset[bytes]:
    """Return the marks that the cache holds under a key."""
    known = cache.read([key]).get(key, b"")
    return frozenset(known[start : start + _SIZE] for start in range(0, len(known), _SIZE))


def keep_marks(key: bytes, before: frozenset[bytes], now: frozenset[bytes], cache: Cache) -> None:
    """Put the marks into the cache, if they are others than before."""
    if now != before:
        cache.add({key: b"".join(sorted(now))})
