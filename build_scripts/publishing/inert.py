"""Whether what the converter has made of a hand-written page is inert: a last look, whatever stands in its Markdown.

`belts check` judges the Markdown, which is read in many ways; here stands what readers get. Only what is listed passes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic, limit_diagnostics
from ..records.document import Document
from ..words.markup import blank_code, has_scheme, is_allowed

_TAGS = re.compile(
    "a|abbr|b|blockquote|br|caption|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img"
    "|ins|kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|samp|small|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr"
    "|u|ul|var|wbr"
)
_ATTRIBUTES = re.compile(
    "align|alt|aria-[a-z]+|cite|class|colspan|datetime|dir|headers|height|href|id|lang|open|rel|reversed|role|rowspan|scope"
    "|span|src|start|title|type|value|width"
)
_ALIGNED = re.compile("text-align: (?:left|center|right);")
_EMPTY = {"br", "col", "hr", "img", "wbr"}  # elements without an end tag
_ENDED_BY_OTHERS = {
    "caption",
    "colgroup",
    "dd",
    "dt",
    "li",
    "p",
    "rp",
    "rt",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_DEEPEST = 100  # elements in one another, more than any page needs
_END = "<wbr>"  # which a tag that is never closed would swallow
_UNFINISHED = re.compile(r"<[A-Za-z/!?]")


class _Fault(NamedTuple):
    """A rule, a pattern by which the words are found in the Markdown, and how they are shown."""

    code: str
    pattern: str
    shown: str


def find_live_markup(document: Document, html: str) -> tuple[Diagnostic, ...]:
    """What is not inert or breaks the page around it; where its words first stand.

    B602 for each tag and attribute that is not listed, B603 and B614 for addresses, B618 for tags without a partner,
    B619 for links and headings without words, B620 for parts with one name.
    """
    return tuple(limit_diagnostics(_find(document, html)))


def _find(document: Document, html: str) -> Iterator[Diagnostic]:
    parser = _Parser()
    parser.feed(html + _END)
    parser.close()
    parser.end()
    text, bare = document.text, blank_code(document.text)
    counts: Counter[str] = Counter()
    for code, pattern, shown in dict.fromkeys(parser.found):
        counts[code] += 1
        if counts[code] > MOST_OF_A_KIND + 1:
            continue  # nobody is told: looking for thousands would take long
        if code == "B618":
            offset = _find_unpaired(bare, shown.strip("</>"), is_end=shown.startswith("</"))
        else:
            offset = _find_words(bare, pattern) or _find_words(text, pattern)
        key = {"B602": "markup", "B618": "markup", "B619": "what", "B620": "anchor"}.get(code, "got")
        yield document.diagnose(code, document.mark_at(offset), **{key: shown})


def _find_words(text: str, pattern: str) -> int:
    """Where a pattern first stands, `at` in it where it has such a group; the text's beginning where nowhere."""
    match = re.search(pattern, text, re.IGNORECASE | re.MULTILINE)
    if match is None:
        return 0
    return match.start("at") if match.groupdict().get("at") else match.start()


def _find_unpaired(text: str, tag: str, *, is_end: bool) -> int:
    """Where a tag stands that has no partner: the first end without a start, or the last start without an end."""
    opened: list[int] = []
    for match in re.finditer(rf"<(/?){tag}(?![\w-])", text, re.IGNORECASE):
        if not match[1]:
            opened.append(match.start())
        elif opened:
            opened.pop()
        elif is_end:
            return match.start()
    return opened[-1] if opened else max(0, text.lower().find(f"</{tag}" if is_end else f"<{tag}"))


class _Open(NamedTuple):
    """An element that has not ended; `words` gathers what readers are given of it."""

    tag: str
    address: str
    words: list[str]


class _Parser(HTMLParser):
    """Gathers what is wrong with the HTML of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[_Fault] = []
        self._open: list[_Open] = []
        self._anchors: set[str] = set()
        self._has_ended = False

    def end(self) -> None:
        """Look at what was left open."""
        if self._has_ended:
            self._leave(len(self._open))
        else:
            self.found.append(_Fault("B602", "<", "<…"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes, whose character references are resolved."""
        self._has_ended = self.get_starttag_text() == _END
        if not _TAGS.fullmatch(tag):
            self.found.append(_Fault("B602", rf"<{re.escape(tag)}", f"<{tag}>"))
        for name, value in attrs:
            self._judge_attribute(tag, name, value or "")
        given = {name: value or "" for name, value in attrs}
        if words := given.get("alt") or given.get("aria-label"):
            self._give(words)
        if tag in _ENDED_BY_OTHERS and self._open and self._open[-1].tag == tag:
            self._close(self._open.pop())  # a list's next item, a paragraph after another
        if len(self._open) == _DEEPEST and tag not in _EMPTY:
            self.found.append(_Fault("B618", "", f"<{tag}>"))
        elif tag not in _EMPTY:
            own = [given["aria-label"]] if given.get("aria-label") else []
            self._open.append(_Open(tag, given.get("href", ""), own))

    def _judge_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style" and tag in ("td", "th") and _ALIGNED.fullmatch(value):
            return  # the columns of a table
        if not _ATTRIBUTES.fullmatch(name):
            word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
            self.found.append(_Fault("B602", rf"[{{<][^{{}}<>\n]*?(?P<at>{word})", f"<{tag} {name}=…>"))
        elif name in ("href", "src", "cite") and (code := _judge(name, value)):
            words = re.escape(value) if value.strip("#") else rf"\](?P<at>\(\s*{value}\s*\))"
            self.found.append(_Fault(code, words, value))
        elif name == "id":
            if value in self._anchors:
                name = re.escape(value)
                place = rf"(?P<at>#{name}(?![\w-]))|id=[\"']?{name}(?![\w-])"
                self.found.append(_Fault("B620", place, value))
            self._anchors.add(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A slash ends nothing: browsers pass it over."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The end of an element, and of those in it that it ends."""
        if not any(element.tag == tag for element in self._open):
            code = "B618" if _TAGS.fullmatch(tag) else "B602"
            self.found.append(_Fault(code, rf"</{re.escape(tag)}", f"</{tag}>"))
            return
        inner = next(n for n, element in enumerate(reversed(self._open)) if element.tag == tag)
        self._leave(inner)
        self._close(self._open.pop())

    def _leave(self, count: int) -> None:
        """The innermost elements end, though their end tags are not there."""
        for _ in range(count):
            element = self._open.pop()
            if _TAGS.fullmatch(element.tag) and element.tag not in _ENDED_BY_OTHERS:
                self.found.append(_Fault("B618", "", f"<{element.tag}>"))

    def _close(self, element: _Open) -> None:
        if any(map(str.strip, element.words)):
            return
        if element.tag in _HEADINGS:
            level = "#" * int(element.tag[1])
            self.found.append(_Fault("B619", rf"^{level}[ \t]*(?:\{{[^}}\n]*\}}[ \t]*)?$", level))
        elif element.tag == "a" and element.address:
            self.found.append(_Fault("B619", r"(?<!!)\[\s*\]\(", element.address))

    def _give(self, words: str) -> None:
        for element in self._open:
            element.words.append(words)

    def handle_data(self, data: str) -> None:
        """Text; a browser may take a tag that was never closed for one."""
        self._give(data)
        if match := _UNFINISHED.search(data):
            self.found.append(_Fault("B602", re.escape(match[0]), data[match.start() :][:20]))

    def handle_entityref(self, name: str) -> None:
        """`&amp;` and the like."""
        self._give(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        """`&#48;` and the like."""
        self._give(unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 (its name is html.parser's)
        """A comment."""
        self.found.append(_Fault("B602", "<!--", "<!-- … -->"))

    def handle_decl(self, decl: str) -> None:
        """`<!DOCTYPE …>`."""
        self.found.append(_Fault("B602", "<!", f"<!{decl[:20]}>"))

    def unknown_decl(self, data: str) -> None:
        """`<![CDATA[…]]>` and the like."""
        self.found.append(_Fault("B602", "<!", f"<![{data[:20]}]>"))

    def handle_pi(self, data: str) -> None:
        """`<?…>`."""
        self.found.append(_Fault("B602", r"<\?", f"<?{data[:20]}>"))


def _judge(name: str, value: str) -> str:
    """The rule that an address in an attribute breaks, or nothing: a picture's is inside the site."""
    plain = re.sub(r"[\x00-\x20]", "", value)  # as browsers read it
    is_elsewhere = has_scheme(plain) or plain.replace("\\", "/").startswith("//")
    if name == "src":
        return "B603" if has_scheme(plain) and not is_allowed(plain) else "B614" if is_elsewhere else ""
    return (
        "B603" if (is_elsewhere and not is_allowed(plain)) or (name == "href" and plain in ("", "#")) else ""
    )
