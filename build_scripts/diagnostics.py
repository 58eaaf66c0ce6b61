"""What is wrong with the input, where, and what to type: the one shape every fault takes.

Knows nothing of YAML, records or the site. Bad data never raises inside the core: stages
return diagnostics, and only the edge turns them into `Problems`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from .personal import mask_personal_numbers
from .rules import RULES, Language, Severity

MOST_OF_A_KIND = 50
_WIDTH = 160
_VALUE, _LIST = 200, 1200
_LISTS = ("known", "allowed", "folders")
# Controls, line and paragraph separators, soft hyphen, fillers, what has no width (space, joiners, byte order
# mark), marks and overrides of direction, surrogates and noncharacters. Tab and newline are text.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
)
_SHAPELESS = "\ue000-\uf8ff\ufffd"  # private use, and what stands for a character that was lost
_FAR = "\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"  # tags, private use; not the variants of Han characters
UNFIT = re.compile(f"[{_INVISIBLE}{_SHAPELESS}{_FAR}]")
"""A character that no text may hold, for readers see nothing there, or nothing that was meant."""
UNFIT_NEAR = re.compile(f"[{_INVISIBLE}{_SHAPELESS}]")
"""The same for texts without characters beyond U+BFFFF: it takes half the time."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
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
    where: tuple[str, int, int], code: str, values: Iterable[tuple[str, object]] = (), source_line: str = ""
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
    pairs = tuple((key, printable(str(value), _LIST if key in _LISTS else _VALUE)) for key, value in values)
    shown = mask_personal_numbers(UNFIT.sub("�", re.sub(r"[\t\r\n]", " ", piece)))
    return Diagnostic(path, line, column, code, pairs, shown, column - start + bool(start))


def printable(text: str, limit: int = _VALUE) -> str:
    """A text in one line, cut at a limit, without control characters and personal numbers."""
    text = mask_personal_numbers(text[: limit * 2]).strip("\n")
    text = UNFIT.sub(_name_character, re.sub(r"[\t\r]", " ", text).replace("\n", "↵"))
    return text if len(text) <= limit else f"{text[:limit]}…"


def _name_character(match: re.Match[str]) -> str:
    return f"<{_codepoint(match[0])}>"


def _codepoint(character: str) -> str:
    return f"U+{ord(character):04X}"


def judge_character(character: str) -> tuple[str, dict[str, str]]:
    """The code and the values of the fault that a character of `UNFIT` is."""
    values = {"codepoint": _codepoint(character)}
    if character == "\ufffd":
        zh, en = "原来的字在转换编码时丢失了", "it stands for one that was lost when the text was converted"
    elif unicodedata.category(character) == "Co":
        zh, en = (
            "它是私用区的自造字，换一台电脑就是方框或别的字",
            "elsewhere it is a box or another character",
        )
    else:
        return "B111", values
    return "B129", {**values, "reason_zh": zh, "reason_en": en}


class Problems(Exception):
    """Everything a user can fix that was found in one run; the only exception for user errors."""

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


def limit_diagnostics(diagnostics: Iterable[Diagnostic], most: int = MOST_OF_A_KIND) -> Iterator[Diagnostic]:
    """The first of each code in one file, then one B116 that says there are more; stays lazy."""
    counts: dict[tuple[str, str], int] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.path, diagnostic.code)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            yield diagnostic
        elif counts[key] == most + 1:
            yield overflow(diagnostic, most)


def overflow(diagnostic: Diagnostic, most: int = MOST_OF_A_KIND) -> Diagnostic:
    """B116 in the place of a diagnostic that is one too many."""
    values = (("rule", diagnostic.code), ("most", str(most)))
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
