"""What a reader can find: one document of search words for each record, district and hand-written page.

Pure: no file, no search engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache
from typing import Any, NamedTuple, TypeAlias, overload

from pydantic_core import to_json

from ..addresses import district_url, record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.registry import kind_named
from ..reading.entries import Entry
from ..reading.front_matter import read_front_matter
from ..reading.manuscripts import find_headings, page_url
from ..records.city import District
from ..records.document import Document
from ..records.places import Member, Place
from ..records.references import iter_models
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest
from ..workers import map_chunks, shared
from .words import LETTERS, name_words, opening_words, place_words, text_words, without

CITY_WIDE = "全市"
_DISTRICTS = "区县"  # the kind of a district
_DISTRICT = "district:"  # before its id; no record's id has a colon
_PAGE = "页面"  # the kind of a hand-written page
_FILTERS = {"v2": ("kind", "类型"), "v3": ("district", "区（县、市）"), "v4": ("belt", "精品带")}
_TOGETHER = 1000  # documents for one process: to load the dictionary takes as long as some hundreds


Traits = tuple[tuple[str, ...], ...]  # the values of each filter


class WrittenPage(NamedTuple):
    """A hand-written page: its address relative to the site's root, and its Markdown with the front matter."""

    url: str
    text: str


Subject: TypeAlias = str | WrittenPage
"""The id of a record, of a district after `district:`, or a page itself."""


class SearchDocument(NamedTuple):
    """One thing to be found. `url` is relative to the site's root; a page has no `district`; `belts` are names of belts.

    What its name opens with (`opening_words`) ranks before the words of all its names, these before those of places
    and the others. `called` is a digest of the names and places that its words were made from; `passed` are other
    districts, that a belt passes through.
    """

    url: str
    name: str
    summary: str
    kind: str
    district: str
    belts: tuple[str, ...]
    name_words: tuple[str, ...]
    words: tuple[str, ...]
    opening_words: tuple[str, ...] = ()
    place_words: tuple[str, ...] = ()
    called: str = ""
    passed: tuple[str, ...] = ()

    @property
    def traits(self) -> Traits:
        """What it can be narrowed by."""
        return (self.kind,), (self.district, *self.passed) if self.district else (), self.belts

    @property
    def filter_words(self) -> tuple[str, ...]:
        """The words that stand for its traits."""
        pairs = zip(_FILTERS, self.traits, strict=True)
        return tuple(_filter_word(prefix, value) for prefix, values in pairs for value in values)


class SearchFilter(NamedTuple):
    """One thing to narrow a search by. `words` maps each value, as shown, to the word that stands for it."""

    key: str
    title: str
    words: Mapping[str, str]


def build_filters(traits: Iterable[Traits]) -> tuple[SearchFilter, ...]:
    """The filters with every value that there is, in the order they come up.

    A filter is a word that is asked for too: Pagefind's own filters come out in another order each time.
    """
    found: tuple[dict[str, str], ...] = tuple({} for _ in _FILTERS)
    for one in traits:
        for words, prefix, values in zip(found, _FILTERS, one, strict=True):
            words |= {value: _filter_word(prefix, value) for value in values if value not in words}
    return tuple(
        SearchFilter(key, title, words) for (key, title), words in zip(_FILTERS.values(), found, strict=True)
    )


@cache
def _filter_word(prefix: str, value: str) -> str:
    """It depends on the value alone, so that a new value changes no other's word."""
    return prefix + hashlib.blake2b(value.encode(), digest_size=5).hexdigest().translate(LETTERS)


_NONE: Mapping[Subject, SearchDocument] = {}

# -- documents -----------------------------------------------------------------------------------


class PackedDocuments(Sequence[SearchDocument]):
    """Documents kept as text, each typed when it is looked at: their words would fill the memory."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        """How many there are."""
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> SearchDocument: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[SearchDocument]: ...

    def __getitem__(self, place: int | slice) -> SearchDocument | Sequence[SearchDocument]:
        """One document, or some."""
        if isinstance(place, slice):
            return PackedDocuments(self._texts[place])
        return _decode_document(self._texts[place])


def start_documents(
    keys: Mapping[Subject, bytes],
    pool: Executor,
    cache: Cache = NO_CACHE,
    last: Mapping[Subject, SearchDocument] = _NONE,
) -> Callable[[], PackedDocuments]:
    """Begin to make documents on a pool that shares the catalogue; call what is returned to have them in order.

    `keys` are those of `document_keys` whose documents are wanted. What has not changed comes from the cache;
    what has still the same names and places as in `last` keeps their words, so that no dictionary is read for it.
    """
    found = cache.read(keys.values())
    missing = [subject for subject, key in keys.items() if key not in found]
    subjects = [(subject, last.get(subject)) for subject in missing]
    made = map_chunks(_make_documents, subjects, pool, _TOGETHER)

    def gather() -> PackedDocuments:
        for subject, text in zip(missing, made, strict=True):
            found[keys[subject]] = text
            cache.add({keys[subject]: text})
        return PackedDocuments([found[key] for key in keys.values()])

    return gather


def read_documents(keys: Iterable[bytes], cache: Cache) -> dict[bytes, SearchDocument]:
    """The documents that are in the cache, by key."""
    known = cache.read(keys)
    return {key: _decode_document(text) for key, text in known.items()}


def list_written(manuscripts: Iterable[Document]) -> tuple[WrittenPage, ...]:
    """The hand-written pages of a project without a fault."""
    return tuple(WrittenPage(page_url(page.path), page.text) for page in manuscripts)


def document_keys(catalogue: Catalogue, pages: Iterable[WrittenPage] = ()) -> dict[Subject, bytes]:
    """All that can be found, in the order it is listed, each with a digest of what its document is made from."""
    shared = digest_of(b"search", program_digest(), catalogue.city.model_dump_json().encode())
    tables = digest_of(
        shared, *(part for n, content in sorted(catalogue.files.items()) for part in (n.encode(), content))
    )
    keys: dict[Subject, bytes] = {
        _DISTRICT + district.id: digest_of(tables, district.id.encode())
        for district in catalogue.city.districts
    }
    keys |= {record_id: _record_key(record_id, catalogue, shared) for record_id in catalogue.records}
    return keys | {page: digest_of(shared, page.url.encode(), page.text.encode()) for page in pages}


def list_traits(catalogue: Catalogue, pages: Iterable[WrittenPage] = ()) -> Iterator[Traits]:
    """What everything that can be found can be narrowed by, in the order it is listed."""
    yield from (_district_traits(district) for district in catalogue.city.districts)
    yield from (_record_traits(record, catalogue) for record in catalogue.records.values())
    yield from (((_PAGE,), (), ()) for _ in pages)


def searched_urls(catalogue: Catalogue) -> frozenset[str]:
    """The addresses of records and districts that a search can lead to."""
    records = (record_url(record) for record in catalogue.records.values())
    return frozenset((*records, *(district_url(district) for district in catalogue.city.districts)))


def _record_key(record_id: str, catalogue: Catalogue, shared: bytes) -> bytes:
    entry = catalogue.entries[record_id]
    belts = (belt.name.encode() for belt in catalogue.belts_of(record_id))
    stops: tuple[str, ...] = ()
    if isinstance(entry.record, Belt):
        stops = (*_stop_names(entry.record, catalogue), *catalogue.belt_districts(entry.record))
    return digest_of(shared, entry.card, *(name.encode() for name in stops), b"belts", *belts)


def _encode_document(document: SearchDocument) -> bytes:
    return to_json(document)


def _decode_document(text: bytes) -> SearchDocument:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in json.loads(text)]
    return SearchDocument(*values)


def _make_documents(subjects: Sequence[tuple[Subject, SearchDocument | None]]) -> list[bytes]:
    catalogue = shared(Catalogue)
    return [_encode_document(_make_document(subject, catalogue, last)) for subject, last in subjects]


def _make_document(subject: Subject, catalogue: Catalogue, last: SearchDocument | None) -> SearchDocument:
    if isinstance(subject, WrittenPage):
        return _page_document(subject)
    if subject.startswith(_DISTRICT):
        return _district_document(catalogue.district(subject.removeprefix(_DISTRICT)), catalogue)
    return _record_document(catalogue.records[subject], catalogue, last)


def _record_document(record: Record, catalogue: Catalogue, last: SearchDocument | None) -> SearchDocument:
    (kind,), (district, *passed), belts = _record_traits(record, catalogue)
    stops = _stop_names(record, catalogue) if isinstance(record, Belt) else ()
    names = (record.name, *record.other_names, *record.search_terms, getattr(record, "short_name", ""))
    places = (*place_names(catalogue.entries[record.id]), *stops)
    called = digest_of("\n".join((*names, record.name_en or "")).encode(), "\n".join(places).encode()).hex()
    if last is None or last.called != called:
        named = name_words(names, record.name_en)
        spoken = named, without(named, place_words(places)), opening_words(record.name)
    else:
        spoken = last.name_words, last.place_words, last.opening_words
    return SearchDocument(
        url=record_url(record),
        name=record.name,
        summary=record.summary,
        kind=kind,
        district=district,
        belts=belts,
        name_words=spoken[0],
        place_words=spoken[1],
        opening_words=spoken[2],
        words=without((*spoken[0], *spoken[1]), text_words(f"{kind} {record.summary}")),
        called=called,
        passed=tuple(passed),
    )


def _record_traits(record: Record, catalogue: Catalogue) -> Traits:
    """Its kind; its districts, its own first; the belts that it is on."""
    belts = tuple(belt.name for belt in catalogue.belts_of(record.id))
    return (kind_named(record.kind).title,), list_districts(record, catalogue), belts


def list_districts(record: Record, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of the districts that it has to do with: its own, which is what lists say, then those that a belt passes."""
    passed = catalogue.belt_districts(record) if isinstance(record, Belt) else ()
    return tuple(catalogue.district_name(i, CITY_WIDE) for i in dict.fromkeys((record.district_id, *passed)))


def _district_document(district: District, catalogue: Catalogue) -> SearchDocument:
    gazetteer, code = catalogue.gazetteer, district.code
    count = gazetteer.count_units(code).townships
    units = tuple(unit.name for unit in (*gazetteer.townships_of(code), *gazetteer.zones_of(code)))
    named = name_words((district.name, *district.other_names), district.name_en)
    (kind,), (name,), belts = _district_traits(district)
    return SearchDocument(
        url=district_url(district),
        name=district.name,
        summary=f"{district.name}的记录、指标和{count}个乡镇（街道）。"
        if count
        else f"{district.name}的记录和指标。",
        kind=kind,
        district=name,
        belts=belts,
        name_words=named,
        words=(),
        place_words=without(named, place_words(units)),
        opening_words=opening_words(district.name),
    )


def _district_traits(district: District) -> Traits:
    return (_DISTRICTS,), (district.name,), ()


def _page_document(page: WrittenPage) -> SearchDocument:
    head = read_front_matter(page.text)
    title, description = str(head["title"]), str(head["description"])
    named = name_words([title])
    return SearchDocument(
        url=page.url,
        name=title,
        summary=description,
        kind=_PAGE,
        district="",
        belts=(),
        name_words=named,
        words=without(named, text_words("\n".join((_PAGE, description, *find_headings(page.text))))),
        opening_words=opening_words(title),
    )


def _stop_names(belt: Belt, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(catalogue.records[stop.record].name for stop in belt.stops if stop.record)


def place_names(entry: Entry) -> Iterator[str]:
    """The villages, townships and other places named anywhere in a record, also as a source printed them."""
    for _, model in iter_models(entry.record, (Member, Place)):
        if isinstance(model, Member):
            yield from filter(None, (model.name, model.as_printed, model.township))
        else:
            yield from filter(None, (model.township,))
