"""Generated pages as Markdown documents, for any publisher that reads a docs folder.

A document is front matter and one raw HTML block, which Markdown passes through untouched.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ..pages.rendering import Page
from ..pages.site import Site, pattern_url
from ..reading.manuscripts import find_destinations
from ..writing.fill import PROFILE_SLOTS, slot_mark


class Manuscript(NamedTuple):
    """A hand-written page as it goes to the publisher: its address, its front matter with title and head, its text.

    Title and head are escaped, as in `Page`. `reference` is the generated Markdown that follows the text; the
    view that the front matter may ask for is not in it.
    """

    url: str
    meta: Mapping[str, Any]
    markdown: str
    reference: str = ""

    @property
    def view(self) -> str:
        """The name of the view that stands below the text, or nothing."""
        return str(self.meta.get("view", ""))

    @property
    def text(self) -> str:
        """The whole text but the view."""
        return f"{self.markdown.rstrip()}\n\n{self.reference}" if self.reference else self.markdown


def folder_path(path: str) -> str:
    """Where a document stands when its folder is its address: `areas/tengtou.md` as `areas/tengtou/index.md`.

    There a relative address in its HTML means the same to a publisher that reads it from the document's place
    (Zensical) and to one that leaves it alone (MkDocs).
    """
    return path if PurePosixPath(path).name == "index.md" else f"{path.removesuffix('.md')}/index.md"


def move_links(markdown: str, path: str, places: Mapping[str, str]) -> str:
    """A hand-written text with its relative links as they must be once every file stands at its new place.

    `places` are the new paths by the old ones, and `path` is where the text stood. A link to no file, which is
    how an example in a text looks, stays.
    """
    old, new = posixpath.dirname(path), posixpath.dirname(places[path])
    parts, end = [], 0
    for start, stop in find_destinations(markdown):
        target, mark, anchor = markdown[start:stop].partition("#")
        place = places.get(posixpath.normpath(posixpath.join(old, target))) if target else None
        parts += [
            markdown[end:start],
            posixpath.relpath(place, new or ".") if place else target,
            mark,
            anchor,
        ]
        end = stop
    return "".join((*parts, markdown[end:]))


def manuscript_text(manuscript: Manuscript, body: str) -> str:
    """A hand-written page as Markdown with front matter, `body` being its view or nothing."""
    text = view_document(manuscript.text, body) if body else f"{manuscript.text.rstrip()}\n"
    return f"{_front_matter(manuscript.meta)}\n{text.lstrip()}"


def document_text(page: Page) -> str:
    """A page as Markdown with front matter."""
    return f"{_front_matter({'title': page.title, 'head': page.head})}\n{raw_block(page.body)}\n"


def _front_matter(values: Mapping[str, Any]) -> str:
    """Front matter, a value a line. JSON is YAML, so any text is safe in it."""
    lines = (
        f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}\n" for key, value in values.items()
    )
    return f"---\n{''.join(lines)}---\n"


def raw_block(body: str) -> str:
    """A body as one HTML block that Markdown leaves alone."""
    return f'<div class="generated">\n{body}\n</div>'


def view_document(markdown: str, body: str) -> str:
    """A hand-written document with a generated block after it."""
    return f"{markdown.rstrip()}\n\n{raw_block(body)}\n"


def pattern_page(site: Site, key: str) -> Page:
    """The page whose slots hold marks, for the pages of one kind."""
    if key not in site.patterns:
        raise KeyError(key)
    title, head, body = (slot_mark(mark_key(site, key), slot) for slot in PROFILE_SLOTS)
    return Page(url=pattern_url(key), pattern=key, title=title, head=head, body=body, files={})


def mark_key(site: Site, key: str) -> str:
    """What the marks of a pattern page are made from.

    The city's settings, which stand on every page, are part of it: no text can hold a digest of itself.
    """
    return f"{key} {hashlib.sha256(site.catalogue.city.model_dump_json().encode()).hexdigest()[:16]}"
