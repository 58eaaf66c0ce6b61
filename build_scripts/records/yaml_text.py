"""YAML as text: bytes in, plain strings with their positions out.

Every scalar stays the text the editor typed; the schema types it later. Anchors, aliases,
tags and duplicate keys are refused here. Knows nothing of records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

import yaml

from ..words.characters import UNFIT, judge_character
from .document import OF_FIELDS, Data, Document, FieldPath, Mark, Positions, decode_text
from .slips import (
    WIDE_SPACES,
    quoted,
    report_slip,
    report_syntax,
    report_wide_comment,
    report_wide_space,
    text_at,
)

MAX_DEPTH = 16
MAX_VALUES = 5000
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_CONFLICTS = ("<<<<<<<", "=======", ">>>>>>>")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?= |$)", re.MULTILINE)
_COMMENT_AFTER_VALUE = re.compile(r"[ \t]+#(\S.*)$")
_WIDE_COMMENT = re.compile(r"(?<!\s)[ \t]*+([\u3000\xa0])\s*+#(.*)$")
_BLOCK_OF_DIGIT = re.compile(r"[>|][0-9]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCKS = (">", "|")
_RARE = (" #", "\t#", *WIDE_SPACES)  # looked for first: almost no file holds one
_MISLEADING = re.compile(
    r"[ \t]#\S|(?<!\s)[ \t]*+[\u3000\xa0]\s*+#|^[ -]*[\u3000\xa0].*:(?:\s|$)|[\u3000\xa0] *:(?:\s|$)",
    re.MULTILINE,
)
_OF_SETTINGS = ("：每行一项设置，如 site_dir: site", ", one setting a line, such as `site_dir: site`")
_TAGS_OF_SETTINGS = re.compile(
    r"!ENV|!relative|tag:yaml\.org,2002:(?:[a-z]+|python/name:.*|python/object/apply:(?:pymdownx|material)\..*)"
)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


def decode_document(path: str, content: bytes, about: tuple[str, str] = OF_FIELDS) -> Document:
    """Read one file's bytes (UTF-8 YAML); faults are in `diagnostics`, `data` is None when unusable."""
    return _decode(path, content, about, _build)


def decode_settings(path: str, content: bytes) -> Document:
    """Read one file of settings that a program takes over with some tags, anchors and aliases.

    What is right for that program is no fault; faults are as in a record's file. An alias stands as None.
    """
    return _decode(path, content, _OF_SETTINGS, partial(_build_with_care, builder=_SettingsBuilder))


def _decode(path: str, content: bytes, about: tuple[str, str], build: Callable[[Document], None]) -> Document:
    document = decode_text(path, content)
    document.about, document.locate = about, _locate
    if "\t" in document.text:
        _report_tabs(document)
    if any(marker in document.text for marker in _CONFLICTS):
        report_conflicts(document)
    if document.text and all(d.code == "B109" for d in document.diagnostics):
        build(document)
    elif not document.text and not document.diagnostics:
        document.report_form("B102", Mark(1, 1))
    return document


def _report_tabs(document: Document) -> None:
    """Report each tab that indents a line."""
    for match in _TAB_INDENT.finditer(document.text):
        document.report("B106", document.mark_at(match.end() - 1))
        if document.is_full("B106"):
            return


def report_conflicts(document: Document) -> None:
    """Report each line that a merge left between two versions."""
    for match in _CONFLICT.finditer(document.text):
        document.report("B127", document.mark_at(match.start()), marker=match[0])
        if document.is_full("B127"):
            return


class _RefusedError(Exception):
    """Parsing this file cannot go on; the fault is already reported."""


def yaml_tree(text: str) -> Any:
    """The nodes of a YAML text, each with its first and last mark."""
    return yaml.compose(text, Loader=_LOADER)


def _build(document: Document) -> None:
    try:
        document.data = _read_plain(document.text)
        document.is_plain = not document.diagnostics
    except (_UnusualError, yaml.YAMLError):
        _build_with_care(document)


def _build_with_care(document: Document, builder: type[_Builder] | None = None) -> None:
    """Read a file noting all positions and reporting all faults."""
    try:
        document.data = (builder or _Builder)(document).build()
    except yaml.MarkedYAMLError as error:
        report_syntax(document, error)
        document.data = None
    except yaml.YAMLError as error:
        document.report("B101", Mark(1, 1), reason_zh=str(error), reason_en=str(error))
        document.data = None
    except _RefusedError:
        document.data = None


def _locate(text: str) -> Positions:
    """The positions of everything in a text that can be parsed, as far as it can be."""
    unnamed = Document("", text)
    _build_with_care(unnamed)
    return unnamed.positions or Positions()


class _UnusualError(Exception):
    """A file that is not plain: the careful reader says what is wrong, if anything is."""


def _read_plain(text: str) -> Data:
    """The data of a file without a fault, read as fast as PyYAML gives its events.

    Raises `_UnusualError` for whatever the careful reader would report, and for keys without a value.
    """
    if sum(map(text.count, ":-,[")) >= MAX_VALUES:  # each value but the first follows one of these
        raise _UnusualError
    if any(sign in text for sign in _RARE) and _MISLEADING.search(text):
        raise _UnusualError
    next_event = _LOADER(text).get_event
    next_event()
    if type(next_event()) is not yaml.DocumentStartEvent:
        raise _UnusualError
    data = _plain_value(next_event(), next_event, 0)
    next_event()
    if type(next_event()) is not yaml.StreamEndEvent:
        raise _UnusualError
    return data


def _plain_value(event: Any, next_event: Callable[[], Any], depth: int) -> Data:
    if event.anchor is not None or event.tag is not None or depth > MAX_DEPTH:
        raise _UnusualError
    if type(event) is yaml.ScalarEvent:
        return _plain_scalar(event)
    if type(event) is yaml.MappingStartEvent:
        return _plain_mapping(next_event, depth + 1)
    items: list[Data] = []
    while type(event := next_event()) is not yaml.SequenceEndEvent:
        items.append(_plain_value(event, next_event, depth + 1))
    return items


def _plain_mapping(next_event: Callable[[], Any], depth: int) -> dict[str, Data]:
    mapping: dict[str, Data] = {}
    while type(event := next_event()) is yaml.ScalarEvent:
        key = event.value
        if key in mapping or key == "<<" or event.anchor is not None or event.tag is not None:
            raise _UnusualError
        mapping[key] = _plain_value(next_event(), next_event, depth)
    if type(event) is not yaml.MappingEndEvent:
        raise _UnusualError
    return mapping


def _plain_scalar(event: Any) -> str:
    value, style = event.value, event.style
    if not value and style in _BLOCKS:
        raise _UnusualError
    if not style:
        if "- " in value:  # a list item may have been read as one more line of the text above it
            raise _UnusualError
        if value in _NULLS:
            raise _UnusualError
    elif style == '"' and UNFIT.search(value):
        raise _UnusualError
    return str(value)


def _event_mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


class _Builder:
    """Turns PyYAML's events into plain data, noting where each value and key stands."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._events: Iterator[Any] = yaml.parse(document.text, Loader=_LOADER)
        self._positions = document.positions = Positions()
        self._values = 0
        self._is_misread = False

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
            self._document.report_form("B102", Mark(1, 1))
        return None if self._is_misread else data

    def _refuse(self, code: str, event: Any, **values: object) -> NoReturn:
        self._document.report(code, _event_mark(event), **values)
        raise _RefusedError

    def _value(self, event: Any, path: FieldPath) -> Data:
        self._values += 1
        if len(path) > MAX_DEPTH:
            self._refuse("B113", event, limit=MAX_DEPTH)
        if self._values > MAX_VALUES:
            self._refuse("B117", event, limit=MAX_VALUES)
        self._refuse_markers(event)
        self._positions.values[path] = _event_mark(event)
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _refuse_markers(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse("B105", event, token=f"*{event.anchor}")
        if event.anchor is not None:
            self._refuse("B105", event, token=f"&{event.anchor}")
        if event.tag is not None:
            self._refuse("B105", event, token=event.tag)

    def _scalar(self, event: Any) -> str | None:
        """The text of a scalar; None for a plain empty, `~` or `null`."""
        if event.style == '"' and (match := UNFIT.search(event.value)):
            code, values = judge_character(match[0])
            self._document.report(code, _event_mark(event), **values)
        if not event.style and event.end_mark.line > event.start_mark.line:
            self._report_swallowed_item(event)
        if not event.style:
            self._report_lost_text(event)
            if "#" in event.value:
                self._report_kept_comment(event)
        if not event.value and event.style in _BLOCKS and (text := self._lost_header(event)):
            return text
        return None if not event.style and event.value in _NULLS else event.value

    def _report_swallowed_item(self, event: Any) -> None:
        """Report a list item that was read as one more line of the plain text above it."""
        first = event.start_mark.line
        for number in range(first + 1, event.end_mark.line + 1):
            source = self._document.lines[number] if number < len(self._document.lines) else ""
            if source.lstrip(" ").startswith("- "):
                if report_slip(self._document, Mark(first + 1, 1)):
                    return
                mark = Mark(number + 1, len(source) - len(source.lstrip(" ")) + 1)
                self._document.report("B123", mark, item=source.strip())

    def _report_lost_text(self, event: Any) -> None:
        """Report text behind a plain scalar that reads as a comment but is not written as one."""
        line, column = event.end_mark.line, event.end_mark.column
        source = self._document.lines[line] if line < len(self._document.lines) else ""
        if match := _COMMENT_AFTER_VALUE.match(source, column):
            suggestion = quoted(f"{event.value}{match[0]}".strip())
            self._document.report("B124", Mark(line + 1, match.start(1)), suggestion=suggestion)

    def _report_kept_comment(self, event: Any) -> None:
        """Report what looks like a comment but is text, for the space before it is a wide one."""
        for number in range(event.start_mark.line, event.end_mark.line + 1):
            source = self._document.lines[number] if number < len(self._document.lines) else ""
            start = event.start_mark.column if number == event.start_mark.line else 0
            if match := _WIDE_COMMENT.search(source, start):
                report_wide_comment(self._document, Mark(number + 1, match.start(1) + 1), match[2].strip())

    def _lost_header(self, event: Any) -> str:
        """Report `>5`, which is read as the head of a text that never comes; its text."""
        line, column = event.start_mark.line, event.start_mark.column
        if not _BLOCK_OF_DIGIT.match(self._document.lines[line], column):
            return ""
        text = text_at(self._document, line, column)
        self._document.report("B121", _event_mark(event), character=text[0], suggestion=quoted(text))
        return text

    def _sequence(self, path: FieldPath) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: FieldPath) -> dict[str, Data]:
        mapping: dict[str, Data] = {}
        first: dict[str, Mark] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, mark = self._key(event), _event_mark(event)
            value_path = (*path, key)
            if first.setdefault(key, mark) != mark:
                self._document.report("B104", mark, key=key, first=first[key].line)
            self._positions.keys[value_path] = mark
            mapping[key] = self._value(next(self._events), value_path)
        return mapping

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            token = f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else "? […]"
            self._refuse("B105", event, token=token)
        self._refuse_markers(event)
        if event.value == "<<" and not event.style:
            self._refuse("B105", event, token="<<")
        if not event.style and event.value.strip("\u3000\xa0") != event.value:
            self._is_misread |= report_wide_space(self._document, _event_mark(event).line - 1)
        return str(event.value)


class _SettingsBuilder(_Builder):
    """Takes anchors, aliases and the tags that MkDocs knows; another tag may have it run any program."""

    def _refuse_markers(self, event: Any) -> None:
        tag = getattr(event, "tag", None)  # an alias has none
        if tag is not None and not _TAGS_OF_SETTINGS.fullmatch(tag):
            self._refuse("B105", event, token=tag)

    def _scalar(self, event: Any) -> str | None:
        return None if not event.style and event.value in _NULLS else str(event.value)

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse("B105", event, token="? […]")
        self._refuse_markers(event)
        return str(event.value)
