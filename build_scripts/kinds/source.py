"""来源: a cited document, with how surely its date and title are known."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from pydantic import Field

from ..records.dates import PartialDate
from ..records.models import Choice
from ..records.text import Flag, Line, Name, WebAddress
from .base import Kind, Record


class Confidence(Choice):
    """How surely the date is known."""

    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


class Source(Record):
    """One source; `name` is its title, or a description when the title is lost."""

    shown_apart: ClassVar[frozenset[str]] = frozenset(("dating",))

    title_known: Flag = Field(True, title="题名见于原件", description="题名失落、名称为编者所拟时写 false")
    publisher: Name | None = Field(
        None, title="出版者", description="报刊或单位的名称，原件未印的不写", examples=["某某日报"]
    )
    publisher_note: Line | None = Field(None, title="出版者说明", description="怎样知道，有多确定")
    period: PartialDate = Field(
        title="成文日期", description="推断的写出可信度和断代依据", examples=["2016-04", "2022"]
    )
    year_confidence: Confidence = Field(
        title="年份可信度", description="印明的写 high，推断的写 medium 或 low"
    )
    month_confidence: Confidence = Field(
        title="月份可信度", description="印明的写 high，推断的写 medium 或 low"
    )
    dating: tuple[Line, ...] = Field((), title="断代依据", description="日期怎样推断出来，逐条写")
    url: WebAddress | None = Field(
        None,
        title="网址",
        description="原文在网上的地址，没有就不写",
        examples=["https://www.example.org/report.html"],
    )
    short_name: Name = Field(title="简称", description="引用处显示，如“2016年综述”")

    @cached_property
    def mark_title(self) -> str:
        """What a mark that leads to it says."""
        return f"{self.short_name}，{self.period}"


KIND = Kind(
    name="source",
    folder="sources",
    title="来源",
    unit="篇",
    description="本站文字和数据所依据的文献。",
    model=Source,
    order=8,
)
