"""The index over the published records, on the real data."""

import pytest
from conftest import ROOT

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.area import Area
from build_scripts.kinds.belt import Belt
from build_scripts.kinds.indicator import Indicator
from build_scripts.kinds.milestone import Milestone
from build_scripts.kinds.registry import find_kinds, kind_named
from build_scripts.reading.load import load_dataset


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
    belts = catalogue.belts_of["tengtou"]
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
    """Every module of kinds/ with a KIND is a kind, with a folder and a Chinese title."""
    assert [kind.name for kind in find_kinds()] == [
        "belt",
        "area",
        "alliance",
        "workshop",
        "programme",
        "indicator",
        "milestone",
        "source",
    ]
    assert kind_named("belt").url_folder == "belts"
