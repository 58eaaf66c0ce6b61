"""The files that records and the city name: data files, whose bytes are read, and photos, which are looked at.

A faulty one is reported where it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from ..faults.diagnostics import Diagnostic, diagnose_file
from ..layout import BELTS
from ..photos.known import KnownPhoto, keep_photos, read_photos
from ..photos.originals import LARGEST_BYTES, Original, PhotoFault, read_photo
from ..records.city import City
from ..records.document import Document, FieldPath
from ..records.ids import DataFile, PhotoFile
from ..records.references import iter_references
from ..storage.cache import Cache
from ..words.spelling import suggest
from .entries import Entry
from .inventory import PHOTOS_FOLDER, Inventory

_FILES = (DataFile, PhotoFile)
_LARGEST_FILE = 10_000_000


class NamedFiles:
    """Reads what is named below `base` and gathers what is wrong with it.

    `photo_places` says where photos stand that are not there.
    """

    def __init__(self, base: Path, inventory: Inventory, photo_places: Mapping[str, Path]) -> None:
        self._base = base
        self._inventory = inventory
        self._photo_places = photo_places
        self._photos: dict[str, KnownPhoto] = {}
        self._named_photos: set[str] = set()
        self.diagnostics: list[Diagnostic] = []

    def read(
        self, city: City, city_document: Document, entries: Sequence[Entry], cache: Cache
    ) -> Iterator[tuple[str, bytes]]:
        """The sound data files by path inside `base`. Photos are looked at: `photos`."""
        for reference in iter_references(city):
            if isinstance(reference.marker, DataFile):
                yield from self._read_data(reference.target, lambda: city_document, reference.path)
        known = read_photos(cache)
        naming = (e for e in entries if any(isinstance(marker, _FILES) for _, marker in e.names))
        for entry in naming:
            for reference in entry.iter_references():
                if isinstance(reference.marker, DataFile):
                    yield from self._read_data(reference.target, entry.locate, reference.path)
                elif isinstance(reference.marker, PhotoFile):
                    self._read_photo(reference.target, entry, reference.path, known)
        keep_photos(self._photos, known, cache)

    def _read_photo(self, target: str, entry: Entry, at: FieldPath, known: Mapping[str, KnownPhoto]) -> None:
        """Look at one photo; a faulty one is reported where it is named. Its bytes are not kept."""
        code = self._path_fault(target)
        if code is None and not target.startswith(f"{PHOTOS_FOLDER}/"):
            code = "B716"
        if code:
            self.diagnostics.append(entry.diagnose(code, at, file=target, **self._hint(target)))
        self._named_photos.add(target)
        if code or self._is_link(target):
            return
        seen, last = self._inventory.identify(target), known.get(target)
        if last and seen and last.seen == seen:
            self._photos[target] = last
            return
        path = self._place(target)
        found = _look_at_photo(str(path), path.stat().st_size, path.stat().st_mtime_ns)
        if isinstance(found, Original):
            self._photos[target] = KnownPhoto(seen, found)
        else:
            self.diagnostics.append(entry.diagnose(found.code, at, file=target, **found.values))

    @property
    def photos(self) -> dict[str, Original]:
        """The sound photos that records show, by path inside belts/."""
        return {target: photo.original for target, photo in sorted(self._photos.items())}

    def note_unused_photos(self, faulty: Collection[tuple[str, bytes]]) -> None:
        """Report photos that no record shows, those aside that a faulty record, by path and bytes, may show."""
        for name in self._inventory.photos:
            unread = any(name.encode() in content for _, content in faulty)
            if name not in self._named_photos and not unread:
                shown = f"{BELTS}/{name}"
                self.diagnostics.append(diagnose_file(shown, "B717", file=shown))

    def _read_data(
        self, target: str, locate: Callable[[], Document], at: FieldPath
    ) -> Iterator[tuple[str, bytes]]:
        code = self._path_fault(target)
        if code is None and self._is_link(target):
            return
        size = 0 if code else (self._base / target).stat().st_size
        if code or size > _LARGEST_FILE:
            values = {"size": size // 1_000_000, "limit": _LARGEST_FILE // 1_000_000, **self._hint(target)}
            self._report(locate(), at, code or "B708", file=target, **values)
            return
        try:
            yield target, (self._base / target).read_bytes()
        except OSError as error:
            self._report(locate(), at, "B707", file=target, reason=error.strerror or str(error))

    def _report(self, document: Document, at: FieldPath, code: str, **values: object) -> None:
        self.diagnostics.append(document.diagnose(code, document.mark(at), **values))

    def _path_fault(self, target: str) -> str | None:
        """B702 for a path that leaves belts/, B701 for a file that is not there under this very name."""
        pure = PurePosixPath(target.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or any(sign in target for sign in ":\0"):
            return "B702"
        path = self._place(target)
        is_there = "\\" not in target and target in self._inventory.there
        return None if is_there and (path.is_symlink() or path.is_file()) else "B701"

    def _hint(self, target: str) -> dict[str, str]:
        """The hints of B701: a file whose path differs in case, extension or the direction of its slashes alone."""
        wanted = _plain_path(target)
        return suggest(
            next((name for name in sorted(self._inventory.there) if _plain_path(name) == wanted), "")
        )

    def _is_link(self, target: str) -> bool:
        """Whether a file is a symbolic link: the inventory has reported it, and nothing is read through it."""
        return self._place(target).is_symlink()

    def _place(self, target: str) -> Path:
        return self._photo_places.get(target, self._base / target)


def _plain_path(path: str) -> str:
    """A path without its extension, whatever its case and slashes."""
    pure = PurePosixPath(path.replace("\\", "/"))
    return str(pure.parent / pure.stem).casefold()


@lru_cache(maxsize=4096)
def _look_at_photo(path: str, size: int, modified_ns: int) -> Original | PhotoFault:
    """What a photo's file holds; looked at once while size and time stay the same, for a preview's sake."""
    try:
        with Path(path).open("rb") as file:
            return read_photo(path, file.read(LARGEST_BYTES + 1))
    except PhotoFault as fault:
        return fault
    except OSError as error:
        return PhotoFault("B707", reason=error.strerror or str(error))
