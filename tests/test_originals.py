"""Files are judged by their bytes, and what is made of them is upright, small and without metadata."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pictures
import pytest
from conftest import ROOT
from PIL import Image, ImageChops, ImageCms

from build_scripts.photos.originals import PhotoFault, list_prints, make_prints, read_photo, usual_suffix


def prints_of(name: str, content: bytes) -> dict[str, Image.Image]:
    made = make_prints(read_photo(name, content), content)
    return {name: Image.open(io.BytesIO(data)) for name, data in made}


def largest(name: str, content: bytes) -> Image.Image:
    return next(iter(prints_of(name, content).values())).convert("RGB")


def is_red(pixel: Any) -> bool:
    red, green, blue = pixel
    return red > 150 and green < 90 and blue < 90


@pytest.mark.parametrize("name", ["a.jpg", "a.JPG", "a.jpeg"])
def test_a_photo_is_described_by_its_content(name: str) -> None:
    found = read_photo(name, pictures.jpeg(900, 600))
    assert (found.form, found.width, found.height) == ("JPEG", 900, 600)


def test_a_photo_held_upright_is_measured_and_shown_upright() -> None:
    content = pictures.phone_jpeg()
    found = read_photo("a.jpg", content)
    assert (found.width, found.height) == (1200, 800)
    image = largest("a.jpg", content)
    assert image.size == (1200, 800)
    assert is_red(image.getpixel((20, 20)))


def test_pictures_carry_no_metadata() -> None:
    content = pictures.phone_jpeg()
    assert b"SecretCamera" in content
    assert b"SecretComment" in content
    for name, data in make_prints(read_photo("a.jpg", content), content):
        image = Image.open(io.BytesIO(data))
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                                      "progression", "loop", "background", "timestamp", "duration"}, name  # fmt: skip
        assert not image.getexif()
        assert b"Secret" not in data
        assert b"Exif" not in data


def test_pictures_rise_in_width_and_one_is_jpeg() -> None:
    found = read_photo("a.jpg", pictures.jpeg(2400, 1600))
    sizes = [(p.form, p.width, p.height) for p in list_prints(found)]
    assert sizes == [("webp", 480, 320), ("webp", 960, 640), ("webp", 1600, 1067), ("jpg", 960, 640)]


def test_a_small_photo_is_not_made_larger() -> None:
    content = pictures.jpeg(500, 400)
    assert [p.width for p in list_prints(read_photo("a.jpg", content))] == [480, 500, 500]
    assert {image.width for image in prints_of("a.jpg", content).values()} == {480, 500}


def test_pictures_have_the_sizes_that_pages_give_them() -> None:
    content = pictures.jpeg(1237, 911)
    found = read_photo("a.jpg", content)
    promised = {p.name: (p.width, p.height) for p in list_prints(found)}
    assert {name: image.size for name, image in prints_of("a.jpg", content).items()} == promised


def test_the_same_photo_gives_the_same_bytes_and_names() -> None:
    content = pictures.jpeg()
    found = read_photo("a.jpg", content)
    assert dict(make_prints(found, content)) == dict(make_prints(found, content))
    assert list_prints(found) == list_prints(read_photo("b.jpg", content))
    assert list_prints(found) != list_prints(read_photo("a.jpg", pictures.jpeg(1200, 801)))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_png_becomes_a_picture(mode: str) -> None:
    if mode == "I;16":
        content = pictures.encode(Image.new("I;16", (640, 480), 40_000), "PNG")
    else:
        content = pictures.png(640, 480, mode)
    image = largest("a.png", content)
    assert image.size == (640, 480)
    if mode == "I;16":
        assert all(abs(value - 156) < 4 for value in image.getpixel((9, 9)))


def test_what_is_transparent_becomes_white() -> None:
    content = pictures.encode(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG")
    assert min(largest("a.png", content).getpixel((9, 9))) > 250


def test_a_cmyk_photo_is_shown_in_rgb() -> None:
    image = largest("a.jpg", pictures.encode(pictures.draw(600, 400).convert("CMYK")))
    assert is_red(image.getpixel((20, 20)))


def test_colours_of_another_profile_are_converted_and_a_damaged_one_is_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"not a profile"):
        image = largest("a.jpg", pictures.jpeg(600, 400, icc_profile=icc))
        assert is_red(image.getpixel((20, 20)))


def test_a_phone_jpeg_with_a_second_picture_inside_is_no_moving_picture() -> None:
    first, second = pictures.draw(800, 600), pictures.draw(400, 300)
    content = pictures.encode(first, "MPO", save_all=True, append_images=[second])
    assert read_photo("a.jpg", content).width == 800
    assert largest("a.jpg", content).size == (800, 600)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "B710"),
        ("a.jpg", b"\xef\xbb\xbf<svg/>", "B710"),
        ("a.jpg", b"%PDF-1.7", "B710"),
        ("a.jpg", b"PK\x03\x04", "B710"),
        ("a.jpg", b"II*\0" + bytes(9), "B710"),
        ("a.webp", b"RIFF\xff\0\0\0WEBP", "B711"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "B711"),
        ("a.png", pictures.png()[:-12], "B711"),
        ("a.webp", pictures.jpeg(), "B712"),
        ("noname", pictures.jpeg(), "B712"),
        ("a.png", pictures.huge_png(20_000, 20_000), "B714"),
    ],
)
def test_what_is_no_photo_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(PhotoFault) as caught:
        read_photo(name, content)
    assert caught.value.code == code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damage_at_any_place_ends_in_a_fault_or_a_picture(form: str) -> None:
    whole = pictures.encode(pictures.draw(400, 320), form)
    name = f"a{usual_suffix(whole)}"
    for start in range(0, len(whole), max(1, len(whole) // 25)):
        for damaged in (whole[:start], whole[:start] + b"\xff\x00\xff\xd9" + whole[start + 4 :]):
            try:
                list(make_prints(read_photo(name, damaged), damaged))
            except PhotoFault:
                continue


MEASURED = """
import sys
from pathlib import Path
from build_scripts.photos.originals import make_prints, read_photo
name = sys.argv[1]
content = Path(name).read_bytes()
for _ in make_prints(read_photo(name, content), content):
    pass
status = Path("/proc/self/status").read_text()
print(next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the most memory held")
@pytest.mark.parametrize(
    ("name", "mode", "side", "options"),
    [
        ("a.jpg", "RGB", 7070, {"progressive": True}),
        ("a.jpg", "CMYK", 5000, {"progressive": True}),
        ("a.png", "RGB", 5773, {"compress_level": 1}),
        ("a.png", "LA", 3535, {"compress_level": 1}),
        ("a.webp", "RGBA", 3162, {"method": 0}),
    ],
)
def test_the_largest_photos_take_no_more_than_300_megabytes(
    tmp_path: Path, name: str, mode: str, side: int, options: dict[str, object]
) -> None:
    """The largest of each form that is let in; two pixels more on each side are too many."""
    formats = Image.registered_extensions()
    Image.new(mode, (side, side)).save(tmp_path / name, formats[Path(name).suffix], **options)
    command = [sys.executable, "-c", MEASURED, str(tmp_path / name)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 300
    larger = pictures.encode(Image.new(mode, (side + 2, side + 2)), formats[Path(name).suffix], **options)
    with pytest.raises(PhotoFault) as caught:
        read_photo(name, larger)
    assert caught.value.code == "B714"


def test_a_large_picture_is_made_smaller_alike() -> None:
    """One read at full size and one made smaller first are the same picture to the eye."""
    drawn = pictures.draw(5000, 3500)
    for form in ("PNG", "JPEG"):
        found = largest(f"a{usual_suffix(pictures.encode(drawn, form))}", pictures.encode(drawn, form))
        assert found.size == (1600, 1120)
        differences = ImageChops.difference(found, drawn.resize(found.size)).convert("L").histogram()
        assert sum(differences[40:]) < 0.01 * 1600 * 1120


def test_a_webp_that_is_damaged_inside_is_refused() -> None:
    """As whoever adds it is told, not only who builds."""
    file = io.BytesIO()
    Image.effect_noise((800, 600), 90).convert("RGB").save(file, "WEBP")
    content = bytearray(file.getvalue())
    content[40:400] = b"\xff" * 360
    with pytest.raises(PhotoFault) as fault:
        read_photo("a.webp", bytes(content))
    assert fault.value.code == "B711"
