"""YAML as text: bytes in, plain strings with their positions out.

Every scalar stays the text the editor typed; the schema types it later. Anchors, aliases,
tags and duplicate keys are refused here. Knows nothing of records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from .diagnostics import Diagnostic

Path: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_FULL_WIDTH_COLON = re.compile(
    r"^(\s*(?:- )?)([A-Za-z_][A-Za-z0-9_]*|[\u4e00-\u9fff]{1,8})：(.*)$", re.MULTILINE
)
_NESTED_COLON = re.compile(r"^(\s*(?:- )?[A-Za-z_]\w*): +([^\"'\[{|>&*!#].*: .*)$")
_WIDE_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A 1-based line and column, in characters."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """One YAML file as plain data.

    `data` holds only dicts, lists, strings and None (a key without a value). `marks` gives the
    position of every value by its path; `key_marks` that of every mapping key.
    """

    path: str
    text: str
    data: Data = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    key_marks: dict[Path, Mark] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def mark(self, path: Path) -> Mark:
        """The position of the value at a path, or of its nearest ancestor that has one."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))

    def key_mark(self, path: Path) -> Mark:
        """The position of the key at a path, or of the value when it is a list item."""
        return self.key_marks.get(path) or self.mark(path)

    def diagnose(self, code: str, mark: Mark, **values: object) -> Diagnostic:
        """A diagnostic at a mark of this file, with the line's text."""
        lines = self.text.splitlines()
        source_line = lines[mark.line - 1] if mark.line <= len(lines) else ""
        pairs = tuple((key, str(value)) for key, value in values.items())
        return Diagnostic(self.path, mark.line, mark.column, code, pairs, source_line)

    def report(self, code: str, mark: Mark, **values: object) -> None:
        """Add a diagnostic at a mark of this file."""
        self.diagnostics.append(self.diagnose(code, mark, **values))


def decode_document(path: str, content: bytes) -> Document:
    """Read one file's bytes (UTF-8 YAML); faults are in `diagnostics`, `data` is None when unusable."""
    document = Document(path, "")
    if len(content) > MAX_BYTES:
        document.report("B112", Mark(1, 1), size=len(content) // 1000, limit=MAX_BYTES // 1000)
        return document
    text = _decode_text(document, content)
    if text is None:
        return document
    document.text = text
    if _report_characters(document):
        return document
    _build(document)
    return document


def _decode_text(document: Document, content: bytes) -> str | None:
    for signature, encoding in _WIDE_ENCODINGS:
        if content.startswith(signature):
            document.report("B110", Mark(1, 1), encoding=encoding)
            return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        document.report("B110", Mark(line, 1), encoding=_guess_encoding(content))
        return None
    if text.startswith("\ufeff"):
        document.report("B109", Mark(1, 1))
        text = text[1:]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess_encoding(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "UTF-16" if b"\x00" in content else "?"
    return "GBK/GB18030"


def _report_characters(document: Document) -> bool:
    """Report control characters and tab indentation; True when the text cannot be parsed."""
    text = document.text
    for match in _CONTROL.finditer(text):
        document.report("B111", _mark_at(text, match.start()), codepoint=f"U+{ord(match[0]):04X}")
    for match in _TAB_INDENT.finditer(text):
        document.report("B106", _mark_at(text, match.end() - 1))
    return bool(document.diagnostics) and any(d.code != "B109" for d in document.diagnostics)


def _mark_at(text: str, offset: int) -> Mark:
    return Mark(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class _RefusedError(Exception):
    """Parsing this file cannot go on; the fault is already reported."""


def _build(document: Document) -> None:
    try:
        events = yaml.parse(document.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        document.data = _Builder(document, events).build()
    except yaml.MarkedYAMLError as error:
        _report_syntax(document, error)
        document.data = None
    except _RefusedError:
        document.data = None


def _event_mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


class _Builder:
    """Turns PyYAML's events into plain data, noting where each value and key stands."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._document = document
        self._events = events

    def build(self) -> Data:
        """The first document's data; more documents are a fault."""
        documents, data = 0, None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("B114", event)
                data = self._value(next(self._events), ())
        if documents == 0:
            self._document.report("B102", Mark(1, 1))
        return data

    def _refuse(self, code: str, event: Any, **values: object) -> NoReturn:
        self._document.report(code, _event_mark(event), **values)
        raise _RefusedError

    def _value(self, event: Any, path: Path) -> Data:
        if len(path) > MAX_DEPTH:
            self._refuse("B113", event, limit=MAX_DEPTH)
        if isinstance(event, yaml.AliasEvent):
            self._refuse("B105", event, token=f"*{event.anchor}")
        self._refuse_markers(event)
        self._document.marks[path] = _event_mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return None if event.value in ("", "~") and not event.style else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _refuse_markers(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse("B105", event, token=f"&{event.anchor}")
        if event.tag is not None:
            self._refuse("B105", event, token=event.tag)

    def _sequence(self, path: Path) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Data]:
        mapping: dict[str, Data] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            value_path = (*path, key)
            if key in mapping:
                first = self._document.key_marks[value_path].line
                self._document.report("B104", _event_mark(event), key=key, first=first)
            else:
                self._document.key_marks[value_path] = _event_mark(event)
            mapping[key] = self._value(next(self._events), value_path)
        return mapping

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            token = f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else "? […]"
            self._refuse("B105", event, token=token)
        self._refuse_markers(event)
        if event.value == "<<" and not event.style:
            self._refuse("B105", event, token="<<")
        return str(event.value)


def _report_syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    """Say what an editor most likely typed, falling back on the parser's own words."""
    mark = error.problem_mark or error.context_mark
    line = min(mark.line, len(document.text.splitlines()) - 1) if mark else 0
    source = document.text.splitlines()[line] if document.text else ""
    if match := _FULL_WIDTH_COLON.search(document.text):
        suggestion = f"{match[2]}: {match[3].strip()}"
        document.report("B107", _mark_at(document.text, match.end(2)), suggestion=suggestion)
    elif match := _NESTED_COLON.match(source):
        suggestion = f'{match[1].strip()}: "{match[2]}"'
        document.report("B108", Mark(line + 1, match.start(2) + 1), suggestion=suggestion)
    else:
        column = mark.column + 1 if mark else 1
        document.report("B101", Mark(line + 1, column), reason=error.problem or error.context or "?")
