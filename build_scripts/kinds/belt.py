"""精品带: a themed route of ordered stops, at city or county level."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from ..records.dates import PartialDate
from ..records.ids import DataFilePath, DistrictId, PlaceRecordId, ProgrammeLink, RecordLink, SourceId
from ..records.models import Choice, Model, fault
from ..records.places import Member
from ..records.statements import Basis, Figure, Photo, Statement, check_reason
from ..records.text import Line, Name
from .base import Kind, Record


class Level(Choice):
    """Which tier of government designated the belt."""

    CITY = "city", "市级"
    COUNTY = "county", "县级"


class Stop(Model):
    """One stop: a record of the site, or a place that has no record of its own."""

    record: PlaceRecordId | None = Field(
        None, title="站点记录", description="示范片、联盟或工坊的编号", examples=["tengtou"]
    )
    place: Member | None = Field(None, title="站点地点", description="没有单独记录时填写")
    basis: Basis = Field(title="归入依据", description="source 来源文本写明；editorial 本站编排")
    reason: Line | None = Field(None, title="编排理由", description="basis 为 editorial 时必填")
    stay: Name | None = Field(
        None, title="建议停留", description="在这一站停留多久，没有可说的就不写", examples=["半天"]
    )
    sources: tuple[SourceId, ...] = Field(
        (), title="来源", description="basis 为 source 时必填", examples=[["jigsaw-2016"]]
    )

    @model_validator(mode="after")
    def _require_one_target_and_its_grounds(self) -> Stop:
        if (self.record is None) == (self.place is None):
            raise fault("B211")
        check_reason(self.basis, self.reason, "编排理由")
        if self.basis is Basis.SOURCE and not self.sources:
            raise fault("B212")
        return self

    @property
    def name(self) -> str:
        """The name of its place, or the id of its record."""
        return self.place.name if self.place else str(self.record)


COLOURS = 8
NUMBERS = range(1, COLOURS**2 + 1)
"""The numbers of belts: the ninth has the first one's colour and another sort of line, and so on, no two alike in both."""


def _palette_number(value: object) -> object:
    if isinstance(value, str):
        if value not in map(str, NUMBERS):
            raise fault("B204", got=value, allowed=f"1—{NUMBERS[-1]}", hint_zh="", hint_en="")
        return int(value)
    return value


class Belt(Record):
    """A boutique belt."""

    shown_apart: ClassVar[frozenset[str]] = frozenset(("number", "order", "stops_note", "track"))

    level: Level = Field(title="层级", description="由市还是由区县确定")
    district: DistrictId | None = Field(
        None, title="区（县、市）", description="县级的才写", examples=["xiangshan"]
    )
    number: Annotated[int, BeforeValidator(_palette_number)] = Field(
        title="序号",
        description=f"1—{NUMBERS[-1]}，每条各不相同，决定颜色和线型；从{COLOURS + 1}起颜色重复，线型不同",
        examples=["1"],
        json_schema_extra={"minimum": NUMBERS[0], "maximum": NUMBERS[-1]},
    )
    theme: Line = Field(title="主题", description="一句话", examples=["四明山革命老区"])
    designated: PartialDate = Field(
        title="确定或见诸来源的日期",
        description="来源写到它何时确定就写那时，没有写的写来源的日期",
        examples=["2022"],
    )
    stops: tuple[Stop, ...] = Field((), title="站点（按顺序）", description="照游览的顺序写")
    track: DataFilePath | None = Field(
        None,
        title="线路轨迹",
        description="belts/tracks/ 里的 GPX 或 GeoJSON 文件，WGS-84；没有实地记录就不写，不要自己画",
        examples=["tracks/river.gpx"],
    )
    order: Line | None = Field(
        None,
        title="建议顺序",
        description="站点为什么这样排、建议怎样走；没有可说的就不写",
        examples=["自上游到下游。"],
    )
    facts: tuple[Statement, ...] = Field((), title="概况", description="逐条陈述，每条注明来源")
    figures: tuple[Figure, ...] = Field((), title="数据", description="每个数字注明日期和来源")
    photos: tuple[Photo, ...] = Field((), title="照片", description="先后即页面上的次序")
    programmes: tuple[ProgrammeLink, ...] = Field((), title="相关机制", description="机制记录的编号")
    related: tuple[RecordLink, ...] = Field((), title="相关记录", description="任何记录的编号")
    stops_note: Line | None = Field(None, title="站点说明", description="没有站点或有疑问时写明原因")

    @model_validator(mode="after")
    def _require_district_of_county(self) -> Belt:
        if self.level is Level.COUNTY and self.district is None:
            raise fault("B213", at="level")
        if self.level is Level.CITY and self.district is not None:
            raise fault("B214", at="district")
        return self

    @property
    def is_editorial(self) -> bool:
        """Whether the site, not a source, chose any of its stops."""
        return any(stop.basis is Basis.EDITORIAL for stop in self.stops)

    @property
    def pictures(self) -> tuple[Photo, ...]:
        """Its photos."""
        return self.photos


KIND = Kind(
    name="belt",
    folder="boutique",
    address="belts",
    title="精品带",
    unit="条",
    description="把示范片和党建联盟按主题串成的线路。",
    model=Belt,
    order=1,
)
