"""The `belts` command: reads arguments, runs one module of `commands`, prints what stops it, exits.

Exit 0 for success, 1 for faults in the data or a refused build, 2 for wrong usage, 3 for a bug of ours
(which keeps its traceback).
"""

from __future__ import annotations

import argparse
import errno
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from . import commands
from .commands.base import check_records, check_text, is_text, one_of
from .errors import UsageError, UserError
from .faults.diagnostics import Problems, select_errors
from .faults.report import Format, render_report
from .faults.rules import Language

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSALS = (*_NO_ROOM, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)
"""A full disk, a quota, a size limit, a read-only disk, missing permissions, too long a name: what users can mend."""

_DESCRIPTION = {
    Language.ZH: "示范片与精品带静态网站生成器",
    Language.EN: "static-site generator for demonstration areas and boutique belts",
}

_ANYWHERE = ("explain", "inspect", "live", "rollback", "scan", "verify")
"""The commands that ask for no records."""


def run() -> NoReturn:
    """`main` as a process of its own, which ends at once: giving back thousands of records one by one takes long.

    Nothing that happens to be installed has a say in how records are typed, nor is looked for. What the terminal's
    encoding lacks is printed as its number.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    words = sys.argv[1:] if argv is None else argv
    arguments = make_parser(words).parse_args(words)
    try:
        code = _run(arguments, words)
        sys.stdout.flush()
    except UserError as error:
        _tell(error, arguments)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader has seen enough (`belts list | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refused(error, arguments)
    except Exception:  # noqa: BLE001 (a bug of ours keeps its traceback and has its own exit code)
        traceback.print_exc()
        return 3
    return code


def _run(arguments: argparse.Namespace, words: Sequence[str]) -> int:
    """Run the command. Raises UsageError when it asks for records and stands in a folder that has none or has no name.

    Also for words that are no text: a terminal in another encoding sends such.
    """
    _check_name(arguments.root)
    for word in words:
        check_text(word)
    if arguments.command not in _ANYWHERE:
        check_records(arguments.root, arguments.lang)
    return int(arguments.run(arguments))


def _check_name(root: Path) -> None:
    """Raises UsageError for a folder whose path is no text in the encoding of file names: no page could be made of it."""
    if not is_text(path := str(root.resolve())):
        name = path.encode(errors="backslashreplace").decode()
        raise UsageError(
            f"{name}: 路径不是 UTF-8 文字；请改名，或设 LC_ALL=C.UTF-8 再试"
            "（the path is no UTF-8 text: rename the folder, or try again with LC_ALL=C.UTF-8）"
        )


def _refused(error: OSError, arguments: argparse.Namespace) -> int:
    """A refusal that users can mend is said in words; any other is a bug."""
    if error.errno not in _REFUSALS:
        traceback.print_exception(error)
        return 3
    from .editing.edits import describe_refusal
    from .reading.file_names import report_unread

    where = Path(error.filename) if isinstance(error.filename, str) else arguments.root
    is_locked = os.path.exists(where) and not os.access(where, os.R_OK)  # noqa: PTH110 (which raises for some)
    fault = report_unread(where.as_posix(), error) if is_locked else describe_refusal(error, where)
    _print_problems(Problems([fault]), Format.TEXT, arguments.lang)
    return 1


def _tell(error: UserError, arguments: argparse.Namespace) -> None:
    if isinstance(error, Problems):
        _print_problems(error, getattr(arguments, "report", Format.TEXT), arguments.lang)
    else:
        print(f"belts {arguments.command}: {error}", file=sys.stderr)


def _print_problems(problems: Problems, form: Format, language: Language) -> None:
    """Text is for people and goes with the count to standard error, what programs read to standard output."""
    text = render_report(problems.diagnostics, form, language)
    print(text, file=sys.stderr if form is Format.TEXT else sys.stdout)
    errors = len(select_errors(problems.diagnostics))
    print(f"{errors} 处错误" if language is Language.ZH else f"{errors} errors", file=sys.stderr)


def make_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of every command, or of the one that the words name: loading all takes a third of a second."""
    parser = argparse.ArgumentParser(prog="belts", description=_DESCRIPTION[_asked_language(words)])
    parser.add_argument("-C", dest="root", type=Path, default=Path(), help="project root (default: here)")
    _add_language(parser, _locale_language())
    table = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in find_commands(words):
        module.add_parser(table)
    for command in table.choices.values():
        _add_language(command, argparse.SUPPRESS)
    return parser


def _add_language(parser: argparse.ArgumentParser, default: Language | str) -> None:
    """`--lang`, before the command and after it alike."""
    parser.add_argument(
        "--lang",
        type=one_of(Language),
        choices=list(Language),
        default=default,
        help="language of what is printed",
    )


def find_commands(words: Sequence[str] = ()) -> Iterator[ModuleType]:
    """Every module of `commands` that describes a command, by name; only the one that the words name, if any is."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    command = next((word for before, word in pairwise(("", *words)) if _is_command(before, word)), "")
    named = [name for name in names if name.rstrip("_").replace("_", "-") == command]
    for name in named or names:
        module = import_module(f"{commands.__name__}.{name}")
        if hasattr(module, "add_parser"):
            yield module


def _is_command(before: str, word: str) -> bool:
    """Whether a word is neither an option nor the value of one."""
    return not word.startswith("-") and before not in ("-C", "--lang")


def _asked_language(words: Sequence[str]) -> Language:
    """The language that the words ask for, before they are parsed; that of the locale when they ask for none."""
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [word for before, word in pairwise(words) if before == "--lang"]
    return next((language for language in Language if language in asked), _locale_language())


def _locale_language() -> Language:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return Language.EN if value.startswith("en") else Language.ZH
    return Language.ZH
