"""Identity-card and mobile numbers: finding them in any spelling, and masking them.

Formulas only: knows no file and no record. The check digit is GB 11643's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
# `\d` is any decimal digit, full-width ones included.
_WHITE = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES = "\\-\u058a\u05be\u2010-\u2015\u2212\u2e3a\u2e3b\u301c\u3030\ufe31\ufe32\ufe58\ufe63\uff0d"
_SPACE = f"[{_WHITE}]{{0,2}}"
_GAP = f"[{_WHITE}{_DASHES}]{{0,3}}"
_NOT_INSIDE = r"(?<![\dA-Za-z])(?<!\d\.)"
_NO_MORE = r"(?![\dA-Za-zＸｘ])"
_IDENTITY = re.compile(rf"{_NOT_INSIDE}[1-9１-９](?:{_GAP}\d){{16}}{_GAP}[\dXxＸｘ]{_NO_MORE}")
_MOBILE = re.compile(
    r"(?:(?<!\d)|(?<=(?<![\d.])0)|(?<=(?<!\d)86)|(?<=0086))(?<!\d\.)"
    rf"(?!\d{{4}}[{_WHITE}{_DASHES}]{{1,3}}(?:1\d|20)\d\d\D)"  # a span of years and what it counts: 1978—2018 100
    rf"[1１]{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
)
# 138.1234.5678, 138/1234/5678, 138、1234、5678 and (138)12345678; not two years, as in 150、2016、2018, nor a path.
_SIGNS = "./．／、·・•,，_＿~～:：*＊…"
_SIGN = rf"{_SPACE}(?P<sign>[{_SIGNS}])(?P=sign){{0,2}}{_SPACE}"
_SAME = rf"{_SPACE}(?P=sign){{1,3}}{_SPACE}"
_FIRST = r"[1１][3-9３-９]\d"
_NO_YEARS = r"(?!(?:19|20)\d\d\D{1,3}(?:19|20)\d\d)"
_NO_DAY = r"(?!(?:19|20)\d\d[01]\d[0-3]\d)"
_GROUPED = re.compile(
    r"(?:(?<![\dA-Za-z/])|(?<=86)|(?<=(?<![\dA-Za-z/.])0))(?:"
    rf"{_FIRST}{_SIGN}{_NO_YEARS}\d{{4}}{_SAME}\d{{4}}(?!\d|(?P=sign)\d)"
    rf"|{_FIRST}[…~～*＊]{{1,3}}{_NO_DAY}\d{{8}}(?!\d)"
    rf"|[(（]{_FIRST}[)）]{_GAP}{_NO_YEARS}\d{{4}}{_GAP}\d{{4}}(?!\d))"
)
_GROUPED_IDENTITY = re.compile(rf"{_NOT_INSIDE}[1-9]\d{{5}}{_SIGN}\d{{8}}{_SAME}\d{{3}}[\dXxＸｘ]{_NO_MORE}")
# What they hold, found quickly: the first two a long number, the others groups of four.
_LONG_NUMBER = re.compile(rf"\d[\d{_WHITE}{_DASHES}]{{9,}}\d")
_APART = f"{_WHITE}{_DASHES}{_SIGNS}"
_FOURS = re.compile(rf"\d{_SPACE}[)）{_SIGNS}][{_APART}]{{0,5}}\d{{4}}[{_APART}]{{0,7}}\d{{3}}")
# What sets digits off within a number and is not shown: **, `, ~~, tags. A single * between digits is a sign of its own.
_SET_OFF = re.compile(r"\d(\*{2,3}|~~|`{1,3}|</?(?:b|code|del|em|i|mark|small|span|strong|u)>)(?=\d)")
LINE_END = re.compile(r"\n(?=\d)")  # which is shown as a space within a paragraph
_BIRTHDAY = re.compile(r"\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class PersonalNumber(NamedTuple):
    """A number found in a text: the rule it breaks, its digits alone, and where it stands."""

    code: str
    digits: str
    start: int
    end: int


def find_personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """Each valid identity-card number and each mobile number.

    Digits may be full-width, spaced, grouped by signs, or set off by Markdown or tags within a number.
    """
    found = set()
    for number in _find_shown(text):
        found.add(number.start)
        yield number
    if marks := [match.span(1) for match in _SET_OFF.finditer(text)]:
        bare, starts = _leave_out(text, marks)
        for number in _find_shown(bare):
            start, last = (_place_of(place, starts) for place in (number.start, number.end - 1))
            if start not in found:
                yield number._replace(start=start, end=last + 1)


def has_set_off(text: str) -> bool:
    """Whether Markdown or a tag stands right between two digits."""
    return _SET_OFF.search(text) is not None


def _leave_out(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The text without some spans; where each piece of it begins, now and before."""
    kept, starts, end, length = [], [(0, 0)], 0, 0
    for start, after in (*spans, (len(text), len(text))):
        kept.append(text[end:start])
        length += start - end
        end = after
        starts.append((length, after))
    return "".join(kept), starts


def _place_of(place: int, starts: list[tuple[int, int]]) -> int:
    """Where a place in what is left of a text stood before."""
    now, before = starts[bisect_right(starts, place, key=itemgetter(0)) - 1]
    return before + place - now


def _find_shown(text: str) -> Iterator[PersonalNumber]:
    if _LONG_NUMBER.search(text):
        yield from _find_spaced(text)
    if _FOURS.search(text):
        yield from (
            _number("B901", match) for match in _GROUPED_IDENTITY.finditer(text) if _is_identity(match[0])
        )
        yield from (_number("B902", match) for match in _GROUPED.finditer(text) if not _goes_on(match))


def _find_spaced(text: str) -> Iterator[PersonalNumber]:
    taken: list[tuple[int, int]] = []
    for match in _IDENTITY.finditer(text):
        if _is_identity(match[0]):
            taken.append(match.span())
            yield _number("B901", match)
    for match in _MOBILE.finditer(text):
        before = bisect_right(taken, (match.start(), len(text)))
        if before == 0 or taken[before - 1][1] <= match.start():
            yield _number("B902", match)


def _number(code: str, match: re.Match[str]) -> PersonalNumber:
    return PersonalNumber(code, _bare(match[0]), match.start(), match.end())


def _goes_on(match: re.Match[str]) -> bool:
    """Whether the groups are of a longer row, such as 120、138、1234、5678 or a line of CSV; a country code begins none."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    if match["sign"] == ",":
        return before[-1:] in {",", "["} or match.string.startswith(",", match.end())
    return before[-1:] == match["sign"] and before[-2:-1].isdigit() and before[:2] != "86"


def mask_personal_numbers(text: str) -> str:
    """The text with all but the first three and last four digits of each such number starred out.

    Length is kept, so columns stay right.
    """
    masked = list(text)
    for number in find_personal_numbers(text):
        places = [place for place in range(number.start, number.end) if masked[place].isdecimal()]
        last = 3 if number.digits.endswith("X") else 4
        for place in places[3:-last]:
            masked[place] = "*"
    return "".join(masked)


def _bare(spelling: str) -> str:
    return "".join(filter(str.isalnum, spelling)).translate(_FULL_WIDTH_DIGITS).upper()


def _is_identity(spelling: str) -> bool:
    """Whether eighteen digits hold a day of birth and end with their check digit."""
    digits = _bare(spelling)
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1] and _BIRTHDAY.match(digits) is not None
