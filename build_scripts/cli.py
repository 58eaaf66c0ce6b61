"""The `belts` command: reads arguments, calls one function a command, prints, exits.

Exit 0 for success, 1 for faults in the data or a refused build, 2 for wrong usage, 3 for a bug of ours
(which keeps its traceback).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
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
        _print_summary(problems.diagnostics)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception:  # noqa: BLE001 (a bug of ours keeps its traceback and has its own exit code)
        traceback.print_exc()
        return 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="belts", description="示范片与精品带静态网站生成器")
    parser.add_argument("-C", dest="root", type=Path, default=Path(), help="project root (default: here)")
    parser.add_argument("--lang", type=Language, choices=list(Language), default=_locale_language())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check every record; print every fault")
    check.set_defaults(run=_check)
    build = commands.add_parser("build", help="build the site into site/")
    build.add_argument("--no-fill", dest="fill", action="store_false", help="send every page through MkDocs")
    build.set_defaults(run=_build)
    serve = commands.add_parser("serve", help="preview with live reload")
    serve.set_defaults(run=_serve)
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
    print(f"{len(dataset.entries)} records")
    _print_summary(diagnostics)
    return 1 if select_errors(diagnostics) else 0


def _build(arguments: argparse.Namespace) -> int:
    from .build import BuildFailed, build_site
    from .libraries import MissingLibraries

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        result = build_site(arguments.root.resolve(), fill=arguments.fill)
    except (BuildFailed, MissingLibraries) as error:
        print(f"belts: {error}", file=sys.stderr)
        return 1
    _print_diagnostics(result.prepared.diagnostics, arguments.lang)
    records = len(result.prepared.dataset.entries)
    pages = sum(1 for _ in result.site.rglob("index.html"))
    print(f"{records} records, {pages} pages → {result.site}")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from .build import serve_site

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    serve_site(arguments.root.resolve())
    return 0


def _print_diagnostics(diagnostics: Sequence[Diagnostic], language: Language) -> None:
    for diagnostic in diagnostics:
        print(format_diagnostic(diagnostic, language), file=sys.stderr)


def _print_summary(diagnostics: Sequence[Diagnostic]) -> None:
    errors = len(select_errors(diagnostics))
    print(f"{errors} errors, {len(diagnostics) - errors} warnings and notes", file=sys.stderr)
