"""`belts fmt`: lay records out in the one canonical form."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ..allowed import AllowedNumbers
from ..canonical import Models, format_document
from ..city import City
from ..diagnostics import Problems, select_errors
from ..edits import apply_edits
from ..inventory import ALLOWED_FILE, CITY_FILE, REDIRECTS_FILE, SETTINGS_FILES, take_inventory
from ..kinds.registry import kind_in_folder
from ..yaml_text import MAX_BYTES, decode_document
from .base import Commands, say

_FOLDER = "belts"


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("fmt", help="lay files out: order of fields, two spaces; comments stay")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all of belts/")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a file would change")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Format; a file that is no YAML is reported and left alone. 1 when a checked file would change."""
    root = arguments.root
    files = arguments.files or list(_iter_files(root / _FOLDER))
    missing = [file for file in files if not file.is_file()]
    for file in missing:
        print(f"belts fmt: {file}: {say(arguments.lang, '没有这个文件', 'no such file')}", file=sys.stderr)
    if missing:
        return 2
    changes, faults = [], []
    for file in files:
        name = _shown(file, root)
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        document = decode_document(name, content)
        if select_errors(document.diagnostics):
            faults += document.diagnostics
        elif (text := format_document(document, _model(file)).encode()) != content and document.data:
            changes.append((file, name, text))
    if not arguments.check:
        apply_edits(Path(), {str(file): text for file, _, text in changes})
    for _, name, _ in changes:
        zh, en = ("需要整理", "would change") if arguments.check else ("已整理", "formatted")
        print(f"{name}: {say(arguments.lang, zh, en)}")
    if faults:
        raise Problems(faults)
    return 1 if arguments.check and changes else 0


def _iter_files(base: Path) -> Iterator[Path]:
    yield from (base / name for name in SETTINGS_FILES if (base / name).is_file())
    yield from (base / inside for inside in take_inventory(base).records)


def _shown(file: Path, root: Path) -> str:
    """A file's path as diagnostics print it: inside the project when it is."""
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return file.as_posix()


def _model(file: Path) -> Models:
    """The model of a file by its place."""
    settings: dict[str, Models] = {CITY_FILE: City, ALLOWED_FILE: AllowedNumbers, REDIRECTS_FILE: None}
    folder = file.resolve().parent.name
    if file.name in settings and folder == _FOLDER:
        return settings[file.name]
    kind = kind_in_folder(folder)
    return kind.model if kind else None
