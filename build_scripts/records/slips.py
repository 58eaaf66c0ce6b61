"""What an editor most likely meant by YAML that says something else: a colon, a space, a hyphen, a quotation mark."""

from __future__ import annotations

import re

import yaml

from .document import Document, Mark

_WORD = r"[A-Za-z_][A-Za-z0-9_]*|[a-z]+/[a-z0-9-]+"  # a field, or an old address
_KEY = rf"(?:{_WORD}|[\u4e00-\u9fff]{{1,8}})"
_FULL_WIDTH_COLON = re.compile(rf"( *(?:- )?)({_KEY})：(.*)$")
_NO_SPACE_COLON = re.compile(rf"( *(?:- )?)({_WORD}):(?!//)([^\s:].*)$")
WIDE_SPACES = {"\u3000": ("全角空格", "full-width"), "\xa0": ("不间断空格", "no-break")}
_WIDE_SPACE = re.compile(  # after a key or a hyphen, before a colon, or where a field or an item is set in
    rf"( *+(?:- ++)?(?:{_KEY}:|-|{_KEY}(?=\s++:)|(?=\s++(?:-\s|{_KEY} *+[:：]))))([\u3000\xa0])\s*+(.*)$"
)
_WIDE_INDENT = re.compile(r"( *+)[\u3000\xa0]\s*+(\S.*)$")
_FIELD_OR_ITEM = re.compile(rf"-\s|{_KEY} *+[:：]")
_DASHES = "－–—−‐‑﹣•·●"
_NUMBER = r"(?:\d{1,2}(?:[.．](?=\s)|[、)）])|[（(]\d{1,2}[)）]|[①-⑳])(?=[^:]*$)"
_NO_ITEM = re.compile(
    rf"( *+)(?:-(?:(?=\t)|(?![\s-]))|[{_DASHES}](?![-{_DASHES}])|\*(?= )|{_NUMBER})\s*+(\S.*)$"
)
_BLOCK_SIGN = re.compile(r"\|[-+0-9]*\s*|>[-+]?\s+")  # >5 is a number
_TEXT_AFTER = re.compile(
    rf"(\s*+(?:- ++)*+(?:{_KEY}: ++)?)"
    r"(\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|\[[^\[\]]*+\]|\{[^{}]*+\})(\s*+[^\s#:\]}])"
)
_OPEN_QUOTE = re.compile(r"( *(?:- )?(?:\w+: +)?)\"(?:[^\"\\]|\\.)*$")
_QUOTED_TO_END = re.compile(r"\"(?:[^\"\\]|\\.)*+\" *(?:#.*)?$", re.MULTILINE | re.DOTALL)
_NESTED_COLON = re.compile(r"^(\s*(?:- )?[A-Za-z_]\w*): {1,9}([^ \"'\[{|>&*!#].*: .*)$")
_DASH_ON_LINE = re.compile(r"^\s*(?:- )?([A-Za-z_]\w*): {1,9}(- .*)$")
_BLOCK_HEAD = re.compile(r"[:-] +[>|][-+0-9]*(?: +#.*)?$")
_LONGEST_LINE = 1000


def quoted(text: str) -> str:
    """A text in one line as YAML that nothing in it can end."""
    if '"' in text or "\\" in text:
        return "'{}'".format(text.replace("'", "''"))
    return f'"{text}"'


def text_at(document: Document, line: int, column: int) -> str:
    """The rest of a line, without a comment."""
    return document.lines[line][column:].split(" #")[0].strip()


def report_syntax(document: Document, error: yaml.MarkedYAMLError) -> None:
    """Say what an editor most likely typed, falling back on the parser's own words."""
    line, column = _syntax_place(document, error)
    context = error.context_mark.line if error.context_mark else line
    nearby = sorted({max(line - 1, 0), line, min(context, len(document.lines) - 1)})
    if any(_WIDE_INDENT.match(document.lines[number]) for number in nearby) and _report_wide_indents(
        document
    ):
        return
    fields = (number for number in nearby if not is_in_block(document, number))
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
    values["suggestion"] = quoted(_BLOCK_SIGN.sub("", text_at(document, line, column), count=1))
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
    reports = (_report_colon, report_wide_space, _report_items)
    return any(report(document, at.line - 1) for report in reports)


def _report_colon(document: Document, line: int) -> bool:
    """Report a colon that is full-width or lacks its space."""
    for code, pattern in (("B107", _FULL_WIDTH_COLON), ("B118", _NO_SPACE_COLON)):
        if match := pattern.match(document.lines[line]):
            mark = Mark(line + 1, match.end(2) + 1)
            document.report(code, mark, suggestion=f"{match[2]}: {match[3].strip()}")
            return True
    return False


def report_wide_space(document: Document, line: int) -> bool:
    """Report a full-width or no-break space that stands where a plain one belongs."""
    match = _WIDE_SPACE.match(document.lines[line])
    if match:
        suggestion = f"{match[1].strip()} {match[3]}".replace(" :", ":", 1).strip()
        _report_space(document, Mark(line + 1, match.start(2) + 1), suggestion)
    return match is not None


def _report_wide_indents(document: Document) -> bool:
    """Report each line that full-width or no-break spaces set in, but for what YAML takes as a text of several lines."""
    found, head = 0, ""
    for number, source in enumerate(document.lines):
        if head and (not source.strip() or _depth(source) > _depth(head)):
            continue
        is_text = bool(head) and _width(source) > _width(head)
        match = _WIDE_INDENT.match(source)
        if match and (is_text or _FIELD_OR_ITEM.match(match[2])):
            _report_space(document, Mark(number + 1, match.end(1) + 1), match[2])
            found += 1
        head = source if _BLOCK_HEAD.search(source) else head * is_text
    return found > 0


def report_wide_comment(document: Document, mark: Mark, remark: str) -> None:
    """Report a full-width or no-break space before what is meant as a comment."""
    before = document.lines[mark.line - 1][: mark.column - 1].strip()
    _report_space(document, mark, f"{before} # {remark}")


def _report_space(document: Document, mark: Mark, suggestion: str) -> None:
    zh, en = WIDE_SPACES[document.lines[mark.line - 1][mark.column - 1]]
    document.report("B125", mark, space_zh=zh, space_en=en, suggestion=suggestion)


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


def is_in_block(document: Document, line: int) -> bool:
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


def _width(source: str) -> int:
    return len(source) - len(source.lstrip())


def _report_line(document: Document, line: int) -> bool:
    """Report a value on one line that goes on behind its quotation mark, holds a colon or begins a list."""
    source = document.lines[line]
    if match := _TEXT_AFTER.match(source):
        suggestion = f"{match[1].strip()} {quoted(text_at(document, line, match.start(2)))}"
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
