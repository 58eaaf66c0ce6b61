"""A published file as parts that can be read: what is packed is unpacked, text is told from other data.

gzip, zip (workbooks), pictures inside icons and style sheets, Pagefind's files. Bounded in size and depth.
Knows no rule and no site.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from .metadata import is_picture

LARGEST = 1_000_000_000  # bytes that a packed file may unpack to
_DEEPEST = 4
_MOST_MEMBERS = 10_000
_GZIP, _ZIP, _ICON = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"\0\0\1\0"
_HARMLESS = (b"\0asm", b"wOFF", b"wOF2", b"\0\1\0\0\0", b"OTTO")  # programs and fonts: nobody's words
_PAGEFIND = b"pagefind_dcd"
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=]+)")
_LONG_DIGITS = re.compile(rb"(?<!\d)(\d{11,18}[Xx]?)(?!\d)")


class Form(Enum):
    """What a part is."""

    TEXT = "text"
    DATA = "data"  # words among bytes that are none
    PICTURE = "picture"
    OPAQUE = "opaque"  # nothing can be said about it


class Part(NamedTuple):
    """One readable part; `name` is the file's path, `!` and the path inside it, and so on."""

    name: str
    form: Form
    content: bytes
    text: str = ""


def unpack(name: str, content: bytes, depth: int = 0) -> Iterator[Part]:
    """The parts of a file, outer ones first."""
    if depth > _DEEPEST:
        yield Part(name, Form.OPAQUE, b"")
    elif content.startswith(_GZIP):
        yield from _unpack_gzip(name, content, depth)
    elif content.startswith(_ZIP):
        yield from _unpack_zip(name, content, depth)
    elif content.startswith(_ICON):
        yield from _unpack_icon(name, content, depth)
    elif is_picture(content):
        yield Part(name, Form.PICTURE, content)
    elif (text := _decode(content)) is not None:
        yield from _read_text(name, content, text, depth)
    elif content.startswith((_PAGEFIND, *_HARMLESS)):
        yield from _read_data(name, content)
    else:
        yield Part(name, Form.OPAQUE, content)


def _decode(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _unpack_gzip(name: str, content: bytes, depth: int) -> Iterator[Part]:
    """What is inside, and the name of the file that was packed, if it was kept."""
    try:
        reader = zlib.decompressobj(wbits=31)
        inside = reader.decompress(content, LARGEST)
    except zlib.error:
        yield Part(name, Form.OPAQUE, content)
        return
    if not reader.eof or reader.unused_data:
        yield Part(name, Form.OPAQUE, content)
        return
    if content[3] & 8 and not content[3] & 4:
        kept = content[10 : content.index(b"\0", 10)]
        yield Part(f"{name}!", Form.TEXT, kept, kept.decode("latin-1"))
    yield from unpack(f"{name}!", inside, depth + 1)


def _unpack_zip(name: str, content: bytes, depth: int) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST:
                yield Part(name, Form.OPAQUE, content)
                return
            yield Part(f"{name}!", Form.TEXT, archive.comment, archive.comment.decode("utf-8", "replace"))
            for member in members:
                if not member.is_dir():
                    yield from unpack(f"{name}!{member.filename}", archive.read(member), depth + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        yield Part(name, Form.OPAQUE, content)  # damaged, or encrypted


def _unpack_icon(name: str, content: bytes, depth: int) -> Iterator[Part]:
    """The pictures of an icon; those that are no PNG hold nothing but the picture."""
    for n in range(int.from_bytes(content[4:6], "little")):
        entry = content[6 + 16 * n : 22 + 16 * n]
        size, start = int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:16], "little")
        picture = content[start : start + size]
        if is_picture(picture):
            yield from unpack(f"{name}!{n + 1}", picture, depth + 1)


def _read_data(name: str, content: bytes) -> Iterator[Part]:
    """Pagefind's files are words with a byte before each; that byte may look like a letter."""
    apart = _LONG_DIGITS.sub(rb" \1 ", content)
    yield Part(name, Form.DATA, content, apart.decode("utf-8", "replace"))


def _read_text(name: str, content: bytes, text: str, depth: int) -> Iterator[Part]:
    """A text, and the pictures written into it."""
    yield Part(name, Form.TEXT, content, text)
    for n, match in enumerate(_EMBEDDED.finditer(text), 1):
        try:
            yield from unpack(f"{name}!{n}", base64.b64decode(match[1]), depth + 1)
        except binascii.Error:
            yield Part(f"{name}!{n}", Form.OPAQUE, b"")
