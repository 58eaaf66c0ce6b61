"""Generated pages as Markdown documents, for any publisher that reads a docs folder.

A document is front matter and one raw HTML block, which Markdown passes through untouched.
"""

from __future__ import annotations

import hashlib
import json

from .fill import PROFILE_SLOTS, slot_mark
from .site import Page, Site, pattern_url


def document_text(page: Page) -> str:
    """A page as Markdown with front matter. JSON strings are YAML strings, so any text is safe in them."""
    title, head = (json.dumps(text, ensure_ascii=False) for text in (page.title, page.head))
    return f"---\ntitle: {title}\nhead: {head}\n---\n\n{raw_block(page.body)}\n"


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
