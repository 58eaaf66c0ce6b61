"""What stands in belts/: which files are records, and which would be lost, unread or unusable elsewhere.

Walks the folder, reads nothing. Symbolic links are never followed.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ..faults.diagnostics import Diagnostic, diagnose_file, printable
from ..kinds.registry import find_kinds, kind_in_folder
from ..layout import BELTS
from ..records.text import SLUG
from ..storage.looks import Row, is_young, row_of
from ..words.spelling import closest
from .file_names import LEFTOVER, RESERVED, find_twins, name_fault, report_link, report_name, report_unread

CITY_FILE = "city.yml"
REDIRECTS_FILE = "redirects.yml"
ALLOWED_FILE = "allowed-numbers.yml"
SCHEMAS_FOLDER = "schemas"
SETTINGS_FILES = (CITY_FILE, REDIRECTS_FILE, ALLOWED_FILE)
ABOUT_FILES = {
    REDIRECTS_FILE: (
        "：每行一个旧地址，如 areas/old-area: tengtou；没有旧地址就删去这个文件",
        ", one old address a line, such as `areas/old-area: tengtou`; without any, delete the file",
    ),
    ALLOWED_FILE: (
        "：第一行是 numbers:，下面每项以“- number: ”开头；没有号码就删去这个文件",
        ": `numbers:` on the first line, then items that begin with `- number: `; without any, delete the file",
    ),
}
"""What to write into files that hold no fields of a record, in both languages."""
PHOTOS_FOLDER = "photos"
LONGEST_ID = 60
_DATA_FOLDERS = ("geo", "tracks", PHOTOS_FOLDER)
_YAML = (".yml", ".yaml")
_TAKEN = ("index", "readme", "gone")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The record files by path inside belts/, sorted, with faults of names and places.

    `refused` are the YAML files that are not records; nothing is read from them. `photos` are the files of
    the photos' folder. `there` says of all of them, spelled as on the disk, what they look like, seen at the time
    `taken` in nanoseconds.
    """

    records: tuple[str, ...]
    refused: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    photos: tuple[str, ...] = ()
    there: Mapping[str, Row] = field(default_factory=dict)
    taken: int = 0

    def identify(self, name: str) -> Row:
        """By what a file is known again; nothing when it is so young that it may be written again unnoticed."""
        row = self.there.get(name, ())
        return () if row and is_young(row, self.taken) else row

    def only(self, folders: Collection[str]) -> Inventory:
        """Without the records of other folders."""
        return replace(
            self, records=tuple(name for name in self.records if name.partition("/")[0] in folders)
        )

    def with_photos(self, other: Inventory, gone: Collection[str]) -> Inventory:
        """With the photos of another inventory that are not in this one, but for those that are `gone`."""
        inside = f"{PHOTOS_FOLDER}/"
        new = {n: row for n, row in other.there.items() if n.startswith(inside) and n not in gone}
        new = {name: row for name, row in new.items() if name not in self.there}
        found = tuple(fault for fault in other.diagnostics if fault.path.partition("/")[2] in new)
        photos = tuple(sorted({*self.photos, *(name for name in other.photos if name in new)}))
        known = {*self.diagnostics, *found}
        twins = (fault for fault in find_twins(BELTS, map(PurePosixPath, photos)) if fault not in known)
        return replace(
            self, diagnostics=(*self.diagnostics, *found, *twins), photos=photos, there={**self.there, **new}
        )


def take_inventory(base: Path) -> Inventory:
    """Look at every file below `base`."""
    diagnostics: list[Diagnostic] = []
    taken = time.time_ns()
    there = _scan(base, diagnostics)
    records = [name for name, row in there.items() if _is_plain_record(name, row)]
    plain = set(records)
    refused: list[str] = []
    photos: list[str] = []
    others = sorted(PurePosixPath(name) for name in there if name not in plain)
    for inside in others:
        found, name = tuple(_check_file(base, inside)), inside.as_posix()
        diagnostics += found
        if not found and _is_record(inside):
            records.append(name)
        elif inside.suffix in _YAML and name not in SETTINGS_FILES:
            refused.append(name)
        elif not found and inside.parts[0] == PHOTOS_FOLDER:
            photos.append(name)
    data = [inside for inside in others if inside.parts[0] in _DATA_FOLDERS]
    diagnostics += find_twins(base.name, data)
    if base.is_symlink():
        diagnostics.append(report_link(base.name, PurePosixPath()))
    records.sort(key=lambda name: name.partition("/"))
    return Inventory(tuple(records), tuple(refused), tuple(diagnostics), tuple(photos), there, taken)


def _scan(base: Path, diagnostics: list[Diagnostic]) -> dict[str, Row]:
    """Every file and symbolic link, leftovers of editors and systems left out; and what each looks like.

    What is gone by the time it is looked at was never there; a folder that cannot be read is a fault.
    """
    there: dict[str, Row] = {}
    folders = [""] if base.is_dir() else []
    for folder in folders:  # to which those inside are added
        for entry in _list_folder(base, folder, diagnostics):
            name = folder + entry.name
            if not entry.is_dir(follow_symlinks=False):
                if not LEFTOVER.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        there[name] = row_of(entry.stat(follow_symlinks=False))
            elif not entry.name.startswith(".") and name != SCHEMAS_FOLDER:
                folders.append(f"{name}/")
    return there


def _list_folder(base: Path, folder: str, diagnostics: list[Diagnostic]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(base / folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        diagnostics.append(report_unread(printable(f"{base.name}/{folder}".rstrip("/")), error))
        return []


def _is_plain_record(name: str, row: Row) -> bool:
    """Whether nothing is wrong with a record file, as with nearly all of thousands."""
    folder, _, file = name.partition("/")
    stem, dot, suffix = file.partition(".")
    is_named = f"{dot}{suffix}" == ".yml" and not _refuse_stem(stem)
    return is_named and stat.S_ISREG(row[0]) and kind_in_folder(folder) is not None


def is_laid_out(inside: PurePosixPath) -> bool:
    """Whether a path inside belts/ is that of a record or of settings."""
    return inside.as_posix() in SETTINGS_FILES or _is_record(inside)


def _is_record(inside: PurePosixPath) -> bool:
    return len(inside.parts) == 2 and inside.suffix in _YAML and kind_in_folder(inside.parts[0]) is not None


def _check_file(base: Path, inside: PurePosixPath) -> Iterator[Diagnostic]:
    """At most one fault of a file's place, kind or name; a record's own name has rules of its own."""
    shown = f"{base.name}/{printable(inside.as_posix())}"
    path = base / inside
    if path.is_symlink():
        yield report_link(base.name, inside)
    elif not path.is_file():
        yield _unread(shown, "不是普通文件", "it is not a regular file")
    elif _is_record(inside):
        yield from _check_record_name(base, inside, shown)
    elif inside.as_posix() not in SETTINGS_FILES and inside.parts[0] not in _DATA_FOLDERS:
        yield _misplaced(inside, shown)
    elif reason := name_fault(inside):
        yield report_name(base.name, inside, reason)


def _check_record_name(base: Path, inside: PurePosixPath, shown: str) -> Iterator[Diagnostic]:
    twin = inside.with_suffix(".yml")
    if code := _refuse_stem(inside.stem):
        yield diagnose_file(shown, code, stem=inside.stem, limit=LONGEST_ID)
    elif inside.suffix == ".yaml" and (base / twin).is_file():
        yield diagnose_file(shown, "B305", other=twin.name)


def _refuse_stem(stem: str) -> str:
    """The rule that a record's file name breaks; empty when it is a good one."""
    if not SLUG.fullmatch(stem):
        return "B301"
    return "B314" if RESERVED.fullmatch(stem) or stem in _TAKEN or len(stem) > LONGEST_ID else ""


def _misplaced(inside: PurePosixPath, shown: str) -> Diagnostic:
    """The fault of a file that stands where it is not read."""
    name = inside.name
    if inside.suffix in _YAML:
        folders = [kind.folder for kind in find_kinds()]
        near = closest(inside.parts[0], folders) if len(inside.parts) > 1 else closest(name, SETTINGS_FILES)
        near = inside.parts[0] if inside.parts[0] in folders else near
        near = f"{near}/" if near in folders else near
        return diagnose_file(
            shown,
            "B306",
            folders="、".join(f"{folder}/" for folder in folders),
            hint_zh=f"，是否想用 {near}？" if near else "",
            hint_en=f", did you mean `{near}`?" if near else "",
        )
    if re.search(r"\.ya?ml", name, re.IGNORECASE):
        stem = re.split(r"\.ya?ml", name, maxsplit=1, flags=re.IGNORECASE)[0]
        return _unread(
            shown, "扩展名不是 .yml", "its extension is not .yml", (stem, "改名为", "Rename it to")
        )
    return _unread(shown, "这里只放 YAML 记录", "only YAML records belong here")


def _unread(shown: str, zh: str, en: str, rename: tuple[str, str, str] | None = None) -> Diagnostic:
    help_zh, help_en = (
        "移到别处；照片放 photos/，轨迹放 tracks/，底图放 geo/。",
        ("Move it away: photos belong in photos/, tracks in tracks/, base maps in geo/."),
    )
    if rename:
        help_zh, help_en = f"{rename[1]} {rename[0]}.yml", f"{rename[2]} {rename[0]}.yml"
    return diagnose_file(
        shown, "B705", file=shown, reason_zh=zh, reason_en=en, help_zh=help_zh, help_en=help_en
    )
