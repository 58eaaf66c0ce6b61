"""What a checkout holds that its site must not say: drafts, withdrawn records, comments; and what it may name.

Works on what `load` and `manuscripts` have read; knows no built site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..editing.skeleton import build_skeleton
from ..inspection.leaks import HTML_COMMENT, Insight, list_hosts
from ..kinds.registry import find_kinds
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..records.decode import iter_values
from ..records.document import Data, Document
from ..web.policy import tile_hosts
from ..words.phrases import Phrases, is_telling, split_phrases

_IN_NAMES, _IN_COMMENTS, _IN_TEXTS = 4, 6, 12  # Chinese characters from which on a phrase is nobody else's
_YAML_COMMENT = re.compile(r"(?:^|(?<=\s))#(?! yaml-language-server)[ \t]*(\S.*)", re.MULTILINE)
_NAME_FIELDS = ("name", "name_en", "other_names", "search_terms")


def gather_insight(
    dataset: Dataset, manuscripts: Sequence[Document], settings: str, places: Iterable[str] = ()
) -> Insight:
    """What the data, the hand-written pages and the text of mkdocs.yml say about what may be published.

    `places` are paths of this machine that no page may name, unless one was written to.
    """
    published = [entry for entry in dataset.entries if entry.record.is_published]
    drafts = [entry for entry in dataset.entries if not entry.record.is_published]
    told = {entry.path: _told(entry) for entry in published}
    pages = [HTML_COMMENT.sub("", page.text) for page in manuscripts]
    blanks = [build_skeleton(kind, {}) for kind in find_kinds()]  # their comments explain the fields
    city = [*_walk(dataset.city_document.data), *_walk(dataset.redirects_document.data)]
    public = [*told.values(), *pages, *blanks, *city]
    comments = [*(_text_of(entry) for entry in dataset.entries), dataset.city_document.text]
    secret = Phrases((*_pick_from_drafts(drafts), *_pick_from_comments(comments, manuscripts)))
    hosts = (host for text in (*public, dataset.city_document.text, settings) for _, host in list_hosts(text))
    tiles = tile_hosts(dataset.city.map.tiles) if dataset.city else ()
    return Insight(
        numbers=dataset.allowed.digits,
        hosts=frozenset((*hosts, *(host.partition("//")[2] for host in tiles))),
        phrases=secret.without(public),
        drafts=frozenset(f"{entry.kind.url_folder}/{entry.record.id}" for entry in drafts),
        old=frozenset(redirect.address for redirect in dataset.redirects),
        places=tuple(place for place in places if not any(place in page for page in pages)),
    )


def _text_of(entry: Entry) -> str:
    return entry.content.decode("utf-8", "replace")


def _told(entry: Entry) -> str:
    """A record's file without its comments: as it is when it has none, else its values."""
    text = _text_of(entry)
    return "\n".join(_walk(entry.locate().data)) if _YAML_COMMENT.search(text) else text


def _walk(data: Data) -> Iterator[str]:
    """Every value that is a text."""
    return (text for _, text in iter_values(data))


def _pick_from_drafts(drafts: Iterable[Entry]) -> Iterator[str]:
    """What only the draft's own page would say: its names, its longer phrases."""
    for entry in drafts:
        data = entry.locate().data
        for name, value in data.items() if isinstance(data, dict) else ():
            least = _IN_NAMES if name in _NAME_FIELDS else _IN_TEXTS
            yield from _pick(_walk(value), least)


def _pick_from_comments(texts: Iterable[str], manuscripts: Iterable[Document]) -> Iterator[str]:
    for text in texts:
        yield from _pick((match[1] for match in _YAML_COMMENT.finditer(text)), _IN_COMMENTS)
    for page in manuscripts:
        yield from _pick((match[1] for match in HTML_COMMENT.finditer(page.text)), _IN_COMMENTS)


def _pick(texts: Iterable[str], least: int) -> Iterator[str]:
    return (phrase for text in texts for phrase in split_phrases(text) if is_telling(phrase, least))
