"""Finding a place of the gazetteer from what an editor has in hand."""

from dataclasses import replace

import pytest
import yaml
from conftest import ROOT

from build_scripts.editing.lookup import find_candidates, member_yaml, place_yaml
from build_scripts.geography.datum import Point
from build_scripts.geography.gazetteer import Gazetteer, Township
from build_scripts.reading.load import Dataset, load_dataset
from build_scripts.records.places import Precision
from build_scripts.records.yaml_text import decode_document


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset(ROOT)


@pytest.mark.parametrize(
    "query",
    [
        "滕头村",
        "滕头",
        "tengtou",
        "TengTou Cun",
        "téngtóu",
        "奉化 滕头",
        "萧王庙街道 滕头村",
        "330213005208",
        "腾头",
    ],
)
def test_a_village_is_found_by_any_of_its_names(dataset: Dataset, query: str) -> None:
    """By name, part of it, pinyin with or without tones, code, a homophone, or with its district before it."""
    first = find_candidates(dataset, query)[0]
    assert (first.name, first.code, first.township) == ("滕头村", "330213005208", "萧王庙街道")
    assert first.district is not None
    assert first.district.id == "fenghua"


def test_initials_find_several(dataset: Dataset) -> None:
    """Initials of pinyin give every name they fit."""
    assert "滕头村" in {candidate.name for candidate in find_candidates(dataset, "ttc")}


def test_a_village_without_a_point_gets_its_townships(dataset: Dataset) -> None:
    """A point of a record is used as it is; else the township's seat, with the township's precision."""
    known = find_candidates(dataset, "滕头村")[0].position
    seat = find_candidates(dataset, "溪口一村")[0].position
    assert known is not None
    assert seat is not None
    assert known.precision is Precision.VILLAGE
    assert seat.precision is Precision.TOWNSHIP
    assert seat.basis.startswith("GeoNames ")
    assert find_candidates(dataset, "古林村")[0].position is None


def test_the_yaml_can_be_pasted(dataset: Dataset) -> None:
    """What is printed is YAML in the fields of a record."""
    candidate = find_candidates(dataset, "溪口一村")[0]
    place = yaml.safe_load(place_yaml(candidate))["place"]
    assert (place["district"], place["township"], place["location"]["precision"]) == (
        "fenghua",
        "溪口镇",
        "township",
    )
    member = yaml.safe_load(member_yaml(candidate))["members"][0]
    assert (member["name"], str(member["code"])) == ("溪口一村", candidate.code)


def test_what_is_pasted_is_read_back(dataset: Dataset) -> None:
    """Whole degrees end in a figure, and a text that YAML would read as something else is quoted."""
    gazetteer = Gazetteer((Township("1", "甲: 乙镇", "镇", "2", 0, 0, Point(30.0, 121.10), "7 # x"),))
    (candidate,) = find_candidates(replace(dataset, gazetteer=gazetteer), "甲: 乙镇")
    for text in (place_yaml(candidate), member_yaml(candidate)):
        document = decode_document("x.yml", text.encode())
        assert not document.diagnostics
        assert "lat: 30\n" in text
        assert "lon: 121.1\n" in text
        assert 'basis: "GeoNames 7 # x（甲: 乙镇驻地）"' in text


@pytest.mark.parametrize("query", ["", "  ", "zzzz", "!!", "余姚 滕头村", "甲" * 5000])
def test_nothing_is_found_for_what_is_nowhere(dataset: Dataset, query: str) -> None:
    """An empty, foreign or contradictory query finds nothing."""
    assert find_candidates(dataset, query) == ()
