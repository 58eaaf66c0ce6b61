"""Numbers the sources of one page in order of first use and remembers every mark, for the way back."""

from __future__ import annotations

from collections.abc import Iterable

from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.registry import kind_named
from ..kinds.source import Source
from .parts import Citation, Link, Mark


class Citations:
    """The sources of one page; `cite` while its view is built, `listed` at the end."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._marks: dict[str, list[Mark]] = {}
        self._numbers: dict[str, int] = {}

    def cite(self, source_ids: Iterable[str]) -> tuple[Mark, ...]:
        """A mark for each source, in the order given."""
        return tuple(self._mark(source_id) for source_id in source_ids)

    def _mark(self, source_id: str) -> Mark:
        marks = self._marks.setdefault(source_id, [])
        number = self._numbers.setdefault(source_id, len(self._marks))
        title = self._source(source_id).mark_title
        mark = Mark(number, f"cite-{number}-{len(marks) + 1}", f"source-{number}", title)
        marks.append(mark)
        return mark

    def _source(self, source_id: str) -> Source:
        source = self._catalogue.records[source_id]
        if not isinstance(source, Source):
            raise TypeError(f"{source_id} is not a source")
        return source

    def add(self, source_ids: Iterable[str]) -> None:
        """List sources that no single claim of the page names."""
        for source_id in source_ids:
            self._marks.setdefault(source_id, [])
            self._numbers.setdefault(source_id, len(self._marks))

    def listed(self) -> tuple[Citation, ...]:
        """The page's list of sources, numbered."""
        return tuple(self._citation(n, i) for n, i in enumerate(self._marks, start=1))

    def _citation(self, number: int, source_id: str) -> Citation:
        source = self._source(source_id)
        return Citation(
            number=number,
            anchor=f"source-{number}",
            link=record_link(source),
            publisher=source.publisher or "出版者未印出",
            date=str(source.period),
            dating=f"年份可信度{source.year_confidence.label}，月份可信度{source.month_confidence.label}",
            backs=tuple(mark.anchor for mark in self._marks[source_id]),
        )


def record_url(record: Record) -> str:
    """The address of a record's page, relative to the site's root."""
    return f"{kind_named(record.kind).url_folder}/{record.id}/"


def record_link(record: Record, note: str = "") -> Link:
    """A link to a record's page."""
    return Link(record.name, record_url(record), note)
