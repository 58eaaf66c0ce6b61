"""`belts hosting`: settings for a web server, with the site's policy, caching and compressed files."""

from __future__ import annotations

import argparse

from ..diagnostics import Problems
from ..hosting import DEFAULT, SERVERS, Serving
from ..load import load_dataset
from .base import Commands


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("hosting", help="print settings for a web server")
    parser.add_argument("server", choices=list(SERVERS), help="the server that will serve the site")
    parser.add_argument("--folder", default=DEFAULT.folder, help="where `belts deploy` puts releases")
    parser.add_argument("--listen", default=DEFAULT.address, help="a port, or for Caddy a host name")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings for the city of this project."""
    dataset = load_dataset(arguments.root.resolve(), "belts")
    if dataset.city is None:
        raise Problems(dataset.diagnostics)
    print(SERVERS[arguments.server](dataset.city, Serving(arguments.folder, arguments.listen)), end="")
    return 0
