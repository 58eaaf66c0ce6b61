"""`belts add-photo RECORD FILE…`: photos for a record; asks on a terminal for what is required."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ..editing.albums import NewPhoto, judge_photo, plan_photos
from ..editing.edits import carry_out, take_snapshot
from ..editing.renames import find_entry
from ..editing.skeleton import describe
from ..errors import UsageError
from ..faults.diagnostics import Diagnostic, Problems, diagnose_file
from ..layout import BELTS
from ..photos.originals import LARGEST_BYTES
from ..reading.file_names import report_unread
from ..reading.load import load_dataset
from ..records.statements import Licence, Photo
from .base import Commands, ask, say, say_edits

_REQUIRED = ("alt", "credit", "licence")


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("add-photo", help="add photos to a record; asks for what is required")
    parser.add_argument("record", metavar="RECORD", help="the record's id")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JPEG, PNG or WebP")
    parser.add_argument("--alt", action="append", default=[], help="what a photo shows; one for each FILE")
    parser.add_argument("--credit", default="", help="whose photos they are: a body, no person")
    parser.add_argument("--licence", default="", choices=[item.value for item in Licence])
    parser.add_argument("--date", default="", help="when they were taken: 2025, 2025-04 or 2025-04-05")
    parser.add_argument("--caption", action="append", default=[], help="the line below; one for each FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Copy the files and name them in the record, all or nothing; print what was written."""
    language = arguments.lang
    before = take_snapshot(arguments.root)
    entry = find_entry(load_dataset(arguments.root), arguments.record)
    if "photos" not in entry.kind.model.model_fields:
        zh, en = f"{entry.kind.title}的页面不放照片", f"pages of the kind {entry.kind.name} show no photos"
        raise UsageError(say(language, zh, en))
    count = len(arguments.files)
    if len(arguments.alt) > count or len(arguments.caption) > count:
        zh, en = (
            f"照片只有 {count} 张，--alt 或 --caption 却更多",
            f"more --alt or --caption than files ({count})",
        )
        raise UsageError(say(language, zh, en))
    contents = _read_all(arguments.files)
    fields = list(_iter_fields(arguments))
    if sys.stdin.isatty():
        _ask(arguments.files, fields)
    if missing := [name for name in _REQUIRED if not all(photo[name] for photo in fields)]:
        names = "、".join(f"--{name}" for name in missing)
        zh, en = f"每张照片都要写明 {names}", f"each photo needs {names}"
        raise UsageError(say(language, zh, en))
    photos = [NewPhoto(*given) for given in zip(map(str, arguments.files), contents, fields, strict=True)]
    edits = plan_photos(arguments.root / BELTS, entry, photos)
    carry_out(before, edits)
    print(say_edits(language, edits.items()))
    return 0


def _read_all(files: list[Path]) -> list[bytes]:
    """The files' bytes. Raises `Problems` naming each that cannot be read or used."""
    found = [_read(file) for file in files]
    if faults := [fault for fault in found if isinstance(fault, Diagnostic)]:
        raise Problems(faults)
    return [content for content in found if isinstance(content, bytes)]


def _read(file: Path) -> bytes | Diagnostic:
    """A file's bytes, of a huge one as many as show that it is; or what keeps it from being used."""
    if not file.is_file():
        return diagnose_file(str(file), "B721", file=str(file))
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        return report_unread(str(file), error)
    return judge_photo(str(file), content) or content


def _iter_fields(arguments: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The fields of each photo, empty where nothing was given."""
    for index in range(len(arguments.files)):
        yield {
            "alt": arguments.alt[index] if index < len(arguments.alt) else "",
            "credit": arguments.credit,
            "licence": arguments.licence,
            "date": arguments.date,
            "caption": arguments.caption[index] if index < len(arguments.caption) else "",
        }


def _ask(files: list[Path], fields: list[dict[str, str]]) -> None:
    """Ask for what is required and not given; credit and licence once for all the files."""
    for file, photo in zip(files, fields, strict=True):
        if not photo["alt"]:
            photo["alt"] = ask(f"{file.name}  {describe(Photo.model_fields['alt'])}: ")
    for name in ("credit", "licence"):
        text = fields[0][name] or ask(f"{name}  {describe(Photo.model_fields[name])}: ")
        for photo in fields:
            photo[name] = text
