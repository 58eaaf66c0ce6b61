"""One file as text and plain data, with the place of everything in it; bytes in, text out.

Knows neither YAML nor records: who has read the data says how its places are found.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic, make_diagnostic, overflow
from ..words.characters import UNFIT, UNFIT_NEAR, judge_character

FieldPath: TypeAlias = tuple[str | int, ...]  # where a value stands in a record: ("members", 2, "code")
Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"
OF_FIELDS = ("：每行一个字段，如 name: 滕头区域", ", one field a line, such as `name: 滕头区域`")
MAX_BYTES = 1_000_000
_CUT_OFF = "unexpected end of data"  # as Python words it
_FAR = (b"\xf3", b"\xf4")  # with which UTF-8 begins the characters beyond U+BFFFF
_SIGNATURES = (
    (b"\xff\xfe\x00\x00", "UTF-32", "UTF-32"),
    (b"\xff\xfe", "UTF-16", "UTF-16"),
    (b"\xfe\xff", "UTF-16", "UTF-16"),
    (b"PK\x03\x04", "Office 文档或压缩包", "an Office document or an archive"),
    (b"\xd0\xcf\x11\xe0", "Office 文档", "an Office document"),
    (b"\x89PNG", "PNG 图片", "a PNG picture"),
    (b"\xff\xd8\xff", "JPEG 图片", "a JPEG picture"),
    (b"%PDF-", "PDF 文档", "a PDF document"),
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A 1-based line and column, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each value and each mapping key of a file stands, by the path of the value."""

    values: dict[FieldPath, Mark] = field(default_factory=dict)
    keys: dict[FieldPath, Mark] = field(default_factory=dict)


def _nowhere(_text: str) -> Positions:
    return Positions()


@dataclass(slots=True)
class Document:
    """One file as plain data.

    `data` holds only dicts, lists, strings and None (a key without a value). `locate` finds the positions
    when they are first asked for: most files have no fault. `is_plain` says that it holds
    no fault and no key without a value. `about` tells, in both languages, what to write into a file of its kind.
    """

    path: str
    text: str
    about: tuple[str, str] = OF_FIELDS
    data: Data = None
    is_plain: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    positions: Positions | None = None
    locate: Callable[[str], Positions] = _nowhere
    _lines: list[str] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    @property
    def marks(self) -> dict[FieldPath, Mark]:
        """The position of every value, by its path."""
        return self._located().values

    @property
    def key_marks(self) -> dict[FieldPath, Mark]:
        """The position of every mapping key, by the path of its value."""
        return self._located().keys

    def _located(self) -> Positions:
        if self.positions is None:
            self.positions = self.locate(self.text)
        return self.positions

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        if not self._lines:
            self._lines = self.text.split("\n")
        return self._lines

    def forget_lines(self) -> None:
        """Split the text anew when it is next asked for its lines."""
        self._lines = []

    def mark(self, path: FieldPath) -> Mark:
        """The position of the value at a path, or of its nearest ancestor that has one."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))

    def path_at(self, mark: Mark) -> FieldPath:
        """The path of the value that a place stands in: of the last one to begin there or before, the innermost."""
        before = [path for path, at in self.marks.items() if at <= mark]
        return max(before, key=lambda path: (self.marks[path], len(path)), default=())

    def path_named_at(self, mark: Mark) -> FieldPath:
        """The path of the value whose key stands at a place, or else of the value that the place stands in."""
        return next((path for path, at in self.key_marks.items() if at == mark), ()) or self.path_at(mark)

    def mark_at(self, offset: int) -> Mark:
        """The position of a character of the text."""
        return _mark_at(self.text, offset)

    def key_mark(self, path: FieldPath) -> Mark:
        """The position of the key at a path, or of the value when it is a list item."""
        return self.key_marks.get(path) or self.mark(path)

    def diagnose(self, code: str, mark: Mark, **values: object) -> Diagnostic:
        """A diagnostic at a mark of this file, with the line's text."""
        source_line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        return make_diagnostic((self.path, mark.line, mark.column), code, values, source_line)

    def report(self, code: str, mark: Mark, **values: object) -> None:
        """Add a diagnostic at a mark of this file; of one code, no more than fit a reader's patience."""
        self._counts[code] += 1
        if self._counts[code] <= MOST_OF_A_KIND:
            self.diagnostics.append(self.diagnose(code, mark, **values))
        elif self._counts[code] == MOST_OF_A_KIND + 1:
            self.diagnostics.append(overflow(self.diagnose(code, mark, **values)))

    def report_form(self, code: str, mark: Mark, **values: object) -> None:
        """Add a diagnostic whose help tells what to write into the file."""
        self.report(code, mark, **values, about_zh=self.about[0], about_en=self.about[1])

    def is_full(self, code: str) -> bool:
        """Whether more of a code would not be listed."""
        return self._counts[code] > MOST_OF_A_KIND


def decode_text(path: str, content: bytes) -> Document:
    """Read one file's bytes as UTF-8 text; faults of size, encoding and characters are in `diagnostics`.

    The text is empty when it cannot be read.
    """
    document = Document(path, "")
    if len(content) > MAX_BYTES:
        document.report("B112", Mark(1, 1), limit=MAX_BYTES // 1000)
        return document
    text = _decode_text(document, content)
    if text is not None:
        document.text = text
        document.forget_lines()
        _report_characters(document, UNFIT if any(byte in content for byte in _FAR) else UNFIT_NEAR)
    return document


def _decode_text(document: Document, content: bytes) -> str | None:
    for signature, zh, en in _SIGNATURES:
        if content.startswith(signature):
            document.report("B110", Mark(1, 1), encoding_zh=zh, encoding_en=en)
            return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if marks := _find_odd_lines(content, error):
            for mark in marks:
                document.report("B130", mark, line=mark.line)
            return None
        zh, en = _guess_encoding(content, error)
        document.report("B110", _mark_of_byte(content, error.start), encoding_zh=zh, encoding_en=en)
        return None
    if text.count("\x00") > len(text) // 10:
        document.report("B110", Mark(1, 1), encoding_zh="UTF-16", encoding_en="UTF-16")
        return None
    if text.startswith("\ufeff"):
        document.report("B109", Mark(1, 1))
        text = text[1:]
    return unify_ends(text)


def unify_ends(text: str) -> str:
    """The text with LF as the end of every line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mark_of_byte(content: bytes, offset: int) -> Mark:
    """Line and column of a byte in text that is UTF-8 up to there."""
    before = unify_ends(content[:offset].decode("utf-8").removeprefix("\ufeff"))
    return _mark_at(before, len(before))


def _find_odd_lines(content: bytes, error: UnicodeDecodeError) -> list[Mark]:
    """Where the lines go wrong that are no UTF-8 among more that are; none in a file that is something else."""
    if error.reason == _CUT_OFF or b"\x00" in content:
        return []
    marks, sound = [], 0
    lines = content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            sound += not line.decode("utf-8").isascii()
        except UnicodeDecodeError as odd:
            marks.append(Mark(number, len(line[: odd.start].decode("utf-8")) + 1))
    return marks if sound > len(marks) else []


def _guess_encoding(content: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """What text that is not UTF-8 may be, in both languages."""
    if content.count(b"\x00") > len(content) // 10:
        return "UTF-16", "UTF-16"
    if error.reason == _CUT_OFF:
        return "没有保存完整的 UTF-8 文本", "UTF-8 text that was cut off"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "损坏的文本或二进制文件", "damaged text or a binary file"
    return "GBK/GB18030", "GBK/GB18030"


def _report_characters(document: Document, unfit: re.Pattern[str]) -> None:
    """Report each character that no text may hold."""
    for match in unfit.finditer(document.text):
        code, values = judge_character(match[0])
        document.report(code, document.mark_at(match.start()), **values)
        if document.is_full(code):
            return


def _mark_at(text: str, offset: int) -> Mark:
    return Mark(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
