"""Plainly laid out YAML, read line by line: what nearly every record is, at half of what PyYAML takes.

A mapping with one key, one list item or both to a line, and scalars that end where their line ends. Gives exactly
what PyYAML gives, or refuses the text. Knows no position and no fault.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"

MAX_DEPTH = 16
MAX_VALUES = 5000
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_SKIPPED = re.compile(r"^ *(?:#.*)?\n", re.MULTILINE)
_LINE = re.compile(
    r"^( *)(- )?(?:([A-Za-z_][A-Za-z0-9_]*):(?: |$))?"
    r"""([^-\s?:,\[\]{}#&*!|>'"%@`].*|'[^'\n]*(?:''[^'\n]*)*'|"[^"\\\n]*"|\[\])?$""",
    re.MULTILINE,
)
"""Indent, dash, key and value. No value begins with a sign that means something to YAML."""


class UnusualLayout(Exception):
    """A text that is laid out in another way, or faulty, or that has a key without a value."""


def read_lines(text: str) -> dict[str, Data]:
    """The data of a text without invisible characters. Raises UnusualLayout."""
    if "#" in text or "\n\n" in text:
        text = _SKIPPED.sub("", text)
    text = text.rstrip("\n")
    lines = _LINE.findall(text)
    if "\t" in text or not len(lines) == text.count("\n") + 1 < MAX_VALUES // 2:
        raise UnusualLayout
    layout = _Layout()
    for indent, dash, key, value in lines:
        layout.add(len(indent), bool(dash), key, value)
    return layout.close()


class _Layout:
    """The mappings and lists that are open after a line, each with its column, the innermost last."""

    def __init__(self) -> None:
        self._root: dict[str, Data] = {}
        self._open: list[tuple[int, dict[str, Data] | list[Data]]] = [(0, self._root)]
        self._waiting = ""  # a key whose value stands on the lines below

    def add(self, column: int, is_item: bool, key: str, value: str) -> None:  # noqa: FBT001 (once a line)
        """Take in one line."""
        if self._waiting:
            self._begin(column, is_item=is_item)
        else:
            self._end(column, is_item=is_item)
        at, inner = self._open[-1]
        if at != column or is_item is not isinstance(inner, list) or not (key or (is_item and value)):
            raise UnusualLayout
        if isinstance(inner, list):
            if not key:
                inner.append(_scalar(value))
                return
            mapping: dict[str, Data] = {}
            inner.append(mapping)
            self._open.append((column + 2, mapping))
            inner = mapping
        if key in inner:
            raise UnusualLayout
        inner[key] = _scalar(value) if value else None
        self._waiting = "" if value else key

    def _begin(self, column: int, *, is_item: bool) -> None:
        """Open the value of the key that waits: lists may stand in their key's own column."""
        at, outer = self._open[-1]
        if column < at + (not is_item) or isinstance(outer, list) or len(self._open) >= MAX_DEPTH - 1:
            raise UnusualLayout
        value: dict[str, Data] | list[Data] = [] if is_item else {}
        outer[self._waiting] = value
        self._open.append((column, value))
        self._waiting = ""

    def _end(self, column: int, *, is_item: bool) -> None:
        """Close what a line in this column is no part of."""
        while column < self._open[-1][0]:
            self._open.pop()
        if not is_item and isinstance(self._open[-1][1], list):
            self._open.pop()

    def close(self) -> dict[str, Data]:
        """The whole."""
        if self._waiting or not self._root:
            raise UnusualLayout
        return self._root


def _scalar(text: str) -> Data:
    sign = text[0]
    if sign == "'":
        return text[1:-1].replace("''", "'")
    if sign == '"':
        return text[1:-1]
    if sign == "[":
        return []
    if text[-1] in ": " or ": " in text or " #" in text or text in NULLS:
        raise UnusualLayout
    return text
