"""Personal data: no identity-card or mobile number in any file, but for public hotlines."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice

from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic
from ..reading.allowed import check_expiry, check_use, find_unallowed
from ..reading.load import Dataset
from ..records.document import Document, unify_ends
from ..words.personal import find_personal_numbers, mask_personal_numbers


def check_personal_data(dataset: Dataset) -> Iterator[Diagnostic]:
    """No identity-card or mobile number stands anywhere in a record's file."""
    for entry in dataset.entries:
        yield from find_in_text(entry.path, _decode(entry.content), dataset.allowed.digits)


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
