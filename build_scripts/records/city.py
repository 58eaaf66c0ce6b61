"""The city's own configuration: names, identity, map frame, districts. Knows no record."""

from __future__ import annotations

from pydantic import Field, model_validator

from ..geography.datum import BoundingBox
from .ids import DataFilePath, IndicatorLink
from .models import Choice, Model, fault
from .places import Latitude, Longitude
from .text import Flag, Line, Name, Prose, Slug, WebAddress


class District(Model):
    """One district, county or county-level city."""

    id: Slug = Field(title="编号", description="出现在网址里，定下后不改", examples=["fenghua"])
    name: Name = Field(title="名称", description="全称", examples=["奉化区"])
    name_en: Name | None = Field(None, title="英文名称", examples=["Fenghua District"])
    code: Name = Field(
        title="行政区划代码", description="六位代码，与界线文件的 adcode 一致", examples=["330213"]
    )
    other_names: tuple[Name, ...] = Field((), title="曾用名", description="可被搜索到的旧称")
    note: Line | None = Field(None, title="说明", description="区划变动等说明")


class Frame(Model):
    """The box, in WGS-84 degrees, that every point of the city must fall in; China's when not given."""

    south: Latitude = Field(3.0, title="南", description="最南的纬度", examples=["28.80"])
    west: Longitude = Field(73.0, title="西", description="最西的经度", examples=["120.83"])
    north: Latitude = Field(54.0, title="北", description="最北的纬度", examples=["30.46"])
    east: Longitude = Field(136.0, title="东", description="最东的经度", examples=["122.32"])

    @model_validator(mode="after")
    def _refuse_empty_box(self) -> Frame:
        if not (-90 <= self.south < self.north <= 90 and self.west < self.east):
            raise fault("B408")
        return self

    @property
    def box(self) -> BoundingBox:
        """The frame as a bounding box."""
        return BoundingBox(self.south, self.west, self.north, self.east)


class Layers(Model):
    """Boundary and base-map files, GeoJSON in WGS-84."""

    districts: DataFilePath | None = Field(
        None, title="区县界线", description="要素属性 adcode 对应区县代码", examples=["geo/districts.geojson"]
    )
    coast: DataFilePath | None = Field(
        None,
        title="陆地与海岸",
        description="belts/ 里的 GeoJSON 文件：陆地与海岸线；内陆城市不写，图上四周就都是陆地",
        examples=["geo/coast.geojson"],
    )
    lakes: DataFilePath | None = Field(
        None, title="湖泊", description="belts/ 里的 GeoJSON 文件：湖泊", examples=["geo/lakes.geojson"]
    )
    rivers: DataFilePath | None = Field(
        None, title="河流", description="belts/ 里的 GeoJSON 文件：河流", examples=["geo/rivers.geojson"]
    )
    neighbours: DataFilePath | None = Field(
        None,
        title="相邻城市",
        description="belts/ 里的 GeoJSON 文件：相邻城市的界线",
        examples=["geo/neighbours.geojson"],
    )


class Tiles(Model):
    """Optional tile layers; each asks a third party, so all are off by default."""

    tianditu: Flag = Field(False, title="天地图", description="密钥取自环境变量 TIANDITU_KEY")
    openstreetmap: Flag = Field(
        False, title="OpenStreetMap", description="打开后页面会向 OpenStreetMap 请求图块"
    )


class MapSettings(Model):
    """How the maps are drawn."""

    frame: Frame = Field(default_factory=Frame, title="地图范围", description="所有坐标都应落在这个范围里")
    layers: Layers = Field(default_factory=Layers, title="底图图层", description="离线底图的文件")
    credits: tuple[Line, ...] = Field((), title="数据署名", description="印在每幅地图下方")
    boundaries: Flag = Field(True, title="是否显示区县界线", description="写 false 就不画区县界线")
    approval_number: Name | None = Field(
        None, title="审图号", description="有审图号才写", examples=["浙S（0000）00号"]
    )
    tiles: Tiles = Field(default_factory=Tiles, title="在线底图", description="向第三方请求图块，默认都关")


class Gazetteer(Model):
    """Tables of townships and villages, CSV in UTF-8 with a header; the columns may stand in any order."""

    townships: DataFilePath | None = Field(
        None,
        title="乡镇（街道）名录",
        description="belts/ 里的 CSV 文件（UTF-8），列名：nbs_code_2023（统计用区划代码）、name、kind（街道、镇、乡）、"
        "district_code（六位）；可有 communities、villages（个数）、lat、lon（驻地，WGS-84）、geonames_id",
        examples=["geo/townships.csv"],
    )
    villages: DataFilePath | None = Field(
        None,
        title="村（社区）名录",
        description="belts/ 里的 CSV 文件（UTF-8），列名：code（十二位）、name、class（village、community）、"
        "township_code（九位）、district_code（六位）",
        examples=["geo/villages.csv"],
    )
    credit: Line | None = Field(None, title="名录出处", description="如“2023年统计用区划名录”")


class Identity(Model):
    """Who runs the site. Every value is optional and an absent one prints nothing."""

    organiser: Name | None = Field(None, title="主办单位", description="页脚显示；没有就不写")
    operator: Name | None = Field(None, title="承办单位", description="页脚显示；没有就不写")
    contact: Line | None = Field(None, title="联系方式", description="单位的固定电话或邮箱，不写个人")
    site_code: Name | None = Field(None, title="网站标识码", description="页脚显示；没有就不写")
    icp: Name | None = Field(None, title="ICP 备案号", description="页脚显示；没有就不写")
    police: Name | None = Field(None, title="公安备案号", description="页脚显示；没有就不写")
    report_url: WebAddress | None = Field(
        None, title="纠错地址", description="“我为网站找错”", examples=["https://www.example.org/report"]
    )
    edit_url: WebAddress | None = Field(
        None, title="编辑地址模板", description="含 {path}", examples=["https://www.example.org/edit/{path}"]
    )


class GitService(Choice):
    """The Git hosts that the form can save to."""

    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    GITEA = "gitea", "Gitea"


class GitHost(Model):
    """Where the records' repository is, for a form that many editors share."""

    service: GitService = Field(title="平台", description="github、gitlab 或 gitea（Forgejo 写 gitea）")
    repository: Name = Field(title="仓库", description="所有者/仓库名", examples=["example/belts"])
    branch: Name = Field("main", title="分支", description="保存到哪个分支", examples=["main"])
    address: WebAddress | None = Field(
        None, title="平台地址", description="自建的平台才写", examples=["https://git.example.org"]
    )
    app_id: Name | None = Field(
        None, title="登录应用编号", description="平台上登记的 OAuth 应用；不写就用访问令牌登录"
    )
    login: WebAddress | None = Field(
        None, title="登录服务地址", description="GitHub 的 OAuth 登录要用的中转服务；不写就用访问令牌登录"
    )


class City(Model):
    """belts/city.yml."""

    name: Name = Field(title="城市名称", description="不带“市”字也可", examples=["宁波"])
    name_en: Name = Field(title="英文名称", examples=["Ningbo"])
    title: Name = Field(title="网站名称", description="每页标题的后半", examples=["宁波示范片与精品带"])
    tagline: Line = Field(title="一句话说明", description="首页标题下的一句话")
    about: Prose | None = Field(None, title="网站说明", description="首页和“关于”用的几句话")
    identity: Identity = Field(default_factory=Identity, title="网站身份", description="主办单位、备案号等")
    map: MapSettings = Field(default_factory=MapSettings, title="地图", description="范围、底图和署名")
    gazetteer: Gazetteer = Field(
        default_factory=Gazetteer, title="区划名录", description="核对乡镇和村名用的表"
    )
    districts: tuple[District, ...] = Field((), title="区（县、市）", description="按习惯的次序")
    key_indicators: tuple[IndicatorLink, ...] = Field(
        (), title="首页指标", description="指标记录的编号，按显示次序"
    )
    indicator_groups: tuple[Name, ...] = Field((), title="指标分组次序", description="不在其中的排在后面")
    git: GitHost | None = Field(
        None, title="共用的编辑表单", description="记录所在的 Git 仓库；只在本机编辑就不写"
    )
    language: Name = Field("zh-CN", title="语言", description="页面的语言代码", examples=["zh-CN"])

    @property
    def publisher(self) -> str:
        """Who answers for the data: the organiser, or the site itself while none is named."""
        return self.identity.organiser or self.title


def unnamed_city() -> City:
    """The city of an empty belts/ folder: no name, no districts, no maps."""
    return City(name="本市", name_en="City", title="示范片与精品带", tagline="尚无记录。")
