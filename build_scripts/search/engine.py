"""Pagefind's WebAssembly, which searches in the reader's browser."""

from __future__ import annotations

import gzip
import subprocess
import tempfile
from pathlib import Path

from ..errors import UserError
from ..storage.cache import Cache, digest_of, program_digest
from ..storage.files import gzip_form
from .chunks import SIGNATURE

_ENGINE_OF_PAGEFIND = "wasm.unknown.pagefind"


def read_engine(cache: Cache) -> bytes:
    """The engine, compressed: from the cache, or taken out of Pagefind. Raises UserError."""
    key = digest_of(b"search engine", program_digest())
    engine = cache.read([key]).get(key)
    if engine is None:
        engine = extract_engine()
        cache.add({key: engine})
    return engine


def extract_engine() -> bytes:
    """The engine, compressed: Pagefind carries it inside, and puts it beside any index that it makes."""
    from pagefind.service import get_executable

    program = get_executable()
    if program is None:
        raise UserError("缺少 Pagefind：请先运行 make setup。 / Pagefind is missing: run `make setup`.")
    with tempfile.TemporaryDirectory(prefix="belts-search-") as name:
        source, output = Path(name), Path(name, "index")
        (source / "index.html").write_text('<html lang="zh"><body><p>a</p></body></html>', encoding="utf-8")
        command = [str(program), "--site", str(source), "--output-path", str(output)]
        done = subprocess.run(
            [*command, "--force-language", "unknown", "--quiet"], capture_output=True, text=True, check=False
        )
        engine = output / _ENGINE_OF_PAGEFIND
        if done.returncode != 0 or not engine.is_file():
            raise UserError(f"Pagefind: {done.stderr.strip() or done.stdout.strip()}")
        plain = gzip.decompress(engine.read_bytes()).removeprefix(SIGNATURE)
    return gzip_form(plain)
