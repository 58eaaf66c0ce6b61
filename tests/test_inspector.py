"""The inspector: a fault of each sort, planted in a small sound site, is found and nothing else is."""

import datetime
from pathlib import Path

import pytest
from conftest import serve
from playwright.sync_api import Browser

from build_scripts.cli import main
from build_scripts.inspection.findings import Finding
from build_scripts.inspection.inspector import RULES, inspect_site, load_site

TODAY = datetime.date(2026, 11, 30)
HOME = "https://example.org/portal/belts/"
FOOT = "<footer>主办单位 联系方式 网站标识码 ICP备案 公安备案 网站地图 我为网站找错 无障碍声明</footer>"
HEAD = (
    '<meta name="description" content="x"><meta name="SiteName" content="x">'
    '<meta name="SiteDomain" content="example.org"><meta name="SiteIDCode" content="3302000001">'
)
COLUMN = "".join(f'<meta name="{name}" content="x">' for name in ("ColumnName", "ColumnType"))
LIST = COLUMN + "".join(f'<meta name="{n}" content="x">' for n in ("ColumnDescription", "ColumnKeywords"))
ARTICLE = (
    COLUMN + '<meta name="ArticleTitle" content="x"><meta name="ContentSource" content="x">'
    '<meta name="PubDate" content="2026-11-20 00:00">'
    f'<meta property="og:url" content="{HOME}areas/a/"><meta property="og:image" content="{HOME}preview.png">'
)
CRUMBS = '<nav class="crumbs"><a href="../">首页</a></nav>'


def page(head: str, body: str, root: str) -> str:
    """A whole page that no inspector faults."""
    style = f'<link rel="stylesheet" href="{root}site.css">'
    return f'<html lang="zh-CN"><head>{HEAD}{head}{style}</head><body><article>{body}</article>{FOOT}</body></html>'


def build_sound(root: Path) -> Path:
    """A site of a home, a list and a content page."""
    pages = {
        "index.html": page("", '<h1>首页</h1><a href="areas/">示范片</a>', ""),
        "areas/index.html": page(LIST, f'{CRUMBS}<h1>示范片</h1><a href="a/#more">甲</a>', "../"),
        "areas/a/index.html": page(
            ARTICLE, f'{CRUMBS}<h1>甲</h1><h2 id="more">更多</h2><p>正文</p>2026-11-20', "../../"
        ),
        "old/index.html": '<html lang="zh-CN"><meta http-equiv="refresh" content="0;url=../areas/a/"></html>',
    }
    for path, html in pages.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(html, encoding="utf-8")
    (root / "site.css").write_text("p{}", encoding="utf-8")
    (root / "preview.png").write_bytes(b"png")
    entries = "".join(
        f"<url><loc>{HOME}{url}</loc>{day}</url>"
        for url, day in (("", ""), ("areas/", ""), ("areas/a/", "<lastmod>2026-11-20</lastmod>"))
    )
    (root / "sitemap.xml").write_text(f"<urlset>{entries}</urlset>", encoding="utf-8")
    return root


def codes(root: Path, today: datetime.date = TODAY) -> set[str]:
    """The rules that a site breaks."""
    return {finding.code for finding in inspect_site(load_site(root, today))}


def change(root: Path, path: str, old: str, new: str) -> None:
    """Plant a fault in one file."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_is_found_in_a_sound_site(tmp_path: Path) -> None:
    """The site that the faults are planted in has none of its own."""
    assert inspect_site(load_site(build_sound(tmp_path), TODAY)) == ()


A = "areas/a/index.html"
FAULTS: dict[str, tuple[str, str, str]] = {
    "link": (A, "<p>正文</p>", '<p>正文</p><a href="../b/">乙</a>'),
    "subpath": (A, "<p>正文</p>", '<p>正文</p><a href="/areas/a/">甲</a>'),
    "tag": (A, '<meta name="ContentSource" content="x">', ""),
    "image": (A, "preview.png", "none.png"),
    "date": ("sitemap.xml", "2026-11-20", "2026-11-29"),
    "empty": (A, "<p>正文</p>2026-11-20", '2026-11-20<h2 id="blank">空</h2>'),
    "furniture": (A, '<nav class="crumbs">', "<nav>"),
    "footer": (A, FOOT, ""),
    "approval": (A, "<p>正文</p>", '<p>正文</p><svg><use class="still__borders"/></svg>'),
    "foreign": (A, "<p>正文</p>", '<p>正文</p><script src="https://cdn.example.com/x.js"></script>'),
    "inline": (A, "<p>正文</p>", '<p onclick="x()">正文</p>'),
    "language": (A, ' lang="zh-CN"', ""),
    "sitemap": ("sitemap.xml", f"<loc>{HOME}areas/</loc>", f"<loc>{HOME}other/</loc>"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_found(tmp_path: Path, code: str) -> None:
    """Each rule finds its fault, and no other rule takes offence."""
    root = build_sound(tmp_path)
    change(root, *FAULTS[code])
    if code == "link":
        assert inspect_site(load_site(root, TODAY)) == (Finding("link", A, "../b/"),)
    allowed = {code} | ({"link"} if code == "subpath" else set())
    assert code in codes(root)
    assert codes(root) <= allowed


@pytest.mark.parametrize("link", ["https://[x", "x" * 300, "%00", "//["])
def test_a_link_that_is_no_address_is_dead(tmp_path: Path, link: str) -> None:
    """Whatever stands in a link, it is told and the rest is inspected."""
    root = build_sound(tmp_path)
    change(root, A, "<p>正文</p>", f'<p>正文</p><a href="{link}">乙</a><script src="{link}"></script>')
    assert inspect_site(load_site(root, TODAY)) == (Finding("link", A, link),)


def test_markup_that_browsers_pass_over_hides_nothing(tmp_path: Path) -> None:
    """Marks of Word and other tools, comments and the like: what stands behind them is seen."""
    root = build_sound(tmp_path)
    change(root, A, "<p>正文</p>", '<![x[ y ]]><!--<a href="../c/">--><p>正文</p><a href="../b/">乙</a>')
    assert inspect_site(load_site(root, TODAY)) == (Finding("link", A, "../b/"),)


def test_a_heavy_page_is_found(tmp_path: Path) -> None:
    """What a page loads counts, compressed pictures as they are."""
    root = build_sound(tmp_path)
    (root / "large.png").write_bytes(bytes(600_000))
    change(root, A, "<p>正文</p>", '<p>正文</p><img src="../../large.png">')
    assert codes(root) == {"heavy"}


def test_dates_are_held_against_the_day_of_inspection(tmp_path: Path) -> None:
    """A page from the future is false; a column without news for a year is stale, and no date is changed for it."""
    root = build_sound(tmp_path)
    assert codes(root, datetime.date(2026, 11, 19)) == {"date"}
    assert codes(root, datetime.date(2027, 12, 1)) == {"stale"}


def test_a_date_is_held_against_that_of_the_same_page(tmp_path: Path) -> None:
    """Another page whose address ends alike says nothing of this one."""
    root = build_sound(tmp_path)
    other = f"<url><loc>{HOME}b/areas/a/</loc><lastmod>2020-01-01</lastmod></url>"
    change(root, "sitemap.xml", "<urlset>", f"<urlset>{other}")
    assert codes(root) == set()


def test_every_rule_is_proved() -> None:
    """No rule stands without a test that plants its fault."""
    assert set(RULES) == {*FAULTS, "heavy", "stale"}


def test_the_command_says_what_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings stand by rule, the first few of each; the exit code is 1, 0 for a sound site, 2 without one."""
    assert main(["inspect", str(tmp_path)]) == 2
    root = build_sound(tmp_path)
    change(root, A, "2026-11-20", "2020-01-01")
    change(root, "sitemap.xml", "2026-11-20", "2020-01-01")
    capsys.readouterr()
    assert main(["inspect", str(root)]) == 1
    assert "[stale] 栏目超过一年没有更新：1" in capsys.readouterr().out
    assert main(["--lang", "en", "inspect", str(root)]) == 1
    assert "column not updated for a year" in capsys.readouterr().out


def test_only_what_the_city_has_not_configured_is_found_in_the_real_site(real_site: Path) -> None:
    """No page is marked down; what is missing are the identity values that nobody may invent."""
    findings = inspect_site(load_site(real_site, datetime.date(2026, 12, 1)))
    assert [finding for finding in findings if finding.path] == []
    assert {finding.code for finding in findings} == {"tag", "footer", "approval"}


def test_the_sitemap_is_dated_by_the_data(real_site: Path) -> None:
    """Every content page stands in the sitemap with the day that the page itself prints."""
    site = load_site(real_site, TODAY)
    days = {page.url: page.meta["PubDate"][:10] for page in site.listed if page.meta.get("PubDate")}
    assert len(days) > 100
    assert {url: site.sitemap[url] for url in days} == days


@pytest.mark.browser
def test_the_site_works_below_a_path(real_site: Path, tmp_path: Path, browser: Browser) -> None:
    """As a portal's column: a profile page below two folders loads all of its parts and leads home."""
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "belts").symlink_to(real_site)
    failed: list[str] = []
    with serve(tmp_path) as address:
        context = browser.new_context()
        tab = context.new_page()
        tab.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        tab.goto(f"{address}portal/belts/areas/tengtou/")
        tab.locator(".crumbs a").first.click()
        tab.wait_for_url(f"{address}portal/belts/")
        assert tab.locator("h1").count() == 1
        context.close()
    assert failed == []
