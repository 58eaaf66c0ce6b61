"""Records in a workbook and back: what a round trip keeps, what an edit changes, what is refused and where."""

import ast
import csv
import datetime
import io
import os
import pty
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, copy_site
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from build_scripts.cli import main
from build_scripts.editing.yaml_edit import edit_text
from build_scripts.faults.diagnostics import Problems
from build_scripts.faults.rules import RULES, Language
from build_scripts.kinds.area import Area
from build_scripts.records.yaml_text import decode_document
from build_scripts.sheets.base import BASE_TITLE, decode_base, encode_base
from build_scripts.sheets.compare import AFTER_ALL, find_changes, match_items
from build_scripts.sheets.grid import read_csv
from build_scripts.sheets.merge import merge_changes
from build_scripts.sheets.tables import list_tables

FIXTURE = ROOT / "tests" / "workbooks" / "libreoffice.xlsx"
Sheets = Any
Edit = Callable[[Sheets], None]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the real data."""
    for name in ("belts", "content"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of the real data."""
    book = tmp_path_factory.mktemp("book") / "book.xlsx"
    assert main(["-C", str(ROOT), "export", str(book)]) == 0
    return book.read_bytes()


@pytest.fixture
def full_book(project: Path, exported: bytes) -> Path:
    """That workbook beside the copy of the data."""
    path = project / "book.xlsx"
    path.write_bytes(exported)
    return path


@pytest.fixture(scope="session")
def areas_and_belts(exported: bytes) -> bytes:
    """The workbook without the sheets of most kinds, which is quicker to open and to save."""
    sheets, file = load_workbook(io.BytesIO(exported)), io.BytesIO()
    for name in sheets.sheetnames:
        if not name.startswith(("示范片", "精品带", "选项", BASE_TITLE)):
            del sheets[name]
    sheets.save(file)
    return file.getvalue()


@pytest.fixture
def book(project: Path, areas_and_belts: bytes) -> Path:
    """That smaller workbook beside the copy of the data."""
    path = project / "book.xlsx"
    path.write_bytes(areas_and_belts)
    return path


def belts(project: Path, *words: object) -> int:
    return main(["-C", str(project), "--lang", "zh", *map(str, words)])


def texts(project: Path) -> dict[str, bytes]:
    return {
        p.relative_to(project).as_posix(): p.read_bytes() for p in project.glob("belts/**/*") if p.is_file()
    }


def edit(book: Path, change: Edit) -> None:
    """Change a workbook as a person would, and save it."""
    sheets = load_workbook(book)
    change(sheets)
    sheets.save(book)


def cell(sheets: Sheets, sheet: str, record: str, title: str, order: str = "") -> Any:
    """The cell of a record (and of an item of its list) under a header."""
    columns = {head.value: head.column for head in sheets[sheet][1]}
    for row in sheets[sheet].iter_rows(min_row=2):
        if row[0].value == record and (not order or row[1].value == order):
            return sheets[sheet].cell(row[0].row, columns[title])
    raise AssertionError((sheet, record, order))


def changed(project: Path, before: dict[str, bytes]) -> dict[str, str]:
    """The lines that came and went, by file."""
    after = texts(project)
    lines = {}
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path, b"").decode().split("\n"), after.get(path, b"").decode().split("\n")
        if old != new:
            gone = [f"-{line.strip()}" for line in old if line not in new]
            come = [f"+{line.strip()}" for line in new if line not in old]
            lines[path] = " ".join([*gone, *come])
    return lines


# -- what export writes --------------------------------------------------------------------------


def test_every_cell_is_text(exported: bytes) -> None:
    """No cell is a formula or a number, whatever it begins with; ids and codes keep their zeros."""
    for sheet in load_workbook(io.BytesIO(exported)).worksheets:
        for row in sheet.iter_rows():
            for found in row:
                assert found.value is None or (found.data_type, found.number_format) == ("s", "@")


def test_a_value_that_looks_like_a_formula_stays_text(project: Path, exported: bytes) -> None:
    """`=1+1` in a record is a text in the workbook, and comes back as it was."""
    path = project / "belts/areas/tengtou.yml"
    path.write_text(path.read_text().replace("name_en: Tengtou area", "name_en: =1+1"))
    assert belts(project, "export", project / "b.xlsx") == 0
    found = cell(load_workbook(project / "b.xlsx"), "示范片", "tengtou", "英文名称")
    assert (found.value, found.data_type, found.quotePrefix) == ("=1+1", "s", True)
    before = texts(project)
    assert belts(project, "import", project / "b.xlsx") == 0
    assert texts(project) == before


def test_every_table_has_a_sheet_with_notes_and_frozen_panes(exported: bytes) -> None:
    """Headers are Chinese, each with a note; the header row and the first two columns stay in sight."""
    book = load_workbook(io.BytesIO(exported))
    for table in list_tables():
        sheet = book[table.title]
        assert sheet.freeze_panes == "C2"
        assert all(head.comment and head.comment.text for head in sheet[1])
        assert len({head.value for head in sheet[1]}) == len(sheet[1])


def test_closed_vocabularies_and_references_have_drop_downs(exported: bytes) -> None:
    """A choice, a district and a source can be picked from the lists of the sheet of choices."""
    book = load_workbook(io.BytesIO(exported))
    offered = {}
    for rule in book["示范片·数据"].data_validations.dataValidation:
        name, cells = rule.formula1.replace("'", "").replace("$", "").split("!")
        offered[str(rule.sqref).split("2:")[0]] = [row[0].value for row in book[name][cells]]
    titles = {head.column_letter: head.value for head in book["示范片·数据"][1]}
    named = {titles[letter]: values for letter, values in offered.items()}
    assert named["性质"] == ["实际", "目标", "预计", "规定"]
    assert named["数值为增减幅度"] == ["是", "否"]
    assert "jigsaw-2016" in named["来源"]


# -- round trips ---------------------------------------------------------------------------------


def test_export_and_import_change_no_byte(project: Path, full_book: Path) -> None:
    """Comments, quotes, flow lists and odd layout survive a round trip untouched."""
    path = project / "belts/areas/tengtou.yml"
    text = path.read_text().replace("setting: rural", 'setting:   "rural"  # 乡村')
    path.write_text(
        "# 头\n\n"
        + text.replace("sources:\n  - jigsaw-2016\n  - insp", "sources:\n  # 一\n  - jigsaw-2016\n  - insp")
    )
    before = texts(project)
    assert belts(project, "export", full_book) == 0
    assert belts(project, "import", full_book) == 0
    assert texts(project) == before


def test_a_workbook_saved_again_by_the_library_changes_nothing(project: Path, full_book: Path) -> None:
    """Opening and saving without an edit is no change."""
    before = texts(project)
    load_workbook(full_book).save(full_book)
    assert belts(project, "import", full_book) == 0
    assert texts(project) == before


def test_a_workbook_saved_by_libreoffice_is_read(tmp_path: Path) -> None:
    """A committed workbook that LibreOffice saved says of its records what they are."""
    shutil.copytree(ROOT / "tests/sites/minimal/belts", tmp_path / "belts")
    before = texts(tmp_path)
    assert belts(tmp_path, "import", FIXTURE) == 0
    assert texts(tmp_path) == before


def test_a_workbook_saved_again_by_libreoffice_changes_nothing(project: Path, full_book: Path) -> None:
    """LibreOffice itself opens the export and saves it; the import of that changes no byte."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed; the committed workbook stands for it")
    profile = f"-env:UserInstallation=file://{project}/profile"
    form = "xlsx:Calc MS Excel 2007 XML"
    words = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", project / "again", full_book]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    before = texts(project)
    assert belts(project, "import", project / "again/book.xlsx") == 0
    assert texts(project) == before


# -- edits ---------------------------------------------------------------------------------------


def _set(sheet: str, record: str, title: str, value: object, order: str = "") -> Edit:
    def change(sheets: Sheets) -> None:
        cell(sheets, sheet, record, title, order).value = value

    return change


AREA = "belts/areas/tengtou.yml"


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (_set("示范片", "tengtou", "英文名称", "Tengtou"), "-name_en: Tengtou area +name_en: Tengtou"),
        (_set("示范片", "tengtou", "城乡类型", "城区"), "-setting: rural +setting: urban"),
        (_set("示范片", "tengtou", "城乡类型", "mixed"), "-setting: rural +setting: mixed"),
        (
            _set("示范片", "tengtou", "成立或见诸来源的日期", "2026年2月"),
            "-since: 2015-05-11 +since: 2026-02",
        ),
        (_set("示范片", "tengtou", "成立或见诸来源的日期", 2016), "-since: 2015-05-11 +since: 2016"),
        (
            _set("示范片", "tengtou", "位置·坐标·不确定半径（公里）", "２"),
            "-uncertainty_km: 1 +uncertainty_km: 2",
        ),
        (
            _set("示范片", "tengtou", "英文名称", "\u3000Tengtou  "),
            "-name_en: Tengtou area +name_en: Tengtou",
        ),
        (_set("示范片·数据", "tengtou", "数值", "600多", "2"), "-value: 500多 +value: 600多"),
        (_set("示范片·数据", "tengtou", "数值", 600, "2"), "-value: 500多 +value: 600"),
        (_set("示范片·数据", "tengtou", "数值", 36.9, "2"), "-value: 500多 +value: 36.9"),
        (_set("示范片", "tengtou", "英文名称", None), "-name_en: Tengtou area"),
        (_set("示范片", "tengtou", "曾用名、别名", "滕头片\n滕头"), "+other_names: +- 滕头片 +- 滕头"),
    ],
)
def test_an_edited_cell_changes_its_own_line(project: Path, book: Path, change: Edit, lines: str) -> None:
    """One cell is one value in one file, spelled as YAML's editors spell it; the second time changes nothing."""
    before = texts(project)
    edit(book, change)
    assert belts(project, "import", book) == 0
    assert changed(project, before) == {AREA: lines}
    after = texts(project)
    assert belts(project, "import", book) == 0
    assert texts(project) == after


def test_an_edited_text_keeps_the_ends_of_its_other_lines(project: Path, book: Path) -> None:
    """Two spaces, which break a line in Markdown and which no sheet shows."""
    path = project / AREA
    path.write_text(f"{path.read_text()}body: |-\n  第一行  \n  第二行\n\n  第三段\n")
    assert belts(project, "export", book) == 0
    edit(book, _set("示范片", "tengtou", "正文", "第一行\n第二行改了\n\n第三段"))
    before = path.read_text()
    assert belts(project, "import", book) == 0
    assert path.read_text() == before.replace("第二行", "第二行改了")


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (36.9, "General", "36.9"),
        (36.9, "0.00", "36.9"),
        (36.94, "0.0", ""),
        (0.1 + 0.2, "0.0", "0.3"),
        (0.00001, "General", "0.00001"),
        (1200, '#,##0_);[Red]\\(#,##0\\)"万元"', "1200"),
        (1200000, "#,##0,", ""),
        (1200, "0.0,,", ""),
        (0.5, "# ?/?", ""),
        (12, ";;;", ""),
        (123, "[DBNum1][$-804]General", "123"),
    ],
)
def test_a_number_is_read_where_its_format_shows_it(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str], value: float, shown: str, text: str
) -> None:
    """As it was typed; one that is rounded, counted in thousands, a fraction or hidden is refused."""

    def change(sheets: Sheets) -> None:
        found = cell(sheets, "示范片·数据", "tengtou", "数值", "2")
        found.value, found.number_format = value, shown

    before = texts(project)
    edit(book, change)
    assert belts(project, "import", book) == (0 if text else 1)
    assert changed(project, before) == ({AREA: f"-value: 500多 +value: {text}"} if text else {})
    assert text or "error[B818]" in capsys.readouterr().err


@pytest.mark.parametrize("epoch", [datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)])  # noqa: DTZ001
@pytest.mark.parametrize(
    ("shown", "text"), [("yyyy/m/d", "2026-02-03"), ('yyyy"年"m"月"', "2026-02"), ("yyyy", "2026")]
)
def test_date_cells_count_as_precisely_as_they_show(
    project: Path, book: Path, epoch: datetime.datetime, shown: str, text: str
) -> None:
    """A date cell of either epoch is its day, month or year, by its format."""

    def change(sheets: Sheets) -> None:
        sheets.epoch = epoch
        found = cell(sheets, "示范片", "tengtou", "成立或见诸来源的日期")
        found.value = datetime.date(2026, 2, 3)
        found.number_format = shown

    before = texts(project)
    edit(book, change)
    assert belts(project, "import", book) == 0
    assert changed(project, before) == {AREA: f"-since: 2015-05-11 +since: {text}"}


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (datetime.time(18, 30), "h:mm", "18:30"),
        (datetime.time(8, 30), "h:mm;@", "8:30"),
        (datetime.time(8, 30), "hh:mm", "08:30"),
        (datetime.time(18, 30), "h:mm:ss", "18:30:00"),
        (datetime.time(18, 30), '上午/下午h"时"mm"分"', "18:30"),
        (datetime.datetime(2026, 2, 3, 18, 30), "yyyy-m-d h:mm", "2026-02-03 18:30"),  # noqa: DTZ001
    ],
)
def test_time_cells_count_as_precisely_as_they_show(
    project: Path, book: Path, value: datetime.time | datetime.datetime, shown: str, text: str
) -> None:
    """With seconds only where the format has them."""

    def change(sheets: Sheets) -> None:
        found = cell(sheets, "示范片", "tengtou", "英文名称")
        found.value, found.number_format = value, shown

    edit(book, change)
    assert belts(project, "import", book) == 0
    assert f"name_en: {text}\n" in (project / AREA).read_text(encoding="utf-8").replace('"', "")


def test_a_new_row_is_a_new_item_in_its_place(project: Path, book: Path) -> None:
    """A row without a number comes last in its record's list; a comment elsewhere stays."""

    def change(sheets: Sheets) -> None:
        row = ["tengtou", None, "实际", "新指标", "12", "个", "2016", "jigsaw-2016"]
        sheets["示范片·数据"].append(row)

    path = project / AREA
    path.write_text(path.read_text().replace("    unit: 户\n", "    unit: 户  # 农户\n"))
    edit(book, change)
    assert belts(project, "import", book) == 0
    assert "    note: 来源未印单位" in path.read_text()
    assert (
        "  - form: reached\n    label: 新指标\n    value: 12\n    unit: 个\n    as_of: 2016\n"
        in path.read_text()
    )
    assert path.read_text().count("# 农户") == 2


def test_numbers_reorder_a_list(project: Path, book: Path) -> None:
    """Stops stand in the order of their numbers, whatever the order of rows."""

    def change(sheets: Sheets) -> None:
        first, second = (
            cell(sheets, "精品带·站点（按顺序）", "ecological-countryside", "序号", n) for n in "12"
        )
        first.value, second.value = "2", "1"

    edit(book, change)
    assert belts(project, "import", book) == 0
    text = (project / "belts/boutique/ecological-countryside.yml").read_text()
    assert text.index("record: jinxi-five-villages") < text.index("record: xufu")


def test_moved_items_keep_their_comments(project: Path, book: Path) -> None:
    """Those above them and those beside them, though one is edited too."""
    path = project / "belts/boutique/ecological-countryside.yml"
    text = path.read_text()
    stops = ("xufu", "jinxi-five-villages")
    for stop in stops:
        text = text.replace(
            f"  - record: {stop}\n", f"  # above {stop}\n  - record: {stop}  # beside {stop}\n"
        )
    path.write_text(text)
    assert belts(project, "export", book) == 0

    def change(sheets: Sheets) -> None:
        where = partial(cell, sheets, "精品带·站点（按顺序）", "ecological-countryside")
        where("编排理由", "1").value = "改过的理由"
        first, second = where("序号", "1"), where("序号", "2")
        first.value, second.value = "2", "1"

    edit(book, change)
    assert belts(project, "import", book) == 0
    after = path.read_text()
    assert re.findall(r"  # above (.*)\n  - record: \1  # beside \1\n", after) == [*reversed(stops)]
    (reason,) = re.findall(r"record: xufu .*\n.*\n    reason: (.*)", text)
    assert sorted(after.split("\n")) == sorted(text.replace(reason, "改过的理由").split("\n"))


@pytest.mark.parametrize("seed", range(40))
def test_any_change_of_a_list_can_be_written(seed: int) -> None:
    """Items that come, go, move and change: the text says what the rows said, and each kept item has its comment."""
    chance = random.Random(seed)  # noqa: S311
    old = [{"label": f"数{n}", "value": str(n)} for n in range(chance.randrange(1, 7))]
    lines = [f"  # {item['label']}\n  - label: {item['label']}\n    value: {item['value']}\n" for item in old]
    kept = chance.sample(range(len(old)), chance.randrange(len(old) + 1))
    new = [{**old[place], "value": chance.choice((old[place]["value"], "90"))} for place in kept]
    pairs = {id(item): place for item, place in zip(new, kept, strict=True)}
    for n in range(chance.randrange(0 if new else 1, 4)):
        new.insert(chance.randrange(len(new) + 1), {"label": f"新{n}"})
    changes = [*find_changes({"figures": old}, {"figures": new}, pairs)]
    text = edit_text(f"name: 甲\nfigures:\n{''.join(lines)}since: 2017\n", changes, Area)
    assert decode_document("", text.encode()).data == {"name": "甲", "figures": new, "since": "2017"}
    assert re.findall(r"# (.*)\n  - label: \1\n", text) == [item["label"] for item in new if "value" in item]
    assert text.count("#") == len(kept)


def test_a_row_in_the_place_of_another_is_no_edit_of_it(project: Path, book: Path) -> None:
    """Deleting the last row and adding one without a number still asks about the deleted one."""

    def change(sheets: Sheets) -> None:
        _drop("示范片·数据", "tengtou", "5")(sheets)
        sheets["示范片·数据"].append(["tengtou", None, "实际", "新指标", "12", "个", "2016", "jigsaw-2016"])

    edit(book, change)
    assert belts(project, "import", book) == 1


def test_a_new_record_gets_its_file(project: Path, book: Path) -> None:
    """A row with a new id, and its rows on other sheets, become one file in canonical form."""

    def change(sheets: Sheets) -> None:
        sheets["示范片"].append(["new-area", "新示范片"])
        row = sheets["示范片"].max_row
        columns = {head.value: head.column for head in sheets["示范片"][1]}
        values = {"一句话介绍": "一句话", "首次发布日期": "2026-11-21", "位置·区（县、市）": "奉化区"}
        values |= {"城乡类型": "乡村", "成立或见诸来源的日期": "2026", "来源": "jigsaw-2016"}
        for title, value in values.items():
            sheets["示范片"].cell(row, columns[title]).value = value
        sheets["示范片·成员与点位"].append(["new-area", "1", "甲村"])

    edit(book, change)
    assert belts(project, "import", book) == 0
    text = (project / "belts/areas/new-area.yml").read_text()
    modeline = "# yaml-language-server: $schema=../schemas/area.schema.json\n"
    assert text.startswith(modeline) == (project / AREA).read_text().startswith(modeline)
    assert text.removeprefix(modeline) == (
        "name: 新示范片\nsummary: 一句话\npublished: 2026-11-21\nsources:\n  - jigsaw-2016\n"
        "place:\n  district: fenghua\nmembers:\n  - name: 甲村\nsetting: rural\nsince: 2026\n"
    )


def test_headers_can_name_the_datum(project: Path, book: Path) -> None:
    """Latitudes and longitudes under GCJ-02 headers are kept as they are, with that datum."""

    def change(sheets: Sheets) -> None:
        sheet = sheets["示范片"]
        columns = {head.value: head.column for head in sheet[1]}
        for title in ("纬度", "经度"):
            sheet.cell(1, columns[f"位置·坐标·{title}"]).value = f"位置·坐标·{title}（GCJ-02）"
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, columns["位置·坐标·坐标系"]).value = None

    edit(book, change)
    assert belts(project, "import", book) == 0
    assert (project / AREA).read_text().split("members:")[0].count("crs: gcj02") == 1


def test_columns_and_sheets_may_be_absent(project: Path, book: Path) -> None:
    """What a workbook does not show stays as it is."""

    def change(sheets: Sheets) -> None:
        cell(sheets, "示范片", "tengtou", "英文名称").value = "T"
        for name in sheets.sheetnames:
            if name != "示范片":
                del sheets[name]
        sheets["示范片"].delete_cols(5, 30)

    before = texts(project)
    edit(book, change)
    assert belts(project, "import", book) == 0
    assert changed(project, before) == {AREA: "-name_en: Tengtou area +name_en: T"}


# -- what others have changed since the export ---------------------------------------------------


def _replace(path: Path, old: str, new: str) -> None:
    """Change a file as a colleague would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _figure(label: str, value: str) -> str:
    return f"  - label: {label}\n    value: {value}\n    unit: 个\n    as_of: 2016\n    source: jigsaw-2016\n"


def test_two_exports_are_the_same_bytes(project: Path, exported: bytes) -> None:
    """A workbook tells nothing of when it was written."""
    assert belts(project, "export", project / "again.xlsx") == 0
    assert (project / "again.xlsx").read_bytes() == exported
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}


def test_an_old_export_undoes_nothing(project: Path, book: Path) -> None:
    """What others changed, added and removed since stays so, and what the editor changed comes in beside it."""
    shutil.copy(project / AREA, project / "belts/areas/spare.yml")
    assert belts(project, "export", book) == 0
    (project / "belts/areas/spare.yml").rename(project / "belts/areas/other.yml")
    _replace(project / AREA, "value: 4\n", "value: 40\n")
    _replace(project / AREA, "figures:\n", f"figures:\n{_figure('新指标', '99')}")
    _replace(project / AREA, "setting: rural", "setting: mixed")
    before = texts(project)
    edit(book, _set("示范片", "tengtou", "英文名称", "Tengtou"))
    edit(book, _set("示范片·数据", "tengtou", "单位", "村", "1"))
    assert belts(project, "import", book) == 0
    assert changed(project, before) == {AREA: "-name_en: Tengtou area +name_en: Tengtou +unit: 村"}
    after = texts(project)
    assert belts(project, "import", book) == 0
    assert texts(project) == after


def test_a_cell_that_both_have_changed_is_a_fault(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both values are named; an item or a record that others removed is, too."""
    shutil.copy(project / AREA, project / "belts/areas/spare.yml")
    assert belts(project, "export", book) == 0
    (project / "belts/areas/spare.yml").unlink()
    _replace(project / AREA, "value: 4\n", "value: 40\n")
    _replace(project / AREA, "setting: rural", "setting: mixed")
    text = (project / AREA).read_text(encoding="utf-8")
    start, end = text.index("  - label: 塘湾村"), text.index("programmes:\n")
    (project / AREA).write_text(text[:start] + text[end:], encoding="utf-8")
    before = texts(project)
    edit(book, _set("示范片", "spare", "英文名称", "Spare"))
    edit(book, _set("示范片", "tengtou", "城乡类型", "城区"))
    edit(book, _set("示范片·数据", "tengtou", "数值", "5", "1"))
    edit(book, _set("示范片·数据", "tengtou", "数值", "6", "5"))
    assert belts(project, "import", book) == 1
    told = re.findall(r"!(\S+?[A-Z])\d+: error\[B826\]: .*：现在是(.*)，表里是(.*)", capsys.readouterr().err)
    assert told == [
        ("示范片!A", "删去了或移走了", "“spare”"),
        ("示范片!X", "“城乡兼有”", "“城区”"),
        ("示范片·数据!E", "“40”", "“5”"),
        ("示范片·数据!B", "删去了或移走了", "“5”"),
    ]
    assert texts(project) == before


def test_an_item_whose_outer_one_others_removed_is_a_fault(
    project: Path, full_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the workbook holds the sheet of the inner items alone."""
    sheet, path = "机制·实例·地点", project / "belts/programmes/area-party-building.yml"
    edit(full_book, _set(sheet, "area-party-building", "说明", "又一处。", "1.2"))
    sheets = load_workbook(full_book)
    for name in sheets.sheetnames:
        if not name.startswith((sheet, "选项", BASE_TITLE)):
            del sheets[name]
    sheets.save(full_book)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^cases:\n(?: .*\n)+", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert belts(project, "import", full_book) == 1
    assert "error[B826]" in capsys.readouterr().err


def test_a_file_without_what_was_exported_is_compared_as_it_is(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program may have dropped or spoilt the sheet: the import says what it cannot tell."""

    def spoil(sheets: Sheets) -> None:
        sheets[BASE_TITLE].cell(2, 2).value = "[]"

    assert belts(project, "import", book) == 0
    assert capsys.readouterr().err == ""
    edit(book, spoil)
    _replace(project / AREA, "value: 4\n", "value: 40\n")
    assert belts(project, "import", book) == 0
    assert "没有导出时的底稿" in capsys.readouterr().err
    assert "value: 4\n" in (project / AREA).read_text(encoding="utf-8")


def test_a_base_is_read_as_it_was_written() -> None:
    """Long texts too; one that was damaged is none."""
    tables = [table for table in list_tables() if table.kind.folder == "areas"]
    data = {"name": "甲", "body": "长\n" * 30_000, "figures": [{"label": "乙", "value": "1"}]}
    lines = list(encode_base([("a", tables, data)]))
    assert len(lines[1]) > 3
    assert max(len(piece) for piece in lines[1]) < 32_767
    found = decode_base(lines)
    assert found is not None
    assert [(table.name, [row.order for row in rows]) for table, rows in found["a"].items()] == [
        ("areas", [()]),
        ("areas.figures", [(1,)]),
    ]
    assert decode_base([]) is decode_base([*lines, ["b", "[]"]]) is None


def _record(*figures: tuple[str, str], **fields: Any) -> dict[str, Any]:
    items = [{"label": label, "value": value} for label, value in figures]
    return {**fields, **({"figures": items} if items else {})}


A, B, C = ("甲", "1"), ("乙", "2"), ("丙", "3")


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        (_record(name="1"), _record(name="2"), _record(name="1", note="3"), _record(name="2", note="3")),
        (_record(name="1"), _record(name="2"), _record(name="2"), _record(name="2")),
        (
            _record(place={"a": "1"}),
            _record(place={"a": "1", "b": "2"}),
            _record(),
            _record(place={"b": "2"}),
        ),
        (
            _record(A, B),
            _record(("甲", "9"), B),
            _record(C, A, ("乙", "8")),
            _record(C, ("甲", "9"), ("乙", "8")),
        ),
        (_record(A, B), _record(B), _record(A, B, C), _record(B, C)),
        (_record(A, B), _record(A, B, C), _record(B, A), _record(B, C, A)),
        (_record(A, B), _record(B, A), _record(A, B, C), _record(B, C, A)),
        (_record(A), _record(A, C), _record(A, C), _record(A, C)),
        (_record(A), _record(A, B), _record(), _record(B)),
        (_record(A), _record(A), _record(), _record()),
    ],
)
def test_changes_of_both_sides_come_together(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], both: dict[str, Any]
) -> None:
    """Fields, items and their order, each from the side that has changed them."""
    assert not [*merge_changes(base, mine := deepcopy(mine), theirs, {}, {})]
    assert mine == both


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "paths"),
    [
        (_record(name="1"), _record(name="2"), _record(name="3"), [("name",)]),
        (_record(name="1"), _record(name="2"), _record(), [("name",)]),
        (_record(place={"a": "1"}), _record(place={"a": "2"}), _record(), [("place", "a")]),
        (_record(A), _record(("甲", "8")), _record(("甲", "9")), [("value",)]),
        (_record(A, B), _record(A, ("乙", "9")), _record(A), [()]),
        (_record(A), _record(A, C), _record(A, ("丙", "9")), [("value",)]),
        (_record(A, B, C), _record(B, A, C), _record(C, A, B), [()]),
    ],
)
def test_what_both_sides_have_changed_is_told(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], paths: list[tuple[str, ...]]
) -> None:
    """The field, or the item that one side removed or both moved."""
    assert [conflict.path for conflict in merge_changes(base, deepcopy(mine), theirs, {}, {})] == paths


_RECORDS = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from("123")), max_size=6).map(
    lambda figures: _record(*figures)
)


@given(base=_RECORDS, other=_RECORDS)
def test_changes_of_one_side_come_through(base: dict[str, Any], other: dict[str, Any]) -> None:
    """Whichever side it is, the record is as that side has left it."""
    for mine, theirs in ((other, base), (base, other)):
        merged = deepcopy(mine)
        assert not [*merge_changes(base, merged, theirs, {}, {})]
        assert merged == other


# -- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "words"), [("utf-8-sig", ()), ("gb18030", ("--encoding", "gb18030"))])
def test_a_csv_file_is_one_sheet(project: Path, encoding: str, words: tuple[str, ...]) -> None:
    """A CSV file named after its sheet is read in the declared encoding."""
    path = project / "示范片·数据.csv"
    rows = [
        ["编号", "序号", "数值"],
        *(["tengtou", str(n), value] for n, value in enumerate(["4", "600多", "3", "0", "10万出头"], 1)),
    ]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    before = texts(project)
    assert belts(project, "import", path, "--keep-missing", *words) == 0
    assert changed(project, before) == {AREA: "-value: 500多 +value: 600多"}


def test_unicode_text_of_excel_is_one_sheet(project: Path) -> None:
    """What Excel saves as “Unicode text” is UTF-16 with tabs between the cells, quoted where a comma stands."""
    path = project / "示范片.txt"
    text = '编号\t英文名称\t曾用名、别名\r\ntengtou\t"Tengtou, area"\t"滕头""片""\n滕头"\r\n'
    path.write_bytes(text.encode("utf-16"))
    before = texts(project)
    assert belts(project, "import", path, "--keep-missing", "--encoding", "utf-16") == 0
    lines = '-name_en: Tengtou area +name_en: Tengtou, area +other_names: +- 滕头"片" +- 滕头'
    assert changed(project, before) == {AREA: lines}


def test_a_quotation_mark_without_a_second_is_told_with_its_line(tmp_path: Path) -> None:
    """Of the row that it stands in: what comes after it was taken for part of that cell."""
    text = '编号,名称\n"a\nb",甲\nc,"乙\nd,丙\n'
    with pytest.raises(Problems) as problems:
        read_csv("areas.csv", text.encode())
    assert "from line 4 on it is no CSV" in problems.value.diagnostics[0].message(Language.EN)


def test_a_csv_file_in_another_encoding_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """GBK that nobody declared is named, with what to type; nothing is guessed."""
    (project / "示范片.csv").write_bytes("编号,名称\ntengtou,滕头\n".encode("gb18030"))
    assert belts(project, "import", project / "示范片.csv") == 1
    error = capsys.readouterr().err
    assert "error[B819]" in error
    assert "--encoding gb18030" in error
    assert "--encoding utf-16" in error


@pytest.mark.parametrize("text", ["#N/A", "#REF!", " #VALUE! ", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"])
def test_what_excel_could_not_work_out_is_no_text(
    project: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Saved as CSV, or pasted into a workbook as a value."""
    (project / "示范片.csv").write_text(f"编号,名称\ntengtou,{text}\n", encoding="utf-8")
    before = texts(project)
    assert belts(project, "import", project / "示范片.csv", "--keep-missing") == 1
    assert "示范片.csv!B2: error[B810]" in capsys.readouterr().err
    assert texts(project) == before


# -- what is missing -----------------------------------------------------------------------------


def _drop(sheet: str, record: str, order: str = "") -> Edit:
    def change(sheets: Sheets) -> None:
        sheets[sheet].delete_rows(cell(sheets, sheet, record, "编号", order).row)

    return change


def test_a_missing_record_is_never_removed_silently(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a decision nothing is written and the record is named; kept, nothing changes."""
    before = texts(project)
    edit(book, _drop("示范片", "warm-home"))
    assert belts(project, "import", book) == 1
    assert re.search(r"book\.xlsx!示范片!A1: error\[B820\]: .*warm-home", capsys.readouterr().err)
    assert belts(project, "import", book, "--keep-missing") == 0
    assert texts(project) == before


@pytest.mark.parametrize(
    ("answer", "code"), [("k\n", 0), ("K \n", 0), ("n\n", 1), ("\n", 1), ("\x04", 1), ("what?\n", 1)]
)
def test_a_missing_record_is_asked_about_on_a_terminal(
    project: Path, book: Path, answer: str, code: int
) -> None:
    """`k` keeps it; any other answer, or none, writes nothing and ends with 1."""
    before = texts(project)
    edit(book, _drop("示范片", "warm-home"))
    asked = on_terminal(project, book, answer)
    assert asked.returncode == code
    assert re.search(r"book\.xlsx!示范片: .*warm-home", asked.stdout)
    assert "Traceback" not in asked.stdout
    assert texts(project) == before


def test_a_missing_record_is_retired_on_request(project: Path, book: Path) -> None:
    """`r` withdraws what has no row, under the same rules as the option."""
    before = texts(project)
    edit(book, _drop("示范片", "warm-home"))
    asked = on_terminal(project, book, "r\n")
    assert asked.returncode == 1
    assert "error[B326]" in asked.stdout
    assert texts(project) == before


@contextmanager
def asking(project: Path, book: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An import of a workbook on a terminal, which prints errors too; the terminal takes the answer."""
    terminal, child = pty.openpty()
    words = [sys.executable, "-m", "build_scripts", "-C", str(project), "--lang", "zh", "import", str(book)]
    with subprocess.Popen(
        words, stdin=child, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, text=True
    ) as process:
        os.close(child)
        yield process, terminal
    os.close(terminal)


def on_terminal(project: Path, book: Path, answer: str) -> subprocess.CompletedProcess[str]:
    """Import a workbook on a terminal and answer its question; what it printed, errors too."""
    with asking(project, book) as (process, terminal):
        os.write(terminal, answer.encode())
        output, _ = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, output)


def test_what_is_saved_while_the_question_waits_is_kept(project: Path, book: Path) -> None:
    """The import is refused whole and names the file; typed again, both changes are there."""
    edit(book, _drop("示范片", "warm-home"))
    edit(book, _set("示范片", "tengtou", "英文名称", "Tengtou"))
    with asking(project, book) as (process, terminal):
        assert process.stdout is not None
        assert "warm-home" in process.stdout.readline()  # what it asks about
        other = (project / AREA).read_text() + "# 面积待核\n"
        (project / AREA).write_text(other)
        before = texts(project)
        os.write(terminal, b"k\n")
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"{AREA}:1:1: error[B720]" in output
    assert texts(project) == before
    assert on_terminal(project, book, "k\n").returncode == 0
    assert (project / AREA).read_text() == other.replace("Tengtou area", "Tengtou")


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_faults_of_a_workbook_are_printed_in_every_format(
    project: Path, book: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What programs read is on standard output alone, and names the cell."""
    edit(book, _drop("示范片", "warm-home"))
    assert belts(project, "import", book, "--format", form) == 1
    out, err = capsys.readouterr()
    assert "B820" in out
    assert "A1" in out
    assert err == "1 处错误\n"


def test_a_missing_record_can_be_retired(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record that nothing names goes, and its address is kept; one that others name stays."""
    before = texts(project)
    edit(book, _drop("示范片", "tengtou"))
    assert belts(project, "import", book, "--retire-missing") == 1
    told = capsys.readouterr().err
    assert "book.xlsx!" in told, told
    assert "error[B326]: 这里还提到要撤下的 tengtou" in told
    assert "检查拼写" not in told
    assert texts(project) == before


def test_an_unused_record_is_retired_with_its_address(project: Path, book: Path) -> None:
    """The file goes, the redirects say so."""
    shutil.copy(project / AREA, project / "belts/areas/spare.yml")
    assert belts(project, "export", book) == 0
    edit(book, _drop("示范片", "spare"))
    for sheet in ("示范片·成员与点位", "示范片·概况", "示范片·数据"):
        edit(book, _drop_all(sheet, "spare"))
    assert belts(project, "import", book, "--retire-missing") == 0
    assert not (project / "belts/areas/spare.yml").exists()
    assert "areas/spare: gone 20" in (project / "belts/redirects.yml").read_text()


def test_a_record_all_of_whose_rows_are_gone_is_retired(project: Path, book: Path) -> None:
    """Its lists are not emptied first, which would leave no record to retire."""
    shutil.copy(project / "belts/indicators/belt-count.yml", project / "belts/indicators/spare.yml")
    assert belts(project, "export", book) == 0
    before = texts(project)
    edit(book, _drop("指标", "spare"))
    edit(book, _drop_all("指标·观测值", "spare"))
    assert belts(project, "import", book, "--keep-missing") == 0
    assert texts(project) == before
    assert belts(project, "import", book, "--retire-missing") == 0
    assert not (project / "belts/indicators/spare.yml").exists()
    assert "indicators/spare: gone 20" in (project / "belts/redirects.yml").read_text()


def test_records_that_name_each_other_are_retired_together(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In whatever order: none of them is left to name another."""
    text = (project / "belts/indicators/belt-count.yml").read_text().partition("related:")[0]
    for name, other in (("spare-a", "spare-b"), ("spare-b", "spare-a")):
        (project / f"belts/indicators/{name}.yml").write_text(f"{text}related:\n  - {other}\n")
    assert belts(project, "export", book) == 0
    for name in ("spare-a", "spare-b"):
        edit(book, _drop("指标", name))
    assert belts(project, "import", book, "--retire-missing") == 0, capsys.readouterr().err
    assert not [*(project / "belts/indicators").glob("spare*")]


def _drop_all(sheet: str, record: str) -> Edit:
    def change(sheets: Sheets) -> None:
        rows = [row[0].row for row in sheets[sheet].iter_rows(min_row=2) if row[0].value == record]
        for row in reversed(rows):
            sheets[sheet].delete_rows(row)

    return change


def test_a_missing_item_is_asked_about(project: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A figure without a row is named by its number; kept it stays in its place, else only it goes."""
    before = texts(project)
    edit(book, _drop("示范片·数据", "tengtou", "2"))
    assert belts(project, "import", book) == 1
    error = capsys.readouterr().err
    assert "book.xlsx!示范片·数据!B1: error[B821]: tengtou 的“数据”少了第 2 项（学校征地涉及户）" in error
    assert belts(project, "import", book, "--keep-missing") == 0
    assert texts(project) == before
    assert belts(project, "import", book, "--retire-missing") == 0
    assert changed(project, before) == {AREA: "-- label: 学校征地涉及户 -value: 500多"}


def test_a_workbook_of_some_thousand_records_comes_back(tmp_path: Path) -> None:
    """What can be exported can be imported: a cell of one changes one file."""
    root = copy_site("minimal", tmp_path)
    text = "summary: 一句话\npublished: 2026-11-20\nsources:\n  - survey-2016\nplace:\n  district: fenghua\nsetting: rural\nsince: 2016\n"
    for number in range(2500):
        (root / f"belts/areas/area-{number}.yml").write_text(f"name: 第{number}片\n{text}")
    assert belts(root, "export", root / "book.xlsx") == 0
    before = texts(root)
    edit(root / "book.xlsx", _set("示范片", "area-7", "一句话介绍", "改过的一句话"))
    assert belts(root, "import", root / "book.xlsx") == 0
    assert changed(root, before) == {"belts/areas/area-7.yml": "-summary: 一句话 +summary: 改过的一句话"}


def _empty(sheet: str, record: str, order: str) -> Edit:
    def change(sheets: Sheets) -> None:
        for found in sheets[sheet][cell(sheets, sheet, record, "编号", order).row][2:]:
            found.value = None

    return change


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (_empty("示范片·数据", "tengtou", "2"), ["学校征地涉及户"]),
        (_empty("精品带·站点（按顺序）", "ecological-countryside", "1"), ["xufu"]),
        (
            lambda sheets: [_empty("示范片·数据", "tengtou", n)(sheets) for n in "12345"],
            ["学校征地涉及村", "学校征地涉及户", "学校征地用时", "征地期间上访", "塘湾村集体经济"],
        ),
    ],
)
def test_an_item_of_an_emptied_row_is_asked_about(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str], change: Edit, gone: list[str]
) -> None:
    """A row that has kept only its id and number is as good as a deleted one."""
    before = texts(project)
    edit(book, change)
    assert belts(project, "import", book) == 1
    assert re.findall(r"error\[B821\]: .*（(.*)）", capsys.readouterr().err) == gone
    assert belts(project, "import", book, "--keep-missing") == 0
    assert texts(project) == before
    if gone != ["xufu"]:  # a belt needs its stops
        assert belts(project, "import", book, "--retire-missing") == 0
        assert not any(name in (project / AREA).read_text(encoding="utf-8") for name in gone)


def _drop_first_and_renumber(sheets: Sheets) -> None:
    """The first figure goes, the others close up, and what was the second has another value."""
    cell(sheets, "示范片·数据", "tengtou", "数值", "2").value = "600多"
    _drop("示范片·数据", "tengtou", "1")(sheets)
    for number in range(2, 6):
        found = cell(sheets, "示范片·数据", "tengtou", "序号", str(number))
        found.value = str(number - 1)


def test_the_item_that_is_missing_is_named_whatever_the_numbers(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Items are known by what they are called, not only by their numbers; what is kept is kept as it was."""
    before = texts(project)
    edit(book, _drop_first_and_renumber)
    assert belts(project, "import", book) == 1
    told = capsys.readouterr().err
    assert "error[B821]: tengtou 的“数据”少了第 1 项（学校征地涉及村）" in told
    assert told.count("error[") == 1
    assert belts(project, "import", book, "--keep-missing") == 0
    assert changed(project, before) == {AREA: "-value: 500多 +value: 600多"}


OLD = [{"label": "甲村", "as_of": "2023", "value": "1"}, {"label": "乙户", "as_of": "2023", "value": "2"}]


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        ([(1, "甲村", "9"), (2, "乙户", "9")], {0: 0, 1: 1}),
        ([(1, "乙户", "9")], {0: 1}),
        ([(1, "乙户数", "9")], {0: 1}),
        ([(1, "丙", "9")], {0: 0}),
        ([(2, "丙", "9"), (1, "乙户", "2")], {1: 1}),
        ([(3, "丙", "9")], {}),
        ([(AFTER_ALL, "乙户", "9")], {}),
        ([(AFTER_ALL, "乙户", "2")], {0: 1}),
        ([(2, "乙户", "2"), (1, "甲村", "1")], {0: 1, 1: 0}),
    ],
)
def test_items_are_paired_by_title_then_by_number(
    new: list[tuple[int, str, str]], pairs: dict[int, int]
) -> None:
    """Equal ones first; a row without a number is no edit of another."""
    items = [{"label": label, "as_of": "2023", "value": value} for _, label, value in new]
    assert match_items(OLD, items, [number - 1 for number, _, _ in new]) == pairs


def test_items_of_one_title_are_paired_by_their_other_fields() -> None:
    """The figure of a year is not taken for that of another."""
    years = [{"label": "收入", "as_of": year, "value": "1"} for year in ("2023", "2024")]
    assert match_items(years, [{"label": "收入", "as_of": "2024", "value": "5"}], [0]) == {0: 1}


# -- faults, at their cells ----------------------------------------------------------------------


def _add(sheet: str, *values: str) -> Edit:
    return lambda sheets: sheets[sheet].append(values)


def _head(sheet: str, title: str, value: object) -> Edit:
    def change(sheets: Sheets) -> None:
        next(head for head in sheets[sheet][1] if head.value == title).value = value

    return change


def _percent(sheets: Sheets) -> None:
    found = cell(sheets, "示范片·数据", "tengtou", "数值", "2")
    found.value, found.number_format = 0.85, "0%"


def _duration(sheets: Sheets) -> None:
    found = cell(sheets, "示范片", "tengtou", "编者注")
    found.value, found.number_format = datetime.timedelta(hours=30), "[h]:mm"


def _serial(sheets: Sheets) -> None:
    found = cell(sheets, "示范片", "tengtou", "成立或见诸来源的日期")
    found.value, found.number_format = 45000, "General"


def _error(sheets: Sheets) -> None:
    found = cell(sheets, "示范片", "tengtou", "名称")
    found.value, found.data_type = "#REF!", "e"


def _merge(sheets: Sheets) -> None:
    sheets["示范片"].merge_cells("C3:C5")


def _far(sheets: Sheets) -> None:
    sheets["示范片"]["XFD1048576"] = "x"


def _new_sheet(sheets: Sheets) -> None:
    sheets.create_sheet("示范区")["A1"] = "编号"


def _stray(sheets: Sheets) -> None:
    for row in (3, 4):
        sheets["示范片"].cell(row, 30).value = "新的说明文字"
    sheets["示范片"].cell(1, 31).value = sheets["示范片"].cell(2, 32).value = " "


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_stray, r"示范片!AD3: error\[B824\]: 这一列没有表头，内容不会被读入：新的说明文字"),
        (_set("示范片", "tengtou", "名称", "=A1"), r"示范片!B\d+: error\[B809\]: 单元格是公式 =A1"),
        (_error, r"示范片!B\d+: error\[B810\]: .*#REF!"),
        (_merge, r"示范片!C3: error\[B808\]"),
        (_far, r"示范片!XFD1048576: error\[B807\]"),
        (_head("示范片", "英文名称", "名称"), r"示范片!C1: error\[B811\]: .*B1"),
        (_head("示范片", "英文名称", "英文名"), r"示范片!C1: error\[B812\]: .*是否想写 英文名称"),
        (_head("示范片", "编号", None), r"示范片!A1: error\[B813\]"),
        (_head("示范片·数据", "序号", None), r"示范片·数据!A1: error\[B813\]"),
        (_new_sheet, r"示范区!A1: error\[B814\]: .*是否想写 示范片"),
        (_set("示范片", "warm-home", "编号", "tengtou"), r"示范片!A\d+: error\[B815\]"),
        (
            _set("示范片·数据", "tengtou", "编号", "tengtuo", "2"),
            r"示范片·数据!A\d+: error\[B816\]: .*tengtou",
        ),
        (_add("示范片·数据", "tengtou"), r"示范片·数据!A14: error\[B825\]: 这一行只有编号和序号"),
        (_add("示范片·数据", "tengtou", "6", " ", "\u3000"), r"示范片·数据!A14: error\[B825\]"),
        (_serial, r"示范片!\w+: error\[B817\]: .*45000.*2023-03-15"),
        (_percent, r"示范片·数据!E\d+: error\[B818\]: .*百分比"),
        (_duration, r"示范片!K\d+: error\[B818\]: .*时长"),
        (_set("示范片·数据", "tengtou", "数值", 1e16, "2"), r"示范片·数据!E\d+: error\[B818\]"),
        (_set("示范片·数据", "tengtou", "序号", "二", "2"), r"示范片·数据!B\d+: error\[B822\]"),
        (_set("示范片", "tengtou", "编号", None), r"示范片!A\d+: error\[B823\]"),
        (_set("示范片", "tengtou", "编号", "../x"), r"示范片!A\d+: error\[B313\]"),
        (_set("示范片", "tengtou", "城乡类型", "农村"), r"示范片!\w+: error\[B204\]"),
        (_set("示范片", "tengtou", "名称", None), r"示范片!B\d+: error\[B201\]"),
        (
            _set("示范片·数据", "tengtou", "来源", "jigsaw-2061", "2"),
            r"示范片·数据!H\d+: error\[B303\]: .*jigsaw-2016",
        ),
        (_set("示范片", "tengtou", "成立或见诸来源的日期", "2026/2/3"), r"示范片!\w+: error\[B501\]"),
        (
            _set("示范片", "tengtou", "编者注", "见旧版\n电话 13800138000"),
            r"示范片!K\d+: error\[B902\]: .*138\*+.*\n +电话 138\*+",
        ),
        (
            _set("示范片", "tengtou", "正文", "由来\n\n<script>x</script>"),
            r"示范片!L\d+: error\[B602\]: .*<script>\n +<script>x",
        ),
        (_set("示范片", "tengtou", "正文", "[甲](nowhere)"), r"示范片!L\d+: error\[B303\]: .*nowhere"),
        (
            _set("示范片·数据", "tengtou", "编者注", "13800138000", "2"),
            r"示范片·数据!J\d+: error\[B902\]",
        ),
        (_set("示范片", "tengtou", "位置·坐标·纬度", "39.9"), r"示范片!P\d+: error\[B402\]"),
        (_set("示范片", "tengtou", "编者注", "滕\ufffd"), r"示范片!K\d+: error\[B129\]: 字符 U\+FFFD"),
        (_set("示范片", "tengtou", "最近更新日期", "2020-01-01"), r"示范片!\w+: error\[B512\]"),
        (_set("示范片", "tengtou", "相关记录", "tengtou"), r"示范片!\w+: error\[B325\]"),
        (_set("精品带", "co-creation", "层级", "县级"), r"精品带!\w+: error\[B213\]: .*县级"),
    ],
)
def test_a_fault_stands_at_its_cell_and_nothing_is_written(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str], change: Edit, expected: str
) -> None:
    """One bad cell: it is named, a good edit beside it is not written either."""
    before = texts(project)
    edit(book, _set("示范片", "jinxi-five-villages", "英文名称", "Good edit"))
    edit(book, change)
    assert belts(project, "import", book, "--keep-missing") == 1
    error = capsys.readouterr().err
    assert re.search(f"^book\\.xlsx!{expected}", error, re.MULTILINE), error
    assert texts(project) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("示范片", "tengtou", "名称", None), "填写“名称”"),
        (_set("示范片·数据", "tengtou", "数值", "4个", "2"), "这里只填 4；个 写在“单位”里。"),
        (_set("示范片·数据", "tengtou", "数值为增减幅度", "对", "2"), "填“是”或“否”"),
        (_set("示范片·数据", "tengtou", "来源", "nope", "2"), "检查拼写；全部编号列在工作簿的“选项”表"),
        (
            _set("示范片·数据", "tengtou", "来源", "jigsaw-2016、inspection-2020", "2"),
            "一格写多个编号时，每个编号占一行：在单元格里按 Alt+Enter 换行",
        ),
        (_set("精品带·站点（按顺序）", "co-creation", "编排理由", None, "1"), "填写“编排理由”。"),
    ],
)
def test_help_speaks_of_cells(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str], change: Edit, said: str
) -> None:
    """Whoever sees a workbook is told which column to fill in, not which line to write; in every format."""
    edit(book, change)
    assert belts(project, "import", book) == 1
    told = capsys.readouterr().err
    assert f"  help: {said}" in told
    assert not re.search(r"help: .*[a-z_]+: ", told)
    assert belts(project, "import", book, "--format", "json") == 1
    assert said in capsys.readouterr().out


def test_a_new_record_with_only_an_id_is_told_what_it_lacks(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each field that must be there is named in its column."""
    edit(book, _add("示范片", "new-area"))
    assert [fault.split()[-1] for fault in _find_faults(project, book, capsys)] == ["B201"] * 6


def test_a_fault_in_a_comment_of_the_file_stands_at_no_cell(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A telephone number that only a YAML comment holds is told with the file."""
    path = project / AREA
    path.write_text(path.read_text().replace("setting: rural", "setting: rural  # 13800138000"))
    edit(book, _set("示范片", "tengtou", "英文名称", "Tengtou"))
    assert belts(project, "import", book) == 1
    assert re.search(rf"^{AREA}:\d+:\d+: error\[B902\]", capsys.readouterr().err, re.MULTILINE)


def _all(*changes: Edit) -> Edit:
    def change(sheets: Sheets) -> None:
        for one in changes:
            one(sheets)

    return change


def _new_area(sheets: Sheets) -> None:
    """A sound new record, which another names."""
    sheet = sheets["示范片"]
    columns = {head.value: head.column for head in sheet[1]}
    row = sheet.max_row + 1
    values = {"编号": "new-area", "名称": "新示范片", "一句话介绍": "一句话", "首次发布日期": "2026-11-21"}
    values |= {"位置·区（县、市）": "奉化区", "城乡类型": "乡村", "成立或见诸来源的日期": "2026"}
    for title, value in values.items():
        sheet.cell(row, columns[title]).value = value
    sheets["示范片·成员与点位"].append(["new-area", "1", "甲村"])
    cell(sheets, "示范片", "tengtou", "相关记录").value = "new-area"


def _rename_sheet(sheets: Sheets) -> None:
    sheets["示范片"].title = "示范区"


def _find_faults(project: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The column and row of each fault with its code, `示范片!O tengtou B404`."""
    assert belts(project, "import", book) == 1
    sheets, told = load_workbook(book), capsys.readouterr().err
    found = re.findall(r"^(\S+?)!(\S+)!([A-Z]+)(\d+): error\[(B\d+)\]", told, re.MULTILINE)
    assert told.endswith(f"{len(found)} 处错误\n"), told
    return [
        f"{sheet}!{letters} {sheets[sheet].cell(int(row), 1).value} {code}"
        for _, sheet, letters, row, code in found
    ]


def test_all_faults_come_in_one_run(project: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bad cell hides no other, whatever is found when: by itself, by its type, by what others say."""
    changes = [
        _set("示范片", "tengtou", "位置·坐标·纬度", "121.3"),
        _set("示范片", "tengtou", "名称", "=A1"),
        _set("示范片", "tengtou", "编者注", "电话 13800138000"),
        _set("示范片", "tengtou", "正文", "<script>x</script> [甲](nowhere)"),
        _set("示范片", "tengtou", "相关机制", "nope"),
        _set("示范片", "tengtou", "位置·区（县、市）", "甲区"),
        _set("示范片", "warm-home", "英文名称", "看\u200b不见"),
        _set("示范片", "warm-home", "相关机制", "nope"),
        _set("示范片·数据", "tengtou", "数值", "4个", "2"),
        _set("示范片·数据", "tengtou", "来源", "nope", "2"),
        _set("示范片·数据", "tengtou", "来源", "jigsaw-2061", "3"),
        _set("示范片·成员与点位", "tengtou", "编号", "tengtuo", "1"),
        _set("精品带", "co-creation", "确定或见诸来源的日期", 45000),
        _set("精品带·站点（按顺序）", "co-creation", "站点记录", "nope", "1"),
        _head("精品带·概况", "编者注", "备注"),
        _set("精品带·概况", "co-creation", "来源", "nope", "1"),
        lambda sheets: sheets["示范片·照片"].merge_cells("C3:C5"),
        _drop("示范片", "jiangbei-nine-clusters"),
    ]
    before = texts(project)
    edit(book, _all(*changes))
    assert _find_faults(project, book, capsys) == [
        "示范片!A 编号 B820",
        "示范片!B tengtou B809",
        "示范片!K tengtou B902",
        "示范片!L tengtou B303",
        "示范片!L tengtou B602",
        "示范片!M tengtou B309",
        "示范片!P tengtou B404",
        "示范片!V tengtou B303",
        "示范片!C warm-home B111",
        "示范片!V warm-home B303",
        "示范片·成员与点位!A tengtuo B816",
        "示范片·数据!E tengtou B506",
        "示范片·数据!H tengtou B303",
        "示范片·数据!H tengtou B303",
        "示范片·照片!C None B808",
        "精品带!Q co-creation B817",
        "精品带·概况!F 编号 B812",
        "精品带·概况!E co-creation B303",
        "精品带·站点（按顺序）!C co-creation B303",
    ]
    assert texts(project) == before


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (_set("示范片", "new-area", "名称", "=A1"), ["示范片!B new-area B809"]),
        (_set("示范片", "new-area", "位置·区（县、市）", "=A1"), ["示范片!M new-area B809"]),
        (_set("示范片", "new-area", "编号", "=A1"), ["示范片!A =A1 B809"]),
        (_set("示范片", "new-area", "编号", None), ["示范片!A None B823"]),
        (_set("示范片", "new-area", "编号", "tengtou"), ["示范片!A tengtou B815"]),
        (_head("示范片", "名称", "名字"), ["示范片!B 编号 B812"]),
        (_head("示范片", "名称", None), ["示范片!B jiangbei-nine-clusters B824"]),
        (_head("示范片", "英文名称", "名称"), ["示范片!C 编号 B811"]),
        (_head("示范片", "编号", None), ["示范片!A None B813"]),
        (
            _all(
                _head("示范片", "英文名称", "英文名"),
                _set("示范片·成员与点位", "new-area", "编号", "old-area"),
            ),
            ["示范片!C 编号 B812", "示范片·成员与点位!A old-area B816"],
        ),
        (_head("示范片·成员与点位", "序号", None), ["示范片·成员与点位!A 编号 B813"]),
        (_rename_sheet, ["示范区!A 编号 B814"]),
        (lambda sheets: sheets["示范片"].merge_cells("A3:A5"), ["示范片!A jinxi-five-villages B808"]),
        (_set("示范片", "tengtou", "编号", None), ["示范片!A None B823"]),
        (_set("示范片·数据", "tengtou", "序号", "二", "2"), ["示范片·数据!B tengtou B822"]),
        (_set("示范片·数据", "tengtou", "编号", "=A1", "2"), ["示范片·数据!A =A1 B809"]),
        (
            _all(
                _head("示范片", "位置·坐标·纬度", "位置·坐标·纬度(GCJ-02)"),
                lambda sheets: [
                    setattr(sheets["示范片"].cell(row, 18), "value", None)
                    for row in range(2, sheets["示范片"].max_row + 1)
                ],
                _set("示范片", "tengtou", "位置·坐标·坐标系", "=A1"),
            ),
            ["示范片!R tengtou B809"],
        ),
    ],
)
def test_no_fault_is_told_that_only_follows_from_another(
    project: Path, book: Path, capsys: pytest.CaptureFixture[str], change: Edit, faults: list[str]
) -> None:
    """What is unknown for one bad cell or header is neither missing nor wrong: a record is there, though unread."""
    edit(book, _all(_new_area, change))
    assert _find_faults(project, book, capsys) == faults


# -- files that are refused whole ----------------------------------------------------------------


def _with_part(content: bytes, name: str, text: bytes, *, instead: bool = False) -> bytes:
    """The workbook with one part more, or another in its place."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if not (instead and part.filename == name):
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return file.getvalue()


def _refused(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    part = "xl/workbook.xml"
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'
    yield "B801", "book.xlsx", b"no workbook"
    yield "B801", "book.xlsx", content[: len(content) // 2]
    yield "B801", "book.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "B801", "book.xlsx", _with_part(content, part, b"<workbook", instead=True)
    yield "B802", "book.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    yield "B803", "book.xlsx", _with_part(content, "xl/vbaProject.bin", b"x")
    yield "B803", "book.xlsm", content
    yield "B804", "book.xlsx", _with_part(content, "xl/externalLinks/externalLink1.xml", b"<a/>")
    yield "B805", "book.xlsx", _with_part(content, "xl/media/a.xml", bytes(300_000_000))
    yield "B805", "book.xlsx", _with_part(content, "xl/media/a.xml", bytes(20_000_000))
    yield "B806", "book.xlsx", _with_part(content, part, entity, instead=True)
    yield "B806", "book.xlsx", _with_part(content, part, entity.decode().encode("utf-16"), instead=True)


@pytest.mark.parametrize("number", range(12))
def test_an_unsafe_or_damaged_file_is_refused_with_the_reason(
    project: Path, exported: bytes, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    """Bombs, entities, macros, links, passwords and damage are found before anything is parsed."""
    code, name, content = list(_refused(exported))[number]
    (project / name).write_bytes(content)
    before = texts(project)
    assert belts(project, "import", project / name) == 1
    assert f"{name}:1:1: error[{code}]" in capsys.readouterr().err
    assert texts(project) == before


def test_every_rule_of_sheets_is_tested_here() -> None:
    """No rule of workbooks is without its case: its code stands in what a test expects, not in a comment."""
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    constants = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in told]
    text = "\n".join(str(constant.value) for constant in constants)
    assert not [code for code in RULES if code.startswith("B8") and code not in text]


def test_a_wrong_file_name_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or an export to another ending, is said plainly."""
    assert belts(project, "import", project / "none.xlsx") == 2
    assert belts(project, "export", project / "book.ods") == 2
    assert "none.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "none.xlsx"), "none.xlsx: 没有这个文件"),
        (("import", "belts"), "belts: 这是文件夹，不是文件"),
        (("export", "belts/book.ods"), "book.ods: 写一个 .xlsx 文件名"),
        (("export", "none/book.xlsx"), "/none，先建好它"),
    ],
)
def test_wrong_usage_is_said_in_the_language_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str], said: str
) -> None:
    """What is wrong with a file's name, in Chinese or else in English."""
    command, name = words
    assert belts(project, command, project / name) == 2
    assert said in capsys.readouterr().err
    assert main(["-C", str(project), "--lang", "en", command, str(project / name)]) == 2
    assert not re.search("[一-鿿]", capsys.readouterr().err)


def test_a_plain_workbook_made_by_hand_is_read(project: Path) -> None:
    """A sheet typed from nothing, with bold headers and an empty row, is as good as an export."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "示范片"
    sheet.append(["名称", "编 号", "英文名称*"])
    sheet["A1"].font = Font(bold=True)
    sheet.append([])
    sheet.append(["滕头区域", "tengtou", "Tengtou"])
    book.save(project / "hand.xlsx")
    before = texts(project)
    assert belts(project, "import", project / "hand.xlsx", "--keep-missing") == 0
    assert changed(project, before) == {AREA: "-name_en: Tengtou area +name_en: Tengtou"}
