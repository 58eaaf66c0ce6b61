"""`belts inspect`: play the inspector of public sites over a built site; print what would be marked down."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..faults.rules import Language
from ..inspection.inspector import RULES, inspect_site, load_site
from .base import Commands, check_built, describe_findings, find_site, say, today

_MOST_SHOWN = 5


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "inspect", help="look at the built site as an inspector of public sites does"
    )
    parser.add_argument(
        "site", nargs="?", type=Path, metavar="SITE", help="the built site (default: site_dir of mkdocs.yml)"
    )
    parser.add_argument("--all", action="store_true", help="print every page, not the first few of each rule")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings by rule; 1 when there is any, 2 when there is no site."""
    root = find_site(arguments.root, arguments.site)
    language: Language = arguments.lang
    check_built(root, language)
    site = load_site(root, today())
    findings = inspect_site(site)
    for line in describe_findings(findings, RULES, language, 0 if arguments.all else _MOST_SHOWN):
        print(line)
    pages = len(site.listed)
    print(
        say(
            language,
            f"{pages} 个页面：{len(findings)} 处会被扣分",
            f"{pages} pages: {len(findings)} marked down",
        )
    )
    return 1 if findings else 0
