"""What a picture file carries besides the picture: camera data, positions, texts, bytes behind its end.

Read from the bytes of JPEG, PNG and WebP; knows no file and no site. Colour profiles are part of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_POSITION = 0x8825  # EXIF's tag of the block with the position
_PNG_PICTURE = frozenset(
    (
        *("IHDR", "PLTE", "IDAT", "IEND", "acTL", "fcTL", "fdAT"),
        *("bKGD", "cHRM", "cICP", "gAMA", "hIST", "iCCP", "pHYs", "sBIT", "sPLT", "sRGB", "tRNS"),
    )
)
_PNG_TEXTS = ("tEXt", "zTXt", "iTXt")
_WEBP_PICTURE = frozenset(("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"))
_JPEG_NAMES = (
    (b"http://ns.adobe.com/x", "XMP"),
    (b"Photoshop 3.0\0", "IPTC"),
    (b"MPF\0", "MPF"),
)
_JPEG_PICTURE = (b"JFIF\0", b"JFXX\0", b"Adobe", b"ICC_PROFILE\0")
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def is_picture(content: bytes) -> bool:
    """Whether it is a picture of a form that can be read here."""
    return content.startswith((_JPEG, _PNG)) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")


def find_metadata(content: bytes) -> Iterator[str]:
    """The name of each part of a picture file that is not the picture, such as `EXIF` or `PNG tEXt Author`."""
    if content.startswith(_PNG):
        yield from _find_in_png(content)
    elif content.startswith(_JPEG):
        yield from _find_in_jpeg(content)
    else:
        yield from _find_in_webp(content)


def _find_in_png(content: bytes) -> Iterator[str]:
    at, name = len(_PNG), ""
    while at + 8 <= len(content) and name != "IEND":
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8].decode("latin-1")
        data = content[at + 8 : at + 8 + size]
        if name == "eXIf":
            yield _name_exif(data)
        elif name in _PNG_TEXTS:
            keyword = data.split(b"\0")[0][:40].decode("latin-1")
            yield f"PNG {name} {keyword}"
        elif name not in _PNG_PICTURE:
            yield f"PNG {name}"
        at += size + 12
    yield from _find_behind(content, at)


def _find_in_jpeg(content: bytes) -> Iterator[str]:
    at = 2
    while match := _MARKER.search(content, at):
        marker, at = match[1][0], match.end()
        if marker == _END_OF_IMAGE:
            yield from _find_behind(content, at)
            return
        size = int.from_bytes(content[at : at + 2])
        yield from _find_in_segment(marker, content[at + 2 : at + size])
        at += max(size, 2)


def _find_in_segment(marker: int, data: bytes) -> Iterator[str]:
    if marker == 0xFE:
        yield "JPEG comment"
    elif 0xE0 <= marker <= 0xEF and not data.startswith(_JPEG_PICTURE):
        if data.startswith(b"Exif\0"):
            yield _name_exif(data[6:])
        else:
            names = (name for start, name in _JPEG_NAMES if data.startswith(start))
            yield next(names, f"JPEG APP{marker - 0xE0}")


def _find_in_webp(content: bytes) -> Iterator[str]:
    end = int.from_bytes(content[4:8], "little") + 8
    at = 12
    while at + 8 <= min(end, len(content)):
        name = content[at : at + 4].decode("latin-1")
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if name == "EXIF":
            yield _name_exif(content[at + 8 : at + 8 + size].removeprefix(b"Exif\0\0"))
        elif name not in _WEBP_PICTURE:
            yield "XMP" if name == "XMP " else f"WebP {name}"
        at += 8 + size + size % 2
    yield from _find_behind(content, end)


def _find_behind(content: bytes, end: int) -> Iterator[str]:
    if len(content) > end:
        yield f"+{len(content) - end} bytes"


def _name_exif(block: bytes) -> str:
    """`EXIF`, or `EXIF GPS` when the block's first directory points to a position."""
    order = "little" if block[:2] == b"II" else "big"
    start = int.from_bytes(block[4:8], order)  # type: ignore[arg-type]  # the two words int knows
    count = int.from_bytes(block[start : start + 2], order)  # type: ignore[arg-type]
    tags = (block[start + 2 + 12 * n : start + 4 + 12 * n] for n in range(min(count, 1000)))
    has_position = any(int.from_bytes(tag, order) == _POSITION for tag in tags)  # type: ignore[arg-type]
    return "EXIF GPS" if has_position else "EXIF"
