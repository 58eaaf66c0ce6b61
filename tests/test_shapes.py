"""What the fields of models hold, and what stands at a path."""

import pytest

from build_scripts.kinds.area import Area
from build_scripts.kinds.belt import Belt, Stop
from build_scripts.kinds.indicator import Indicator
from build_scripts.records.places import Location, Place
from build_scripts.records.shapes import (
    field_at,
    find_choices,
    inner_model,
    is_list,
    least_items,
    longest_text,
    model_at,
    value_at,
)
from build_scripts.records.statements import Figure

BELT, AREA = Belt.model_fields, Area.model_fields


def test_a_field_holds_a_model_a_list_of_them_or_none() -> None:
    """Whether one or many, the model is the same question."""
    assert inner_model(BELT["stops"].annotation) is Stop
    assert inner_model(AREA["place"].annotation) is Place
    assert inner_model(AREA["name"].annotation) is None
    assert (is_list(BELT["stops"]), is_list(AREA["place"]), is_list(AREA["sources"])) == (True, False, True)


def test_a_field_has_choices_and_limits() -> None:
    """As its annotation says, wherever in it that stands."""
    assert find_choices(AREA["status"]) == {"draft": "草稿", "published": "已发布"}
    assert find_choices(AREA["name"]) == find_choices(None) == {}
    assert (least_items(Indicator.model_fields["observations"]), least_items(AREA["sources"])) == (1, 0)
    assert longest_text(AREA["name"]) == longest_text(AREA["other_names"])
    assert longest_text(AREA["place"]) == 0


def test_a_path_leads_to_a_model_and_a_field() -> None:
    """Items of a list are described by the list's model, and have the list's field."""
    assert model_at(Area, ()) is Area
    assert model_at(Area, ("figures", 2)) is Figure
    assert model_at(Area, ("place", "location")) is Location
    assert model_at(Area, ("name", "x")) is None
    assert field_at(Area, ("figures", 2, "value")) is Figure.model_fields["value"]
    assert field_at(Area, ("sources", 0)) is AREA["sources"]
    assert field_at(Area, ("nothing",)) is None
    assert field_at(Area, ()) is None


@pytest.mark.parametrize("path", [("b",), ("a", 1), ("a", "x"), ("c", 0)])
def test_a_path_that_leads_nowhere_gives_nothing(path: tuple[str | int, ...]) -> None:
    """Not even an error: data may be of any shape."""
    data = {"a": [{"x": "y"}], "c": None}
    assert value_at(data, path) is None
    assert value_at(data, ("a", 0, "x")) == "y"
    assert value_at(data, ()) is data
