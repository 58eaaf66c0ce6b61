"""Identity-card and mobile numbers: finding them in any spelling, and masking them.

Formulas only: knows no file and no record. The check digit is GB 11643's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
# `\d` is any decimal digit, full-width ones included.
_GAP = "[ \u3000\\-－]?"
_NOT_INSIDE = r"(?<![\dA-Za-z])(?<!\d\.)"
_IDENTITY = re.compile(rf"{_NOT_INSIDE}[1-9１-９](?:{_GAP}\d){{16}}{_GAP}[\dXxＸｘ](?![\dA-Za-zＸｘ])")
_MOBILE = re.compile(
    rf"(?:(?<!\d)|(?<=(?<!\d)86)|(?<=0086))(?<!\d\.)[1１]{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
)
# 138.1234.5678, 138/1234/5678, 138、1234、5678 and (138)12345678; not two years, as in 150、2016、2018, nor a path.
_SIGNS, _SPACE = "./．／、·", "[ \u3000]?"
_FIRST = r"[1１][3-9３-９]\d"
_NO_YEARS = r"(?!(?:19|20)\d\d\D{1,3}(?:19|20)\d\d)"
_GROUPED = re.compile(
    r"(?:(?<![\dA-Za-z/])|(?<=86))(?:"
    rf"{_FIRST}{_SPACE}(?P<sign>[{_SIGNS}]){_SPACE}{_NO_YEARS}\d{{4}}{_SPACE}(?P=sign){_SPACE}\d{{4}}(?!\d|(?P=sign)\d)"
    rf"|[(（]{_FIRST}[)）]{_GAP}{_NO_YEARS}\d{{4}}{_GAP}\d{{4}}(?!\d))"
)
# What they hold, found quickly: the first two a long number, the last groups of four.
_LONG_NUMBER = re.compile("\\d[\\d \u3000\\-－]{9,}\\d")
_FOURS = re.compile(rf"[)）{_SIGNS}]{_GAP}\d{{4}}[ \u3000\-－{_SIGNS}]{{0,3}}\d{{4}}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A number found in a text: the rule it breaks, its digits alone, and where it stands."""

    code: str
    digits: str
    start: int
    end: int


def find_personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """Each valid identity-card number and each mobile number; digits may be full-width, spaced or grouped by signs."""
    if _LONG_NUMBER.search(text):
        yield from _find_spaced(text)
    if _FOURS.search(text):
        grouped = (match for match in _GROUPED.finditer(text) if not _goes_on(match))
        yield from (PersonalNumber("B902", _bare(m[0]), m.start(), m.end()) for m in grouped)


def _find_spaced(text: str) -> Iterator[PersonalNumber]:
    taken: list[tuple[int, int]] = []
    for match in _IDENTITY.finditer(text):
        digits = _bare(match[0])
        if _has_check_digit(digits):
            taken.append(match.span())
            yield PersonalNumber("B901", digits, match.start(), match.end())
    for match in _MOBILE.finditer(text):
        before = bisect_right(taken, (match.start(), len(text)))
        if before == 0 or taken[before - 1][1] <= match.start():
            yield PersonalNumber("B902", _bare(match[0]), match.start(), match.end())


def _goes_on(match: re.Match[str]) -> bool:
    """Whether the groups end a longer row, such as 120、138、1234、5678; a country code begins none."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    return before[-1:] == match["sign"] and before[-2:-1].isdigit() and before[:2] != "86"


def mask_personal_numbers(text: str) -> str:
    """The text with all but the first three and last four digits of each such number starred out.

    Length is kept, so columns stay right.
    """
    masked = list(text)
    for number in find_personal_numbers(text):
        places = [place for place in range(number.start, number.end) if masked[place].isalnum()]
        for place in places[3:-4]:
            masked[place] = "*"
    return "".join(masked)


def _bare(spelling: str) -> str:
    return "".join(filter(str.isalnum, spelling)).translate(_FULL_WIDTH_DIGITS).upper()


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1]
