"""A record's longer text becomes harmless HTML; what it may not hold is named with its place."""

from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.catalogue import build_catalogue
from build_scripts.reading.load import load_dataset
from build_scripts.views.profile import build_profile
from build_scripts.words.prose import read_prose, render_prose

MINIMAL = Path(__file__).resolve().parent / "sites/minimal"


def render(text: str) -> str:
    return render_prose(text, lambda record_id: f"../../areas/{record_id}/")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("甲\n\n乙", "<p>甲</p>\n<p>乙</p>"),
        ("**重**点", "<p><strong>重</strong>点</p>"),
        ("## 由来\n\n### 细节", "<h3>由来</h3>\n<h4>细节</h4>"),
        ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("{{ 7*7 }} {% x %} ${y}", "<p>{{ 7*7 }} {% x %} ${y}</p>"),
        (
            "[滕头](tengtou)",
            '<p><a href="../../areas/tengtou/" rel="noopener noreferrer">滕头</a></p>',
        ),
        (
            "<https://a.cn/?a=1&b=2>",
            '<p><a href="https://a.cn/?a=1&amp;b=2" rel="noopener noreferrer">https://a.cn/?a=1&amp;b=2</a></p>',
        ),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert not read_prose(text).faults
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("甲 <script>x</script>", "B602", 2),
        ("甲\n\n<iframe src='x'></iframe>", "B602", 3),
        ("- <svg onload=alert(1)>", "B602", 2),
        ("<!-- 甲 -->", "B602", 0),
        ("[甲](javascript:x)", "B603", 4),
        ("[甲](JAVASCRIPT:x)", "B603", 4),
        ("[甲](data:text/html,x)", "B603", 4),
        ("[甲](//example.org)", "B603", 4),
        ("[甲](../x)", "B603", 4),
        ("[甲][b]\n\n[b]: vbscript:x", "B603", 13),
        ("# 甲", "B604", 0),
        ("## 甲\n\n#### 乙", "B604", 6),
        ("![甲](a.jpg)", "B606", 5),
    ],
)
def test_fault_is_placed(text: str, code: str, offset: int) -> None:
    assert [(fault.code, fault.offset) for fault in read_prose(text).faults] == [(code, offset)]


def test_the_second_of_two_equal_tags_has_its_own_place() -> None:
    assert [fault.offset for fault in read_prose("<b>甲</b> <b>乙</b>").faults] == [0, 9]


def test_links_to_records_are_listed_with_their_places() -> None:
    assert read_prose("[甲](tengtou)、[乙](other)").record_links == (("tengtou", 4), ("other", 17))


def test_profile_shows_the_body_with_addresses_from_its_page() -> None:
    dataset = load_dataset(MINIMAL)
    area = next(e for e in dataset.entries if e.record.id == "tengtou")
    record = area.record.model_copy(update={"body": "见[计划](joint-plan)。"})
    entries = tuple(e._replace(record=record) if e is area else e for e in dataset.entries)
    catalogue = build_catalogue(replace(dataset, entries=entries))
    assert 'href="../../programmes/joint-plan/"' in build_profile(record, catalogue, None).body
    assert build_profile(catalogue.records["joint-plan"], catalogue, None).body == ""
