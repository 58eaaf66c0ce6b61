"""Numbers the sources of one page in order of first use and remembers every mark, for the way back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from ..catalogue import Catalogue
from ..kinds.source import Source
from .links import record_link
from .parts import Citation, Mark

_INNER = str.maketrans("“”", "‘’")


@dataclass(slots=True)
class _Cited:
    """A source of a page: its number, and the marks that lead to it so far."""

    number: int
    source: Source
    marks: list[Mark] = field(default_factory=list)


class Citations:
    """The sources of one page; `cite` while its view is built, `listed` at the end."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cited: dict[str, _Cited] = {}

    def cite(self, source_ids: Iterable[str]) -> tuple[Mark, ...]:
        """A mark for each source, in the order given."""
        return tuple([self._mark(source_id) for source_id in source_ids])

    def _mark(self, source_id: str) -> Mark:
        cited = self._enter(source_id)
        mark = _mark(cited.number, len(cited.marks) + 1, cited.source.mark_title)
        cited.marks.append(mark)
        return mark

    def _enter(self, source_id: str) -> _Cited:
        """The entry of a source, the page's next one when it has none."""
        if found := self._cited.get(source_id):
            return found
        source = self._catalogue.records[source_id]
        if not isinstance(source, Source):
            raise TypeError(f"{source_id} is not a source")
        found = self._cited[source_id] = _Cited(len(self._cited) + 1, source)
        return found

    def add(self, source_ids: Iterable[str]) -> None:
        """List sources that no single claim of the page names."""
        for source_id in source_ids:
            self._enter(source_id)

    def listed(self) -> tuple[Citation, ...]:
        """The page's list of sources, numbered."""
        return tuple(map(_citation, self._cited.values()))


@lru_cache(4096)
def _mark(number: int, count: int, title: str) -> Mark:
    """A mark; the first few of a page are the same on thousands of pages."""
    return Mark(number, count, f"cite-{number}-{count}", f"source-{number}", title)


def _citation(cited: _Cited) -> Citation:
    number, source = cited.number, cited.source
    return Citation(
        number=number,
        anchor=f"source-{number}",
        link=record_link(source),
        publisher=publisher_of(source),
        date=str(source.period),
        dating=dating_of(source),
        marks=tuple(cited.marks),
    )


def publisher_of(source: Source) -> str:
    """Who published a source, as far as it is printed."""
    return source.publisher or "出版者未印出"


def dating_of(source: Source) -> str:
    """How certain its date is; of a period that spans two years, how certain the period is."""
    if source.period.start.year != source.period.end.year:
        return f"在这一时段内，可信度{source.year_confidence.label}"
    return f"年份可信度{source.year_confidence.label}，月份可信度{source.month_confidence.label}"


def quote_source(words: str | None) -> str:
    """How the source words it, as a remark; quotation marks inside become single ones."""
    return f"来源作“{words.translate(_INNER)}”" if words else ""
