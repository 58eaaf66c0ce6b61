"""`belts live`: is the build in site/ the one that an address serves? For hosts that CI publishes to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .base import Commands, say, say_commit


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("live", help="check that an address serves the built site")
    parser.add_argument("url", help="the public address")
    parser.add_argument("--site", type=Path, default=None, help="the built site (default: site/)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare build.json here and there; 1 when they differ."""
    from ..deploy.host import DeployFailed
    from ..deploy.release import check_public, read_site

    site = arguments.site or arguments.root.resolve() / "site"
    try:
        stamp, _ = read_site(site)
        check_public(arguments.url, site)
    except DeployFailed as failure:
        print(f"belts: {failure}", file=sys.stderr)
        return 1
    print(
        f"{arguments.url} {say(arguments.lang, '是这一版', 'serves it')} · {say_commit(arguments.lang, stamp)}"
    )
    return 0
