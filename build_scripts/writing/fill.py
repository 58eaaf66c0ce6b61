"""The fill path: one page rendered by the theme, its slots filled for every record.

A pattern page goes through MkDocs and Material once, with a mark in each slot; splitting its HTML at the
marks leaves the constant pieces. Values are only ever joined in between them and never searched, so no
text of a record can be taken for a mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

PROFILE_SLOTS = ("title", "head", "body")
VIEW_SLOTS = ("view",)


class Pattern(NamedTuple):
    """A rendered page split at its slots.

    The page is `pieces[0]`, the value of `slots[0]`, `pieces[1]`, the value of `slots[1]` and so on.
    """

    pieces: tuple[str, ...]
    slots: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """The page with every slot's value in place."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts.append(values[slot])
            parts.append(piece)
        return "".join(parts)


class ViewPage(NamedTuple):
    """A hand-written page that shows a view: the view's name and the page around it."""

    view: str
    pattern: Pattern


class AnchorLink(NamedTuple):
    """A link of a hand-written page into a profile page: both pages by their path in the folder of pages.

    `url` is the address of that profile, `anchor` the part of it that `link`, as it is written, leads to.
    """

    page: str
    link: str
    target: str
    url: str
    anchor: str


class Skeleton(NamedTuple):
    """What the theme has made of a site: all but what comes from records.

    `profiles` are the pattern pages by kind, empty when the theme has rendered every profile itself; `views`
    the hand-written pages with a view, by address; `hand_written` the addresses of all hand-written pages, and of the
    headings in them that have been given a name; `anchor_links` what they name of profiles that the theme has not rendered.
    """

    profiles: Mapping[str, Pattern]
    views: Mapping[str, ViewPage]
    hand_written: frozenset[str]
    anchor_links: tuple[AnchorLink, ...] = ()


class PatternError(ValueError):
    """A rendered pattern page does not hold its slots as it must; the theme templates are at fault."""


def slot_mark(key: str, slot: str) -> str:
    """The mark that stands for a slot in the pattern page of `key`: letters and digits only.

    It passes unchanged through Markdown, HTML escaping and JSON.
    """
    return f"slot{slot}{hashlib.sha256(f'belts {key} {slot}'.encode()).hexdigest()[:24]}"


def split_pattern(key: str, html: str, slots: Sequence[str] = PROFILE_SLOTS) -> Pattern:
    """Split a rendered page at its marks. Every slot must occur, the last just once."""
    marks = {slot_mark(key, slot): slot for slot in slots}
    pieces = re.split("|".join(f"({mark})" for mark in marks), html)
    found = tuple(marks[piece] for piece in pieces[1:] if piece in marks)
    constant = tuple(piece for piece in pieces if piece is not None and piece not in marks)
    missing = [slot for slot in slots if slot not in found]
    if missing or found.count(slots[-1]) != 1:
        raise PatternError(f"page of {key}: missing {missing}, {slots[-1]} {found.count(slots[-1])} times")
    return Pattern(constant, found)
