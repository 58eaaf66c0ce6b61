"""Charts as text: lengths follow the values, words are complete, and nothing needs an inline style."""

import re
from xml.etree import ElementTree

from build_scripts.views.charts import Bar, Span, draw_bars, draw_timeline

SVG = "{http://www.w3.org/2000/svg}"


def parse(picture: str) -> ElementTree.Element:
    """A chart as a tree."""
    return ElementTree.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))  # noqa: S314


def texts(tree: ElementTree.Element) -> list[str]:
    """The texts drawn on a chart, in order."""
    return [text.text or "" for text in tree.iter(f"{SVG}text")]


def test_a_bar_is_as_long_as_its_share() -> None:
    """Half the full length is half the width; what is reached is a bar, what is aimed at a line with an end."""
    bars = (Bar("2017年", "200个", 0.5), Bar("2018年", "360个", 0.9, "target"))
    tree = parse(draw_bars("c", "示范片", "说明", bars))
    widths = {r.get("class"): r.get("width") for r in tree.iter(f"{SVG}rect")}
    assert widths["chart__bar"] == "50%"
    assert [line.get("x2") for line in tree.iter(f"{SVG}line")] == ["90%", "90%"]
    assert texts(tree) == ["2017年", "200个", "2018年", "360个"]


def test_a_value_beyond_the_whole_fills_it() -> None:
    """A bar never leaves its track."""
    tree = parse(draw_bars("c", "题", "说明", (Bar("甲", "12", 1.2),)))
    assert {r.get("width") for r in tree.iter(f"{SVG}rect")} == {"100%"}


def test_a_chart_is_one_described_image() -> None:
    """It has the role of an image, named by its own title and description, whose ids are the chart's."""
    tree = parse(draw_bars("chart-x", "题目", "甲，1。", (Bar("甲", "1", 1),)))
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "chart-x-title chart-x-text"
    assert tree.findtext(f"{SVG}title") == "题目"
    assert tree.findtext(f"{SVG}desc") == "甲，1。"


def test_hostile_words_stay_words() -> None:
    """Names are escaped, and no style attribute is written."""
    picture = draw_bars("c", "<b>", '"&', (Bar("<script>", "<i>", 0.1),))
    assert parse(picture).findtext(f"{SVG}title") == "<b>"
    assert texts(parse(picture)) == ["<script>", "<i>"]
    assert "style=" not in picture


def test_a_long_label_takes_lines_that_leave_numbers_whole() -> None:
    """Nothing of a label is lost, no line is wider than its room, and 95% is not torn apart."""
    label = "三星级以上基层党组织占比达95%以上的乡镇（街道）个数"
    lines = texts(parse(draw_bars("c", "题", "说明", (Bar(label, "19个", 0.1),))))[:-1]
    assert "".join(lines) == label
    assert len(lines) == 2
    assert any("95%" in line for line in lines)


def test_a_timeline_stands_on_its_years() -> None:
    """Spans lie between their years, an uncertain beginning is set off, and every event has its dot."""
    spans = (
        Span("萌芽", 1990, 1990, 2000),
        Span("共建", 2000, 2010, 2015),
        Span("联盟", 2015, 2015, 2020, True),
    )
    tree = parse(draw_timeline("t", "题", "说明", spans, [2004, 2016, 2016]))
    places = [(r.get("class"), r.get("x"), r.get("width")) for r in tree.iter(f"{SVG}rect")]
    assert places == [
        ("chart__bar", "0%", "33.33%"),
        ("chart__perhaps", "33.33%", "33.33%"),
        ("chart__bar", "66.67%", "16.67%"),
        ("chart__bar", "83.33%", "16.67%"),
    ]
    dots = [(c.get("cx"), c.get("cy")) for c in tree.iter(f"{SVG}circle")]
    assert len(set(dots)) == 3
    assert len({x for x, _ in dots}) == 2
    assert re.findall(r"\d{4}", " ".join(texts(tree))) == ["1990", "2000", "2010"]
