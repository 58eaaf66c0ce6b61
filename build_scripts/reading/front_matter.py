"""The head of a hand-written page: `field: value` lines between two lines of hyphens, typed and checked like a record.

Which views and references there are is the caller's to know.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from pydantic import Field

from ..faults.diagnostics import Diagnostic
from ..records.dates import Day
from ..records.decode import decode_model
from ..records.document import Data, Document, Mark
from ..records.models import Choice, Model
from ..records.text import Line, Name
from ..records.yaml_text import decode_document
from ..words.spelling import nearest, suggest

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
_OPEN = {
    "hint_zh": "：第一行的 --- 之后，没有单独成行的 --- 收尾",
    "hint_en": ": no line of three hyphens follows the first",
}


class Hidden(Choice):
    """A part of a page's frame that it can do without."""

    TOC = "toc", "本页目录"


class Template(Choice):
    """A template of the theme that a page can be rendered by."""

    SITEMAP = "sitemap.html", "网站地图"


class FrontMatter(Model):
    """What a page says of itself."""

    title: Name = Field(title="题名", examples=["关于本站"])
    description: Line = Field(
        title="说明", description="一句话，搜索结果里显示", examples=["本站收录什么、依据什么"]
    )
    view: Name | None = Field(None, title="生成的部分", examples=["areas"])
    reference: Name | None = Field(None, title="生成的参考", examples=["fields"])
    template: Template | None = Field(None, title="模板")
    hide: tuple[Hidden, ...] = Field((), title="不显示", examples=["[toc]"])
    date: Day | None = Field(None, title="日期", examples=["2026-11-20"])


def check_front_matter(page: Document, choices: Mapping[str, Collection[str]]) -> Iterator[Diagnostic]:
    """Every fault of a page's front matter; `choices` are the values that some of its fields may have."""
    head = _read(page.path, page.text)
    if not _FIELD.search(head.text):
        is_open = page.text.startswith("---\n") and not FRONT_MATTER.match(page.text)
        yield page.diagnose("B608", Mark(1, 1), **(_OPEN if is_open else suggest("")))
        return
    decode_model(head, FrontMatter)
    yield from head.diagnostics
    data = head.data if isinstance(head.data, dict) else {}
    for key, known in choices.items():
        got = data.get(key)
        if isinstance(got, str) and got not in known:
            values = {"got": got, "allowed": "、".join(sorted(known)), **nearest(got, known)}
            yield head.diagnose("B204", head.mark((key,)), **values)


def read_front_matter(text: str) -> dict[str, Data]:
    """The front matter of a page without a fault, each value as it was typed."""
    data = _read("", text).data
    return data if isinstance(data, dict) else {}


def _read(path: str, text: str) -> Document:
    """The front matter alone, with the page's own line numbers."""
    match = FRONT_MATTER.match(text)
    return decode_document(path, f"\n{match[1]}".encode() if match else b"")
