"""The value types that records are made of: text, dates, quantities, places, references.

Every value arrives as text and is typed here. A faulty value raises `PydanticCustomError` whose
type is the rule's code; `decode` turns it into a diagnostic. Knows no kind of record.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..geography.datum import Datum, Point, to_wgs84

_NO_FIELDS: set[str] = set()  # copied by pydantic before it is added to
_set = object.__setattr__  # models are frozen


class Model(BaseModel):
    """Base of everything decoded from YAML: frozen, no unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=False, defer_build=True)

    def model_post_init(self, _context: Any, /) -> None:
        """Forget which fields were written: nobody asks, and the sets take a third of a city's memory."""
        _set(self, "__pydantic_fields_set__", _NO_FIELDS)

    def __getstate__(self) -> dict[Any, Any]:
        """What is particular to this model, for pickle: thousands are kept between builds."""
        return self.__dict__

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take up what `__getstate__` gave."""
        _set(self, "__dict__", state)
        _set(self, "__pydantic_fields_set__", _NO_FIELDS)
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)


def fault(code: str, **values: object) -> PydanticCustomError:
    """The error a validator raises for rule `code`; `values` fill the rule's wording.

    A fault of a whole model names the field it shows in as `at`: the field's name, or several names joined
    with dots.
    """
    return PydanticCustomError(code, "{}", {key: str(value) for key, value in values.items()})


class Choice(StrEnum):
    """A closed vocabulary: each member has the value editors type and the label readers see."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:  # noqa: D102 (StrEnum's own protocol)
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


# -- text ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextLimit:
    """Marks a text with the most characters it may have."""

    characters: int


@dataclass(frozen=True, slots=True)
class CleanText(TextLimit):
    """Marks a text that is read without the spaces around it, in one line if it is not `multiline`."""

    multiline: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Nothing of JSON's is called in Python, which halves the time; `decode_plain` gives no line breaks there."""
        text = core_schema.str_schema(strip_whitespace=True, min_length=1, max_length=self.characters)
        ours = core_schema.no_info_before_validator_function(self.clean, core_schema.str_schema())
        return core_schema.json_or_python_schema(json_schema=text, python_schema=ours)

    def clean(self, value: Any) -> Any:
        """The text as it is kept. Raises B205, B206."""
        if not isinstance(value, str):
            return value
        text = value.strip()
        if "\n" in text:
            text = ("\n" if self.multiline else " ").join(line.strip() for line in text.split("\n"))
        if not text:
            raise fault("B205")
        if len(text) > self.characters:
            raise fault("B206", length=len(text), limit=self.characters)
        return text


Name = Annotated[str, CleanText(60)]
Line = Annotated[str, CleanText(400)]
Prose = Annotated[str, CleanText(4000, multiline=True)]


LONGEST_BODY = 8000


def _clean_body(value: Any) -> Any:
    """Keep a Markdown text as typed, inner spaces and line breaks included."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        raise fault("B205")
    if len(value) > LONGEST_BODY:
        raise fault("B206", length=len(value), limit=LONGEST_BODY)
    return value.rstrip()


Body = Annotated[str, BeforeValidator(_clean_body), TextLimit(LONGEST_BODY)]


def _web_address(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"https?://[^\s<>\"'/?#:@\\][^\s<>\"'\\]*", value):
        raise fault("B601", got=value)
    return value


WebAddress = Annotated[str, BeforeValidator(_web_address)]


def _slug(value: Any) -> Any:
    if isinstance(value, str) and not SLUG.fullmatch(value):
        raise fault("B313", got=value)
    return value


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Slug = Annotated[str, BeforeValidator(_slug)]


_YES = ("true", "yes", "on", "y", "1", "是", "有", "对")


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise fault("B203", **wanted("“true”或“false”", "true or false", value))
    if value not in ("true", "false"):
        raise fault("B207", got=value, suggestion="true" if value.lower() in _YES else "false")
    return value == "true"


Flag = Annotated[bool, BeforeValidator(_boolean)]


# -- references: which id a text must be ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordReference:
    """Marks a text as the id of a record of one of these kinds; no kinds means any.

    `is_link` says that the field only leads to the record and states nothing of it.
    """

    kinds: tuple[str, ...] = ()
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class DistrictReference:
    """Marks a text as the id of a district of the city."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """Marks a text as a path inside `belts/`, with `/` separators."""


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """Marks a text as the path of a photo inside `belts/`, with `/` separators."""


SourceId = Annotated[Name, RecordReference(("source",))]
ProgrammeId = Annotated[Name, RecordReference(("programme",))]
IndicatorId = Annotated[Name, RecordReference(("indicator",))]
PlaceRecordId = Annotated[Name, RecordReference(("area", "alliance", "workshop"))]
RecordLink = Annotated[Name, RecordReference(is_link=True)]
ProgrammeLink = Annotated[Name, RecordReference(("programme",), is_link=True)]
IndicatorLink = Annotated[Name, RecordReference(("indicator",), is_link=True)]
DistrictId = Annotated[Name, DistrictReference()]
DataPath = Annotated[Name, DataFile()]
PhotoPath = Annotated[str, CleanText(160), PhotoFile()]


# -- dates ---------------------------------------------------------------------------------------

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
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_OPEN = ".."
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date or period of any precision, in the EDTF level-1 subset the records use.

    `2017`, `2017-11`, `2017-11-30`, `2020-Q1`, `199X`, `2011~` (about), `2016/2018`, `2015/..`.
    `start` and `end` are its first and last day; `text` is the EDTF form.
    """

    start: datetime.date
    end: datetime.date
    text: str

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
    text = text.translate(_NUMERALS) if len(text) <= 12 else text
    if match := _CHINESE_DATE.fullmatch(text):
        return [_normalise_chinese_date(text)]
    if match := _YEARS.fullmatch(text):
        return [f"{match[1]}/{match[2]}"]
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


# -- quantities ----------------------------------------------------------------------------------


class Bound(StrEnum):
    """How a printed number stands to the true one."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    AT_LEAST = "at-least"
    UNDER = "under"
    RANGE = "range"


_PREFIXES = {">": Bound.OVER, "超": Bound.OVER, "逾": Bound.OVER, "≥": Bound.AT_LEAST, "约": Bound.ABOUT}
_PREFIXES |= {"近": Bound.UNDER, "<": Bound.UNDER}
_SUFFIXES = {"余": Bound.OVER, "多": Bound.OVER, "出头": Bound.OVER, "以上": Bound.AT_LEAST}
_SUFFIXES |= {"左右": Bound.ABOUT}
_AFTER_UNIT = ("左右", "出头", "以上")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMBER = r"(?:0|[1-9]\d*)(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?P<prefix>[>超逾≥约近<])?\s*(?:(?P<low>{_NUMBER})(?:[—-](?P<high>{_NUMBER}))?(?P<more>余|多)?"
    r"(?P<scale>[千万亿]?)|(?P<hundred>百))(?P<suffix>余|多|出头|以上|左右)?",
    re.ASCII,
)
_LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as its source prints it: `820余`, `>1300万`, `5—10`, `近百`, `36.9`.

    `low` (and `high` for a range) are in the unit itself, with 万 and 亿 multiplied out. A bare 百 and decimals before
    千, 万 or 亿 are rounded numbers, and so about the true one.
    """

    printed: str
    low: Decimal
    high: Decimal | None
    bound: Bound

    def __str__(self) -> str:
        return self.printed

    def read_with(self, unit: str | None) -> tuple[str, str]:
        """Number and unit in the order they are read: `50左右` of 名 is 50 and 名左右, `820余` of 个 stays."""
        word = next((word for word in _AFTER_UNIT if self.printed.endswith(word)), "")
        return self.printed.removesuffix(word), f"{unit or ''}{word}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            parse_quantity, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "string", "examples": ["300", "36.9", "820余", ">2000", "3万多", "5—10"]}


def parse_quantity(value: Any) -> Quantity:
    """Read a number as printed. Raises B504 (no number), B505 (leading zero), B506 (unit inside)."""
    if isinstance(value, str):
        return _parse_printed(value)
    if isinstance(value, Quantity):
        return value
    raise fault("B203", **wanted("数", "a number", value))


@lru_cache(16_384)
def _parse_printed(value: str) -> Quantity:
    printed = value.strip().translate(FULL_WIDTH)
    match = _QUANTITY.fullmatch(printed)
    if not match or len(printed) > _LONGEST_NUMBER:
        raise _quantity_fault(printed)
    if match["hundred"]:
        low, high = Decimal(100), None
    else:
        scale = _SCALES[match["scale"]]
        low = Decimal(match["low"]) * scale
        high = Decimal(match["high"]) * scale if match["high"] else None
        if high is not None and high < low:
            turned = f"{match['high']}—{match['low']}"
            turned = f"{printed[: match.start('low')]}{turned}{printed[match.end('high') :]}"
            raise fault(
                "B504", got=printed, suggestion_zh=f"这里写成 {turned}", suggestion_en=f"here: {turned}"
            )
    suffix = match["suffix"] or match["more"]
    bound = _PREFIXES.get(match["prefix"] or "") or _SUFFIXES.get(suffix or "") or _unmarked_bound(match)
    return Quantity(printed, low, high, bound)


def _unmarked_bound(match: re.Match[str]) -> Bound:
    """How a number stands to the true one when no word beside it says so."""
    if match["high"]:
        return Bound.RANGE
    is_rounded = match["hundred"] or (match["scale"] and "." in match["low"])
    return Bound.ABOUT if is_rounded else Bound.EXACT


def _quantity_fault(printed: str) -> PydanticCustomError:
    if re.fullmatch(r"0\d+(\.\d+)?", printed):
        return fault("B505", got=printed)
    if re.fullmatch(r"[-−]\d+(\.\d+)?[%万亿]?", printed):
        zh, en = (
            "数不带负号：下降的幅度写正数，并在指标（label）或名称（name）里写明“下降”",
            "no sign: name a fall in the label",
        )
        return fault("B504", got=printed, suggestion_zh=zh, suggestion_en=en)
    number, unit = _split_unit(_without_separators(printed))
    if unit and unit not in _SUFFIXES:
        return fault("B506", got=printed, number=number, unit=unit)
    plain = f"{number}{unit}" if unit else _plain_number(printed)
    if plain:
        return fault("B504", got=printed, suggestion_zh=f"这里写成 {plain}", suggestion_en=f"here: {plain}")
    return fault(
        "B504", got=printed, suggestion_zh="如 300、820余、超2000。", suggestion_en="as in 300 or 820余."
    )


def _split_unit(printed: str) -> tuple[str, str]:
    """The longest beginning that is a number as printed (500多, 约500), and the unit after it; empty without a unit."""
    for end in range(len(printed) - 1, 0, -1):
        number, unit = printed[:end].rstrip(), printed[end:].strip()
        if _QUANTITY.fullmatch(number) and re.fullmatch(r"[^\d.,_eE+-]\D*", unit):
            return number, unit
    return "", ""


def _without_separators(printed: str) -> str:
    """`1,200` as `1200`."""
    return re.sub(r"(?<=\d)[,_，' ](?=\d)", "", printed)


def _plain_number(printed: str) -> str:
    """The number that `1,000`, `1_000`, `10.`, `.5`, `+3` and `1e3` stand for; empty for anything else."""
    text = _without_separators(printed).removeprefix("+")
    if re.fullmatch(r"\d{1,12}\.", text):
        text = text[:-1]
    if re.fullmatch(r"\.\d{1,12}", text):
        text = f"0{text}"
    if match := re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)[eE]\+?(\d{1,2})", text):
        text = f"{Decimal(match[1]).scaleb(int(match[2])):f}" if int(match[2]) <= 12 else text
    return text if re.fullmatch(_NUMBER, text) and text != printed else ""


# -- places --------------------------------------------------------------------------------------


class Precision(Choice):
    """How exactly a position is known."""

    VILLAGE = "village", "村级"
    TOWNSHIP = "township", "乡镇（街道）级"
    DISTRICT = "district", "区（县、市）级"


_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_TOO_FINE = re.compile(r"-?[0-9]{1,3}\.[0-9]{21,}")
_MINUTES = re.compile(r"(\d{1,3})[°度](?:(\d{1,2})[′'分](?:(\d{1,2}(?:\.\d{1,4})?)[″\"秒])?)?.?")


def _decimal_degrees(text: str) -> str:
    """The decimal degrees that `29°42′35″`, endless decimals or the first of a pair stand for; empty if none."""
    if match := _MINUTES.fullmatch(text):
        return f"{sum(float(part or 0) / 60**power for power, part in enumerate(match.groups())):.5f}"
    if _TOO_FINE.fullmatch(text):
        return str(round(float(text), 7))
    first = re.match(r"(\d{1,3}\.\d{1,9})[ ,，]", text)
    return first[1] if first else ""


def _degrees(what_zh: str, what_en: str, limit: int, example: str) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        if not isinstance(value, str):
            if isinstance(value, float):
                return value
            raise fault("B203", **wanted(what_zh, what_en, value))
        text = value if _DEGREES.fullmatch(value) else value.strip().translate(FULL_WIDTH)
        if not _DEGREES.fullmatch(text) or abs(float(text)) > limit:
            names = {"what_zh": what_zh, "what_en": what_en, "example": _decimal_degrees(text) or example}
            reasons = _why_no_degrees(text, 90 if what_en == "latitude" else limit)
            raise fault("B404", got=value, **names, **reasons)
        return float(text)

    return parse


def _why_no_degrees(text: str, limit: int) -> dict[str, str]:
    """What is wrong with degrees: too many decimals, or else out of bounds."""
    if _TOO_FINE.fullmatch(text) and abs(float(text)) <= limit:
        return {"reason_zh": "小数位超过 20 位", "reason_en": "it has more than 20 decimals"}
    return {
        "reason_zh": f"应在 -{limit} 到 {limit} 之间",
        "reason_en": f"which runs from -{limit} to {limit}",
    }


Latitude = Annotated[float, BeforeValidator(_degrees("纬度", "latitude", 180, "29.7097"))]
Longitude = Annotated[float, BeforeValidator(_degrees("经度", "longitude", 180, "121.3896"))]
_SEAT = re.compile("(?<![非是距离近])驻地")
_LATITUDE = {"what_zh": "纬度", "what_en": "latitude", "example": "29.7097"}


class Location(Model):
    """A point with its datum and how exactly it is known."""

    lat: Latitude = Field(title="纬度", description="十进制度数，北纬为正", examples=["29.7097"])
    lon: Longitude = Field(title="经度", description="十进制度数，东经为正", examples=["121.3896"])
    crs: Datum = Field(
        title="坐标系", description="高德、腾讯地图取的点写 gcj02，百度地图写 bd09，天地图和 GPS 写 wgs84"
    )
    precision: Precision = Field(title="精度", description="只知道在哪个乡镇就写 township，不要当作村的位置")
    uncertainty_km: Quantity = Field(
        title="不确定半径（公里）",
        description="村级一般 0.5 到 1，乡镇级 3 左右，区县级 15 左右",
        examples=["1", "3", "15"],
    )
    basis: Line = Field(
        title="坐标依据",
        description="坐标从哪里来，怎样确定；是驻地的点，写明“驻地”",
        examples=["GeoNames 1796090（街道驻地）"],
    )

    @cached_property
    def point(self) -> Point:
        """The position in WGS-84; the way back from another datum is iterated, and so gone once."""
        return to_wgs84(Point(self.lat, self.lon), self.crs)

    @property
    def is_seat(self) -> bool:
        """Whether the basis says that the point is the seat of its township."""
        return _SEAT.search(self.basis) is not None

    @property
    def radius_km(self) -> float:
        """Radius of the uncertainty circle in kilometres."""
        return float(self.uncertainty_km.low)

    @model_validator(mode="after")
    def _refuse_impossible_radius(self) -> Location:
        if not 0.01 <= self.radius_km <= 100 or self.uncertainty_km.high is not None:
            raise fault("B407", at="uncertainty_km", got=self.uncertainty_km.printed)
        return self

    @model_validator(mode="after")
    def _refuse_impossible_latitude(self) -> Location:
        if abs(self.lat) > 90:
            if abs(self.lon) <= 90:
                raise fault("B401", at="lat", lat=f"{self.lat:.7g}", lon=f"{self.lon:.7g}")
            raise fault("B404", at="lat", got=f"{self.lat:.7g}", **_LATITUDE, **_why_no_degrees("", 90))
        return self


class Place(Model):
    """Where a record is: its district, if known its township, and a point if one is known."""

    district: DistrictId = Field(
        title="区（县、市）", description="city.yml 里的区县编号", examples=["fenghua"]
    )
    township: Name | None = Field(
        None, title="乡镇（街道）", description="统计用区划名录里的写法", examples=["萧王庙街道"]
    )
    township_inferred: Flag = Field(
        False, title="乡镇（街道）是否推定", description="来源没有写、据名称或名录推定的写 true"
    )
    location: Location | None = Field(None, title="坐标", description="不知道就不写，不要猜")

    @property
    def township_in_words(self) -> str:
        """The township as pages name it: one that no source gives says so; empty where none is known."""
        return f"{self.township or ''}{'（推定）' if self.township and self.township_inferred else ''}"


class PlaceForm(Choice):
    """What sort of place a member is."""

    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"
    TOWNSHIP = "township", "乡镇（街道）"
    SITE = "site", "点位"
    COMPANY = "company", "企业"
    RIVER = "river", "河流"


class Role(Choice):
    """What a member is to the record that lists it."""

    LEAD = "lead", "牵头"
    MEMBER = "member", "成员"
    NAMED = "named", "提及"


class Member(Model):
    """A village, community, site or body that belongs to a record or is named in it."""

    name: Name = Field(title="名称", description="现名", examples=["滕头村"])
    form: PlaceForm = Field(PlaceForm.VILLAGE, title="类型", description="不写就是村")
    role: Role = Field(Role.MEMBER, title="角色", description="不写就是成员；只是提到的写 named")
    district: DistrictId | None = Field(
        None, title="区（县、市）", description="与整条记录不同时才写", examples=["fenghua"]
    )
    township: Name | None = Field(
        None, title="乡镇（街道）", description="统计用区划名录里的写法", examples=["萧王庙街道"]
    )
    code: Name | None = Field(
        None, title="统计用区划代码", description="名录里的 12 位代码", examples=["330213005208"]
    )
    as_printed: Name | None = Field(None, title="来源中的写法", description="与现名不同时才写")
    text: Line | None = Field(None, title="说明", description="它在这条记录里做了什么")
    location: Location | None = Field(None, title="坐标", description="不知道就不写，不要猜")
    sources: tuple[SourceId, ...] = Field(
        (), title="来源", description="来源记录的编号", examples=[["jigsaw-2016"]]
    )


# -- statements and figures ----------------------------------------------------------------------


class Statement(Model):
    """One claim in one sentence or two, with its sources and, where known, its date."""

    text: Line = Field(title="陈述", description="一两句话，用自己的话写，不照抄来源")
    date: PartialDate | None = Field(
        None, title="日期", description="事情发生的日期或时段", examples=["2016-03", "2016/2018"]
    )
    sources: tuple[SourceId, ...] = Field(
        title="来源", min_length=1, description="来源记录的编号，至少一个", examples=[["jigsaw-2016"]]
    )
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")


class Reach(Choice):
    """Whether a figure was reached, aimed at, expected or laid down."""

    REACHED = "reached", "实绩"
    TARGET = "target", "目标"
    FORECAST = "forecast", "预计"
    REQUIRED = "required", "规定"


class Figure(Model):
    """One figure with its unit, date and source."""

    form: Reach = Field(Reach.REACHED, title="性质", description="不写就是实绩；目标、预计和规定的数要写明")
    label: Name = Field(title="指标", description="这个数字数的是什么", examples=["集体经济收入"])
    value: Quantity = Field(
        title="数值", description="照来源的写法，单位另写在 unit", examples=["300", "820余", ">2000"]
    )
    unit: Name | None = Field(None, title="单位", examples=["个", "万元", "%"])
    as_of: PartialDate = Field(
        title="数据日期", description="数字说的是什么时候，不是发布日期", examples=["2016", "2016-12"]
    )
    source: SourceId = Field(title="来源", description="来源记录的编号", examples=["jigsaw-2016"])
    change: Flag = Field(False, title="是否为增减幅度", description="百分比是增减幅度时写 true，可以超过 100")
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")

    @model_validator(mode="after")
    def _refuse_large_share(self) -> Figure:
        check_percentage(self.value, self.unit, change=self.change)
        return self


def check_percentage(value: Quantity, unit: str | None, *, change: bool, at: str = "value") -> None:
    """Raise B507 at a field for a share over 100 per cent."""
    if unit in ("%", "％") and not change and (value.high or value.low) > 100:
        raise fault("B507", at=at, got=value.printed)


class Licence(Choice):
    """On what terms a photo is shown."""

    OWN = "own", "供图单位版权所有"
    PERMISSION = "permission", "经权利人许可使用"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC0 = "cc0-1.0", "CC0 1.0"
    PUBLIC_DOMAIN = "public-domain", "公有领域"


class Photo(Model):
    """A photo of what the record is about; the file stays outside the published site."""

    file: PhotoPath = Field(
        title="文件",
        description="belts/ 里的路径；用 belts add-photo 或表单添加",
        examples=["photos/tengtou/gate.jpg"],
    )
    alt: Line = Field(
        title="替代文字", description="看不见照片的人听到的话：照片里有什么", examples=["村口的石桥和香樟树"]
    )
    credit: Name = Field(title="供图", description="单位名称，不写个人姓名", examples=["示例市融媒体中心"])
    licence: Licence = Field(title="许可", description="按什么条件使用；说不清就不要用")
    date: PartialDate | None = Field(None, title="拍摄日期", examples=["2025-04"])
    caption: Line | None = Field(None, title="说明", description="照片下面的一句话")


class Basis(Choice):
    """Who says so: a cited source, or this site's editors."""

    SOURCE = "source", "来源写明"
    EDITORIAL = "editorial", "本站编排"


# -- wording of wrong types ----------------------------------------------------------------------

_GOT_ZH: dict[type, str] = {list: "列表", dict: "映射", str: "文字"}
_GOT_EN: dict[type, str] = {list: "a list", dict: "a mapping", str: "text"}
_ADVICE: dict[tuple[str, type], tuple[str, str]] = {
    ("列表", str): (
        "另起一行，每项以“- ”开头：- {got}",
        "Begin a new line with a hyphen for each item: - {got}",
    ),
    ("列表", dict): ("每项以“- ”开头。", "Begin each item with a hyphen."),
    ("映射", str): (
        "另起一行，缩进两格写下级字段。",
        "Write its fields on lines of their own, two spaces in.",
    ),
    ("映射", list): ("去掉开头的连字符，直接写字段。", "Drop the hyphen and write the fields."),
}
_ONE_VALUE = "只留一个值，去掉方括号、花括号或连字符。", "Give one value, without brackets or a hyphen."


def wanted(zh: str, en: str, got: object) -> dict[str, str]:
    """The values of B203 for a value of the wrong shape."""
    help_zh, help_en = _ADVICE.get((zh, type(got)), _ONE_VALUE)
    shown = got.lstrip("-－– ") if isinstance(got, str) else ""
    return {
        "want_zh": zh,
        "want_en": en,
        "got_zh": _GOT_ZH.get(type(got), "空值"),
        "got_en": _GOT_EN.get(type(got), "nothing"),
        "help_zh": help_zh.format(got=shown[:40]),
        "help_en": help_en.format(got=shown[:40]),
    }
