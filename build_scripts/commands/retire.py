"""`belts retire ID`: withdraw a record; its address then says so, or leads to another record."""

from __future__ import annotations

import argparse
import sys

from ..editing.edits import Changed, carry_out, take_snapshot
from ..editing.renames import plan_retirement
from ..faults.diagnostics import Problems
from ..reading.load import load_dataset
from .base import Commands, check_different, say, say_edits, today


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("retire", help="withdraw a record; its id is never used again")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--to", metavar="ID", default="", help="the record its address and links lead to")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Withdraw all or nothing; print every file that changed. 2 when a record would take its own place."""
    check_different(arguments.id, arguments.to, arguments.lang)
    before = take_snapshot(arguments.root)
    dataset = load_dataset(arguments.root)
    try:
        edits = plan_retirement(dataset, arguments.root, arguments.id, arguments.to, today().isoformat())
        carry_out(before, edits)
    except Changed:
        raise
    except Problems:
        zh = "没有改动任何文件。仍被引用的记录，先去掉引用，或用 --to 指定接替它的记录。"
        en = "Nothing was changed. Drop every mention of the record first, or name its successor with --to."
        if arguments.to:
            zh, en = "没有改动任何文件。先改好列出的各处。", "Nothing was changed. Mend what is listed first."
        print(say(arguments.lang, zh, en), file=sys.stderr)
        raise
    print(say_edits(arguments.lang, edits.items()))
    return 0
