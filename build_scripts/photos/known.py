"""Photos that were found sound in an earlier build: one that looks the same is not opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic_core import from_json, to_json

from ..storage.cache import Cache, digest_of, program_digest
from ..storage.looks import Row
from .originals import Original


class KnownPhoto(NamedTuple):
    """What a photo's file looked like, or nothing when it was too young to be known again; and what it holds."""

    seen: Row
    original: Original


def read_photos(cache: Cache) -> dict[str, KnownPhoto]:
    """The photos of an earlier build, by path inside belts/."""
    kept = from_json(cache.read([_key()]).get(_key(), b"{}"))
    return {path: KnownPhoto(seen, Original(*found)) for path, (seen, found) in kept.items()}


def keep_photos(now: Mapping[str, KnownPhoto], before: Mapping[str, KnownPhoto], cache: Cache) -> None:
    """Keep what is known of photos now, if that is not what is kept."""
    known = {path: photo for path, photo in sorted(now.items()) if photo.seen}
    if known != before:
        cache.add({_key(): to_json({path: (seen, found) for path, (seen, found) in known.items()})})


def _key() -> bytes:
    return digest_of(b"photos", program_digest())
