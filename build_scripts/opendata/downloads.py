"""Open data: every kind and everything, as CSV, XLSX, JSON and GeoJSON, with what describes them; and the feed.

Names follow the pages' addresses (`data/belts.csv` beside `belts/`) and are for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

from ..addresses import DATA
from ..catalogue import Catalogue
from ..kinds.base import Kind, Record
from ..kinds.belt import Belt
from ..kinds.registry import find_kinds
from ..kinds.source import Source
from ..storage.blocks import Composed, Packed, Piece, Pieces, Stock, count_in, pack, part_in_blocks
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest
from .csv_table import render_csv, render_rows
from .feed import FEED, render_feed
from .linked import DataFile, Dataset, dump_places, render_catalogue, render_places
from .package import SCHEMAS, render_package, render_schema
from .page import DataView, build_view, outline
from .records import (
    dump_features,
    dump_records,
    has_features,
    render_all_json,
    render_geojson,
    render_json,
)
from .tables import (
    EVERYTHING,
    DataTable,
    build_districts,
    build_overview,
    build_tables,
    list_grounds,
    table_names,
)
from .workbook import (
    GUIDE,
    Sheet,
    deflate_rows,
    join_sheet,
    render_guide,
    render_head,
    write_workbook,
)

_PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class Downloads:
    """Every file that readers and programs can take, by address; those that describe the others come last.

    `outline` is all that the page which lists them tells of the records.
    """

    files: Mapping[str, Composed]
    outline: bytes
    build_view: Callable[[], DataView]

    @cached_property
    def view(self) -> DataView:
        """The page that lists them with their sizes."""
        return self.build_view()


class _Part(NamedTuple):
    """What some records give: their tables that have rows, these as sheets, and every piece by its file or form."""

    records: tuple[Record, ...]
    tables: tuple[DataTable, ...]
    sheets: tuple[Sheet, ...]
    pieces: Mapping[str, Sequence[Piece]]


class DownloadsPlan(NamedTuple):
    """What the open data is made from: the keys of each kind's blocks of records, and the tables they give rows to.

    `shared` is a digest of what every row is made from besides records. What blocks give goes to the cache, so that
    several processes can make it before the files are asked for.
    """

    catalogue: Catalogue
    site_url: str
    cache: Cache
    tables: Mapping[Kind, tuple[DataTable, ...]]
    overview: DataTable
    districts: DataTable
    shared: bytes
    blocks: Mapping[Kind, tuple[bytes, ...]]
    stock: Stock

    def key(self, name: str) -> bytes:
        """The key of what is made from no records."""
        return digest_of(self.shared, name.encode())

    @property
    def all_tables(self) -> tuple[DataTable, ...]:
        """The tables of every kind that has records, and those of no kind."""
        return (self.overview, self.districts, *chain(*self.tables.values()))

    @property
    def heads_key(self) -> bytes:
        """The key of how the sheets of all tables begin."""
        return digest_of(self.key("heads"), *(table.name.encode() for table in self.all_tables))

    def made_from(self, keys: Iterable[bytes], make: Callable[[], bytes]) -> Composed:
        """A file that is no more than what `make` gives."""
        return Composed(lambda: [make()], digest_of(self.shared, *keys))


def plan_downloads(catalogue: Catalogue, site_url: str = "", cache: Cache = NO_CACHE) -> DownloadsPlan:
    """Part the records in blocks and find out which of them have changed: the stock's `missing`."""
    grounds = list_grounds(catalogue, site_url)
    overview, districts = build_overview(grounds), build_districts(catalogue, site_url)
    shared = digest_of(program_digest(), *_shared(catalogue, site_url))
    kinds = [kind for kind in find_kinds() if catalogue.of_kind(kind)]
    tables = {kind: build_tables(kind, catalogue, grounds) for kind in kinds}
    parted = {kind: part_in_blocks(catalogue.of_kind(kind), lambda record: record.id) for kind in kinds}
    blocks = {kind: {_key(catalogue, shared, block): block for block in parted[kind]} for kind in kinds}
    plan = DownloadsPlan(
        catalogue,
        site_url,
        cache,
        tables,
        overview,
        districts,
        shared,
        {kind: tuple(found) for kind, found in blocks.items()},
        Stock(cache),
    )
    plan.stock.expect(
        {
            **{k: partial(_make_block, plan, kind, b) for kind in kinds for k, b in blocks[kind].items()},
            **{_schema_key(kind): partial(_make_schema, kind) for kind in find_kinds()},
            plan.key("districts"): partial(_render_tables, (districts,), ()),
            plan.heads_key: partial(_render_heads, plan.all_tables),
        }
    )
    return plan


def build_downloads(plan: DownloadsPlan) -> Downloads:
    """Every file. Blocks of which the cache knows nothing yet are made now; the others' pieces wait until they are asked for."""
    stock, catalogue = plan.stock, plan.catalogue
    stock.find()
    parts, shared = _join_parts(plan)
    rows = {
        table: part.pieces[f"{table.name}.csv"] for part in (shared, *parts.values()) for table in part.tables
    }
    tables = {table: count_in(pieces) for table, pieces in rows.items()}
    csv_files = {
        f"{table.name}.csv": stock.compose(render_csv(table.fields, rows[table])) for table in tables
    }
    books = {EVERYTHING: (*tables,), **{kind.url_folder: part.tables for kind, part in parts.items()}}
    guides = _list_guides(plan, books if parts else {})
    datasets = [_everything(plan, parts, shared, csv_files, guides[EVERYTHING])] if parts else []
    datasets += [_one_kind(plan, k, part, csv_files, guides[k.url_folder]) for k, part in parts.items()]
    files = {**csv_files, **{file.name: file.content for dataset in datasets for file in dataset.files}}
    files["places.jsonld"] = stock.compose(
        render_places(_all_of("jsonld", parts.values()), catalogue.city.language)
    )
    files |= {f"{SCHEMAS}/{name}.schema.json": stock.compose([piece]) for name, piece in _list_schemas(stock)}
    keys = [file.key for file in files.values()]
    files[_PACKAGE] = plan.made_from(keys, partial(_render_package, plan, tables, csv_files))
    files["catalog.jsonld"] = plan.made_from(
        keys, partial(render_catalogue, datasets, catalogue, plan.site_url)
    )
    found = {f"{DATA}/{name}": file for name, file in files.items()}
    blocks = (key for keys in plan.blocks.values() for key in keys)
    found[FEED] = plan.made_from(blocks, partial(render_feed, catalogue, plan.site_url))
    return Downloads(found, outline(datasets, tables), partial(build_view, datasets, tables, catalogue))


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
    names += [_PACKAGE, "catalog.jsonld", "places.jsonld"]
    names += [f"{SCHEMAS}/{kind.url_folder}.schema.json" for kind in find_kinds()]
    return (*(f"{DATA}/{name}" for name in sorted(names)), FEED)


def part_of(address: str) -> str:
    """What a file is best made together with: its form; the data package tells of the CSV files."""
    return "csv" if address == f"{DATA}/{_PACKAGE}" else address.rpartition(".")[2]


def _one_kind(
    plan: DownloadsPlan, kind: Kind, part: _Part, csv_files: Mapping[str, Composed], guide: Sheet
) -> Dataset:
    """A kind's files. Its CSV file holds the records; the lists inside them have CSV files of their own."""
    name, count, pieces, city = kind.url_folder, len(part.records), part.pieces, plan.catalogue.city.title
    compose = plan.stock.compose
    content = {
        "CSV": (count, csv_files[f"{name}.csv"]),
        "XLSX": (count, compose(write_workbook([*part.sheets, guide]))),
        "JSON": (count, compose(render_json(pieces["json"], kind, city))),
        "GeoJSON": (count_in(pieces["geojson"]), compose(render_geojson(pieces["geojson"], city))),
    }
    return Dataset(name, kind.title, kind.description, part.records, _files(name, content))


def _everything(
    plan: DownloadsPlan,
    parts: Mapping[Kind, _Part],
    shared: _Part,
    csv_files: Mapping[str, Composed],
    guide: Sheet,
) -> Dataset:
    """All kinds together: one table of what they have in common, or all of their tables in one workbook."""
    city, count, compose = plan.catalogue.city.title, len(shared.records), plan.stock.compose
    sheets = [sheet for part in (shared, *parts.values()) for sheet in part.sheets]
    features = _all_of("geojson", [part for kind, part in parts.items() if kind.name != "belt"])
    items = {kind.url_folder: part.pieces["json"] for kind, part in parts.items()}
    content = {
        "CSV": (count, csv_files[f"{EVERYTHING}.csv"]),
        "XLSX": (count, compose(write_workbook([*sheets, guide]))),
        "JSON": (count, compose(render_all_json(items, city))),
        "GeoJSON": (count_in(features), compose(render_geojson(features, city))),
    }
    overview = plan.overview
    return Dataset(EVERYTHING, overview.title, overview.about, shared.records, _files(EVERYTHING, content))


def _files(name: str, content: Mapping[str, tuple[int, Composed]]) -> tuple[DataFile, ...]:
    """One file for each form that anything is in: most kinds have no places."""
    return tuple(
        DataFile(f"{name}.{form.lower()}", form, count, data)
        for form, (count, data) in content.items()
        if count
    )


def _render_package(
    plan: DownloadsPlan, tables: Collection[DataTable], files: Mapping[str, Composed]
) -> bytes:
    """The data package. Digests of files that were written before, or elsewhere, are in the cache."""
    keys = {name: digest_of(b"SHA-256", file.key) for name, file in files.items()}
    known = plan.cache.read(keys.values())
    found = {
        name: known[key].decode() if (key := keys[name]) in known else file.digest
        for name, file in files.items()
    }
    plan.cache.add({key: found[name].encode() for name, key in keys.items() if key not in known})
    return render_package(
        tables, {name: (files[name].size, digest) for name, digest in found.items()}, plan.catalogue
    )


# -- pieces --------------------------------------------------------------------------------------


def _make_block(plan: DownloadsPlan, kind: Kind, block: tuple[Record, ...]) -> dict[str, Packed]:
    """What some records of a kind give, by the names of files or forms."""
    return {
        **_render_tables((*plan.tables[kind], plan.overview), block),
        "json": dump_records(block, plan.catalogue, plan.site_url),
        "geojson": dump_features(block, plan.catalogue, plan.site_url),
        "jsonld": dump_places(block, plan.catalogue, plan.site_url),
    }


def _render_tables(tables: Iterable[DataTable], records: Sequence[Record]) -> dict[str, Packed]:
    """The rows that records give, as CSV and for workbooks."""
    pieces: dict[str, Packed] = {}
    for table in tables:
        columns = table.read(records)
        csv_files, sheet = _files_of(table)
        pieces |= {csv_files: render_rows(table.fields, columns), sheet: deflate_rows(table.fields, columns)}
    return pieces


def _render_heads(tables: Iterable[DataTable]) -> dict[str, Packed]:
    """How the sheet of each table begins, by its name."""
    return {table.name: render_head(table.fields) for table in tables}


def _list_guides(plan: DownloadsPlan, books: Mapping[str, Sequence[DataTable]]) -> dict[str, Sheet]:
    """For each workbook the sheet that explains its others."""
    keys = {name: digest_of(plan.key("guide"), *(t.name.encode() for t in ts)) for name, ts in books.items()}
    plan.stock.expect({key: partial(_render_guide, books[name]) for name, key in keys.items()})
    return {name: join_sheet(GUIDE, plan.stock.of(key).values()) for name, key in keys.items()}


def _render_guide(tables: Iterable[DataTable]) -> dict[str, Packed]:
    head, rows = render_guide(tables)
    return {"head": head, "rows": rows}


def _files_of(table: DataTable) -> tuple[str, str]:
    return f"{table.name}.csv", f"{table.name}.xlsx"


def _make_schema(kind: Kind) -> dict[str, Packed]:
    """The JSON Schema of a kind's JSON file, by the kind's address."""
    return {kind.url_folder: pack(render_schema(kind), 1)}


def _schema_key(kind: Kind) -> bytes:
    return digest_of(program_digest(), b"schema", kind.name.encode())


def _list_schemas(stock: Stock) -> Iterator[tuple[str, Piece]]:
    for kind in find_kinds():
        yield from stock.of(_schema_key(kind)).items()


def _shared(catalogue: Catalogue, site_url: str) -> Iterator[bytes]:
    """What every row is made from besides records."""
    yield site_url.encode()
    yield catalogue.city.model_dump_json().encode()
    yield repr([(source.id, source.short_name) for source in catalogue.of(Source)]).encode()


def _key(catalogue: Catalogue, shared: bytes, block: Sequence[Record]) -> bytes:
    """A digest of what a block's pieces are made from: its records, their photos, the stops of its belts."""
    belts = (record for record in block if isinstance(record, Belt)) if isinstance(block[0], Belt) else ()
    stops = (stop.record for belt in belts for stop in belt.stops if stop.record)
    entries = [catalogue.entries[record_id] for record_id in (*[record.id for record in block], *stops)]
    pictures = (photo for record in block for photo in record.pictures) if catalogue.photos else ()
    photos = (catalogue.photos[photo.file].digest.encode() for photo in pictures)
    paths = "\n".join([entry.path for entry in entries]).encode()
    return digest_of(shared, paths, b"".join([entry.digest for entry in entries]), *photos)


def _join_parts(plan: DownloadsPlan) -> tuple[dict[Kind, _Part], _Part]:
    """What the records of each kind give; and the tables of no kind: of everything, of the districts."""
    found = {kind: [plan.stock.of(key) for key in keys] for kind, keys in plan.blocks.items()}
    heads = plan.stock.of(plan.heads_key)
    parts = {
        kind: _join(plan.catalogue.of_kind(kind), plan.tables[kind], found[kind], heads) for kind in found
    }
    records = tuple(plan.catalogue.records.values())
    rows = [*(block for blocks in found.values() for block in blocks), plan.stock.of(plan.key("districts"))]
    return parts, _join(records, (plan.overview, plan.districts), rows, heads)


def _join(
    records: tuple[Record, ...], tables: Iterable[DataTable], blocks: Iterable[Pieces], heads: Pieces
) -> _Part:
    """Blocks end to end."""
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for block in blocks:
        for name, piece in block.items():
            pieces[name].append(piece)
    found = tuple(table for table in tables if count_in(pieces[f"{table.name}.csv"]))
    sheets = tuple(join_sheet(t.title, [heads[t.name], *pieces[f"{t.name}.xlsx"]]) for t in found)
    return _Part(records, found, sheets, pieces)


def _all_of(form: str, parts: Iterable[_Part]) -> list[Piece]:
    return [piece for part in parts for piece in part.pieces[form]]
