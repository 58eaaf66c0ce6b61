"""The browser libraries that the pages use, taken from node_modules under names made from content.

Leaflet and its plugins are classic scripts that build on one another, so they travel as one file.
Nothing is fetched here: `npm ci` at set-up has put the packages in place.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ..errors import UserError
from .assets import Asset, name_asset

_SCRIPTS = (
    "leaflet/dist/leaflet.js",
    "leaflet.markercluster/dist/leaflet.markercluster.js",
    "leaflet.fullscreen/dist/Control.FullScreen.umd.js",
)
_STYLES = (
    "leaflet/dist/leaflet.css",
    "leaflet.markercluster/dist/MarkerCluster.css",
    "leaflet.fullscreen/dist/Control.FullScreen.css",
)
_LICENCES = ("leaflet/LICENSE", "leaflet.markercluster/MIT-LICENCE.txt", "leaflet.fullscreen/LICENSE.md")
_SOURCE_MAP = re.compile(r"^\s*//# sourceMappingURL=.*$", re.MULTILINE)
_IMAGE = re.compile(r"^\s*(?:background-image:\s*url\((?:images/|var)|behavior:).*$\n?", re.MULTILINE)
_ICON_VARIABLES = re.compile(r":root \{\s*(?:--fullscreen-icon-[^\n]*\n\s*)+\}")


class Libraries(NamedTuple):
    """Leaflet with its plugins as one classic script and one stylesheet, and their licences."""

    script: Asset
    style: Asset
    licences: Asset

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every file to publish, all under assets/lib/."""
        return (self.script, self.style, self.licences)


def load_libraries(node_modules: Path) -> Libraries:
    """Read Leaflet, its cluster plugin and its full-screen plugin. Raises UserError."""
    script = _join_scripts([_read(node_modules, name) for name in _SCRIPTS])
    style = _join_styles([_read(node_modules, name) for name in _STYLES])
    licences = "\n\n".join(f"{name}\n\n{_read(node_modules, name).strip()}" for name in _LICENCES) + "\n"
    return Libraries(
        script=name_asset("assets/lib/leaflet.js", script.encode()),
        style=name_asset("assets/lib/leaflet.css", style.encode()),
        licences=name_asset("assets/lib/leaflet.txt", licences.encode()),
    )


def load_qr_encoder(node_modules: Path) -> bytes:
    """The ES module that encodes QR codes, headed by its licence. Raises UserError."""
    licence = _read(node_modules, "lean-qr/LICENSE").strip()
    return f"/* lean-qr\n\n{licence}\n*/\n{_read(node_modules, 'lean-qr/index.mjs')}".encode()


def _read(node_modules: Path, name: str) -> str:
    try:
        return (node_modules / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(
            f"缺少浏览器库 {node_modules / name}：请先运行 make setup，或改正 mkdocs.yml 里的 node_modules。"
            f" / The browser library {node_modules / name} is missing: run `make setup`, or correct node_modules in mkdocs.yml."
        ) from None


def _join_scripts(sources: list[str]) -> str:
    """The scripts in order, without the comments that would make a browser ask for source maps."""
    return "".join(f"{_SOURCE_MAP.sub('', source).strip()}\n;" for source in sources) + "\n"


def _join_styles(sources: list[str]) -> str:
    """The styles in order, without their pictures: the icons are drawn by our own stylesheet."""
    without_images = [_ICON_VARIABLES.sub("", _IMAGE.sub("", source)) for source in sources]
    return "\n".join(source.strip() for source in without_images) + "\n"
