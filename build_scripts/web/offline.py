"""What makes the site installable and readable without a network: its manifest and its service worker.

Pure: the worker's text takes in the digest of the shell, the page shown when nothing else is stored; that page
names every style and script by its content, so a change of any of them makes another worker.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..records.city import City
from .assets import version_of
from .published import Published

MANIFEST = "manifest.json"
WORKER = "worker.js"
SHELL = "offline/index.html"
_SOURCE = "worker/worker.js"
_MARK = '"00000000"'
_ICONS = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
_GROUND = "#fbf8f1"  # as in styles/tokens.css


def render_manifest(city: City, published: Published) -> bytes:
    """The web application manifest: what an installed site is called and looks like."""
    icons = [
        {"src": published.address(f"images/{name}"), "sizes": sizes, "type": "image/png"}
        for name, sizes in _ICONS.items()
    ]
    masked = {"src": published.address("images/icon-maskable.png"), "sizes": "512x512", "type": "image/png"}
    manifest = {
        "name": city.title,
        "short_name": city.name,
        "description": city.tagline,
        "lang": city.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": _GROUND,
        "theme_color": _GROUND,
        "icons": [*icons, {**masked, "purpose": "maskable"}],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def render_worker(templates: Path, shell: bytes) -> bytes:
    """The service worker for a built shell page. ValueError when its source has no place for the digest."""
    source = (templates / _SOURCE).read_text(encoding="utf-8")
    if source.count(_MARK) != 1:
        raise ValueError(f"{_SOURCE}: exactly one {_MARK} is the place of the shell's digest")
    return source.replace(_MARK, f'"{version_of(shell)}"').encode()
