"""指标: one figure over time, targets beside what was reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from ..records.dates import PartialDate
from ..records.ids import DistrictId, IndicatorId, ProgrammeId, RecordLink, SourceId
from ..records.models import Model
from ..records.quantities import Quantity
from ..records.statements import Reach, check_percentage
from ..records.text import Flag, Line, Name
from .base import Kind, Record


class Observation(Model):
    """One dated, sourced value of the indicator."""

    rests_on: ClassVar[Mapping[str, tuple[str, ...]]] = {"form": ("as_of",)}

    form: Reach = Field(Reach.REACHED, title="性质", description="不写就是实际数；目标、预计和规定的数要写明")
    value: Quantity = Field(
        title="数值", description="照来源的写法，单位写在 unit", examples=["300", "820余", "超2000"]
    )
    as_of: PartialDate = Field(
        title="数据日期", description="数字说的是什么时候，不是发布日期", examples=["2016", "2016-12"]
    )
    as_of_text: Name | None = Field(
        None, title="来源中的日期说法", description="来源没有写明年月的，照录它的说法", examples=["去年底"]
    )
    source: SourceId = Field(title="来源", description="来源记录的编号", examples=["jigsaw-2016"])
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")


class Indicator(Record):
    """One indicator."""

    group: Name = Field(title="分组", description="进展页按它归组", examples=["示范片与精品带"])
    unit: Name | None = Field(
        None, title="单位", description="数值的单位，没有就不写", examples=["个", "万元", "%"]
    )
    change: Flag = Field(False, title="数值为增减幅度", description="百分比是增减幅度时写 true，可以超过 100")
    district: DistrictId | None = Field(None, title="区（县、市）", description="全市性的不写")
    programme: ProgrammeId | None = Field(None, title="所属机制", description="机制记录的编号")
    whole: IndicatorId | None = Field(
        None,
        title="总数",
        description="本项是从哪一项里数出来的：写那项指标的编号，图上以它为整条",
        examples=["township-count"],
    )
    observations: tuple[Observation, ...] = Field(
        title="观测值", min_length=1, description="各次的数，来源不同的分别列出"
    )
    related: tuple[RecordLink, ...] = Field((), title="相关记录", description="任何记录的编号")

    @property
    def latest(self) -> Observation:
        """What was reached last; where nothing was, the last target, forecast or requirement."""
        reached = [o for o in self.observations if o.form is Reach.REACHED]
        return max(reached or self.observations, key=lambda o: (o.as_of.start, o.as_of.end))

    @model_validator(mode="after")
    def _refuse_large_share(self) -> Indicator:
        for index, observation in enumerate(self.observations):
            at = f"observations.{index}.value"
            check_percentage(observation.value, self.unit, change=self.change, at=at)
        return self


KIND = Kind(
    name="indicator",
    folder="indicators",
    title="指标",
    unit="项",
    description="各项目标数与实际数，逐次注明日期和来源。",
    model=Indicator,
    order=6,
)
