"""mkdocs.yml and the files that it inherits from, with the place of each fault, before MkDocs reads them.

MkDocs takes the second of two equal keys, runs what a tag names, and tells of the rest in English, without a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..records.document import Data, Document, FieldPath, Mark
from ..records.models import wanted
from ..records.slips import report_slip
from ..records.yaml_text import decode_settings
from ..settings_files import find_inherited, read_settings_files
from .file_names import report_unread

_PAGE_WANTED = {
    "help_zh": "写该页在 content/ 中的路径，如 areas/index.md；一栏里有几页就另起几行，每行以“- ”开头。",
    "help_en": "Write the page's path in content/, such as areas/index.md; for several, a line each that begins with a hyphen.",
}
_INHERITED_WANTED = {
    "help_zh": "写文件的路径，从写它的文件所在文件夹算起，如 INHERIT: shared/base.yml；不继承就删去这一行。",
    "help_en": "Write the file's path from the folder of the file it stands in, such as INHERIT: shared/base.yml, or delete the line.",
}


def load_site_settings(root: Path) -> tuple[Document, ...]:
    """Each file of settings, that which prevails first; faults are in each."""
    try:
        files = read_settings_files(root)
    except OSError as error:
        path = _show(root, Path(error.filename))
        return (Document(path, "", diagnostics=[report_unread(path, error)]),)
    last = len(files)
    return tuple(
        _read(_show(root, path), content, path.parent, is_last=number == last)
        for number, (path, content) in enumerate(files.items(), 1)
    )


def find_navigation(settings: Iterable[Document]) -> Iterator[tuple[Document, str, Mark]]:
    """Each page or address in the navigation, with the file and place where it stands: the first file that has one."""
    for document in settings:
        if isinstance(document.data, dict) and "nav" in document.data:
            for path, name in _find_texts(document.data["nav"], ("nav",)):
                yield document, name, document.marks[path]
            return


def _show(root: Path, path: Path) -> str:
    """What a file is called in reports: by its path inside the project, if it is there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _read(shown: str, content: bytes, folder: Path, *, is_last: bool) -> Document:
    document = decode_settings(shown, content)
    if not document.diagnostics and not isinstance(document.data, dict):
        if isinstance(document.data, str) and report_slip(document, document.mark(())):
            return document
        document.report_form("B103", document.mark(()), **wanted("", "", document.data))
    elif isinstance(document.data, dict):
        if "INHERIT" in document.data:
            inherited = document.data["INHERIT"]
            _check_inherited(document, inherited, find_inherited(content), folder, is_last=is_last)
        if "nav" in document.data:
            _check_section(document, document.data["nav"], ("nav",))
    return document


def _check_inherited(document: Document, value: Data, found: str, folder: Path, *, is_last: bool) -> None:
    """What is inherited stands on a line of its own, and is a file that is not inherited from already.

    `found` is what a build that reads no YAML takes for it, counted from `folder`; it ends with the last file.
    """
    mark = document.mark(("INHERIT",))
    if not isinstance(value, str):
        want = wanted("设置文件的路径", "the path of a file of settings", value)
        document.report("B203", mark, **want | _INHERITED_WANTED)
    elif value != found:
        zh, en = "要单独写成一行", "it has to stand on a line of its own"
        document.report("B722", mark, file=value, reason_zh=zh, reason_en=en)
    elif is_last:
        is_there = (folder / found).is_file()
        zh = "它又继承回这个文件" if is_there else "没有这个文件"
        en = "it inherits from this one in turn" if is_there else "there is no such file"
        document.report("B722", mark, file=value, reason_zh=zh, reason_en=en)


def _check_section(document: Document, value: Data, path: FieldPath) -> None:
    """A section of the navigation lists pages, and mappings of one title to a page or another section."""
    if not isinstance(value, list):
        document.report("B203", document.mark(path), **wanted("列表", "a list", value))
        return
    for number, item in enumerate(value):
        titled = item if isinstance(item, dict) else {number: item}
        for title, inner in titled.items():
            place = (*path, number, title) if titled is item else (*path, number)
            if isinstance(inner, list) and titled is item:
                _check_section(document, inner, place)
            elif not isinstance(inner, str):
                want = wanted("页面的路径", "the path of a page", inner)
                document.report("B203", document.mark(place), **want | _PAGE_WANTED)


def _find_texts(value: Data, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list | dict):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _find_texts(inner, (*path, key))
