"""The one reader of belts/: every file in, typed records and diagnostics out.

`load_dataset` gathers everything before anything is judged; cross-record rules are in `checks`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from ..faults.diagnostics import Diagnostic, make_diagnostic
from ..geography.datum import BoundingBox
from ..geography.gazetteer import (
    MALFORMED,
    Boundaries,
    Gazetteer,
    Township,
    Village,
    decode_boundaries,
    decode_layer,
    decode_townships,
    decode_villages,
    make_gazetteer,
    word_reason,
)
from ..kinds.base import Record
from ..kinds.registry import kind_in_folder
from ..kinds.source import Source
from ..layout import BELTS
from ..photos.known import KnownPhoto, keep_photos, read_photos
from ..photos.originals import LARGEST_BYTES, Original, PhotoFault, read_photo
from ..records.city import City, unnamed_city
from ..records.decode import decode_model, decode_plain, decode_sound
from ..records.document import MAX_BYTES, OF_FIELDS, Document, FieldPath, Mark
from ..records.ids import DataFile, PhotoFile
from ..records.parts import decode_part
from ..records.references import find_links, find_names, iter_references
from ..records.yaml_text import decode_document
from ..storage.cache import Cache, digest_of, program_digest
from ..storage.shelf import Held, Shelf, Shelved
from ..unchanged import Row, is_young
from ..words.spelling import suggest
from .allowed import AllowedNumbers
from .batches import PlainRecord, RecordFile, card_of, keep_sound, read_plain
from .entries import Entry, keep_entries, read_again, read_entries
from .file_names import report_link, report_unread
from .inventory import (
    ABOUT_FILES,
    ALLOWED_FILE,
    CITY_FILE,
    PHOTOS_FOLDER,
    REDIRECTS_FILE,
    Inventory,
    take_inventory,
)
from .redirects import Redirect, decode_redirects

M = TypeVar("M", bound=BaseModel)
Unit = TypeVar("Unit", Township, Village)

_FILES = (DataFile, PhotoFile)
_USUAL_BYTES = 50_000
_MANY = 10_000  # records: as many typed models as these have would fill the memory of a small machine
_LARGEST_FILE = 10_000_000


@dataclass(frozen=True)
class Dataset:
    """Everything belts/ holds, decoded but not yet checked against itself.

    `files` are the bytes of the data files that records and the city name, by their path inside belts/;
    `photos` are the sound photos that records show, by path inside belts/;
    `sources` are the records of texts, by id; `sound_places` stand for locations found to be where they are said to be;
    `inputs` every YAML file but the settings, read or not; `faulty` the
    path and bytes of those that hold no usable record, `parts` what is sound of their records; `known_city` is `city` or, if that could not be read, what is
    sound of it, by which records can be judged.
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
    sources: Mapping[str, Source] = field(default_factory=dict)
    sound_places: frozenset[bytes] = frozenset()
    parts: tuple[Entry, ...] = ()
    known_city: City = field(default_factory=unnamed_city)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The ids of record files that could not be read: references to them are no fault of their own."""
        read = {entry.path for entry in self.entries}
        return frozenset(Path(path).stem for path in self.inputs if path not in read)

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """The ids of which nobody knows what they name: unread ones, and those that several files claim."""
        claims = Counter(entry.record.id for entry in self.entries)
        return self.unread | {record_id for record_id, count in claims.items() if count > 1}


def load_dataset(
    root: Path,
    cache: Cache | None = None,
    known: Iterable[Entry] = (),
    many: int = _MANY,
    folders: Collection[str] = (),
    photos: Photos | None = None,
) -> Dataset:
    """Read belts/ whole. Faults are in `diagnostics`; the rest holds what could be read.

    Files whose data is in the cache are not parsed again; those of `known` records are not even read if they have not
    changed. Of so `many` records or more, the fields that take most of the memory are not held. If `folders` are named,
    only the records in them are read. `photos` says where a copy that was made without them has its photos.
    """
    base = root / BELTS
    inventory = take_inventory(base).only(folders) if folders else take_inventory(base)
    own = inventory.there
    inventory = inventory.with_photos(take_inventory(photos.base), photos.gone) if photos else inventory
    before = {entry.path: entry for entry in known}
    is_large = len(inventory.records) >= many
    reader = _Reader(root, inventory, _find_shelf(before.values()) if is_large else None)
    if photos:
        reader.photo_places = {name: photos.base / name for name in inventory.there if name not in own}
    city_document = reader.read_document(CITY_FILE)
    inputs = (*inventory.records, *inventory.refused)
    city = _decode_city(city_document, is_empty=not inputs and not (base / CITY_FILE).exists())
    known_city = city or decode_sound(city_document, unnamed_city())
    redirects_document = reader.read_document(REDIRECTS_FILE)
    allowed_document = reader.read_document(ALLOWED_FILE)
    redirects = decode_redirects(redirects_document)
    allowed = _decode_optional(allowed_document, AllowedNumbers)
    for document in (city_document, redirects_document, allowed_document):
        reader.diagnostics += document.diagnostics
    entries = tuple(reader.read_entries(inventory.records, cache, before))
    files = dict(reader.read_files(known_city, city_document, (*entries, *reader.parts), cache))
    reader.note_unused_photos(inventory.photos)
    return Dataset(
        city=city,
        city_document=city_document,
        entries=entries,
        gazetteer=_decode_gazetteer(known_city, files, city_document, reader.diagnostics),
        boundaries=_decode_boundaries(known_city, files, city_document, reader.diagnostics, cache),
        files=files,
        diagnostics=tuple(reader.diagnostics),
        inputs=tuple(sorted(f"{BELTS}/{inside}" for inside in inputs)),
        faulty=tuple(reader.faulty),
        redirects=redirects,
        redirects_document=redirects_document,
        allowed=allowed or AllowedNumbers(),
        allowed_document=allowed_document,
        photos=reader.photos,
        sources={entry.record.id: entry.record for entry in entries if isinstance(entry.record, Source)},
        parts=tuple(reader.parts),
        known_city=known_city,
    )


@dataclass(frozen=True, slots=True)
class Photos:
    """The belts/ that holds the photos of a copy; those by paths inside it that are `gone` the copy does not have."""

    base: Path
    gone: Collection[str] = ()


def _find_shelf(known: Iterable[Entry]) -> Shelf:
    """The shelf that known records stand on, or a new one."""
    return next((entry.kept.shelf for entry in known if isinstance(entry.kept, Shelved)), None) or Shelf()


def _decode_city(document: Document, *, is_empty: bool) -> City | None:
    """The city; an unnamed one for an empty folder, None and a fault when records stand without one."""
    if is_empty:
        return unnamed_city()
    if document.data is None and not document.diagnostics and not document.text:
        document.report("B701", Mark(1, 1), file=CITY_FILE, **suggest(""))
        return None
    return decode_model(document, City)


def _decode_optional(document: Document, model: type[M]) -> M | None:
    """A settings file that need not be there and may be empty."""
    return decode_model(document, model) if document.data is not None else None


class _Reader:
    """Reads the files of belts/ and gathers what is wrong with them."""

    def __init__(self, root: Path, inventory: Inventory, shelf: Shelf | None) -> None:
        self._root = root
        self._base = root / BELTS
        self._there = inventory.there
        self._put_aside = shelf.put if shelf else Held
        self._is_large = shelf is not None
        self._begun = time.time_ns()
        self.diagnostics = list(inventory.diagnostics)
        self.faulty: list[tuple[str, bytes]] = []
        self.parts: list[Entry] = []
        self.photo_places: Mapping[str, Path] = {}
        self._photos: dict[str, KnownPhoto] = {}
        self._named_photos: set[str] = set()

    def read_document(self, name: str) -> Document:
        """A YAML file of belts/; an empty document when it is not there."""
        path = f"{BELTS}/{name}"
        if self._is_link(name):
            return Document(path, "", diagnostics=[report_link(BELTS, PurePosixPath(name))])
        content = self._read(name, path) if (self._base / name).is_file() else None
        about = ABOUT_FILES.get(name, OF_FIELDS)
        return decode_document(path, content, about) if content is not None else Document(path, "")

    def read_entries(
        self, paths: Sequence[str], cache: Cache | None, known: Mapping[str, Entry]
    ) -> Sequence[Entry]:
        """The records that can be read; those `known`, or kept of an earlier build, as they are unless they have changed."""
        before = known or (read_entries(self._root, cache) if cache else {})
        found = {inside: self._find(inside, before) for inside in paths}
        new = [file for file in found.values() if isinstance(file, RecordFile)]
        plain = zip(new, read_plain(new, cache), strict=True)
        decoded = {file.path: self._decode_entry(file, data, cache) for file, data in plain}
        there = (decoded[file.path] if isinstance(file, RecordFile) else file for file in found.values())
        entries = [entry for entry in there if entry]
        for entry in entries:
            self.diagnostics += entry.diagnostics
        if cache and not known:
            keep_entries(entries, before, cache)
        return entries

    def _find(self, inside: str, known: Mapping[str, Entry]) -> Entry | RecordFile | None:
        """A known record, if its file looks as it did or holds what it did; else the file, if it can be read."""
        path, kind = f"{BELTS}/{inside}", kind_in_folder(inside.partition("/")[0])
        last, seen = known.get(path), self._look(inside)
        if last and seen and last.seen == seen:
            return last
        content = self._read(inside, path)
        if kind is None or content is None:
            return None
        digest = digest_of(content)
        if last and last.digest == digest:
            return replace(last, seen=seen)
        return RecordFile(path, kind, self._put_aside(content), digest, seen)

    def _look(self, inside: str) -> Row:
        """By what a file is known again; nothing when it is so young that it may be written again unnoticed."""
        row = self._there.get(inside, ())
        return () if row and is_young(row, self._begun) else row

    def _decode_entry(self, file: RecordFile, plain: PlainRecord | None, cache: Cache | None) -> Entry | None:
        """One record; None and a fault when it cannot be read."""
        if plain and (entry := self._type(file, plain, cache)):
            return entry
        document = decode_document(file.path, file.content)
        record = decode_model(document, file.kind.model, id=file.id)
        if record is None:
            self.diagnostics += document.diagnostics
            self.faulty.append((file.path, file.content))
            if part := decode_part(document, file.kind.model, id=file.id):
                self.parts.append(_make_entry(file, part, document))
            return None
        return _make_entry(file, record, document)

    def _type(self, file: RecordFile, plain: PlainRecord, cache: Cache | None) -> Entry | None:
        """A record from plain data, None for a faulty one; in a large city, deferred fields wait."""
        record = decode_plain(plain.data, file.kind.model)
        if record is None:
            return None
        links = plain.links
        if links is None:  # it has not been typed before
            links = find_links(record.body)
            if cache:
                keep_sound(file, replace(plain, links=links), cache)
        names = find_names(record)
        if self._is_large and record.has_deferred:
            record.defer(partial(read_again, self._put_aside(plain.data), file.kind.model))
        return Entry(
            file.path, file.kept, file.digest, file.kind, record, plain.card, names, links, file.seen
        )

    def _read(self, name: str, path: str) -> bytes | None:
        """The bytes of a YAML file, of a huge one only as much as shows that it is too long."""
        try:
            with open(f"{self._base}/{name}", "rb") as file:  # noqa: PTH123 (thousands of them)
                content = file.read(_USUAL_BYTES)  # room for a huge file is slow to make
                return content if len(content) < _USUAL_BYTES else content + file.read(MAX_BYTES)
        except OSError as error:
            self.diagnostics.append(report_unread(path, error))
            return None

    def read_files(
        self, city: City, city_document: Document, entries: Sequence[Entry], cache: Cache | None
    ) -> Iterator[tuple[str, bytes]]:
        """The data files that are named somewhere; a faulty one is reported where it is named. Photos are looked at."""
        for reference in iter_references(city):
            if isinstance(reference.marker, DataFile):
                yield from self._read_data(reference.target, lambda: city_document, reference.path)
        known = read_photos(cache) if cache else {}
        naming = (e for e in entries if any(isinstance(marker, _FILES) for _, marker in e.names))
        for entry in naming:
            for reference in entry.iter_references():
                if isinstance(reference.marker, DataFile):
                    yield from self._read_data(reference.target, entry.locate, reference.path)
                elif isinstance(reference.marker, PhotoFile):
                    self._read_photo(reference.target, entry, reference.path, known)
        if cache:
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
        seen, last = self._look(target), known.get(target)
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

    def note_unused_photos(self, there: Iterable[str]) -> None:
        """Report photos that no record shows, those aside that a faulty record may show."""
        for name in there:
            unread = any(name.encode() in content for _, content in self.faulty)
            if name not in self._named_photos and not unread:
                shown = f"{BELTS}/{name}"
                self.diagnostics.append(make_diagnostic((shown, 1, 1), "B717", [("file", shown)]))

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
        is_there = "\\" not in target and target in self._there
        return None if is_there and (path.is_symlink() or path.is_file()) else "B701"

    def _hint(self, target: str) -> dict[str, str]:
        """The hints of B701: a file whose path differs in case, extension or the direction of its slashes alone."""
        wanted = _plain_path(target)
        return suggest(next((name for name in sorted(self._there) if _plain_path(name) == wanted), ""))

    def _is_link(self, target: str) -> bool:
        """Whether a file is a symbolic link: the inventory has reported it, and nothing is read through it."""
        return self._place(target).is_symlink()

    def _place(self, target: str) -> Path:
        return self.photo_places.get(target, self._base / target)


def _plain_path(path: str) -> str:
    """A path without its extension, whatever its case and slashes."""
    pure = PurePosixPath(path.replace("\\", "/"))
    return str(pure.parent / pure.stem).casefold()


def _make_entry(file: RecordFile, record: Record, document: Document) -> Entry:
    """A record of which more has been read than its plain data."""
    return Entry(
        file.path,
        file.kept,
        file.digest,
        file.kind,
        record,
        card_of(file.path, file.kind, document.data),
        find_names(record),
        find_links(record.body),
        file.seen,
        tuple(document.diagnostics),
        is_plain=False,
    )


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
    city: City, files: Mapping[str, bytes], document: Document, diagnostics: list[Diagnostic]
) -> Gazetteer:
    """The tables of townships and villages; an empty gazetteer when either is faulty, so that no code is missed in it."""
    names, before = city.gazetteer, len(diagnostics)

    def decode(field: str, read: Callable[[bytes], tuple[Unit, ...]]) -> tuple[Unit, ...]:
        name = getattr(names, field)
        try:
            return read(files[name]) if name in files else ()
        except ValueError as error:
            diagnostics.append(_unreadable(document, ("gazetteer", field), name, "CSV", error))
            return ()

    townships, villages = decode("townships", decode_townships), decode("villages", decode_villages)
    return make_gazetteer(townships, villages) if len(diagnostics) == before else Gazetteer()


def _decode_boundaries(
    city: City,
    files: dict[str, bytes],
    document: Document,
    diagnostics: list[Diagnostic],
    cache: Cache | None,
) -> Boundaries:
    """The district polygons; a layer of which no map can be drawn is reported where city.yml names it, and no file.

    Layers that the cache knows to be sound are not decoded again.
    """
    layers = city.map.layers
    named = {name: getattr(layers, name) for name in type(layers).model_fields}
    found = {name: files[target] for name, target in named.items() if target in files}
    layer = found.get("districts", b"")
    key = digest_of(program_digest(), b"boxes", layer, *found.values())
    if cache and (kept := cache.read([key]).get(key)):
        return Boundaries(layer, {code: BoundingBox(*limits) for code, limits in from_json(kept).items()})
    boundaries, before = Boundaries(), len(diagnostics)
    for name, content in found.items():
        try:
            if name == "districts":
                boundaries = decode_boundaries(content)
            else:
                decode_layer(name, content)
        except MALFORMED as error:
            files.pop(named[name], None)
            diagnostics.append(_unreadable(document, ("map", "layers", name), named[name], "GeoJSON", error))
    if cache and len(diagnostics) == before:
        cache.add({key: to_json({code: astuple(box) for code, box in boundaries.boxes.items()})})
    return boundaries


def _unreadable(document: Document, at: FieldPath, file: str, form: str, error: Exception) -> Diagnostic:
    return document.diagnose("B703", document.mark(at), file=file, format=form, reason=word_reason(error))
