"""Single values: what an editor may type, what it means, what is refused."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from build_scripts.geography.datum import Datum
from build_scripts.records.dates import parse_date
from build_scripts.records.places import Latitude, Location, Precision
from build_scripts.records.quantities import Bound, parse_quantity
from build_scripts.records.text import Line, Name, Prose, WebAddress
from build_scripts.words.characters import UNFIT

DATES = [
    ("2017", "2017年", date(2017, 1, 1), date(2017, 12, 31)),
    ("2017-11", "2017年11月", date(2017, 11, 1), date(2017, 11, 30)),
    ("2015-05-11", "2015年5月11日", date(2015, 5, 11), date(2015, 5, 11)),
    ("2020-Q1", "2020年第一季度", date(2020, 1, 1), date(2020, 3, 31)),
    ("199X", "20世纪90年代", date(1990, 1, 1), date(1999, 12, 31)),
    ("2011~", "约2011年", date(2011, 1, 1), date(2011, 12, 31)),
    ("2016/2018", "2016—2018年", date(2016, 1, 1), date(2018, 12, 31)),
    ("2017-11/2017-12", "2017年11—12月", date(2017, 11, 1), date(2017, 12, 31)),
    ("2017-11/2018-01", "2017年11月—2018年1月", date(2017, 11, 1), date(2018, 1, 31)),
    ("2015/..", "2015年起", date(2015, 1, 1), date(2100, 12, 31)),
    ("2026年2月", "2026年2月", date(2026, 2, 1), date(2026, 2, 28)),
    ("2024年2月29日", "2024年2月29日", date(2024, 2, 29), date(2024, 2, 29)),
]
WRONG_DATES = [
    ("2026/2/3", "B501"),
    ("03-02-26", "B501"),
    ("昨天", "B501"),
    ("2026-02-30", "B502"),
    ("2026-13", "B502"),
    ("2206", "B503"),
    ("2018/2016", "B509"),
]
QUANTITIES = [
    ("300", 300, None, Bound.EXACT),
    ("36.9", Decimal("36.9"), None, Bound.EXACT),
    ("820余", 820, None, Bound.OVER),
    ("3万多", 30_000, None, Bound.OVER),
    ("1.47万余", 14_700, None, Bound.OVER),
    (">1300万", 13_000_000, None, Bound.OVER),
    ("超过1300万", 13_000_000, None, Bound.OVER),
    ("≥4", 4, None, Bound.AT_LEAST),
    ("不少于4", 4, None, Bound.AT_LEAST),
    ("至少1", 1, None, Bound.AT_LEAST),
    ("不到100", 100, None, Bound.UNDER),
    ("近百", 100, None, Bound.UNDER),
    ("百", 100, None, Bound.ABOUT),
    ("2.7万", 27_000, None, Bound.ABOUT),
    ("24.62亿", 2_462_000_000, None, Bound.ABOUT),
    ("3万", 30_000, None, Bound.EXACT),
    ("5—10", 5, 10, Bound.RANGE),
    ("约5—10", 5, 10, Bound.ABOUT),
    ("50左右", 50, None, Bound.ABOUT),
    ("10万出头", 100_000, None, Bound.OVER),
    ("３１．２", Decimal("31.2"), None, Bound.EXACT),
]
WRONG_QUANTITIES = [
    ("010", "B505"),
    ("12.5公顷", "B506"),
    ("500多户", "B506"),
    ("1,200元", "B506"),
    ("500 多", "B504"),
    ("1e3", "B504"),
    ("1_000", "B504"),
    (".nan", "B504"),
    ("很多", "B504"),
    ("5—3", "B504"),
]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("500多户", "500多", "户"),
        ("约500人", "约500", "人"),
        ("近50%", "近50", "%"),
        ("5—10个", "5—10", "个"),
    ],
)
def test_a_unit_is_told_from_the_words_of_its_number(text: str, number: str, unit: str) -> None:
    """Without them, more than 500 would become just 500."""
    with pytest.raises(PydanticCustomError) as caught:
        parse_quantity(text)
    context = caught.value.context or {}
    assert (context["number"], context["unit"]) == (number, unit)
    assert str(parse_quantity(number)) == number


@pytest.mark.parametrize(("text", "shown", "start", "end"), DATES)
def test_dates(text: str, shown: str, start: date, end: date) -> None:
    """A date of any precision has its first day, its last day and its Chinese form."""
    parsed = parse_date(text)
    assert (str(parsed), parsed.start, parsed.end) == (shown, start, end)


@pytest.mark.parametrize(("text", "code"), WRONG_DATES)
def test_wrong_dates(text: str, code: str) -> None:
    """What is no date is refused by the rule that says why."""
    with pytest.raises(PydanticCustomError) as caught:
        parse_date(text)
    assert caught.value.type == code


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026/2/3", "2026-02-03"),
        ("二〇一五年五月十一日", "2015-05-11"),
        ("二○一五年十二月二十日", "2015-12-20"),
        ("2023年第一季度", "2023-Q1"),
        ("2015至今", "2015/.."),
        ("2015年5月以来", "2015-05/.."),
        ("2015年5月11号", "2015-05-11"),
        ("2015 年", "2015"),
        ("2015 年 5 月", "2015-05"),
        ("2015—05—11", "2015-05-11"),
        ("2015年5-8月", "2015-05/2015-08"),
        ("2015年5月11日至13日", "2015-05-11/2015-05-13"),
        ("2015年5月-2016年3月", "2015-05/2016-03"),
        ("2015—2016年", "2015/2016"),
    ],
)
def test_other_forms_are_answered_with_the_iso_form(text: str, form: str) -> None:
    """A date in another form is told what to type."""
    with pytest.raises(PydanticCustomError) as caught:
        parse_date(text)
    assert (caught.value.context or {})["suggestion_zh"] == f"写成 {form}"


@pytest.mark.parametrize("text", ["2015年5月11日至8月", "2015年5月-2016年", "十年", "十三五"])
def test_what_may_mean_several_dates_is_not_guessed(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse_date(text)
    assert "2016/2018" in (caught.value.context or {})["suggestion_zh"]


@pytest.mark.parametrize(("text", "low", "high", "bound"), QUANTITIES)
def test_quantities(text: str, low: Decimal, high: Decimal | None, bound: Bound) -> None:
    """A number as printed has its size and how it stands to the true one."""
    parsed = parse_quantity(text)
    assert (parsed.low, parsed.high, parsed.bound) == (low, high, bound)


@pytest.mark.parametrize(
    ("text", "unit", "read"),
    [
        ("50左右", "名", ("50", "名左右")),
        ("10万出头", "元", ("10万", "元出头")),
        ("80以上", "%", ("80", "%以上")),
        ("820余", "个", ("820余", "个")),
        ("3万多", "人次", ("3万多", "人次")),
        ("50左右", None, ("50", "左右")),
    ],
)
def test_words_that_follow_the_unit_do(text: str, unit: str | None, read: tuple[str, str]) -> None:
    """50名左右, and 820余个."""
    assert parse_quantity(text).read_with(unit) == read


@pytest.mark.parametrize(("text", "code"), WRONG_QUANTITIES)
def test_wrong_quantities(text: str, code: str) -> None:
    """What is no number is refused by the rule that says why."""
    with pytest.raises(PydanticCustomError) as caught:
        parse_quantity(text)
    assert caught.value.type == code


@pytest.mark.parametrize(("text", "turned"), [("5—3", "3—5"), ("约10-9.5万", "约9.5—10万")])
def test_a_range_runs_upwards(text: str, turned: str) -> None:
    """One that is turned round is told how to stand."""
    with pytest.raises(PydanticCustomError) as caught:
        parse_quantity(text)
    assert (caught.value.context or {})["suggestion_en"] == f"here: {turned}"


def test_location_is_wgs84_inside() -> None:
    """A GCJ-02 point of Tengtou comes out where the WGS-84 one is."""
    text = {"lat": "29.707447", "lon": "121.394135", "crs": "gcj02", "precision": "village"}
    location = Location.model_validate(text | {"uncertainty_km": "1", "basis": "公开列表"})
    assert location.crs is Datum.GCJ02
    assert location.point.lat == pytest.approx(29.7097, abs=5e-5)
    assert location.point.lon == pytest.approx(121.3896, abs=5e-5)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("北纬29°41′00″", "29.68333"),
        ("N 29° 41′ 00″", "29.68333"),
        ("29°42′35.5″N", "29.70986"),
        ("29°42.582′", "29.7097"),
        ("29 42 35", "29.70972"),
        ("29:42:35", "29.70972"),
        ("北纬29度42分35秒", "29.70972"),
        ("29.7097°N", "29.7097"),
        ("南纬29°30′", "-29.5"),
        ("29.7097°N, 121.3896°E", "29.7097"),
    ],
)
def test_degrees_in_another_form_are_converted(text: str, degrees: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Latitude).validate_python(text)
    assert raised.value.errors()[0]["ctx"]["form_zh"] == f" {degrees}"


@pytest.mark.parametrize("text", ["29°75′", "北纬", "不详", "3465123.5", "29 121"])
def test_a_sample_is_not_taken_for_a_conversion(text: str) -> None:
    """What cannot be converted is answered with a sample that is said to be one."""
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Latitude).validate_python(text)
    assert raised.value.errors()[0]["ctx"]["form_zh"] == "，如 29.7097（样例，不是此处的坐标）"


@pytest.mark.parametrize(
    ("text", "reason", "form"),
    [
        ("https：//example.org/a.html", "里有全角符号", "https://example.org/a.html"),
        ("HTTPS://example.org/A.html", "的开头要小写", "https://example.org/A.html"),
        ("<https://example.org/a.html>", "外面有 < >", "https://example.org/a.html"),
        ("宁波网 https://example.org/a.html。", "前面还有别的文字，末尾有标点", "https://example.org/a.html"),
        ("https://example.org/新闻 稿.html", "中间有空格", "https://example.org/新闻%20稿.html"),
    ],
)
def test_slips_of_addresses_are_told(text: str, reason: str, form: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(WebAddress).validate_python(text)
    values = raised.value.errors()[0]["ctx"]
    assert (values["reason_zh"], values["form_zh"]) == (reason, f"写成 {form}")


@pytest.mark.parametrize("before", ["www.example.org", "zhang:secret", "zhang", ":"])
def test_an_address_names_no_user(before: str) -> None:
    """A password is published otherwise, and readers take what stands before the @ for the site; it is not repeated."""
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(WebAddress).validate_python(f"https://{before}" + "@other.example/a")
    values = raised.value.errors()[0]["ctx"]
    assert values["reason_zh"] == "里有用户名或密码"
    assert before not in values["got"] or before == ":"
    assert TypeAdapter(WebAddress).validate_python("https://example.org/@a?b=c@d")


def test_choices_have_labels() -> None:
    """A closed vocabulary has a word for editors and one for readers."""
    assert Precision("township") is Precision.TOWNSHIP
    assert Precision.TOWNSHIP.label == "乡镇（街道）级"


@settings(max_examples=400)
@given(
    text=st.text(st.characters(exclude_characters="\n"), max_size=70),
    kind=st.sampled_from((Name, Line, Prose)),
)
def test_a_text_is_read_alike_from_json(text: str, kind: Any) -> None:
    """What pydantic itself reads of kept data and what we read of a file are one text, or one fault."""
    if UNFIT.search(text):
        return

    def read(validate: Callable[[Any], Any], given: object) -> str | None:
        try:
            return str(validate(given))
        except ValidationError:
            return None

    adapter = TypeAdapter(kind)
    assert read(adapter.validate_json, json.dumps(text)) == read(adapter.validate_python, text)
