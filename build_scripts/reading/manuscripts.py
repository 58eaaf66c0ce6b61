"""Hand-written pages: the Markdown files of content/, read as text and checked for what pages may not hold.

Here are the faults that the publisher lets through; where links lead is judged in `pages/links`.
"""

from __future__ import annotations

import itertools
import os
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ..faults.diagnostics import (
    MOST_OF_A_KIND,
    Diagnostic,
    diagnose_file,
    limit_diagnostics,
    make_diagnostic,
    printable,
)
from ..layout import CONTENT
from ..records.document import MAX_BYTES, Document, decode_text
from ..records.yaml_text import report_conflicts
from ..words.markup import (
    ProseFault,
    blank_code,
    blank_spans,
    has_scheme,
    heading_faults,
    heading_texts,
    is_allowed,
)
from ..words.personal import LINE_END, mask_personal_numbers
from .allowed import find_unallowed
from .file_names import BACKUP, find_twins, name_fault, report_link, report_name
from .front_matter import FRONT_MATTER, check_front_matter
from .vector_pictures import judge_svg

_FENCE = re.compile(r"^(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_BEHIND_FENCE = re.compile(r" *(?:\{.*\}|\.?[\w#.+-]* *(?:hl_lines=(?:\"[^\"]*\"|'[^']*') *)?)")
_OPEN_FENCE = re.compile(r"^ {0,3}(`{3,}(?=[^`\n]*$)|~{3,}).*", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'){0,2000})>?")
_ATTRIBUTE = re.compile(r"([A-Za-z:_-][\w:.-]{0,99})\s{0,99}(?:=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_LINK = re.compile(
    r"(!?)\[([^\[\]\n]{0,300})\]\([ \t]{0,9}<?([^()\s>]{0,1000}(?:\([^()\s]{0,300}\)[^()\s>]{0,300})?)"
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,300}\]:[ \t]{0,9}<?([^\s>]{1,2000})", re.MULTILINE)
_LINK_END = re.compile(r">?\s{0,9}(?:[\"'][^\n]{0,500})?\)")
_LIST = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)]|:|!!!|\[\^)")  # what goes on in lines that are set in
_ATTRIBUTE_LIST = re.compile(r"\{:?[^{}\n]{0,300}?\b(on[a-z]{1,30}|style)\s{0,9}=[^{}\n]{0,300}\}")
_REFUSED = re.compile(
    "applet|base|embed|form|frame|frameset|iframe|link|math|meta|noscript|object|script|style|svg|template|textarea"
)
_CONFLICT = re.compile(r"^[<>]{7} ", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")
_PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")  # what the publisher makes a page of
_LARGEST_FILE = 25_000_000  # of what stands beside the pages: a picture, a document to download
_NO_FILE = {
    "reason_zh": "不是普通文件",
    "reason_en": "it is not a regular file",
    "help_zh": "移到别处。",
    "help_en": "Move it away.",
}
_BACKUP = {
    "reason_zh": "是编辑器或系统留下的副本",
    "reason_en": "an editor or a system left it behind",
    "help_zh": "删除它；里面有要用的内容，就并入原来的页面。",
    "help_en": "Delete it; move what is needed from it into the page it was copied from.",
}
_LIVE = (
    ".html",
    ".htm",
    ".xhtml",
    ".xht",
    ".shtml",
    ".mht",
    ".mhtml",
    ".hta",
    ".php",
    ".js",
    ".mjs",
    ".wasm",
    ".swf",
)
_LIVE_FILE = {
    "reason_zh": "是网页或程序，会原样放到网站上，没有人检查过",
    "reason_en": "it is a page or a program, which would be published as it is and unchecked",
    "help_zh": "网页用 Markdown 写（.md）；供下载的，换成 PDF、表格或图片。",
    "help_en": "Write pages in Markdown (.md); for a download take PDF, a table or a picture.",
}
_OF_HOSTS = ("_redirects", "_routes.json", "_worker.js")
_HOST_FILE = {
    "reason_zh": "会改变服务器怎样回答读者",
    "reason_en": "it changes how a host answers readers",
    "help_zh": "删除它；旧地址写进 belts/redirects.yml。",
    "help_en": "Delete it; old addresses belong in belts/redirects.yml.",
}
_MOST_LEVELS = 50  # of lists in lists; the converter calls itself for each
_SET_IN = re.compile(r"^(?: {4}|\t){50,}", re.MULTILINE)
_MOST_BRACKETS = 1000  # in a paragraph or list: the converter's cost grows with their square
NO_CHOICES: Mapping[str, Collection[str]] = {}


def load_manuscripts(root: Path) -> tuple[Document, ...]:
    """Every Markdown file of content/ as text; faults of encoding and characters are in each.

    A file that must not be published, because of its name, its size or what it is, is an empty document with
    its fault. Symbolic links are not followed: the publisher would put whatever they lead to on the site.
    """
    base = root / CONTENT
    if base.is_symlink():
        return (_faulty(report_link(CONTENT, PurePosixPath())),)
    paths = sorted(_iter_paths(base))
    twins = (_faulty(fault) for fault in find_twins(CONTENT, paths))
    return (*(document for inside in paths for document in _read(base, inside)), *twins)


def list_published(root: Path) -> tuple[str, ...]:
    """The path of every file of content/ that the publisher takes, inside the project, sorted."""
    base = root / CONTENT
    inside = () if base.is_symlink() else _iter_paths(base)
    taken = (path for path in inside if not any(part.startswith(".") for part in path.parts))
    files = (path for path in taken if (base / path).is_file() and not (base / path).is_symlink())
    return tuple(sorted(f"{base.name}/{path.as_posix()}" for path in files))


def list_pages(root: Path) -> tuple[str, ...]:
    """The path of every hand-written page that the publisher takes, inside the project, sorted."""
    return tuple(path for path in list_published(root) if PurePosixPath(path).suffix in _PAGES)


def published_path(path: str) -> str:
    """The file of the site that the publisher makes of a file of content/, both relative: a page has its own folder."""
    place = PurePosixPath(path)
    if place.suffix not in _PAGES:
        return path
    folder = place.parent if place.stem in ("index", "README") else place.with_suffix("")
    return (folder / "index.html").as_posix()


def page_url(path: str) -> str:
    """The address of a hand-written page relative to the site's root: content/about.md is at about/, content/index.md there."""
    return published_path(path.removeprefix(f"{CONTENT}/")).removesuffix("index.html")


def find_headings(text: str) -> Iterator[str]:
    """The headings of a page, without where their links lead and the attributes behind them."""
    return heading_texts(_blank_front_matter(text))


def _iter_paths(base: Path) -> Iterator[PurePosixPath]:
    """Every file and link below a folder; the dangling links by which an editor locks a file are left out.

    Raises OSError for a folder that cannot be read.
    """
    for place, folders, names in os.walk(base, onerror=_pass_on):
        here = PurePosixPath(Path(place).relative_to(base).as_posix())
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (here / name for name in (*names, *links) if not name.startswith(".#"))


def _pass_on(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _read(base: Path, inside: PurePosixPath) -> Iterator[Document]:
    path, shown = base / inside, f"{base.name}/{printable(inside.as_posix())}"
    if any(part.startswith(".") for part in inside.parts) and not path.is_symlink():
        return  # the publisher leaves them out
    if fault := _judge_file(base, inside, shown):
        yield _faulty(fault)
    elif inside.suffix in _PAGES:
        with path.open("rb") as file:
            yield decode_text(shown, file.read(MAX_BYTES + 1))


def _judge_file(base: Path, inside: PurePosixPath, shown: str) -> Diagnostic | None:
    """Why a file must not be published, whatever a page says."""
    if (base / inside).is_symlink():
        return report_link(base.name, inside)
    if reason := name_fault(inside):
        return report_name(base.name, inside, reason)
    for is_so, words in (
        (not (base / inside).is_file(), _NO_FILE),
        (any(BACKUP.fullmatch(part) for part in inside.parts), _BACKUP),
        (inside.as_posix() in _OF_HOSTS, _HOST_FILE),
        (inside.suffix.lower() in _LIVE, _LIVE_FILE),
    ):
        if is_so:
            return diagnose_file(shown, "B705", file=shown, **words)
    return None if inside.suffix in _PAGES else _judge_beside(base / inside, shown)


def _judge_beside(path: Path, shown: str) -> Diagnostic | None:
    """Why a picture or a download must not be published."""
    if (size := path.stat().st_size) > _LARGEST_FILE:
        sizes = {"size": size // 1_000_000, "limit": _LARGEST_FILE // 1_000_000}
        return diagnose_file(shown, "B708", file=shown, **sizes)
    if path.suffix.lower() == ".svg" and (fault := judge_svg(path.read_bytes())):
        return _report_svg(shown, *fault)
    return None


def _faulty(fault: Diagnostic) -> Document:
    return Document(fault.path, "", diagnostics=[fault])


def _report_svg(shown: str, line: int, what: str) -> Diagnostic:
    values = {
        "file": shown,
        "reason_zh": f"不是单纯的图片（{what}）",
        "reason_en": f"it is no plain picture ({what})",
        "help_zh": "在绘图软件里另存为“纯 SVG”，去掉脚本、链接和外部文件；或换成 PNG。",
        "help_en": "Save it as plain SVG, without scripts, links and files from elsewhere; or as PNG.",
    }
    return make_diagnostic((shown, line, 1), "B705", values)


def check_manuscript(
    document: Document,
    allowed: frozenset[str] = frozenset(),
    choices: Mapping[str, Collection[str]] = NO_CHOICES,
) -> tuple[Diagnostic, ...]:
    """Every fault of one page; `allowed` are the digits of public hotlines, `choices` what fields of its head may be."""
    if not document.text and document.diagnostics:
        return tuple(document.diagnostics)  # it could not be read, or is no page
    if _CONFLICT.search(document.text):
        report_conflicts(document)
        return tuple(document.diagnostics)
    found = itertools.chain(check_front_matter(document, choices), _iter_faults(document, allowed))
    return (*document.diagnostics, *limit_diagnostics(found))


def _iter_faults(document: Document, allowed: frozenset[str]) -> Iterator[Diagnostic]:
    fenced = _blank_fenced(document.text)
    text = _blank_code_and_comments(fenced)
    for faults in (
        _bracket_faults(text),
        _nesting_faults(fenced),
        _fence_faults(fenced),
        _comment_faults(fenced),
        _markup_faults(text),
        _link_faults(text),
        heading_faults(text, 2, 6),
    ):
        for fault in itertools.islice(faults, MOST_OF_A_KIND + 1):
            yield document.diagnose(fault.code, document.mark_at(fault.offset), **dict(fault.values))
    yield from find_numbers(document, allowed)


def find_numbers(document: Document, allowed: frozenset[str]) -> Iterator[Diagnostic]:
    """B901 and B902 for the numbers of persons in a page or in settings."""
    shown = LINE_END.sub(" ", document.text)
    for number in itertools.islice(find_unallowed(shown, allowed), MOST_OF_A_KIND + 1):
        masked = mask_personal_numbers(shown[number.start : number.end])
        yield document.diagnose(number.code, document.mark_at(number.start), masked=masked)


def _blank_front_matter(text: str) -> str:
    """The text with front matter, code and comments blanked out, lines kept."""
    return _blank_code_and_comments(_blank_fenced(text))


def _blank_code_and_comments(fenced: str) -> str:
    """The same of a text whose closed blocks of code are blanked out already."""
    return blank_code(_blank(fenced, _OPEN_FENCE, _COMMENT))


def _blank_fenced(text: str) -> str:
    """The text with front matter and closed blocks of code blanked out, lines kept."""
    text = _blank(text, FRONT_MATTER)
    return blank_spans(text, _fenced_blocks(text))


def _fenced_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where blocks of code begin and end as the converter reads them: at the left edge, up to a line of the same marks."""
    lines, done = [*_FENCE.finditer(text)], 0
    ends: dict[str, list[int]] = {}
    for line in reversed(lines):
        if not line[2].strip(" "):
            ends.setdefault(line[1], []).append(line.end())
    for line in lines:
        closing = ends.get(line[1], [])
        while closing and closing[-1] <= line.end():
            closing.pop()
        if line.start() >= done and closing and _BEHIND_FENCE.fullmatch(line[2]):
            done = closing[-1]
            yield line.start(), done


def _blank(text: str, *patterns: re.Pattern[str]) -> str:
    """The text with what the patterns find blanked out, lines kept."""
    for pattern in patterns:
        text = blank_spans(text, (match.span() for match in pattern.finditer(text)))
    return text


def _bracket_faults(text: str) -> Iterator[ProseFault]:
    """More brackets without a blank line between than anybody writes: the converter would not come to an end."""
    start = 0
    for blank in (*_BLANK_LINE.finditer(text), None):
        piece = text[start : blank.start() if blank else None]
        if piece.count("[") > _MOST_BRACKETS:
            yield ProseFault("B602", start + piece.index("["), (("markup", "[ [ ["),))
        start = blank.end() if blank else 0


def _nesting_faults(fenced: str) -> Iterator[ProseFault]:
    """A line that is set in further than anybody writes lists in lists."""
    if match := _SET_IN.search(fenced):
        yield ProseFault("B113", match.end(), (("limit", str(_MOST_LEVELS)),))


def _fence_faults(fenced: str) -> Iterator[ProseFault]:
    """A block of code that is never closed: what follows it is published as it is."""
    if match := _OPEN_FENCE.search(fenced):
        yield ProseFault("B613", match.start(1), (("fence", match[1]),))


def _comment_faults(fenced: str) -> Iterator[ProseFault]:
    """A comment would be published: readers see it in the page's source."""
    for match in _COMMENT.finditer(blank_code(_blank(fenced, _OPEN_FENCE))):
        yield ProseFault("B602", match.start(), (("markup", "<!-- … -->"),))


def find_destinations(text: str) -> Iterator[tuple[int, int]]:
    """Where the destination of each link, picture and link definition of a page starts and ends, in order."""
    blanked = _blank_front_matter(text)
    spans = [match.span(3) for match in _LINK.finditer(blanked)]
    yield from sorted(spans + [match.span(1) for match in _DEFINITION.finditer(blanked)])


def resolve_link(here: str, path: str) -> str:
    """The path in the folder of the pages that a link of the page at `here` leads to; both are counted from there."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path)))


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Of those, the ones that are links beyond doubt: no code that is set in, nothing escaped, closed with a bracket."""
    blanked = _blank_indented(_blank_front_matter(text))
    links = (match for match in _LINK.finditer(blanked) if blanked[match.start() - 1 : match.start()] != "\\")
    spans = [match.span(3) for match in links if _LINK_END.match(blanked, match.end())]
    definitions = (m for m in _DEFINITION.finditer(blanked) if not m[0].lstrip().startswith("[^"))
    yield from sorted(spans + [match.span(1) for match in definitions])


def _blank_indented(text: str) -> str:
    """The text with what may be code because it is set in blanked out: set in, after a blank line, in no list."""
    lines, is_code, in_list, after_blank = [], False, False, True
    for line in text.split("\n"):
        if line.strip() and not line.startswith(("    ", "\t")):
            is_code, in_list = False, _LIST.match(line) is not None
        elif line.strip():
            is_code = is_code or (after_blank and not in_list)
        after_blank = not line.strip()
        lines.append(" " * len(line) if is_code else line)
    return "\n".join(lines)


def _markup_faults(text: str) -> Iterator[ProseFault]:
    for match in _TAG.finditer(text):
        name = match[1].lower()
        if _REFUSED.fullmatch(name):
            yield ProseFault("B602", match.start(), (("markup", f"<{match[1]}>"),))
        else:
            attributes = {m[1].lower(): (m[2] or "").strip("\"'") for m in _ATTRIBUTE.finditer(match[2])}
            yield from _attribute_faults(match.start(), name, attributes)
    for match in _ATTRIBUTE_LIST.finditer(text):
        yield ProseFault("B602", match.start(), (("markup", f"{{ {match[1]}=… }}"),))


def _attribute_faults(offset: int, name: str, attributes: dict[str, str]) -> Iterator[ProseFault]:
    for attribute, value in attributes.items():
        if attribute.startswith("on") or attribute == "style":
            yield ProseFault("B602", offset, (("markup", f"<{name} {attribute}=…>"),))
        elif (
            attribute in ("href", "src", "action", "srcset", "poster") and value and not value.startswith("#")
        ):
            code = "B607" if not has_scheme(value) else "B603" if not is_allowed(value) else ""
            code = "B614" if not code and name == "img" else code
            if code:
                yield ProseFault(code, offset, (("got", value),))
    if name == "img" and "alt" not in attributes:
        yield ProseFault("B605", offset, (("got", attributes.get("src", "")),))


def _link_faults(text: str) -> Iterator[ProseFault]:
    for match in _LINK.finditer(text):
        is_elsewhere = has_scheme(match[3]) or match[3].startswith("//")
        if match[3] in ("", "#") and not match[1] and _LINK_END.match(text, match.end()):
            yield ProseFault("B603", match.start(3), (("got", match[3]),))
        elif is_elsewhere and not is_allowed(match[3]):
            code = "B614" if match[1] and not has_scheme(match[3]) else "B603"
            yield ProseFault(code, match.start(3), (("got", match[3]),))
        elif match[1] and is_elsewhere:
            yield ProseFault("B614", match.start(3), (("got", match[3]),))
        if match[1] and not match[2].strip():
            yield ProseFault("B605", match.start(), (("got", match[3]),))
    for match in _DEFINITION.finditer(text):
        if has_scheme(match[1]) and not is_allowed(match[1]):
            yield ProseFault("B603", match.start(1), (("got", match[1]),))
