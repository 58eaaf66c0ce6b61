"""The SHA-256 of files: the ledger keeps it, the stamp's manifest lists it.

Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import hashlib


def content_digest(content: bytes) -> str:
    """The digest of a file's content, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: str) -> str:
    """The digest of a file on disk, hexadecimal. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 (thousands of them)
        return hashlib.file_digest(file, "sha256").hexdigest()
