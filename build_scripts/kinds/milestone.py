"""大事: a dated event or a named phase, for the history page."""

from __future__ import annotations

from pydantic import Field

from ..records.dates import PartialDate
from ..records.ids import DistrictId, RecordLink
from ..records.models import Choice
from ..records.places import Member
from ..records.statements import Figure, Statement
from .base import Kind, Record


class MilestoneForm(Choice):
    """An event has a date, a phase a period that others fall into."""

    EVENT = "event", "事件"
    PHASE = "phase", "阶段"


class Milestone(Record):
    """One event or phase."""

    form: MilestoneForm = Field(MilestoneForm.EVENT, title="类型", description="不写就是事件")
    period: PartialDate = Field(
        title="日期或时段", description="事件写发生的日期，阶段写起止", examples=["2016-03", "2016/2018"]
    )
    district: DistrictId | None = Field(
        None, title="区（县、市）", description="某个区县的事才写", examples=["fenghua"]
    )
    facts: tuple[Statement, ...] = Field((), title="经过", description="逐条陈述，每条注明来源")
    figures: tuple[Figure, ...] = Field((), title="数据", description="每个数字注明日期和来源")
    places: tuple[Member, ...] = Field((), title="地点", description="事情发生的村、社区或点位")
    related: tuple[RecordLink, ...] = Field((), title="相关记录", description="任何记录的编号")


KIND = Kind(
    name="milestone",
    folder="milestones",
    title="大事记",
    unit="件",
    description="阶段与事件，按时间排列。",
    model=Milestone,
    order=7,
)
