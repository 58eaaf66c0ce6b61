"""The search index on disk: documents handed to Pagefind, and what it writes trimmed to what pages load.

Pagefind reads a folder of small HTML files; its Python interface would take a tenth of a second a record.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import shutil
import string
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .search import SearchDocument, SearchFilter, build_filters, opening_words

FOLDER = "pagefind"
FILTERS = "filters.json"
_FRAGMENT = b"pagefind_dcd"
_DIGITS = string.digits + string.ascii_lowercase
_LISTED = re.compile(rb"(unknown_[0-9a-f]+)(\x1a....|\x19..|\x18.|[\x00-\x17])", re.DOTALL)
_KEPT = ("pagefind.js", "pagefind-entry.json")

# Pagefind closes a chunk of the index when it has counted so many occurrences. Repeating a word costs next to
# nothing in the compressed chunk, so repeated words make chunks, and with them a reader's download, smaller.
_REPEATS = 8


class SearchFailed(Exception):
    """Pagefind could not make the index; the message says why. For the user: no traceback."""


def write_search(target: Path, documents: Sequence[SearchDocument]) -> None:
    """Write the index of `documents` to `target/pagefind/`, none where there is nothing to find.

    Raises SearchFailed.
    """
    if not documents:
        return
    filters = build_filters(documents)
    with tempfile.TemporaryDirectory(prefix="belts-search-") as name:
        source, output = Path(name), target / FOLDER
        for number, document in enumerate(documents):
            (source / f"{number}.html").write_text(render_search_page(document, filters), encoding="utf-8")
        shutil.rmtree(output, ignore_errors=True)
        _run_pagefind(source, output)
    _trim(output)
    (output / FILTERS).write_text(_encode_filters(filters), encoding="utf-8")
    _replace_fragments(output, documents)


def _run_pagefind(source: Path, output: Path) -> None:
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise SearchFailed("缺少 Pagefind：请先运行 make setup。 / Pagefind is missing: run `make setup`.")
    command = [str(program), "--site", str(source), "--output-path", str(output)]
    done = subprocess.run(
        [*command, "--force-language", "unknown", "--quiet"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not (output / "fragment").is_dir():
        raise SearchFailed(f"Pagefind: {done.stderr.strip() or done.stdout.strip()}")


def _encode_filters(filters: Iterable[SearchFilter]) -> str:
    shown = [{"key": f.key, "title": f.title, "values": list(f.words.items())} for f in filters]
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")) + "\n"


def render_search_page(document: SearchDocument, filters: Iterable[SearchFilter]) -> str:
    """A document as the HTML that Pagefind reads: nothing but words, which need no escaping."""
    narrow = (word for found in filters for word in found.words_of(document))
    first = opening_words(document.name)
    inner = (word for word in document.name_words if word not in first)
    opening, names, words = (_repeat(group) for group in (first, inner, (*document.words, *narrow)))
    weight = max(4, 8 - len(document.name) // 3)  # of two names that hold a word, the shorter comes first
    body = f'<p data-pagefind-weight="{weight + 2}">{opening}</p><p data-pagefind-weight="{weight}">{names}</p><p>{words}</p>'
    return f'<!doctype html><html lang="zh-CN"><head></head><body>{body}</body></html>'


def _repeat(words: Iterable[str]) -> str:
    return " ".join(" ".join([word] * _REPEATS) for word in words)


def _trim(output: Path) -> None:
    """Remove what Pagefind ships for its own user interface."""
    for path in output.iterdir():
        if path.is_file() and path.name not in _KEPT and path.suffix not in (".pf_meta", ".pagefind"):
            path.unlink()


def _replace_fragments(output: Path, documents: Sequence[SearchDocument]) -> None:
    """Put what a reader sees in the place of the indexed words, and name the files in order.

    Pagefind would index every word of what is shown, so it is put in afterwards. A result's file is named by a
    digest of all and its number, and lengths are rounded: the list of both, which every first query fetches,
    then takes about half.
    """
    old = sorted((output / "fragment").iterdir())
    shown = {path.stem: _show(path.read_bytes(), documents) for path in old}
    (listing,) = output.glob("*.pf_meta")
    listed = gzip.decompress(listing.read_bytes())
    names = [name.decode() for name in re.findall(rb"unknown_[0-9a-f]+", listed) if name.decode() in shown]
    digest = hashlib.sha256(b"".join((listed, *(shown[name] for name in names)))).hexdigest()
    new = {name: _name_of(number, len(name), digest) for number, name in enumerate(names)}
    for path in old:
        path.unlink()
    for name, content in shown.items():
        (output / "fragment" / f"{new[name]}.pf_fragment").write_bytes(content)
    renamed = _LISTED.sub(lambda m: _relist(m[1].decode(), m[2], new), listed)
    _rename_listing(listing, gzip.compress(renamed, mtime=0), digest)


def _relist(name: str, count: bytes, new: Mapping[str, str]) -> bytes:
    """An entry of the listing: the new name, and the number of words to the nearest power of two.

    The number, a CBOR integer in one to five bytes, only tells long documents from short ones.
    """
    if name not in new:
        return name.encode() + count
    words = int.from_bytes(count[1:]) if len(count) > 1 else count[0]
    rounded = 1 << min(15, round(math.log2(max(words, 1))))
    return new[name].encode() + b"\x19" + rounded.to_bytes(2)


def _name_of(number: int, length: int, digest: str) -> str:
    """A name of a given length, as the listing has no room for another: digest, then number, lowest digit first.

    Names that follow one another then differ near their beginning, which compresses to two thirds.
    """
    digits = "".join(_DIGITS[number // 36**place % 36] for place in range(4))
    return digest[: length - 4] + digits


def _rename_listing(listing: Path, content: bytes, digest: str) -> None:
    """Write the list of names under a name of its own, and name it in the entry."""
    old = listing.name.removeprefix("pagefind.").removesuffix(".pf_meta")
    entry = listing.with_name("pagefind-entry.json")
    listing.unlink()
    listing.with_name(f"pagefind.{digest[:16]}.pf_meta").write_bytes(content)
    entry.write_bytes(entry.read_bytes().replace(old.encode(), digest[:16].encode()))


def _show(fragment: bytes, documents: Sequence[SearchDocument]) -> bytes:
    """A result's file with what a reader sees."""
    found = json.loads(gzip.decompress(fragment).removeprefix(_FRAGMENT))
    document = documents[int(found["url"].strip("/").removesuffix(".html"))]
    meta = {"title": document.name, "summary": document.summary, "kind": document.kind}
    meta |= {"district": document.district, "belts": "、".join(document.belts)}
    shown = {**found, "url": document.url, "content": "", "word_count": 1, "meta": meta, "filters": {}}
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return gzip.compress(_FRAGMENT + text.encode(), mtime=0)
