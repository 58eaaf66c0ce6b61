"""`belts build`: check the data and build the site."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..faults.rules import Language
from ..unchanged import LastBuild, Surroundings, find_unchanged, look_around, was_built
from .base import Commands, say

if TYPE_CHECKING:
    from ..building.build import BuildResult


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("build", help="build the site into site/")
    parser.add_argument("--no-fill", dest="fill", action="store_false", help="send every page through MkDocs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build; 1 when the site is refused, and then the last good one stays."""
    root = arguments.root.resolve()
    around = look_around(root) if arguments.fill and was_built(root) else None
    if around and (last := find_unchanged(root, around)):
        print(_sum_up(last, arguments.lang))
        return 0
    return _build(root, around, arguments)


def _build(root: Path, around: Surroundings | None, arguments: argparse.Namespace) -> int:
    from ..building.build import build_site
    from ..faults.report import render_text

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    result = build_site(root, fill=arguments.fill, around=around)
    if text := render_text(result.diagnostics, arguments.lang):
        print(text, file=sys.stderr)
    print(_sum_up(result, arguments.lang))
    return 0


def _sum_up(built: LastBuild | BuildResult, language: Language) -> str:
    """How many records and pages the site has, and where it is."""
    zh, en = f"{built.records} 条记录，{built.pages} 个页面", f"{built.records} records, {built.pages} pages"
    return f"{say(language, zh, en)} → {built.site}"
