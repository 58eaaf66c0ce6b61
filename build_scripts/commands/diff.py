"""`belts diff [REV]`: what a change does to the public site, in words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from ..diff.account import Account, render_markdown, render_sheet, render_text, tell
from ..diff.comparison import compare_editions
from ..diff.history import Side, find_sides, load_side
from ..editing.edits import write_whole
from ..settings_files import SETTINGS
from .base import Commands, one_of, say


class _Form(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("diff", help="say what a change does to the public site")
    parser.add_argument(
        "revision",
        nargs="?",
        default="HEAD",
        metavar="REV",
        help="REV against the files as they are, REV..REV, or REV...REV since they parted (default: HEAD)",
    )
    parser.add_argument("--format", type=one_of(_Form), choices=list(_Form), default=_Form.TEXT)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it here instead of printing it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the account; 1 when an address is lost without a redirect, 2 for a revision that is none."""
    before, after = find_sides(arguments.root, arguments.revision)
    editions = load_side(arguments.root, before), load_side(arguments.root, after)
    comparison = compare_editions(*editions)
    site = editions[1].catalogue.city.title
    title = say(arguments.lang, f"{site}改动说明", f"{site}: what changes")
    sides = _called(before, arguments), _called(after, arguments)
    text = _render(arguments, tell(comparison, title, sides, arguments.lang))
    if arguments.output:
        write_whole(arguments.output, text.encode())
    else:
        sys.stdout.write(text)
    return 1 if comparison.broken else 0


def _called(side: Side, arguments: argparse.Namespace) -> str:
    """What one side is called."""
    if side.revision is None:
        return say(arguments.lang, "现在的文件", "the files as they are")
    revision = side.revision
    name = "" if revision.commit.startswith(side.name) else f"{side.name} "
    zh, en = f"{name}{revision.short}（{revision.date}）", f"{name}{revision.short} ({revision.date})"
    return say(arguments.lang, zh, en)


def _find_templates(root: Path) -> Path:
    """Where mkdocs.yml says that templates stand, or where they do without one."""
    from ..building.settings import find_settings  # which takes long to load
    from ..storage.cache import NO_CACHE

    if not (root / SETTINGS).is_file():
        return root / "site_templates"
    return find_settings(root.resolve(), NO_CACHE).templates


def _render(arguments: argparse.Namespace, account: Account) -> str:
    forms: dict[_Form, Callable[[], str]] = {
        _Form.TEXT: lambda: render_text(account) + "\n",
        _Form.MARKDOWN: lambda: render_markdown(account),
        _Form.HTML: lambda: render_sheet(account, _find_templates(arguments.root)),
    }
    return forms[arguments.format]()
