"""Reads finished pages for tests: their links, ids, headings, and what the content policy forbids."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_ADDRESSES = ("href", "src", "data-script", "data-base", "data-libraries")


@dataclass
class Page(HTMLParser):
    """One page: `links` as written, `ids`, headings' levels, and every breach of the policy."""

    links: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    lang: str = ""
    title: str = ""
    _in_title: bool = False

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a start tag tells."""
        values = {key: value or "" for key, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        for name in _ADDRESSES:
            self.links += [(tag, part) for part in values.get(name, "").split()]
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        self.breaches += [f"{tag} {key}" for key in values if key == "style" or key.startswith("on")]
        is_data = values.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in values and not is_data):
            self.breaches.append(tag)
        self.meta |= {values["name"]: values.get("content", "")} if tag == "meta" and "name" in values else {}
        self.lang = values.get("lang", self.lang) if tag == "html" else self.lang
        self._in_title = tag == "title" and not self.title

    def handle_data(self, data: str) -> None:
        """Keep the title's text."""
        self.title += data if self._in_title else ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the parser's signature)
        """Leave the title."""
        self._in_title = False


def read_pages(site: Path) -> dict[str, Page]:
    """Every HTML page of a site by its path from the root."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.relative_to(site).as_posix()] = page
    return pages


def find_broken(site: Path, pages: dict[str, Page]) -> list[str]:
    """Links of pages to files or anchors that are not there; outside addresses are not followed."""
    broken = []
    for name, page in pages.items():
        for _, link in page.links:
            address = urlsplit(urljoin(f"http://site.invalid/{name}", link))
            if address.hostname != "site.invalid":
                continue
            target = unquote(address.path).lstrip("/")
            target = target + "index.html" if target.endswith("/") or not target else target
            anchors = pages[target].ids if target in pages else _ids_of_drawing(site / target)
            if not (site / target).is_file() or (
                address.fragment and unquote(address.fragment) not in anchors
            ):
                broken.append(f"{name} → {link}")
    return broken


def _ids_of_drawing(path: Path) -> list[str]:
    """The ids of an SVG file, which pages draw parts of."""
    is_drawing = path.suffix == ".svg" and path.is_file()
    return re.findall(r'id="([^"]+)"', path.read_text(encoding="utf-8")) if is_drawing else []
