"""`belts scan`: open every file of the built site; print what must not be published."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..faults.rules import Language
from ..layout import BELTS
from .base import Commands, check_built, describe_findings, find_site, say

if TYPE_CHECKING:
    from ..inspection.findings import Finding

_MOST_SHOWN = 10


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("scan", help="look for what must not be published in the built site")
    parser.add_argument(
        "site", nargs="?", type=Path, metavar="SITE", help="the built site (default: site_dir of mkdocs.yml)"
    )
    parser.add_argument(
        "--all", action="store_true", help="print every finding, not the first few of each rule"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings by rule; 1 when there is any, 2 when there is no site."""
    from ..gates.leaks import scan

    site = find_site(arguments.root, arguments.site)
    language: Language = arguments.lang
    check_built(site, language)
    if not (arguments.root / BELTS).is_dir():
        blind = say(
            language,
            "这里没有 belts/，没有查草稿、批注和撤下的记录",
            "no belts/ here: drafts, comments and withdrawn records were not looked for",
        )
        print(f"belts scan: {arguments.root.resolve()}: {blind}", file=sys.stderr)
    findings = scan(arguments.root.resolve(), site)
    print(describe(findings, language, limit=0 if arguments.all else _MOST_SHOWN))
    return 1 if findings else 0


def describe(findings: tuple[Finding, ...], language: Language, *, limit: int = _MOST_SHOWN) -> str:
    """The findings by rule, each rule with what to do; a limit of 0 shows all."""
    from ..inspection.leaks import RULES

    nothing = say(language, "没有发现不该公开的内容", "nothing that must not be published")
    total = say(language, f"{len(findings)} 处不该公开", f"{len(findings)} must not be published")
    return "\n".join([*describe_findings(findings, RULES, language, limit), total if findings else nothing])
