"""The tree that is sent: the site's own files, each text also as .gz and .br for servers that send them.

What was compressed once is kept by its content, so an unchanged page costs nothing the next time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from ..storage.files import gzip_form
from ..workers import available_cores

_TEXTS = frozenset(
    [
        ".css",
        ".csv",
        ".geojson",
        ".gpx",
        ".html",
        ".ics",
        ".js",
        ".json",
        ".jsonld",
        ".kml",
        ".map",
        ".md",
        ".svg",
        ".txt",
        ".webmanifest",
        ".xml",
        ".yml",
    ]
)
_SMALLEST = 256  # bytes; below that a packet is a packet
_BROTLI_QUALITY = 9  # the last step that takes milliseconds a page; 11 takes thirty times as long


def _brotli(content: bytes) -> bytes:
    return bytes(brotli.compress(content, quality=_BROTLI_QUALITY))


FORMS: Mapping[str, Callable[[bytes], bytes]] = {".gz": gzip_form, ".br": _brotli}


_SITES_OWN = "sitemap.xml.gz"  # which MkDocs makes; it stands in the manifest of the site


def is_form(name: str, names: Container[str]) -> bool:
    """Whether a file of a packed tree is the compressed form of another."""
    is_named_so = any(name.endswith(suffix) and name.removesuffix(suffix) in names for suffix in FORMS)
    return is_named_so and name != _SITES_OWN


def pack_site(site: Path, hashes: Mapping[str, str], packed: Path, cache: Path) -> None:
    """Fill the folder `packed` with the site's files and their compressed forms.

    `hashes` are the SHA-256 of the files by path; `cache` keeps compressed forms by those.
    """
    shutil.rmtree(packed, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(available_cores()) as pool:
        list(pool.map(partial(_pack_file, site, packed, cache, hashes), hashes.items()))
    _forget_unused(cache, set(hashes.values()))


def _pack_file(site: Path, packed: Path, cache: Path, names: Container[str], item: tuple[str, str]) -> None:
    name, digest = item
    target = packed / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(site / name, target)
    if target.suffix not in _TEXTS or target.stat().st_size < _SMALLEST:
        return
    for suffix, compress in FORMS.items():
        if f"{name}{suffix}" in names:
            continue  # the site has it
        kept = cache / f"{digest}{suffix}"
        if not kept.exists():
            _write_whole(kept, compress(target.read_bytes()))
        if kept.stat().st_size < target.stat().st_size:
            shutil.copyfile(kept, f"{target}{suffix}")


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is whole whenever it is there, though killed at any moment."""
    partial_file = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial_file.write_bytes(content)
    partial_file.replace(path)


def _forget_unused(cache: Path, used: set[str]) -> None:
    for path in cache.iterdir():
        if path.name.partition(".")[0] not in used:
            path.unlink(missing_ok=True)
