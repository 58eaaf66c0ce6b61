"""Files the site serves under names made from their content: each may be cached for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Asset:
    """One file to publish; `path` is relative to the site's root."""

    path: str
    content: bytes


def name_asset(path: str, content: bytes) -> Asset:
    """The asset `path` with eight hex digits of its content's SHA-256 before the suffix."""
    pure = PurePosixPath(path)
    digest = hashlib.sha256(content).hexdigest()[:8]
    return Asset(str(pure.with_name(f"{pure.stem}.{digest}{pure.suffix}")), content)
