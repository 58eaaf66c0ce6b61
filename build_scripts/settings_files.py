"""mkdocs.yml and the files that it inherits from, as they are written.

Only the standard library is needed, for most of a build that does nothing is loading.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

SETTINGS = "mkdocs.yml"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # any of which may be the name of a variable
_INHERIT = re.compile(r"""^INHERIT:[ \t]*['"]?([^'"#\n]+?)['"]?\s*(?:#.*)?$""", re.MULTILINE)
_ALWAYS = ("TIANDITU_KEY",)


def read_settings_files(root: Path) -> dict[Path, bytes]:
    """mkdocs.yml and the files that it inherits from, each once; one that is not there is left out. Raises OSError."""
    found: dict[Path, bytes] = {}
    seen: set[str] = set()
    file = root / SETTINGS
    while file.is_file() and (real := os.path.realpath(file)) not in seen:
        seen.add(real)
        found[file] = file.read_bytes()
        file = file.parent / find_inherited(found[file])  # the folder where there is none
    return found


def find_inherited(settings: bytes) -> str:
    """The path that a text of settings takes over as people write it, on a line of its own; empty where there is none."""
    found = _INHERIT.search(settings.decode(errors="replace"))
    return found[1].strip() if found else ""


def find_variables(settings: Iterable[bytes]) -> dict[str, str]:
    """The variables of the environment that texts of settings name, and those that count in any case."""
    words = {word for text in settings for word in _WORD.findall(text.decode(errors="replace"))}
    return {name: os.environ[name] for name in sorted({*words, *_ALWAYS}) if name in os.environ}
