"""`belts rollback`: make the release before live again."""

from __future__ import annotations

import argparse

from ..deploy.host import SSH, find_host
from ..deploy.release import roll_back
from .base import Commands, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("rollback", help="make the release before live again")
    parser.add_argument("target", help="a folder, or [user@]host:/folder")
    parser.add_argument("--to", default="", help="a release, by the beginning of its name")
    parser.add_argument("--ssh", default=SSH, help="the ssh command")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Roll back; 1 when there is nothing to return to."""
    release = roll_back(find_host(arguments.target, arguments.ssh), arguments.to)
    print(f"{release} {say(arguments.lang, '已上线', 'is live')}")
    return 0
