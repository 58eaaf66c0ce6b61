"""The benchmark counts rightly, and its city is a whole one; how fast anything is, no test says."""

import random
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from benchmarks.figures import (
    Comparison,
    Report,
    Sample,
    encode_report,
    growth_exponent,
    growth_of,
    ratios_of,
    render_markdown,
    spread_of,
)
from benchmarks.stages import measure
from benchmarks.synthetic import records_of, write_synthetic
from conftest import ROOT, copy_site
from pydantic import BaseModel

from build_scripts.kinds.registry import find_kinds
from build_scripts.project import Content, check_all
from build_scripts.reading.load import load_dataset

OURS = Comparison("ours / theirs", ("ours",), ("theirs", "index"), 1.0)
SAMPLES = [
    Sample(name, areas, number, wall, wall / 2, 10.0)
    for name, areas, walls in [
        ("ours", 100, (1.0, 9.0, 2.0)),
        ("theirs", 100, (1.0, 8.0, 3.0)),
        ("index", 100, (1.0, 10.0, 1.0)),
        ("ours", 1000, (20.0, 20.0, 20.0)),
    ]
    for number, wall in enumerate(walls)
]


def test_spread_has_the_median_and_both_ends() -> None:
    spread = spread_of([3.0, 1.0, 8.0])
    assert (spread.median, spread.least, spread.greatest) == (3.0, 1.0, 8.0)
    assert str(spread) == "3.00 (1.00–8.00)"


def test_ratio_is_taken_within_each_round() -> None:
    """A round in which the machine was slow has the same weight and the same ratio as any other."""
    ratio = ratios_of(SAMPLES, OURS, 100, "wall")
    assert ratio
    assert (ratio.median, ratio.least, ratio.greatest) == (0.5, 0.5, 0.5)


def test_a_contender_that_did_not_run_has_no_ratio() -> None:
    assert ratios_of(SAMPLES, OURS, 1000, "wall") is None
    missing = [s for s in SAMPLES if (s.contender, s.round) != ("index", 1)]
    assert ratios_of(missing, OURS, 100, "wall") == ratios_of(SAMPLES, OURS, 100, "wall")


def test_growth_is_the_power_of_the_size() -> None:
    assert growth_exponent((100, 2.0), (1000, 20.0)) == pytest.approx(1.0)
    assert growth_exponent((10, 1.0), (20, 4.0)) == pytest.approx(2.0)
    assert growth_of(SAMPLES, "ours") == [(100, 1000, pytest.approx(1.0))]


def test_report_names_every_figure() -> None:
    parts = Report((100, 1000), {"ours": "Ours", "theirs": "Theirs", "index": "Index"}, (OURS,), ("a note",))
    text = render_markdown({"cores": 2}, SAMPLES, parts)
    assert "| 100 | Ours | 2.00 (1.00–9.00) | 1.00 (0.50–4.50) | 10 |" in text
    assert "| 100 | ours / theirs | 0.50 (0.50–0.50) | 0.50 (0.50–0.50) | ≤ 1.0 |" in text
    assert "- Ours: 100 → 1000: 1.00" in text
    assert "- a note" in text
    encoded = encode_report({"cores": 2}, SAMPLES, parts)
    assert encoded["ratios"] == [
        {
            "areas": 100,
            "title": "ours / theirs",
            "goal": 1.0,
            "wall": {"median": 0.5, "least": 0.5, "greatest": 0.5},
            "cpu": {"median": 0.5, "least": 0.5, "greatest": 0.5},
        }
    ]


def _city(seed: int) -> list[tuple[str, str, dict[str, Any]]]:
    return list(records_of(40, random.Random(seed)))  # noqa: S311 (seeded on purpose)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in typing.get_args(annotation) for model in _models_in(part)]


def _used(model: type[BaseModel], data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Model and field of every value, those inside others too."""
    for name, value in data.items():
        yield model.__name__, name
        for inner in _models_in(model.model_fields[name].annotation):
            for item in value if isinstance(value, list) else [value]:
                yield from _used(inner, item)


def _declared(model: type[BaseModel], found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Model and field of everything that a record of this model may say."""
    fields = {(model.__name__, name): f for name, f in model.model_fields.items() if not f.exclude}
    if not fields.keys() <= found:
        found |= fields.keys()
        for field in fields.values():
            for inner in _models_in(field.annotation):
                _declared(inner, found)
    return found


def test_synthetic_city_has_every_field_of_every_kind() -> None:
    """A field that a model gains is missing here until the generator writes it."""
    models = {kind.folder: kind.model for kind in find_kinds()}
    used = {pair for folder, _, record in _city(1) for pair in _used(models[folder], record)}
    declared = {pair for model in models.values() for pair in _declared(model, set())}
    assert declared - used == set()


def test_synthetic_city_is_the_same_for_the_same_seed() -> None:
    assert _city(1) == _city(1)
    assert _city(1) != _city(2)


def test_synthetic_city_is_without_fault(tmp_path: Path) -> None:
    """What is measured is a site that would be published."""
    write_synthetic(tmp_path / "city", ROOT, areas=3)
    dataset = load_dataset(tmp_path / "city")
    assert [d.message() for d in check_all(dataset, Content()) if d.severity.value != "note"] == []
    assert {entry.kind.name for entry in dataset.entries} == {kind.name for kind in find_kinds()}


def test_stages_of_a_build_are_those_that_the_table_lists(tmp_path: Path) -> None:
    """ARCHITECTURE.md says of each where a record's time goes."""
    project = copy_site("second-city", tmp_path)
    records, stages = measure(project, tmp_path / "site")
    assert records == len(load_dataset(project).entries)
    table = (
        (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("| stage |")[2].partition("\n\n")[0]
    )
    listed = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[2:]]
    assert listed == [*stages.seconds, "all"]
    assert (tmp_path / "site/areas/east-bank/index.html").is_file()
