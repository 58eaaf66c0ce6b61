"""The one reader of belts/: every file in, typed records and diagnostics out.

`load_dataset` gathers everything before anything is judged; cross-record rules are in `checks`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from ..faults.diagnostics import Diagnostic
from ..geography.boundaries import Boundaries
from ..geography.gazetteer import Gazetteer
from ..kinds.base import Record
from ..kinds.registry import kind_in_folder
from ..kinds.source import Source
from ..layout import BELTS
from ..photos.originals import Original
from ..records.city import City, unnamed_city
from ..records.decode import decode_model, decode_plain, decode_sound
from ..records.document import MAX_BYTES, OF_FIELDS, Document, Mark
from ..records.parts import decode_part
from ..records.references import find_links, find_names
from ..records.yaml_text import decode_document
from ..storage.cache import NO_CACHE, Cache, digest_of, keep, program_digest, recall
from ..storage.shelf import Held, Shelf, Shelved
from ..words.spelling import suggest
from .allowed import AllowedNumbers
from .batches import PlainRecord, RecordFile, card_of, keep_sound, read_plain
from .entries import Entry, keep_entries, read_again, read_entries
from .file_names import report_link, report_unread
from .inventory import (
    ABOUT_FILES,
    ALLOWED_FILE,
    CITY_FILE,
    REDIRECTS_FILE,
    Inventory,
    take_inventory,
)
from .named_files import NamedFiles
from .redirects import Redirect, decode_redirects
from .territory import read_boundaries, read_gazetteer

M = TypeVar("M", bound=BaseModel)

_USUAL_BYTES = 50_000
_MANY = 10_000  # records: as many typed models as these have would fill the memory of a small machine


@dataclass(frozen=True)
class Dataset:
    """Everything belts/ holds, decoded but not yet checked against itself.

    `files` holds the bytes of the data files that records and the city name, `photos` the sound photos that records show,
    both by path inside belts/. `sources` are the records of texts, by id. `inputs` lists every YAML file but the settings,
    read or not; `faulty` gives the path and bytes of those without a usable record, `parts` the sound parts of such records.
    `known_city` is `city` or, if that could not be read, its sound part, against which records can still be checked.
    `sound_places` are the marks of locations that were found where they are said to be (`checks.soundness`).
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
    cache: Cache = NO_CACHE,
    known: Iterable[Entry] = (),
    many: int = _MANY,
    folders: Collection[str] = (),
    photos: Photos | None = None,
) -> Dataset:
    """Read all of belts/. Faults are in `diagnostics`; the rest holds what could be read.

    Files whose data is in the cache are not parsed again, and unchanged files of `known` records are not even read. From
    `many` records on, the fields that take most memory are left on disk until they are asked for. `folders` limits reading
    to the records in them. `photos` names the folder of the photos when belts/ is a copy without them.
    """
    base = root / BELTS
    own = take_inventory(base).only(folders) if folders else take_inventory(base)
    inventory = own.with_photos(take_inventory(photos.base), photos.gone) if photos else own
    inputs = (*inventory.records, *inventory.refused)
    before = {entry.path: entry for entry in known}
    is_large = len(inventory.records) >= many
    reader = _Reader(root, inventory, _find_shelf(before.values()) if is_large else None)
    settings = _read_settings(reader, cache, is_empty=not inputs and not (base / CITY_FILE).exists())
    entries = tuple(reader.read_entries(inventory.records, cache, before))
    elsewhere = (
        {name: photos.base / name for name in inventory.there if name not in own.there} if photos else {}
    )
    named = NamedFiles(base, inventory, elsewhere)
    city, document = settings.known_city, settings.city_document
    files = dict(named.read(city, document, (*entries, *reader.parts), cache))
    named.note_unused_photos(reader.faulty)
    faults = [*reader.diagnostics, *named.diagnostics]
    return Dataset(
        city=settings.city,
        city_document=document,
        known_city=city,
        redirects=settings.redirects,
        redirects_document=settings.redirects_document,
        allowed=settings.allowed,
        allowed_document=settings.allowed_document,
        entries=entries,
        gazetteer=read_gazetteer(city, files, document, faults),
        boundaries=read_boundaries(city, files, document, faults, cache),
        files=files,
        diagnostics=tuple(faults),
        inputs=tuple(sorted(f"{BELTS}/{inside}" for inside in inputs)),
        faulty=tuple(reader.faulty),
        photos=named.photos,
        sources={entry.record.id: entry.record for entry in entries if isinstance(entry.record, Source)},
        parts=tuple(reader.parts),
    )


class _Settings(NamedTuple):
    """The files of belts/ that hold no record, each as it was read and what it says."""

    city: City | None
    city_document: Document
    known_city: City
    redirects: tuple[Redirect, ...]
    redirects_document: Document
    allowed: AllowedNumbers
    allowed_document: Document


def _read_settings(reader: _Reader, cache: Cache, *, is_empty: bool) -> _Settings:
    """Read the settings; their faults join the reader's."""
    city_document = reader.read_document(CITY_FILE)
    redirects_document = reader.read_document(REDIRECTS_FILE)
    allowed_document = reader.read_document(ALLOWED_FILE)
    city = _decode_city(city_document, cache, is_empty=is_empty)
    settings = _Settings(
        city,
        city_document,
        city or decode_sound(city_document, unnamed_city()),
        decode_redirects(redirects_document),
        redirects_document,
        _decode_optional(allowed_document, AllowedNumbers) or AllowedNumbers(),
        allowed_document,
    )
    for document in (city_document, redirects_document, allowed_document):
        reader.diagnostics += document.diagnostics
    return settings


class Photos(NamedTuple):
    """The belts/ that holds the photos of a copy; those by paths inside it that are `gone` the copy does not have."""

    base: Path
    gone: Collection[str] = ()


def _find_shelf(known: Iterable[Entry]) -> Shelf:
    """The shelf that known records stand on, or a new one."""
    return next((entry.kept.shelf for entry in known if isinstance(entry.kept, Shelved)), None) or Shelf()


def _decode_city(document: Document, cache: Cache, *, is_empty: bool) -> City | None:
    """Return the city; an unnamed one for an empty folder, None and a fault when records stand without one.

    A city without a fault is kept in the cache: to type it takes longer than to read hundreds of kept records.
    """
    if is_empty:
        return unnamed_city()
    if document.data is None and not document.diagnostics and not document.text:
        document.report("B701", Mark(1, 1), file=CITY_FILE, **suggest(""))
        return None
    key = digest_of(b"city", program_digest(), document.text.encode())
    city = None if document.diagnostics else recall(cache, key, City)
    if city is None:
        city = decode_model(document, City)
        if city and not document.diagnostics:
            keep(cache, key, city)
    return city


def _decode_optional(document: Document, model: type[M]) -> M | None:
    """A settings file that need not be there and may be empty."""
    return decode_model(document, model) if document.data is not None else None


class _Reader:
    """Reads the files of belts/ and gathers what is wrong with them."""

    def __init__(self, root: Path, inventory: Inventory, shelf: Shelf | None) -> None:
        self._root = root
        self._base = root / BELTS
        self._inventory = inventory
        self._put_aside = shelf.put if shelf else Held
        self._is_large = shelf is not None
        self.diagnostics = list(inventory.diagnostics)
        self.faulty: list[tuple[str, bytes]] = []
        self.parts: list[Entry] = []

    def read_document(self, name: str) -> Document:
        """A YAML file of belts/; an empty document when it is not there."""
        path = f"{BELTS}/{name}"
        if (self._base / name).is_symlink():
            return Document(path, "", diagnostics=[report_link(BELTS, PurePosixPath(name))])
        content = self._read(name, path) if (self._base / name).is_file() else None
        about = ABOUT_FILES.get(name, OF_FIELDS)
        return decode_document(path, content, about) if content is not None else Document(path, "")

    def read_entries(self, paths: Sequence[str], cache: Cache, known: Mapping[str, Entry]) -> Sequence[Entry]:
        """The records that can be read; those `known`, or kept of an earlier build, as they are unless they have changed."""
        before = known or read_entries(self._root, cache)
        found = {inside: self._find(inside, before) for inside in paths}
        new = [file for file in found.values() if isinstance(file, RecordFile)]
        plain = zip(new, read_plain(new, cache), strict=True)
        decoded = {file.path: self._decode_entry(file, data, cache) for file, data in plain}
        there = (decoded[file.path] if isinstance(file, RecordFile) else file for file in found.values())
        entries = [entry for entry in there if entry]
        for entry in entries:
            self.diagnostics += entry.diagnostics
        if cache.is_kept and not known:
            keep_entries(entries, before, cache)
        return entries

    def _find(self, inside: str, known: Mapping[str, Entry]) -> Entry | RecordFile | None:
        """A known record, if its file looks as it did or holds what it did; else the file, if it can be read."""
        path, kind = f"{BELTS}/{inside}", kind_in_folder(inside.partition("/")[0])
        last, seen = known.get(path), self._inventory.identify(inside)
        if last and seen and last.seen == seen:
            return last
        content = self._read(inside, path)
        if kind is None or content is None:
            return None
        digest = digest_of(content)
        if last and last.digest == digest:
            return last._replace(seen=seen)
        return RecordFile(path, kind, self._put_aside(content), digest, seen)

    def _decode_entry(self, file: RecordFile, plain: PlainRecord | None, cache: Cache) -> Entry | None:
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

    def _type(self, file: RecordFile, plain: PlainRecord, cache: Cache) -> Entry | None:
        """A record from plain data, None for a faulty one; in a large city, deferred fields wait."""
        record = decode_plain(plain.data, file.kind.model)
        if record is None:
            return None
        links = plain.links
        if links is None:  # it has not been typed before
            links = find_links(record.body)
            if cache.is_kept:
                keep_sound(file, plain._replace(links=links), cache)
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
