"""Open data: every kind and everything, as CSV, XLSX, JSON and GeoJSON, with what describes them; and the feed.

Names follow the pages' addresses (`data/belts.csv` beside `belts/`) and are for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from .blocks import Composed, Piece, Pieces, count_in, make_pieces, pack, part_in_blocks
from .cache import Cache, digest_of, program_digest
from .catalogue import Catalogue
from .kinds.base import Kind, Record
from .kinds.belt import Belt
from .kinds.registry import find_kinds, kind_named
from .kinds.source import Source
from .opendata.comma import render_csv, render_rows
from .opendata.feed import FEED, render_feed
from .opendata.linked import DataFile, Dataset, dump_places, render_catalogue, render_places
from .opendata.package import SCHEMAS, render_package, render_schema
from .opendata.records import (
    dump_features,
    dump_records,
    has_features,
    render_all_json,
    render_geojson,
    render_json,
)
from .opendata.tables import (
    EVERYTHING,
    DataTable,
    build_districts,
    build_overview,
    build_tables,
    list_grounds,
    table_names,
)
from .opendata.workbook import Sheet, deflate_rows, render_guide, render_sheet, write_workbook
from .views.pages import ColumnRow, DataView, DownloadRow, FileLink, TableDoc

FOLDER = "data"


@dataclass(frozen=True)
class Downloads:
    """Every file that readers and programs can take, by address; those that describe the others come last."""

    files: Mapping[str, Composed]
    build_view: Callable[[], DataView]

    @cached_property
    def view(self) -> DataView:
        """The page that lists them with their sizes, so best asked for when they have been made."""
        return self.build_view()


@dataclass(frozen=True, slots=True)
class _Part:
    """What some records give: their tables that have rows, these as sheets, and every piece by its file or form."""

    records: tuple[Record, ...]
    tables: tuple[DataTable, ...]
    sheets: tuple[Sheet, ...]
    pieces: Mapping[str, Sequence[Piece]]


def build_downloads(catalogue: Catalogue, site_url: str = "", cache: Cache | None = None) -> Downloads:
    """Every file from the blocks of its records, each of which is made once or comes from the cache."""
    parts, shared = _build_parts(catalogue, site_url, cache)
    rows = {t: p.pieces[f"{t.name}.csv"] for p in (shared, *parts.values()) for t in p.tables}
    comma = {f"{t.name}.csv": Composed(partial(render_csv, t.fields, pieces)) for t, pieces in rows.items()}
    tables = {table: count_in(pieces) for table, pieces in rows.items()}
    datasets = [_everything(parts, shared, comma, catalogue)] if parts else []
    datasets += [_one_kind(kind, part, comma, catalogue.city.title) for kind, part in parts.items()]
    files = {**comma, **{file.name: file.content for dataset in datasets for file in dataset.files}}
    files["places.jsonld"] = Composed(partial(render_places, _all_of("jsonld", parts.values())))
    files |= {f"{SCHEMAS}/{name}.schema.json": file for name, file in _schemas(cache).items()}
    files["datapackage.json"] = Composed(lambda: [render_package(tables, comma, catalogue)])
    files["catalog.jsonld"] = Composed(lambda: [render_catalogue(datasets, catalogue, site_url)])
    found = {f"{FOLDER}/{name}": file for name, file in files.items()}
    found[FEED] = Composed(lambda: [render_feed(catalogue, site_url)])
    return Downloads(found, lambda: _build_view(datasets, tables, catalogue))


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


def _schemas(cache: Cache | None) -> dict[str, Composed]:
    """The JSON Schema of every kind's JSON file, by the kind's address."""
    kinds = {digest_of(program_digest(), b"schema", kind.name.encode()): kind for kind in find_kinds()}
    made = make_pieces(kinds, lambda kind: {kind.url_folder: pack(render_schema(kind), 1)}, cache)
    found = {name: piece for pieces in made.values() for name, piece in pieces.items()}
    return {name: Composed(partial(_only, piece)) for name, piece in found.items()}


def _only(piece: Piece) -> Iterator[bytes]:
    yield piece.content


def _one_kind(kind: Kind, part: _Part, comma: Mapping[str, Composed], city: str) -> Dataset:
    """A kind's files. Its CSV file holds the records; the lists inside them have CSV files of their own."""
    name, count, pieces = kind.url_folder, len(part.records), part.pieces
    content = {
        "CSV": (count, comma[f"{name}.csv"]),
        "XLSX": (count, Composed(partial(write_workbook, [*part.sheets, render_guide(part.tables)]))),
        "JSON": (count, Composed(partial(render_json, pieces["json"], kind, city))),
        "GeoJSON": (
            count_in(pieces["geojson"]),
            Composed(partial(render_geojson, pieces["geojson"], city)),
        ),
    }
    return Dataset(name, kind.title, kind.description, part.records, _files(name, content))


def _everything(
    parts: Mapping[Kind, _Part], shared: _Part, comma: Mapping[str, Composed], catalogue: Catalogue
) -> Dataset:
    """All kinds together: one table of what they have in common, or all of their tables in one workbook."""
    city, count, overview = catalogue.city.title, len(shared.records), shared.tables[0]
    guide = render_guide(table for part in (shared, *parts.values()) for table in part.tables)
    sheets = [sheet for part in (shared, *parts.values()) for sheet in part.sheets]
    features = _all_of("geojson", [part for kind, part in parts.items() if kind.name != "belt"])
    items = {kind.url_folder: part.pieces["json"] for kind, part in parts.items()}
    content = {
        "CSV": (count, comma[f"{EVERYTHING}.csv"]),
        "XLSX": (count, Composed(partial(write_workbook, [*sheets, guide]))),
        "JSON": (count, Composed(partial(render_all_json, items, city))),
        "GeoJSON": (count_in(features), Composed(partial(render_geojson, features, city))),
    }
    return Dataset(EVERYTHING, overview.title, overview.about, shared.records, _files(EVERYTHING, content))


def _files(name: str, content: Mapping[str, tuple[int, Composed]]) -> tuple[DataFile, ...]:
    """One file for each form that anything is in: most kinds have no places."""
    return tuple(
        DataFile(f"{name}.{form.lower()}", form, count, data)
        for form, (count, data) in content.items()
        if count
    )


# -- pieces --------------------------------------------------------------------------------------


def _build_parts(catalogue: Catalogue, site_url: str, cache: Cache | None) -> tuple[dict[Kind, _Part], _Part]:
    """What the records of each kind give; and the tables of no kind: of everything, of the districts."""
    grounds = list_grounds(catalogue, site_url)
    overview, districts = build_overview(grounds), build_districts(catalogue, site_url)
    kinds = {kind: records for kind in find_kinds() if (records := catalogue.of_kind(kind))}
    tables = {kind: build_tables(kind, catalogue, grounds) for kind in kinds}
    key = partial(_key, catalogue, digest_of(program_digest(), *_shared(catalogue, site_url)))
    blocks = {kind: {key(b): b for b in part_in_blocks(kinds[kind], lambda r: r.id)} for kind in kinds}

    def make(block: tuple[Record, ...]) -> Pieces:
        return {
            **_render_tables((*tables[kind_named(block[0].kind)], overview), block),
            "json": dump_records(block, catalogue, site_url),
            "geojson": dump_features(block, catalogue, site_url),
            "jsonld": dump_places(block, catalogue, site_url),
        }

    made = make_pieces({k: block for found in blocks.values() for k, block in found.items()}, make, cache)
    parts = {kind: _join(kinds[kind], tables[kind], [made[k] for k in blocks[kind]]) for kind in kinds}
    records = tuple(catalogue.records.values())
    ends = [{name: one[name] for name in _files_of(overview)} for one in made.values()]
    shared = _join(records, (overview, districts), [*ends, _render_tables((districts,), ())])
    return parts, shared


def _shared(catalogue: Catalogue, site_url: str) -> Iterator[bytes]:
    """What every row is made from besides records."""
    yield site_url.encode()
    yield catalogue.city.model_dump_json().encode()
    yield repr([(source.id, source.short_name) for source in catalogue.of(Source)]).encode()


def _key(catalogue: Catalogue, shared: bytes, block: Sequence[Record]) -> bytes:
    """A digest of what a block's pieces are made from: its records, their photos, the stops of its belts."""
    stops = (stop.record for r in block if isinstance(r, Belt) for stop in r.stops if stop.record)
    entries = [catalogue.entries[record_id] for record_id in (*(r.id for r in block), *stops)]
    photos = (catalogue.photos[photo.file].digest.encode() for r in block for photo in r.pictures)
    paths = "\n".join([entry.path for entry in entries]).encode()
    return digest_of(shared, paths, b"".join([entry.digest for entry in entries]), *photos)


def _files_of(table: DataTable) -> tuple[str, str]:
    return f"{table.name}.csv", f"{table.name}.xlsx"


def _render_tables(tables: Iterable[DataTable], records: Sequence[Record]) -> Pieces:
    """The rows that records give, as CSV and for workbooks."""
    pieces: dict[str, Piece] = {}
    for table in tables:
        columns = table.read(records)
        comma, sheet = _files_of(table)
        pieces |= {comma: render_rows(table.fields, columns), sheet: deflate_rows(table.fields, columns)}
    return pieces


def _join(records: tuple[Record, ...], tables: Iterable[DataTable], blocks: Iterable[Pieces]) -> _Part:
    """Blocks end to end."""
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for block in blocks:
        for name, piece in block.items():
            pieces[name].append(piece)
    found = tuple(table for table in tables if count_in(pieces[f"{table.name}.csv"]))
    sheets = tuple(render_sheet(table.title, table.fields, pieces[f"{table.name}.xlsx"]) for table in found)
    return _Part(records, found, sheets, pieces)


def _all_of(form: str, parts: Iterable[_Part]) -> list[Piece]:
    return [piece for part in parts for piece in part.pieces[form]]


# -- the page ------------------------------------------------------------------------------------


def _build_view(
    datasets: Iterable[Dataset], tables: Mapping[DataTable, int], catalogue: Catalogue
) -> DataView:
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
        tuple(
            FileLink(file.form, f"{FOLDER}/{file.name}", _size(file.content.size)) for file in dataset.files
        ),
    )


def _size(size: int) -> str:
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


def _table_doc(table: DataTable, height: int) -> TableDoc:
    columns = tuple(ColumnRow(f.name, _TYPES[f.form], f.about, "、".join(f.choices)) for f in table.fields)
    return TableDoc(table.name, table.title, f"{FOLDER}/{table.name}.csv", height, columns)


_TYPES = {"string": "文字", "number": "数", "integer": "整数", "boolean": "是或否", "date": "日期"}
