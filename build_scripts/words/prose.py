"""Longer texts in Markdown: what is refused in them, and their HTML.

Raw HTML is never passed on: where it stands in a record's text it is refused with its place, and what a
converter would still let through is cut by an allow-list (nh3). Knows no record and no page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element  # only the type: the trees are Markdown's own

import markdown
import nh3
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import HTML_RE, InlineProcessor
from markdown.treeprocessors import Treeprocessor

from .markup import ProseFault, blank_code, heading_faults, is_web_address

_TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "h3",
        "h4",
        "h5",
        "em",
        "strong",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "del",
    ]
)
_ATTRIBUTES = {"a": {"href", "title"}, "th": {"align"}, "td": {"align"}, "ol": {"start"}}
_RECORD_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RECORD_LINK = re.compile(r'href="([a-z0-9-]+)"')
_WORDLESS_LINK = re.compile(r"(?<!!)\[\s*\]\(")
_WORDLESS_HEADING = re.compile(r"^#{1,6}[ \t]*#*[ \t]*$", re.MULTILINE)
_MOST_BRACKETS = 200  # the converter's cost grows with brackets times length
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9:-]*|!--|!\[CDATA|\?)")


class Prose(NamedTuple):
    """A text as sanitised HTML whose links to records still hold the bare id."""

    html: str
    faults: tuple[ProseFault, ...]
    record_links: tuple[tuple[str, int], ...]


def render_prose(text: str, address: Callable[[str], str]) -> str:
    """The HTML of a faultless text; `address` gives a record's address for links by id."""
    return _RECORD_LINK.sub(lambda m: f'href="{html.escape(address(m[1]))}"', read_prose(text).html)


@lru_cache(maxsize=4096)
def read_prose(text: str) -> Prose:
    """Convert a text and say what is wrong with it."""
    if text.count("[") > _MOST_BRACKETS:
        offset = _find(text, "[", _MOST_BRACKETS)
        return Prose("", (ProseFault("B602", offset, (("markup", "[ [ ["),)),), ())
    guard = _Guard()
    # Not by their names, for which all that is installed would be searched.
    extensions = (TableExtension(), SaneListExtension(), guard)
    converter = markdown.Markdown(extensions=extensions, output_format="html")
    try:
        raw = converter.convert(text)
    except RecursionError:
        return Prose("", (ProseFault("B113", 0, (("limit", "100"),)),), ())
    clean = nh3.clean(raw, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes={"http", "https"})
    bare = blank_code(text)
    faults = (*_markup_faults(guard, bare), *_link_faults(guard, bare), *heading_faults(bare))
    links = ((link, _find(bare, link, index)) for index, link in _counted(guard.links) if _is_id(link))
    return Prose(clean, tuple(sorted(faults, key=lambda f: f.offset)), tuple(links))


def _is_id(link: str) -> bool:
    return _RECORD_ID.fullmatch(link) is not None


def _markup_faults(guard: _Guard, bare: str) -> Iterator[ProseFault]:
    for index, markup in _counted(guard.markup):
        yield ProseFault("B602", _find(bare, markup, index), (("markup", f"{markup}{_close(markup)}"),))


def _close(markup: str) -> str:
    return " … -->" if markup.startswith("<!--") else ">"


def _link_faults(guard: _Guard, bare: str) -> Iterator[ProseFault]:
    for index, link in _counted(guard.links):
        if not (_is_id(link) or is_web_address(link)):
            yield ProseFault("B603", _find(bare, link or "]()", index), (("got", link),))
    for pattern, wordless in (
        (_WORDLESS_LINK, guard.wordless_links),
        (_WORDLESS_HEADING, guard.wordless_headings),
    ):
        places = chain((match.start() for match in pattern.finditer(bare)), repeat(0))
        for what, offset in zip(wordless, places, strict=False):
            yield ProseFault("B619", offset, (("what", what),))
    for index, image in _counted(guard.images):
        yield ProseFault("B606", _find(bare, image, index), (("got", image),))


def _counted(words: list[str]) -> Iterator[tuple[int, str]]:
    """Each word with how often it has come before."""
    seen: dict[str, int] = {}
    for word in words:
        yield seen.setdefault(word, 0), word
        seen[word] += 1


def _find(text: str, word: str, index: int) -> int:
    """The offset of the occurrence of a word, counted from 0; of the last one when there are fewer."""
    offset = text.find(word)
    for _ in range(index):
        following = text.find(word, offset + 1)
        if following < 0:
            break
        offset = following
    return max(offset, 0)


class _Guard(Extension):
    """Keeps raw HTML out of the result and notes it, with links and images; moves headings one level down."""

    def __init__(self) -> None:
        super().__init__()
        self.markup: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.wordless_links: list[str] = []
        self.wordless_headings: list[str] = []

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (Markdown's own name)
        """Markdown's hook."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("automail")
        md.inlinePatterns.register(_RawMarkup(self, md), "html", 90)
        md.treeprocessors.register(_Links(self, md), "links", 0)


class _RawMarkup(InlineProcessor):
    """Notes a piece of raw HTML and shows it as typed."""

    def __init__(self, guard: _Guard, md: markdown.Markdown) -> None:
        super().__init__(HTML_RE, md)
        self._guard = guard

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        """Markdown's hook."""
        name = _TAG.match(m[0])
        if name and not name[1].startswith("/"):
            self._guard.markup.append(f"<{name[1]}")
        return html.escape(m[0]), m.start(0), m.end(0)


class _Links(Treeprocessor):
    """Notes every link and image, and moves headings down by one: the page has its own above."""

    def __init__(self, guard: _Guard, md: markdown.Markdown) -> None:
        super().__init__(md)
        self._guard = guard

    def run(self, root: Element) -> None:
        """Markdown's hook."""
        for element in root.iter():
            self._note(element)
            if re.fullmatch("h[1-5]", str(element.tag)):
                element.tag = f"h{int(element.tag[1]) + 1}"

    def _note(self, element: Any) -> None:
        has_words = bool("".join(element.itertext()).strip())
        if element.tag == "a":
            self._guard.links.append(element.get("href", ""))
            if not has_words and not element.findall("img"):
                self._guard.wordless_links.append(element.get("href", ""))
        elif element.tag == "img":
            self._guard.images.append(element.get("src", ""))
        elif re.fullmatch("h[1-6]", str(element.tag)) and not has_words:
            self._guard.wordless_headings.append("#" * int(element.tag[1]))
