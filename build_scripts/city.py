"""The city's own configuration: names, identity, map frame, districts. Knows no record."""

from __future__ import annotations

from pydantic import Field, model_validator

from .datum import BoundingBox
from .values import (
    AnyRecordId,
    DataPath,
    Flag,
    Line,
    Model,
    Name,
    Prose,
    Quantity,
    Slug,
    WebAddress,
    fault,
    parse_quantity,
)


class District(Model):
    """One district, county or county-level city."""

    id: Slug = Field(title="编号")
    name: Name = Field(title="名称")
    name_en: Name | None = Field(None, title="英文名称")
    code: Name = Field(title="行政区划代码")
    other_names: tuple[Name, ...] = Field((), title="曾用名")
    note: Line | None = Field(None, title="说明")


class Frame(Model):
    """The box, in WGS-84 degrees, that every point of the city must fall in; China's when not given."""

    south: Quantity = Field(parse_quantity("3"), title="南")
    west: Quantity = Field(parse_quantity("73"), title="西")
    north: Quantity = Field(parse_quantity("54"), title="北")
    east: Quantity = Field(parse_quantity("136"), title="东")

    @model_validator(mode="after")
    def _refuse_empty_box(self) -> Frame:
        box = self.box
        if not (box.south < box.north <= 90 and box.west < box.east <= 180):
            raise fault("B408")
        return self

    @property
    def box(self) -> BoundingBox:
        """The frame as a bounding box."""
        return BoundingBox(
            float(self.south.low), float(self.west.low), float(self.north.low), float(self.east.low)
        )


class Layers(Model):
    """Boundary and base-map files, GeoJSON in WGS-84."""

    districts: DataPath | None = Field(None, title="区县界线", description="要素属性 adcode 对应区县代码")
    coast: DataPath | None = Field(None, title="陆地与海岸")
    lakes: DataPath | None = Field(None, title="湖泊")
    rivers: DataPath | None = Field(None, title="河流")
    neighbours: DataPath | None = Field(None, title="相邻城市")


class Tiles(Model):
    """Optional tile layers; each asks a third party, so all are off by default."""

    tianditu: Flag = Field(False, title="天地图", description="密钥取自环境变量 TIANDITU_KEY")
    openstreetmap: Flag = Field(False, title="OpenStreetMap")


class MapSettings(Model):
    """How the maps are drawn."""

    frame: Frame = Field(default_factory=Frame, title="地图范围")
    layers: Layers = Field(default_factory=Layers, title="底图图层")
    credits: tuple[Line, ...] = Field((), title="数据署名")
    boundaries: Flag = Field(True, title="是否显示区县界线")
    approval_number: Name | None = Field(None, title="审图号")
    tiles: Tiles = Field(default_factory=Tiles, title="在线底图")


class Gazetteer(Model):
    """Tables of townships and villages, CSV in UTF-8."""

    townships: DataPath | None = Field(None, title="乡镇（街道）名录")
    villages: DataPath | None = Field(None, title="村（社区）名录")
    credit: Line | None = Field(None, title="名录出处", description="如“2023年统计用区划名录”")


class Identity(Model):
    """Who runs the site. Every value is optional and an absent one prints nothing."""

    organiser: Name | None = Field(None, title="主办单位")
    operator: Name | None = Field(None, title="承办单位")
    contact: Line | None = Field(None, title="联系方式")
    site_code: Name | None = Field(None, title="网站标识码")
    icp: Name | None = Field(None, title="ICP 备案号")
    police: Name | None = Field(None, title="公安备案号")
    report_url: WebAddress | None = Field(None, title="纠错地址", description="“我为网站找错”")
    edit_url: WebAddress | None = Field(None, title="编辑地址模板", description="含 {path}")


class City(Model):
    """belts/city.yml."""

    name: Name = Field(title="城市名称")
    name_en: Name = Field(title="英文名称")
    title: Name = Field(title="网站名称")
    tagline: Line = Field(title="一句话说明")
    about: Prose | None = Field(None, title="网站说明")
    identity: Identity = Field(default_factory=Identity, title="网站身份")
    map: MapSettings = Field(default_factory=MapSettings, title="地图")
    gazetteer: Gazetteer = Field(default_factory=Gazetteer, title="区划名录")
    districts: tuple[District, ...] = Field((), title="区（县、市）")
    key_indicators: tuple[AnyRecordId, ...] = Field((), title="首页指标")
    indicator_groups: tuple[Name, ...] = Field((), title="指标分组次序")
    language: Name = Field("zh-CN", title="语言")


def unnamed_city() -> City:
    """The city of an empty belts/ folder: no name, no districts, no maps."""
    return City(name="本市", name_en="City", title="示范片与精品带", tagline="尚无记录。")
