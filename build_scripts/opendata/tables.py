"""The published records as flat tables: one for each kind, one for each list inside it, one of everything.

Columns come from the models. Numbers stay as printed, with their bounds beside them as plain numbers; positions
are WGS-84; every row ends with where it is from, its licence and its page. Cells are read column by column, which
is what keeps a million of them cheap. Knows no file format.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, NamedTuple, get_origin

from ..addresses import district_url, record_url
from ..catalogue import Catalogue
from ..kinds.base import Kind, Record
from ..kinds.registry import find_kinds, kind_named
from ..kinds.source import Source
from ..photos.originals import picture_address
from ..records.dates import PartialDate
from ..records.ids import DistrictReference, PhotoFile, RecordReference
from ..records.models import Choice
from ..records.places import Location
from ..records.quantities import Bound, Quantity
from ..records.references import Marker
from ..records.shapes import field_at, iter_types, model_at
from ..sheets.tables import Column, Table, list_tables
from .meanings import meaning_of

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TITLE = "知识共享署名4.0国际"
EVERYTHING = "all"
PICTURE = "由照片制成的图片，相对于网站根目录"
BETWEEN = "\x1f"  # can stand between the cells of a column: no YAML file can hold it
DECIMALS = 5  # of a degree: about a metre, far below any uncertainty here

Cells = Sequence[str]

_BOUNDS = {
    Bound.EXACT: "确数",
    Bound.ABOUT: "约数",
    Bound.OVER: "超过",
    Bound.AT_LEAST: "不少于",
    Bound.UNDER: "不足",
    Bound.RANGE: "范围",
}


class Field(NamedTuple):
    """One column. `name` is its header, `path` the field in the JSON files, empty for one that we add.

    `form` is a type of Frictionless' Table Schema; `choices` close its vocabulary; `target` is the table whose
    ids its values are.
    """

    name: str
    about: str
    form: str = "string"
    path: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    target: str = ""


@dataclass(slots=True)
class _Rows:
    """What the rows of a table are made from: items of a list inside records, or the records themselves.

    `counts` tells how many items each record has.
    """

    records: list[Record] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)


_Reader = Callable[[_Rows], Cells]
Columns = list[tuple[Field, _Reader]]


@dataclass(frozen=True, slots=True, eq=False)
class DataTable:
    """One table: `name` is its file's stem, `key` the columns that tell its rows apart.

    `table` is where its rows are in the records.
    """

    name: str
    title: str
    about: str
    columns: tuple[tuple[Field, _Reader], ...]
    table: Table
    key: tuple[str, ...] = ("编号",)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its columns."""
        return tuple(column for column, _ in self.columns)

    def read(self, records: Iterable[Record]) -> tuple[Cells, ...]:
        """The cells of the rows that some records give, by column."""
        rows = _Rows()
        for record in records:
            start = len(rows.items)
            for order, item in _iter_items(self.table, record, self.table.path, ""):
                rows.items.append(item)
                rows.orders.append(order)
            rows.records.append(record)
            rows.counts.append(len(rows.items) - start)
        return tuple(read(rows) for _, read in self.columns)


def build_tables(kind: Kind, catalogue: Catalogue, grounds: Columns) -> tuple[DataTable, ...]:
    """The tables of one kind: its records, then each list inside them; `grounds` end each row."""
    return tuple(_build_table(table, grounds, catalogue) for table in list_tables() if table.kind == kind)


def table_names(kind: Kind, catalogue: Catalogue) -> tuple[str, ...]:
    """The names of those of `build_tables` that have rows."""
    records = catalogue.of_kind(kind)
    return tuple(
        _name(table)
        for table in list_tables()
        if table.kind == kind and any(True for r in records for _ in _iter_items(table, r, table.path, ""))
    )


def _name(table: Table) -> str:
    return "-".join((table.kind.url_folder, *table.path)).replace("_", "-")


def _build_table(table: Table, grounds: Columns, catalogue: Catalogue) -> DataTable:
    """One table; what its items say themselves, as photos their licence, is not said of their record beside it."""
    own = _model_columns(table, catalogue)
    names = {column.name for column, _ in own}
    return DataTable(
        name=_name(table),
        title=table.title,
        about=table.kind.description if table.is_main else f"{table.title}，每行一项，以编号与记录对应。",
        columns=(*_keys(table), *own, *(ground for ground in grounds if ground[0].name not in names)),
        table=table,
        key=("编号",) if table.is_main else ("编号", "序号"),
    )


def _iter_items(table: Table, item: Any, path: tuple[str, ...], order: str) -> Iterator[tuple[str, Any]]:
    """The items of a table's list with their places in it: `2`, `2.1`."""
    if not path:
        yield order, item
        return
    for number, inner in enumerate(getattr(item, path[0]), 1):
        here = f"{order}.{number}" if order else str(number)
        if len(path) > 1:
            yield from _iter_items(table, inner, path[1:], here)
            continue
        yield here, inner
        if table.inner:
            yield from _iter_items(table, inner, (table.inner,), here)


# -- the columns of every table ------------------------------------------------------------------


def _keys(table: Table) -> Columns:
    owner = "" if table.is_main else table.kind.url_folder
    about = "记录的编号，全站唯一，永不重复使用"
    key: Columns = [
        (Field("编号", about, path="id", is_required=True, target=owner), _of_records(attrgetter("id")))
    ]
    if table.is_main:
        return key
    place = Field("序号", "在记录的这个列表里的位置；下级为 1.1、1.2", is_required=True)
    return [
        *key,
        (Field("所属记录", "记录的名称"), _of_records(attrgetter("name"))),
        (place, lambda rows: rows.orders),
    ]


def _of_records(read: Callable[[Any], str]) -> _Reader:
    """A column that tells something of each row's record."""
    return lambda rows: [*chain.from_iterable(map(repeat, map(read, rows.records), rows.counts))]


def list_grounds(catalogue: Catalogue, site_url: str) -> Columns:
    """Where a row is from, under what licence, and the page that shows it."""
    districts = {district.id: district.name for district in catalogue.city.districts}
    licence = Field("许可", f"{LICENCE_TITLE}：{LICENCE_URL}", is_required=True)
    page = Field("页面网址", "记录的页面" if site_url else "记录的页面，相对于网站根目录", is_required=True)
    return [
        (
            Field("区（县、市）名称", "记录所属的区（县、市）；全市性的为空"),
            _of_records(lambda record: districts.get(record.district_id, "")),
        ),
        (Field("出处", "这一行依据的来源的简称，全称见来源表"), _origins(catalogue)),
        (licence, lambda rows: [LICENCE] * len(rows.items)),
        (page, _of_records(lambda record: site_url + record_url(record))),
    ]


def _origins(catalogue: Catalogue) -> _Reader:
    """The short names of what an item cites itself, else of all that its record cites; a source is its own."""
    names = {source.id: source.short_name for source in catalogue.of(Source)}

    def cited(record: Record) -> str:
        found = set(catalogue.entries[record.id].named_records())
        return names.get(record.id) or join(tuple(source for source in names if source in found))

    @cache
    def join(sources: tuple[str, ...]) -> str:
        return "；".join([names[source] for source in sources])

    def of_item(item: Any) -> str:
        fields = vars(item)
        one = fields.get("source")
        return names[one] if one else join(fields.get("sources", ()))

    def read(rows: _Rows) -> Cells:
        whole = _of_records(cited)(rows)
        if rows.items == rows.records:
            return whole
        return [of_item(item) or of_record for item, of_record in zip(rows.items, whole, strict=True)]

    return read


# -- columns from the models ---------------------------------------------------------------------


def _model_columns(table: Table, catalogue: Catalogue) -> Columns:
    model = model_at(table.kind.model, table.path)
    columns: Columns = []
    for column in table.columns:
        if column.path == ("status",):  # only published records are here
            continue
        is_photo = isinstance(column.marker, PhotoFile)
        columns += _photo_columns(column, catalogue) if is_photo else _columns_of(column, model)
    return columns


@cache
def _columns_of(column: Column, model: Any) -> Columns:
    """The columns that one field becomes: itself, and the bounds of a printed number."""
    if column.path[-2:-1] == ("location",) and column.path[-1] in (*_LOCATION, "crs"):
        return _location_columns(column)
    types = _types_at(model, column.path)
    spelling = next((kind for kind in _SPELLINGS if any(issubclass(part, kind) for part in types)), str)
    spell, is_list = _SPELLINGS[spelling], tuple in types
    shown = Field(
        column.title,
        meaning_of(column.title, column.about),
        form="string" if is_list else _FORMS.get(spelling, "string"),
        path=column.name,
        choices=tuple(label for _, label in column.choices) if spelling is Choice and not is_list else (),
        is_required=column.is_required,
        target="" if is_list else _target(column.marker),
    )
    columns: Columns = [(shown, _reader(column.path, partial(_spell_lines, spell) if is_list else spell))]
    return columns + (_bounds(column) if spelling is Quantity and not is_list else [])


def _spell_lines(spell: Callable[[Any], str], values: Iterable[Any]) -> str:
    """A list as one cell, a value a line."""
    return "\n".join(map(spell, values))


def _photo_columns(column: Column, catalogue: Catalogue) -> Columns:
    """The address of the picture made of a photo; the original, and what its file is called, stay at home."""
    shown = Field("图片网址", PICTURE, path=column.name, is_required=True)
    return [(shown, _reader(column.path, lambda file: picture_address(catalogue.photos[file])))]


@cache
def _types_at(model: Any, path: tuple[str, ...]) -> frozenset[type]:
    """The classes in the annotation of a field."""
    field: Any = field_at(model, path)
    parts = (get_origin(part) or part for part in iter_types(field.annotation))
    return frozenset(part for part in parts if isinstance(part, type))


# How a cell shows a value: a label for a choice. Others are shown as they are.
_SPELLINGS: Mapping[type, Callable[[Any], str]] = {
    Choice: attrgetter("label"),
    bool: lambda flag: "是" if flag else "否",
    Quantity: attrgetter("printed"),
    PartialDate: attrgetter("text"),
    datetime.date: datetime.date.isoformat,
    int: str,
    str: str,
}
_FORMS = {bool: "boolean", datetime.date: "date", int: "integer"}


def _target(marker: Marker | None) -> str:
    """The table that a single reference leads to; none where several kinds may stand."""
    if isinstance(marker, RecordReference) and len(marker.kinds) == 1:
        return kind_named(marker.kinds[0]).url_folder
    return "districts" if isinstance(marker, DistrictReference) else ""


def _reader(path: tuple[str, ...], spell: Callable[[Any], str] = str) -> _Reader:
    """A column of what stands at a path, in words; an empty cell for nothing."""

    def read(rows: _Rows) -> Cells:
        values = rows.items
        for step in path:
            get = attrgetter(step)
            values = [None if value is None else get(value) for value in values]
        return ["" if value is None else spell(value) for value in values]

    return read


# The parts of a location that are numbers here; the datum is always the same and goes.
_LOCATION: Mapping[str, Callable[[Location], str]] = {
    "lat": lambda location: _number(round(location.point.lat, DECIMALS)),
    "lon": lambda location: _number(round(location.point.lon, DECIMALS)),
    "uncertainty_km": lambda location: _number(location.radius_km),
}


def _location_columns(column: Column) -> Columns:
    """Latitude and longitude in WGS-84 whatever the editor typed; the radius as a number."""
    if column.path[-1] == "crs":
        return []
    read = _LOCATION[column.path[-1]]
    title = f"{column.title}（WGS-84）" if column.path[-1] in ("lat", "lon") else column.title
    return [
        (
            Field(title, meaning_of(column.title, column.about), form="number", path=column.name),
            _reader(column.path[:-1], read),
        )
    ]


def _bounds(column: Column) -> Columns:
    """A printed number as numbers: `5—10` is 5 to 10; `820余` is 820, 超过."""
    low = Field(f"{column.title}·数", "可以计算的数；区间则为下限", "number")
    high = Field(f"{column.title}·上限", "区间的上限", "number")
    sense = Field(f"{column.title}·含义", "这个数与实数的关系", choices=tuple(_BOUNDS.values()))
    return [
        (low, _reader(column.path, lambda quantity: _number(quantity.low))),
        (high, _reader(column.path, lambda quantity: _number(quantity.high))),
        (sense, _reader(column.path, lambda quantity: _BOUNDS[quantity.bound])),
    ]


def _number(value: Any) -> str:
    """A number in plain digits, without the point where it is whole."""
    if value is None:
        return ""
    whole = int(value)
    return str(whole if whole == value else float(value))


# -- tables of no single kind --------------------------------------------------------------------


def build_districts(catalogue: Catalogue, site_url: str) -> DataTable:
    """The city's districts, which records name by their ids."""
    districts = catalogue.city.districts
    cells: tuple[tuple[Field, Cells], ...] = (
        (Field("编号", "区（县、市）的编号", path="id", is_required=True), [d.id for d in districts]),
        (Field("名称", "全称", path="name", is_required=True), [d.name for d in districts]),
        (Field("英文名称", "英文全称", path="name_en"), [d.name_en or "" for d in districts]),
        (Field("行政区划代码", "六位代码", path="code", is_required=True), [d.code for d in districts]),
        (
            Field("曾用名", "旧称，一行一个", path="other_names"),
            ["\n".join(d.other_names) for d in districts],
        ),
        (Field("说明", "区划变动等说明", path="note"), [d.note or "" for d in districts]),
        (Field("出处", "名录的出处"), [catalogue.city.gazetteer.credit or ""] * len(districts)),
        (Field("许可", f"{LICENCE_TITLE}：{LICENCE_URL}", is_required=True), [LICENCE] * len(districts)),
        (Field("页面网址", "区县的页面", is_required=True), [site_url + district_url(d) for d in districts]),
    )
    columns = tuple((column, partial(_given, found)) for column, found in cells)
    return DataTable("districts", "区（县、市）", "记录所用的区县编号。", columns, _any_records())


def _given(cells: Cells, _: _Rows) -> Cells:
    return cells


def build_overview(grounds: Columns) -> DataTable:
    """Every record of every kind in the columns that all have."""
    table = _any_records()
    columns = (*_keys(table), *_common_columns(), *grounds)
    return DataTable(EVERYTHING, "全部记录", "各类记录共有的栏目，每行一条记录。", columns, table)


def _any_records() -> Table:
    """A table whose rows are records, of whatever kind."""
    return next(table for table in list_tables() if table.is_main)


def _common_columns() -> Columns:
    titles = {kind.name: kind.title for kind in find_kinds()}
    kind = Field("种类", "记录的种类", choices=tuple(titles.values()), is_required=True)
    columns: Columns = [(kind, _of_records(lambda record: titles[record.kind]))]
    for name in ("name", "name_en", "summary", "published", "updated"):
        info = Record.model_fields[name]
        is_day = name in ("published", "updated")
        shown = Field(
            info.title or name,
            meaning_of(info.title or name, info.description or ""),
            "date" if is_day else "string",
            name,
            is_required=info.is_required(),
        )
        columns.append((shown, _reader((name,), _SPELLINGS[datetime.date if is_day else str])))
    return [
        *columns,
        (Field("乡镇（街道）", "所在的乡镇（街道）"), _reader(("place_or_none", "township"))),
        (Field("纬度（WGS-84）", "十进制度数", "number"), _reader(("location",), _LOCATION["lat"])),
        (Field("经度（WGS-84）", "十进制度数", "number"), _reader(("location",), _LOCATION["lon"])),
        (Field("精度", "坐标知道得有多准"), _reader(("location", "precision"), _SPELLINGS[Choice])),
        (
            Field("不确定半径（公里）", "坐标的不确定半径", "number"),
            _reader(("location",), _LOCATION["uncertainty_km"]),
        ),
    ]
