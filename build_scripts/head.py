"""The `<head>` of a page: title, description, address, and the tags that Chinese public sites carry.

Absent identity values print nothing. Everything is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from .city import City


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What a page's head says. `url` is relative to the site's root; `date` is ISO or empty.

    `column` is the section the page belongs to; `article` tells a content page from a list page.
    """

    title: str
    description: str
    url: str
    column: str = ""
    date: str = ""
    keywords: str = ""
    article: bool = False


def render_head(info: PageInfo, city: City, site_url: str) -> str:
    """The page's own head tags, one a line."""
    return "\n".join(_tags(info, city, site_url))


def _tags(info: PageInfo, city: City, site_url: str) -> Iterator[str]:
    title = f"{info.title} - {city.title}" if info.url else city.title
    yield f"<title>{escape(title)}</title>"
    yield _meta("description", info.description)
    if site_url:
        address = site_url.rstrip("/") + "/" + info.url
        yield f'<link rel="canonical" href="{escape(address)}">'
        yield _property("og:url", address)
        yield _meta("SiteDomain", site_url.rsplit("//", maxsplit=1)[-1].strip("/").split("/")[0])
    yield _property("og:title", info.title)
    yield _property("og:description", info.description)
    yield _property("og:type", "article" if info.article else "website")
    yield _property("og:locale", city.language.replace("-", "_"))
    yield _meta("SiteName", city.title)
    if city.identity.site_code:
        yield _meta("SiteIDCode", city.identity.site_code)
    yield from _article_tags(info, city) if info.article else _column_tags(info)


def _article_tags(info: PageInfo, city: City) -> Iterator[str]:
    yield _meta("ArticleTitle", info.title)
    if info.date:
        yield _meta("PubDate", f"{info.date} 00:00")
    yield _meta("ContentSource", city.identity.organiser or city.title)
    if info.column:
        yield _meta("ColumnName", info.column)
    if info.keywords:
        yield _meta("Keywords", info.keywords)


def _column_tags(info: PageInfo) -> Iterator[str]:
    if info.column:
        yield _meta("ColumnName", info.column)
        yield _meta("ColumnDescription", info.description)


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{escape(content)}">'


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">'
