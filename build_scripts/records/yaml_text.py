"""YAML as text: bytes in, plain strings with their positions out.

Every scalar stays the text the editor typed; the schema types it later. Anchors, aliases,
tags and duplicate keys are refused here. Knows nothing of records.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic, make_diagnostic, overflow
from ..words.characters import UNFIT, UNFIT_NEAR, judge_character

Path: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"

OF_FIELDS = ("：每行一个字段，如 name: 滕头区域", ", one field a line, such as `name: 滕头区域`")
MAX_BYTES = 1_000_000
MAX_DEPTH = 16
MAX_VALUES = 5000
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_WORD = r"[A-Za-z_][A-Za-z0-9_]*|[a-z]+/[a-z0-9-]+"  # a field, or an old address
_KEY = rf"(?:{_WORD}|[\u4e00-\u9fff]{{1,8}})"
_FULL_WIDTH_COLON = re.compile(rf"( *(?:- )?)({_KEY})：(.*)$")
_NO_SPACE_COLON = re.compile(rf"( *(?:- )?)({_WORD}):(?!//)([^\s:].*)$")
_CONFLICTS = ("<<<<<<<", "=======", ">>>>>>>")
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?= |$)", re.MULTILINE)
_WIDE_SPACES = {"\u3000": ("全角空格", "full-width"), "\xa0": ("不间断空格", "no-break")}
_WIDE_SPACE = re.compile(  # after a key or a hyphen, before a colon, or where a field or an item is set in
    rf"( *+(?:- ++)?(?:{_KEY}:|-|{_KEY}(?=\s++:)|(?=\s++(?:-\s|{_KEY} *+[:：]))))([\u3000\xa0])\s*+(.*)$"
)
_DASHES = "－–—−‐‑﹣•·●"
_NO_ITEM = re.compile(rf"( *+)(?:-(?![\s-])|[{_DASHES}](?![-{_DASHES}])|\*(?= ))\s*+(\S.*)$")
_TEXT_AFTER = re.compile(
    rf"(\s*+(?:- ++)*+(?:{_KEY}: ++)?)"
    r"(\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|\[[^\[\]]*+\]|\{[^{}]*+\})(\s*+[^\s#:\]}])"
)
_OPEN_QUOTE = re.compile(r"( *(?:- )?(?:\w+: +)?)\"(?:[^\"\\]|\\.)*$")
_QUOTED_TO_END = re.compile(r"\"(?:[^\"\\]|\\.)*+\" *(?:#.*)?$", re.MULTILINE | re.DOTALL)
_NESTED_COLON = re.compile(r"^(\s*(?:- )?[A-Za-z_]\w*): {1,9}([^ \"'\[{|>&*!#].*: .*)$")
_DASH_ON_LINE = re.compile(r"^\s*(?:- )?([A-Za-z_]\w*): {1,9}(- .*)$")
_COMMENT_AFTER_VALUE = re.compile(r"[ \t]+#(\S.*)$")
_BLOCK_HEAD = re.compile(r"[:-] +[>|][-+0-9]*(?: +#.*)?$")
_BLOCK_OF_DIGIT = re.compile(r"[>|][0-9]")
_FAR = (b"\xf3", b"\xf4")  # with which UTF-8 begins the characters beyond U+BFFFF
_LONGEST_LINE = 1000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCKS = (">", "|")
_RARE = (" #", "\t#", *_WIDE_SPACES)  # looked for first: almost no file holds one
_MISLEADING = re.compile(r"[ \t]#\S|^[ -]*[\u3000\xa0].*:(?:\s|$)|[\u3000\xa0] *:(?:\s|$)", re.MULTILINE)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
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
class _Positions:
    """Where each value and each mapping key of a file stands, by the path of the value."""

    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """One YAML file as plain data.

    `data` holds only dicts, lists, strings and None (a key without a value). Positions are looked for when
    they are first asked for: most files have no fault. `is_plain` says that it holds
    no fault and no key without a value. `about` tells, in both languages, what to write into a file of its kind.
    """

    path: str
    text: str
    about: tuple[str, str] = OF_FIELDS
    data: Data = None
    is_plain: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _positions: _Positions | None = None
    _lines: list[str] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    @property
    def marks(self) -> dict[Path, Mark]:
        """The position of every value, by its path."""
        return self._located().values

    @property
    def key_marks(self) -> dict[Path, Mark]:
        """The position of every mapping key, by the path of its value."""
        return self._located().keys

    def _located(self) -> _Positions:
        if self._positions is None:
            self._positions = _locate(self.text)
        return self._positions

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        if not self._lines:
            self._lines = self.text.split("\n")
        return self._lines

    def forget_lines(self) -> None:
        """Split the text anew when it is next asked for its lines."""
        self._lines = []

    def mark(self, path: Path) -> Mark:
        """The position of the value at a path, or of its nearest ancestor that has one."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))

    def path_at(self, mark: Mark) -> Path:
        """The path of the value that a place stands in: of the last one to begin there or before, the innermost."""
        before = [path for path, at in self.marks.items() if at <= mark]
        return max(before, key=lambda path: (self.marks[path], len(path)), default=())

    def mark_at(self, offset: int) -> Mark:
        """The position of a character of the text."""
        return _mark_at(self.text, offset)

    def key_mark(self, path: Path) -> Mark:
        """The position of the key at a path, or of the value when it is a list item."""
        return self.key_marks.get(path) or self.mark(path)

    def diagnose(self, code: str, mark: Mark, **values: object) -> Diagnostic:
        """A diagnostic at a mark of this file, with the line's text."""
        source_line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        return make_diagnostic((self.path, mark.line, mark.column), code, values.items(), source_line)

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


def decode_document(path: str, content: bytes, about: tuple[str, str] = OF_FIELDS) -> Document:
    """Read one file's bytes (UTF-8 YAML); faults are in `diagnostics`, `data` is None when unusable."""
    document = decode_text(path, content)
    document.about = about
    if "\t" in document.text:
        _report_tabs(document)
    if any(marker in document.text for marker in _CONFLICTS):
        _report_conflicts(document)
    if document.text and all(d.code == "B109" for d in document.diagnostics):
        _build(document)
    elif not document.text and not document.diagnostics:
        document.report_form("B102", Mark(1, 1))
    return document


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


def _guess_encoding(content: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """What text that is not UTF-8 may be, in both languages."""
    if content.count(b"\x00") > len(content) // 10:
        return "UTF-16", "UTF-16"
    if error.reason == "unexpected end of data":
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
        document.report(code, _mark_at(document.text, match.start()), **values)
        if document.is_full(code):
            return


def _report_tabs(document: Document) -> None:
    """Report each tab that indents a line."""
    for match in _TAB_INDENT.finditer(document.text):
        document.report("B106", _mark_at(document.text, match.end() - 1))
        if document.is_full("B106"):
            return


def _report_conflicts(document: Document) -> None:
    """Report each line that a merge left between two versions."""
    for match in _CONFLICT.finditer(document.text):
        document.report("B127", _mark_at(document.text, match.start()), marker=match[0])
        if document.is_full("B127"):
            return


def _mark_at(text: str, offset: int) -> Mark:
    return Mark(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


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


def _build_with_care(document: Document) -> None:
    """Read a file noting all positions and reporting all faults."""
    try:
        document.data = _Builder(document).build()
    except yaml.MarkedYAMLError as error:
        _report_syntax(document, error)
        document.data = None
    except yaml.YAMLError as error:
        document.report("B101", Mark(1, 1), reason_zh=str(error), reason_en=str(error))
        document.data = None
    except _RefusedError:
        document.data = None


def _locate(text: str) -> _Positions:
    """The positions of everything in a text that can be parsed, as far as it can be."""
    unnamed = Document("", text)
    _build_with_care(unnamed)
    return unnamed._positions or _Positions()  # noqa: SLF001 (a document made for this)


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
        self._positions = document._positions = _Positions()  # noqa: SLF001 (the one that fills it)
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

    def _value(self, event: Any, path: Path) -> Data:
        self._values += 1
        if len(path) > MAX_DEPTH:
            self._refuse("B113", event, limit=MAX_DEPTH)
        if self._values > MAX_VALUES:
            self._refuse("B117", event, limit=MAX_VALUES)
        if isinstance(event, yaml.AliasEvent):
            self._refuse("B105", event, token=f"*{event.anchor}")
        self._refuse_markers(event)
        self._positions.values[path] = _event_mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _refuse_markers(self, event: Any) -> None:
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
            suggestion = _quoted(f"{event.value}{match[0]}".strip())
            self._document.report("B124", Mark(line + 1, match.start(1)), suggestion=suggestion)

    def _lost_header(self, event: Any) -> str:
        """Report `>5`, which is read as the head of a text that never comes; its text."""
        line, column = event.start_mark.line, event.start_mark.column
        if not _BLOCK_OF_DIGIT.match(self._document.lines[line], column):
            return ""
        text = _text_at(self._document, line, column)
        self._document.report("B121", _event_mark(event), character=text[0], suggestion=_quoted(text))
        return text

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
                first = self._positions.keys[value_path].line
                self._document.report("B104", _event_mark(event), key=key, first=first)
            else:
                self._positions.keys[value_path] = _event_mark(event)
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
            self._is_misread |= _report_wide_space(self._document, _event_mark(event).line - 1)
        return str(event.value)


def _quoted(text: str) -> str:
    """A text in one line as YAML that nothing in it can end."""
    if '"' in text or "\\" in text:
        return "'{}'".format(text.replace("'", "''"))
    return f'"{text}"'


def _text_at(document: Document, line: int, column: int) -> str:
    """The rest of a line, without a comment."""
    return document.lines[line][column:].split(" #")[0].strip()


def _report_syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    """Say what an editor most likely typed, falling back on the parser's own words."""
    line, column = _syntax_place(document, error)
    context = error.context_mark.line if error.context_mark else line
    nearby = sorted({max(line - 1, 0), line, min(context, len(document.lines) - 1)})
    fields = (number for number in nearby if not _is_in_block(document, number))
    if any(report_slip(document, Mark(number + 1, 1)) for number in fields):
        return
    if _report_open_quote(document, line) or _report_line(document, line):
        return
    problem = error.problem or ""
    code = next((code for words, code in _CAUSES if words in f"{error.context}: {problem}"), "B101")
    source = document.lines[line]
    values = {"reason_zh": _REASONS.get(problem, problem), "reason_en": problem}
    mark = Mark(line + 1, min(column, len(source)) + 1)
    values["character"] = source[column : column + 1]
    values["suggestion"] = _quoted(_text_at(document, line, column))
    document.report(code, mark, **values)


def _syntax_place(document: Document, error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Line and column, from 0: where something was opened if it is never closed, else where it went wrong."""
    problem = error.problem or ""
    opened = (
        "unexpected end of stream" in problem or "expected ':'" in problem or "expected ',' or" in problem
    ) or error.context == _BLOCK
    mark = error.context_mark if opened and error.context_mark else error.problem_mark or error.context_mark
    return (min(mark.line, len(document.lines) - 1), mark.column) if mark else (0, 0)


def _report_open_quote(document: Document, line: int) -> bool:
    """Report the first line, up to a faulty one, with a double quote that no later line closes at its end."""
    start = 0
    for number, source in enumerate(document.lines[: line + 1]):
        match = _OPEN_QUOTE.match(source)
        if match and not _QUOTED_TO_END.match(document.text, start + match.end(1)):
            document.report("B119", Mark(number + 1, match.end(1) + 1))
            return True
        start += len(source) + 1
    return False


_BLOCK = "while scanning a block scalar"
_CAUSES = (
    ("unexpected end of stream", "B119"),
    ("did not find expected ',' or", "B120"),
    ("cannot start any token", "B121"),
    (_BLOCK, "B121"),
)
_REASONS = {
    "could not find expected ':'": "这一行缺少冒号",
    "did not find expected key": "这一行与同级字段没有对齐，或引号后还有文字",
    "did not find expected '-' indicator": "列表各项没有对齐",
    "mapping values are not allowed in this context": "这一行缩进不对，或一行里有两个冒号",
    "block sequence entries are not allowed in this context": "列表要另起一行",
    "did not find expected <document start>": "文件开头之外还有多余的内容",
    "did not find expected node content": "这里缺少内容",
    "found unknown escape character": "双引号里有不认识的反斜杠写法",
    "did not find expected alphabetic or numeric character": "& 和 * 在 YAML 里有特殊含义，文字要加引号",
    "found invalid Unicode character escape code": "双引号里的 \\u 写法不是字符",
    "found undefined tag handle": "以 ! 开头的文字要加引号",
}


def report_slip(document: Document, at: Mark) -> bool:
    """Report a colon, space or hyphen on a line that only looks like YAML's own; False when there is none."""
    reports = (_report_colon, _report_wide_space, _report_items)
    return any(report(document, at.line - 1) for report in reports)


def _report_colon(document: Document, line: int) -> bool:
    """Report a colon that is full-width or lacks its space."""
    for code, pattern in (("B107", _FULL_WIDTH_COLON), ("B118", _NO_SPACE_COLON)):
        if match := pattern.match(document.lines[line]):
            mark = Mark(line + 1, match.end(2) + 1)
            document.report(code, mark, suggestion=f"{match[2]}: {match[3].strip()}")
            return True
    return False


def _report_wide_space(document: Document, line: int) -> bool:
    """Report a full-width or no-break space that stands where a plain one belongs."""
    match = _WIDE_SPACE.match(document.lines[line])
    if match:
        zh, en = _WIDE_SPACES[match[2]]
        suggestion = f"{match[1].strip()} {match[3]}".replace(" :", ":", 1).strip()
        mark = Mark(line + 1, match.start(2) + 1)
        document.report("B125", mark, space_zh=zh, space_en=en, suggestion=suggestion)
    return match is not None


def _report_items(document: Document, line: int) -> bool:
    """Report a line, and those of its list below it, that begin with a mark which makes no item."""
    match = first = _NO_ITEM.match(document.lines[line])
    while match and first:
        mark = Mark(line + 1, match.end(1) + 1)
        document.report("B126", mark, suggestion=f"- {match[2].strip()}")
        line += 1
        match = _NO_ITEM.match(document.lines[line]) if line < len(document.lines) else None
        match = match if match and match[1] == first[1] else None
    return first is not None


def _is_in_block(document: Document, line: int) -> bool:
    """Whether a line is part of a text of several lines, in which signs mean themselves."""
    depth = _depth(document.lines[line])
    for source in reversed(document.lines[:line]):
        if source.strip() and _depth(source) < depth:
            if _BLOCK_HEAD.search(source):
                return True
            depth = _depth(source)
    return False


def _depth(source: str) -> int:
    return len(source) - len(source.lstrip(" "))


def _report_line(document: Document, line: int) -> bool:
    """Report a value on one line that goes on behind its quotation mark, holds a colon or begins a list."""
    source = document.lines[line]
    if match := _TEXT_AFTER.match(source):
        suggestion = f"{match[1].strip()} {_quoted(_text_at(document, line, match.start(2)))}"
        document.report("B128", Mark(line + 1, match.start(3) + 1), suggestion=suggestion)
        return True
    if len(source) > _LONGEST_LINE:
        return False
    if match := _DASH_ON_LINE.match(source):
        mark = Mark(line + 1, match.start(2) + 1)
        document.report("B122", mark, key=match[1], item=match[2])
    elif match := _NESTED_COLON.match(source):
        suggestion = f'{match[1].strip()}: "{match[2]}"'
        document.report("B108", Mark(line + 1, match.start(2) + 1), suggestion=suggestion)
    else:
        return False
    return True
