"""The one reader of belts/: every file in, typed records and diagnostics out.

`load_dataset` gathers everything before anything is judged; cross-record rules are in `checks`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from .allowed import AllowedNumbers
from .cache import Cache, digest_of
from .city import City, unnamed_city
from .decode import decode_model
from .diagnostics import Diagnostic, make_diagnostic
from .file_names import report_link
from .gazetteer import Boundaries, Gazetteer, decode_boundaries, decode_gazetteer, decode_layer, word_reason
from .inventory import ALLOWED_FILE, CITY_FILE, PHOTOS_FOLDER, REDIRECTS_FILE, Inventory, take_inventory
from .kinds.base import Kind, Record
from .kinds.registry import kind_in_folder
from .photos import LARGEST_BYTES, Original, PhotoFault, read_photo
from .reading import read_documents
from .redirects import Redirect, decode_redirects
from .references import Reference, iter_models, iter_references
from .values import DataFile, PhotoFile
from .workers import open_pool
from .yaml_text import MAX_BYTES, Document, Mark, decode_document
from .yaml_text import Path as DataPath

M = TypeVar("M", bound=BaseModel)

_LARGEST_FILE = 10_000_000
_MALFORMED = (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError)


@lru_cache(maxsize=4)
def _locate(path: str, content: bytes) -> Document:
    """A file parsed for its positions; one file's faults come together, so few need keeping."""
    return decode_document(path, content)


@dataclass(frozen=True)
class Entry:
    """One record with the file it came from; `path` is relative to the project root.

    `digest` is that of the content, `card` that of the fields which pages other than its own may show;
    `diagnostics` are the warnings and notes that reading it gave.
    """

    path: str
    content: bytes
    kind: Kind
    record: Record
    card: bytes
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def digest(self) -> bytes:
        """A digest of the file."""
        return digest_of(self.content)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every id, district and file that the record names, with its path."""
        return tuple(iter_references(self.record))

    @cached_property
    def models(self) -> tuple[tuple[DataPath, BaseModel], ...]:
        """The record and every model inside it, with their paths."""
        return tuple(iter_models(self.record))

    def diagnose(self, code: str, at: DataPath, **values: object) -> Diagnostic:
        """A diagnostic at a field of this record (the file is parsed again for the position)."""
        document = self.locate()
        return document.diagnose(code, document.mark(at), **values)

    def locate(self) -> Document:
        """The file with its positions."""
        return _locate(self.path, self.content)


@dataclass(frozen=True)
class Dataset:
    """Everything belts/ holds, decoded but not yet checked against itself.

    `files` are the bytes of the data files that records and the city name, by their path inside belts/;
    `photos` are the sound photos that records show, by path inside belts/;
    `inputs` every YAML file but the settings, read or not; `faulty` the path and bytes of those that hold
    no usable record.
    """

    city: City | None
    city_document: Document
    entries: tuple[Entry, ...]
    gazetteer: Gazetteer
    boundaries: Boundaries
    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    inputs: tuple[str, ...] = ()
    faulty: tuple[tuple[str, bytes], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    redirects_document: Document = field(default_factory=lambda: Document(REDIRECTS_FILE, ""))
    allowed: AllowedNumbers = field(default_factory=AllowedNumbers)
    allowed_document: Document = field(default_factory=lambda: Document(ALLOWED_FILE, ""))
    photos: Mapping[str, Original] = field(default_factory=dict)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The ids of record files that could not be read: references to them are no fault of their own."""
        read = {entry.path for entry in self.entries}
        return frozenset(Path(path).stem for path in self.inputs if path not in read)


def load_dataset(
    root: Path, folder: str = "belts", cache: Cache | None = None, known: Iterable[Entry] = ()
) -> Dataset:
    """Read `root/folder` whole. Faults are in `diagnostics`; the rest holds what could be read.

    Files whose data is in the cache are not parsed again, and `known` records whose files have not changed
    are taken as they are.
    """
    base = root / folder
    inventory = take_inventory(base)
    reader = _Reader(base, folder, inventory)
    city_document = reader.read_document(CITY_FILE)
    inputs = (*inventory.records, *inventory.refused)
    city = _decode_city(city_document, is_empty=not inputs and not (base / CITY_FILE).exists())
    redirects_document = reader.read_document(REDIRECTS_FILE)
    allowed_document = reader.read_document(ALLOWED_FILE)
    redirects = decode_redirects(redirects_document)
    allowed = _decode_optional(allowed_document, AllowedNumbers)
    for document in (city_document, redirects_document, allowed_document):
        reader.diagnostics += document.diagnostics
    entries = tuple(reader.read_entries(inventory.records, cache, {entry.path: entry for entry in known}))
    files = dict(reader.read_files(city, city_document, entries))
    reader.note_unused_photos(inventory.photos)
    return Dataset(
        city=city,
        city_document=city_document,
        entries=entries,
        gazetteer=_decode_gazetteer(city, files, city_document, reader.diagnostics),
        boundaries=_decode_boundaries(city, files, city_document, reader.diagnostics),
        files=files,
        diagnostics=tuple(reader.diagnostics),
        inputs=tuple(sorted(f"{folder}/{inside.as_posix()}" for inside in inputs)),
        faulty=tuple(reader.faulty),
        redirects=redirects,
        redirects_document=redirects_document,
        allowed=allowed or AllowedNumbers(),
        allowed_document=allowed_document,
        photos=dict(sorted(reader.photos.items())),
    )


def _decode_city(document: Document, *, is_empty: bool) -> City | None:
    """The city; an unnamed one for an empty folder, None and a fault when records stand without one."""
    if is_empty:
        return unnamed_city()
    if document.data is None and not document.diagnostics and not document.text:
        document.report("B701", Mark(1, 1), file=CITY_FILE)
        return None
    return decode_model(document, City)


def _decode_optional(document: Document, model: type[M]) -> M | None:
    """A settings file that need not be there and may be empty."""
    return decode_model(document, model) if document.data is not None else None


class _Reader:
    """Reads the files of one belts/ folder and gathers what is wrong with them."""

    def __init__(self, base: Path, folder: str, inventory: Inventory) -> None:
        self._base = base
        self._folder = folder
        self._there = inventory.paths
        self.diagnostics = list(inventory.diagnostics)
        self.faulty: list[tuple[str, bytes]] = []
        self.photos: dict[str, Original] = {}
        self._named_photos: set[str] = set()

    def read_document(self, name: str) -> Document:
        """A YAML file of belts/; an empty document when it is not there."""
        path = f"{self._folder}/{name}"
        if self._is_link(name):
            return Document(path, "", diagnostics=[report_link(self._folder, PurePosixPath(name))])
        content = self._read(name, path) if (self._base / name).is_file() else None
        return decode_document(path, content) if content is not None else Document(path, "")

    def read_entries(
        self, paths: Sequence[PurePosixPath], cache: Cache | None, known: Mapping[str, Entry]
    ) -> Iterator[Entry]:
        """The records that can be read."""
        files = [(f"{self._folder}/{inside.as_posix()}", self._read_record(inside)) for inside in paths]
        read = [(path, content) for path, content in files if content is not None]
        kept = {
            path: known[path] for path, content in read if path in known and known[path].content == content
        }
        new = [(path, content) for path, content in read if path not in kept]
        with open_pool(len(new)) as executor:
            documents = read_documents(new, executor, cache)
            for path, content in read:
                entry = kept.get(path) or self._decode_entry(next(documents), path, content)
                if entry:
                    self.diagnostics += entry.diagnostics
                    yield entry

    def _read_record(self, inside: PurePosixPath) -> bytes | None:
        return self._read(inside.as_posix(), f"{self._folder}/{inside.as_posix()}")

    def _decode_entry(self, document: Document, path: str, content: bytes) -> Entry | None:
        """One record; None and a fault when it cannot be read."""
        folder, *_, name = path.removeprefix(f"{self._folder}/").split("/")
        kind = kind_in_folder(folder)
        if kind is None:
            return None
        record = decode_model(document, kind.model, id=name.rpartition(".")[0])
        if record is None:
            self.diagnostics += document.diagnostics
            self.faulty.append((path, content))
            return None
        return Entry(path, content, kind, record, _card(document, kind), tuple(document.diagnostics))

    def _read(self, name: str, path: str) -> bytes | None:
        """The bytes of a YAML file, of a huge one only as much as shows that it is too long."""
        try:
            with open(f"{self._base}/{name}", "rb") as file:  # noqa: PTH123 (thousands of them)
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            values = [("file", path), ("reason", error.strerror or str(error))]
            self.diagnostics.append(make_diagnostic((path, 1, 1), "B707", values))
            return None

    def read_files(
        self, city: City | None, city_document: Document, entries: tuple[Entry, ...]
    ) -> Iterator[tuple[str, bytes]]:
        """The data files that are named somewhere; a faulty one is reported where it is named."""
        for reference in iter_references(city) if city else ():
            if isinstance(reference.marker, DataFile):
                yield from self._read_data(reference.target, city_document, reference.path)
        for entry in entries:
            for reference in entry.references:
                if isinstance(reference.marker, DataFile):
                    yield from self._read_data(reference.target, entry.locate(), reference.path)
                elif isinstance(reference.marker, PhotoFile):
                    self._read_photo(reference.target, entry, reference.path)

    def _read_photo(self, target: str, entry: Entry, at: DataPath) -> None:
        """Look at one photo; a faulty one is reported where it is named. Its bytes are not kept."""
        self._named_photos.add(target)
        code = self._path_fault(target)
        if code is None and not target.startswith(f"{PHOTOS_FOLDER}/"):
            code = "B716"
        if code:
            self.diagnostics.append(entry.diagnose(code, at, file=target))
        if code or self._is_link(target):
            return
        path = self._base / target
        found = _look_at_photo(str(path), path.stat().st_size, path.stat().st_mtime_ns)
        if isinstance(found, Original):
            self.photos[target] = found
        else:
            self.diagnostics.append(entry.diagnose(found.code, at, file=target, **found.values))

    def note_unused_photos(self, there: Iterable[PurePosixPath]) -> None:
        """Report photos that no record shows, those aside that a faulty record may show."""
        for inside in there:
            name = inside.as_posix()
            unread = any(name.encode() in content for _, content in self.faulty)
            if name not in self._named_photos and not unread:
                shown = f"{self._folder}/{name}"
                self.diagnostics.append(make_diagnostic((shown, 1, 1), "B717", [("file", shown)]))

    def _read_data(self, target: str, document: Document, at: DataPath) -> Iterator[tuple[str, bytes]]:
        code = self._path_fault(target)
        if code is None and self._is_link(target):
            return
        size = 0 if code else (self._base / target).stat().st_size
        if code or size > _LARGEST_FILE:
            values = {"size": size // 1_000_000, "limit": _LARGEST_FILE // 1_000_000}
            self.diagnostics.append(
                document.diagnose(code or "B708", document.mark(at), file=target, **values)
            )
            return
        try:
            yield target, (self._base / target).read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            self.diagnostics.append(document.diagnose("B707", document.mark(at), file=target, reason=reason))

    def _path_fault(self, target: str) -> str | None:
        """B702 for a path that leaves belts/, B701 for a file that is not there under this very name."""
        pure = PurePosixPath(target)
        if pure.is_absolute() or ".." in pure.parts or any(sign in target for sign in "\\:\0"):
            return "B702"
        path = self._base / target
        return None if target in self._there and (path.is_symlink() or path.is_file()) else "B701"

    def _is_link(self, target: str) -> bool:
        """Whether a file is a symbolic link: the inventory has reported it, and nothing is read through it."""
        return (self._base / target).is_symlink()


def _card(document: Document, kind: Kind) -> bytes:
    own = kind.model.own_fields
    data = document.data if isinstance(document.data, dict) else {}
    shown = [(name, value) for name, value in data.items() if name not in own]
    return digest_of(document.path.encode(), json.dumps(shown).encode())


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


def _decode_gazetteer(
    city: City | None, files: Mapping[str, bytes], document: Document, diagnostics: list[Diagnostic]
) -> Gazetteer:
    if city is None:
        return Gazetteer()
    townships, villages = city.gazetteer.townships, city.gazetteer.villages
    try:
        return decode_gazetteer(files.get(townships or ""), files.get(villages or ""))
    except (csv.Error, KeyError, TypeError, ValueError) as error:
        name = townships if isinstance(error, KeyError) and townships else villages or townships
        diagnostics.append(_unreadable(document, ("gazetteer",), str(name), "CSV", error))
        return Gazetteer()


def _decode_boundaries(
    city: City | None, files: Mapping[str, bytes], document: Document, diagnostics: list[Diagnostic]
) -> Boundaries:
    """The district polygons; a layer file that is not GeoJSON is reported where city.yml names it."""
    boundaries = Boundaries()
    layers = city.map.layers if city else None
    for name in type(layers).model_fields if layers else ():
        target = getattr(layers, name)
        if target not in files:
            continue
        try:
            if name == "districts":
                boundaries = decode_boundaries(files[target])
            else:
                decode_layer(files[target])
        except _MALFORMED as error:
            diagnostics.append(_unreadable(document, ("map", "layers", name), target, "GeoJSON", error))
    return boundaries


def _unreadable(document: Document, at: DataPath, file: str, form: str, error: Exception) -> Diagnostic:
    return document.diagnose("B703", document.mark(at), file=file, format=form, reason=word_reason(error))
