"""The search index on disk: Pagefind's engine, the words in chunks, and what each result shows.

All but the engine stands in a folder named by its content, so that a page never mixes two indexes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .search import SearchDocument, SearchFilter, build_filters
from .search_chunks import SearchChunk, build_chunks

FOLDER = "pagefind"
ENGINE = "engine.wasm.gz"
INDEX = "index.json"
FILTERS = "filters.json"
_ENGINE_OF_PAGEFIND = "wasm.unknown.pagefind"
_SIGNATURE = b"pagefind_dcd"  # stands before what Pagefind compresses, and tells what a file is


class SearchFailed(Exception):
    """Pagefind's engine could not be had; the message says why. For the user: no traceback."""


def write_search(target: Path, documents: Sequence[SearchDocument]) -> None:
    """Write the index of `documents` to `target/pagefind/`, none where there is nothing to find.

    Raises SearchFailed.
    """
    if not documents:
        return
    filters = build_filters(documents)
    output = target / FOLDER
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (output / ENGINE).write_bytes(_extract_engine())
    (output / FILTERS).write_text(_encode_filters(filters), encoding="utf-8")
    chunks = build_chunks(documents, filters)
    files = render_files(documents, chunks)
    edition = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
    for folder in ("words", "results"):
        (output / edition / folder).mkdir(parents=True)
    for name, content in files.items():
        (output / edition / name).write_bytes(content)
    index = {"edition": edition, "documents": len(documents), "chunks": [chunk.first for chunk in chunks]}
    (output / INDEX).write_text(_encode(index) + "\n", encoding="utf-8")


def render_files(documents: Sequence[SearchDocument], chunks: Sequence[SearchChunk]) -> Mapping[str, bytes]:
    """The files of one edition by their names: `words/N.gz` for a chunk, `results/N.gz` for a document."""
    words = {f"words/{n}.gz": _SIGNATURE + chunk.content for n, chunk in enumerate(chunks)}
    results = {f"results/{n}.gz": render_result(document).encode() for n, document in enumerate(documents)}
    return {name: gzip.compress(content, mtime=0) for name, content in (words | results).items()}


def render_result(document: SearchDocument) -> str:
    """What a reader sees of a document among the results."""
    shown = {"url": document.url, "title": document.name, "summary": document.summary, "kind": document.kind}
    return _encode({**shown, "district": document.district, "belts": "、".join(document.belts)})


def _encode_filters(filters: Iterable[SearchFilter]) -> str:
    shown = [{"key": f.key, "title": f.title, "values": list(f.words.items())} for f in filters]
    return _encode(shown) + "\n"


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _extract_engine() -> bytes:
    """Pagefind's WebAssembly, compressed: it carries it inside, and puts it beside any index that it makes."""
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise SearchFailed("缺少 Pagefind：请先运行 make setup。 / Pagefind is missing: run `make setup`.")
    with tempfile.TemporaryDirectory(prefix="belts-search-") as name:
        source, output = Path(name), Path(name, "index")
        (source / "index.html").write_text('<html lang="zh"><body><p>a</p></body></html>', encoding="utf-8")
        command = [str(program), "--site", str(source), "--output-path", str(output)]
        done = subprocess.run(
            [*command, "--force-language", "unknown", "--quiet"], capture_output=True, text=True, check=False
        )
        engine = output / _ENGINE_OF_PAGEFIND
        if done.returncode != 0 or not engine.is_file():
            raise SearchFailed(f"Pagefind: {done.stderr.strip() or done.stdout.strip()}")
        plain = gzip.decompress(engine.read_bytes()).removeprefix(_SIGNATURE)
    return gzip.compress(plain, mtime=0)
