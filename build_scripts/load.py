"""The one reader of belts/: every file in, typed records and diagnostics out.

`load_dataset` gathers everything before anything is judged; cross-record rules are in `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .city import City, unnamed_city
from .decode import decode_model
from .diagnostics import Diagnostic
from .gazetteer import Boundaries, Gazetteer, decode_boundaries, decode_gazetteer, decode_layer
from .kinds.base import Kind, Record
from .kinds.registry import find_kinds, kind_in_folder
from .references import iter_references
from .values import DataFile
from .yaml_text import Document, Mark, decode_document
from .yaml_text import Path as DataPath

CITY_FILE = "city.yml"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OTHER_FOLDERS = ("geo", "tracks", "photos")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record with the file it came from; `path` is relative to the project root."""

    path: str
    content: bytes
    kind: Kind
    record: Record

    def diagnose(self, code: str, at: DataPath, **values: object) -> Diagnostic:
        """A diagnostic at a field of this record (the file is parsed again for the position)."""
        document = decode_document(self.path, self.content)
        return document.diagnose(code, document.mark(at), **values)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything belts/ holds, decoded but not yet checked against itself.

    `files` are the bytes of the data files that records and the city name, by their path inside belts/;
    `inputs` every YAML file but the city's, read or not.
    """

    city: City | None
    city_document: Document
    entries: tuple[Entry, ...]
    gazetteer: Gazetteer
    boundaries: Boundaries
    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    inputs: tuple[str, ...] = ()

    @property
    def unread(self) -> frozenset[str]:
        """The ids of record files that could not be read: references to them are no fault of their own."""
        read = {entry.path for entry in self.entries}
        return frozenset(Path(path).stem for path in self.inputs if path not in read)


def load_dataset(root: Path, folder: str = "belts") -> Dataset:
    """Read `root/folder` whole. Faults are in `diagnostics`; the rest holds what could be read."""
    base = root / folder
    diagnostics: list[Diagnostic] = []
    paths = tuple(_yaml_files(base))
    city_document = _read_city(base, folder)
    city = _decode_city(city_document, is_empty=not paths and not (base / CITY_FILE).exists())
    diagnostics += city_document.diagnostics
    entries = tuple(_read_entries(base, folder, paths, diagnostics))
    files = dict(_read_files(base, city, city_document, entries, diagnostics))
    return Dataset(
        city=city,
        city_document=city_document,
        entries=entries,
        gazetteer=_decode_gazetteer(city, files, city_document, diagnostics),
        boundaries=_decode_boundaries(city, files, city_document, diagnostics),
        files=files,
        diagnostics=tuple(diagnostics),
        inputs=tuple(path.relative_to(root).as_posix() for path in paths),
    )


def _read_city(base: Path, folder: str) -> Document:
    path = base / CITY_FILE
    if path.is_file():
        return decode_document(f"{folder}/{CITY_FILE}", path.read_bytes())
    return Document(f"{folder}/{CITY_FILE}", "")


def _decode_city(document: Document, *, is_empty: bool) -> City | None:
    """The city; an unnamed one for an empty folder, None and a fault when records stand without one."""
    if is_empty:
        return unnamed_city()
    if document.data is None and not document.diagnostics and not document.text:
        document.report("B701", Mark(1, 1), file=CITY_FILE)
        return None
    return decode_model(document, City)


def _yaml_files(base: Path) -> Iterator[Path]:
    """Every YAML file below belts/, sorted, the city's own left out."""
    for path in sorted(base.rglob("*")):
        if path.suffix in (".yml", ".yaml") and path.is_file() and path != base / CITY_FILE:
            yield path


def _read_entries(
    base: Path, folder: str, paths: Iterable[Path], diagnostics: list[Diagnostic]
) -> Iterator[Entry]:
    for path in paths:
        inside = path.relative_to(base)
        name = f"{folder}/{inside.as_posix()}"
        kind = kind_in_folder(inside.parts[0]) if len(inside.parts) == 2 else None
        if kind is None:
            if inside.parts[0] not in _OTHER_FOLDERS:
                folders = "、".join(f"{folder}/{kind.folder}/" for kind in find_kinds())
                diagnostics.append(_at_start(name, "B306", folders=folders))
        elif entry := _read_entry(path, name, kind, diagnostics):
            yield entry


def _read_entry(path: Path, name: str, kind: Kind, diagnostics: list[Diagnostic]) -> Entry | None:
    if not _ID.fullmatch(path.stem):
        diagnostics.append(_at_start(name, "B301", stem=path.stem))
        return None
    if path.suffix == ".yaml" and path.with_suffix(".yml").exists():
        diagnostics.append(_at_start(name, "B305", other=path.with_suffix(".yml").name))
        return None
    content = path.read_bytes()
    document = decode_document(name, content)
    record = decode_model(document, kind.model, id=path.stem)
    diagnostics += document.diagnostics
    return Entry(name, content, kind, record) if record else None


def _at_start(path: str, code: str, **values: str) -> Diagnostic:
    return Diagnostic(path, 1, 1, code, tuple(values.items()))


def _read_files(
    base: Path,
    city: City | None,
    city_document: Document,
    entries: tuple[Entry, ...],
    diagnostics: list[Diagnostic],
) -> Iterator[tuple[str, bytes]]:
    """The data files that are named somewhere; a missing or escaping one is reported where it is named."""
    for reference in iter_references(city) if city else ():
        if isinstance(reference.marker, DataFile):
            fault = _path_fault(base, reference.target)
            if fault:
                mark = city_document.mark(reference.path)
                diagnostics.append(city_document.diagnose(fault, mark, file=reference.target))
            else:
                yield reference.target, (base / reference.target).read_bytes()
    for entry in entries:
        for reference in iter_references(entry.record):
            if isinstance(reference.marker, DataFile):
                fault = _path_fault(base, reference.target)
                if fault:
                    diagnostics.append(entry.diagnose(fault, reference.path, file=reference.target))
                else:
                    yield reference.target, (base / reference.target).read_bytes()


def _path_fault(base: Path, target: str) -> str | None:
    """B702 for a path that leaves belts/, B701 for a file that is not there."""
    pure = PurePosixPath(target)
    if pure.is_absolute() or ".." in pure.parts or "\\" in target or ":" in target:
        return "B702"
    path = base / target
    if not path.resolve().is_relative_to(base.resolve()):
        return "B702"
    return None if path.is_file() else "B701"


def _decode_gazetteer(
    city: City | None, files: Mapping[str, bytes], document: Document, diagnostics: list[Diagnostic]
) -> Gazetteer:
    if city is None:
        return Gazetteer()
    townships, villages = city.gazetteer.townships, city.gazetteer.villages
    try:
        return decode_gazetteer(files.get(townships or ""), files.get(villages or ""))
    except (KeyError, ValueError) as error:
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
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            diagnostics.append(_unreadable(document, ("map", "layers", name), target, "GeoJSON", error))
    return boundaries


def _unreadable(document: Document, at: DataPath, file: str, form: str, error: Exception) -> Diagnostic:
    reason = f"缺少 {error}" if isinstance(error, KeyError) else str(error).split("\n")[0]
    return document.diagnose("B703", document.mark(at), file=file, format=form, reason=reason)
