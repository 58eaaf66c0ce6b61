"""What a reader can find: one document of search words for each record and district.

Chinese has no spaces, so each run of it is indexed as its overlapping two-character slices, spelt in letters
that no search engine will split, stem or segment; `site_templates/scripts/search_query.js` spells a query
the same way. Pure: no file, no search engine.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from .cache import Cache, digest_of, program_digest
from .catalogue import Catalogue
from .city import District
from .kinds.base import Record
from .kinds.belt import Belt
from .kinds.registry import kind_named
from .load import Entry
from .references import iter_models
from .values import Member, Place
from .views.citations import record_url
from .views.profile import district_url
from .workers import map_chunks, open_pool, shared

CITY_WIDE = "全市"
_HAN = r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
_RUNS = re.compile(rf"(?P<han>{_HAN})|[a-z0-9]+")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_SLICE, _SINGLE = "v0", "v1"  # no pinyin begins so, nor any word but v, which is left out
_INNER_SYLLABLES = 6  # of a reading that begins inside a name; a longer query still finds it by its start

# Characters of place names that are read in two ways: the reading that a dictionary puts second.
_OTHER_READINGS = {"长": "chang zhang", "重": "chong zhong", "行": "hang xing", "乐": "le yue"}
_OTHER_READINGS |= {"朝": "chao zhao", "巷": "xiang hang", "堰": "yan", "会": "hui kuai", "绿": "lv lu"}
_OTHER_READINGS |= {"应": "ying", "车": "che ju", "大": "da dai", "都": "du dou", "曾": "zeng ceng"}


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing to be found. `url` is relative to the site's root; `belts` are names of belts.

    `name_words` are the words of its names, ranked before `words` (places and summary).
    """

    url: str
    name: str
    summary: str
    kind: str
    district: str
    belts: tuple[str, ...]
    name_words: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """One thing to narrow a search by. `words` maps each value, as shown, to the word that stands for it."""

    key: str
    title: str
    words: Mapping[str, str]

    def words_of(self, document: SearchDocument) -> tuple[str, ...]:
        """The words of a document's values."""
        return tuple(self.words[value] for value in _filter_values(document, self.key))


_FILTERS = {"kind": "类型", "district": "区（县、市）", "belt": "精品带"}


def build_filters(documents: Sequence[SearchDocument]) -> tuple[SearchFilter, ...]:
    """The filters with every value that documents have.

    A filter is a word that is asked for too: Pagefind's own filters come out in another order each time.
    """
    return tuple(
        SearchFilter(key, title, _number_values(f"v{n}", documents, key))
        for n, (key, title) in enumerate(_FILTERS.items(), start=2)
    )


def _number_values(prefix: str, documents: Sequence[SearchDocument], key: str) -> dict[str, str]:
    values = dict.fromkeys(value for document in documents for value in _filter_values(document, key))
    return {value: prefix + f"{n:04x}".translate(_LETTERS) for n, value in enumerate(values)}


def _filter_values(document: SearchDocument, key: str) -> tuple[str, ...]:
    values = {"kind": (document.kind,), "district": (document.district,), "belt": document.belts}
    return values[key]


def build_search(catalogue: Catalogue, cache: Cache | None = None) -> tuple[SearchDocument, ...]:
    """A document for every district and published record, in the order they are listed."""
    with open_pool(len(catalogue.records), catalogue) as pool:
        return start_search(catalogue, pool, cache)()


def start_search(
    catalogue: Catalogue, pool: Executor, cache: Cache | None = None
) -> Callable[[], tuple[SearchDocument, ...]]:
    """Begin to make the documents on a pool that shares the catalogue; call what is returned to have them.

    The words of a record that has not changed come from the cache.
    """
    keys = _document_keys(catalogue)
    known = cache.read(keys.values()) if cache else {}
    missing = [record_id for record_id, key in keys.items() if key not in known]
    made = map_chunks(_record_documents, missing, pool)

    def gather() -> tuple[SearchDocument, ...]:
        found = {i: _decode_document(known[key]) for i, key in keys.items() if key in known}
        found |= zip(missing, made, strict=True)
        if cache:
            cache.add({keys[i]: json.dumps(astuple(found[i]), ensure_ascii=False).encode() for i in missing})
        districts = (_district_document(district, catalogue) for district in catalogue.city.districts)
        return (*districts, *(found[record_id] for record_id in keys))

    return gather


def search_key(catalogue: Catalogue) -> bytes:
    """A digest of all that the documents are made from."""
    tables = (part for name, content in sorted(catalogue.files.items()) for part in (name.encode(), content))
    return digest_of(*_document_keys(catalogue).values(), *tables)


def searched_urls(catalogue: Catalogue) -> frozenset[str]:
    """The addresses that a search can lead to."""
    records = (record_url(record) for record in catalogue.records.values())
    return frozenset((*records, *(district_url(district) for district in catalogue.city.districts)))


def _document_keys(catalogue: Catalogue) -> dict[str, bytes]:
    city = catalogue.city.model_dump_json().encode()
    return {record_id: _document_key(record_id, catalogue, city) for record_id in catalogue.records}


def _document_key(record_id: str, catalogue: Catalogue, city: bytes) -> bytes:
    entry = catalogue.entries[record_id]
    belts = (belt.name.encode() for belt in catalogue.belts_of.get(record_id, ()))
    stops = [target for target, _ in entry.names] if isinstance(entry.record, Belt) else []
    cards = (catalogue.entries[i].card for i in stops if i in catalogue.entries)
    return digest_of(b"search", program_digest(), city, entry.card, *cards, b"belts", *belts)


def _decode_document(text: bytes) -> SearchDocument:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in json.loads(text)]
    return SearchDocument(*values)


def _record_documents(record_ids: Sequence[str]) -> list[SearchDocument]:
    catalogue = shared(Catalogue)
    return [_record_document(catalogue.records[record_id], catalogue) for record_id in record_ids]


def _record_document(record: Record, catalogue: Catalogue) -> SearchDocument:
    belts = catalogue.belts_of.get(record.id, ())
    district = catalogue.district(record.district_id).name if record.district_id else CITY_WIDE
    stops = _stop_names(record, catalogue) if isinstance(record, Belt) else ()
    names = (record.name, *record.other_names, record.name_en or "", getattr(record, "short_name", ""))
    named = name_words(names)
    return SearchDocument(
        url=record_url(record),
        name=record.name,
        summary=record.summary,
        kind=kind_named(record.kind).title,
        district=district,
        belts=tuple(belt.name for belt in belts),
        name_words=named,
        words=_without(
            named,
            (*place_words((*place_names(catalogue.entries[record.id]), *stops)), *text_words(record.summary)),
        ),
    )


def _district_document(district: District, catalogue: Catalogue) -> SearchDocument:
    townships = tuple(t.name for t in catalogue.gazetteer.townships_of(district.code))
    named = name_words((district.name, *district.other_names, district.name_en or ""))
    return SearchDocument(
        url=district_url(district),
        name=district.name,
        summary=f"{district.name}的记录、指标和{len(townships)}个乡镇（街道）。",
        kind="区县",
        district=district.name,
        belts=(),
        name_words=named,
        words=_without(named, place_words(townships)),
    )


def _stop_names(belt: Belt, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(catalogue.records[stop.record].name for stop in belt.stops if stop.record)


def place_names(entry: Entry) -> Iterator[str]:
    """The villages, townships and other places named anywhere in a record, also as a source printed them."""
    for _, model in iter_models(entry.record, (Member, Place)):
        if isinstance(model, Member):
            yield from filter(None, (model.name, model.as_printed, model.township))
        elif isinstance(model, Place):
            yield from filter(None, (model.township,))


# -- words ---------------------------------------------------------------------------------------


def name_words(names: Iterable[str]) -> tuple[str, ...]:
    """The words that find names: slices, single characters, pinyin and initials from any syllable."""
    found: list[str] = []
    for name in names:
        found += text_words(name)
        for run in _chinese_runs(name):
            found += [_SINGLE + _spell(character) for character in run]
            for reading in _readings(run):
                found += _spoken(reading)
    return tuple(dict.fromkeys(found))


def place_words(names: Iterable[str]) -> tuple[str, ...]:
    """The words that find places: slices, pinyin and initials from the first syllable."""
    found: list[str] = []
    for name in dict.fromkeys(names):
        found += text_words(name)
        for run in _chinese_runs(name):
            for reading in _readings(run):
                found += [word for word in ("".join(reading), _initials(reading)) if len(word) > 1]
    return tuple(dict.fromkeys(found))


def text_words(text: str) -> tuple[str, ...]:
    """The words of any text: two-character slices of Chinese, and whatever is written in letters or digits.

    A Chinese run of one character gives a word for that character.
    """
    found: list[str] = []
    for match in _RUNS.finditer(unicodedata.normalize("NFKC", text).lower()):
        run = match[0]
        if not match["han"]:
            found += [run] if run != "v" else []
        elif len(run) == 1:
            found.append(_SINGLE + _spell(run))
        else:
            letters = [_spell(character) for character in run]
            found += [_SLICE + first + second for first, second in pairwise(letters)]
    return tuple(dict.fromkeys(found))


@cache
def _spell(character: str) -> str:
    """A character as letters: its code point in hexadecimal, the digits as a–p."""
    return f"{ord(character):04x}".translate(_LETTERS)


def _chinese_runs(text: str) -> list[str]:
    return re.findall(_HAN, unicodedata.normalize("NFKC", text))


@cache
def _read_word(word: str) -> tuple[str, ...]:
    """The syllables of a word of pypinyin's dictionary, or of a single character."""
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "v") for syllable in lazy_pinyin(word, errors="ignore"))


@lru_cache(maxsize=100_000)
def _readings(run: str) -> tuple[tuple[str, ...], ...]:
    """How a run is read aloud, syllable by syllable; again for each character that has a second reading."""
    from pypinyin.seg.mmseg import seg

    usual = [syllable for word in seg.cut(run) for syllable in _read_word(word)]
    if len(usual) != len(run):
        return (tuple(usual),) if usual else ()
    others = (
        (*usual[:n], reading, *usual[n + 1 :])
        for n, character in enumerate(run)
        for reading in _OTHER_READINGS.get(character, "").split()
        if reading != usual[n]
    )
    return (tuple(usual), *others)


def opening_words(name: str) -> tuple[str, ...]:
    """The pinyin of a name's first run of Chinese, and the initials it opens with: of two, of three, of all syllables.

    Who types `tt` most likely means a name that begins so.
    """
    found: list[str] = []
    for run in _chinese_runs(name)[:1]:
        for reading in _readings(run):
            initials = _initials(reading)
            found += [
                "".join(reading),
                *(word for word in (initials[:2], initials[:3], initials) if len(word) > 1),
            ]
    return tuple(dict.fromkeys(found))


def _spoken(reading: tuple[str, ...]) -> Iterator[str]:
    """Pinyin and initials, whole and from each later syllable; each syllable alone, for who types with spaces."""
    yield from reading
    for start in range(len(reading)):
        inner = reading[start : start + _INNER_SYLLABLES] if start else reading
        yield "".join(inner)
        if len(inner) > 1:
            yield _initials(inner)


def _initials(reading: tuple[str, ...]) -> str:
    return "".join(syllable[0] for syllable in reading)


def _without(known: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    seen = set(known)
    return tuple(dict.fromkeys(word for word in words if word not in seen))
