"""Photos added to a record: where each file goes, and the lines that name it, as one set of edits.

Plans only; `edits` tries and writes. A file is judged by its content, which gives the copy its ending.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic, diagnose_file
from ..photos.originals import PhotoFault, read_photo, usual_suffix
from ..reading.entries import Entry
from ..reading.inventory import PHOTOS_FOLDER
from .yaml_edit import Action, Change, edit_text

_LONGEST_STEM = 40


class NewPhoto(NamedTuple):
    """A file handed in: its name as given, its bytes, and the other fields of the photo."""

    name: str
    content: bytes
    fields: Mapping[str, str]


def plan_photos(base: Path, entry: Entry, photos: Sequence[NewPhoto]) -> dict[str, bytes]:
    """The edits that add usable photos to a record, files first.

    A file that lies in the record's folder already is named, not copied.
    """
    edits: dict[str, bytes] = {}
    items = []
    for photo in photos:
        inside = _find_place(base, entry.record.id, photo, edits)
        edits[f"{base.name}/{inside}"] = photo.content
        items.append({"file": inside, **{name: text for name, text in photo.fields.items() if text}})
    at = ("photos", len(entry.record.pictures))
    changes = [Change(Action.INSERT, at, item) for item in items]
    edits[entry.path] = edit_text(entry.locate().text, changes, entry.kind.model).encode()
    return edits


def judge_photo(name: str, content: bytes) -> Diagnostic | None:
    """What keeps a file from being used; what its own name ends with does not."""
    try:
        read_photo(usual_suffix(content), content)
    except PhotoFault as fault:
        return diagnose_file(name, fault.code, **{"file": name, **fault.values})
    return None


def _find_place(base: Path, record_id: str, photo: NewPhoto, taken: Mapping[str, bytes]) -> str:
    """A free path inside belts/ made of the file's own name, or a number where that has no Latin letters."""
    slug = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(photo.name).stem.lower()).strip("-")[:_LONGEST_STEM]
    suffix = usual_suffix(photo.content)
    for number in range(1, 1000):
        stem = f"{slug}-{number}" if slug and number > 1 else slug or str(number)
        inside = f"{PHOTOS_FOLDER}/{record_id}/{stem.strip('-')}{suffix}"
        path = base / inside
        if f"{base.name}/{inside}" not in taken and (not path.exists() or path.read_bytes() == photo.content):
            return inside
    raise ValueError(f"{PHOTOS_FOLDER}/{record_id}: 1000")
