"""Dates as they are known: to the day, the month, the year, or a span of them."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .models import fault, wanted

FULL_WIDTH = str.maketrans("０１２３４５６７８９．－％／＜＞～＋，", "0123456789.-%/<>~+,")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?(?P<about>~)?",
    re.ASCII,
)
_DECADE = re.compile(r"(?P<decade>\d{3})X(?P<about>~)?", re.ASCII)
_CHINESE_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", re.ASCII)
_OTHER_DATE = re.compile(r"(\d{4})[/.-](\d{1,2})(?:[/.-](\d{1,2}))?|(\d{4})(\d{2})(\d{2})")
_SHORT_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
_YEARS = re.compile(r"(\d{4})年?\s*(?:[-—–~～至到]|——)\s*(\d{4})年?")
_QUARTER = re.compile(r"(\d{4})年?第?([1-4])季度")
_SINCE = re.compile(r"(\d{4}(?:年(?:\d{1,2}月(?:\d{1,2}日)?)?)?)(?:[-—–~～]{0,2}至?今|以来|起)")
_SPAN = re.compile(
    r"(\d{4})年(\d{1,2})(?:月(?:(\d{1,2})日?)?)?(?:[-—–~～]{1,2}|至|到)(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?"
)
_NUMERALS = str.maketrans("〇零○◯一二三四五六七八九号", "0000123456789日")
_TENS = re.compile("([一二三]?)十([一二三四五六七八九]?)")
_OPEN = ".."
_LAST_YEAR = 2100
_LONGEST_DATE = 30


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date or period of any precision, in the EDTF level-1 subset the records use.

    `2017`, `2017-11`, `2017-11-30`, `2020-Q1`, `199X`, `2011~` (about), `2016/2018`, `2015/..`.
    `start` and `end` are its first and last day; `text` is the EDTF form.
    """

    start: datetime.date
    end: datetime.date
    text: str

    @property
    def is_open(self) -> bool:
        """Whether it has no end."""
        return self.text.endswith(_OPEN)

    def __str__(self) -> str:
        """The Chinese form for display."""
        return _display(self.text)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse_date, serialization=core_schema.plain_serializer_function_ser_schema(lambda d: d.text)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "string", "examples": ["2017", "2017-11", "2017-11-30", "2016/2018", "2015/.."]}


def parse_date(value: Any) -> PartialDate:
    """Read a date or period; also `2017年11月`, which editors write. Raises B501, B502, B503, B509."""
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, PartialDate):
        return value
    raise fault("B203", **wanted("日期", "a date", value))


@lru_cache(4096)
def _parse_text(value: str) -> PartialDate:
    """A date by its text: the same few stand in thousands of records."""
    text = value.strip().translate(FULL_WIDTH)
    first, slash, last = text.partition("/")
    if not slash or _OTHER_DATE.fullmatch(text) or _SHORT_DATE.fullmatch(text):
        return _parse_single(text)
    start = _parse_single(first)
    if last == _OPEN:
        return PartialDate(start.start, datetime.date(_LAST_YEAR, 12, 31), f"{start.text}/..")
    end = _parse_single(last)
    if end.end < start.start:
        raise fault("B509", start=start.text, end=end.text)
    return PartialDate(start.start, end.end, f"{start.text}/{end.text}")


def _parse_single(text: str) -> PartialDate:
    text = _normalise_chinese_date(text)
    if match := _DECADE.fullmatch(text):
        year = _checked_year(int(match["decade"]) * 10)
        return PartialDate(datetime.date(year, 1, 1), datetime.date(year + 9, 12, 31), text)
    match = _DATE.fullmatch(text)
    if not match:
        raise fault("B501", got=text, **_date_suggestion(text))
    year = _checked_year(int(match["year"]))
    if match["quarter"]:
        last_month = int(match["quarter"]) * 3
        return PartialDate(datetime.date(year, last_month - 2, 1), _last_day(year, last_month), text)
    if not match["month"]:
        return PartialDate(datetime.date(year, 1, 1), datetime.date(year, 12, 31), text)
    return _parse_month_or_day(text, year, int(match["month"]), match["day"])


def _parse_month_or_day(text: str, year: int, month: int, day: str | None) -> PartialDate:
    try:
        start = datetime.date(year, month, int(day or 1))
    except ValueError:
        raise fault("B502", got=text) from None
    return PartialDate(start, start if day else _last_day(year, month), text)


def _last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _checked_year(year: int) -> int:
    if not 1900 <= year <= _LAST_YEAR:
        raise fault("B503", got=year)
    return year


def _normalise_chinese_date(text: str) -> str:
    match = _CHINESE_DATE.fullmatch(text)
    if not match:
        return text
    return "-".join(part if len(part) == 4 else part.zfill(2) for part in match.groups() if part)


def _date_suggestion(text: str) -> dict[str, str]:
    forms = _iso_readings(text)
    if forms:
        return {"suggestion_zh": f"写成 {' 或 '.join(forms)}", "suggestion_en": f"Write {' or '.join(forms)}"}
    return {
        "suggestion_zh": "写成 2017、2017-11、2017-11-30，时段写 2016/2018。",
        "suggestion_en": "Write 2017, 2017-11, 2017-11-30, or 2016/2018 for a period.",
    }


def _iso_readings(text: str) -> list[str]:
    """The ISO forms that a date in another spelling may stand for."""
    text = _plain_date(text) if len(text) <= _LONGEST_DATE else text
    return _read_period(text) or _read_day(text)


def _read_period(text: str) -> list[str]:
    """The ISO form of a quarter, of a span, or of what goes on."""
    if match := _QUARTER.fullmatch(text):
        return [f"{match[1]}-Q{match[2]}"]
    if match := _SINCE.fullmatch(text):
        return [f"{_normalise_chinese_date(match[1].removesuffix('年'))}/{_OPEN}"]
    if match := _SPAN.fullmatch(text):
        return _iso_span(*match.groups())
    match = _YEARS.fullmatch(text)
    return [f"{match[1]}/{match[2]}"] if match else []


def _read_day(text: str) -> list[str]:
    """The ISO forms that one date may stand for."""
    if _CHINESE_DATE.fullmatch(text):
        return [_normalise_chinese_date(text)]
    if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ].{0,30}", text):
        return [match[1]]
    if match := _OTHER_DATE.fullmatch(text):
        parts = [part for part in match.groups() if part]
        return ["-".join((parts[0], *(part.zfill(2) for part in parts[1:])))]
    if match := _SHORT_DATE.fullmatch(text):
        a, b, c = (int(part) for part in match.groups())
        year = c if c > 99 else 2000 + c
        readings = [(year, b, a), (year, a, b)]
        readings += [(2000 + a, b, c)] if c <= 31 else []
        return list(dict.fromkeys(f"{y}-{m:02}-{d:02}" for y, m, d in readings if m <= 12 and d <= 31))
    return []


def _plain_date(text: str) -> str:
    """A date in Chinese numerals, or with spaces or other dashes inside, as it is usually typed."""
    text = _TENS.sub(lambda m: f"{m[1] or '一'}{m[2] or '〇'}", text).translate(_NUMERALS)
    text = re.sub(r"(?<=[年月日])\s+|\s+(?=[年月日])", "", text)
    return re.sub(r"[—–−‐‑]", "-", text) if re.fullmatch(r"\d{4}\D\d{1,2}(?:\D\d{1,2})?", text) else text


def _iso_span(
    year: str, month: str, day: str | None, to_year: str | None, to_month: str | None, to_day: str | None
) -> list[str]:
    """A period whose end says only what differs from its beginning, such as 2015年5—8月."""
    if bool(day) != bool(to_day) or not (to_month or to_day):
        return []
    last = (to_year or year, to_month or month, to_day)
    return ["/".join("-".join(part.zfill(2) for part in date if part) for date in ((year, month, day), last))]


@lru_cache(4096)
def _display(text: str) -> str:
    first, _, last = text.partition("/")
    if not last:
        return _display_date(first)
    if last == _OPEN:
        return f"{_display_date(first)}起"
    return _display_period(first, last)


def _display_date(text: str) -> str:
    about = "约" if text.endswith("~") else ""
    text = text.rstrip("~")
    if text.endswith("X"):
        century, decade = int(text[:2]) + 1, text[2]
        return f"{about}20世纪{decade}0年代" if century == 20 else f"{about}{text[:3]}0年代"
    year, *rest = text.split("-")
    if rest and rest[0].startswith("Q"):
        return f"{about}{year}年第{'一二三四'[int(rest[0][1]) - 1]}季度"
    month = f"{int(rest[0])}月" if rest else ""
    day = f"{int(rest[1])}日" if len(rest) > 1 else ""
    return f"{about}{year}年{month}{day}"


def _display_period(first: str, last: str) -> str:
    if re.fullmatch(r"\d{4}", first) and re.fullmatch(r"\d{4}", last):
        return f"{first}—{last}年"
    if first[:4] == last[:4] and len(first) == len(last) == 7:
        return f"{first[:4]}年{int(first[5:])}—{int(last[5:])}月"
    return f"{_display_date(first)}—{_display_date(last)}"


def _parse_day(value: Any) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    return _day_of(value) if isinstance(value, str) else _as_day(value, parse_date(value))


@lru_cache(4096)
def _day_of(text: str) -> datetime.date:
    """A day by its text, as for any date."""
    return _as_day(text, _parse_text(text))


def _as_day(value: Any, date: PartialDate) -> datetime.date:
    if date.start != date.end:
        raise fault(
            "B501",
            got=value,
            suggestion_zh="这里要写到日，如 2026-11-20。",
            suggestion_en="A full day belongs here, such as 2026-11-20.",
        )
    return date.start


Day = Annotated[datetime.date, BeforeValidator(_parse_day)]
