"""`belts serve`: preview the site with live reload."""

from __future__ import annotations

import argparse
import logging

from .base import Commands


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("serve", help="preview with live reload")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from ..build import serve_site

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    serve_site(arguments.root.resolve())
    return 0
