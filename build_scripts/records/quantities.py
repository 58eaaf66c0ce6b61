"""Quantities as a source printed them: a number with its bound and unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .dates import FULL_WIDTH
from .models import fault, wanted


class Bound(StrEnum):
    """How a printed number stands to the true one."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    AT_LEAST = "at-least"
    UNDER = "under"
    RANGE = "range"


_PREFIXES = dict.fromkeys(("超过", "超", "逾", ">"), Bound.OVER)
_PREFIXES |= dict.fromkeys(("不少于", "不低于", "至少", "≥"), Bound.AT_LEAST)
_PREFIXES |= dict.fromkeys(("近", "不到", "不足", "<"), Bound.UNDER) | {"约": Bound.ABOUT}
_SUFFIXES = {"余": Bound.OVER, "多": Bound.OVER, "出头": Bound.OVER, "以上": Bound.AT_LEAST}
_SUFFIXES |= {"左右": Bound.ABOUT}
_AFTER_UNIT = ("左右", "出头", "以上")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMBER = r"(?:0|[1-9]\d*)(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?P<prefix>{'|'.join(_PREFIXES)})?\s*(?:(?P<low>{_NUMBER})(?:[—-](?P<high>{_NUMBER}))?(?P<more>余|多)?"
    r"(?P<scale>[千万亿]?)|(?P<hundred>百))(?P<suffix>余|多|出头|以上|左右)?",
    re.ASCII,
)
_LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as its source prints it: `820余`, `超过1300万`, `5—10`, `近百`, `36.9`.

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
        return {"type": "string", "examples": ["300", "36.9", "820余", "超2000", "3万多", "5—10"]}


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
