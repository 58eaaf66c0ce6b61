"""The search index: Pagefind's engine, the words in chunks, and what each result shows, as files of the site.

The words and results stand in folders named by their content and listed in one file, so that a page never mixes two
indexes, and a change leaves most of the files where they are. The index of the last build is in the cache: where few
documents have changed, only what they touch is made.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..addresses import SEARCH
from ..catalogue import Catalogue
from ..records.city import City
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest, remember
from ..storage.files import gzip_form
from ..workers import InlineExecutor, open_pool
from .chunks import Changes, SearchChunk, build_chunks, list_borders, update_chunks
from .documents import (
    SearchDocument,
    SearchFilter,
    Subject,
    WrittenPage,
    build_filters,
    document_keys,
    list_traits,
    read_documents,
    start_documents,
)
from .engine import read_engine
from .readings import start_readings
from .words import split_syllables

ENGINE = "engine.wasm.gz"
INDEX = "index.json"
FILTERS = "filters.json"
READINGS = "readings.json"
_RESULTS = 4  # in one file
_FILES = 16  # in one folder
_CITY = "市"

CityNames = tuple[tuple[str, ...], ...]
_FEW = 8  # one document in so many: when more have changed, making all is as quick


class Part(NamedTuple):
    """Files that are kept or made together, by path inside the site."""

    name: str
    files: Mapping[str, bytes]

    @property
    def key(self) -> bytes:
        """A digest of the files."""
        return digest_of(*self.files.values())


class Index(NamedTuple):
    """What is known of all documents: `keys` of what each is made from, and compressed files."""

    keys: tuple[bytes, ...]
    chunks: tuple[SearchChunk, ...]
    results: tuple[bytes, ...]


# -- an index, made or brought up to date --------------------------------------------------------------


def build_index(keys: Iterable[bytes], documents: Sequence[SearchDocument]) -> Index:
    """The index of documents made from what the keys say."""
    results: list[bytes] = []
    chunks = build_chunks(_pack_on_the_way(documents, results), len(documents))
    return Index(tuple(keys), chunks, tuple(results))


def _pack_on_the_way(documents: Sequence[SearchDocument], results: list[bytes]) -> Iterator[SearchDocument]:
    """The documents, each typed once, while what is shown of them is added to `results`."""
    for start in range(0, len(documents), _RESULTS):
        group = [*documents[start : start + _RESULTS]]
        results.append(_pack_results(map(show_result, group)))
        yield from group


def update_index(index: Index, keys: Iterable[bytes], changes: Changes) -> Index:
    """What `build_index` would make now that some of as many documents have changed."""
    results = list(index.results)
    for number, (_, document) in changes.items():
        shown = json.loads(gzip.decompress(results[number // _RESULTS]))
        shown[number % _RESULTS] = show_result(document)
        results[number // _RESULTS] = _pack_results(shown)
    return Index(tuple(keys), update_chunks(index.chunks, len(index.keys), changes), tuple(results))


def show_result(document: SearchDocument) -> tuple[str, ...]:
    """What a reader sees of a document among the results, in the order that `search_index.js` knows."""
    about = (document.kind, document.district, "、".join(document.belts))
    return document.url, document.name, document.summary, *about


def _pack_results(shown: Iterable[Sequence[str]]) -> bytes:
    return gzip_form(_encode([*shown]).encode())


# -- from build to build -------------------------------------------------------------------------------


class IndexPlan(NamedTuple):
    """What it takes to have the index of a catalogue and of the hand-written pages.

    `keys` are those of all documents; `changed` maps the numbers of the few that have changed since the index `last`
    to what they were, and is None where all are to be made.
    """

    catalogue: Catalogue
    pages: Sequence[WrittenPage]
    cache: Cache
    keys: Mapping[Subject, bytes]
    last: Index | None
    changed: Mapping[int, SearchDocument] | None

    @property
    def wanted(self) -> dict[Subject, bytes]:
        """The keys of the documents that are needed."""
        if self.changed is None:
            return dict(self.keys)
        return {subject: key for n, (subject, key) in enumerate(self.keys.items()) if n in self.changed}

    def start(self, pool: Executor) -> Callable[[], tuple[Part, ...]]:
        """Begin on a pool that shares the catalogue. What is returned waits for the files and raises UserError."""
        gather_readings = start_readings(pool, self.cache)
        if self.changed is None:
            gather = start_documents(self.wanted, pool, self.cache)
        else:
            last = dict(zip(self.wanted, self.changed.values(), strict=True))
            gather = start_documents(self.wanted, InlineExecutor(), self.cache, last)
        return lambda: self._finish(gather(), gather_readings())

    def _finish(self, documents: Sequence[SearchDocument], readings: bytes) -> tuple[Part, ...]:
        if not self.keys:
            return ()
        index = self._update(documents)
        if index is not self.last:
            self.cache.add({_last_key(): encode_index(index)})
        filters = build_filters(list_traits(self.catalogue, self.pages))
        everywhere = {ENGINE: read_engine(self.cache), READINGS: readings}
        return list_parts(index, filters, everywhere, list_names(self.catalogue.city, self.cache))

    def _update(self, documents: Sequence[SearchDocument]) -> Index:
        if self.last is None or self.changed is None:
            return build_index(self.keys.values(), documents)
        if not self.changed:
            return self.last
        pairs = zip(self.changed.items(), documents, strict=True)
        return update_index(self.last, self.keys.values(), {n: (old, new) for (n, old), new in pairs})


def make_index(catalogue: Catalogue, cache: Cache, pages: Sequence[WrittenPage] = ()) -> dict[str, bytes]:
    """The files of the index, by path inside the site. Raises UserError."""
    plan = plan_index(catalogue, cache, pages)
    with open_pool(len(plan.wanted), catalogue) as pool:
        parts = plan.start(pool)()
    return {path: content for part in parts for path, content in part.files.items()}


def plan_index(catalogue: Catalogue, cache: Cache, pages: Sequence[WrittenPage] = ()) -> IndexPlan:
    """Compare what is to be found with the index of the last build; ready for processes to be forked."""
    keys = document_keys(catalogue, pages)
    cache.hold(keys.values())
    text = cache.read([_last_key()]).get(_last_key())
    last = decode_index(text) if text else None
    changed = _find_changed(last, [*keys.values()], cache) if last else None
    return IndexPlan(catalogue, pages, cache, keys, last, changed)


def _find_changed(last: Index, keys: Sequence[bytes], cache: Cache) -> dict[int, SearchDocument] | None:
    if len(keys) != len(last.keys):
        return None
    before = {n: old for n, (old, new) in enumerate(zip(last.keys, keys, strict=True)) if old != new}
    if len(before) * _FEW > len(keys):
        return None
    known = read_documents(before.values(), cache)
    return {n: known[key] for n, key in before.items()} if known.keys() >= {*before.values()} else None


def _last_key() -> bytes:
    return digest_of(b"search index", program_digest())


def encode_index(index: Index) -> bytes:
    """An index as bytes: one line of JSON with what the files are, and the files."""
    head = {
        "keys": [key.hex() for key in index.keys],
        "chunks": [(chunk.first, chunk.last, chunk.sizes, len(chunk.content)) for chunk in index.chunks],
        "results": [len(result) for result in index.results],
    }
    files = (*(chunk.content for chunk in index.chunks), *index.results)
    return b"\n".join((_encode(head).encode(), b"".join(files)))


def decode_index(text: bytes) -> Index:
    """An index from its bytes."""
    line, _, content = text.partition(b"\n")
    head = json.loads(line)
    lengths = (*(length for *_, length in head["chunks"]), *head["results"])
    files = [content[start:end] for start, end in pairwise(accumulate(lengths, initial=0))]
    known = zip(head["chunks"], files, strict=False)
    chunks = tuple(SearchChunk(first, last, tuple(sizes), file) for (first, last, sizes, _), file in known)
    return Index(tuple(map(bytes.fromhex, head["keys"])), chunks, tuple(files[len(chunks) :]))


# -- files of the site ---------------------------------------------------------------------------------


def list_names(city: City, cache: Cache = NO_CACHE) -> CityNames:
    """What readers may call the city, in small letters: they type it before other words.

    In groups that are left out apart, so that 市委 and 委 are both looked for after 宁波; the longest of a group first.
    """
    key = digest_of(b"names of the city", program_digest(), city.name.encode(), city.name_en.encode())
    return remember(cache, key, CityNames, lambda: _list_names(city))  # reading Chinese takes long to load


def _list_names(city: City) -> CityNames:
    name = city.name.lower().removesuffix(_CITY) or city.name
    readings = (split_syllables(name), split_syllables(f"{name}{_CITY}"))
    spelled = {mark.join(syllables) for mark in ("", " ") for syllables in readings}
    latin = sorted({*spelled, city.name_en.lower()} - {""}, key=lambda word: (-len(word), word))
    return (name,), (f"{name}{_CITY}",), tuple(latin)


def list_parts(
    index: Index, filters: Iterable[SearchFilter], everywhere: Mapping[str, bytes], city: CityNames
) -> tuple[Part, ...]:
    """The files of an index, with those that are the same on every site, by name.

    `city` are names that every document might as well bear.
    """
    words = [*_share_out("words", [chunk.content for chunk in index.chunks])]
    results = [*_share_out("results", index.results)]
    listed = {
        "city": city,
        "documents": len(index.keys),
        "files": _FILES,
        "words": [part.name.rpartition("/")[2] for part in words],
        "chunks": list_borders(index.chunks),
        "together": _RESULTS,
        "results": [part.name.rpartition("/")[2] for part in results],
    }
    first = {**everywhere, FILTERS: _encode_filters(filters), INDEX: _encode(listed).encode() + b"\n"}
    return (Part(SEARCH, {f"{SEARCH}/{name}": content for name, content in first.items()}), *words, *results)


def _share_out(name: str, files: Sequence[bytes]) -> Iterable[Part]:
    """Files in folders named by their content, each file by its number there."""
    for start in range(0, len(files), _FILES):
        some = files[start : start + _FILES]
        folder = f"{SEARCH}/{name}/{digest_of(*some).hex()[:8]}"
        yield Part(folder, {f"{folder}/{n}.gz": content for n, content in enumerate(some)})


def _encode_filters(filters: Iterable[SearchFilter]) -> bytes:
    shown = [{"key": f.key, "title": f.title, "values": list(f.words.items())} for f in filters]
    return _encode(shown).encode() + b"\n"


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
