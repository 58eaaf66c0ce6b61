"""`belts export-docs DIR`: the site as a plain docs folder, to be built without this project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .base import Commands, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("export-docs", help="write the site as a docs folder for other publishers")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder, or an export to be renewed")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the folder; 1 when the site is refused, 2 for a folder with other files in it."""
    from ..building.docs_folder import NotOurs, export_docs
    from ..layout import BuildFailed
    from ..pages.site import RenderFailed
    from ..search.engine import SearchFailed
    from ..web.libraries import MissingLibraries

    folder: Path = arguments.folder.resolve()
    try:
        documents = export_docs(arguments.root.resolve(), folder)
    except NotOurs as error:
        zh = f"{folder} 里的 {error} 不是本命令写的，或已被改动；请换一个文件夹"
        en = f"{folder} holds {error}, which this command did not write or which was changed since; name another folder"
        print(f"belts export-docs: {say(arguments.lang, zh, en)}", file=sys.stderr)
        return 2
    except (BuildFailed, MissingLibraries, RenderFailed, SearchFailed) as error:
        print(f"belts export-docs: {error}", file=sys.stderr)
        return 1
    print(say(arguments.lang, f"{documents} 篇文档 → {folder}", f"{documents} documents → {folder}"))
    return 0
