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
        return _tell(last, arguments.lang)
    return _tell(_build(root, around, arguments), arguments.lang)


def _build(root: Path, around: Surroundings | None, arguments: argparse.Namespace) -> BuildResult:
    from ..building.build import build_site

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    return build_site(root, fill=arguments.fill, around=around)


def _tell(built: LastBuild | BuildResult, language: Language) -> int:
    """Every warning and note, how many records and pages the site has, and where it is."""
    if built.diagnostics:
        from ..faults.report import render_text

        print(render_text(built.diagnostics, language), file=sys.stderr)
    zh, en = f"{built.records} 条记录，{built.pages} 个页面", f"{built.records} records, {built.pages} pages"
    print(f"{say(language, zh, en)} → {built.site}")
    return 0
