"""The one way a YAML file of belts/ is laid out: the model's order of fields, two spaces a level.

Every scalar is copied from the source text, never written anew, so no value can change; a comment moves with
the field it stands above, beside or in. Knows models by the order of their fields only.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel

from ..records.document import Data, Document
from ..records.shapes import inner_model
from ..records.yaml_text import decode_document, yaml_tree
from .schemas import MODELINE

Models = type[BaseModel] | None
Span = tuple[int, int, int]

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_MOST_LINES = 20_000


def format_document(document: Document, model: Models) -> str:
    """The canonical text of a document that decoded without errors; any model's fields come in its order.

    Fields that the model does not know follow in the order they were typed. A form of YAML that cannot be
    laid out without a change of meaning, or of a length no record has, comes back as it was.
    """
    if len(document.lines) > _MOST_LINES:
        return document.text
    source = _Source(document.text)
    if not source.entries:
        return document.text
    source.attach()
    body = dropwhile(lambda line: not line, _mapping(source.entries, model))
    text = "\n".join([*source.header, *body, *source.footer]) + "\n"
    return text if _is_same(document, source, text) else document.text


def _is_same(document: Document, source: _Source, text: str) -> bool:
    """Whether a new text holds the data and the comments of the old one."""
    new = decode_document(document.path, text.encode())
    if new.data != document.data or len(new.diagnostics) > len(document.diagnostics):
        return False
    return sorted(_Source(text).words) == sorted(source.words)


# -- reading -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Entry:
    """A field of a mapping (with its `key` as typed) or an item of a list (`key` empty), and its comments.

    Lines and columns count from 0.
    """

    line: int
    column: int
    key: str
    name: str
    value: Any
    parent: _Entry | None
    children: list[_Entry] = field(default_factory=list)
    scalar: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def chain(self) -> Iterator[_Entry]:
        """The entry and what it stands in, from the inside out."""
        entry: _Entry | None = self
        while entry is not None:
            yield entry
            entry = entry.parent


class _Comment(NamedTuple):
    line: int
    column: int
    text: str
    is_alone: bool


class _Source:
    """A YAML text as a tree of entries, each with its comments; empty when its root is no mapping."""

    def __init__(self, text: str) -> None:
        self.header: list[str] = []
        self.footer: list[str] = []
        self.entries: list[_Entry] = []
        self.comments: list[_Comment] = []
        self._lines = [*text.removesuffix("\n").split("\n"), ""]
        self._order: list[_Entry] = []
        self._spans: dict[int, list[tuple[int, int]]] = {}
        root = yaml_tree("\n".join(self._lines))
        if isinstance(root, yaml.MappingNode):
            self.entries = [self._entry(key, value, None) for key, value in root.value]
            self.comments = list(self._find_comments())

    @property
    def words(self) -> Iterator[str]:
        """The text of every comment."""
        return (comment.text for comment in self.comments if comment.text)

    def _entry(self, key: Any, value: Any, parent: _Entry | None) -> _Entry:
        """The entry of a field (`key` a node) or of an item (`key` None), with all below it."""
        line, column = self._dash(value, parent) if key is None else _start(key)
        name, typed = ("", "") if key is None else (str(key.value), self._key(key))
        entry = _Entry(line, column, typed, name, value, parent)
        self._order.append(entry)
        if isinstance(value, yaml.ScalarNode):
            entry.scalar = self._scalar(entry, value)
        elif isinstance(value, yaml.SequenceNode):
            entry.children = [self._entry(None, item, entry) for item in value.value]
        else:
            entry.children = [self._entry(key, inner, entry) for key, inner in value.value]
        return entry

    def _dash(self, value: Any, parent: _Entry | None) -> tuple[int, int]:
        """Where an item begins: at its hyphen, or at its value inside brackets."""
        mark = value.start_mark
        if parent is None or parent.value.flow_style:
            return mark.line, mark.column
        line, column = mark.line, mark.column
        while (found := self._lines[line].rfind("-", 0, column)) < 0 or self._lines[line][:found].strip(" -"):
            line, column = line - 1, len(self._lines[line - 1])
        return line, found

    def _key(self, node: Any) -> str:
        self._cover(node)
        start, end = node.start_mark, node.end_mark
        typed = self._lines[start.line][start.column : end.column] if start.line == end.line else ""
        return typed or json.dumps(node.value, ensure_ascii=False)

    def _scalar(self, entry: _Entry, node: Any) -> list[str]:
        """A scalar as typed: its first line, then the others at two spaces."""
        self._cover(node)
        start, end = node.start_mark, node.end_mark
        if node.style in ("|", ">"):
            return self._block(entry, node)
        if start.line == end.line:
            return [self._lines[start.line][start.column : end.column]]
        rest = [*self._lines[start.line + 1 : end.line], self._lines[end.line][: end.column]]
        return [self._lines[start.line][start.column :], *indent(line.lstrip(" \t") for line in rest)]

    def _block(self, entry: _Entry, node: Any) -> list[str]:
        """A block scalar: its header, with any digit for two spaces, and its lines at two spaces."""
        header = self._block_header(node)
        lines = self._lines[node.start_mark.line + 1 : node.end_mark.line]
        digit = re.search(r"\d", header)
        first = next((line for line in lines if line.strip()), "")
        depth = entry.column + int(digit[0]) if digit else len(first) - len(first.lstrip(" "))
        lines = [line[depth:] for line in lines]
        while lines and not lines[-1] and "+" not in header:
            lines.pop()
        return [re.sub(r"\d", "2", header), *indent(lines)]

    def _block_header(self, node: Any) -> str:
        match = _BLOCK_HEADER.match(self._lines[node.start_mark.line], node.start_mark.column)
        return match[0] if match else node.style

    def _cover(self, node: Any) -> None:
        """Note where a scalar stands: no comment begins there."""
        start, end = node.start_mark, node.end_mark
        is_block = node.style in ("|", ">")
        past = self._end_of_block(node) if is_block else end.line + 1
        for line in range(start.line, past):
            first = start.column if line == start.line else 0
            last = end.column if line == end.line else len(self._lines[line]) + 1
            if is_block and line == start.line:
                last = first + len(self._block_header(node))
            self._spans.setdefault(line, []).append((first, last))

    def _end_of_block(self, node: Any) -> int:
        """The line after a block scalar; blank lines below it are its own only when it keeps them (`+`)."""
        start, past = node.start_mark.line, int(node.end_mark.line)
        while "+" not in self._block_header(node) and past > start + 1 and not self._lines[past - 1].strip():
            past -= 1
        return past

    def _find_comments(self) -> Iterator[_Comment]:
        """Every comment, and every blank line as one without text."""
        for number, line in enumerate(self._lines[:-1]):
            spans = self._spans.get(number, [])
            if not spans and line.startswith("%"):
                continue
            column = line.find("#")
            for start, end in spans:
                column = line.find("#", end) if start <= column < end else column
            if column >= 0:
                is_alone = not line[:column].strip() or line.startswith("---")
                yield _Comment(number, column, line[column:].rstrip(), is_alone)
            elif not spans and not line.strip():
                yield _Comment(number, -1, "", is_alone=True)

    def attach(self) -> None:
        """Give every comment to the entry it belongs to; a blank line goes where the next comment goes."""
        placed: list[tuple[list[str], str]] = []
        target, run_line = self.footer, -1
        for comment in reversed(self.comments):
            if not comment.is_alone:
                placed.append((self._beside(comment), comment.text))
                continue
            if comment.text or comment.line + 1 != run_line:
                target = self._target(comment)
            run_line = comment.line
            placed.append((target, comment.text))
        for lines, text in reversed(placed):
            lines.append(text)
        self._split_header()

    def _target(self, comment: _Comment) -> list[str]:
        """The lines before the next entry, or after the one that a deeper comment ends."""
        at = bisect_right(self._order, comment.line, key=lambda entry: entry.line)
        if at < len(self._order) and (at == 0 or comment.column <= self._order[at].column):
            return self._order[at].before
        if at == len(self._order) and comment.column <= 0:
            return self.footer
        last = self._order[at - 1]
        if at < len(self._order) and self._order[at].parent is last:
            return self._order[at].before
        return next((e for e in last.chain if e.column <= comment.column), last).after

    def _beside(self, comment: _Comment) -> list[str]:
        """The comments of the innermost entry that begins before a comment on its line or above it."""
        at = (comment.line, comment.column)
        place = bisect_left(self._order, at, key=lambda entry: (entry.line, entry.column))
        if place == 0:
            return self._order[0].before
        owner = self._order[place - 1]
        for entry in owner.chain:
            end = entry.value.end_mark
            if getattr(entry.value, "flow_style", False) and (end.line, end.column) <= at:
                owner = entry
        return owner.beside

    def _split_header(self) -> None:
        """What stands at the top, up to a blank line or as modelines, stays at the top of the file."""
        top = self._order[0].before
        blank = max((i + 1 for i, line in enumerate(top) if not line), default=0)
        modelines = next((i for i, line in enumerate(top) if not line.startswith(MODELINE)), len(top))
        count = max(blank, modelines)
        self.header = list(_collapse(top[:count]))
        del top[:count]
        while self.header and not self.header[0]:
            self.header.pop(0)
        self.footer = list(_collapse(self.footer))
        while self.footer and not self.footer[-1]:
            self.footer.pop()


def _start(node: Any) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


# -- writing -------------------------------------------------------------------------------------


def _mapping(entries: Iterable[_Entry], model: Models) -> list[str]:
    """The lines of a mapping's fields in the model's order."""
    fields = model.model_fields if model else {}
    ranks = {name: rank for rank, name in enumerate(fields)}
    lines: list[str] = []
    for entry in sorted(entries, key=lambda entry: ranks.get(entry.name, len(ranks))):
        lines += _collapse(entry.before)
        annotation = fields[entry.name].annotation if entry.name in fields else None
        lines += _field(entry, inner_model(annotation))
        lines += _collapse(entry.after)
    return lines


def _field(entry: _Entry, model: Models) -> list[str]:
    if not entry.children:
        return _scalar_lines(f"{entry.key}:", entry)
    beside = "".join(f" {comment}" for comment in entry.beside[:1])
    return [*entry.beside[1:], f"{entry.key}:{beside}", *indent(_children(entry, model))]


def _children(entry: _Entry, model: Models) -> list[str]:
    if isinstance(entry.value, yaml.MappingNode):
        return _mapping(entry.children, model)
    return [line for item in entry.children for line in _item(item, model)]


def _item(entry: _Entry, model: Models) -> list[str]:
    """The lines of a list's item; a comment above its first field stands above its hyphen."""
    if not entry.children:
        return [*_collapse(entry.before), *_scalar_lines("-", entry), *_collapse(entry.after)]
    inner = _children(entry, model)
    above = next(i for i, line in enumerate(inner) if line and not line.startswith("#"))
    first, rest = inner[above], inner[above + 1 :]
    comments = _collapse([*entry.before, *entry.beside, *inner[:above]])
    return [*comments, f"- {first}", *indent(rest), *_collapse(entry.after)]


def _scalar_lines(label: str, entry: _Entry) -> list[str]:
    """A label with its scalar, or with the brackets of an empty collection."""
    empty = "[]" if isinstance(entry.value, yaml.SequenceNode) else "{}"
    first, *rest = entry.scalar or [empty]
    lines = [f"{label} {first}" if first else label, *rest]
    if entry.beside:
        at = 0 if getattr(entry.value, "style", None) in ("|", ">") else -1
        lines[at] += f" {entry.beside[0]}"
    return [*entry.beside[1:], *lines]


def indent(lines: Iterable[str], by: int = 2) -> list[str]:
    """Lines set in by so many spaces; empty ones stay empty."""
    return [f"{' ' * by}{line}" if line else "" for line in lines]


def as_scalar(text: str) -> str:
    """A text on one line: plain where it is read back as it is, as a value and as an item; else in double quotes."""
    is_plain = text == text.strip() and _reads_as(f"a: {text}\nb: x\n", {"a": text, "b": "x"})
    return text if is_plain and _reads_as(f"- {text}\n", [text]) else json.dumps(text, ensure_ascii=False)


def _reads_as(text: str, data: Data) -> bool:
    document = decode_document("", text.encode())
    return not document.diagnostics and document.data == data


def _collapse(lines: Iterable[str]) -> Iterator[str]:
    """Lines with runs of blank ones made one."""
    last = None
    for line in lines:
        if line or last != "":
            yield line
        last = line
