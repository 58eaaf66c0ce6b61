"""The gate against leaks: what this checkout, this machine and its environment know must not stand in the site."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ..inspection.findings import Finding
from ..inspection.leaks import find_leaks
from ..layout import RESULTS
from ..reading.load import load_dataset
from ..reading.manuscripts import load_manuscripts
from ..storage.cache import Cache
from .candidate import Candidate
from .withheld import gather_insight

_SECRET_NAMES = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "PRIVATE_KEY")
_SHORTEST_SECRET = 12


def check_leaks(candidate: Candidate) -> Iterator[str]:
    """Every leak, masked, with its rule."""
    for found in scan(candidate.root, candidate.site):
        yield f"{found.path}:{found.line}: {found.code} {found.what}"


def scan(root: Path, site: Path) -> tuple[Finding, ...]:
    """Every leak in a site that was built from the checkout at `root`."""
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    places = (str(root), str(Path.home()), tempfile.gettempdir())
    dataset = load_dataset(root, cache=Cache(root / RESULTS))
    insight = gather_insight(dataset, load_manuscripts(root), text, places)
    return find_leaks(site, replace(insight, secrets=tuple(_list_secrets(os.environ))))


def _list_secrets(environ: Mapping[str, str]) -> list[str]:
    """The values that the environment itself calls secret, as CI does."""
    names = [name for name in sorted(environ) if any(word in name.upper() for word in _SECRET_NAMES)]
    return [environ[name] for name in names if len(environ[name]) >= _SHORTEST_SECRET]
