"""`belts check`: read everything, print every fault that a build would refuse or warn of."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ..building.checking import check_project
from ..diff.comparison import check_addresses, compare_editions
from ..diff.history import find_sides, load_side
from ..faults.diagnostics import Diagnostic, select_errors, sort_diagnostics
from ..faults.report import Format, render_report, render_summary
from ..workers import uncollected
from .base import Commands, one_of, say, today


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("check", help="check every record and page; print every fault")
    parser.add_argument(
        "--format",
        type=one_of(Format),
        choices=list(Format),
        default=Format.TEXT,
        help="text, json, github, gitlab or sarif",
    )
    parser.add_argument(
        "--against", metavar="REV", help="report addresses that answered at a git revision and no more"
    )
    parser.add_argument("--verbose", action="store_true", help="note converted coordinates too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every fault; 1 when there is an error, 2 for a revision that is none."""
    root = arguments.root
    with uncollected():
        records, found, were_pages_read_only = check_project(root, today=today(), verbose=arguments.verbose)
    if arguments.against is not None:
        found = sort_diagnostics([*found, *_lost_addresses(root, arguments.against)])
    if text := render_report(found, arguments.format, arguments.lang):
        print(text)
    if were_pages_read_only:
        zh, en = (
            "没有 node_modules：手写页面只读了文字，没有试排",
            "no node_modules: pages were read, but not made",
        )
        print(say(arguments.lang, zh, en), file=sys.stderr)
    print(render_summary(found, records, arguments.lang), file=sys.stderr)
    return 1 if select_errors(found) else 0


def _lost_addresses(root: Path, revision: str) -> Iterator[Diagnostic]:
    before, after = find_sides(root, revision)
    return check_addresses(compare_editions(load_side(root, before), load_side(root, after)))
