"""What is wrong with the input, where, and what to type: the one shape every fault takes.

Knows nothing of YAML, records or the site. Bad data never raises inside the core: stages
return diagnostics, and only the edge turns them into `Problems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from .rules import RULES, Language, Severity


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault at one place.

    `path` is relative to the project root with `/` separators; `line` and `column` count
    from 1, in characters. `values` fill the rule's message and help templates.
    `source_line` is the text of the faulty line, empty when there is none.
    """

    path: str
    line: int
    column: int
    code: str
    values: tuple[tuple[str, str], ...] = ()
    source_line: str = ""

    @property
    def severity(self) -> Severity:
        """The severity of the rule behind the code."""
        return RULES[self.code].severity

    def message(self, language: Language = Language.ZH) -> str:
        """The rule's message in one language, values filled in."""
        return RULES[self.code].message(language).format(**dict(self.values))

    def help(self, language: Language = Language.ZH) -> str:
        """What to type to mend it, in one language."""
        return RULES[self.code].help(language).format(**dict(self.values))


class Problems(Exception):
    """Everything a user can fix that was found in one run; the only exception for user errors."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sort_diagnostics(diagnostics)
        super().__init__("\n".join(format_diagnostic(d) for d in self.diagnostics))


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by path, line, column, code and drop exact repeats."""
    return tuple(
        sorted(dict.fromkeys(diagnostics), key=attrgetter("path", "line", "column", "code", "values"))
    )


def select_errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics that must stop a build."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def format_diagnostic(diagnostic: Diagnostic, language: Language = Language.ZH) -> str:
    """`path:line:col: error[CODE]: message`, the line with a caret, and a help line."""
    return "\n".join(_format_lines(diagnostic, language))


def _format_lines(diagnostic: Diagnostic, language: Language) -> Iterator[str]:
    where = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    yield f"{where}: {diagnostic.severity}[{diagnostic.code}]: {diagnostic.message(language)}"
    if diagnostic.source_line.strip():
        yield f"    {diagnostic.source_line}"
        yield f"    {_caret_padding(diagnostic)}^"
    if text := diagnostic.help(language):
        yield f"  help: {text}"


def _caret_padding(diagnostic: Diagnostic) -> str:
    """Spaces up to the column, full-width ones under full-width characters so the caret lines up."""
    before = diagnostic.source_line[: diagnostic.column - 1]
    return "".join("　" if ord(character) > 0x2E7F else " " for character in before)
