"""`belts rename OLD NEW`: another id for a record, with every reference and its old address."""

from __future__ import annotations

import argparse

from ..editing.edits import carry_out, take_snapshot
from ..editing.renames import plan_rename
from ..reading.load import load_dataset
from .base import Commands, check_different, say_edits


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("rename", help="change a record's id, every reference to it and its address")
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Rename all or nothing; print every file that changed. 2 when there is nothing to change."""
    check_different(arguments.old, arguments.new, arguments.lang)
    before = take_snapshot(arguments.root)
    edits = plan_rename(load_dataset(arguments.root), arguments.root, arguments.old, arguments.new)
    carry_out(before, edits)
    print(say_edits(arguments.lang, edits.items()))
    return 0
