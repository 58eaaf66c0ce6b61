"""What is looked for in a built site, and what is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Rule(NamedTuple):
    """One thing that must not be in a site: `zh` and `en` say what is wrong, the others what to do about it."""

    code: str
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of a rule: its code, the file or page (empty for the whole site), the line or 0, and what was found.

    After `!` the path goes on inside a packed file. What is personal or secret is masked.
    """

    code: str
    path: str
    what: str
    line: int = 0

    @property
    def place(self) -> str:
        """The file and, where it is known, the line."""
        return f"{self.path}:{self.line}" if self.line else self.path


def sort_findings(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    """Return the findings without repeats, in the order of the rules, then by file and line."""
    order = list(rules)
    return tuple(sorted(set(findings), key=lambda f: (order.index(f.code), f.path, f.line, f.what)))
