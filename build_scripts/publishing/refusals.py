"""What MkDocs refuses in a strict build, as faults of ours: it says so in English and without a place.

Knows MkDocs' words, as of 1.6, and nothing else of it; what it says in other words is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic, Problems
from ..layout import CONTENT
from ..reading.manuscripts import find_destinations
from ..records.document import Document, Mark, decode_text
from ..words.spelling import closest, suggest
from ..writing.fill import AnchorLink

_IN_PAGE = re.compile(
    r"Doc file '(?P<page>.+?)' contains (?P<sort>a|an absolute|an unrecognized relative) link '(?P<link>.*?)',"
    r" (?P<why>it was left as is|but .+?)\.(?: Did you mean '(?P<meant>.*)'\?)?(?: This seems .*)?",
    re.DOTALL,
)
_NO_ANCHOR = re.compile(
    r"but (?:there is no such anchor|the doc '(?P<page>.+)' does not contain an anchor) .*"
)
_ID = re.compile(r'\sid="([^"]+)"')


class Rendered(NamedTuple):
    """Where the hand-written pages are, and the anchors of every page that MkDocs has rendered, by its path."""

    root: Path
    anchors: Mapping[str, Collection[str]]


def word_refusal(message: str, rendered: Rendered) -> tuple[Diagnostic, ...]:
    """The faults that a message of MkDocs' tells of, at each place; none where it is not known or leads nowhere."""
    match = _IN_PAGE.fullmatch(message)
    return tuple(_word_link(match, rendered)) if match else ()


def check_anchor_links(root: Path, read: Callable[[str], str], links: Iterable[AnchorLink]) -> None:
    """Look for the anchors that hand-written pages name of profiles, for MkDocs has not rendered these.

    `read` gives the page at an address. Raises `Problems` with a B611 for each anchor that is not there.
    """
    faults: list[Diagnostic] = []
    for link in links:
        anchors = _ID.findall(read(link.url))
        if link.anchor not in map(unescape, anchors):
            faults += _word_anchor(_read(root, f"{CONTENT}/{link.page}"), link.link, link.target, anchors)
    if faults:
        raise Problems(faults)


def read_page(site: Path, url: str) -> str:
    """The page at an address of a finished site."""
    return (site / url / "index.html").read_text(encoding="utf-8")


def _word_link(match: re.Match[str], rendered: Rendered) -> Iterator[Diagnostic]:
    page, link = match["page"], match["link"]
    document = _read(rendered.root, f"{CONTENT}/{page}")
    if no_anchor := _NO_ANCHOR.match(match["why"]):
        target = no_anchor["page"] or page
        yield from _word_anchor(document, link, target, rendered.anchors.get(target, ()))
        return
    code = "B610" if match["sort"] == "an absolute" else "B609"
    for mark in _find(document, link):
        yield document.diagnose(code, mark, got=link, **suggest(match["meant"] or ""))


def _word_anchor(
    document: Document, link: str, target: str, anchors: Collection[str]
) -> Iterator[Diagnostic]:
    """B611 for a link to a page that has other anchors."""
    before, _, anchor = link.partition("#")
    near = closest(anchor, sorted(anchors))
    for mark in _find(document, link):
        hint = suggest(near and f"{before}#{near}")
        yield document.diagnose("B611", mark, page=target, anchor=anchor, **hint)


def _read(root: Path, path: str) -> Document:
    """A file as text; empty when it was made by the program."""
    file = root / path
    return decode_text(path, file.read_bytes() if file.is_file() else b"")


def _find(document: Document, words: str) -> Iterator[Mark]:
    """Where a link stands in a page; where its words stand, or at the top, when it is spelt otherwise there."""
    text = document.text
    found = [start for start, end in find_destinations(text) if text[start:end] == words]
    alone = re.search(rf"(?<![\w/.]){re.escape(words)}(?![\w/.])", text)
    for offset in found or [alone.start() if alone else 0]:
        yield document.mark_at(offset)
