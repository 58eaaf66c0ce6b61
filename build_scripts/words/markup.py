"""What can be told of Markdown without converting it: code spans, headings, and what a link leads to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_USER = re.compile(r"https?:[\\/]*[^\\/?#\s]*@", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+|\n[ \t]*\n")
_HEADING = re.compile(r"^(#{1,6})[^\n]*|^(?=\S)[^\n]+\n(=+|-+)[ \t]*$", re.MULTILINE)
_HEADING_TEXT = re.compile(r"#{1,6}[ \t]+([^\n{]+)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,1000}\)")
_SHALLOWEST, _DEEPEST = 2, 4


class ProseFault(NamedTuple):
    """A fault of a text: the rule, the offset of the faulty characters, and the rule's values."""

    code: str
    offset: int
    values: tuple[tuple[str, str], ...]


def blank_code(text: str) -> str:
    """The text with code spans blanked out, of the same length and with the same lines."""
    return blank_spans(text, _code_spans(text))


def blank_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with what stands from each start to its end blanked out, of the same length and with the same lines."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], re.sub(r"[^\n]", " ", text[start:end])]
        done = end
    return "".join((*pieces, text[done:]))


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each run of backticks up to the next run of the same length in its paragraph."""
    opened: dict[int, int] = {}
    for match in _BACKTICKS.finditer(text):
        length = len(match[0])
        if match[0][0] != "`":
            opened.clear()
        elif length in opened:
            yield opened[length], match.end()
            opened.clear()
        else:
            opened[length] = match.start()


def is_web_address(link: str) -> bool:
    """Whether a link leads to http or https, however its scheme is disguised."""
    plain = re.sub(r"[\s\x00-\x20]", "", html.unescape(link)).lower()
    return plain.startswith(("https://", "http://")) and not names_user(plain)


def names_user(link: str) -> bool:
    """Whether an address holds a user's name or a password, or pretends with one to lead elsewhere."""
    return _USER.match(html.unescape(link).strip()) is not None


def is_allowed(link: str) -> bool:
    """Whether a link with a scheme may stand in a page."""
    return link.strip().lower().startswith(_SCHEMES) and not names_user(link)


def has_scheme(link: str) -> bool:
    """Whether a link names a scheme, however disguised."""
    return _SCHEME.match(re.sub(r"[\s\x00-\x20]", "", html.unescape(link))) is not None


def heading_texts(bare: str) -> Iterator[str]:
    """The headings that number signs make, without where their links lead and the attributes behind them."""
    for heading in _HEADING.finditer(bare):
        if match := _HEADING_TEXT.match(heading[0]):
            yield _LINK.sub(r"\1", match[1]).rstrip("# ")


def heading_faults(bare: str, shallowest: int = _SHALLOWEST, deepest: int = _DEEPEST) -> Iterator[ProseFault]:
    """Headings that are too high, too deep, or skip a level."""
    level = shallowest - 1
    for match in _HEADING.finditer(bare):
        got = len(match[1]) if match[1] else 1 if match[2].startswith("=") else 2
        if not shallowest <= got <= min(level + 1, deepest):
            wanted = range(shallowest, min(level + 1, deepest) + 1)
            values = (("got", "#" * got), ("want", " 或 ".join("#" * n for n in wanted)))
            yield ProseFault("B604", match.start(), values)
        level = max(shallowest, min(got, level + 1))
