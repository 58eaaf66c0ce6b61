"""Hostile bytes for every reader of a stranger's file. Run as a script it tries many, under bounds.

A target reads a file whose bytes were spoilt and may end in two ways: with a value, or with a fault of ours that
can be printed. Whatever else happens (another exception, more than 5 seconds of processor time, more than
300 MB) is a find; its smallest form is written to tests/fuzz_corpus/, where test_fuzz.py replays it for ever.

    python tests/fuzzing.py                    40 examples for each target, always the same
    python tests/fuzzing.py --minutes 5        new examples for five minutes a target
    python tests/fuzzing.py --target photo     one target alone
"""

from __future__ import annotations

import argparse
import atexit
import datetime
import hashlib
import io
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pictures
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from build_scripts.catalogue import build_catalogue
from build_scripts.faults.diagnostics import Diagnostic, Problems, select_errors
from build_scripts.faults.report import Format, render_report
from build_scripts.faults.rules import Language
from build_scripts.geography.tracks import TrackFault, decode_track
from build_scripts.maps.base_map import build_base_map
from build_scripts.photos.originals import PhotoFault, make_prints, read_photo
from build_scripts.project import check_all, load_content
from build_scripts.reading.load import Dataset, load_dataset
from build_scripts.sheets.faults import rehearse_import
from build_scripts.sheets.plan import plan_edits, plan_import, read_sheets
from build_scripts.sheets.workbook import write_workbook
from build_scripts.views.profile import build_profile

TESTS = Path(__file__).resolve().parent
CITY = TESTS / "sites" / "second-city"
CORPUS = TESTS / "fuzz_corpus"
SECONDS, MEGABYTES = 5, 300
TODAY = datetime.date(2026, 11, 20)
EXAMPLES = 40


# -- what is tried -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """A reader under trial: what it is given to start from, words to strew in, and how it is run."""

    read: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...] = ()
    repack: Callable[[random.Random, bytes, bytes], bytes] | None = None


TABLES = {
    "townships": "nbs_code_2023,name,kind,district_code,communities,villages,other_units,lat,lon,geonames_id\n"
    "990001001,河口镇,镇,990001,1,2,0,30.5,110.3,7\n990002001,湾镇,镇,990002,0,1,0,,,\n",
    "villages": "code,name,class,township_code,district_code\n990001001201,一村,村,990001001,990001\n",
}


@cache
def _scratch() -> Path:
    """A checkout to spoil one file of; removed when the process ends."""
    holder = tempfile.TemporaryDirectory()
    atexit.register(holder.cleanup)
    root = Path(holder.name)
    shutil.copytree(CITY / "belts", root / "belts")
    shutil.copytree(CITY / "content", root / "content")
    for name, table in TABLES.items():
        (root / f"belts/geo/{name}.csv").write_text(table, encoding="utf-8")
    names = "".join(f"\n  {name}: geo/{name}.csv" for name in TABLES)
    with (root / "belts/city.yml").open("a", encoding="utf-8") as city:
        city.write(f"gazetteer:{names}\n")
    return root


def _print(found: tuple[Diagnostic, ...]) -> None:
    """Every fault has a real place and can be printed in every form."""
    assert all(d.line >= 1 and d.column >= 1 for d in found)
    for form in Format:
        for language in Language:
            render_report(found, form, language).encode("utf-8")


def _check(root: Path) -> tuple[Dataset, tuple[Diagnostic, ...]]:
    dataset = load_dataset(root)
    found = check_all(dataset, load_content(root), today=TODAY, verbose=True)
    _print(found)
    return dataset, found


def _file(path: str) -> Callable[[bytes], None]:
    """Put the bytes in the place of a file of a sound city, and read the city whole."""

    def read(content: bytes) -> None:
        file = _scratch() / path
        kept = file.read_bytes() if file.exists() else None
        file.write_bytes(content)
        try:
            dataset, found = _check(_scratch())
        finally:
            file.write_bytes(kept) if kept is not None else file.unlink()
        if dataset.city and path.endswith(".geojson"):
            build_base_map(dataset.city, dataset.files)
        read_ids = {entry.path for entry in dataset.entries}
        if path.count("/") == 2 and path.endswith(".yml") and path not in read_ids:
            assert any(d.path == path for d in select_errors(found)), "lost without a word"
        if not select_errors(found):
            catalogue = build_catalogue(dataset)
            for record in catalogue.records.values():
                build_profile(record, catalogue, None)

    return read


def _track(name: str) -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        try:
            track = decode_track(name, content)
        except TrackFault as fault:
            values = {"file": name, **fault.values}
            _print((Diagnostic(name, fault.line or 1, fault.column, fault.code, tuple(values.items())),))
            return
        assert 0 <= track.length_km < 10**9
        assert track.climb_m is None or track.climb_m >= 0
        assert all(len(line) > 1 for line in track.simplify())

    return read


def _read_photo(content: bytes) -> None:
    for name in ("a.jpg", "a.png", "a.webp"):
        try:
            list(make_prints(read_photo(name, content), content))
        except PhotoFault as fault:
            values = (("file", name), *fault.values.items())
            _print((Diagnostic(name, 1, 1, fault.code, values),))


def _book(name: str, title: str = "") -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        try:
            plan = plan_import(load_dataset(_scratch()), read_sheets(name, content, title=title))
            _print(tuple(plan.missing))
            edits = plan_edits(plan, _scratch(), keep=True)
            _print(rehearse_import(plan, _scratch(), edits))
        except Problems as problems:
            _print(problems.diagnostics)

    return read


# -- what it starts from -------------------------------------------------------------------------


def _files(pattern: str) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes() for path in sorted(CITY.glob(pattern))]


def _photos() -> list[bytes]:
    drawn = pictures.draw(400, 320)
    return [
        pictures.encode(drawn, "JPEG", progressive=True),
        pictures.phone_jpeg(),
        pictures.png(400, 320, "P"),
        pictures.png(400, 320, "I;16"),
        pictures.encode(drawn, "WEBP"),
        pictures.encode(drawn.convert("RGBA"), "WEBP", lossless=True),
        pictures.animated("PNG"),
        pictures.huge_png(400, 320),
        b"",
    ]


def _sheets() -> list[bytes]:
    return [write_workbook(load_dataset(_scratch())), (TESTS / "workbooks/libreoffice.xlsx").read_bytes()]


def _csv() -> list[bytes]:
    return ["编号,名称,英文名称,来源\neast-bank,东岸片区,East bank,survey\nnew,新片,,survey\n".encode()]


_YAML = (
    *(b": ", b"- ", b"\n", b"\n  ", b"|\n", b">\n", b"'", b'"', b"[", b"]", b"{", b"}", b"#", b"&a ", b"*a"),
    *(b"!!python/name:os.system ", b"<<: ", b"~", b"? ", b"\t", b"\r", b"---\n", b"...\n", b"\\u0000"),
    *("：".encode(), "\u3000".encode(), b"\xff\xfe", b"\xed\xa0\x80", "\u2028".encode(), "é".encode()),
    *(b"007", b"1e999", b".nan", b"9" * 400, b"2026-02-30", b"../../x", b"/etc/passwd", b"javascript:a"),
    *(b"status: draft\n", b"status: retired\n", b"related: [east-bank]\n", b"district: ", b"record: "),
    *(b"record: 121.1, 30.2\n", b"body: |\n  # x\n", b"<script>", b"13800138000", b"{{ 7*7 }}", b"%s{0}"),
)
_GPX = (
    *(b'<?xml version="1.0" encoding="utf-16"?>', b"<!DOCTYPE a [", b"]>", b'<!ENTITY b "c">', b"&b;"),
    *(b"<trkseg>", b"</trkseg>", b"<rte>", b"</rte>", b"<ele>", b"</ele>", b"<trkpt lat='1' lon='1'/>"),
    *(
        b"NaN",
        b"inf",
        b"1e308",
        b"-1e308",
        b"1_0",
        "١٢".encode(),
        b"xmlns:a='b'",
        b"<![CDATA[",
        b"]]>",
        b"&#1;",
    ),
)
_JSON = (
    *(b"[", b"]", b"{", b"}", b",", b'"', b"NaN", b"Infinity", b"1e308", b"1e400", b"-1", b"null", b"true"),
    *(b'"features":', b'"geometry":', b'"coordinates":', b'"type":', b'"LineString"', b'"MultiLineString"'),
    *(b'"Polygon"', b'"MultiPolygon"', b'"properties":', b"[[121,30],[121.1,30]]", b"9" * 5000, b"\\ud800"),
)
_XLSX = (
    *(b"<c r='XFD1048576'><v>1</v></c>", b"<c", b"<row", b"</row>", b"<v>", b"</v>", b"<f>A1</f>", b'r="A1"'),
    *(b't="s"', b't="e"', b't="d"', b't="b"', b't="inlineStr"', b's="999"', b"1e308", b"NaN", b"-1", b"2"),
    *(b"<mergeCell ref='A1:B2'/>", b"<!DOCTYPE a>", b"&#0;", b"&amp;", b'spans="1:99999"', b"=", b"45000"),
    *(b"_x0000_", b"_xD800_", b'date1904="1"', b'state="hidden"', b"../", b"9999-99-99T99:99:99"),
)
_CSV = (
    b",",
    b'"',
    b"\n",
    b"\r",
    b"\0",
    "编号".encode(),
    "名称".encode(),
    "，".encode(),
    b"=1+1",
    b"x" * 40_000,
)
_BYTES = (
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xd8",
    b"\xff\xda",
    b"\xff\xd9",
    b"Exif\0\0",
)


# -- how it is spoilt ----------------------------------------------------------------------------


def _spoil(chance: random.Random, content: bytes, other: bytes, words: tuple[bytes, ...]) -> bytes:
    """One change anywhere: a cut, a repeat, a word, other bytes, a piece of another file."""
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + chance.choice((1, 2, 4, 16, 200, 10_000)))
    middle: bytes = chance.choice(
        (
            b"",
            content[start:end] * 2,
            content[start:end] * chance.choice((3, 50, 1000)) if len(content) < 10_000 else b"",
            chance.choice(words or _BYTES) + content[start:end],
            chance.choice(words or _BYTES),
            chance.choice(_BYTES),
            chance.randbytes(end - start),
            bytes(byte ^ (1 << chance.randrange(8)) for byte in content[start:end][:2])
            + content[start + 2 : end],
            other[(at := chance.randrange(len(other) + 1)) : at + end - start],
        )
    )
    if chance.random() < 0.03:
        return content[:start]
    return content[:start] + middle + content[end:]


def _repack_zip(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A change inside one part of an archive, which stays an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return content
    wanted = chance.randrange(len(parts)) if parts else 0
    if chance.random() < 0.7:
        sheets = [n for n, (name, _) in enumerate(parts) if "worksheets/" in name]
        wanted = chance.choice(sheets or [wanted])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, text) in enumerate(parts):
            archive.writestr(name, _spoil(chance, text, text, _XLSX) if number == wanted else text)
    return file.getvalue()


def _repack_png(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """A change inside one chunk of a PNG, its checksum made right again; other formats as they are."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _spoil(chance, content, other, ())
    chunks, at = [], 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += size + 12
    wanted = chance.randrange(len(chunks)) if chunks else 0
    whole = b"\x89PNG\r\n\x1a\n"
    for number, (name, data) in enumerate(chunks):
        body = name + (_spoil(chance, data, other, ()) if number == wanted else data)
        whole += (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return whole


def spoil(target: Target, number: int, steps: list[int]) -> bytes:
    """The bytes that a starting file and a list of changes make; fewer changes are a simpler find."""
    seeds = _seeds(target)
    content = seeds[number % len(seeds)]
    for step in steps:
        chance = random.Random(step)  # noqa: S311 (Hypothesis chooses)
        other = chance.choice(seeds)
        if target.repack and chance.random() < 0.8:
            content = target.repack(chance, content, other)
        else:
            content = _spoil(chance, content, other, target.words)
    return content


@cache
def _seeds(target: Target) -> list[bytes]:
    return target.seeds()


TARGETS: dict[str, Target] = {
    "record": Target(_file("belts/areas/east-bank.yml"), _files("belts/areas/*.yml"), _YAML),
    "belt": Target(_file("belts/boutique/river-belt.yml"), _files("belts/boutique/*.yml"), _YAML),
    "other-record": Target(_file("belts/sources/new.yml"), _files("belts/[smpiw]*/*.yml"), _YAML),
    "city": Target(_file("belts/city.yml"), _files("belts/city.yml"), _YAML),
    "redirects": Target(
        _file("belts/redirects.yml"), lambda: [b"areas/old: east-bank\nareas/gone: gone 2026-01-02\n"], _YAML
    ),
    "allowed-numbers": Target(
        _file("belts/allowed-numbers.yml"),
        lambda: ["numbers:\n  - number: '0574-12345678'\n    reason: 公开热线\n".encode()],
        _YAML,
    ),
    "page": Target(_file("content/index.md"), _files("content/*.md"), _YAML),
    "layer": Target(_file("belts/geo/districts.geojson"), _files("belts/geo/*.geojson"), _JSON),
    "townships": Target(_file("belts/geo/townships.csv"), lambda: [TABLES["townships"].encode()], _CSV),
    "villages": Target(_file("belts/geo/villages.csv"), lambda: [TABLES["villages"].encode()], _CSV),
    "gpx": Target(_track("a.gpx"), _files("belts/tracks/*.gpx"), _GPX),
    "geojson": Target(
        _track("a.geojson"),
        lambda: [b'{"type": "LineString", "coordinates": [[121, 30, 5], [121.1, 30.1, 9]]}'],
        _JSON,
    ),
    "photo": Target(_read_photo, _photos, repack=_repack_png),
    "workbook": Target(_book("a.xlsx"), _sheets, _XLSX, _repack_zip),
    "csv": Target(_book("a.csv", "示范片"), _csv, _CSV),
}


# -- the bounds ----------------------------------------------------------------------------------


class TooSlow(BaseException):
    """A single input took more than its seconds of processor time."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow


def read_within_bounds(name: str, content: bytes) -> None:
    """Read one input. Raises what must not happen."""
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        TARGETS[name].read(content)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def bound_memory() -> None:
    """From here on the process may take so many megabytes more; then it fails with MemoryError."""
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEGABYTES * 1_000_000, resource.RLIM_INFINITY))


# -- the run -------------------------------------------------------------------------------------


def search(name: str, examples: int, start: int) -> bytes | None:
    """The smallest spoilt input found that breaks a reader; None when none was found."""
    target = TARGETS[name]
    broken: list[bytes] = []

    @seed(start)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    @given(st.integers(0, 30), st.lists(st.integers(0, 2**32), max_size=6))
    def attempt(number: int, steps: list[int]) -> None:
        content = spoil(target, number, steps)
        try:
            read_within_bounds(name, content)
        except BaseException:
            broken.append(content)
            raise

    try:
        attempt()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a find)
        sys.stderr.write(f"{name}: {type(error).__name__}: {error}\n")
    except TooSlow:
        sys.stderr.write(f"{name}: more than {SECONDS} seconds\n")
    return broken[-1] if broken else None


def keep(name: str, content: bytes) -> Path:
    """Write a find where it is replayed for ever."""
    file = CORPUS / name / hashlib.sha256(content).hexdigest()[:12]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def rounds(minutes: float) -> Iterator[tuple[int, int]]:
    """Number of examples and seed of each round: one that is always the same, or new ones until time is up."""
    if not minutes:
        yield EXAMPLES, 0
        return
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        yield 200, random.SystemRandom().randrange(2**32)


def main() -> int:
    """Search each target; 1 when something was found."""
    parser = argparse.ArgumentParser(description="Hostile bytes for every reader of a stranger's file.")
    parser.add_argument(
        "--target", action="append", choices=TARGETS, help="one reader alone; may be repeated"
    )
    parser.add_argument("--minutes", type=float, default=0, help="for each target; without it a fixed few")
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    found = 0
    for name in arguments.target or TARGETS:
        for content in _seeds(TARGETS[name]):
            read_within_bounds(name, content)
    bound_memory()
    for name in arguments.target or TARGETS:
        for examples, start in rounds(arguments.minutes):
            if (content := search(name, examples, start)) is not None:
                sys.stdout.write(f"{keep(name, content)}\n")
                found += 1
                break
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
