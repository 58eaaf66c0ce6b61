"""党建联盟、联合体: a standing union of several organisations, with its way of forming."""

from __future__ import annotations

from pydantic import Field, model_validator

from ..records.dates import PartialDate
from ..records.models import Choice, Model
from ..records.statements import Basis, check_reason
from ..records.text import Line
from .base import Kind, PlaceRecord


class Way(Choice):
    """The seven named ways of forming an alliance and the open eighth (“7+N”)."""

    LEADING = "龙头带动", "龙头带动"
    INDUSTRY = "产业链接", "产业链接"
    ENCLAVE = "飞地抱团", "飞地抱团"
    NEIGHBOUR = "毗邻协作", "毗邻协作"
    COMMUNITY = "社区共建", "社区共建"
    PROJECT = "项目牵引", "项目牵引"
    PAIRING = "结对帮促", "结对帮促"
    OTHER = "其他", "其他"


class Formation(Model):
    """A way of forming and on whose word it is assigned."""

    way: Way = Field(title="组建方式", description="“7+N”组建方式之一")
    basis: Basis = Field(title="归类依据", description="来源写明，还是本站编排")
    reason: Line | None = Field(None, title="归类理由", description="basis 为 editorial 时必填")

    def __str__(self) -> str:
        """The way, on whose word, and why."""
        reason = f"：{self.reason}" if self.reason else ""
        return f"{self.way.label}（{self.basis.label}{reason}）"

    @model_validator(mode="after")
    def _require_reason(self) -> Formation:
        check_reason(self.basis, self.reason, "归类理由")
        return self


class Alliance(PlaceRecord):
    """A party-building alliance or consortium."""

    since: PartialDate = Field(
        title="成立或见诸来源的日期",
        description="不知道成立日期时，写来源的日期",
        examples=["2016", "2016-03"],
    )
    formation: Formation | None = Field(None, title="组建方式", description="不能判断就不写")


KIND = Kind(
    name="alliance",
    folder="alliances",
    title="党建联盟",
    unit="个",
    description="村、社区、企业等党组织跨单位组成的联盟或联合体。",
    model=Alliance,
    order=3,
)
