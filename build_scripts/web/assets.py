"""Files the site serves under names made from their content: each may be cached for ever."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import NamedTuple


class Asset(NamedTuple):
    """One file to publish; `path` is relative to the site's root."""

    path: str
    content: bytes


def name_asset(path: str, content: bytes) -> Asset:
    """The asset `path` with its content's digest before the suffix."""
    pure = PurePosixPath(path)
    return Asset(str(pure.with_name(f"{pure.stem}.{version_of(content)}{pure.suffix}")), content)


def version_of(content: bytes) -> str:
    """Eight hex digits that stand for a file's content in its address; the service worker checks them."""
    return hashlib.sha256(content).hexdigest()[:8]
