"""共富工坊: a workshop that brings work to villagers' doors."""

from __future__ import annotations

from pydantic import Field

from ..records.dates import PartialDate
from .base import Kind, PlaceRecord


class Workshop(PlaceRecord):
    """A common-prosperity workshop."""

    since: PartialDate = Field(
        title="成立或见诸来源的日期",
        description="不知道成立日期时，写来源的日期",
        examples=["2016", "2016-03"],
    )


KIND = Kind(
    name="workshop",
    folder="workshops",
    title="共富工坊",
    unit="家",
    description="把加工和服务岗位带到村里的就业点。",
    model=Workshop,
    order=4,
)
