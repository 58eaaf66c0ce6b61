"""`belts export-docs DIR`: the site as a plain docs folder, to be built without this project."""

from __future__ import annotations

import argparse
from pathlib import Path

from .base import Commands, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("export-docs", help="write the site as a docs folder for other publishers")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or an export to be renewed")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the folder; 1 when the site is refused, 2 for a folder with other files in it."""
    from ..building.docs_folder import export_docs

    folder: Path = arguments.folder.resolve()
    documents = export_docs(arguments.root.resolve(), folder)
    print(say(arguments.lang, f"{documents} 篇文档 → {folder}", f"{documents} documents → {folder}"))
    return 0
