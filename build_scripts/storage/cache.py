"""Results kept between builds, by a digest of everything that they were made from.

A cache can be deleted at any time: it saves time and decides nothing. Each value is stored with a digest of
its own, so that a damaged one is found and made again; a damaged file is replaced. One SQLite file, written in
few transactions: a killed build leaves whole results.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from ..errors import UserError
from ..layout import CACHE, PROGRAM
from .pickles import pickle_values, unpickle_values

T = TypeVar("T")

_SCHEMA = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, digest BLOB, value BLOB)"
# What is worked on in its own folder has no version there.
_LIBRARY = re.compile(r".+-\d.*\.(?:dist|egg)-info")
_PARAMETERS = 500
_MOST_IN_MEMORY = 16_000_000  # bytes of new results
_SPARE = 3  # results kept for each one in use: an edit that is taken back finds them


def digest_of(*parts: bytes) -> bytes:
    """One digest of several parts; each part's length counts, so that no two lists run together."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()


def digest_of_tree(folder: Path, pattern: str = "*") -> bytes:
    """A digest of the path inside a folder and the content of every file there whose name matches."""
    files = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob(pattern)))
    found = ((name.encode(), path.read_bytes()) for name, path in files if path.is_file())
    return digest_of(*(part for file in found for part in file))


def check_cache_folder(root: Path) -> None:
    """Refuse what stands where results are kept and is no folder, such as a broken link. Raises UserError."""
    for place in ((root / CACHE).parent, root / CACHE):
        if os.path.lexists(place) and not place.is_dir():
            raise UserError(
                f"{place}: 不是文件夹，或是断开的链接；请移走 (no folder, or a broken link: move it away)"
            )


@cache
def program_digest() -> bytes:
    """A digest of this program and of all libraries that are installed, Python and zlib among them."""
    program = digest_of_tree(PROGRAM, "*.py")
    libraries = (name.encode() for name in _list_libraries())
    under = f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION}".encode()
    return digest_of(program, *libraries, under)


def _list_libraries() -> list[str]:
    """The libraries that Python finds, as the folders with their metadata are called: by name and version."""
    found: list[str] = []
    for folder in sys.path:
        with suppress(OSError):  # Python passes it over too
            found += (name for name in os.listdir(folder or ".") if _LIBRARY.fullmatch(name))  # noqa: PTH208 (names alone)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a process has asked a cache for, and what it adds."""

    used: frozenset[bytes] = frozenset()
    new: Mapping[bytes, bytes] = field(default_factory=dict)


class Cache:
    """A store of bytes by key; without a file it holds nothing.

    Faults of the file are never an error: what cannot be read is not there, what cannot be written is not kept.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._used: set[bytes] = set()
        self._held: list[Collection[bytes]] = []
        self._new: dict[bytes, bytes] = {}
        self._is_saved = True

    @property
    def is_kept(self) -> bool:
        """Whether anything that is added can be found again."""
        return self._file is not None

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values that are there, by key."""
        if self._file is None:
            return {}
        keys = list(dict.fromkeys(keys))
        self._used.update(keys)
        found = {key: self._new[key] for key in keys if key in self._new}
        if not self._file.exists():
            return found
        try:
            with closing(sqlite3.connect(self._file)) as connection:
                rows = [row for some in _in_parts(keys) for row in _select(connection, some)]
        except sqlite3.Error:
            return found
        return {key: value for key, digest, value in rows if _is_whole(key, digest, value)} | found

    def hold(self, keys: Collection[bytes]) -> None:
        """Count values as in use that may be asked for next time."""
        if self.is_kept:
            self._held.append(keys)

    def add(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values; they are on disk after `save`."""
        if not self.is_kept:
            return
        self._used.update(values)
        self._new.update(values)
        self._is_saved = self._is_saved and not values

    def spill(self) -> None:
        """Write what is new when there is much of it."""
        if sum(map(len, self._new.values())) > _MOST_IN_MEMORY:
            self.show()

    def show(self) -> None:
        """Write what is new, so that other processes find it."""
        with suppress(sqlite3.Error, OSError):  # another process may be at it: later, then
            self._write()

    def take(self) -> Findings:
        """What was found here since the last time, for the process that saves."""
        findings = Findings(frozenset(self._used), self._new)
        self._used, self._new = set(), {}
        return findings

    def merge(self, findings: Findings) -> None:
        """Take over what another process has found."""
        if self.is_kept:
            self._used.update(findings.used)
            self.add(findings.new)
            self.spill()

    def save(self) -> None:
        """Write what is new; forget what was not asked for, once there is much more of it than of what was."""
        if self._is_saved or self._file is None:
            return
        with suppress(sqlite3.Error, OSError):
            try:
                self._write(forget=True)
            except sqlite3.DatabaseError:
                self._file.unlink(missing_ok=True)
                self._write(forget=True)
        self._is_saved = True

    def _write(self, *, forget: bool = False) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file)) as connection, connection:
            # What a power failure damages is found and made again.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_SCHEMA)
            if forget:
                self._forget(connection)
            rows = [(key, digest_of(key, value), value) for key, value in self._new.items()]
            connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        self._new = {}

    def _forget(self, connection: sqlite3.Connection) -> None:
        ((count,),) = connection.execute("SELECT COUNT(*) FROM results")
        if count <= (1 + _SPARE) * (len(self._used) + sum(map(len, self._held))):
            return
        self._used.update(*self._held)
        self._held.clear()
        known = {bytes(key) for (key,) in connection.execute("SELECT key FROM results")}
        stale = ((key,) for key in known - self._used)
        connection.executemany("DELETE FROM results WHERE key = ?", stale)


NO_CACHE = Cache()


def recall(cache: Cache, key: bytes, kind: type[T]) -> T | None:
    """Return the value of this kind that the cache holds; None when it holds none."""
    content = cache.read([key]).get(key, b"")
    with suppress(Exception):  # whatever is wrong with it, this program has not written it
        (kept,) = unpickle_values(content)
        return kept if isinstance(kept, kind) else None
    return None


def keep(cache: Cache, key: bytes, value: object) -> None:
    """Add a value of this program's types, for `recall`."""
    if cache.is_kept:
        cache.add({key: pickle_values([value])})


def remember(cache: Cache, key: bytes, kind: type[T], make: Callable[[], T]) -> T:
    """Return the value of this kind that the cache holds, or make it now and keep it."""
    value = recall(cache, key, kind)
    if value is None:
        value = make()
        keep(cache, key, value)
    return value


def _in_parts(keys: list[bytes]) -> Iterable[list[bytes]]:
    return (keys[start : start + _PARAMETERS] for start in range(0, len(keys), _PARAMETERS))


def _select(connection: sqlite3.Connection, keys: list[bytes]) -> Iterable[tuple[bytes, bytes, bytes]]:
    holes = ",".join("?" * len(keys))
    return connection.execute(f"SELECT key, digest, value FROM results WHERE key IN ({holes})", keys)  # noqa: S608 (only question marks)


def _is_whole(key: object, digest: object, value: object) -> bool:
    if not (isinstance(key, bytes) and isinstance(value, bytes)):
        return False
    return digest_of(key, value) == digest
