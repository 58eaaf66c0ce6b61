"""The one writer of the built site: filled pages, files beside pages, sitemap and report.

Everything is UTF-8 with LF and in a fixed order; no clock is read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .diagnostics import Diagnostic
from .fill import Pattern
from .project import Prepared
from .site import Page
from .views.citations import record_url

REPORT = "build-report.json"


@dataclass(frozen=True, slots=True)
class Written:
    """One profile page on disk: its address and the files beside it."""

    url: str
    files: tuple[str, ...]


def write_pages(
    target: Path,
    pages: Iterable[Page],
    patterns: Mapping[str, Pattern],
    beside: Mapping[str, Mapping[str, bytes]],
) -> tuple[Written, ...]:
    """Write each page filled into its pattern, and every page's own files.

    Without patterns the pages are already on disk and only their files are written. `beside` are the files
    of hand-written pages by address.
    """
    written = []
    for page in pages:
        folder = target / page.url
        folder.mkdir(parents=True, exist_ok=True)
        if patterns:
            values = {"title": page.title, "head": page.head, "body": page.body}
            (folder / "index.html").write_bytes(patterns[page.pattern].fill(values).encode())
        _write_files(folder, page.files)
        written.append(Written(page.url, tuple(page.files)))
    for url, files in beside.items():
        _write_files(target / url, files)
    return tuple(written)


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def write_sitemap(target: Path, site_url: str, old: Collection[str] = ()) -> None:
    """sitemap.xml of every page on disk but those at `old` addresses (paths of files).

    Relative to the root when the public address is unknown.
    """
    files = (p.relative_to(target) for p in target.rglob("index.html"))
    urls = sorted(file.parent.as_posix() for file in files if file.as_posix() not in old)
    base = site_url.rstrip("/")
    entries = (f"  <url><loc>{escape(_address(base, url))}</loc></url>" for url in urls)
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *entries,
        "</urlset>\n",
    )
    text = "\n".join(lines).encode()
    (target / "sitemap.xml").write_bytes(text)
    (target / "sitemap.xml.gz").write_bytes(gzip.compress(text, mtime=0))


def _address(base: str, url: str) -> str:
    return f"{base}/" if url == "." else f"{base}/{url}/"


def write_report(target: Path, prepared: Prepared, written: tuple[Written, ...]) -> None:
    """build-report.json: every input file with its record's state and what was written for it."""
    by_url = {page.url: page for page in written}
    records = [
        {
            "path": entry.path,
            "id": entry.record.id,
            "kind": entry.kind.name,
            "status": entry.record.status.value,
            "outputs": _outputs(by_url.get(record_url(entry.record))),
        }
        for entry in prepared.dataset.entries
    ]
    report = {
        "inputs": len(prepared.dataset.inputs),
        "records": records,
        "pages": len(written),
        "redirects": [
            {"address": r.address, "target": r.target or "gone", "outputs": [f"{r.address}/index.html"]}
            for r in prepared.dataset.redirects
        ],
        "diagnostics": [_diagnostic(d) for d in prepared.diagnostics],
    }
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (target / REPORT).write_bytes(text.encode())


def _outputs(page: Written | None) -> list[str]:
    return [f"{page.url}index.html", *(page.url + name for name in page.files)] if page else []


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message(),
    }
