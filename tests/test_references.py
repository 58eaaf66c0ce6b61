"""Which ids, districts and files a model names."""

from build_scripts.kinds.belt import Belt
from build_scripts.records.ids import DataFile, DistrictReference, RecordReference
from build_scripts.records.references import iter_references

BELT = {
    "id": "b",
    "name": "带",
    "summary": "说明。",
    "published": "2026-01-01",
    "sources": ["s1"],
    "level": "county",
    "district": "fenghua",
    "number": "7",
    "theme": "主题",
    "designated": "2017",
    "track": "tracks/b.geojson",
    "stops": [
        {"record": "a1", "basis": "editorial", "reason": "相近"},
        {"place": {"name": "甲村", "sources": ["s2"]}, "basis": "source", "sources": ["s1", "s2"]},
    ],
}


def test_every_reference_with_its_path() -> None:
    """References are found at any depth, each with the path to where it stands."""
    belt = Belt.model_validate(BELT)
    found = {(r.path, r.target): type(r.marker) for r in iter_references(belt)}
    assert found == {
        (("sources", 0), "s1"): RecordReference,
        (("district",), "fenghua"): DistrictReference,
        (("stops", 0, "record"), "a1"): RecordReference,
        (("stops", 1, "place", "sources", 0), "s2"): RecordReference,
        (("stops", 1, "sources", 0), "s1"): RecordReference,
        (("stops", 1, "sources", 1), "s2"): RecordReference,
        (("track",), "tracks/b.geojson"): DataFile,
    }
