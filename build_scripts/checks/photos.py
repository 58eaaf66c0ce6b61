"""Photos: the alternative text says what a photo shows. What the files hold, `load` has seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..faults.diagnostics import Diagnostic
from ..reading.load import Dataset
from ..records.references import iter_models
from ..records.statements import Photo

_EMPTY = re.compile(
    r"(图片?|照片|相片|配图|图像|photo|image|picture|img)?[\s_\-\d]*(\.\w{3,4})?", re.IGNORECASE
)


def check_alternative_texts(dataset: Dataset) -> Iterator[Diagnostic]:
    """No file name, no word such as 照片 by itself, nor the record's own name alone."""
    for entry in dataset.entries:
        for path, photo in iter_models(entry.record, (Photo,)):
            if _says_nothing(photo, entry.record.name):
                yield entry.diagnose("B718", (*path, "alt"), alt=photo.alt)


def _says_nothing(photo: Photo, name: str) -> bool:
    file = PurePosixPath(photo.file)
    return photo.alt in (name, file.stem, file.name) or bool(_EMPTY.fullmatch(photo.alt))
