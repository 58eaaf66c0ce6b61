"""Many YAML files at once: those read before come from the cache, the others are shared out among processes.

What travels and what is kept is the plain data of a file without a fault. Any other file is read here, with
its positions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from .cache import Cache, digest_of, program_digest
from .workers import map_chunks
from .yaml_text import Document, decode_document, plain_document


def read_documents(
    files: Sequence[tuple[str, bytes]], executor: Executor, cache: Cache | None = None
) -> Iterator[Document]:
    """The documents of files given as path and bytes, in order, each as soon as it has been read."""
    keys = [digest_of(b"yaml", program_digest(), content) for _, content in files]
    known = cache.read(keys) if cache else {}
    made = map_chunks(
        _encode_plain, [f[1] for f, key in zip(files, keys, strict=True) if key not in known], executor
    )
    for (path, content), key in zip(files, keys, strict=True):
        data = known.get(key)
        if data is None and (data := next(made)) and cache:
            cache.add({key: data})
        yield plain_document(path, content, json.loads(data)) if data else decode_document(path, content)


def _encode_plain(contents: Sequence[bytes]) -> list[bytes]:
    """The data of each file as JSON; empty for files that are not plain."""
    documents = (decode_document("", content) for content in contents)
    return [_encode(document) if document.is_plain else b"" for document in documents]


def _encode(document: Document) -> bytes:
    return json.dumps(document.data, ensure_ascii=False, separators=(",", ":")).encode()
