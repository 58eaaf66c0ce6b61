"""A kind that is added as CONTRIBUTING says, one file in kinds/, in a copy of the program."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, copy_site, require

from build_scripts.kinds.registry import SITES_OWN, find_kinds, kind_named
from build_scripts.pages.views import list_views

KIND = '''
from __future__ import annotations

from pydantic import Field

from ..records.dates import PartialDate
from ..records.ids import DistrictId, PlaceRecordId
from ..records.models import Choice, Model
from ..records.text import Line
from .base import Kind, Record


class Season(Choice):
    """When a festival is held."""

    SPRING = "spring", "春"
    AUTUMN = "autumn", "秋"


class Host(Model):
    """Who holds it."""

    name: Line = Field(title="单位")

    def __str__(self) -> str:
        return f"{self.name}主办"


class Festival(Record):
    """A festival."""

    seasons: tuple[Season, ...] = Field((), title="季节")
    held: tuple[PartialDate, ...] = Field((), title="各届")
    dishes: tuple[Line, ...] = Field((), title="食物")
    venues: tuple[PlaceRecordId, ...] = Field((), title="会场")
    districts: tuple[DistrictId, ...] = Field((), title="举办的区县")
    number: int | None = Field(None, title="届数")
    area: float | None = Field(None, title="占地（公顷）")
    order: Line | None = Field(None, title="次序")
    host: Host | None = Field(None, title="主办")
    period: PartialDate | None = Field(None, title="日期")


KIND = Kind("festival", "festivals", "节庆", "个", "各地的节庆。", Festival, 9)
'''
RECORD = """name: 庙会
summary: 测试用的节庆。
published: 2026-11-20
seasons:
  - spring
  - autumn
held:
  - 2016-03
  - 2017-03
dishes:
  - 年糕
venues:
  - tengtou
districts:
  - fenghua
number: 3
area: 1.5
order: 先祭后演
host:
  name: 滕头村
"""
LISTS = """
import json, sys
from pathlib import Path
from build_scripts.catalogue import build_catalogue
from build_scripts.opendata.downloads import build_downloads, plan_downloads
from build_scripts.form.fields import build_form_config
from build_scripts.reading.load import load_dataset
from build_scripts.views.profile import build_profile

dataset = load_dataset(Path(sys.argv[1]))
assert dataset.diagnostics == (), dataset.diagnostics
catalogue = build_catalogue(dataset)
view = build_profile(catalogue.records["fair"], catalogue, None)
files = build_downloads(plan_downloads(catalogue)).files
collection = next(c for c in build_form_config()["collections"] if c["name"] == "festival")
print(json.dumps({
    "page": {d.label: (d.text, [link.url for link in d.links]) for d in view.details},
    "table": bytes(files["data/festivals.csv"]).decode("utf-8-sig"),
    "form": {field["label"]: field for field in collection["fields"]},
}))
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program with one more kind."""
    root = tmp_path / "program"
    shutil.copytree(
        ROOT / "build_scripts", root / "build_scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    (root / "site_templates").symlink_to(ROOT / "site_templates")
    (root / "build_scripts/kinds/festival.py").write_text(KIND, encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The smallest city with a record of that kind."""
    project = tmp_path / "city"
    shutil.copytree(ROOT / "tests/sites/minimal", project)
    (project / "belts/festivals").mkdir()
    (project / "belts/festivals/fair.yml").write_text(RECORD, encoding="utf-8")
    return project


def start(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """A run of Python that finds the copy."""
    command = [sys.executable, *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(program)}
    return subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=False)


def run(program: Path, *words: str | Path) -> str:
    """What a run says that succeeds."""
    done = start(program, *words)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_its_lists_are_on_its_page_in_its_table_and_in_the_form(program: Path, project: Path) -> None:
    """Choices by their labels everywhere, records and districts as links, whatever other kinds call their fields."""
    found = json.loads(run(program, "-c", LISTS, project))
    assert found["page"] == {
        "季节": ["春、秋", []],
        "各届": ["2016年3月、2017年3月", []],
        "食物": ["年糕", []],
        "会场": ["滕头区域", ["areas/tengtou/"]],
        "举办的区县": ["奉化区", ["districts/fenghua/"]],
        "届数": ["3", []],
        "占地（公顷）": ["1.5", []],
        "次序": ["先祭后演", []],
        "主办": ["滕头村主办", []],
    }
    header, row = csv.reader(io.StringIO(found["table"], newline=""))
    cells = dict(zip(header, row, strict=True))
    assert (cells["季节"], cells["各届"], cells["举办的区县"]) == ("春\n秋", "2016-03\n2017-03", "fenghua")
    assert [option["label"] for option in found["form"]["季节"]["options"]] == ["春", "秋"]
    assert found["form"]["季节"]["multiple"]


def test_its_lists_come_back_from_a_workbook(program: Path, project: Path) -> None:
    """A sheet that nothing was changed in changes nothing; one that was changes what was."""
    belts, book = ("-m", "build_scripts", "-C", project), project / "book.xlsx"
    run(program, *belts, "export", book)
    run(program, *belts, "import", book)
    assert (project / "belts/festivals/fair.yml").read_text(encoding="utf-8") == RECORD
    table = "编号,季节,各届,举办的区县\r\nfair,秋,2018-03,余姚市\r\n"
    (project / "节庆.csv").write_text(table, encoding="utf-8-sig", newline="")
    run(program, *belts, "import", project / "节庆.csv")
    text = (project / "belts/festivals/fair.yml").read_text(encoding="utf-8")
    assert "seasons:\n  - autumn\n" in text
    assert "held:\n  - 2018-03\n" in text
    assert "districts:\n  - yuyao\n" in text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("number: 十二", ":16:9: error[B203]: 此处应为整数，实为“十二”"),
        ("area: 一公顷", ":17:7: error[B203]: 此处应为数，实为“一公顷”"),
    ],
)
def test_a_number_that_is_none_is_told_as_one(program: Path, project: Path, wrong: str, told: str) -> None:
    """With what to write; pydantic's own types need no rule of theirs."""
    path, (name, _, _) = project / "belts/festivals/fair.yml", wrong.partition(":")
    path.write_text(re.sub(rf"(?m)^{name}: .*", wrong, path.read_text(encoding="utf-8")), encoding="utf-8")
    done = start(program, "-m", "build_scripts", "-C", project, "check")
    assert f"belts/festivals/fair.yml{told}" in done.stdout


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.replace("__str__", "spoken"), "Host has no text for a page"),
        (lambda text: text, "has no attribute 'gone'"),
    ],
)
def test_a_page_that_cannot_be_made_is_told_by_the_check(
    program: Path, tmp_path: Path, spoil: Callable[[str], str], told: str
) -> None:
    """A value without a text, or a template that asks for what is not there."""
    require(shutil.which("node"), "Node.js")
    (program / "build_scripts/kinds/festival.py").write_text(spoil(KIND), encoding="utf-8")
    templates = Path(shutil.copytree(ROOT / "site_templates", tmp_path / "site_templates"))
    city = copy_site("second-city", tmp_path)
    (city / "belts/festivals").mkdir()
    record = re.sub(r"(venues|districts):\n.*\n", "", RECORD)
    (city / "belts/festivals/fair.yml").write_text(record, encoding="utf-8")
    (templates / "profiles/festival.html").write_text("<h1>{{ view.gone }}</h1>", encoding="utf-8")
    done = start(program, "-m", "build_scripts", "-C", city, "check")
    assert done.returncode == 1
    assert told in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_it_tells_of_nothing_that_had_not_begun(program: Path, project: Path) -> None:
    """Its `period` is judged as that of the other kinds, by the day of its last revision."""
    with (project / "belts/festivals/fair.yml").open("a", encoding="utf-8") as file:
        file.write("period: 2030\n")
    done = start(program, "-m", "build_scripts", "-C", project, "check")
    assert "belts/festivals/fair.yml:21:9: warning[B514]" in done.stdout


def test_texts_that_list_kinds_name_it(program: Path) -> None:
    """Among those of places, when its records stand somewhere."""
    text = KIND.replace("import Kind, Record", "import Kind, PlaceRecord").replace(
        "(Record)", "(PlaceRecord)"
    )
    (program / "build_scripts/kinds/festival.py").write_text(text, encoding="utf-8")
    said = run(program, "-c", "from build_scripts.kinds.registry import place_titles; print(place_titles())")
    assert "示范片、党建联盟、共富工坊、" in said
    assert said.endswith("、节庆\n")


@pytest.mark.parametrize("folder", ["districts", "assets", "geo", "history"])
def test_a_kind_with_a_name_of_the_sites_own_is_refused(program: Path, folder: str) -> None:
    text = KIND.replace('"festivals"', f'"{folder}"')
    (program / "build_scripts/kinds/festival.py").write_text(text, encoding="utf-8")
    done = start(program, "-c", "from build_scripts.kinds.registry import find_kinds; find_kinds()")
    assert f"the site itself and build_scripts.kinds.festival both have '{folder}'" in done.stderr


def test_every_name_of_the_sites_own_is_known(real_site: Path) -> None:
    """Whatever stands at the top of a site or of belts/ and is neither a kind's nor a hand-written page's."""
    kinds = {name for kind in find_kinds() for name in (kind.folder, kind.url_folder)}
    written = {path.stem for path in (ROOT / "content").iterdir()}
    folders = {path.name for root in (real_site, ROOT / "belts") for path in root.iterdir() if path.is_dir()}
    assert (folders | list_views().keys()) - kinds - written <= SITES_OWN


@pytest.mark.parametrize("word", ["area", "areas", "belts"])
def test_a_kind_with_the_name_folder_or_address_of_another_is_refused(program: Path, word: str) -> None:
    """Both modules are told, and what they both have."""
    name, folder = ("area", "festivals") if word == "area" else ("festival", word)
    text = KIND.replace('Kind("festival", "festivals"', f'Kind("{name}", "{folder}"')
    (program / "build_scripts/kinds/festival.py").write_text(text, encoding="utf-8")
    done = start(program, "-c", "from build_scripts.kinds.registry import find_kinds; find_kinds()")
    other = "belt" if word == "belts" else "area"
    told = f"build_scripts.kinds.{other} and build_scripts.kinds.festival both have '{word}': each KIND"
    assert told in done.stderr


def test_a_kind_that_is_not_there_is_told_with_those_that_are() -> None:
    """As where a program asks for a kind by a name that has changed."""
    with pytest.raises(KeyError, match="no kind is named 'festival'; there are belt, area, alliance,"):
        kind_named("festival")
