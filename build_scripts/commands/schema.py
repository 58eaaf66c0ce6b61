"""`belts schema`: write the JSON Schemas that editors complete and check by."""

from __future__ import annotations

import argparse
import sys

from ..editing.edits import write_whole
from ..editing.schemas import render_schemas
from ..layout import BELTS
from .base import Commands, say, say_edits


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("schema", help="write belts/schemas/ from the models")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the files that differ; with --check, name them."""
    base = arguments.root / BELTS
    stale = {
        name: content
        for name, content in render_schemas().items()
        if not (base / name).is_file() or (base / name).read_bytes() != content
    }
    for name, content in stale.items():
        if arguments.check:
            zh, en = "不是最新的，请运行 belts schema", "is stale: run `belts schema`"
            print(f"{BELTS}/{name} {say(arguments.lang, zh, en)}", file=sys.stderr)
        else:
            write_whole(base / name, content)
            print(say_edits(arguments.lang, [(f"{BELTS}/{name}", content)]))
    return 1 if stale and arguments.check else 0
