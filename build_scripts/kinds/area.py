"""示范片: a demonstration area of neighbouring villages or communities."""

from __future__ import annotations

from pydantic import Field

from ..records.dates import PartialDate
from ..records.models import Choice
from .base import Kind, PlaceRecord


class Setting(Choice):
    """Whether the area is rural, urban or both."""

    RURAL = "rural", "乡村"
    URBAN = "urban", "城区"
    MIXED = "mixed", "城乡兼有"


class Area(PlaceRecord):
    """A demonstration area."""

    setting: Setting = Field(title="城乡类型", description="片区在乡村、城区，还是两者都有")
    since: PartialDate = Field(
        title="成立或见诸来源的日期",
        description="不知道成立日期时，写来源的日期",
        examples=["2016", "2016-03"],
    )


KIND = Kind(
    name="area",
    folder="areas",
    title="示范片",
    unit="个",
    description="若干相邻的村或社区连片建设、共同发展的区域。",
    model=Area,
    order=2,
)
