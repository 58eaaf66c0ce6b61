"""Photos for tests, drawn here: what an editor's camera, phone or chat would hand in."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import ExifTags, Image, ImageDraw


def draw(width: int = 1200, height: int = 800) -> Image.Image:
    """A sky over a field with a red square in the top left corner, which tells which side is up."""
    image = Image.new("RGB", (width, height), "#8ecbb9")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height * 0.6, width, height), fill="#6f6322")
    pen.rectangle((0, 0, width * 0.2, height * 0.2), fill="#d02010")
    for step in range(12):
        pen.line((0, height * 0.6 + step * 20, width, height * 0.6 + step * 34), fill="#1b401d", width=4)
    return image


def encode(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def jpeg(width: int = 1200, height: int = 800, **options: object) -> bytes:
    return encode(draw(width, height), quality=80, **options)


def phone_jpeg() -> bytes:
    """Held upright (stored on its side), with place, device and time in its metadata."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif[ExifTags.Base.DateTime] = "2025:04:05 06:07:08"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (29.0, 42.0, 35.0), 3: "E", 4: (121.0, 23.0, 22.0)})
    return encode(draw().rotate(90, expand=True), quality=80, exif=exif, comment=b"SecretComment")


def png(width: int = 800, height: int = 600, mode: str = "RGB") -> bytes:
    return encode(draw(width, height).convert(mode), "PNG")


def animated(form: str) -> bytes:
    frames = [draw(400, 320), draw(400, 320).transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return encode(frames[0], form, save_all=True, append_images=frames[1:])


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that say they are gigabytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")
