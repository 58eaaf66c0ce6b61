"""Styles and scripts of our own, joined and published in a folder named by its content.

A change of any file changes the folder's name, so browsers may keep them for ever, and the relative
imports that joining leaves between scripts keep working.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .bundle import join_scripts, join_styles

FOLDERS = ("styles", "scripts", "images")
NOTHING: Mapping[str, bytes] = {}


class Published(NamedTuple):
    """Files by address relative to the site's root, and the address of each source name.

    A source name is a path inside site_templates/, such as `styles/all.css`.
    """

    files: Mapping[str, bytes]
    addresses: Mapping[str, str]

    def address(self, name: str) -> str:
        """The address of a source name; KeyError when there is no such file."""
        return self.addresses[name]


def load_published(templates: Path, libraries: Mapping[str, bytes] = NOTHING) -> Published:
    """Read the published folders of a template folder.

    `libraries` are files of others that go among them as they are, by source name.
    """
    files: dict[str, bytes] = {}
    addresses: dict[str, str] = {}
    for folder in FOLDERS:
        contents = _read_folder(templates / folder)
        contents |= {name.partition("/")[2]: b for name, b in libraries.items() if name.startswith(folder)}
        address = f"assets/{folder}.{content_hash(contents)}"
        files |= {f"{address}/{name}": content for name, content in contents.items()}
        addresses |= {f"{folder}/{name}": f"{address}/{name}" for name in contents}
    return Published(files, addresses)


def _read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder as they are published, by name."""
    contents = {p.name: p.read_bytes() for p in sorted(folder.glob("*")) if p.is_file()}
    join = {"scripts": join_scripts, "styles": join_styles}.get(folder.name)
    if join is None:
        return contents
    joined = join({name: content.decode() for name, content in contents.items()})
    return {name: text.encode() for name, text in joined.items()}


def content_hash(contents: Mapping[str, bytes]) -> str:
    """Eight hexadecimal digits over names and bytes, in name order."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:8]
