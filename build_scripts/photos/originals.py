"""What a file of belts/photos/ is, told from its bytes; and the pictures that the site makes of it.

A photo is a whole JPEG, PNG or WebP picture of sensible size that does not move. Pure: bytes in, a description
or bytes out. The originals are never published: pictures are made anew, without metadata, by one fixed recipe.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

LARGEST_BYTES = 25_000_000
LARGEST_PIXELS = 50_000_000
LARGEST_MEMORY = 200_000_000  # bytes that decoding may take
SMALLEST_SIDE = 320
FOLDER = "assets/photos"

_WIDTHS = (480, 960, 1600)
_FALLBACK_WIDTH = 960
_WEBP: dict[str, Any] = {"format": "WEBP", "quality": 78, "method": 4}
_JPEG: dict[str, Any] = {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True}
_FORMATS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",)}
_NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
# A progressive JPEG needs about ten scans; thousands of them keep a reader busy for hours.
_MOST_SCANS = 100

_OPEN_AND_SAVE = "用看图软件打开，另存为 JPEG。", "Open it in a picture viewer and save it as JPEG."
_OTHERS: tuple[tuple[str, str, tuple[str, str]], ...] = (
    (r"GIF8", "GIF", _OPEN_AND_SAVE),
    (r"BM", "BMP", _OPEN_AND_SAVE),
    (r"II\*\0|MM\0\*", "TIFF / RAW", _OPEN_AND_SAVE),
    (
        r".{4}ftyp(hei|hev|mif1|msf1)",
        "HEIC",
        (
            "用看图软件打开，另存为 JPEG；iPhone 在“设置 › 相机 › 格式”里选“兼容性最佳”，以后拍的就是 JPEG。",
            "Save it as JPEG in a picture viewer; on an iPhone choose Settings › Camera › Formats › Most Compatible.",
        ),
    ),
    (r".{4}ftypavi", "AVIF", _OPEN_AND_SAVE),
    (r"%PDF", "PDF", ("只取其中的照片，存为 JPEG。", "Take the photo out of it and save it as JPEG.")),
    (r"PK\x03\x04", "ZIP / Word", ("取出其中的照片，存为 JPEG。", "Take the photo out of it as JPEG.")),
    (
        r"\s*(<\?xml.*?|<!--.*?|<!DOCTYPE.*?)*<svg",
        "SVG",
        (
            "SVG 是图形，可能带程序；照片请用 JPEG。",
            "SVG is a drawing and can hold programs; give a JPEG photo.",
        ),
    ),
    (
        r"\s*<(!doctype|html|head|body|\?xml)",
        "HTML / XML",
        ("这是网页，不是照片；重新下载照片本身。", "This is a web page; download the photo itself."),
    ),
    (r"$", "空文件", ("重新复制这张照片。", "Copy the photo again.")),
)


class PhotoFault(Exception):
    """What keeps a file from being used: a rule's code and the values of its wording."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Original(NamedTuple):
    """A sound photo: the SHA-256 of its bytes, its format, and its size in pixels the right way up."""

    digest: str
    form: str
    width: int
    height: int


class Print(NamedTuple):
    """One picture the site makes of a photo: its file name, format and size in pixels."""

    name: str
    form: str
    width: int
    height: int


def read_photo(name: str, content: bytes) -> Original:
    """What a file holds. Raises `PhotoFault` (B710—B715) for what is no usable photo."""
    if len(content) > LARGEST_BYTES:
        raise _too_large(f">{LARGEST_BYTES // 1_000_000} MB")
    form = _sniff(content)
    width, height = _measure(form, content)
    if not name.lower().endswith(_FORMATS[form]):
        raise PhotoFault("B712", form=_NAMES[form], suffix=_FORMATS[form][0])
    if min(width, height) < SMALLEST_SIDE:
        raise PhotoFault("B715", width=width, height=height, limit=SMALLEST_SIDE)
    _check_whole(form, content)
    return Original(hashlib.sha256(content).hexdigest(), form, width, height)


def usual_suffix(content: bytes) -> str:
    """The file ending of a photo's format, such as `.jpg`. Raises `PhotoFault` when it is no photo."""
    return _FORMATS[_sniff(content)][0]


def _sniff(content: bytes) -> str:
    """The format by the first bytes: JPEG, PNG or WEBP. Raises B710 with the name of another."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    text = content[:2000].decode("latin-1")
    for pattern, name, (zh, en) in _OTHERS:
        if re.match(pattern, text, re.DOTALL | re.IGNORECASE):
            raise PhotoFault(
                "B710", form_zh=name, form_en="empty" if not content else name, help_zh=zh, help_en=en
            )
    zh, en = _OPEN_AND_SAVE
    raise PhotoFault("B710", form_zh="未知格式", form_en="of an unknown format", help_zh=zh, help_en=en)


def _measure(form: str, content: bytes) -> tuple[int, int]:
    """Width and height the right way up, from the header alone. Raises B711, B713, B714."""
    from PIL import Image

    try:
        with _open(form, content) as image:
            return _measure_image(form, image, content)
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\((\d+) pixels\)", str(error))
        raise _too_large(f"{int(pixels[1]) // 1_000_000} MP" if pixels else "") from None
    except _DAMAGE:
        raise PhotoFault("B711") from None


@contextmanager
def _open(form: str, content: bytes) -> Iterator[Image.Image]:
    """A picture for reading. Pillow's warnings are for programmers: what matters here is said as a fault."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=(form,)) as image:
            yield image


def _measure_image(form: str, image: Image.Image, content: bytes) -> tuple[int, int]:
    """The same of an open picture that can be read."""
    # An MPO file is a JPEG with more pictures behind the first: depth or brightness of a phone's photo.
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    if frames > 1:
        raise PhotoFault("B713", frames=frames)
    if form == "JPEG" and content.count(b"\xff\xda") > _MOST_SCANS:
        raise PhotoFault("B711")
    width, height = image.size
    most = min(LARGEST_PIXELS, LARGEST_MEMORY // _pixel_cost(image))
    if width * height > most:
        raise _too_large(f"{width}×{height}", most)
    return (height, width) if _lies_on_its_side(image) else (width, height)


def _pixel_cost(image: Any) -> int:
    """Bytes that decoding takes for each pixel, as measured, rounded up.

    libwebp and Pillow hold four pictures at a time; a progressive JPEG is held as two bytes for each coefficient
    until its last scan; other JPEGs are made smaller while they are read; a PNG is held whole, and copied to be
    made smaller.
    """
    if image.format == "WEBP":
        return 20
    if image.format == "PNG":
        return 6 if image.mode in ("1", "L", "I;16", "RGB") and "transparency" not in image.info else 16
    if not image.info.get("progressive"):
        return 1
    widest, highest = (max(layer[at] for layer in image.layer) for at in (1, 2))
    samples = sum(h * v for _, h, v, *_ in image.layer)
    return int(-(-2 * samples // (widest * highest)))


def _lies_on_its_side(image: Image.Image) -> bool:
    return _orientation(image) in (5, 6, 7, 8)


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 when there is none or the block is damaged."""
    from PIL import ExifTags

    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DAMAGE:
        return 1


def _check_whole(form: str, content: bytes) -> None:
    """Refuse a file that ends too soon. Raises B711."""
    try:
        if form == "WEBP" and int.from_bytes(content[4:8], "little") + 8 > len(content):
            raise PhotoFault("B711")
        with _open(form, content) as image:
            if form == "PNG":
                image.verify()
                if b"IEND" not in content[-4096:]:
                    raise PhotoFault("B711")
            else:
                # All of the file is read; of a JPEG an eighth of the pixels are made.
                image.draft("RGB", (image.width // 8, image.height // 8))
                image.load()
    except _DAMAGE:
        raise PhotoFault("B711") from None


# Pillow has no one exception for a damaged file.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError, EOFError)


def _too_large(got: str, most: int = LARGEST_PIXELS) -> PhotoFault:
    limits = {"bytes": LARGEST_BYTES // 1_000_000, "pixels": most // 1_000_000}
    return PhotoFault("B714", got=got, **limits)


# -- pictures ------------------------------------------------------------------------------------


def list_prints(original: Original) -> tuple[Print, ...]:
    """The pictures made of a photo: WebP in rising widths, then one JPEG. Never larger than the photo."""
    stem = hashlib.sha256(f"{original.digest} {_recipe()}".encode()).hexdigest()[:16]
    widths = [width for width in _WIDTHS if width < original.width]
    widths.append(min(original.width, _WIDTHS[-1]))
    fallback = min(original.width, _FALLBACK_WIDTH)
    prints = [("webp", width) for width in dict.fromkeys(widths)] + [("jpg", fallback)]
    return tuple(
        Print(f"{stem}-{width}.{form}", form, width, max(1, round(original.height * width / original.width)))
        for form, width in prints
    )


def picture_address(original: Original) -> str:
    """Where on the site the picture is that stands for a photo outside its pages, relative to the root."""
    return f"{FOLDER}/{list_prints(original)[-1].name}"


def _recipe() -> str:
    """All that decides the bytes of a picture besides the photo; part of each picture's name."""
    import PIL

    return f"2 {PIL.__version__} {_WIDTHS} {_FALLBACK_WIDTH} {_WEBP} {_JPEG}"


def make_prints(original: Original, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the pictures of a photo, largest first. Raises B711 when it cannot be decoded."""
    from PIL import Image

    prints = sorted(list_prints(original), key=lambda p: (-p.width, p.form))
    try:
        with _open(original.form, content) as image:
            turned = _flatten(image, prints[0])
            for wanted in prints:
                small = turned.resize((wanted.width, wanted.height), Image.Resampling.LANCZOS)
                buffer = io.BytesIO()
                small.save(buffer, **(_WEBP if wanted.form == "webp" else _JPEG))
                yield wanted.name, buffer.getvalue()
    except _DAMAGE:
        raise PhotoFault("B711") from None


def _flatten(image: Image.Image, largest: Print) -> Image.Image:
    """The right way up, in sRGB, on white, without metadata; a large picture at half as much again as is needed."""
    from PIL import Image, ImageOps

    side = max(largest.width, largest.height)
    if image.format in ("JPEG", "MPO"):
        image.draft(None, (side, side))
    profile = image.info.get("icc_profile")
    small = _plain_mode(image)
    if (factor := 2 * max(image.size) // (3 * side)) > 1:
        small = small.reduce(factor)
    turned = ImageOps.exif_transpose(small)
    if turned.mode == "RGBA":
        layer = turned
        turned = Image.new("RGB", layer.size, "white")
        turned.paste(layer, mask=layer.getchannel("A"))
    plain = _to_srgb(turned, profile)
    plain.info.clear()
    return plain


def _plain_mode(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller: eight bits, no palette, RGBA where something is transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode != "RGBA" and image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in ("P", "1") else image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An RGB picture; colours of another profile are converted, a damaged profile is left out."""
    from PIL import ImageCms

    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, *_DAMAGE):
            found = None
        if found is not None:
            return found
    return image.convert("RGB")
