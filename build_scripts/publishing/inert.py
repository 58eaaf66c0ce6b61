"""Whether what the converter has made of a hand-written page is inert: a last look, whatever stands in its Markdown.

`belts check` judges the Markdown, which is read in many ways; here stands what readers get. Only what is listed passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from ..faults.diagnostics import Diagnostic, limit_diagnostics
from ..records.document import Document
from ..words.markup import has_scheme, is_allowed

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
_END = "<wbr>"  # which a tag that is never closed would swallow
_UNFINISHED = re.compile(r"<[A-Za-z/!?]")


def find_live_markup(document: Document, html: str) -> tuple[Diagnostic, ...]:
    """B602 for each tag and attribute that is not listed, B603 and B614 for addresses; where their words first stand."""
    return tuple(limit_diagnostics(_find(document, html)))


def _find(document: Document, html: str) -> Iterator[Diagnostic]:
    parser = _Parser()
    parser.feed(html + _END)
    parser.close()
    if not parser.has_ended:
        parser.found.append(("B602", "<", "<…"))
    text = document.text.lower()
    for code, words, shown in dict.fromkeys(parser.found):
        place = document.mark_at(max(0, text.find(words.lower())))
        values = {"markup": shown} if code == "B602" else {"got": shown}
        yield document.diagnose(code, place, **values)


class _Parser(HTMLParser):
    """Gathers what is not inert: the rule, words by which it is found in the Markdown, how it is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str, str]] = []
        self.has_ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes, whose character references are resolved."""
        self.has_ended = self.get_starttag_text() == _END
        if not _TAGS.fullmatch(tag):
            self.found.append(("B602", f"<{tag}", f"<{tag}>"))
        for name, value in attrs:
            if name == "style" and tag in ("td", "th") and _ALIGNED.fullmatch(value or ""):
                continue  # the columns of a table
            if not _ATTRIBUTES.fullmatch(name):
                self.found.append(("B602", name, f"<{tag} {name}=…>"))
            elif name in ("href", "src", "cite") and (code := _judge(name, value or "")):
                self.found.append((code, value or "", value or ""))

    def handle_data(self, data: str) -> None:
        """Text; a browser may take a tag that was never closed for one."""
        if match := _UNFINISHED.search(data):
            self.found.append(("B602", match[0], data[match.start() :][:20]))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 (its name is html.parser's)
        """A comment."""
        self.found.append(("B602", "<!--", "<!-- … -->"))

    def handle_decl(self, decl: str) -> None:
        """`<!DOCTYPE …>`."""
        self.found.append(("B602", "<!", f"<!{decl[:20]}>"))

    def unknown_decl(self, data: str) -> None:
        """`<![CDATA[…]]>` and the like."""
        self.found.append(("B602", "<!", f"<![{data[:20]}]>"))

    def handle_pi(self, data: str) -> None:
        """`<?…>`."""
        self.found.append(("B602", "<?", f"<?{data[:20]}>"))


def _judge(name: str, value: str) -> str:
    """The rule that an address in an attribute breaks, or nothing: a picture's is inside the site."""
    plain = re.sub(r"[\x00-\x20]", "", value)  # as browsers read it
    if has_scheme(plain) and not is_allowed(plain):
        return "B603"
    is_elsewhere = has_scheme(plain) or plain.replace("\\", "/").startswith("//")
    return "B614" if name == "src" and is_elsewhere else ""
