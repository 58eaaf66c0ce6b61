"""What a source says: statements, figures, photos, and on what ground something stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from .dates import PartialDate
from .ids import PhotoPath, SourceId
from .models import Choice, Model, fault
from .quantities import Quantity
from .text import Flag, Line, Name


class Statement(Model):
    """One claim in one sentence or two, with its sources and, where known, its date."""

    text: Line = Field(title="陈述", description="一两句话，用自己的话写，不照抄来源")
    date: PartialDate | None = Field(
        None, title="日期", description="事情发生的日期或时段", examples=["2016-03", "2016/2018"]
    )
    sources: tuple[SourceId, ...] = Field(
        title="来源", min_length=1, description="来源记录的编号，至少一个", examples=[["jigsaw-2016"]]
    )
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")


class Reach(Choice):
    """Whether a figure was reached, aimed at, expected or laid down."""

    REACHED = "reached", "实际"
    TARGET = "target", "目标"
    FORECAST = "forecast", "预计"
    REQUIRED = "required", "规定"


class Figure(Model):
    """One figure with its unit, date and source."""

    rests_on: ClassVar[Mapping[str, tuple[str, ...]]] = {"form": ("as_of",)}

    form: Reach = Field(Reach.REACHED, title="性质", description="不写就是实际数；目标、预计和规定的数要写明")
    label: Name = Field(title="指标", description="这个数字数的是什么", examples=["集体经济收入"])
    value: Quantity = Field(
        title="数值", description="照来源的写法，单位另写在 unit", examples=["300", "820余", "超2000"]
    )
    unit: Name | None = Field(
        None, title="单位", description="数值的单位，没有就不写", examples=["个", "万元", "%"]
    )
    as_of: PartialDate = Field(
        title="数据日期", description="数字说的是什么时候，不是发布日期", examples=["2016", "2016-12"]
    )
    source: SourceId = Field(title="来源", description="来源记录的编号", examples=["jigsaw-2016"])
    change: Flag = Field(False, title="数值为增减幅度", description="百分比是增减幅度时写 true，可以超过 100")
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")

    @model_validator(mode="after")
    def _refuse_large_share(self) -> Figure:
        check_percentage(self.value, self.unit, change=self.change)
        return self


def check_percentage(value: Quantity, unit: str | None, *, change: bool, at: str = "value") -> None:
    """Raise B507 at a field for a share over 100 per cent."""
    if unit in ("%", "％") and not change and (value.high or value.low) > 100:
        raise fault("B507", at=at, got=value.printed)


class Licence(Choice):
    """On what terms a photo is shown."""

    OWN = "own", "供图单位版权所有"
    PERMISSION = "permission", "经权利人许可使用"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC0 = "cc0-1.0", "CC0 1.0"
    PUBLIC_DOMAIN = "public-domain", "公有领域"


class Photo(Model):
    """A photo of what the record is about; the file stays outside the published site."""

    essential: ClassVar[frozenset[str]] = frozenset(("file", "alt"))

    file: PhotoPath = Field(
        title="文件",
        description="belts/ 里的路径；用 belts add-photo 或表单添加",
        examples=["photos/tengtou/gate.jpg"],
    )
    alt: Line = Field(
        title="替代文字", description="看不见照片的人听到的话：照片里有什么", examples=["村口的石桥和香樟树"]
    )
    credit: Name = Field(title="供图", description="单位名称，不写个人姓名", examples=["示例市融媒体中心"])
    licence: Licence = Field(title="许可", description="按什么条件使用；说不清就不要用")
    date: PartialDate | None = Field(
        None, title="拍摄日期", description="年、月或日，知道多少写多少", examples=["2025-04"]
    )
    caption: Line | None = Field(None, title="说明", description="照片下面的一句话")


class Basis(Choice):
    """Who says so: a cited source, or this site's editors."""

    SOURCE = "source", "来源写明"
    EDITORIAL = "editorial", "本站编排"


def check_reason(basis: Basis, reason: str | None, title: str) -> None:
    """Raise B209 where this site's editors say so without a reason; `title` is what forms call the field of it."""
    if basis is Basis.EDITORIAL and reason is None:
        raise fault("B209", title=title)
