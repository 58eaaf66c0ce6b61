"""An id that changes or retires: its file, every reference to it, and its old address, as one set of edits.

Plans only; `edits` tries and writes. References are replaced where they stand in the text, so that layout
and comments survive; one that would name its own record, or a record that its list names already, is dropped.
A successor takes over links alone: what the data say of the record that goes (a stop, a whole, what a source says)
nobody has said of another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from ..checks.references import unknown_record
from ..faults.diagnostics import Diagnostic, Problems, diagnose_file
from ..kinds.base import Record
from ..kinds.source import Source
from ..layout import BELTS, CONTENT
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..reading.manuscripts import find_destinations, list_pages, resolve_link
from ..reading.redirects import GONE
from ..reading.site_settings import find_navigation, load_site_settings
from ..records.city import City
from ..records.document import Document, FieldPath, Mark
from ..records.ids import RecordReference
from ..records.references import iter_references
from ..records.text import SLUG
from .yaml_edit import Action, Change, edit_text

_HEAD = "# 旧地址及其去向，每行一条：栏目/旧编号: 新编号，或 gone 日期。旧编号不再使用。\n"


class Use(NamedTuple):
    """One place where a record is named: the file, its model, the path of the field that holds its id, what it means."""

    document: Document
    model: type[BaseModel]
    path: FieldPath
    marker: RecordReference


def plan_rename(dataset: Dataset, root: Path, old: str, new: str) -> dict[str, bytes | None]:
    """The edits that give a record another id, most important first. Raises `Problems` for a bad id.

    A rename that was interrupted is planned again from where it stopped.
    """
    entry = find_entry(dataset, old)
    path = Path(entry.path).with_name(f"{new.replace('/', '-')}.yml").as_posix()
    if faults := list(check_new_id(dataset, path, new)):
        raise Problems(faults)
    changed = dict(_replace_uses(dataset, root, entry, new))
    content = changed.pop(entry.path, entry.content)
    if (root / path).exists() and (root / path).read_bytes() != content:
        raise Problems([diagnose_file(entry.path, "B302", id=new, other=path)])
    if entry.record.is_published:  # nobody has the address of a draft
        changed[dataset.redirects_document.path] = _redirect(dataset, entry, new)
    return {path: content, **changed, entry.path: None}


def check_new_id(dataset: Dataset, path: str, new: str) -> Iterator[Diagnostic]:
    """What keeps a record at `path` from taking an id: its form, or another record, today's or a retired one."""
    if not SLUG.fullmatch(new):
        yield diagnose_file(path, "B301", stem=new)
    for other in dataset.inputs:
        if Path(other).stem == new and other != path:
            yield diagnose_file(path, "B302", id=new, other=other)
    for redirect in dataset.redirects:
        if redirect.id == new:
            where, target = dataset.redirects_document.path, redirect.target or GONE
            yield diagnose_file(path, "B315", id=new, redirects=where, target=target)


def plan_retirement(
    dataset: Dataset, root: Path, old: str, new: str, date: str, leaving: Collection[str] = ()
) -> dict[str, bytes | None]:
    """The edits that withdraw a record on a date, in favour of `new` unless that is empty.

    `leaving` are the paths of records that are withdrawn with it, and may name it until then. Raises `Problems` that
    list every mention of a record that goes without a successor, or every place that says something of one with.
    """
    entry = find_entry(dataset, old)
    successor = find_entry(dataset, new) if new else None
    held_back = _find_statements(dataset, entry, successor) if successor else _mentions(dataset, root, entry)
    if faults := [fault for fault in held_back if fault.path not in {entry.path, *leaving}]:
        raise Problems(faults)
    changed = dict(_replace_uses(dataset, root, entry, new)) if successor else {}
    changed.pop(entry.path, None)
    redirects = _redirect(dataset, entry, new or f"{GONE} {date}")
    return {**changed, dataset.redirects_document.path: redirects, entry.path: None}


def find_entry(dataset: Dataset, record_id: str) -> Entry:
    """The record with an id. Raises `Problems` with the nearest id when there is none."""
    for entry in dataset.entries:
        if entry.record.id == record_id:
            return entry
    raise Problems([diagnose_file(BELTS, "B303", **unknown_record(dataset, record_id, ()))])


def iter_uses(dataset: Dataset, record_id: str) -> Iterator[Use]:
    """Every reference to a record, in the city's file and the records'."""
    if dataset.city is not None:
        for reference in iter_references(dataset.city):
            if isinstance(reference.marker, RecordReference) and reference.target == record_id:
                yield Use(dataset.city_document, City, reference.path, reference.marker)
    for entry in dataset.entries:
        for reference in entry.iter_references():
            if isinstance(reference.marker, RecordReference) and reference.target == record_id:
                yield Use(entry.locate(), entry.kind.model, reference.path, reference.marker)


# -- replacing -----------------------------------------------------------------------------------


def _replace_uses(dataset: Dataset, root: Path, entry: Entry, new: str) -> Iterator[tuple[str, bytes]]:
    """Every file that names the record, with the other id in its place."""
    old = entry.record.id
    uses: dict[str, list[Use]] = defaultdict(list)
    drops: dict[str, list[Change]] = defaultdict(list)
    for use in iter_uses(dataset, old):
        uses[use.document.path].append(use)
    for use in _find_needless(dataset, old, new):
        drops[use.document.path].append(Change(Action.DELETE, use.path))
    changed = {path: _let_follow(uses[path], drops[path], old, new) for path in uses}
    for text in _texts(dataset, root, entry):
        before = changed.get(text.path, text.text)
        replaced = _put(before, text.find(before), new)
        if text.path in changed or replaced != text.text:
            changed[text.path] = replaced
    return ((path, text.encode("utf-8", "surrogateescape")) for path, text in changed.items())


def _find_needless(dataset: Dataset, old: str, new: str) -> Iterator[Use]:
    """Where the other id would name its own record, or repeat what the list holds."""
    own = {entry.path for entry in dataset.entries if entry.record.id == new}
    lists = {(use.document.path, use.path[:-1]) for use in iter_uses(dataset, new) if _is_item(use)}
    for use in iter_uses(dataset, old):
        path = use.document.path
        if path in own or (_is_item(use) and (path, use.path[:-1]) in lists):
            yield use


def _is_item(use: Use) -> bool:
    """Whether the record is named as an item of a list."""
    return isinstance(use.path[-1], int)


def _let_follow(uses: Sequence[Use], drops: Sequence[Change], old: str, new: str) -> str:
    """The text of one file with the other id in the place of the old one, and without what is dropped."""
    text = _replace(uses[0].document, [use.path for use in uses], old, new)
    return edit_text(text, drops, uses[0].model) if drops else text


def _replace(document: Document, places: Iterable[FieldPath], old: str, new: str) -> str:
    """The text of a document with an id replaced at some paths."""
    lines = list(document.lines)
    marks = {document.mark(path) for path in places}
    for mark in sorted(marks, key=lambda mark: (mark.line, mark.column), reverse=True):
        line, at = lines[mark.line - 1], mark.column - 1
        lines[mark.line - 1] = line[:at] + line[at:].replace(old, new, 1)
    return "\n".join(lines)


class _Text(NamedTuple):
    """A file that may link to a record, and what finds where in its text the id of such links stands, in order."""

    path: str
    text: str
    find: Callable[[str], Iterable[tuple[int, int]]]


def _texts(dataset: Dataset, root: Path, entry: Entry) -> Iterator[_Text]:
    """Every record, whose prose links by bare id, every hand-written page, and the navigation."""
    for other in dataset.entries:
        if entry.record.id.encode() in other.content:
            yield _Text(other.path, other.locate().text, partial(_find_in_prose, entry.record.id))
    for page in list_pages(root):
        text = (root / page).read_bytes().decode("utf-8", "surrogateescape")
        yield _Text(page, text, partial(_find_in_page, entry, page))
    settings = load_site_settings(root)
    for document in (one for one in settings if not Path(one.path).is_absolute()):  # which others may use
        marks = [
            m
            for d, got, m in find_navigation(settings)
            if d is document and resolve_link("", got) == _page_of(entry)
        ]
        yield _Text(document.path, document.text, partial(_find_at, entry.record.id, marks))


def _find_in_prose(record_id: str, text: str) -> Iterator[tuple[int, int]]:
    """The id in links and link definitions of Markdown, which may stand anywhere in a record."""
    begun = r"\]\(\s{0,99}<?|^[ \t]{0,99}\[[^\]\n]{1,300}\]:[ \t]{0,9}<?"
    pattern = re.compile(rf"(?:{begun})({record_id})(?=[>)\s]|\Z)", re.MULTILINE)
    return (match.span(1) for match in pattern.finditer(text))


def _find_in_page(entry: Entry, page: str, text: str) -> Iterable[tuple[int, int]]:
    """The id in links to the record's page: however they are written, or in HTML as `areas/ID.md`; not of other sites."""
    file, here, found = f"{entry.record.id}.md", page.partition("/")[2], set()
    for start, end in find_destinations(text):
        path = re.split(r"[?#]", text[start:end], maxsplit=1)[0]
        if "//" not in path and resolve_link(here, path) == _page_of(entry) and file in path:
            found.add(start + path.rindex(file))
    for match in _page_link(entry, page).finditer(text):
        begun = _BETWEEN.split(text[max(0, match.start() - _LONGEST) : match.start()])[-1]
        if "//" not in begun:
            found.add(match.start())
    return [(start, start + len(entry.record.id)) for start in sorted(found)]


_BETWEEN = re.compile(r"[\s()<>\"']")  # addresses
_LONGEST = 2000  # characters of an address


def _page_link(entry: Entry, page: str) -> re.Pattern[str]:
    """The id in plain links to the record's page: `areas/ID.md`, or `ID.md` within the section."""
    section = entry.kind.url_folder
    before = rf"(?<=[(/<\s\"]{section}/)"
    if page.startswith(f"{CONTENT}/{section}/"):
        before += r"|(?<=\]\()"
    return re.compile(rf"(?:{before}){entry.record.id}(?=\.md[)#>?\s\"])")


def _page_of(entry: Entry) -> str:
    """The record's page as a path in the folder of the pages."""
    return f"{entry.kind.url_folder}/{entry.record.id}.md"


def _find_at(record_id: str, marks: Sequence[Mark], text: str) -> Iterator[tuple[int, int]]:
    """The id in what stands at some marks."""
    for mark in marks:
        line = sum(len(before) + 1 for before in text.split("\n")[: mark.line - 1])
        start = text.index(f"{record_id}.md", line + mark.column - 1)
        yield start, start + len(record_id)


def _put(text: str, spans: Iterable[tuple[int, int]], new: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def _find_statements(dataset: Dataset, entry: Entry, successor: Entry) -> Iterator[Diagnostic]:
    """A fault for every place that says something of the record, and not merely leads to it."""
    if _are_one_text(entry.record, successor.record):
        return
    for use in iter_uses(dataset, entry.record.id):
        if not use.marker.is_link:
            field = next(step for step in reversed(use.path) if isinstance(step, str))
            values = {"field": field, "id": entry.record.id, "new": successor.record.id}
            yield use.document.diagnose("B323", use.document.mark(use.path), **values)


def _are_one_text(old: Record, new: Record) -> bool:
    """Whether two sources are one text recorded twice, so that what cites the one may cite the other."""
    if not (isinstance(old, Source) and isinstance(new, Source)):
        return False
    if old.url and new.url:
        return old.url == new.url
    return (old.name, old.period) == (new.name, new.period)


def _mentions(dataset: Dataset, root: Path, entry: Entry) -> Iterator[Diagnostic]:
    """A fault for every place that names the record."""
    named = {"id": entry.record.id}
    for use in iter_uses(dataset, entry.record.id):
        yield use.document.diagnose("B326", use.document.mark(use.path), **named)
    for text in _texts(dataset, root, entry):
        document = Document(text.path, text.text)
        for start, _ in text.find(text.text):
            yield document.diagnose("B326", document.mark_at(start), **named)


# -- redirects -----------------------------------------------------------------------------------


def _redirect(dataset: Dataset, entry: Entry, target: str) -> bytes:
    """redirects.yml with the record's address leading elsewhere, and older addresses leading there too."""
    document, old = dataset.redirects_document, entry.record.id
    address = f"{entry.kind.url_folder}/{old}"
    older = [redirect for redirect in dataset.redirects if redirect.target == old]
    text = _replace(document, [(redirect.address,) for redirect in older], old, target) or _HEAD
    if any(redirect.address == address for redirect in dataset.redirects):
        return text.encode()
    text = text if text.endswith("\n") else f"{text}\n"
    return f"{text}{address}: {target}\n".encode()
