"""The text of a new record: valid, commented, in order, and honest about what is still to be filled in."""

import pytest

from build_scripts.editing.canonical import format_document
from build_scripts.editing.skeleton import UNFILLED, build_skeleton, check_value, iter_unfilled, set_value
from build_scripts.kinds.base import Kind
from build_scripts.kinds.registry import find_kinds, kind_named
from build_scripts.records.decode import decode_model
from build_scripts.records.document import Document
from build_scripts.records.yaml_text import decode_document

EACH_KIND = pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)


def decode(kind: Kind, text: str) -> Document:
    document = decode_document("belts/x.yml", text.encode())
    decode_model(document, kind.model, id="x")
    return document


@EACH_KIND
def test_only_what_is_to_be_filled_in_is_refused(kind: Kind) -> None:
    """A skeleton is canonical YAML whose only faults are its empty required fields, each at its line."""
    text = build_skeleton(kind, {})
    assert format_document(decode_document("x", text.encode()), kind.model) == text
    faults = decode(kind, text).diagnostics
    assert {d.code for d in faults} <= set(UNFILLED)
    marked = [
        n
        for n, line in enumerate(text.split("\n"), 1)
        if "待填" in line and not line.lstrip().startswith("#")
    ]
    assert sorted({d.line for d in faults}) == marked


@EACH_KIND
def test_every_field_is_there(kind: Kind) -> None:
    """Each field stands in the skeleton with its title, optional ones as comments."""
    text = build_skeleton(kind, {})
    for name, field in kind.model.model_fields.items():
        if not field.exclude:
            assert f"\n{'' if field.is_required() else '# '}{name}: # " in f"\n{text}", name
            assert str(field.title) in text


@EACH_KIND
def test_an_uncommented_field_is_yaml(kind: Kind) -> None:
    """With every optional field uncommented the skeleton is YAML of fields that the kind knows."""
    text = "\n".join(line.removeprefix("# ") for line in build_skeleton(kind, {}).split("\n"))
    assert {d.code for d in decode(kind, text).diagnostics} <= set(UNFILLED)


def test_values_stand_where_they_belong() -> None:
    """Values given by path are in the text, quoted where YAML would read them otherwise."""
    kind = kind_named("area")
    values: dict[str, object] = {}
    for path, text in (
        ("name", "007: 甲 # 乙"),
        ("place.district", "fenghua"),
        ("sources", "a"),
        ("sources", "b"),
        ("facts.0.text", "- x"),
        ("facts.0.sources", "a"),
    ):
        set_value(kind, values, path, text)
    data = decode_document("x", build_skeleton(kind, values).encode()).data
    assert isinstance(data, dict)
    assert data["name"] == "007: 甲 # 乙"
    assert data["place"] == {"district": "fenghua"}
    assert data["sources"] == ["a", "b"]
    assert data["facts"] == [{"text": "- x", "sources": ["a"]}]
    assert [path for path, _ in iter_unfilled(kind, values)] == ["summary", "published", "setting", "since"]


@pytest.mark.parametrize(
    "path", ["place", "place.district.x", "facts.text", "facts.5.text", "facts", "name.x", "facts.0", ""]
)
def test_a_path_to_no_value_is_refused(path: str) -> None:
    """A path must end at one value, and count items without a gap; an unknown last name is the checks' affair."""
    kind = kind_named("area")
    with pytest.raises(ValueError, match=r".*"):
        set_value(kind, {}, path, "x")
    values: dict[str, object] = {}
    set_value(kind, values, "adress", "x")
    assert "B202" in {d.code for d in decode(kind, build_skeleton(kind, values)).diagnostics}


def test_one_value_is_judged_by_itself() -> None:
    """A value that was just typed is checked without the rest of the record."""
    kind = kind_named("area")
    assert [d.code for d in check_value(kind, "since", "2026/1/3")] == ["B501"]
    assert [d.code for d in check_value(kind, "place.location.lat", "999")] == ["B404"]
    assert check_value(kind, "setting", "rural") == ()
    assert [d.code for d in check_value(kind, "facts.3.date", "2026-02-30")] == ["B502"]
