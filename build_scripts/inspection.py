"""Plays the inspector of public sites: reads a built site, nothing else, and says what would be marked down.

Each rule is a generator of findings. What the rules ask is in the State Council office's guide for inspecting
government sites (国办发〔2015〕15号 and what followed) and the tags that live sites carry.
"""

from __future__ import annotations

import datetime
import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

_HOST = "inspected.invalid"  # stands for the site's own, whatever it will be
_TAG = re.compile(
    r"<(/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?)*)\s*/?>"
)
_ATTRIBUTE = re.compile(r"([^\s=>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_RAW = re.compile(r"<!--.*?-->|(<(script|style)\b[^>]*>).*?</\2>", re.DOTALL | re.IGNORECASE)
_LOADED = ("script", "img", "iframe", "source", "video", "audio", "embed", "use", "object")
_STALE_DAYS = 365
_HEAVY = 500_000  # bytes, compressed: three seconds at 1.4 Mbit/s

SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_TAGS = ("ArticleTitle", "PubDate", "ContentSource", "ColumnName", "ColumnType")
_FOOT = (
    "主办单位",
    "联系方式",
    "网站标识码",
    "ICP备案",
    "公安备案",
    "网站地图",
    "我为网站找错",
    "无障碍声明",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing an inspector looks for; `zh` and `en` say what is wrong."""

    code: str
    zh: str
    en: str


RULES = {
    rule.code: rule
    for rule in (
        Rule("link", "死链：打不开的地址或锚点", "dead link or anchor"),
        Rule(
            "subpath",
            "以 / 开头的地址，放在门户的专栏下会失效",
            "root-relative address: breaks under a sub-path",
        ),
        Rule("tag", "缺少规定的标签", "required tag is missing"),
        Rule("image", "预览图打不开", "preview picture is missing"),
        Rule(
            "date",
            "发布日期不实：晚于检查日，或与网站地图不一致",
            "publish date in the future or contradicted",
        ),
        Rule("stale", "栏目超过一年没有更新", "column not updated for a year"),
        Rule("empty", "空白栏目或空白段落", "empty column or section"),
        Rule("furniture", "缺少面包屑、发布日期或来源", "breadcrumb, publish date or source is missing"),
        Rule("footer", "页脚缺少规定的内容", "required footer entry is missing"),
        Rule(
            "approval",
            "地图画有行政区划界线，但没有审图号",
            "administrative boundaries without an approval number",
        ),
        Rule("foreign", "从别的网站装入脚本、图片或框架", "script, picture or frame from another site"),
        Rule("inline", "页面内嵌脚本或样式", "inline script or style"),
        Rule("heavy", "页面过重，三秒内打不开", "page too heavy to open in three seconds"),
        Rule("language", "没有写明页面语言", "page language is not stated"),
        Rule("sitemap", "网站地图漏了页面", "page missing from the sitemap"),
    )
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: the rule's code, the page (empty for the whole site), and what exactly."""

    code: str
    page: str
    what: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag with its attributes, and where the text after it begins and the tag itself starts."""

    name: str
    attributes: Mapping[str, str]
    is_end: bool
    start: int
    end: int


class InspectedPage:
    """One page of the site: `path` from the site's root, and what its HTML says."""

    def __init__(self, path: str, html: str) -> None:
        self.path = path
        self.html = _RAW.sub(_keep_start, html)
        self.scripts_with_text = [m[0] for m in _RAW.finditer(html) if m[2] and _has_inline_text(m[0], m[1])]
        self.tags = [_read_tag(match) for match in _TAG.finditer(self.html)]

    @cached_property
    def metas(self) -> dict[str, str]:
        """The named tags of the head; properties too."""
        found = [tag.attributes for tag in self.tags if tag.name == "meta"]
        return {(a.get("name") or a.get("property", "")): a.get("content", "") for a in found}

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every anchor."""
        return frozenset(tag.attributes["id"] for tag in self.tags if "id" in tag.attributes)

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Every address with the tag that holds it."""
        names = ("href", "src", "poster")
        return [
            (tag.name, tag.attributes[name])
            for tag in self.tags
            for name in names
            if tag.attributes.get(name)
        ]

    @cached_property
    def article(self) -> str:
        """The HTML of what the page itself says."""
        match = re.search(r"<article\b.*</article>", self.html, re.DOTALL)
        return match[0] if match else ""

    @property
    def is_article(self) -> bool:
        """Whether it is a content page."""
        return "ArticleTitle" in self.metas

    @property
    def url(self) -> str:
        """Its address below the site's root: `areas/tengtou/`."""
        return self.path.removesuffix("index.html")

    @property
    def is_listed(self) -> bool:
        """Whether readers should find it: neither the page for errors nor one that sends them on."""
        refresh = any(tag.attributes.get("http-equiv", "").lower() == "refresh" for tag in self.tags)
        return self.path.endswith("index.html") and not refresh and self.metas.get("robots") != "noindex"


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """A site on disk: its pages by path, the day of the inspection, and the sitemap's days by address below the home."""

    root: Path
    pages: Mapping[str, InspectedPage]
    today: datetime.date
    sitemap: Mapping[str, str]

    @property
    def listed(self) -> list[InspectedPage]:
        """The pages for readers."""
        return [page for page in self.pages.values() if page.is_listed]


def load_site(root: Path, today: datetime.date) -> BuiltSite:
    """Read every page of a built site."""
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.html"))
    pages = {path: InspectedPage(path, (root / path).read_text(encoding="utf-8")) for path in paths}
    return BuiltSite(root, pages, today, _read_sitemap(root / "sitemap.xml"))


def inspect_site(site: BuiltSite) -> tuple[Finding, ...]:
    """Everything that would be marked down, by rule and page."""
    order = list(RULES)
    found = {finding for rule in _CHECKS for finding in rule(site)}
    return tuple(sorted(found, key=lambda f: (order.index(f.code), f.page, f.what)))


def _keep_start(match: re.Match[str]) -> str:
    return match[1] or ""


def _has_inline_text(element: str, start: str) -> bool:
    """Whether a script or style element holds code: not one that loads a file, nor plain data."""
    if re.search(r'\bsrc\s*=|type="application/(?:json|ld\+json)"', start):
        return False
    return bool(re.sub(r"<[^>]*>", "", element).strip())


def _read_tag(match: re.Match[str]) -> Tag:
    values = {
        name.lower(): unescape(double or single or bare or "")
        for name, double, single, bare in _ATTRIBUTE.findall(match[3])
    }
    return Tag(match[2].lower(), values, bool(match[1]), match.start(), match.end())


def _read_sitemap(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    entries = re.findall(r"<url><loc>([^<]*)</loc>(?:<lastmod>([^<]*)</lastmod>)?", text)
    days = {unescape(address): day for address, day in entries}
    home = min(days, key=len, default="")
    return {address.removeprefix(home): day for address, day in days.items()}


# -- links ---------------------------------------------------------------------------------------


def _find_dead_links(site: BuiltSite) -> Iterator[Finding]:
    for page in site.pages.values():
        for _, link in page.links:
            if not _leads_somewhere(site, page, link):
                yield Finding("link", page.path, link)


def _leads_somewhere(site: BuiltSite, page: InspectedPage, link: str) -> bool:
    address = urlsplit(urljoin(f"https://{_HOST}/{page.path}", link))
    if address.hostname != _HOST or address.scheme != "https":
        return True
    target = unquote(address.path).lstrip("/")
    target = target + "index.html" if target.endswith("/") or not target else target
    if target in site.pages:
        return not address.fragment or unquote(address.fragment) in site.pages[target].ids
    return (site.root / target).is_file()


def _find_root_links(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        for _, link in page.links:
            if link.startswith("/") and not link.startswith("//"):
                yield Finding("subpath", page.path, link)


def _find_foreign_parts(site: BuiltSite) -> Iterator[Finding]:
    domain = next((page.metas["SiteDomain"] for page in site.listed if page.metas.get("SiteDomain")), "")
    for page in site.pages.values():
        for name, link in page.links:
            host = urlsplit(link).hostname
            if host and host != domain and (name in _LOADED or _is_loaded_link(page, name, link)):
                yield Finding("foreign", page.path, link)


def _is_loaded_link(page: InspectedPage, name: str, link: str) -> bool:
    """Whether a `link` element makes the browser ask for a file."""
    kinds = ("stylesheet", "preload", "modulepreload", "icon", "preconnect", "dns-prefetch")
    return name == "link" and any(
        tag.attributes.get("rel") in kinds for tag in page.tags if tag.attributes.get("href") == link
    )


def _find_inline_code(site: BuiltSite) -> Iterator[Finding]:
    for page in site.pages.values():
        for text in page.scripts_with_text:
            yield Finding("inline", page.path, text[:40])
        for tag in page.tags:
            for name in tag.attributes:
                if name == "style" or re.fullmatch(r"on[a-z]+", name):
                    yield Finding("inline", page.path, f"<{tag.name} {name}>")


# -- tags ----------------------------------------------------------------------------------------


def _find_missing_tags(site: BuiltSite) -> Iterator[Finding]:
    """Tags that no page has are one fault of the site; others are each page's."""
    for name in SITE_TAGS:
        without = [page for page in site.listed if not page.metas.get(name)]
        if site.listed and len(without) == len(site.listed):
            yield Finding("tag", "", name)
        else:
            yield from (Finding("tag", page.path, name) for page in without)
    for page in site.listed:
        names = ARTICLE_TAGS if page.is_article else COLUMN_TAGS if page.url else ()
        for name in (*names, "description"):
            if not page.metas.get(name):
                yield Finding("tag", page.path, name)


def _find_missing_images(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        image, url = page.metas.get("og:image", ""), page.metas.get("og:url", "")
        base = url.removesuffix(page.url) if url else ""
        if image and not (
            image.startswith(base) and (site.root / unquote(image.removeprefix(base))).is_file()
        ):
            yield Finding("image", page.path, image)


def _find_false_dates(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        day = page.metas.get("PubDate", "")[:10]
        if not day:
            continue
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", page.metas["PubDate"]):
            yield Finding("date", page.path, page.metas["PubDate"])
        elif day > site.today.isoformat():
            yield Finding("date", page.path, f"{day} > {site.today.isoformat()}")
        told = site.sitemap.get(page.url, "")
        if told and told != day:
            yield Finding("date", page.path, f"PubDate {day}, lastmod {told}")


def _find_stale_columns(site: BuiltSite) -> Iterator[Finding]:
    """Columns whose newest content is older than a year."""
    newest: dict[str, str] = {}
    for page in site.listed:
        if page.is_article:
            column = page.metas.get("ColumnName", "")
            newest[column] = max(newest.get(column, ""), page.metas.get("PubDate", "")[:10])
    limit = (site.today - datetime.timedelta(days=_STALE_DAYS)).isoformat()
    for column, day in newest.items():
        if day and day < limit:
            yield Finding("stale", "", f"{column}：{day}")


# -- what a page shows ---------------------------------------------------------------------------


def _find_empty_sections(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        text = _text_of(page.article)
        if not text:
            yield Finding("empty", page.path, "article")
        for title, body in _sections(page.article):
            if not _text_of(body) and "<svg" not in body and "<img" not in body:
                yield Finding("empty", page.path, title)


def _sections(html: str) -> Iterator[tuple[str, str]]:
    """Each heading with the HTML up to the next heading of its own level or above."""
    headings = list(re.finditer(r"<h([1-6])\b[^>]*>(.*?)</h\1>", html, re.DOTALL))
    for n, heading in enumerate(headings):
        level = int(heading[1])
        end = next((after.start() for after in headings[n + 1 :] if int(after[1]) <= level), len(html))
        yield _text_of(heading[2]), html[heading.end() : end]


def _text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html)).strip()


def _find_missing_furniture(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        if page.url and 'class="crumbs"' not in page.html:
            yield Finding("furniture", page.path, "面包屑")
        if page.is_article and page.metas.get("PubDate"):
            year, month, day = page.metas["PubDate"][:10].split("-")
            shown = (f"{year}-{month}-{day}", f"{year}年{int(month)}月{int(day)}日")
            if not any(text in page.article for text in shown):
                yield Finding("furniture", page.path, "发布日期")


def _find_missing_footer(site: BuiltSite) -> Iterator[Finding]:
    """What no page's foot has is one fault of the site; a page without a foot is its own."""
    feet = {p.path: re.search(r"<footer\b.*</footer>", p.html, re.DOTALL) for p in site.listed}
    texts = {path: _text_of(foot[0]) for path, foot in feet.items() if foot}
    for path in feet.keys() - texts.keys():
        yield Finding("footer", path, "footer")
    for name in _FOOT if texts else ():
        if not any(name in text for text in texts.values()):
            yield Finding("footer", "", name)


def _find_missing_approval(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        draws = re.search(r'class="still__(?:borders|frontier)"', page.html)
        if draws and "审图号" not in page.article:
            yield Finding("approval", "", "审图号")
            return


def _find_heavy_pages(site: BuiltSite) -> Iterator[Finding]:
    """Pages whose HTML, scripts, styles and pictures are too much together, each compressed as it would travel."""
    sizes: dict[str, int] = {}
    for page in site.listed:
        parts = {page.path}
        for name, link in page.links:
            if name in _LOADED or (name == "link" and link.endswith((".css", ".js"))):
                joined = urlsplit(urljoin(f"https://{_HOST}/{page.path}", link))
                parts.add(unquote(joined.path).lstrip("/") if joined.hostname == _HOST else "")
        weight = sum(_weigh(site.root, part, sizes) for part in sorted(parts))
        if weight > _HEAVY:
            yield Finding("heavy", page.path, f"{weight // 1000} KB")


def _weigh(root: Path, path: str, sizes: dict[str, int]) -> int:
    if path not in sizes:
        file = root / path
        content = file.read_bytes() if path and file.is_file() else b""
        is_packed = PurePosixPath(path).suffix in (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2")
        sizes[path] = len(content) if is_packed else len(gzip.compress(content, 5, mtime=0))
    return sizes[path]


def _find_missing_language(site: BuiltSite) -> Iterator[Finding]:
    for page in site.pages.values():
        lang = next((tag.attributes.get("lang", "") for tag in page.tags if tag.name == "html"), "")
        if not lang:
            yield Finding("language", page.path, "lang")


def _find_missing_from_sitemap(site: BuiltSite) -> Iterator[Finding]:
    if not site.sitemap:
        yield Finding("sitemap", "", "sitemap.xml")
        return
    for page in site.listed:
        if page.url not in site.sitemap:
            yield Finding("sitemap", page.path, page.url)


_CHECKS = (
    _find_dead_links,
    _find_root_links,
    _find_missing_tags,
    _find_missing_images,
    _find_false_dates,
    _find_stale_columns,
    _find_empty_sections,
    _find_missing_furniture,
    _find_missing_footer,
    _find_missing_approval,
    _find_foreign_parts,
    _find_inline_code,
    _find_heavy_pages,
    _find_missing_language,
    _find_missing_from_sitemap,
)
