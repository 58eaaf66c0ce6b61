"""The one writer of the built site: filled pages, files beside pages, search index, sitemap, report and stamp.

Everything is UTF-8 with LF and in a fixed order; no clock is read. What a ledger says would come out the same
is kept from the last site.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .bill import BILL
from .cache import Cache, digest_of
from .catalogue import Catalogue
from .dependencies import Dependencies
from .diagnostics import Diagnostic
from .fill import Skeleton
from .kinds.registry import find_kinds
from .ledger import Ledger, content_digest
from .offline import SHELL, WORKER, render_worker
from .project import Prepared
from .search import build_search, search_key, searched_urls
from .search_index import FOLDER, write_search
from .site import RenderFailed, Site, render_one, render_view
from .stamp import STAMP, Origin, build_stamp, encode_stamp, hash_tree
from .views.atlas import location_of
from .views.citations import record_url
from .workers import map_chunks, open_pool, shared

REPORT = "build-report.json"


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept between builds."""

    ledger: Ledger
    cache: Cache | None

    def save(self) -> None:
        """Keep what this build has made."""
        self.ledger.save()
        if self.cache:
            self.cache.save()


@dataclass(frozen=True, slots=True)
class Written:
    """One page on disk: its address, and the digest of each file by its path inside the site."""

    url: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Press:
    """What writing pages takes; shared with the processes that do it."""

    target: Path
    site: Site
    skeleton: Skeleton


def write_site(
    target: Path,
    prepared: Prepared,
    skeleton: Skeleton,
    stores: Stores | None = None,
    *,
    origin: Origin,
) -> None:
    """Write all that comes from records into `target`, where the skeleton's files stand.

    Raises RenderFailed for pages that cannot be made, SearchFailed when there can be no search index.
    """
    stores = stores or Stores(Ledger(target, None), None)
    site = prepared.site
    needs = Dependencies(site)
    press = _Press(target, site, skeleton)
    written = _write_profiles(press, needs, stores.ledger)
    for url in skeleton.views:
        _write_view(press, url, needs, stores.ledger)
    for path, content in site.shared_files.items():
        write_file(target / path, content)
    downloads = _write_group(target, stores.ledger, "data", needs.contents, lambda: site.downloads.files)
    _write_group(target, stores.ledger, "previews", needs.cards, lambda: site.previews)
    _write_group(target, stores.ledger, "browse", needs.cards, lambda: site.browse_files)
    write_pictures(target, prepared.pictures)
    found = _write_index(target, site, stores)
    _write_worker(target, site)
    write_sitemap(target, site.settings.site_url, site.forwarding, site.days)
    write_report(target, prepared, written, found, downloads)
    if origin.bill:
        write_file(target / BILL, origin.bill)
    write_stamp(target, site.catalogue, origin, stores.ledger.digests)


def _write_profiles(press: _Press, needs: Dependencies, ledger: Ledger) -> tuple[Written, ...]:
    """Every profile page: kept from the last site, or rendered, on all cores when there are many."""
    site, patterns = press.site, press.skeleton.profiles
    shapes = {kind: digest_of(*(piece.encode() for piece in p.pieces)) for kind, p in patterns.items()}
    keys = {i: digest_of(needs.of_profile(i), shapes.get(site.pattern_of(i), b"")) for i in site.profile_ids}
    urls = dict(zip(site.profile_ids, site.page_urls, strict=True))
    kept = {i: ledger.reuse(urls[i], key, press.target) for i, key in keys.items()}
    missing = [i for i in site.profile_ids if kept[i] is None]
    with open_pool(len(missing), press) as pool:
        made = dict(zip(missing, map_chunks(_press_some, missing, pool), strict=True))
    failures = [result for result in made.values() if isinstance(result, str)]
    if failures:
        raise RenderFailed("\n".join(failures))
    pages = {i: result for i, result in made.items() if isinstance(result, Written)}
    for i, page in pages.items():
        ledger.note(urls[i], keys[i], page.files)
    return tuple(pages.get(i) or Written(urls[i], kept[i] or {}) for i in site.profile_ids)


def _press_some(profile_ids: Sequence[str]) -> list[Written | str]:
    """Some pages rendered and written; for one that cannot be, what to tell the user."""
    press = shared(_Press)
    return [_press(press, profile_id) for profile_id in profile_ids]


def _press(press: _Press, profile_id: str) -> Written | str:
    try:
        page = render_one(press.site, profile_id)
    except RenderFailed as failure:
        return str(failure)
    files = dict(page.files)
    if pattern := press.skeleton.profiles.get(page.pattern):
        filled = pattern.fill({"title": page.title, "head": page.head, "body": page.body})
        files["index.html"] = filled.encode()
    return Written(page.url, _write_files(press.target, page.url, files))


def _write_view(press: _Press, url: str, needs: Dependencies, ledger: Ledger) -> None:
    page, others = press.skeleton.views[url], press.skeleton.hand_written
    around = (text.encode() for text in (*page.pattern.pieces, *sorted(others)))
    key = digest_of(needs.of_view(page.view), *around)
    if ledger.reuse(url or ".", key, press.target) is None:
        body, beside = render_view(press.site, page.view, "../" * url.count("/"), others)
        files = {**beside, "index.html": page.pattern.fill({"view": body}).encode()}
        ledger.note(url or ".", key, _write_files(press.target, url, files))


def _write_files(target: Path, url: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write a page's files; their digests by path inside the site."""
    folder = f"{target}/{url}"
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 (thousands of them)
    for name, content in files.items():
        with open(f"{folder}{name}", "wb") as file:  # noqa: PTH123 (as above)
            file.write(content)
    return {f"{url}{name}": content_digest(content) for name, content in files.items()}


def _write_group(
    target: Path, ledger: Ledger, name: str, key: bytes, make: Callable[[], Mapping[str, bytes]]
) -> tuple[str, ...]:
    """Files made from many records: kept from the last site, or made now; their paths."""
    key = digest_of(key, name.encode())
    kept = ledger.reuse(name, key, target)
    if kept is None:
        files = make()
        for path, content in files.items():
            write_file(target / path, content)
        kept = {path: content_digest(content) for path, content in files.items()}
        ledger.note(name, key, kept)
    return tuple(kept)


def write_pictures(target: Path, pictures: Mapping[str, Path]) -> None:
    """Copy the pictures made of photos to their addresses."""
    for address, source in pictures.items():
        (target / address).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / address)


def write_file(path: Path, content: bytes) -> None:
    """Write one file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_index(target: Path, site: Site, stores: Stores) -> frozenset[str]:
    """The search index: kept while no document has changed. Returns the addresses that it leads to."""
    key = search_key(site.catalogue)
    if stores.ledger.reuse(FOLDER, key, target) is None:
        write_search(target, build_search(site.catalogue, stores.cache))
        files = sorted(path for path in (target / FOLDER).rglob("*") if path.is_file())
        digests = {path.relative_to(target).as_posix(): content_digest(path.read_bytes()) for path in files}
        stores.ledger.note(FOLDER, key, digests)
    return searched_urls(site.catalogue)


def write_sitemap(
    target: Path, site_url: str, old: Collection[str] = (), days: Mapping[str, str] | None = None
) -> None:
    """sitemap.xml of every page on disk but those at `old` addresses (paths of files).

    `days` are the days of last change by address; a page without one gets none. Relative to the root when the
    public address is unknown.
    """
    files = (p.relative_to(target) for p in target.rglob("index.html"))
    urls = sorted(file.parent.as_posix() for file in files if file.as_posix() not in old)
    base = site_url.rstrip("/")
    entries = (
        _sitemap_entry(_address(base, url), (days or {}).get(_address("", url)[1:], "")) for url in urls
    )
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *entries,
        "</urlset>\n",
    )
    text = "\n".join(lines).encode()
    (target / "sitemap.xml").write_bytes(text)
    (target / "sitemap.xml.gz").write_bytes(gzip.compress(text, mtime=0))


def _write_worker(target: Path, site: Site) -> None:
    """The service worker at the site's root, for the shell page as it was built."""
    shell = (target / SHELL).read_bytes()
    write_file(target / WORKER, render_worker(site.settings.templates, shell))


def _sitemap_entry(address: str, day: str) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"  <url><loc>{escape(address)}</loc>{changed}</url>"


def _address(base: str, url: str) -> str:
    return f"{base}/" if url == "." else f"{base}/{url}/"


def write_stamp(target: Path, catalogue: Catalogue, origin: Origin, known: Mapping[str, str]) -> None:
    """build.json, last of all: it holds the hash of every other file, of which some are `known`."""
    stamp = build_stamp(hash_tree(target, known), catalogue, origin)
    write_file(target / STAMP, encode_stamp(stamp))


def write_report(
    target: Path,
    prepared: Prepared,
    written: tuple[Written, ...],
    found: Collection[str],
    downloads: Collection[str],
) -> None:
    """build-report.json: every input file with its record's state and what was written for it.

    A published record has its page's files, a place on the maps or none, and an entry in the search index,
    whose addresses are `found`; its kind's files among the `downloads`, and those of everything, hold it too. A draft has nothing.
    """
    by_url = {page.url: page for page in written}
    records = [
        {
            "path": entry.path,
            "id": entry.record.id,
            "kind": entry.kind.name,
            "status": entry.record.status.value,
            "outputs": _outputs(by_url.get(record_url(entry.record))),
            "map": entry.record.is_published and location_of(entry.record) is not None,
            "search": record_url(entry.record) in found,
        }
        for entry in prepared.dataset.entries
    ]
    report = {
        "inputs": len(prepared.dataset.inputs),
        "records": records,
        "pages": len(written),
        "downloads": _downloads(prepared.site, downloads),
        "redirects": [
            {"address": r.address, "target": r.target or "gone", "outputs": [f"{r.address}/index.html"]}
            for r in prepared.dataset.redirects
        ],
        "diagnostics": [_diagnostic(d) for d in prepared.diagnostics],
    }
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (target / REPORT).write_bytes(text.encode())


def _downloads(site: Site, names: Collection[str]) -> dict[str, list[str]]:
    """The files that hold the records of each kind; a kind without records has none."""
    return {
        kind.name: [n for n in names if n.startswith((f"data/{kind.url_folder}.", "data/all."))]
        for kind in find_kinds()
        if site.catalogue.of_kind(kind)
    }


def _outputs(page: Written | None) -> list[str]:
    return sorted({f"{page.url}index.html", *page.files}) if page else []


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message(),
    }
