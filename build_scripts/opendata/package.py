"""What the files are, for programs: a Frictionless data package, and JSON Schemas of the JSON files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic_core import to_json

from ..catalogue import Catalogue, find_latest_day
from ..editing.schemas import Schema, build_schema
from ..kinds.base import Kind
from ..photos.originals import FOLDER
from .tables import LICENCE, LICENCE_TITLE, LICENCE_URL, PICTURE, DataTable, Field

SCHEMAS = "schemas"


def render_package(
    tables: Collection[DataTable], files: Mapping[str, tuple[int, str]], catalogue: Catalogue
) -> bytes:
    """datapackage.json of the tables' CSV files (`files`: size and SHA-256 by name), by Frictionless' specification 1.

    Its version is the day of the last change in the data.
    """
    city = catalogue.city
    names = {table.name for table in tables}
    day = find_latest_day(catalogue.records.values())
    package = {
        "profile": "data-package",
        "name": "belts",
        "title": city.title,
        "description": city.tagline,
        **({"version": day} if day else {}),
        "licenses": [{"name": LICENCE.replace(" ", "-"), "path": LICENCE_URL, "title": LICENCE_TITLE}],
        "contributors": [{"title": city.publisher, "role": "publisher"}],
        "resources": [_resource(table, files[f"{table.name}.csv"], names) for table in tables],
    }
    return encode(package)


def _resource(table: DataTable, file: tuple[int, str], names: Collection[str]) -> dict[str, Any]:
    size, digest = file
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.about,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [_field(field, is_key=table.key == (field.name,)) for field in table.fields],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [field.name], "reference": {"resource": field.target, "fields": ["编号"]}}
                for field in table.fields
                if field.target in names
            ],
            "missingValues": [""],
        },
    }


def _field(field: Field, *, is_key: bool) -> dict[str, Any]:
    constraints = {
        **({"required": True} if field.is_required else {}),
        **({"unique": True} if is_key else {}),
        **({"enum": list(field.choices)} if field.choices else {}),
    }
    return {
        "name": field.name,
        "type": field.form,
        "description": field.about,
        **({"trueValues": ["是"], "falseValues": ["否"]} if field.form == "boolean" else {}),
        **({"constraints": constraints} if constraints else {}),
        **({"jsonPath": field.path} if field.path else {}),
    }


def render_schema(kind: Kind) -> bytes:
    """The JSON Schema of a kind's JSON file, from the model that its YAML is read by."""
    record = build_schema(kind.model, kind.title, kind.description)
    definitions = record.pop("definitions", {})
    for model in (record, *definitions.values()):
        model["properties"] = {name: _as_published(field) for name, field in model["properties"].items()}
    text: Schema = {"type": "string"}
    address = {"id": {**text, "title": "编号"}, "url": {**text, "title": "页面网址"}}
    one = {
        **{key: value for key, value in record.items() if key != "$schema"},
        "properties": {**address, **record["properties"]},
        "required": [*address, *record.get("required", ())],
    }
    names = ("$schema", "title", "publisher", "licence", "licence_url")
    return encode(
        {
            "$schema": record["$schema"],
            "title": f"{kind.title}（JSON 文件）",
            "type": "object",
            "properties": {
                **dict.fromkeys(names, text),
                "records": {"type": "array", "items": {"$ref": "#/definitions/Record"}},
            },
            "required": ["title", "licence", "records"],
            "additionalProperties": False,
            "definitions": {"Record": one, **definitions},
        }
    )


def _as_published(field: Schema) -> Schema:
    """A field's schema in the open data: a photo is named by the address of its picture."""
    if field.get("x-form") != "photo":
        return field
    pattern = f"^{FOLDER}/[^/]+$"
    return {"title": field["title"], "description": PICTURE, "type": "string", "pattern": pattern}


def encode(value: Any) -> bytes:
    """JSON to be read by people too."""
    return to_json(value, indent=1) + b"\n"
