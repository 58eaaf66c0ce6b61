"""`belts build`: check the data and build the site."""

from __future__ import annotations

import argparse
import logging
import sys

from ..report import render_text
from .base import Commands


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("build", help="build the site into site/")
    parser.add_argument("--no-fill", dest="fill", action="store_false", help="send every page through MkDocs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build; 1 when the site is refused, and then the last good one stays."""
    from ..build import BuildFailed, build_site
    from ..libraries import MissingLibraries

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        result = build_site(arguments.root.resolve(), fill=arguments.fill)
    except (BuildFailed, MissingLibraries) as error:
        print(f"belts: {error}", file=sys.stderr)
        return 1
    if text := render_text(result.diagnostics, arguments.lang):
        print(text, file=sys.stderr)
    print(f"{result.records} records, {result.pages} pages → {result.site}")
    return 0
