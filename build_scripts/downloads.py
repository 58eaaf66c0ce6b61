"""Open data: every kind and everything, as CSV, XLSX, JSON and GeoJSON, with what describes them; and the feed.

Names follow the pages' addresses (`data/belts.csv` beside `belts/`) and are for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .catalogue import Catalogue
from .kinds.base import Kind, Record
from .kinds.registry import find_kinds
from .opendata.comma import render_csv
from .opendata.feed import FEED, render_feed
from .opendata.linked import DataFile, Dataset, render_catalogue, render_places
from .opendata.package import SCHEMAS, render_package, render_schema
from .opendata.records import (
    dump_features,
    dump_records,
    has_features,
    render_all_json,
    render_geojson,
    render_json,
)
from .opendata.tables import EVERYTHING, DataTable, build_districts, build_overview, build_tables, table_names
from .opendata.workbook import Sheet, render_guide, render_sheet, write_workbook
from .views.pages import ColumnRow, DataView, DownloadRow, FileLink, TableDoc

FOLDER = "data"


@dataclass(frozen=True, slots=True)
class Downloads:
    """Every file that readers and programs can take, by address; the page that lists them."""

    files: Mapping[str, bytes]
    view: DataView


@dataclass(frozen=True, slots=True)
class _Part:
    """What one kind gives to its own files and to those of everything."""

    kind: Kind
    records: tuple[Record, ...]
    tables: tuple[DataTable, ...]
    sheets: tuple[Sheet, ...]
    items: str
    features: tuple[str, ...]


def build_downloads(catalogue: Catalogue, site_url: str = "") -> Downloads:
    """Make each table once and every file from it."""
    parts = [_build_part(kind, catalogue, site_url) for kind in find_kinds() if catalogue.of_kind(kind)]
    shared = (build_overview(catalogue, site_url), build_districts(catalogue, site_url))
    tables = [table for table in (*shared, *(t for part in parts for t in part.tables)) if table.height]
    comma = {f"{table.name}.csv": render_csv(table) for table in tables}
    datasets = [_everything(parts, shared, comma, catalogue)] if parts else []
    datasets += [_one_kind(part, comma, catalogue.city.title) for part in parts]
    files = {**comma, **{file.name: file.content for dataset in datasets for file in dataset.files}}
    files["datapackage.json"] = render_package(tables, comma, catalogue)
    files["catalog.jsonld"] = render_catalogue(datasets, catalogue, site_url)
    files["places.jsonld"] = render_places(catalogue, site_url)
    files |= {f"{SCHEMAS}/{kind.url_folder}.schema.json": render_schema(kind) for kind in find_kinds()}
    found = {f"{FOLDER}/{name}": files[name] for name in sorted(files)}
    return Downloads(
        {**found, FEED: render_feed(catalogue, site_url)}, _build_view(datasets, tables, catalogue)
    )


def list_downloads(catalogue: Catalogue) -> tuple[str, ...]:
    """The address of every file that `build_downloads` makes, without making it."""
    kinds = [kind for kind in find_kinds() if catalogue.of_kind(kind)]
    placed = [kind.name for kind in kinds if has_features(kind, catalogue)]
    names = [f"{name}.csv" for kind in kinds for name in table_names(kind, catalogue)]
    names += [f"{kind.url_folder}.{form}" for kind in kinds for form in ("xlsx", "json")]
    names += [f"{kind.url_folder}.geojson" for kind in kinds if kind.name in placed]
    names += [f"{EVERYTHING}.{form}" for form in ("csv", "xlsx", "json") if kinds]
    names += [f"{EVERYTHING}.geojson"] if set(placed) - {"belt"} else []
    names += ["districts.csv"] if catalogue.city.districts else []
    names += ["datapackage.json", "catalog.jsonld", "places.jsonld"]
    names += [f"{SCHEMAS}/{kind.url_folder}.schema.json" for kind in find_kinds()]
    return (*(f"{FOLDER}/{name}" for name in sorted(names)), FEED)


def _build_part(kind: Kind, catalogue: Catalogue, site_url: str) -> _Part:
    tables = build_tables(kind, catalogue, site_url)
    return _Part(
        kind,
        catalogue.of_kind(kind),
        tables,
        tuple(render_sheet(table) for table in tables),
        dump_records(kind, catalogue, site_url),
        tuple(dump_features(kind, catalogue, site_url)),
    )


def _one_kind(part: _Part, comma: Mapping[str, bytes], city: str) -> Dataset:
    """A kind's files. Its CSV file holds the records; the lists inside them have CSV files of their own."""
    kind, count = part.kind, len(part.records)
    name = kind.url_folder
    book = write_workbook([*part.sheets, render_guide(part.tables)])
    content = {
        "CSV": (count, comma[f"{name}.csv"]),
        "XLSX": (count, book),
        "JSON": (count, render_json(part.items, kind, city)),
        "GeoJSON": (len(part.features), render_geojson(part.features, city)),
    }
    return Dataset(name, kind.title, kind.description, part.records, _files(name, content))


def _everything(
    parts: Sequence[_Part], shared: Sequence[DataTable], comma: Mapping[str, bytes], catalogue: Catalogue
) -> Dataset:
    """All kinds together: one table of what they have in common, or all of their tables in one workbook."""
    city, records = catalogue.city.title, tuple(catalogue.records.values())
    sheets = [render_sheet(table) for table in shared if table.height]
    sheets += [sheet for part in parts for sheet in part.sheets]
    guide = render_guide([*shared, *(table for part in parts for table in part.tables)])
    features = [feature for part in parts if part.kind.name != "belt" for feature in part.features]
    content = {
        "CSV": (len(records), comma[f"{EVERYTHING}.csv"]),
        "XLSX": (len(records), write_workbook([*sheets, guide])),
        "JSON": (len(records), render_all_json({part.kind.url_folder: part.items for part in parts}, city)),
        "GeoJSON": (len(features), render_geojson(features, city)),
    }
    return Dataset(EVERYTHING, shared[0].title, shared[0].about, records, _files(EVERYTHING, content))


def _files(name: str, content: Mapping[str, tuple[int, bytes]]) -> tuple[DataFile, ...]:
    """One file for each form that anything is in: most kinds have no places."""
    return tuple(
        DataFile(f"{name}.{form.lower()}", form, count, data)
        for form, (count, data) in content.items()
        if count
    )


# -- the page ------------------------------------------------------------------------------------


def _build_view(datasets: Iterable[Dataset], tables: Iterable[DataTable], catalogue: Catalogue) -> DataView:
    return DataView(
        downloads=tuple(_download_row(dataset) for dataset in datasets),
        tables=tuple(_table_doc(table) for table in tables),
        credits=catalogue.city.map.credits,
    )


def _download_row(dataset: Dataset) -> DownloadRow:
    return DownloadRow(
        dataset.title,
        dataset.about,
        len(dataset.records),
        tuple(FileLink(file.form, f"{FOLDER}/{file.name}", _size(file.content)) for file in dataset.files),
    )


def _size(content: bytes) -> str:
    kilobytes = max(1, round(len(content) / 1000))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


def _table_doc(table: DataTable) -> TableDoc:
    columns = tuple(ColumnRow(f.name, _TYPES[f.form], f.about, "、".join(f.choices)) for f in table.fields)
    return TableDoc(table.name, table.title, f"{FOLDER}/{table.name}.csv", table.height, columns)


_TYPES = {"string": "文字", "number": "数", "integer": "整数", "boolean": "是或否", "date": "日期"}
