"""The search index on disk: documents handed to Pagefind, and what it writes trimmed to what pages load.

Pagefind reads a folder of small HTML files; its Python interface would take a tenth of a second a record.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .search import SearchDocument, SearchFilter, build_filters

FOLDER = "pagefind"
FILTERS = "filters.json"
_FRAGMENT = b"pagefind_dcd"
_KEPT = ("pagefind.js", "pagefind-entry.json")

# Pagefind closes a chunk of the index when it has counted so many occurrences. Repeating a word costs next to
# nothing in the compressed chunk, so repeated words make chunks, and with them a reader's download, smaller.
_REPEATS = 3


class SearchFailed(Exception):
    """Pagefind could not make the index; the message says why. For the user: no traceback."""


def write_search(target: Path, documents: Sequence[SearchDocument]) -> None:
    """Write the index of `documents` to `target/pagefind/`, none where there is nothing to find.

    Raises SearchFailed.
    """
    if not documents:
        return
    by_url = {f"/{document.url}": document for document in documents}
    filters = build_filters(documents)
    with tempfile.TemporaryDirectory(prefix="belts-search-") as name:
        source, output = Path(name), target / FOLDER
        for document in by_url.values():
            _write_page(source / document.url, render_search_page(document, filters))
        shutil.rmtree(output, ignore_errors=True)
        _run_pagefind(source, output)
    _trim(output)
    (output / FILTERS).write_text(_encode_filters(filters), encoding="utf-8")
    for path in (output / "fragment").iterdir():
        path.write_bytes(_show(path.read_bytes(), by_url))


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


def _write_page(folder: Path, html: str) -> None:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(html, encoding="utf-8")


def _encode_filters(filters: Iterable[SearchFilter]) -> str:
    shown = [{"key": f.key, "title": f.title, "values": list(f.words.items())} for f in filters]
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")) + "\n"


def render_search_page(document: SearchDocument, filters: Iterable[SearchFilter]) -> str:
    """A document as the HTML that Pagefind reads: nothing but words, which need no escaping."""
    narrow = (word for found in filters for word in found.words_of(document))
    names, words = (_repeat(group) for group in (document.name_words, (*document.words, *narrow)))
    weight = max(5, 10 - len(document.name) // 3)  # of two names that hold a word, the shorter comes first
    body = f'<p data-pagefind-weight="{weight}">{names}</p><p>{words}</p>'
    return f'<!doctype html><html lang="zh-CN"><head></head><body>{body}</body></html>'


def _repeat(words: Iterable[str]) -> str:
    return " ".join(" ".join([word] * _REPEATS) for word in words)


def _trim(output: Path) -> None:
    """Remove what Pagefind ships for its own user interface."""
    for path in output.iterdir():
        if path.is_file() and path.name not in _KEPT and path.suffix not in (".pf_meta", ".pagefind"):
            path.unlink()


def _show(fragment: bytes, by_url: Mapping[str, SearchDocument]) -> bytes:
    """A result's file with what a reader sees in the place of the indexed words.

    It is put in afterwards because Pagefind would index every word of it too.
    """
    found = json.loads(gzip.decompress(fragment).removeprefix(_FRAGMENT))
    document = by_url[found["url"]]
    meta = {"title": document.name, "summary": document.summary, "kind": document.kind}
    meta |= {"district": document.district, "belts": "、".join(document.belts)}
    shown = {**found, "url": document.url, "content": "", "word_count": 1, "meta": meta, "filters": {}}
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return gzip.compress(_FRAGMENT + text.encode(), mtime=0)
