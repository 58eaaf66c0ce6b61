"""The page of the open data: every file, and what each column means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..addresses import DATA
from ..catalogue import Catalogue
from .linked import Dataset
from .tables import DataTable


class FileLink(NamedTuple):
    """A file readers can download."""

    form: str
    url: str
    size: str


@dataclass(frozen=True, slots=True)
class DownloadRow:
    """A data set in all its forms."""

    title: str
    about: str
    count: int
    files: tuple[FileLink, ...]


class ColumnRow(NamedTuple):
    """What a column of a table means; `choices` are all values it can have, empty for most."""

    name: str
    form: str
    about: str
    choices: str


class TableDoc(NamedTuple):
    """A table with its columns and its CSV file."""

    name: str
    title: str
    url: str
    rows: int
    columns: tuple[ColumnRow, ...]


class DataView(NamedTuple):
    """The open-data page."""

    downloads: tuple[DownloadRow, ...]
    tables: tuple[TableDoc, ...]
    credits: tuple[str, ...]


def outline(datasets: Iterable[Dataset], tables: Mapping[DataTable, int]) -> bytes:
    """What differs on the page when records do."""
    shown = [(len(d.records), [(file.name, _size(file.content.size)) for file in d.files]) for d in datasets]
    return repr((shown, [(table.name, height) for table, height in tables.items()])).encode()


def build_view(
    datasets: Iterable[Dataset], tables: Mapping[DataTable, int], catalogue: Catalogue
) -> DataView:
    """The page's view: the data sets in their order, each table with its number of rows."""
    return DataView(
        downloads=tuple(_download_row(dataset) for dataset in datasets),
        tables=tuple(_table_doc(table, height) for table, height in tables.items()),
        credits=catalogue.city.map.credits,
    )


def _download_row(dataset: Dataset) -> DownloadRow:
    return DownloadRow(
        dataset.title,
        dataset.about,
        len(dataset.records),
        tuple(FileLink(file.form, f"{DATA}/{file.name}", _size(file.content.size)) for file in dataset.files),
    )


def _size(size: int) -> str:
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


def _table_doc(table: DataTable, height: int) -> TableDoc:
    columns = tuple(ColumnRow(f.name, _TYPES[f.form], f.about, "、".join(f.choices)) for f in table.fields)
    return TableDoc(table.name, table.title, f"{DATA}/{table.name}.csv", height, columns)


_TYPES = {"string": "文字", "number": "数", "integer": "整数", "boolean": "是或否", "date": "日期"}
