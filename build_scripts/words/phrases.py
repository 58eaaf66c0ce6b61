"""Which of many phrases stand in a text, whatever markup surrounds them; in time that grows with the text alone.

A phrase is a run of letters and digits, single spaces inside. Knows no file and no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_RUN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_CHINESE = re.compile("[\u3400-\u9fff]")
_HEAD = 4  # characters by which a phrase is looked up; the shortest that can be found
_FEWEST_WORDS = 4


def split_phrases(text: str) -> Iterator[str]:
    """The phrases of a text, in order."""
    return (match[0] for match in _RUN.finditer(text))


def is_telling(phrase: str, characters: int) -> bool:
    """Whether a phrase is unlikely to be said twice: so many Chinese characters, or a few words of others."""
    chinese = len(_CHINESE.findall(phrase))
    return len(phrase) >= _HEAD and (chinese >= characters or (phrase.count(" ") + 1 >= _FEWEST_WORDS))


class Phrases:
    """A set of phrases to look for. Runs in which nothing was found are not looked at twice."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_head: dict[str, list[str]] = {}
        self._clean: set[str] = set()
        for phrase in sorted({p for p in phrases if len(p) >= _HEAD}):
            self._by_head.setdefault(phrase[:_HEAD], []).append(phrase)

    def __iter__(self) -> Iterator[str]:
        """Every phrase."""
        return (phrase for phrases in self._by_head.values() for phrase in phrases)

    def find(self, text: str) -> Mapping[str, int]:
        """The phrases that stand in a text, each with the offset where it first does."""
        if not self._by_head:
            return {}
        found: dict[str, int] = {}
        for match in _RUN.finditer(text):
            if (run := match[0]) in self._clean:
                continue
            inside = dict(self._find_in_run(run))
            for phrase, offset in inside.items():
                found.setdefault(phrase, match.start() + offset)
            if not inside:
                self._clean.add(run)
        return found

    def without(self, texts: Iterable[str]) -> Phrases:
        """The phrases that stand in none of some texts."""
        said: set[str] = set()
        for text in texts:
            said.update(self.find(text))
        return Phrases(set(self) - said)

    def _find_in_run(self, run: str) -> Iterator[tuple[str, int]]:
        heads = self._by_head
        for at in range(len(run) - _HEAD + 1):
            if (head := run[at : at + _HEAD]) not in heads:
                continue
            for phrase in heads[head]:
                if run.startswith(phrase, at):
                    yield phrase, at
