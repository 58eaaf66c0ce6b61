"""What is wrong with the input, where, and what to type: the one shape every fault takes.

Knows nothing of YAML, records or the site. Bad data never raises inside the core: stages
return diagnostics, and only the edge turns them into `Problems`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from ..errors import UserError
from ..words.characters import UNFIT, name_codepoint
from ..words.personal import mask_personal_numbers
from .rules import RULES, Language, Severity

MOST_OF_A_KIND = 50
_WIDTH = 160
_VALUE, _LIST = 200, 1200
_LISTS = ("known", "allowed", "folders")


class Diagnostic(NamedTuple):
    """One fault at one place.

    `path` is relative to the project root with `/` separators; `line` and `column` count
    from 1, in characters. `values` fill the rule's message and help templates.
    `source_line` is the text of the faulty line, empty when there is none; a long line is cut to a piece
    in which the fault stands at column `caret` (0: at `column`). In a workbook `path` is `book.xlsx!示范片`,
    line and column are the cell's, `cell` its name (`C12`).
    """

    path: str
    line: int
    column: int
    code: str
    values: tuple[tuple[str, str], ...] = ()
    source_line: str = ""
    caret: int = 0
    cell: str = ""

    @property
    def severity(self) -> Severity:
        """The severity of the rule behind the code."""
        return RULES[self.code].severity

    def message(self, language: Language = Language.ZH) -> str:
        """The rule's message in one language, values filled in."""
        return RULES[self.code].message(language).format(**dict(self.values))

    def help(self, language: Language = Language.ZH) -> str:
        """What to type to mend it, in one language."""
        rule = RULES[self.code]
        template = rule.cell_help(language) if self.cell else rule.help(language)
        return template.format(**dict(self.values))


def make_diagnostic(
    where: tuple[str, int, int], code: str, values: Mapping[str, object], source_line: str = ""
) -> Diagnostic:
    """A diagnostic fit to print: long texts cut, control characters shown, personal numbers masked.

    `where` is path, line and column.
    """
    path, line, column = where
    start = max(0, column - _WIDTH // 2) if len(source_line) > _WIDTH else 0
    piece = source_line[start : start + _WIDTH]
    if start:
        piece = f"…{piece}"
    if start + _WIDTH < len(source_line):
        piece += "…"
    pairs = tuple(
        (key, printable(str(value), _LIST if key in _LISTS else _VALUE)) for key, value in values.items()
    )
    shown = mask_personal_numbers(UNFIT.sub("�", re.sub(r"[\t\r\n]", " ", piece)))
    return Diagnostic(path, line, column, code, pairs, shown, column - start + bool(start))


def diagnose_file(path: str, code: str, /, **values: object) -> Diagnostic:
    """A diagnostic of a file as a whole, at its beginning."""
    return make_diagnostic((path, 1, 1), code, values)


def printable(text: str, limit: int = _VALUE) -> str:
    """A text in one line, cut at a limit, without control characters and personal numbers."""
    text = mask_personal_numbers(text[: limit * 2]).strip("\n")
    text = UNFIT.sub(_name_character, re.sub(r"[\t\r]", " ", text).replace("\n", "↵"))
    return text if len(text) <= limit else f"{text[:limit]}…"


def _name_character(match: re.Match[str]) -> str:
    return f"<{name_codepoint(match[0])}>"


class Problems(UserError):
    """Everything that was found to be wrong with the data in one run."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sort_diagnostics(diagnostics)
        super().__init__("\n".join(format_diagnostic(d) for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[Problems], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)  # so that it can come from another process


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by path, line, column, code and drop exact repeats."""
    return tuple(
        sorted(dict.fromkeys(diagnostics), key=attrgetter("path", "line", "column", "code", "values"))
    )


def select_errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics that must stop a build."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def limit_diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The first of each code in one file, then one B116 that says there are more; stays lazy."""
    counts: dict[tuple[str, str], int] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.path, diagnostic.code)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MOST_OF_A_KIND:
            yield diagnostic
        elif counts[key] == MOST_OF_A_KIND + 1:
            yield overflow(diagnostic)


def overflow(diagnostic: Diagnostic) -> Diagnostic:
    """B116 in the place of a diagnostic that is one too many."""
    values = (("rule", diagnostic.code), ("most", str(MOST_OF_A_KIND)))
    return Diagnostic(diagnostic.path, diagnostic.line, diagnostic.column, "B116", values)


def format_diagnostic(diagnostic: Diagnostic, language: Language = Language.ZH) -> str:
    """`path:line:col: error[CODE]: message`, the line with a caret, and a help line."""
    return "\n".join(_format_lines(diagnostic, language))


def _format_lines(diagnostic: Diagnostic, language: Language) -> Iterator[str]:
    where = f"{diagnostic.path}!{diagnostic.cell}"
    if not diagnostic.cell:
        where = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    yield f"{where}: {diagnostic.severity}[{diagnostic.code}]: {diagnostic.message(language)}"
    if diagnostic.source_line.strip():
        yield f"    {diagnostic.source_line}"
        yield f"    {_caret_padding(diagnostic)}^"
    if text := diagnostic.help(language):
        yield f"  help: {text}"


def _caret_padding(diagnostic: Diagnostic) -> str:
    """Spaces up to the column, full-width ones under full-width characters so the caret lines up."""
    before = diagnostic.source_line[: (diagnostic.caret or diagnostic.column) - 1]
    before = before.ljust((diagnostic.caret or diagnostic.column) - 1)
    return "".join("　" if _is_wide(character) else " " for character in before)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
