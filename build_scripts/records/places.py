"""Where something is: coordinates with their precision, places, members."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from ..geography.datum import Datum, Point, to_wgs84
from .dates import FULL_WIDTH
from .ids import DistrictId, SourceId
from .models import Choice, Model, fault, wanted
from .quantities import Quantity
from .text import Flag, Line, Name


class Precision(Choice):
    """How exactly a position is known."""

    VILLAGE = "village", "村级"
    TOWNSHIP = "township", "乡镇（街道）级"
    DISTRICT = "district", "区（县、市）级"


_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
_TOO_FINE = re.compile(r"-?[0-9]{1,3}\.[0-9]{21,}")
_BEARING = re.compile(r"(北纬|东经|南纬|西经|[NESW])?[:：]?\s*(.*?)\s*(?(1)|([NESW])?)", re.IGNORECASE)
_PARTS = re.compile(
    r"(\d{1,3})(?:(?:\s*[°º˚度:：]\s*|\s+)(\d{1,2})(?:(?:\s*[′'’‘分:：]\s*|\s+)(\d{1,2}))?)?(\.\d{1,9})?"
    r"\s*(?:[°º˚度]|[′'’‘分]{1,2}|[″\"”秒])?"
)


def _decimal_degrees(text: str, limit: int) -> str:
    """The decimal degrees that `29°42′35″`, endless decimals or the first of a pair stand for; empty if none."""
    if _TOO_FINE.fullmatch(text):
        return str(round(float(text), 7))
    bearing = None if _DEGREES.fullmatch(text) else _BEARING.fullmatch(text)
    if bearing and (match := _PARTS.fullmatch(bearing[2])):
        degrees = _add_parts([part for part in match.groups()[:3] if part], match[4] or "")
        sign = "-" if (bearing[1] or bearing[3] or "") in (*"SWsw", "南纬", "西经") else ""
        return f"{sign}{round(degrees, 5 if match[2] else 7)}" if degrees <= limit else ""
    first = re.match(r"(\d{1,3}\.\d{1,9})°?[NE]?[ ,，]", text)
    return first[1] if first else ""


def _add_parts(parts: list[str], decimals: str) -> float:
    """Degrees, minutes and seconds in degrees, the last of them with decimals; infinite when they are none."""
    numbers = [float(part) for part in (*parts[:-1], parts[-1] + decimals)]
    return math.inf if max(numbers[1:], default=0) >= 60 else sum(n / 60**i for i, n in enumerate(numbers))


def _advise_degrees(text: str, limit: int, example: str) -> dict[str, str]:
    """What to write in place of degrees that are none: the same ones, or a sample that is said to be one."""
    if degrees := _decimal_degrees(text, limit):
        return {"form_zh": f" {degrees}", "form_en": f": {degrees}"}
    return {
        "form_zh": f"，如 {example}（样例，不是此处的坐标）",
        "form_en": f", such as {example} (a sample, not this place)",
    }


def _degrees(what_zh: str, what_en: str, limit: int, example: str) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        if not isinstance(value, str):
            if isinstance(value, float):
                return value
            raise fault("B203", **wanted(what_zh, what_en, value))
        text = value if _DEGREES.fullmatch(value) else value.strip().translate(FULL_WIDTH)
        if not _DEGREES.fullmatch(text) or abs(float(text)) > limit:
            names = {"what_zh": what_zh, "what_en": what_en, **_advise_degrees(text, limit, example)}
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
_LATITUDE = {"what_zh": "纬度", "what_en": "latitude", **_advise_degrees("", 90, "29.7097")}


class Location(Model):
    """A point with its datum and how exactly it is known."""

    essential: ClassVar[frozenset[str]] = frozenset(("lat", "lon", "crs", "uncertainty_km"))

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

    rests_on: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "township": ("district",),
        "code": ("name",),
        "location": ("district",),
    }

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
