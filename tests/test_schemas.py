"""The schemas agree with the models, and the YAML language server helps and warns by them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import require
from language_server import ROOT, SERVER, LanguageServer

from build_scripts.cli import main
from build_scripts.editing.schemas import build_schemas, modeline, render_schemas
from build_scripts.kinds.registry import find_kinds

TENGTOU = ROOT / "belts/areas/tengtou.yml"


def test_committed_schemas_are_current() -> None:
    """`belts schema` brings them up to date."""
    for name, content in render_schemas().items():
        assert (ROOT / "belts" / name).read_bytes() == content, f"{name} is stale: run `belts schema`"
    assert {f"schemas/{p.name}" for p in (ROOT / "belts/schemas").iterdir()} == set(render_schemas())


def test_every_record_names_its_schema() -> None:
    for kind in find_kinds():
        for path in sorted((ROOT / "belts" / kind.folder).glob("*.yml")):
            assert path.read_text(encoding="utf-8").startswith(f"{modeline(kind.name)}\n"), path
    city = (ROOT / "belts/city.yml").read_text(encoding="utf-8")
    assert city.startswith(f"{modeline('city', depth=0)}\n")


def test_the_editor_settings_name_every_schema() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    expected = {
        f"belts/schemas/{kind.name}.schema.json": f"belts/{kind.folder}/*.yml" for kind in find_kinds()
    }
    assert {name: files for name, files in settings["yaml.schemas"].items() if "*" in files} == expected
    assert set(settings["yaml.schemas"]) == {f"belts/{name}" for name in render_schemas()}


@pytest.mark.parametrize("name", build_schemas())
def test_every_field_is_described(name: str) -> None:
    """Each field has a title, and words or an example that say what to write."""
    schema = build_schemas()[name]
    for owner in (schema, *schema.get("definitions", {}).values()):
        for field, value in owner.get("properties", {}).items():
            assert value.get("title"), field
            told = {"description", "examples", "enum", "allOf", "items"} & set(value)
            assert told or value["type"] == "boolean", field


def test_schema_command_writes_and_finds_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "belts").mkdir()
    assert main(["-C", str(tmp_path), "schema", "--check"]) == 1
    assert main(["-C", str(tmp_path), "schema"]) == 0
    assert main(["-C", str(tmp_path), "schema", "--check"]) == 0
    assert "belts/schemas/area.schema.json" in capsys.readouterr().err


# -- the language server -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    require(shutil.which("node") if SERVER.is_file() else None, "yaml-language-server")
    with LanguageServer() as running:
        yield running


def open_spoilt(server: LanguageServer, name: str, old: str, new: str) -> tuple[str, list[Any]]:
    """The real area with one change, opened under another name; its address and its lines."""
    text = TENGTOU.read_text(encoding="utf-8").replace(old, new, 1)
    return server.open(TENGTOU.with_name(name), text), text.split("\n")


def labels(completion: Any) -> set[str]:
    items = completion["items"] if isinstance(completion, dict) else completion or []
    return {item["label"] for item in items}


def test_the_real_records_have_no_red_lines(server: LanguageServer) -> None:
    for kind in find_kinds():
        path = min((ROOT / "belts" / kind.folder).glob("*.yml"))
        uri = server.open(path, path.read_text(encoding="utf-8"))
        assert server.diagnostics(uri) == [], path
    city = ROOT / "belts/city.yml"
    assert server.diagnostics(server.open(city, city.read_text(encoding="utf-8"))) == []


def test_completion_offers_the_fields_of_an_area(server: LanguageServer) -> None:
    text = f"{modeline('area')}\nname: 滕头区域\n\n"
    uri = server.open(TENGTOU.with_name("new-area.yml"), text)
    fields = set(build_schemas()["area"]["properties"])
    assert fields - {"name"} <= labels(server.at("completion", uri, 2, 0))


def test_completion_offers_the_choices_of_a_field(server: LanguageServer) -> None:
    uri, lines = open_spoilt(server, "choices.yml", "precision: village", "precision: ")
    line = next(n for n, text in enumerate(lines) if "precision:" in text)
    assert {"village", "township", "district"} <= labels(server.at("completion", uri, line, len(lines[line])))


def test_hover_explains_a_field(server: LanguageServer) -> None:
    uri, lines = open_spoilt(server, "hover.yml", "", "")
    line = next(n for n, text in enumerate(lines) if text.strip().startswith("crs:"))
    shown = json.dumps(server.at("hover", uri, line, lines[line].index("crs") + 1), ensure_ascii=False)
    assert "坐标系" in shown
    assert "gcj02" in shown


def test_a_wrong_choice_is_underlined_where_it_stands(server: LanguageServer) -> None:
    uri, lines = open_spoilt(server, "wrong.yml", "precision: village", "precision: vilage")
    line = next(n for n, text in enumerate(lines) if "vilage" in text)
    column = lines[line].index("vilage")
    ranges = [found["range"] for found in server.diagnostics(uri)]
    assert ranges == [
        {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + 6}}
    ]


def test_an_unknown_field_is_underlined_where_it_stands(server: LanguageServer) -> None:
    uri, lines = open_spoilt(server, "unknown.yml", "name_en:", "name_eng:")
    line = next(n for n, text in enumerate(lines) if "name_eng" in text)
    starts = [found["range"]["start"] for found in server.diagnostics(uri)]
    assert starts == [{"line": line, "character": 0}]
