"""The sites that must fail: a small sound site, each time with one thing spoilt.

A case is a folder of tests/sites/broken/ whose files are laid over tests/sites/minimal/, with the exact report
in `expected.txt`. What git or an editor would spoil (other encodings, links, huge files) is written by a
function of this module that has the case's name.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pictures

from build_scripts.faults.diagnostics import Diagnostic
from build_scripts.faults.report import render_text
from build_scripts.faults.rules import Language
from build_scripts.project import check_all, load_content
from build_scripts.reading.load import load_dataset

SITES = Path(__file__).resolve().parent / "sites"
BROKEN = SITES / "broken"
TODAY = datetime.date(2026, 11, 20)
AREA = "belts/areas/tengtou.yml"


def case_names() -> list[str]:
    """Every case, by name."""
    return sorted({path.name for path in BROKEN.iterdir() if path.is_dir()} | set(SPOILERS))


def make_site(name: str, folder: Path) -> Path:
    """The site of one case, written into an empty folder."""
    shutil.copytree(SITES / "minimal", folder, dirs_exist_ok=True)
    if (BROKEN / name).is_dir():
        ignored = shutil.ignore_patterns("expected.txt")
        shutil.copytree(BROKEN / name, folder, dirs_exist_ok=True, ignore=ignored)
    if name in SPOILERS:
        SPOILERS[name](folder)
    return folder


def check_site(root: Path) -> tuple[Diagnostic, ...]:
    """What `belts check --verbose` finds in a site on a fixed day."""
    return check_all(load_dataset(root), load_content(root), today=TODAY, verbose=True)


def report(found: tuple[Diagnostic, ...], language: Language = Language.ZH) -> str:
    """The diagnostics as text."""
    return render_text(found, language) + "\n" if found else ""


# -- what cannot be kept as a file ---------------------------------------------------------------


def _rewrite(path: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda root: (root / path).write_bytes(change((root / path).read_bytes())) and None


def _encoded(encoding: str) -> Callable[[Path], None]:
    return _rewrite(AREA, lambda content: content.decode("utf-8").encode(encoding))


def _inserted(words: bytes) -> Callable[[Path], None]:
    return _rewrite(AREA, lambda content: content.replace("滕头区域".encode(), "滕头".encode() + words))


def _replaced(content: bytes) -> Callable[[Path], None]:
    return _rewrite(AREA, lambda _: content)


def _linked(path: str, target: str) -> Callable[[Path], None]:
    def link(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)

    return link


def _copied(source: str, path: str) -> Callable[[Path], None]:
    def copy(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / source, root / path)

    return copy


def _both(*steps: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda root: [step(root) for step in steps] and None


def _removed(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


def _fifo(root: Path) -> None:
    os.mkfifo(root / "belts/areas/pipe.yml")


def _huge_track(root: Path) -> None:
    (root / "belts/tracks").mkdir()
    with (root / "belts/tracks/huge.geojson").open("wb") as file:
        file.truncate(12_000_000)
    _name_track(root, "tracks/huge.geojson")


def _name_track(root: Path, file: str) -> None:
    belt = root / "belts/boutique/river-belt.yml"
    belt.write_text(belt.read_text(encoding="utf-8") + f"track: {file}\n", encoding="utf-8")


def _linked_track(root: Path) -> None:
    _linked("belts/tracks/line.gpx", "../geo/districts.geojson")(root)
    _name_track(root, "tracks/line.gpx")


def _many_points(root: Path) -> None:
    (root / "belts/tracks").mkdir()
    points = '<trkpt lat="29.7" lon="121.4"/>' * 100_000
    (root / "belts/tracks/long.gpx").write_text(f"<gpx>\n<trkseg>\n{points}</trkseg></gpx>\n")
    _name_track(root, "tracks/long.gpx")


def _track_called(file: str, name: str) -> Callable[[Path], None]:
    """A track file, which a belt names otherwise."""

    def add(root: Path) -> None:
        (root / "belts/tracks").mkdir(exist_ok=True)
        points = [[121.4, 29.7], [121.41, 29.71]]
        track = json.dumps({"type": "LineString", "coordinates": points})
        (root / "belts" / file).write_text(track, encoding="utf-8")
        _name_track(root, name)

    return add


def _sparse(path: str, size: int) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        with (root / path).open("wb") as file:
            file.truncate(size)

    return make


def _linked_photo(root: Path) -> None:
    _photo("a.jpg", pictures.jpeg())(root)
    (root / "belts/photos/a.jpg").rename(root / "belts/photos/b.jpg")
    (root / "belts/photos/a.jpg").symlink_to("b.jpg")


def _linked_city(root: Path) -> None:
    (root / "belts/city.yml").rename(root / "belts/photos.yml")
    (root / "belts/city.yml").symlink_to("photos.yml")


def _linked_belts(root: Path) -> None:
    (root / "belts").rename(root / "elsewhere")
    (root / "belts").symlink_to("elsewhere")


def _deep_layer(root: Path) -> None:
    (root / "belts/geo/districts.geojson").write_bytes(b"[" * 100_000)


def _photo(name: str, content: bytes, alt: str = "河岸") -> Callable[[Path], None]:
    """A record that shows one photo."""

    def add(root: Path) -> None:
        (root / "belts/photos").mkdir(exist_ok=True)
        (root / "belts/photos" / name).write_bytes(content)
        lines = f"photos:\n  - file: photos/{name}\n    alt: {alt}\n    credit: 示例单位\n    licence: own\n"
        area = root / AREA
        area.write_text(area.read_text(encoding="utf-8") + lines, encoding="utf-8")

    return add


SPOILERS: dict[str, Callable[[Path], None]] = {
    "photo-svg": _photo("a.jpg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    "photo-page": _photo("a.jpg", b"<!DOCTYPE html><p>404"),
    "photo-gif": _photo("a.gif", pictures.animated("GIF")),
    "photo-heic": _photo("a.jpg", b"\0\0\0\x18ftypheic" + bytes(40)),
    "photo-unknown": _photo("a.jpg", b"lorem ipsum"),
    "photo-empty": _photo("a.jpg", b""),
    "photo-truncated-jpeg": _photo("a.jpg", pictures.jpeg()[:9000]),
    "photo-truncated-png": _photo("a.png", pictures.png()[:2000]),
    "photo-truncated-webp": _photo("a.webp", pictures.encode(pictures.draw(), "WEBP")[:3000]),
    "photo-header-only": _photo("a.jpg", b"\xff\xd8\xff"),
    "photo-many-scans": _photo("a.jpg", pictures.jpeg() + b"\xff\xda" * 200),
    "photo-mislabelled": _photo("a.jpg", pictures.png()),
    "photo-animated-png": _photo("a.png", pictures.animated("PNG")),
    "photo-animated-webp": _photo("a.webp", pictures.animated("WEBP")),
    "photo-bomb": _photo("a.png", pictures.huge_png()),
    "photo-many-pixels": _photo("a.png", pictures.huge_png(8000, 8000)),
    "photo-many-bytes": _photo("a.jpg", pictures.jpeg() + bytes(26_000_000)),
    "photo-small": _photo("a.jpg", pictures.jpeg(120, 90)),
    "photo-alt-is-file-name": _photo("a.jpg", pictures.jpeg(), alt="IMG_0231.jpg"),
    "photo-alt-says-photo": _photo("a.jpg", pictures.jpeg(), alt="照片1"),
    "photo-alt-is-name": _photo("a.jpg", pictures.jpeg(), alt="滕头区域"),
    "photo-unused": _copied("belts/city.yml", "belts/photos/tengtou/a.jpg"),
    "photo-link": _linked("belts/photos/a.jpg", "../city.yml"),
    "bytes-bom": _rewrite(AREA, lambda content: b"\xef\xbb\xbf" + content),
    "bytes-gbk": _encoded("gb18030"),
    "bytes-lines-gbk": _rewrite(
        AREA,
        lambda content: re.sub("用于测试|滕头村".encode(), lambda m: m[0].decode().encode("gbk"), content),
    ),
    "bytes-utf-16": _encoded("utf-16"),
    "bytes-utf-16-without-mark": _encoded("utf-16-le"),
    "bytes-utf-32": _encoded("utf-32"),
    "bytes-truncated": _rewrite(AREA, lambda content: content[:8]),
    "bytes-png": _replaced(b"\x89PNG\r\n\x1a\n" + bytes(40)),
    "bytes-zip": _replaced(b"PK\x03\x04" + bytes(40)),
    "bytes-nul": _inserted(b"\x00"),
    "bytes-bell": _inserted(b"\x07"),
    "bytes-lone-surrogate": _inserted(b"\xed\xa0\x80"),
    "bytes-second-bom": _inserted(b"\xef\xbb\xbf"),
    "bytes-zero-width-space": _inserted("\u200b".encode()),
    "bytes-zero-width-joiner": _inserted("\u200d".encode()),
    "bytes-soft-hyphen": _inserted("\xad".encode()),
    "bytes-lost-character": _inserted("\ufffd".encode()),
    "bytes-private-use": _inserted("\ue863".encode()),
    "bytes-private-use-far": _inserted("\U000f0000".encode()),
    "bytes-tags": _inserted("\U000e0041".encode()),
    "bytes-rare-han": _inserted("𠮷𰻝葛\U000e0101".encode()),
    "bytes-direction-override": _inserted("\u202e".encode()),
    "bytes-line-separator": _inserted("\u2028".encode()),
    "bytes-page-invisible": _rewrite("content/index.md", lambda content: content + "正\u200b文\n".encode()),
    "bytes-empty": _replaced(b""),
    "bytes-carriage-returns": _rewrite(
        AREA, lambda content: content.replace(b"\n", b"\r\n").replace(b"summary:", b"sumary:")
    ),
    "bytes-over-one-megabyte": _rewrite(AREA, lambda content: content + b"# " + b"x" * 1_000_000),
    "bytes-deep-brackets": _replaced(b"[" * 999_000),
    "bytes-deep-braces": _replaced(b"{a: " * 249_000),
    "bytes-many-values": _replaced(b"sources:\n" + b"- a\n" * 6000),
    "bytes-many-bells": _rewrite(AREA, lambda content: content + b"# \x07\n" * 60),
    "bytes-page-gbk": _rewrite("content/index.md", lambda content: content.decode("utf-8").encode("gbk")),
    "page-deep-list": _rewrite(
        "content/index.md",
        lambda content: content + "".join(f"\n{' ' * 4 * n}- 甲" for n in range(300)).encode(),
    ),
    "settings-gbk": _rewrite("mkdocs.yml", lambda content: content.decode("utf-8").encode("gbk")),
    "file-gazetteer-gbk": _rewrite(
        "belts/geo/townships.csv", lambda content: content.decode("utf-8").encode("gbk")
    ),
    "bytes-long-line": _rewrite(AREA, lambda content: content + f"sumary: {'长' * 100_000}\n".encode()),
    "yaml-merge-conflict": _rewrite(
        AREA,
        lambda content: content.replace(
            "name: 滕头区域\n".encode(),
            "<<<<<<< HEAD\nname: 滕头区域\n=======\nname: 滕头片区\n>>>>>>> main\n".encode(),
        ),
    ),
    "disk-link-to-file": _linked("belts/areas/other.yml", "tengtou.yml"),
    "disk-link-out": _linked("belts/areas/other.yml", "/etc/hostname"),
    "disk-link-to-folder": _linked("belts/workshops", "areas"),
    "disk-link-in-data": _linked("belts/geo/other.geojson", "districts.geojson"),
    "disk-reserved-id": _copied(AREA, "belts/areas/con.yml"),
    "disk-reserved-name": _copied("belts/geo/districts.geojson", "belts/tracks/aux.geojson"),
    "disk-unsafe-name": _copied(AREA, "belts/photos/a:b.jpg"),
    "disk-link-to-city": _linked_city,
    "disk-link-to-all": _linked_belts,
    "disk-link-as-photo": _linked_photo,
    "disk-name-differs-in-case": _both(
        _copied("belts/geo/districts.geojson", "belts/geo/Lines.geojson"),
        _copied("belts/geo/districts.geojson", "belts/geo/lines.geojson"),
    ),
    "disk-folder-differs-in-case": _both(
        _copied("belts/geo/districts.geojson", "belts/tracks/Hills/a.geojson"),
        _copied("belts/geo/districts.geojson", "belts/tracks/hills/b.geojson"),
    ),
    "disk-name-decomposed": _copied("belts/geo/districts.geojson", "belts/geo/cafe\u0301.geojson"),
    "disk-name-turns-around": _copied("belts/geo/districts.geojson", "belts/geo/a\u202egpj.geojson"),
    "disk-name-reserved-port": _copied("belts/geo/districts.geojson", "belts/geo/COM¹.geojson"),
    "disk-name-ends-in-dot": _copied("belts/geo/districts.geojson", "belts/geo/districts."),
    "disk-track-in-other-case": _track_called("tracks/River.geojson", "tracks/river.geojson"),
    "disk-track-hidden": _track_called("tracks/.river.geojson", "tracks/.river.geojson"),
    "disk-track-with-two-slashes": _track_called("tracks/river.geojson", "tracks//river.geojson"),
    "disk-page-link": _linked("content/passwords.md", "/etc/passwd"),
    "disk-page-link-to-folder": _linked("content/all", ".."),
    "disk-page-link-hidden": _linked("content/.all", "/"),
    "disk-page-lock": _linked("content/.#index.md", "editor@host.1234:5678"),
    "disk-page-pipe": lambda root: os.mkfifo(root / "content/pipe.md"),
    "disk-page-backups": _both(
        *(
            _copied("content/index.md", f"content/{name}")
            for name in (".index.md.swp", "index.md.bak", "index.md~", "notes/~$plan.docx")
        )
    ),
    "disk-page-reserved-name": _copied("content/index.md", "content/notes/nul.md"),
    "disk-page-differs-in-case": _copied("content/index.md", "content/Index.md"),
    "disk-page-unsafe-name": _copied("content/index.md", "content/what?.md"),
    "disk-page-over-one-megabyte": _sparse("content/long.md", 2_000_000),
    "disk-page-huge-file": _sparse("content/plan.pdf", 30_000_000),
    "disk-pipe": _fifo,
    "disk-huge-track": _huge_track,
    "disk-link-as-track": _linked_track,
    "disk-track-of-many-points": _many_points,
    "disk-deep-layer": _deep_layer,
    "disk-no-city": _removed("belts/city.yml"),
    "disk-no-layer": _removed("belts/geo/districts.geojson"),
    "disk-control-character-in-name": lambda root: (root / "belts/areas/a\nb.yml").write_bytes(b"") and None,
    "disk-name-not-utf-8": lambda root: Path(
        os.fsdecode(os.fsencode(root / "belts/photos") + b"-\xff")
    ).touch(),
}
