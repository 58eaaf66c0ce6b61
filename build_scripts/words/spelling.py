"""Words that are near: what was most likely meant by one that is not known, and how to ask. Knows words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_WORD = 60


def nearest(word: str, choices: Iterable[str]) -> dict[str, str]:
    """The hints “did you mean …?” of B2 and B3 rules: two languages, empty when nothing is near."""
    return suggest(closest(word, choices))


def suggest(match: str) -> dict[str, str]:
    """The hints for what was most likely meant; empty without it."""
    if not match:
        return {"hint_zh": "", "hint_en": ""}
    return {"hint_zh": f"，是否想写 {match}？", "hint_en": f", did you mean `{match}`?"}


def closest(word: str, choices: Iterable[str]) -> str:
    """The choice that a word is most likely a slip of; empty when none is near."""
    if len(word) > LONGEST_WORD:
        return ""
    choices = tuple(choices)
    plain = _plain(word)
    if same := next((choice for choice in choices if _plain(choice) == plain), ""):
        return same
    from difflib import get_close_matches  # which only a word that is wrong needs

    near = [choice for choice in choices if abs(len(choice) - len(word)) <= max(3, len(word) // 2)]
    return next(iter(get_close_matches(word, near, n=1, cutoff=0.6)), "")


def _plain(word: str) -> str:
    """A word without case, hyphens, underscores and spaces."""
    return re.sub(r"[-_ ]", "", word).casefold()
