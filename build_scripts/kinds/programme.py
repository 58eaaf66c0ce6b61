"""机制: a plan, standard, mechanism, platform or other programme, with its parts as a tree."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..records.dates import PartialDate
from ..records.ids import DistrictId, ProgrammeId, RecordLink, SourceId
from ..records.models import Choice, Model
from ..records.places import Member
from ..records.quantities import Quantity
from ..records.statements import Figure, Statement
from ..records.text import Flag, Line, Name
from .base import Kind, Record


class Form(Choice):
    """What sort of programme it is."""

    PLAN = "plan", "计划"
    STANDARD = "standard", "标准"
    MECHANISM = "mechanism", "机制"
    PLATFORM = "platform", "平台"
    CAMPAIGN = "campaign", "行动"
    POLICY = "policy", "文件"
    MODEL = "model", "模式"
    BRAND = "brand", "品牌"


class Part(Model):
    """One structured item of a programme; `parts` are its own items."""

    name: Name = Field(title="名称", description="条目的名称或要点")
    text: Line | None = Field(None, title="说明", description="一句话")
    sources: tuple[SourceId, ...] = Field(
        (), title="来源", description="整条记录有几个来源时，逐条写明出自哪一个"
    )
    count: Quantity | None = Field(
        None, title="项数", description="来源说它共有几项；下级条目列不全时才写", examples=["42"]
    )
    unlisted: Flag = Field(
        False,
        title="是否未列明",
        description="来源只留出位置、没有写明名称或内容的（如“N”“X”）写 true，图上画成虚线",
    )
    parts: tuple[Part, ...] = Field((), title="下级条目", description="写法与条目相同")


class Case(Model):
    """Where and how the programme was carried out, as one source tells it."""

    text: Line = Field(title="实例", description="一两句话，用自己的话写")
    district: DistrictId | None = Field(
        None, title="区（县、市）", description="与整条记录不同时才写", examples=["fenghua"]
    )
    places: tuple[Member, ...] = Field((), title="地点", description="做这件事的村、社区或点位")
    date: PartialDate | None = Field(
        None, title="日期", description="事情发生的日期或时段", examples=["2017-06"]
    )
    sources: tuple[SourceId, ...] = Field(
        title="来源", min_length=1, description="来源记录的编号，至少一个", examples=[["jigsaw-2016"]]
    )
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")


class Programme(Record):
    """A programme."""

    beginnings: ClassVar[tuple[str, ...]] = ()
    """A plan may be for years to come."""
    shown_apart: ClassVar[frozenset[str]] = frozenset(("parts_title",))

    form: Form = Field(title="类型", description="计划、标准、机制、平台等")
    period: PartialDate = Field(
        title="时段或见诸来源的日期",
        description="实行的起止；不知道起止时，写来源的日期",
        examples=["2016/2018", "2017"],
    )
    district: DistrictId | None = Field(
        None, title="区（县、市）", description="全市性的不写", examples=["fenghua"]
    )
    parts_title: Name | None = Field(None, title="条目总称", description="如“五项标准”")
    parts: tuple[Part, ...] = Field((), title="条目", description="逐条列出，可以分级")
    facts: tuple[Statement, ...] = Field((), title="要点", description="逐条陈述，每条注明来源")
    figures: tuple[Figure, ...] = Field((), title="数据", description="每个数字注明日期和来源")
    cases: tuple[Case, ...] = Field((), title="实例", description="在哪里、怎样做的")
    part_of: ProgrammeId | None = Field(None, title="所属机制", description="机制记录的编号")
    related: tuple[RecordLink, ...] = Field((), title="相关记录", description="任何记录的编号")


KIND = Kind(
    name="programme",
    folder="programmes",
    title="机制",
    unit="项",
    description="计划、标准、机制、平台和工作品牌。",
    model=Programme,
    order=5,
)
