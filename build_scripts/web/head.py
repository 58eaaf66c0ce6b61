"""The `<head>` of a page: title, description, address, and the tags that Chinese public sites carry.

Absent identity values print nothing. Everything is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from ..records.city import City


class PageInfo(NamedTuple):
    """What a page's head says. `url` is relative to the site's root; `date` is ISO or empty.

    `column` is the section the page belongs to; `article` tells a content page from a list page; `image` is the
    address of its preview picture, relative to the root too.
    """

    title: str
    description: str
    url: str
    column: str = ""
    date: str = ""
    keywords: str = ""
    article: bool = False
    image: str = "preview.png"


def render_head(info: PageInfo, city: City, site_url: str) -> str:
    """The page's own head tags, one a line."""
    return "\n".join(_tags(info, city, site_url))


def _tags(info: PageInfo, city: City, site_url: str) -> Iterator[str]:
    title = f"{info.title} - {city.title}" if info.url else city.title
    yield f"<title>{escape(title)}</title>"
    yield _meta("description", info.description)
    yield from _addresses(info, site_url) if site_url else ()
    yield _property("og:title", info.title)
    yield _property("og:description", info.description)
    yield _property("og:type", "article" if info.article else "website")
    yield _property("og:site_name", city.title)
    yield _property("og:locale", city.language.replace("-", "_"))
    yield _meta("SiteName", city.title)
    if city.identity.site_code:
        yield _meta("SiteIDCode", city.identity.site_code)
    if info.column:
        yield _meta("ColumnName", info.column)
        yield _meta("ColumnType", info.column)
    yield from _article_tags(info, city) if info.article else _column_tags(info)


def _addresses(info: PageInfo, site_url: str) -> Iterator[str]:
    """Tags that hold whole addresses, which only a site that knows its own can print."""
    yield f'<link rel="canonical" href="{escape(site_url + info.url)}">'
    yield _property("og:url", site_url + info.url)
    yield _property("og:image", site_url + info.image)
    yield _meta("twitter:card", "summary_large_image")
    yield _meta("SiteDomain", urlsplit(site_url).hostname or "")
    if info.article:
        yield _meta("Url", site_url + info.url)
        yield _meta("Image", site_url + info.image)


def _article_tags(info: PageInfo, city: City) -> Iterator[str]:
    yield _meta("ArticleTitle", info.title)
    if info.date:
        yield _meta("PubDate", f"{info.date} 00:00")
    yield _meta("ContentSource", city.publisher)
    if city.identity.organiser:
        yield _meta("Author", city.identity.organiser)
    if info.keywords:
        yield _meta("Keywords", info.keywords)


def _column_tags(info: PageInfo) -> Iterator[str]:
    if info.column:
        yield _meta("ColumnDescription", info.description)
        yield _meta("ColumnKeywords", info.keywords or info.column)


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}">'


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">'
