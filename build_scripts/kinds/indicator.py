"""指标: one figure over time, targets beside what was reached."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from ..values import (
    AnyRecordId,
    DistrictId,
    Flag,
    Line,
    Model,
    Name,
    PartialDate,
    ProgrammeId,
    Quantity,
    Reach,
    SourceId,
    check_percentage,
)
from .base import Kind, Record


class Observation(Model):
    """One dated, sourced value of the indicator."""

    form: Reach = Field(Reach.REACHED, title="性质")
    value: Quantity = Field(title="数值")
    as_of: PartialDate = Field(title="数据日期")
    as_of_text: Name | None = Field(None, title="来源中的日期说法")
    source: SourceId = Field(title="来源")
    note: Line | None = Field(None, title="编者注")


class Indicator(Record):
    """One indicator."""

    kind: ClassVar[str] = "indicator"

    group: Name = Field(title="分组", description="进展页按它归组")
    unit: Name | None = Field(None, title="单位")
    change: Flag = Field(False, title="是否为增减幅度")
    district: DistrictId | None = Field(None, title="区（县、市）", description="全市性的不写")
    programme: ProgrammeId | None = Field(None, title="所属机制")
    observations: tuple[Observation, ...] = Field(title="观测值", min_length=1)
    related: tuple[AnyRecordId, ...] = Field((), title="相关记录")

    @property
    def district_id(self) -> str | None:
        """The district of a district's own indicator."""
        return self.district

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
    description="各项目标与实绩，逐次注明日期和来源。",
    model=Indicator,
    order=6,
)
