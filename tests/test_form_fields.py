"""The web form's configuration: every field of every model is in it, as its type asks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from build_scripts.form.fields import LOCATION, REFERENCE, build_form_config, build_formats
from build_scripts.kinds.registry import find_kinds
from build_scripts.records.city import City
from build_scripts.records.shapes import inner_model

CONFIG = build_form_config()
FIELDS = {collection["name"]: collection.get("fields", []) for collection in CONFIG["collections"]}
CITY = CONFIG["collections"][-1]["files"][0]["fields"]


def find_widget(kind: str, path: str) -> dict[str, Any]:
    """The field of a kind's form at a dotted path."""
    fields, found = FIELDS[kind], {}
    for name in path.split("."):
        found = next(field for field in fields if field["name"] == name)
        fields = found.get("fields", [])
    return found


def iter_missing(model: type[BaseModel], fields: list[dict[str, Any]], at: str) -> Iterator[str]:
    """The paths of a model's fields that a form does not have; a tree is looked into as deep as it is shown."""
    known = {field["name"]: field for field in fields}
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        if name not in known:
            if inner_model(field.annotation) is not model:
                yield f"{at}.{name}"
        elif inner := inner_model(field.annotation):
            yield from iter_missing(inner, known[name]["fields"], f"{at}.{name}")


def test_the_configuration_is_the_committed_one(snapshot: Callable[[str, str], None]) -> None:
    """A change of a model shows as a change of the form; `make snapshots` writes it anew."""
    snapshot("form.json", json.dumps(CONFIG, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)
def test_every_field_of_a_kind_is_in_the_form(kind: Any) -> None:
    """None is left out, in the models' own order; the id, which is not in the file, comes first."""
    assert list(iter_missing(kind.model, FIELDS[kind.name], kind.name)) == []
    shown = [field["name"] for field in FIELDS[kind.name]]
    assert shown == ["id", *(name for name, field in kind.model.model_fields.items() if not field.exclude)]


def test_the_city_is_in_the_form() -> None:
    """Its settings are one file."""
    assert list(iter_missing(City, CITY, "city")) == []


def test_a_missing_field_would_be_noticed() -> None:
    """The search for missing fields finds one that is taken away."""
    kind = next(kind for kind in find_kinds() if kind.name == "area")
    fewer = [field for field in FIELDS["area"] if field["name"] != "since"]
    assert list(iter_missing(kind.model, fewer, "area")) == ["area.since"]


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("area", "name", {"widget": "string", "required": True, "maxlength": 60}),
        ("area", "summary", {"widget": "text"}),
        ("area", "published", {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}),
        ("area", "sources", {"widget": "relation", "collection": "source", "multiple": True}),
        ("area", "related", {"widget": REFERENCE, "kinds": [], "multiple": True}),
        ("area", "place.location", {"widget": LOCATION, "required": False}),
        ("area", "place.district", {"widget": "relation", "value_field": "districts.*.id"}),
        ("area", "figures", {"widget": "list", "required": False}),
        ("area", "figures.value", {"widget": "string"}),
        ("belt", "number", {"widget": "number", "value_type": "int/string", "min": 1, "max": 64}),
        ("belt", "stops", {"summary": "{{fields.record}} {{fields.place.name}}"}),
        ("belt", "photos", {"summary": "{{fields.alt}}"}),
        ("belt", "stops.record", {"widget": REFERENCE, "kinds": ["area", "alliance", "workshop"]}),
        ("indicator", "observations", {"widget": "list", "min": 1, "required": True}),
        ("indicator", "change", {"widget": "select", "default": "false"}),
        ("programme", "parts.parts.parts.name", {"widget": "string"}),
        ("source", "url", {"widget": "string", "type": "url"}),
    ],
)
def test_a_field_is_edited_as_its_type_asks(kind: str, path: str, expected: dict[str, Any]) -> None:
    """Choices are lists, references are searched for, everything is kept as text."""
    assert find_widget(kind, path).items() >= expected.items()


def test_choices_show_their_chinese_labels() -> None:
    """The file holds the value, the editor reads the label."""
    options = find_widget("area", "setting")["options"]
    assert {"label": "乡村", "value": "rural"} in options


def test_nothing_can_be_deleted_or_renamed_by_the_form() -> None:
    """Ids are for ever: what is to go is retired by command."""
    collections = [c for c in CONFIG["collections"] if "folder" in c]
    assert not any(c["delete"] or c["duplicate"] for c in collections)
    assert all(c["slug"] == {"template": "{{fields.id}}", "editable": []} for c in collections)


def test_a_new_file_begins_with_its_schema() -> None:
    """Each format knows the line that text editors complete by."""
    formats = build_formats()
    assert formats["belts-area"] == "# yaml-language-server: $schema=../schemas/area.schema.json"
    assert {c["format"] for c in CONFIG["collections"] if "format" in c} < formats.keys()
