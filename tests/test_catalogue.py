"""The index over the published records, on the real data."""

import json
import shutil

import pytest
from conftest import ROOT

from build_scripts.addresses import BROWSE
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.area import Area
from build_scripts.kinds.belt import Belt
from build_scripts.kinds.indicator import Indicator
from build_scripts.kinds.milestone import Milestone
from build_scripts.kinds.registry import find_kinds, kind_named
from build_scripts.pages.browse import build_browse_files
from build_scripts.reading.load import load_dataset
from build_scripts.search.documents import build_filters, document_keys, list_traits, start_documents
from build_scripts.views.compare import build_compare
from build_scripts.workers import open_pool


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


def test_every_record_is_in_it(catalogue: Catalogue) -> None:
    """Each published file is one record."""
    files = [path for kind in find_kinds() for path in (ROOT / "belts" / kind.folder).glob("*.yml")]
    assert len(catalogue.records) == len(files) > 100


def test_belts_come_by_number(catalogue: Catalogue) -> None:
    """Belts are listed by their number."""
    assert [belt.number for belt in catalogue.of(Belt)] == [1, 2, 3, 4, 5, 6, 7]


def test_records_of_a_kind_come_by_name(catalogue: Catalogue) -> None:
    """In the order of their pinyin, not of their files' names; quotation marks do not count, digits come last."""
    names = [record.name for record in catalogue.of(Indicator)]
    assert (
        names.index("村党组织书记平均报酬") < names.index("党建联盟数") < names.index("“整乡推进”达标乡镇数")
    )
    assert names[0] == "北仑区“零上门”服务事项数"
    assert names[-1].startswith("81890")


def test_milestones_of_one_day_come_from_the_longest_to_the_shortest(catalogue: Catalogue) -> None:
    """A year stands before its first month, and that before its first day."""
    periods = [record.period for record in catalogue.of(Milestone)]
    keys = [(period.start, -period.end.toordinal()) for period in periods]
    assert keys == sorted(keys)
    assert len({start for start, _ in keys}) < len({*keys})


def test_a_record_knows_its_belts(catalogue: Catalogue) -> None:
    """Tengtou is found on the belt whose stop it is."""
    belts = catalogue.belts_of("tengtou")
    assert [stop.record for stop in belts[0].stops].count("tengtou") == 1


def test_a_source_knows_what_cites_it(catalogue: Catalogue) -> None:
    """References are found backwards, once each."""
    citing = [record.id for record in catalogue.references_to("jigsaw-2016")]
    assert "tengtou" in citing
    assert len(citing) == len(set(citing))


def test_records_of_a_district(catalogue: Catalogue) -> None:
    """A district's records are those that name it."""
    areas = [r.id for r in catalogue.of_district("fenghua") if isinstance(r, Area)]
    assert areas == ["jinxi-five-villages", "tengtou"]


def test_kinds_are_found_by_being_there() -> None:
    """Every module of kinds/ with a KIND is a kind, in the order of their ranks; more may join."""
    shipped = ["belt", "area", "alliance", "workshop", "programme", "indicator", "milestone", "source"]
    assert [kind.name for kind in find_kinds() if kind.name in shipped] == shipped
    assert kind_named("belt").url_folder == "belts"


# -- belts through districts -----------------------------------------------------------------------

STOP = """  - place:
      name: 大沙村
      form: village
      role: member
      district: cixi
    basis: editorial
    reason: 试验。
facts:
"""


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The catalogue where a belt has one more stop: a place in Cixi that has no record."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "belts", root / "belts")
    belt = root / "belts/boutique/harmonious-home.yml"
    belt.write_text(belt.read_text(encoding="utf-8").replace("facts:\n", STOP, 1), encoding="utf-8")
    return build_catalogue(load_dataset(root))


def test_a_belt_passes_through_the_districts_of_all_its_stops(passing: Catalogue) -> None:
    """Of those with a record and of those without; each once."""
    belt = passing.records["harmonious-home"]
    assert isinstance(belt, Belt)
    assert passing.belt_districts(belt) == ("zhenhai", "fenghua", "cixi")


def test_browse_the_comparison_and_the_search_agree_about_the_belts_of_a_district(passing: Catalogue) -> None:
    expected = {
        (belt.name, passing.district_name(district))
        for belt in passing.of(Belt)
        for district in passing.belt_districts(belt)
    }
    assert ("和美家园精品带", "慈溪市") in expected
    assert _browsed(passing) == _compared(passing) == _searched(passing) == expected


def _browsed(catalogue: Catalogue) -> set[tuple[str, str]]:
    data = json.loads(build_browse_files(catalogue)[BROWSE])
    facets = {facet["key"]: (n, facet["values"]) for n, facet in enumerate(data["facets"])}
    first = len(data["records"][0]) - len(facets)
    (kind, kinds), (district, districts) = facets["kind"], facets["district"]
    belts = [row for row in data["records"] if kinds[row[first + kind][0]] == "精品带"]
    found = {(row[0], districts[number]) for row in belts for number in row[first + district]}
    return {(name, passed) for name, passed in found if passed != "全市"}


def _compared(catalogue: Catalogue) -> set[tuple[str, str]]:
    view = build_compare(catalogue)
    (row,) = (row for row in view.groups[-1].rows if row.title == "相关的精品带")
    cells = zip(view.columns, row.cells, strict=True)
    return {(item.link.text, column.link.text) for column, cell in cells for item in cell.items}


def _searched(catalogue: Catalogue) -> set[tuple[str, str]]:
    with open_pool(0, catalogue) as pool:
        documents = start_documents(document_keys(catalogue), pool)()
    assert [d.traits for d in documents] == list(list_traits(catalogue))
    _, districts, _ = build_filters(d.traits for d in documents)
    assert "慈溪市" in districts.words
    belts = (d for d in documents if d.kind == "精品带")
    return {(d.name, passed) for d in belts for passed in d.traits[1] if passed != "全市"}
