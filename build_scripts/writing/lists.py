"""What a site says of all that it holds: the sitemap for search engines, the report of a build for its readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape

from pydantic_core import to_json

from ..addresses import SITEMAP, record_url
from ..kinds.registry import find_kinds
from ..maps.drawings import is_drawn
from ..pages.site import Site
from ..project import Prepared
from ..search.documents import searched_urls
from ..storage.files import gzip_form

_PAGE = "index.html"


def render_sitemap(pages: Iterable[str], site: Site) -> dict[str, bytes]:
    """The sitemap of these pages (paths of files) but those at old addresses, with their days of last change.

    Relative to the root when the public address is unknown. Two files by their paths, one of them compressed.
    """
    base, days = site.settings.site_url or "/", site.days
    urls = sorted(page.removesuffix(_PAGE) for page in {*pages}.difference(site.forwarded))
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(_sitemap_entry(base + url, days.get(url, "")) for url in urls),
        "</urlset>\n",
    )
    text = "\n".join(lines).encode()
    return {SITEMAP: text, f"{SITEMAP}.gz": gzip_form(text)}


def _sitemap_entry(address: str, day: str) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"  <url><loc>{escape(address)}</loc>{changed}</url>"


def render_report(prepared: Prepared, files: Mapping[str, Collection[str]]) -> bytes:
    """build-report.json: every published record with its file and what was written for it.

    It has its page's `files`, a place or line on the maps or none, and an entry in the search index; its kind's data
    files, and those of everything, hold it too. The report is published: of drafts and of
    diagnostics, which name files that stay at home, it gives the number alone.
    """
    published = [entry for entry in prepared.dataset.entries if entry.record.is_published]
    found = searched_urls(prepared.site.catalogue)
    records = [
        {
            "path": entry.path,
            "id": entry.record.id,
            "kind": entry.kind.name,
            "outputs": _paths(record_url(entry.record), files),
            "map": is_drawn(entry.record, prepared.site.catalogue),
            "search": record_url(entry.record) in found,
        }
        for entry in published
    ]
    report = {
        "inputs": len(prepared.dataset.inputs),
        "drafts": len(prepared.dataset.entries) - len(published),
        "diagnostics": len(prepared.diagnostics),
        "records": records,
        "pages": len(prepared.site.profile_ids),
        "downloads": _downloads(prepared.site, files),
        "redirects": [
            {"address": r.address, "target": r.target or "gone", "outputs": [r.page]}
            for r in prepared.dataset.redirects
        ],
    }
    return _encode_report(report)


def _encode_report(report: Mapping[str, object]) -> bytes:
    """JSON with a line for each item of each list, so that two reports can be compared."""
    lines = (b"%b: %b" % (to_json(name), _encode_part(part)) for name, part in report.items())
    return b"{\n%b\n}\n" % b",\n".join(lines)


def _encode_part(part: object) -> bytes:
    return b"[\n%b\n]" % b",\n".join(map(to_json, part)) if isinstance(part, list) else to_json(part)


def _downloads(site: Site, files: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The files that hold the records of each kind; a kind without records has none."""
    names = [path for name, paths in files.items() if name.startswith("data") for path in paths]
    return {
        kind.name: sorted(n for n in names if n.startswith((f"data/{kind.url_folder}.", "data/all.")))
        for kind in find_kinds()
        if site.catalogue.of_kind(kind)
    }


def _paths(url: str, files: Mapping[str, Collection[str]]) -> list[str]:
    """The files of a page by its address: itself and those beside it; none for a page that is not there."""
    return sorted({f"{url}{_PAGE}", *files[url]}) if url in files else []
