"""Links of hand-written pages and of the navigation: each leads to a page or file that there is or that will be made.

Anchors are the publisher's to judge, for it alone knows which a page has.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ..addresses import BROWSE, district_url, list_previews, record_url
from ..diff.editions import make_edition
from ..faults.diagnostics import MOST_OF_A_KIND, Diagnostic, limit_diagnostics
from ..opendata.downloads import list_downloads
from ..reading.load import Dataset
from ..reading.manuscripts import find_links, resolve_link
from ..reading.site_settings import find_navigation
from ..records.document import Document
from ..web.hosting import HEADERS_FILE
from ..web.offline import MANIFEST
from ..words.markup import has_scheme, is_allowed
from ..words.spelling import closest, suggest
from .site import list_pages

_ASSETS = "assets/"  # styles and scripts, in folders named by their content


def check_links(
    pages: Iterable[Document], settings: Iterable[Document], files: Collection[str], dataset: Dataset
) -> Iterator[Diagnostic]:
    """A link leads to a page or a file, an entry of the navigation to a page or another site.

    `files` are all of content/, by their paths with that folder's name. Without a city there is no telling which pages
    there are.
    """
    if dataset.city is None:
        return
    targets = Targets(frozenset(path.partition("/")[2] for path in files), dataset)
    for page in pages:
        yield from limit_diagnostics(islice(_check_page(page, targets), 2 * MOST_OF_A_KIND + 1))
    yield from limit_diagnostics(_check_navigation(settings, targets))


def _check_navigation(settings: Iterable[Document], targets: Targets) -> Iterator[Diagnostic]:
    for document, got, mark in find_navigation(settings):
        if has_scheme(got):
            if not is_allowed(got):
                yield document.diagnose("B603", mark, got=got)
        elif not targets.has_page(posixpath.normpath(got)):
            hint = suggest(targets.find_meant("", got))
            yield document.diagnose("B612", mark, got=got, **hint)


def _check_page(page: Document, targets: Targets) -> Iterator[Diagnostic]:
    here = page.path.partition("/")[2]
    for start, end in find_links(page.text):
        got = page.text[start:end]
        if code := _judge(here, got, targets):
            hint = suggest(targets.find_meant(here, got))
            yield page.diagnose(code, page.mark_at(start), got=got, **hint)


def _judge(here: str, link: str, targets: Targets) -> str:
    """The rule that a link of the page at `here` breaks; empty when it is sound, leads elsewhere or to an anchor."""
    try:
        parts = urlsplit(link)
    except ValueError:  # of brackets in the name of a host
        return "B609"
    if parts.scheme or parts.netloc:
        return ""
    if link.startswith(("/", "\\")):
        return "B610"
    return "B609" if parts.path and not targets.has(resolve_link(here, parts.path)) else ""


@dataclass(frozen=True)
class Targets:
    """What pages can link to, by path: hand-written files as they stand, made pages as `areas/tengtou.md`."""

    files: frozenset[str]
    dataset: Dataset

    @cached_property
    def standing(self) -> frozenset[str]:
        """The files and the pages that there are whatever the records are."""
        return self.files | {*list_pages()}

    @cached_property
    def pages(self) -> frozenset[str]:
        """Everything but the files that are made of many records."""
        city, entries = self.dataset.city, self.dataset.entries
        urls = [record_url(entry.record) for entry in entries if entry.record.is_published]
        urls += [district_url(district) for district in city.districts] if city else []
        return self.standing | {f"{url.rstrip('/')}.md" for url in urls}

    @cached_property
    def made(self) -> frozenset[str]:
        """The files that are made of many records, without making them."""
        catalogue = make_edition(self.dataset, ()).catalogue
        redirects = (redirect.page for redirect in self.dataset.redirects)
        named = (BROWSE, HEADERS_FILE, MANIFEST)
        return frozenset((*list_previews(catalogue), *list_downloads(catalogue), *redirects, *named))

    def has(self, path: str) -> bool:
        """Whether something is at a path, or may be: of a record that could not be read, nobody knows."""
        if self.has_page(path):
            return True
        return not path.endswith(".md") and (path.startswith(_ASSETS) or path in self.made)

    def has_page(self, path: str) -> bool:
        """The same without the files that are made."""
        return path in self.standing or path in self.pages or PurePosixPath(path).stem in self.dataset.unread

    def find_meant(self, here: str, link: str) -> str:
        """The link that was most likely meant, from the page at `here`; empty when none is near."""
        path, mark, anchor = link.partition("#")
        plain = unquote(path).lstrip("/\\")
        places = (resolve_link(here, plain), posixpath.normpath(plain))
        guesses = (guess for place in places for guess in _iter_spellings(place))
        found = next((guess for guess in guesses if guess in self.pages), "") or self._find_similar(places[0])
        return posixpath.relpath(found, posixpath.dirname(here) or ".") + mark + anchor if found else ""

    def _find_similar(self, path: str) -> str:
        """What has the same name in another folder, or nearly that name in the same one."""
        is_file = PurePosixPath(path).suffix not in ("", ".md")
        choices = sorted(self.files | self.made if is_file else self.pages)
        folder, name = posixpath.split(path)
        named = {posixpath.dirname(c): c for c in choices if posixpath.basename(c) == name}
        if len(named) == 1:
            return next(iter(named.values()))
        beside = {_name(choice): choice for choice in choices if posixpath.dirname(choice) == folder}
        return beside.get(closest(_name(path), beside)) or named.get(closest(folder, named), "")


def _name(path: str) -> str:
    """What a page or a file is called, without what all pages end in."""
    return posixpath.basename(path).removesuffix(".md")


def _iter_spellings(path: str) -> Iterator[str]:
    """What a path may stand for that was written like an address of the built site."""
    yield path
    yield f"{path}/index.md"
    yield f"{path.removesuffix('.html')}.md"
    yield f"{path.removesuffix('/index.html')}.md"
