"""What every kind of record shares: the common fields, and the description of a kind itself.

A kind is one module of this folder that defines a model and a `KIND`; `registry` finds it. Kinds know
values only: no file, no other kind, no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field

from ..records.dates import Day, PartialDate
from ..records.ids import ProgrammeLink, RecordLink, SourceId
from ..records.models import Choice, Model
from ..records.places import Location, Member, Place
from ..records.statements import Figure, Photo, Statement
from ..records.text import Body, Line, Name

_READ = "deferred"
_BEGINNINGS = ("since", "designated", "period")


class Status(Choice):
    """Whether a record is on the public site."""

    PUBLISHED = "published", "已发布"
    DRAFT = "draft", "草稿"


class Record(Model):
    """Fields every record has; `id` is the file's stem and not written in the file."""

    kind: ClassVar[str]
    """The name of its `Kind`, which sets it."""
    rests_on: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "updated": ("published",),
        **dict.fromkeys(_BEGINNINGS, ("published", "updated")),
    }
    beginnings: ClassVar[tuple[str, ...]] = _BEGINNINGS
    """The fields, where a kind has them, that tell when something began: no later than the record's last revision."""
    own_fields: ClassVar[frozenset[str]] = frozenset(("note", "body"))
    """The fields that no page but the record's own shows."""
    shown_apart: ClassVar[frozenset[str]] = frozenset()
    """The kind's fields that have a place of their own on its page, or none: every other one is a labelled detail."""
    deferred_fields: ClassVar[frozenset[str]] = frozenset()
    """Those that take most of the memory: of very many records they are read again when they are asked for."""

    id: str = Field(title="编号", exclude=True)
    name: Name = Field(title="名称", description="全称，60 字以内", examples=["滕头区域"])
    name_en: Name | None = Field(
        None, title="英文名称", description="通行的英文写法，没有就不写", examples=["Tengtou area"]
    )
    other_names: tuple[Name, ...] = Field(
        (), title="曾用名、别名", description="同一事物的其他名称，页面上写作“又作”，也可被搜索到"
    )
    search_terms: tuple[Name, ...] = Field(
        (),
        title="检索词",
        description="不是名称、但读者会用来找它的词，如所含的做法；只供搜索，页面上不写",
        examples=[["小微权力清单"]],
    )
    summary: Line = Field(title="一句话介绍", description="中性、客观的一句话，不写口号")
    status: Status = Field(Status.PUBLISHED, title="状态", description="不写就是已发布；草稿写 draft")
    published: Day = Field(title="首次发布日期", description="写到日，发布后不改", examples=["2026-11-20"])
    updated: Day | None = Field(
        None, title="最近更新日期", description="内容有实质修改时才改", examples=["2026-11-20"]
    )
    sources: tuple[SourceId, ...] = Field(
        (), title="来源", description="整条记录依据的来源的编号", examples=[["jigsaw-2016"]]
    )
    note: Line | None = Field(None, title="编者注", description="存疑、错漏、口径说明")
    body: Body | None = Field(
        None,
        title="正文",
        description="Markdown：段落、## 标题、列表、表格、链接；链到别的记录写 [名称](编号)",
    )

    @property
    def began(self) -> PartialDate | None:
        """When it began or was first seen, where a field of its kind tells."""
        fields = vars(self)  # pydantic takes long to say that there is no such field
        return next((fields[name] for name in _BEGINNINGS if fields.get(name)), None)

    @property
    def has_deferred(self) -> bool:
        """Whether any deferred field holds something, here or where it can be read again."""
        return any(self.__dict__.get(name, True) for name in self.deferred_fields)

    @property
    def lacks_fields(self) -> bool:
        """Whether deferred fields have been let go of."""
        return any(name not in self.__dict__ for name in self.deferred_fields)

    def defer(self, read: Callable[[], Record]) -> None:
        """Let go of the deferred fields; `read` makes the record again."""
        for name in self.deferred_fields:
            self.__dict__.pop(name, None)
        self.__dict__[_READ] = read

    def without_deferred(self) -> Self:
        """A copy that has let go of the deferred fields, to be told by `defer` where they are; itself if there are none."""
        if not self.has_deferred:
            return self
        copy = self.model_copy()
        for name in (*self.deferred_fields, _READ):
            copy.__dict__.pop(name, None)
        return copy

    @property
    def full(self) -> Record:
        """The record with all its fields, for who reads them otherwise than by name."""
        read: Callable[[], Record] | None = self.__dict__.get(_READ)
        return read() if read else self

    if not TYPE_CHECKING:  # names are checked against the fields alone

        def __getattr__(self, name: str) -> Any:
            """A deferred field."""
            if name in self.deferred_fields and _READ in self.__dict__:
                return getattr(self.full, name)
            return super().__getattr__(name)

    @property
    def is_published(self) -> bool:
        """Whether readers may see it."""
        return self.status is Status.PUBLISHED

    @property
    def date(self) -> Day:
        """The date shown on the page: last update, or first publication."""
        return self.updated or self.published

    @property
    def district_id(self) -> str | None:
        """The district the record belongs to, which a field `district` names; None when it is the whole city's."""
        district: str | None = self.__dict__.get("district")
        return district

    @property
    def place_or_none(self) -> Place | None:
        """Where the record is, if it is anywhere in particular."""
        return None

    @property
    def location(self) -> Location | None:
        """The point of its place, if that is known."""
        place = self.place_or_none
        return place.location if place else None

    @property
    def pictures(self) -> tuple[Photo, ...]:
        """Its photos; a kind that can have any says so."""
        return ()


class PlaceRecord(Record):
    """A record that stands somewhere: areas, alliances, workshops."""

    own_fields: ClassVar[frozenset[str]] = Record.own_fields | {"facts", "figures", "photos", "sources"}
    deferred_fields: ClassVar[frozenset[str]] = frozenset(("members", "facts", "figures"))

    place: Place = Field(title="位置", description="所在的区县、乡镇和坐标")
    members: tuple[Member, ...] = Field(
        (), title="成员与点位", description="村、社区、企业等，只写单位和地方，不写个人"
    )
    facts: tuple[Statement, ...] = Field((), title="概况", description="逐条陈述，每条注明来源")
    figures: tuple[Figure, ...] = Field((), title="数据", description="每个数字注明日期和来源")
    photos: tuple[Photo, ...] = Field((), title="照片", description="先后即页面上的次序")
    programmes: tuple[ProgrammeLink, ...] = Field((), title="相关机制", description="机制记录的编号")
    related: tuple[RecordLink, ...] = Field((), title="相关记录", description="任何记录的编号")

    @property
    def district_id(self) -> str | None:
        """The district of its place."""
        return self.place.district

    @property
    def place_or_none(self) -> Place | None:
        """Its place."""
        return self.place

    @property
    def pictures(self) -> tuple[Photo, ...]:
        """Its photos."""
        return self.photos


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    `name` is its English singular, `folder` its place in belts/ and, without an `address`, in the site's addresses;
    `title` is its Chinese name, `unit` the classifier it is counted with, `order` its rank in lists of kinds.
    """

    name: str
    folder: str
    title: str
    unit: str
    description: str
    model: type[Record]
    order: int
    address: str = ""

    def __post_init__(self) -> None:
        """Tell the model its name."""
        self.model.kind = self.name

    @property
    def url_folder(self) -> str:
        """The first part of the kind's addresses."""
        return self.address or self.folder
