"""Reads a finished site as a browser does: what each page links to and loads, its anchors, its inline code.

Raw HTML counts like any other, because nothing but the finished files is read. Knows no record and no template.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

_OWN = "finished.invalid"  # stands for the site's own host, whatever it will be
_ADDRESSES = frozenset(
    ["href", "xlink:href", "src", "poster", "data", "action", "formaction", "cite", "background"]
)
_OUR_ADDRESSES = ("data-script", "data-base", "data-libraries")  # lists of files that our scripts load
_CANDIDATES = ("srcset", "imagesrcset")
_LOADING = frozenset(
    [
        "script",
        "img",
        "input",
        "use",
        "image",
        "iframe",
        "frame",
        "embed",
        "object",
        "source",
        "track",
        "video",
        "audio",
        "base",
        "form",
        "meta",
    ]
)
_LOADING_RELS = frozenset(
    [
        "stylesheet",
        "icon",
        "apple-touch-icon",
        "mask-icon",
        "manifest",
        "preload",
        "modulepreload",
        "prefetch",
        "preconnect",
        "dns-prefetch",
        "prerender",
    ]
)
_PICTURES = ("img", "image", "source", "input")
_CANDIDATE = re.compile(r"([^\s,]\S*?)(?:,+(?=\s|$)|$|\s[^,]*(?:,|$))")  # an address and what it is for
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"']*)", re.IGNORECASE)
_PASSED_OVER = re.compile(r"\A[\x00-\x20]+|[\t\n\r]")  # by browsers, in an address
_CODE = "javascript:"
_CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass
class Page(HTMLParser):
    """One page: `links` as written with their tag, `ids`, headings' levels, and all that a strict policy forbids.

    `loaded` are the addresses that a browser asks for by itself; `pictures` every picture as its address and
    whether it has a text in its place; `meta` what meta elements say, by name, property or http-equiv.
    """

    links: list[tuple[str, str]] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    pictures: list[tuple[str, bool]] = field(default_factory=list)
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
        self.ids += [values["name"]] if tag == "a" and "name" in values else []
        found = list(_list_addresses(tag, values))
        self.links += [(tag, sys.intern(link)) for link in found]
        self.loaded += found if _is_loaded(tag, values) else []
        if tag == "img":
            self.pictures.append((values.get("src", ""), "alt" in values))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        self.breaches += _list_breaches(tag, values)
        if tag == "meta":
            named = values.get("name") or values.get("property") or values.get("http-equiv", "").lower()
            self.meta[named] = values.get("content", "")
        self.lang = values.get("lang", self.lang) if tag == "html" else self.lang
        self._in_title = tag == "title" and not self.title

    def handle_data(self, data: str) -> None:
        """Keep the title's text."""
        self.title += data if self._in_title else ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the parser's signature)
        """Leave the title."""
        self._in_title = False

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 (the parser's signature)
        """Pass over `<![x[ … ]]>` as browsers do; the library stumbles over words that it does not know."""
        return self.parse_bogus_comment(i, report)


def _list_addresses(tag: str, values: Mapping[str, str]) -> Iterator[str]:
    yield from (value.strip() for name, value in values.items() if name in _ADDRESSES and value.strip())
    for name in _OUR_ADDRESSES:
        yield from values.get(name, "").split()
    for name in _CANDIDATES:
        yield from _CANDIDATE.findall(values.get(name, ""))
    if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
        found = _REFRESH.search(values.get("content", ""))
        if found and found[1].strip():
            yield found[1].strip()


def _is_loaded(tag: str, values: Mapping[str, str]) -> bool:
    if tag == "link":
        return not _LOADING_RELS.isdisjoint(values.get("rel", "").lower().split())
    return tag in _LOADING or any(name in values for name in ("background", *_OUR_ADDRESSES))


def _list_breaches(tag: str, values: Mapping[str, str]) -> Iterator[str]:
    for key, value in values.items():
        if key in ("style", "srcdoc") or key.startswith("on") or (key in _ADDRESSES and _is_code(value)):
            yield f"{tag} {key}"
    is_data = values.get("type") in ("application/json", "application/ld+json")
    if tag == "style" or (tag == "script" and "src" not in values and not is_data):
        yield tag


def _is_code(address: str) -> bool:
    return _PASSED_OVER.sub("", address).lower().startswith(_CODE)


def read_page(path: Path) -> tuple[str, Page]:
    """The text of an HTML file, or of a drawing, and what a browser makes of it."""
    text, page = path.read_text(encoding="utf-8", errors="replace"), Page()
    page.feed(text)
    page.close()
    return text, page


def read_pages(site: Path) -> dict[str, Page]:
    """Every HTML page of a site by its path from the root."""
    return {path.relative_to(site).as_posix(): read_page(path)[1] for path in sorted(site.rglob("*.html"))}


def find_target(name: str, link: str) -> tuple[str, str] | None:
    """The file and the anchor that a link in the file `name` leads to; None when it leaves the site."""
    try:
        address = urlsplit(urljoin(f"https://{_OWN}/{name}", link))
    except ValueError:
        return link, ""
    if address.hostname != _OWN:
        return None
    target = unquote(address.path).lstrip("/")
    target = target + "index.html" if target.endswith("/") or not target else target
    return target, unquote(address.fragment)


def find_broken(site: Path, pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Links of pages and style sheets to files or anchors that are not there, each with the file that holds it.

    Outside addresses are not followed.
    """
    anchors: dict[str, frozenset[str] | None] = {}
    for name, link in _list_links(site, pages):
        found = find_target(name, link)
        if found is None:
            continue
        target, anchor = found
        if target not in anchors:
            anchors[target] = _find_anchors(site / target, pages.get(target))
        known = anchors[target]
        if known is None or (anchor and anchor not in known):
            yield name, link


def _find_anchors(path: Path, page: Page | None) -> frozenset[str] | None:
    """The anchors in a file, of a drawing those that pages draw parts of by; None without the file."""
    if page:
        return frozenset(page.ids)
    if not is_there(path):
        return None
    return frozenset(read_page(path)[1].ids if path.suffix == ".svg" else ())


def is_there(path: Path) -> bool:
    """Whether a file has this path, which may be any text that stands in a link."""
    try:
        return path.is_file()
    except OSError:  # its name is longer than any file's
        return False


def _list_links(site: Path, pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Each address once for each file that holds it."""
    for name, page in pages.items():
        yield from ((name, link) for link in dict.fromkeys(link for _, link in page.links))
    for name, addresses in read_styles(site).items():
        yield from ((name, link) for link in addresses)


def read_styles(site: Path) -> dict[str, list[str]]:
    """The addresses in each style sheet of a site, by its path."""
    found = {}
    for path in sorted(site.rglob("*.css")):
        text = _CSS_COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace"))
        matches = _CSS_ADDRESS.finditer(text)
        addresses = [match[1] or match[2] for match in matches]
        found[path.relative_to(site).as_posix()] = list(dict.fromkeys(a for a in addresses if a[0] != "#"))
    return found


def find_bad_pictures(site: Path, pages: Mapping[str, Page]) -> list[str]:
    """Pictures without a text in their place, and files of pictures that no program could show."""
    faults = []
    names: set[str] = set()
    for name, page in pages.items():
        faults += [f"{name} → {address}: no alt" for address, has_text in page.pictures if not has_text]
        addresses = [link for tag, link in page.links if tag in _PICTURES]
        found = (find_target(name, link) for link in dict.fromkeys(addresses))
        names |= {target for target, _ in filter(None, found)}
    return faults + [f"{name}: not a picture" for name in sorted(names) if not _is_picture(site / name)]


def _is_picture(path: Path) -> bool:
    """Whether a file's bytes are what its name says; a missing file is for the check of links."""
    if not is_there(path):
        return True
    if path.suffix == ".svg":
        return "<svg" in path.read_text(encoding="utf-8", errors="replace")
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def find_foreign_parts(site: Path, pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Whatever a browser would ask another host for by itself, with the file that names it: page, style sheet, drawing."""
    drawings = {path.relative_to(site).as_posix(): read_page(path)[1] for path in sorted(site.rglob("*.svg"))}
    loaded = {name: page.loaded for name, page in (*pages.items(), *drawings.items())} | read_styles(site)
    for name, links in loaded.items():
        yield from ((name, link) for link in dict.fromkeys(links) if _leaves(name, link))


def _leaves(name: str, link: str) -> bool:
    return find_target(name, link) is None and urlsplit(urljoin("https://x/", link)).hostname is not None


def select_pages(pages: Mapping[str, Page]) -> list[str]:
    """One page of each sort: every page and list at the top, and of each folder below the one that holds most."""
    chosen: dict[str, str] = {}
    for name, page in pages.items():
        parts = PurePosixPath(name).parts
        sort = parts[0] if len(parts) > 2 else name
        known = chosen.get(sort)
        if known is None or _count(page) > _count(pages[known]):
            chosen[sort] = name
    return sorted(chosen.values())


def _count(page: Page) -> int:
    return len(page.links) + len(page.ids) + len(page.headings)
