"""Photos as pages show them: addresses and sizes of the pictures made of them, and the line below."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..kinds.base import Record
from ..photos.originals import FOLDER, list_prints
from ..records.statements import Photo
from .parts import Picture


def build_pictures(record: Record, catalogue: Catalogue) -> tuple[Picture, ...]:
    """The photos of a record, in its order."""
    return tuple(_picture(photo, catalogue) for photo in record.pictures)


def _picture(photo: Photo, catalogue: Catalogue) -> Picture:
    *webp, jpeg = list_prints(catalogue.photos[photo.file])
    taken = f"{photo.date}摄" if photo.date else ""
    return Picture(
        alt=photo.alt,
        caption=photo.caption or "",
        about="；".join(filter(None, (f"供图：{photo.credit}", photo.licence.label, taken))),
        webp=tuple((f"{FOLDER}/{picture.name}", picture.width) for picture in webp),
        jpeg=f"{FOLDER}/{jpeg.name}",
        width=jpeg.width,
        height=jpeg.height,
    )
