"""Many YAML files at once: those read before come from the cache, the others are shared out among processes.

What travels and what is kept is the plain data of a file without a fault. Any other file is read here, with
its positions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Executor

from .cache import Cache, digest_of, program_digest
from .workers import map_chunks
from .yaml_text import Document, decode_document, plain_document


def read_documents(
    files: Sequence[tuple[str, bytes]], cache: Cache | None = None, executor: Executor | None = None
) -> list[Document]:
    """The documents of files given as path and bytes, in order."""
    keys = [digest_of(b"yaml", program_digest(), content) for _, content in files] if cache else []
    known = cache.read(keys) if cache else {}
    missing = [index for index in range(len(files)) if not (keys and keys[index] in known)]
    if not cache and executor is None:
        return [decode_document(path, content) for path, content in files]
    found = map_chunks(_encode_plain, [files[index][1] for index in missing], executor)
    made = dict(zip(missing, found, strict=True))
    if cache:
        cache.add({keys[index]: data for index, data in made.items() if data})
    return [
        _document(path, content, made.get(index) or (known.get(keys[index]) if keys else None))
        for index, (path, content) in enumerate(files)
    ]


def _document(path: str, content: bytes, data: bytes | None) -> Document:
    return plain_document(path, content, json.loads(data)) if data else decode_document(path, content)


def _encode_plain(contents: Sequence[bytes]) -> list[bytes]:
    """The data of each file as JSON; empty for files that are not plain."""
    documents = (decode_document("", content) for content in contents)
    return [_encode(document) if document.is_plain else b"" for document in documents]


def _encode(document: Document) -> bytes:
    return json.dumps(document.data, ensure_ascii=False, separators=(",", ":")).encode()
