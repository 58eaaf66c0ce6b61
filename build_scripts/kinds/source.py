"""来源: a cited document, with how surely its date and title are known."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..values import Choice, Flag, Line, Name, PartialDate, WebAddress
from .base import Kind, Record


class Confidence(Choice):
    """How surely the date is known."""

    HIGH = "high", "高"
    MEDIUM = "medium", "中"
    LOW = "low", "低"


class Source(Record):
    """One source; `name` is its title, or a description when the title is lost."""

    kind: ClassVar[str] = "source"

    title_known: Flag = Field(True, title="题名是否见于原件")
    publisher: Name | None = Field(None, title="出版者")
    publisher_note: Line | None = Field(None, title="出版者说明")
    period: PartialDate = Field(title="成文日期")
    year_confidence: Confidence = Field(title="年份可信度")
    month_confidence: Confidence = Field(title="月份可信度")
    dating: tuple[Line, ...] = Field((), title="断代依据")
    url: WebAddress | None = Field(None, title="网址")
    short_name: Name = Field(title="简称", description="引用处显示，如“2016年综述”")


KIND = Kind(
    name="source",
    folder="sources",
    title="来源",
    unit="篇",
    description="本站文字和数据所依据的文献。",
    model=Source,
    order=8,
)
