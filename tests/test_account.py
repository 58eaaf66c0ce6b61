"""The account of a change: its words, and its three forms."""

import io
import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from markdown import markdown
from playwright.sync_api import Browser
from pypdf import PdfReader

from build_scripts.diff.account import Account, render_markdown, render_sheet, render_text, tell
from build_scripts.diff.comparison import compare_editions
from build_scripts.diff.editions import load_edition
from build_scripts.faults.rules import Language

MINIMAL = ROOT / "tests/sites/minimal"
AREA = "belts/areas/tengtou.yml"
HOSTILE = "甲<script>alert(1)</script> @someone #12 [链接](javascript:x) `码` http://example.org **粗** www.example.org"


def account(after: Path, language: Language = Language.ZH) -> Account:
    comparison = compare_editions(load_edition(MINIMAL), load_edition(after))
    return tell(comparison, "甬城示范片改动说明", ("甲", "乙"), language)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The smallest site with a change of every sort."""
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    text = (site / AREA).read_text(encoding="utf-8")
    long = "奉化区的一个片区，" + "这里写得很长，" * 12
    for old, new in (
        ("name: 滕头区域", "name: 滕头片区"),
        ("value: 5", "value: 6"),
        ("lat: 29.70", "lat: 29.72"),
        ("  - name: 滕头村", "  - name: 傅家岙村\n  - name: 滕头村"),
        ("summary: 奉化区的一个片区，用于测试。", f"summary: {long}用于测试。"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (site / AREA).write_text(text, encoding="utf-8")
    (site / "belts/boutique/river-belt.yml").unlink()
    (site / "belts/boutique/new-belt.yml").write_bytes(
        (MINIMAL / "belts/boutique/river-belt.yml").read_bytes()
    )
    return site


@pytest.mark.parametrize("language", list(Language))
def test_accounts_are_as_recorded(changed: Path, language: Language, snapshot: object) -> None:
    """The words in both languages, as text and as Markdown."""
    told = account(changed, language)
    snapshot(f"account.{language}.txt", render_text(told) + "\n")  # type: ignore[operator]
    snapshot(f"account.{language}.md", render_markdown(told))  # type: ignore[operator]


def test_english_accounts_hold_no_chinese_of_ours(changed: Path) -> None:
    """Names and values are the site's; every other word is English."""
    lines = render_text(account(changed, Language.EN)).splitlines()
    ours = [line.partition(":")[0] for line in lines if line.startswith("    ")]
    assert ours
    assert not [words for words in ours if re.search("[一-鿿]", words.partition(" ")[0])]


@pytest.mark.parametrize(
    ("path", "old", "new", "zh", "en"),
    [
        ("content/index.md", "", "\n多一句。\n", "手写页面有改动 1。", "hand-written pages changed: 1."),
        (
            "belts/city.yml",
            "title: 甬城示范片",
            "title: 甬城",
            "城市设置有改动（网站名称）。",
            "city settings changed (title).",
        ),
        (
            "belts/geo/villages.csv",
            "",
            "\n",
            "数据文件有改动（geo/villages.csv）。",
            "data files changed (geo/villages.csv).",
        ),
        (
            AREA,
            "name:",
            "name",
            f"读不出、未能比较的文件（{AREA}）。",
            f"files that could not be read or compared ({AREA}).",
        ),
    ],
)
def test_what_is_no_record_is_told_in_the_summary_too(
    path: str, old: str, new: str, zh: str, en: str, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    text = (site / path).read_text(encoding="utf-8")
    changed = text.replace(old, new, 1) if old else text + new
    (site / path).write_text(changed, encoding="utf-8")
    assert account(site).summary == zh
    assert account(site, Language.EN).summary == en


def test_of_many_files_the_summary_names_the_first(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(MINIMAL, site)
    for name in "abcd":
        (site / f"belts/areas/{name}.yml").write_text("name", encoding="utf-8")
    names = "belts/areas/a.yml、belts/areas/b.yml、belts/areas/c.yml …"
    assert account(site).summary == f"读不出、未能比较的文件（{names}）。"


def hostile(changed: Path) -> Account:
    """An account in which a record's text tries to be markup."""
    path = changed / AREA
    text = re.sub("summary: .*", f"summary: '{HOSTILE}'", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return account(changed)


def test_a_text_in_markdown_is_only_text(changed: Path) -> None:
    """No link, mention, issue number, emphasis or tag comes of a record's text in a pull request."""
    html = markdown(render_markdown(hostile(changed)))
    assert "alert(1)" in html
    assert "<script" not in html
    assert "<a " not in html
    assert "<code>码" not in html
    assert "<strong>粗" not in html
    assert not re.search(r"@someone|#12|http://|www\.", html)


def test_a_text_in_the_sheet_is_only_text(changed: Path) -> None:
    sheet = render_sheet(hostile(changed), ROOT / "site_templates")
    assert "&lt;script&gt;" in sheet
    assert "<script" not in sheet


def test_the_sheet_stands_alone(changed: Path) -> None:
    """It asks for no other file, so that it can be mailed."""
    sheet = render_sheet(account(changed), ROOT / "site_templates")
    assert not re.search(r"\b(src|href|url)\b\s*[=(]|@import", sheet)
    assert 'lang="zh-CN"' in sheet


@pytest.mark.browser
def test_the_sheet_prints_on_a4(changed: Path, browser: Browser, tmp_path: Path) -> None:
    """Every page is A4, nothing is wider than the page, and the print holds the decision's lines."""
    sheet = tmp_path / "sheet.html"
    sheet.write_text(render_sheet(account(changed), ROOT / "site_templates"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(sheet.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    sizes = {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in pdf.pages}
    assert sizes <= {(595, 842), (594, 841), (595, 841), (596, 842), (594, 842)}
    text = "".join(p.extract_text() for p in pdf.pages)
    assert "同意发布" in text
    assert "belts/river-belt/" in text


def test_a_number_is_never_told_in_halves(changed: Path) -> None:
    """Of a long text only what differs is marked, a number whole."""
    path, long = changed / AREA, "前面的话" * 12
    texts = [f"summary: {long}有{count}个村，{long}" for count in (11, 12)]
    former = changed.parent / "former"
    shutil.copytree(changed, former)
    for site, text in zip((former, changed), texts, strict=True):
        (site / AREA).write_text(
            re.sub("summary: .*", text, path.read_text(encoding="utf-8")), encoding="utf-8"
        )
    comparison = compare_editions(load_edition(former), load_edition(changed))
    told = tell(comparison, "改动", ("甲", "乙"), Language.ZH)
    (line,) = told.sections[0].entries[0].lines
    assert (line.old, line.new) == ("11", "12")
    assert "的话有11个村，" in render_text(told)
