"""Open data: what each format's own reference reader makes of the files, and what no file may do."""

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import openpyxl
import pictures
import pytest
import rdflib
from conftest import ROOT, copy_site

from build_scripts.building.build import build_site
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.registry import find_kinds
from build_scripts.opendata.downloads import Downloads, build_downloads, list_downloads, plan_downloads
from build_scripts.reading.load import load_dataset
from build_scripts.storage.blocks import part_in_blocks
from build_scripts.storage.cache import NO_CACHE, Cache

HOME = "https://example.org/belts/"
Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


@pytest.fixture(scope="module")
def files(catalogue: Catalogue) -> Files:
    """Every download of the real records, of a site that knows its address."""
    return make_files(catalogue, HOME)


@pytest.fixture(scope="module")
def photo_files() -> Files:
    """Every download of the small fixture city, whose area has photos of various licences."""
    return make_files(build_catalogue(load_dataset(ROOT / "tests/sites/second-city")), HOME)


def make_downloads(catalogue: Catalogue, home: str = "", cache: Cache = NO_CACHE) -> Downloads:
    """Every download, and the page that lists them."""
    return build_downloads(plan_downloads(catalogue, home, cache))


def make_files(catalogue: Catalogue, home: str = "", cache: Cache = NO_CACHE) -> dict[str, bytes]:
    """Every download, whole."""
    return {name: bytes(file) for name, file in make_downloads(catalogue, home, cache).files.items()}


@pytest.fixture(scope="module")
def folder(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those files on disk."""
    return write_files(files, tmp_path_factory.mktemp("downloads"))


def write_files(files: Files, root: Path) -> Path:
    """Write the files below a folder; the folder of the data."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root / "data"


@pytest.mark.parametrize("site", ["", "tests/sites/second-city", "tests/sites/minimal", "tests/sites/empty"])
def test_files_are_named_without_being_made(site: str) -> None:
    """Links to downloads are checked against these names."""
    catalogue = build_catalogue(load_dataset(ROOT / site))
    assert set(list_downloads(catalogue)) == set(make_downloads(catalogue).files)


EDITS = {
    "belts/areas/tengtou.yml": ("summary: ", 2),  # its own block, and that of the belt which stops there
    "belts/indicators/three-star-full-share.yml": ("summary: ", 1),
    "belts/sources/alliances-2022.yml": ("short_name: ", None),  # any row may name it
    "belts/city.yml": ("name: 奉化", None),
}


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_files_are_those_of_a_clean_build(
    catalogue: Catalogue, tmp_path: Path, name: str
) -> None:
    """Only the blocks that hold or name the record are made again; all where a text changes that any row may show."""
    cache = Cache(tmp_path / "cache")
    before = make_files(catalogue, HOME, cache)
    cache.save()
    shutil.copytree(ROOT / "belts", tmp_path / "belts")
    text, made = EDITS[name]
    path = tmp_path / name
    path.write_text(path.read_text(encoding="utf-8").replace(text, f"{text}新", 1), encoding="utf-8")
    edited = build_catalogue(load_dataset(tmp_path))
    plan = plan_downloads(edited, HOME, cache)
    blocks = (
        sum(map(len, plan.blocks.values())) + 2
    )  # the districts, heads of sheets; no text changes the schemas
    assert len(plan.stock.missing) == (blocks if made is None else made)
    found = build_downloads(plan)
    assert found.view == make_downloads(edited, HOME).view
    assert {name: bytes(file) for name, file in found.files.items()} == make_files(edited, HOME) != before


def test_the_first_record_of_a_kind_brings_its_tables(tmp_path: Path) -> None:
    """What the cache knows of the tables of other kinds is not taken for all tables."""
    cache = Cache(tmp_path / "cache")
    make_files(build_catalogue(load_dataset(ROOT / "tests/sites/minimal")), HOME, cache)
    shutil.copytree(ROOT / "tests/sites/minimal/belts", tmp_path / "belts")
    (tmp_path / "belts/milestones").mkdir()
    text = "name: 建桥\nsummary: 建成一座桥。\npublished: 2026-11-20\nperiod: 2019\n"
    (tmp_path / "belts/milestones/bridge.yml").write_text(text, encoding="utf-8")
    dataset = load_dataset(tmp_path)
    assert dataset.diagnostics == ()
    found = make_files(build_catalogue(dataset), HOME, cache)
    assert found == make_files(build_catalogue(dataset), HOME)
    assert "data/milestones.xlsx" in found


def test_what_a_file_will_be_is_known_before_it_is_made(tmp_path: Path) -> None:
    """Its size, and whether it has changed, from what is kept: a summary stands in few of them."""
    cache = Cache(tmp_path / "cache")
    before = make_downloads(build_catalogue(load_dataset(ROOT / "tests/sites/minimal")), HOME, cache).files
    edited = altered(tmp_path, "summary: ", "summary: 新")
    after = make_downloads(edited, HOME, cache).files
    changed = {name.removeprefix("data/") for name, file in after.items() if file.key != before[name].key}
    forms = {f"{kind}.{form}" for kind in ("areas", "all") for form in ("csv", "xlsx", "json")}
    assert changed == {*forms, "places.jsonld", "datapackage.json", "catalog.jsonld", "feed.xml"}
    sizes = {name: file.size for name, file in after.items()}
    expected = make_files(edited, HOME)
    assert sizes == {name: len(content) for name, content in expected.items()}
    assert {name: bytes(file) for name, file in after.items()} == expected
    same = {name for name, file in after.items() if file.key == before[name].key}
    assert {name: bytes(before[name]) for name in same} == {name: expected[name] for name in same}


def altered(tmp_path: Path, old: str, new: str) -> Catalogue:
    """The small fixture city with one area's text changed."""
    shutil.copytree(ROOT / "tests/sites/minimal/belts", tmp_path / "belts")
    area = tmp_path / "belts/areas/tengtou.yml"
    text = area.read_text(encoding="utf-8")
    assert old in text
    area.write_text(text.replace(old, new), encoding="utf-8")
    dataset = load_dataset(tmp_path)
    assert dataset.diagnostics == ()
    return build_catalogue(dataset)


def read_csv(content: bytes) -> list[list[str]]:
    """A CSV file's rows as a program reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_book(content: bytes) -> dict[str, list[list[Any]]]:
    """A workbook's sheets as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl misses a named style
        book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


# -- every form ----------------------------------------------------------------------------------


def test_each_kind_and_everything_comes_in_every_form(catalogue: Catalogue, files: Files) -> None:
    """A file's name is the address of the pages it tells of; places have GeoJSON as well."""
    names = ["all", *(kind.url_folder for kind in find_kinds() if catalogue.of_kind(kind))]
    for name in names:
        assert {f"data/{name}.{form}" for form in ("csv", "xlsx", "json")} <= set(files)
    for name in ("all", "belts", "areas", "alliances", "workshops"):
        assert f"data/{name}.geojson" in files


def test_no_record_is_missing_from_any_form(catalogue: Catalogue, files: Files) -> None:
    """CSV, workbook and JSON of everything hold exactly the published records."""
    ids = set(catalogue.records)
    assert {row[0] for row in read_csv(files["data/all.csv"])[1:]} == ids
    book = read_book(files["data/all.xlsx"])
    assert {row[0] for row in book["全部记录"][1:]} == ids
    whole = json.loads(files["data/all.json"])
    assert {r["id"] for rows in whole.values() if isinstance(rows, list) for r in rows} == ids


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_file_of_everything_comes_in_parts(catalogue: Catalogue, form: str) -> None:
    """What is in memory of it is what a block of records gives, so that a city of any size can be published."""
    blocks = [part_in_blocks(catalogue.of_kind(kind), lambda record: record.id) for kind in find_kinds()]
    parts = [*make_downloads(catalogue, HOME).files[f"data/all.{form}"]]
    assert len(parts) > sum(map(len, blocks))


def test_every_table_says_where_rows_are_from_and_under_what_licence(files: Files) -> None:
    """Each CSV file has the columns of source, licence and page; licence and page are never empty."""
    tables = {name: read_csv(content) for name, content in files.items() if name.endswith(".csv")}
    assert len(tables) > 20
    for name, (header, *rows) in tables.items():
        assert len(header) == len(set(header)), name
        assert {"出处", "许可", "页面网址"} <= set(header), name
        for row in rows:
            values = dict(zip(header, row, strict=True))
            assert values["许可"] == "CC BY 4.0"
            assert values["页面网址"].startswith(HOME)
    figures = tables["data/areas-figures.csv"]
    assert all(row[figures[0].index("出处")] for row in figures[1:])


def test_the_same_records_give_the_same_bytes(catalogue: Catalogue, files: Files) -> None:
    """Nothing in any file depends on when or how often it is made."""
    assert make_files(catalogue, HOME) == files


def test_without_an_address_files_lead_to_pages_relatively(catalogue: Catalogue) -> None:
    """A site that does not know where it will stand names pages from its own root, and invents no host."""
    found = make_files(catalogue)
    header, row, *_ = read_csv(found["data/areas.csv"])
    assert row[header.index("页面网址")] == f"areas/{row[0]}/"
    assert HOME.encode() not in b"".join(found.values())


# -- spreadsheets --------------------------------------------------------------------------------


def test_excel_knows_the_encoding_of_every_csv_file(files: Files) -> None:
    """Each begins with the byte-order mark by which Chinese Excel knows UTF-8."""
    assert all(files[name].startswith(b"\xef\xbb\xbf") for name in files if name.endswith(".csv"))


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1+1", "@SUM(A1)", "＝1+1", "=HYPERLINK('x')"])
def test_no_cell_can_run_as_a_formula(tmp_path: Path, start: str) -> None:
    """A name that a spreadsheet would calculate is text in every file."""
    catalogue = altered(tmp_path, "name: 滕头区域", f'name: "{start}"')
    found = make_files(catalogue)
    names = [
        row[read_csv(found["data/areas.csv"])[0].index("名称")] for row in read_csv(found["data/areas.csv"])
    ]
    assert names[1] == f"'{start}"
    for name in ("data/areas.xlsx", "data/all.xlsx"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(found[name]))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == start for cell in cells)
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert json.loads(found["data/areas.json"])["records"][0]["name"] == start


def test_a_workbook_holds_what_the_csv_files_hold(files: Files) -> None:
    """Cell by cell, numbers as numbers; the last sheet tells of every column."""
    for name in ("belts", "areas", "indicators"):
        book = read_book(files[f"data/{name}.xlsx"])
        first = next(iter(book.values()))
        expected = read_csv(files[f"data/{name}.csv"])
        shown = [["" if cell is None else str(cell) for cell in row] for row in first]
        assert shown == [[cell.removeprefix("'") for cell in row] for row in expected]
        told = {(row[0], row[1]) for row in book["栏目说明"][1:]}
        assert told == {
            (title, column) for title, rows in book.items() if title != "栏目说明" for column in rows[0]
        }


def test_libreoffice_reads_the_workbook(folder: Path, files: Files, tmp_path: Path) -> None:
    """LibreOffice opens the workbook of the areas and finds the same cells."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed; openpyxl stands for it")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1"
    words = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        tmp_path,
        folder / "areas.xlsx",
    ]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    assert read_csv((tmp_path / "areas.csv").read_bytes()) == read_csv(files["data/areas.csv"])


def test_printed_numbers_come_with_numbers_to_count_with(files: Files) -> None:
    """`820余` stays as printed; beside it stand 820 and what the number means."""
    header, *rows = read_csv(files["data/indicators-observations.csv"])
    printed, number, sense = (header.index(name) for name in ("数值", "数值·数", "数值·含义"))
    found = {row[printed]: (row[number], row[sense]) for row in rows}
    assert found["820余"] == ("820", "超过")


def test_positions_are_wgs84_in_every_file(tmp_path: Path) -> None:
    """A point typed in GCJ-02 is converted alike in CSV, JSON and GeoJSON."""
    found = make_files(altered(tmp_path, "crs: wgs84", "crs: gcj02"))
    header, row = read_csv(found["data/areas.csv"])
    lat, lon = (float(row[header.index(f"位置·坐标·{name}（WGS-84）")]) for name in ("纬度", "经度"))
    assert (lat, lon) != (29.70, 121.39)
    place = json.loads(found["data/areas.json"])["records"][0]["place"]["location"]
    assert (place["lat"], place["lon"], place["crs"]) == (lat, lon, "wgs84")
    feature = json.loads(found["data/areas.geojson"])["features"][0]
    assert feature["geometry"]["coordinates"] == [lon, lat]


# -- programs ------------------------------------------------------------------------------------


def check_package(folder: Path) -> list[str]:
    """What frictionless finds wrong with the package: types, keys, references, sizes and hashes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package, system

        with system.use_context(trusted=True):
            report = Package(str(folder / "datapackage.json")).validate()
    return [str(error) for error in report.flatten(["type", "title", "message"])]


@pytest.mark.filterwarnings("ignore")
def test_the_data_package_is_valid(folder: Path, photo_files: Files, tmp_path: Path) -> None:
    """The reference reader accepts every table against its description, references between tables included."""
    assert check_package(folder) == []
    assert check_package(write_files(photo_files, tmp_path)) == []


def test_every_field_of_the_data_package_is_described(files: Files, photo_files: Files) -> None:
    """A table's reader need not guess what a column holds."""
    for found in (files, photo_files):
        resources = json.loads(found["data/datapackage.json"])["resources"]
        fields = {
            (table["name"], field["name"]): field
            for table in resources
            for field in table["schema"]["fields"]
        }
        assert fields
        assert [at for at, field in fields.items() if not field["description"]] == []


@pytest.mark.filterwarnings("ignore")
def test_no_column_is_described_by_orders_to_editors(files: Files) -> None:
    """Its reader wants to know what a column means, not how to fill it."""
    package = json.loads(files["data/datapackage.json"])
    fields = [field for table in package["resources"] for field in table.get("schema", {}).get("fields", [])]
    assert len(fields) > 100
    orders = re.compile("不写|必填|要写|写到|才写|时写|就写|写 |逐条|不要|填|请|用自己|才改")
    assert [(f["name"], f["description"]) for f in fields if orders.search(f["description"])] == []


def test_a_fault_in_the_data_package_would_be_found(files: Files, tmp_path: Path) -> None:
    """An id that leads nowhere is an error of the package."""
    name = "data/areas-figures.csv"
    spoilt = {**files, name: files[name].replace(b"tengtou,", b"nowhere,", 1)}
    assert spoilt[name] != files[name]
    assert check_package(write_files(spoilt, tmp_path))


@pytest.mark.parametrize("site", ["files", "photo_files"])
def test_json_files_keep_to_their_schemas(site: str, request: pytest.FixtureRequest) -> None:
    """Each file names its schema, and the schema accepts it and refuses another field."""
    files: Files = request.getfixturevalue(site)
    names = [f"data/{kind.url_folder}.json" for kind in find_kinds()]
    for name in filter(files.__contains__, names):
        document = json.loads(files[name])
        schema = json.loads(files[f"data/{document['$schema']}"])
        checker = jsonschema.Draft7Validator(schema)
        checker.check_schema(schema)
        assert [error.message for error in checker.iter_errors(document)] == [], name
        document["records"][0]["unknown"] = 1
        assert not checker.is_valid(document)


def test_geojson_features_tell_how_exactly_they_are_known(catalogue: Catalogue, files: Files) -> None:
    """Each point lies in the city's frame, with its precision, radius and page."""
    box = catalogue.city.map.frame.box
    for name in (n for n in files if n.endswith(".geojson")):
        collection = json.loads(files[name])
        ids = [feature["id"] for feature in collection["features"]]
        assert ids, name
        assert len(ids) == len(set(ids)), name
        for feature in collection["features"]:
            lon, lat = feature["geometry"]["coordinates"]
            assert box.west < lon < box.east
            assert box.south < lat < box.north
            assert feature["properties"]["precision"]
            assert feature["properties"]["uncertainty_km"] > 0
            assert feature["properties"]["url"].startswith(HOME)
    stops = json.loads(files["data/belts.geojson"])["features"]
    (stop,) = (one["properties"] for one in stops if one["id"] == "mountain-dwellings-1")
    assert (stop["name"], stop["belt"]) == ("环云湖党建联盟", "醉美山居精品带")
    assert all(one["properties"]["district"] for one in stops)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib's own parser
def test_the_catalogue_is_linked_data(files: Files) -> None:
    """Read by rdflib, there is a DCAT catalogue whose every distribution is one of the files, dated by the data."""
    graph = rdflib.Graph().parse(data=files["data/catalog.jsonld"], format="json-ld", publicID=f"{HOME}data/")
    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    (found,) = graph.subjects(rdflib.RDF.type, dcat.Catalog)
    assert (found, rdflib.RDF.type, rdflib.URIRef("https://schema.org/DataCatalog")) in graph
    datasets = list(graph.objects(found, dcat.dataset))
    assert len(datasets) == 1 + sum(f"data/{kind.url_folder}.csv" in files for kind in find_kinds())
    for dataset in datasets:
        assert graph.value(dataset, dct.license)
        assert graph.value(dataset, dct.modified)
        for distribution in graph.objects(dataset, dcat.distribution):
            address = str(graph.value(distribution, dcat.downloadURL)).removeprefix(HOME)
            assert graph.value(distribution, dcat.byteSize).toPython() == len(files[address])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib's own parser
def test_places_are_linked_data(catalogue: Catalogue, files: Files) -> None:
    """Each place is a schema:Place with the circle it lies in where one is known, each belt a trip with its stops."""
    graph = rdflib.Graph().parse(data=files["data/places.jsonld"], format="json-ld", publicID=f"{HOME}data/")
    schema = rdflib.Namespace("https://schema.org/")
    page = rdflib.URIRef(f"{HOME}areas/tengtou/#it")
    assert (page, rdflib.RDF.type, schema.Place) in graph
    circle = graph.value(page, schema.geo)
    assert (circle, rdflib.RDF.type, schema.GeoCircle) in graph
    assert graph.value(graph.value(circle, schema.geoMidpoint), schema.latitude)
    location = catalogue.records["tengtou"].location
    assert location is not None
    assert graph.value(circle, schema.geoRadius).toPython() == location.radius_km * 1000
    trips = set(graph.subjects(rdflib.RDF.type, schema.TouristTrip))
    assert len(trips) == len(catalogue.of_kind(find_kinds()[0]))


# -- the feed ------------------------------------------------------------------------------------


def test_the_feed_is_well_formed(files: Files) -> None:
    """Feedparser reads it without a complaint; feed and entries have what RFC 4287 demands."""
    feed = feedparser.parse(files["feed.xml"])
    assert not feed.bozo
    assert feed.version == "atom10"
    assert all(feed.feed.get(name) for name in ("id", "title", "updated", "author", "rights"))
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"{HOME}feed.xml"]
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 0
    for entry in feed.entries:
        assert entry.title
        assert entry.summary
        assert entry.link.startswith(HOME)
        assert entry.updated.endswith("+08:00")
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)


def test_the_feed_tells_additions_from_changes(tmp_path: Path) -> None:
    """A record that was changed has an entry for each day; the newest comes first."""
    catalogue = altered(tmp_path, "published: 2026-11-20", "published: 2026-11-20\nupdated: 2026-12-01")
    feed = feedparser.parse(make_files(catalogue)["feed.xml"])
    told = [(entry.title, entry.updated[:10]) for entry in feed.entries if "滕头区域" in entry.title]
    assert told == [("更新：滕头区域", "2026-12-01"), ("新增：滕头区域", "2026-11-20")]
    assert feed.entries[0].title == "更新：滕头区域"


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_the_feed_holds_the_newest(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Of additions and changes together, the newest first, those of a day by their ids."""
    monkeypatch.setattr("build_scripts.opendata.feed._MOST", most)
    records = catalogue.records.values()
    told = [(r.published, r.id, f"新增：{r.name}") for r in records]
    told += [(r.updated, r.id, f"更新：{r.name}") for r in records if r.updated and r.updated > r.published]
    told.sort(key=lambda event: (-event[0].toordinal(), event[1]))
    entries = feedparser.parse(make_files(catalogue)["feed.xml"]).entries
    assert [entry.title for entry in entries] == [title for *_, title in told[:most]]


def test_entries_keep_their_ids_when_the_site_moves(catalogue: Catalogue) -> None:
    """An id depends on the city, the record and the day, never on the address."""
    here, there = (
        [entry.id for entry in feedparser.parse(make_files(catalogue, url)["feed.xml"]).entries]
        for url in ("", HOME)
    )
    assert here == there


# -- photos ----------------------------------------------------------------------------------------


def test_a_photo_stands_under_its_own_licence_alone(photo_files: Files) -> None:
    """Nothing claims the licence of the records for a photo; a path of an original fits no schema of what is published."""
    header, *rows = read_csv(photo_files["data/areas-photos.csv"])
    assert len(header) == len(set(header))
    assert [row[header.index("许可")] for row in rows] == ["经权利人许可使用", "CC BY 4.0"]
    document = json.loads(photo_files["data/areas.json"])
    schema = json.loads(photo_files["data/schemas/areas.schema.json"])
    document["records"][0]["photos"][0]["file"] = "photos/east-bank/bridge.jpg"
    assert not jsonschema.Draft7Validator(schema).is_valid(document)


def test_photos_are_named_by_the_pictures_on_the_site(tmp_path: Path) -> None:
    """No file tells where an original stands or what it is called; a replaced photo is followed."""
    project = copy_site("second-city", tmp_path)
    before = _photo_addresses(project)
    (project / "belts/photos/east-bank/bridge.jpg").write_bytes(pictures.jpeg(1000, 700))
    after = _photo_addresses(project)
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


def _photo_addresses(project: Path) -> list[str]:
    """The addresses that the downloads of a build give, each of which must be there."""
    site = build_site(project).site
    texts = {path.name: path.read_text(encoding="utf-8") for path in (site / "data").glob("areas*.[cj]s*")}
    found = re.findall(r'"file": ?"([^"]+)"', texts["areas.json"])
    assert {"areas.json", "areas-photos.csv"} <= texts.keys()
    for address in found:
        assert (site / address).is_file()
        assert address in texts["areas-photos.csv"]
    originals = [path.name for path in (project / "belts/photos").rglob("*.*")]
    assert originals
    assert [path for path, text in texts.items() if any(name in text for name in originals)] == []
    return found
