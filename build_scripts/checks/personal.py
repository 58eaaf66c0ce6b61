"""Personal data: no identity-card or mobile number in any file, but for public hotlines."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import islice

from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic
from ..reading.allowed import check_expiry, check_use, find_unallowed
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..records.decode import iter_values
from ..records.document import Document, unify_ends
from ..words.personal import LINE_END, find_personal_numbers, mask_personal_numbers

_BROKEN = re.compile(r"\n +\d")


def check_personal_data(dataset: Dataset) -> Iterator[Diagnostic]:
    """No identity-card or mobile number stands anywhere in a record's file, nor in what it is read as."""
    for entry in dataset.entries:
        text = _decode(entry.content)
        yield from find_in_text(entry.path, text, dataset.allowed.digits)
        yield from _find_in_values(entry, text, dataset.allowed.digits)


def _find_in_values(entry: Entry, text: str, allowed: frozenset[str]) -> Iterator[Diagnostic]:
    """A diagnostic for each number that a record's file, whose text is given, breaks over two lines or escapes."""
    if "\\" not in text and not _BROKEN.search(text):
        return
    document = entry.locate()
    expected = allowed | {number.digits for number in find_personal_numbers(text)}
    for path, value in iter_values(document.data):
        shown = LINE_END.sub(" ", value)
        for number in find_unallowed(shown, expected):
            masked = mask_personal_numbers(shown[number.start : number.end])
            yield document.diagnose(number.code, document.mark(path), masked=masked)


def check_personal_data_elsewhere(dataset: Dataset) -> Iterator[Diagnostic]:
    """Nor in the city's files, nor in one that is no usable record."""
    for path, text in _iter_other_texts(dataset):
        yield from find_in_text(path, text, dataset.allowed.digits)


def check_permitted_numbers(dataset: Dataset) -> Iterator[Diagnostic]:
    """Every permission for a number is used."""
    if dataset.allowed.digits:
        used = (n.digits for _, text in iter_texts(dataset) for n in find_personal_numbers(text))
        yield from check_use(dataset.allowed, dataset.allowed_document, frozenset(used))


def iter_texts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Path and text of every file whose words may be published, usable or not."""
    yield from ((entry.path, _decode(entry.content)) for entry in dataset.entries)
    yield from _iter_other_texts(dataset)


def _iter_other_texts(dataset: Dataset) -> Iterator[tuple[str, str]]:
    yield dataset.city_document.path, dataset.city_document.text
    yield dataset.redirects_document.path, dataset.redirects_document.text
    yield from ((path, _decode(content)) for path, content in dataset.faulty)


def _decode(content: bytes) -> str:
    return unify_ends(content.decode("utf-8-sig", "replace"))


def find_in_text(path: str, text: str, allowed: frozenset[str]) -> Iterator[Diagnostic]:
    """A diagnostic for each number that may not stand in a text."""
    document = Document(path, text)
    for number in islice(find_unallowed(text, allowed), MOST_OF_A_KIND + 1):
        masked = mask_personal_numbers(text[number.start : number.end])
        yield document.diagnose(number.code, document.mark_at(number.start), masked=masked)


def check_permissions(dataset: Dataset, today: datetime.date) -> Iterator[Diagnostic]:
    """No permission for a number has run out."""
    return check_expiry(dataset.allowed, dataset.allowed_document, today)
