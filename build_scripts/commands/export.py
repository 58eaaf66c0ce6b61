"""`belts export BOOK.xlsx`: every record as a workbook, to be edited and imported again."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..editing.edits import explain_refusals, write_whole
from ..errors import UsageError
from ..faults.diagnostics import Problems, select_errors
from ..faults.rules import Language
from ..reading.load import load_dataset
from ..sheets.workbook import write_workbook
from .base import Commands, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("export", help="write every record to a workbook for Excel")
    parser.add_argument("book", type=Path, metavar="BOOK.xlsx")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook in one step; nothing when a record cannot be read."""
    book: Path = arguments.book
    _check_place(book, arguments.lang)
    dataset = load_dataset(arguments.root)
    if errors := select_errors(dataset.diagnostics):
        raise Problems(errors)
    with explain_refusals(book):
        content = write_workbook(dataset)
    write_whole(book, content)
    count = len(dataset.entries)
    print(f"{say(arguments.lang, f'{count} 条记录', f'{count} records')} → {book}")
    return 0


def _check_place(book: Path, language: Language) -> None:
    """Raise UsageError where no workbook can be written."""
    if book.suffix.lower() != ".xlsx":
        raise UsageError(f"{book}: {say(language, '写一个 .xlsx 文件名', 'name an .xlsx file')}")
    folder = book.absolute().parent
    if not folder.is_dir():
        zh, en = f"没有文件夹 {folder}，先建好它", f"there is no folder {folder}; make it first"
        raise UsageError(f"{book}: {say(language, zh, en)}")
