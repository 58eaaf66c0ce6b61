"""`belts live`: does an address serve the build in site/, file by file? For hosts that CI publishes to."""

from __future__ import annotations

import argparse
from pathlib import Path

from .base import Commands, find_site, say, say_commit


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("live", help="check that an address serves the built site")
    parser.add_argument("url", help="the public address")
    parser.add_argument(
        "--site", type=Path, default=None, help="the built site (default: site_dir of mkdocs.yml)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare build.json and then every file here and there; 1 when they differ."""
    from ..deploy.public import check_public, check_served
    from ..deploy.release import read_site

    site = find_site(arguments.root, arguments.site)
    stamp, hashes = read_site(site)
    check_public(arguments.url, site)
    count = check_served(arguments.url, site, hashes)
    words = say(arguments.lang, f"是这一版，{count} 个文件都对", f"serves it, {count} files alike")
    print(f"{arguments.url} {words} · {say_commit(arguments.lang, stamp)}")
    return 0
