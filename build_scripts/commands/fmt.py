"""`belts fmt`: lay records out in the one canonical form."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..editing.canonical import Models, format_document
from ..editing.edits import take_snapshot, writing
from ..faults.diagnostics import Problems, select_errors
from ..faults.rules import Language
from ..kinds.registry import kind_in_folder
from ..layout import BELTS
from ..reading.allowed import AllowedNumbers
from ..reading.inventory import (
    ABOUT_FILES,
    ALLOWED_FILE,
    CITY_FILE,
    REDIRECTS_FILE,
    SETTINGS_FILES,
    is_laid_out,
    take_inventory,
)
from ..records.city import City
from ..records.document import MAX_BYTES, OF_FIELDS
from ..records.yaml_text import decode_document
from .base import Commands, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("fmt", help="lay files out: order of fields, two spaces; comments stay")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all of belts/")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file would change")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Format; a file that is no YAML is reported and left alone. 1 when a checked file would change.

    2 for a file that is not there, or is neither a record nor settings; then nothing is touched.
    """
    root = arguments.root
    refusals = [(file, _refuse(file, root / BELTS, arguments.lang)) for file in arguments.files]
    refused = [f"belts fmt: {file}: {reason}" for file, reason in refusals if reason]
    if refused:
        print("\n".join(refused), file=sys.stderr)
        return 2
    before = take_snapshot(root)
    files = arguments.files or list(_iter_files(root / BELTS))
    changes, faults = [], []
    for file in files:
        name = _shown(file, root)
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        document = decode_document(name, content, ABOUT_FILES.get(file.name, OF_FIELDS))
        if select_errors(document.diagnostics):
            faults += document.diagnostics
        elif (text := format_document(document, _model(file)).encode()) != content and document.data:
            changes.append((name, text))
    if not arguments.check:
        with writing(before, dict(changes)):
            pass  # no value changes, so there is nothing to judge
    for name, _ in changes:
        zh, en = ("需要整理", "would change") if arguments.check else ("已整理", "formatted")
        print(f"{name}: {say(arguments.lang, zh, en)}")
    if faults:
        raise Problems(faults)
    return 1 if arguments.check and changes else 0


def _iter_files(base: Path) -> Iterator[Path]:
    yield from (base / name for name in SETTINGS_FILES if (base / name).is_file())
    yield from (base / inside for inside in take_inventory(base).records)


def _refuse(file: Path, base: Path, language: Language) -> str:
    """Why a file is not formatted; empty when it is."""
    if not file.is_file():
        return say(language, "没有这个文件", "no such file")
    folder, place = base.resolve(), file.resolve()
    if place.is_relative_to(folder) and is_laid_out(PurePosixPath(place.relative_to(folder))):
        return ""
    zh, en = "不是 belts/ 里的记录或设置", "neither a record nor settings of belts/"
    return say(language, zh, en)


def _shown(file: Path, root: Path) -> str:
    """The path inside the project of a file of belts/, which may be a link that leads elsewhere, as belts/ may."""
    folder, place = (root / BELTS).resolve(), file.resolve()
    if not place.is_relative_to(folder):
        place = file.parent.resolve() / file.name
    return f"{BELTS}/{place.relative_to(folder).as_posix()}"


def _model(file: Path) -> Models:
    """The model of a file by its place."""
    settings: dict[str, Models] = {CITY_FILE: City, ALLOWED_FILE: AllowedNumbers, REDIRECTS_FILE: None}
    folder = file.resolve().parent.name
    if file.name in settings and folder == BELTS:
        return settings[file.name]
    kind = kind_in_folder(folder)
    return kind.model if kind else None
