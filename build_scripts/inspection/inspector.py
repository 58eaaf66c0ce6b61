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
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from .findings import Finding, Rule, sort_findings
from .finished import Page, find_broken, find_foreign_parts, find_target, is_there, read_page

_UNSEEN = re.compile(r"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_PARTS = ("script", "use", "iframe", "video", "audio", "embed", "object")
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


@dataclass(frozen=True)
class InspectedPage:
    """One page of the site: `path` from the site's root, its HTML without comments and code, and what its tags say."""

    path: str
    html: str
    tags: Page

    @property
    def meta(self) -> Mapping[str, str]:
        """What the head says, by name."""
        return self.tags.meta

    @cached_property
    def article(self) -> str:
        """The HTML of what the page itself says."""
        match = re.search(r"<article\b.*</article>", self.html, re.DOTALL)
        return match[0] if match else ""

    @property
    def is_article(self) -> bool:
        """Whether it is a content page."""
        return "ArticleTitle" in self.meta

    @property
    def url(self) -> str:
        """Its address below the site's root: `areas/tengtou/`."""
        return self.path.removesuffix("index.html")

    @property
    def is_listed(self) -> bool:
        """Whether readers should find it: neither the page for errors nor one that sends them on."""
        is_hidden = "refresh" in self.meta or self.meta.get("robots") == "noindex"
        return self.path.endswith("index.html") and not is_hidden


class BuiltSite(NamedTuple):
    """A site on disk: its pages by path, the day of the inspection, and the sitemap's days by address below the home."""

    root: Path
    pages: Mapping[str, InspectedPage]
    today: datetime.date
    sitemap: Mapping[str, str]

    @property
    def listed(self) -> list[InspectedPage]:
        """The pages for readers."""
        return [page for page in self.pages.values() if page.is_listed]

    @property
    def tags(self) -> Mapping[str, Page]:
        """What each page's tags say, by path."""
        return {path: page.tags for path, page in self.pages.items()}


def load_site(root: Path, today: datetime.date) -> BuiltSite:
    """Read every page of a built site."""
    paths = sorted(root.rglob("*.html"))
    pages = (_inspect_page(path.relative_to(root).as_posix(), *read_page(path)) for path in paths)
    return BuiltSite(root, {page.path: page for page in pages}, today, _read_sitemap(root / "sitemap.xml"))


def _inspect_page(path: str, text: str, tags: Page) -> InspectedPage:
    return InspectedPage(path, _UNSEEN.sub("", text), tags)


def inspect_site(site: BuiltSite) -> tuple[Finding, ...]:
    """Everything that would be marked down, by rule and page."""
    return sort_findings((finding for check in _CHECKS for finding in check(site)), RULES)


def _read_sitemap(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    entries = re.findall(r"<url><loc>([^<]*)</loc>(?:<lastmod>([^<]*)</lastmod>)?", text)
    days = {unescape(address): day for address, day in entries}
    home = min(days, key=len, default="")
    return {address.removeprefix(home): day for address, day in days.items()}


# -- links ---------------------------------------------------------------------------------------


def _find_dead_links(site: BuiltSite) -> Iterator[Finding]:
    yield from (Finding("link", name, link) for name, link in find_broken(site.root, site.tags))


def _find_root_links(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        for _, link in page.tags.links:
            if link.startswith("/") and not link.startswith("//"):
                yield Finding("subpath", page.path, link)


def _find_foreign_parts(site: BuiltSite) -> Iterator[Finding]:
    domain = next((page.meta["SiteDomain"] for page in site.listed if page.meta.get("SiteDomain")), "")
    for name, link in find_foreign_parts(site.root, site.tags):
        if urlsplit(link).hostname != domain:
            yield Finding("foreign", name, link)


def _find_inline_code(site: BuiltSite) -> Iterator[Finding]:
    for page in site.pages.values():
        yield from (Finding("inline", page.path, f"<{breach}>") for breach in page.tags.breaches)


# -- tags ----------------------------------------------------------------------------------------


def _find_missing_tags(site: BuiltSite) -> Iterator[Finding]:
    """Tags that no page has are one fault of the site; others are each page's."""
    for name in SITE_TAGS:
        without = [page for page in site.listed if not page.meta.get(name)]
        if site.listed and len(without) == len(site.listed):
            yield Finding("tag", "", name)
        else:
            yield from (Finding("tag", page.path, name) for page in without)
    for page in site.listed:
        names = ARTICLE_TAGS if page.is_article else COLUMN_TAGS if page.url else ()
        for name in (*names, "description"):
            if not page.meta.get(name):
                yield Finding("tag", page.path, name)


def _find_missing_images(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        image, url = page.meta.get("og:image", ""), page.meta.get("og:url", "")
        base = url.removesuffix(page.url) if url else ""
        file = site.root / unquote(image.removeprefix(base))
        if image and not (image.startswith(base) and is_there(file)):
            yield Finding("image", page.path, image)


def _find_false_dates(site: BuiltSite) -> Iterator[Finding]:
    for page in site.listed:
        day = page.meta.get("PubDate", "")[:10]
        if not day:
            continue
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", page.meta["PubDate"]):
            yield Finding("date", page.path, page.meta["PubDate"])
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
            column = page.meta.get("ColumnName", "")
            newest[column] = max(newest.get(column, ""), page.meta.get("PubDate", "")[:10])
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
        if page.is_article and page.meta.get("PubDate"):
            year, month, day = page.meta["PubDate"][:10].split("-")
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
        links = [address for address, _ in page.tags.pictures]
        links += [link for tag, link in page.tags.links if tag in _PARTS or _is_code(tag, link)]
        targets = filter(None, (find_target(page.path, link) for link in links))
        parts = {page.path, *(target for target, _ in targets)}
        weight = sum(_weigh(site.root, part, sizes) for part in sorted(parts))
        if weight > _HEAVY:
            yield Finding("heavy", page.path, f"{weight // 1000} KB")


def _is_code(tag: str, link: str) -> bool:
    return tag == "link" and link.endswith((".css", ".js"))


def _weigh(root: Path, path: str, sizes: dict[str, int]) -> int:
    if path not in sizes:
        content = (root / path).read_bytes() if is_there(root / path) else b""
        is_packed = PurePosixPath(path).suffix in (".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff2")
        sizes[path] = len(content) if is_packed else len(gzip.compress(content, 5, mtime=0))
    return sizes[path]


def _find_missing_language(site: BuiltSite) -> Iterator[Finding]:
    for page in site.pages.values():
        if not page.tags.lang:
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
