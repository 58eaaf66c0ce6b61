"""What MkDocs refuses in a strict build, as faults of ours: it says so in English and without a place.

Knows MkDocs' words, as of 1.6, and nothing else of it; what it says in other words is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..faults.diagnostics import Diagnostic
from ..layout import CONTENT
from ..reading.manuscripts import find_destinations
from ..records.document import Document, Mark, decode_text
from ..words.spelling import closest, suggest

_IN_PAGE = re.compile(
    r"Doc file '(?P<page>.+?)' contains (?P<sort>a|an absolute|an unrecognized relative) link '(?P<link>.*?)',"
    r" (?P<why>it was left as is|but .+?)\.(?: Did you mean '(?P<meant>.*)'\?)?(?: This seems .*)?",
    re.DOTALL,
)
_NO_ANCHOR = re.compile(
    r"but (?:there is no such anchor|the doc '(?P<page>.+)' does not contain an anchor) .*"
)


class Rendered(NamedTuple):
    """Where the hand-written pages are, and the anchors of every page that MkDocs has rendered, by its path."""

    root: Path
    anchors: Mapping[str, Collection[str]]


def word_refusal(message: str, rendered: Rendered) -> tuple[Diagnostic, ...]:
    """The faults that a message of MkDocs' tells of, at each place; none where it is not known or leads nowhere."""
    match = _IN_PAGE.fullmatch(message)
    return tuple(_word_link(match, rendered)) if match else ()


def _word_link(match: re.Match[str], rendered: Rendered) -> Iterator[Diagnostic]:
    page, link = match["page"], match["link"]
    document = _read(rendered.root, f"{CONTENT}/{page}")
    if no_anchor := _NO_ANCHOR.match(match["why"]):
        target, (before, _, anchor) = no_anchor["page"] or page, link.partition("#")
        near = closest(anchor, sorted(rendered.anchors.get(target, ())))
        code, values = "B611", {"page": target, "anchor": anchor, **suggest(near and f"{before}#{near}")}
    else:
        code = "B610" if match["sort"] == "an absolute" else "B609"
        values = {"got": link, **suggest(match["meant"] or "")}
    for mark in _find(document, link):
        yield document.diagnose(code, mark, **values)


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
