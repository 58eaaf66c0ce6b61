"""The `belts` command: reads arguments, calls one function a command, prints, exits.

Exit 0 for success, 1 for faults in the data, 2 for wrong usage, 3 for a bug of ours.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .checks import check_dataset
from .diagnostics import Diagnostic, Problems, format_diagnostic, select_errors
from .load import load_dataset
from .rules import Language


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except Problems as problems:
        _print_diagnostics(problems.diagnostics, arguments.lang)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="belts", description="示范片与精品带静态网站生成器")
    parser.add_argument("-C", dest="root", type=Path, default=Path(), help="project root (default: here)")
    parser.add_argument("--lang", type=Language, choices=list(Language), default=_locale_language())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check every record; print every fault")
    check.set_defaults(run=_check)
    return parser


def _locale_language() -> Language:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return Language.EN if value.startswith("en") else Language.ZH
    return Language.ZH


def _check(arguments: argparse.Namespace) -> int:
    dataset = load_dataset(arguments.root)
    diagnostics = check_dataset(dataset)
    _print_diagnostics(diagnostics, arguments.lang)
    errors = len(select_errors(diagnostics))
    print(f"{len(dataset.entries)} records, {errors} errors, {len(diagnostics) - errors} warnings or notes")
    return 1 if errors else 0


def _print_diagnostics(diagnostics: Sequence[Diagnostic], language: Language) -> None:
    for diagnostic in diagnostics:
        print(format_diagnostic(diagnostic, language), file=sys.stderr)
