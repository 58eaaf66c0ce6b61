"""`belts import BOOK.xlsx|FILE.csv`: what editors changed in a workbook, written to the records.

All or nothing. What is missing from the sheets is asked about, never removed silently.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..editing.edits import take_snapshot, writing
from ..errors import UsageError
from ..faults.diagnostics import Diagnostic, Problems, select_errors
from ..faults.report import Format
from ..faults.rules import Language
from ..reading.load import load_dataset
from ..sheets.faults import rehearse_import, show_at_cells
from ..sheets.grid import ENCODINGS
from ..sheets.guard import LARGEST_FILE
from ..sheets.plan import Plan, plan_edits, plan_import, plan_retirements, read_sheets
from .base import Commands, ask, one_of, say, say_edits, today

_QUESTION = "以上在表里没有。保留它们 [k]，撤下或删除它们 [r]，什么也不做 [n]？(keep, retire, neither) "

_NO_BASE = (
    "这个文件里没有导出时的底稿：导出之后别人的改动分辨不出来，表里写什么就改成什么",
    "this file does not say what was exported: what others have changed since cannot be told, the sheets decide",
)


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("import", help="write a workbook's or a CSV file's changes to the records")
    parser.add_argument("book", type=Path, metavar="BOOK.xlsx|FILE.csv")
    parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8", help="of a CSV file")
    parser.add_argument("--sheet", default="", help="the sheet that a CSV file is (default: its name)")
    missing = parser.add_mutually_exclusive_group()
    missing.add_argument("--keep-missing", action="store_true", help="leave what has no row as it is")
    missing.add_argument("--retire-missing", action="store_true", help="withdraw what has no row")
    parser.add_argument(
        "--format",
        dest="report",
        type=one_of(Format),
        choices=list(Format),
        default=Format.TEXT,
        help="how faults are printed: text, json, github, gitlab or sarif",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import all or nothing; print every file that changed."""
    try:
        with arguments.book.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{arguments.book}: {_refusal(error, arguments.lang)}") from None
    book = read_sheets(arguments.book.name, content, arguments.encoding, arguments.sheet)
    if book.base is None:
        print(say(arguments.lang, *_NO_BASE), file=sys.stderr)
    before = take_snapshot(arguments.root)
    plan = plan_import(load_dataset(arguments.root), book)
    _refuse_faulty(arguments, plan)
    keep = _decide(arguments, plan.missing)
    edits = plan_edits(plan, arguments.root, keep=keep)
    if not keep:
        edits = _retire_missing(plan, arguments.root, edits)
    with writing(before, edits):
        if edits and (errors := select_errors(rehearse_import(plan, arguments.root, edits))):
            raise Problems(errors)
    if edits:
        print(say_edits(arguments.lang, edits.items()))
    print(say(arguments.lang, f"{len(edits)} 个文件有改动", f"{len(edits)} files changed"))
    return 0


def _refusal(error: OSError, language: Language) -> str:
    """Why a file could not be opened."""
    if isinstance(error, FileNotFoundError):
        return say(language, "没有这个文件", "there is no such file")
    if isinstance(error, IsADirectoryError):
        return say(language, "这是文件夹，不是文件", "this is a folder, not a file")
    return say(language, f"打不开（{error.strerror}）", f"it cannot be opened ({error.strerror})")


def _refuse_faulty(arguments: argparse.Namespace, plan: Plan) -> None:
    """Raise `Problems` with all there is to mend, when anything is or nobody is there to decide what is missing."""
    is_decided = arguments.keep_missing or arguments.retire_missing
    missing = [] if is_decided else plan.missing
    if plan.faults or (missing and not sys.stdin.isatty()):
        edits = plan_edits(plan, arguments.root, keep=True)
        undecided = [] if arguments.keep_missing else list(plan.gone.values())
        found = rehearse_import(plan, arguments.root, edits, undecided)
        raise Problems([*missing, *select_errors(found)])


def _retire_missing(plan: Plan, root: Path, edits: dict[str, bytes | None]) -> dict[str, bytes | None]:
    """The edits with those that withdraw what is missing. Raises `Problems` at the cells that still name it."""
    try:
        return plan_retirements(plan, root, edits, today())
    except Problems as problems:
        raise Problems(show_at_cells(plan, edits, problems.diagnostics)) from None


def _decide(arguments: argparse.Namespace, missing: Sequence[Diagnostic]) -> bool:
    """Whether what is missing stays. Raises `Problems` when the answer is neither."""
    if not missing or arguments.keep_missing or arguments.retire_missing:
        return not arguments.retire_missing
    for diagnostic in missing:
        print(f"{diagnostic.path}: {diagnostic.message(arguments.lang)}")
    answer = ask(_QUESTION).lower()
    if answer not in ("k", "r"):
        raise Problems(missing)
    return answer == "k"
