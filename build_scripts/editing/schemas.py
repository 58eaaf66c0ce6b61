"""JSON Schemas of the records and settings, for editors' completion, hover and red lines.

Generated from the models alone. YAML is read as text, so a field that holds text accepts what a schema calls a
number too; what only `belts check` can see (references, districts, places) stays out.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..kinds.registry import find_kinds
from ..layout import BELTS
from ..reading.allowed import AllowedNumbers
from ..reading.inventory import SCHEMAS_FOLDER
from ..records.city import City
from ..records.dates import PartialDate
from ..records.ids import DataFile, DistrictReference, PhotoFile, RecordReference
from ..records.quantities import Quantity
from ..records.references import field_marker
from ..records.shapes import (
    find_choices,
    inner_model,
    inner_models,
    is_list,
    iter_types,
    least_items,
    longest_text,
)
from ..records.text import SLUG

MODELINE = "# yaml-language-server:"
_DIALECT = "http://json-schema.org/draft-07/schema#"
_SCALARS = ["string", "number", "boolean"]
_DAY = r"^\d{4}-\d{2}-\d{2}$|^\d{4}年\d{1,2}月\d{1,2}日$"
Schema = dict[str, Any]


def render_schemas() -> dict[str, bytes]:
    """Every schema file by its path inside belts/."""
    return {
        f"{SCHEMAS_FOLDER}/{name}.schema.json": _encode(schema) for name, schema in build_schemas().items()
    }


def build_schemas() -> dict[str, Schema]:
    """The schema of each kind and settings file, by name."""
    schemas = {kind.name: build_schema(kind.model, kind.title, kind.description) for kind in find_kinds()}
    schemas["city"] = build_schema(City, "城市", "城市名称、地图范围和区县，全站只有一份。")
    schemas["allowed-numbers"] = build_schema(
        AllowedNumbers, "准许公开的号码", "公开的热线；每个号码要有理由和有效期。"
    )
    schemas["redirects"] = _redirects()
    return schemas


def modeline(name: str, *, depth: int = 1) -> str:
    """The comment that tells an editor the schema of a file `depth` folders below belts/."""
    return f"{MODELINE} $schema={'../' * depth}{SCHEMAS_FOLDER}/{name}.schema.json"


def find_modeline(root: Path, name: str) -> str:
    """The first line of a new record of a kind: its modeline where belts/ holds the schema, else nothing."""
    return modeline(name) if (root / BELTS / SCHEMAS_FOLDER / f"{name}.schema.json").is_file() else ""


def build_schema(model: type[BaseModel], title: str, description: str) -> Schema:
    """The schema of one model, with the models inside it as definitions."""
    definitions = {inner.__name__: _object(inner) for inner in inner_models(model)}
    schema = {"$schema": _DIALECT, "title": title, "description": description, **_object(model)}
    return {**schema, "definitions": definitions} if definitions else schema


def _encode(schema: Schema) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _redirects() -> Schema:
    sections = "|".join(kind.url_folder for kind in find_kinds())
    return {
        "$schema": _DIALECT,
        "title": "旧地址",
        "description": "旧地址（栏目/编号）: 新编号，或 gone（内容已撤下，后面可写日期）。",
        "type": "object",
        "patternProperties": {
            f"^({sections})/{SLUG.pattern}$": {
                "type": "string",
                "pattern": _whole(rf"(?:{SLUG.pattern}|gone \S+)"),
                "examples": ["tengtou", "gone", "gone 2026-11-20"],
            }
        },
        "additionalProperties": False,
    }


def _whole(pattern: str) -> str:
    return f"^{pattern}$"


def _object(model: type[BaseModel]) -> Schema:
    fields = {name: field for name, field in model.model_fields.items() if not field.exclude}
    schema: Schema = {
        "type": "object",
        "properties": {name: field_schema(field) for name, field in fields.items()},
        "additionalProperties": False,
    }
    required = [name for name, field in fields.items() if field.is_required()]
    return {**schema, "required": required} if required else schema


def field_schema(field: FieldInfo) -> Schema:
    """The schema of one field: what it is called, what it holds, and what that looks like."""
    schema = _about(field)
    value = _value_schema(field)
    if not is_list(field):
        return {**schema, **value}
    least = least_items(field)
    return {**schema, "type": "array", "items": value, **({"minItems": least} if least else {})}


def _about(field: FieldInfo) -> Schema:
    """Title, description, examples and default."""
    about: Schema = {"title": field.title} if field.title else {}
    if field.description:
        about["description"] = field.description
    if field.examples:
        about["examples"] = list(field.examples)
    if isinstance(field.default, (str, bool)):
        about["default"] = str(field.default) if isinstance(field.default, str) else field.default
    if isinstance(field.json_schema_extra, Mapping):
        about.update(field.json_schema_extra)
    return about


def _value_schema(field: FieldInfo) -> Schema:
    """What one value of a field, or of its list, must be."""
    if inner := inner_model(field.annotation):
        return {"allOf": [{"$ref": f"#/definitions/{inner.__name__}"}]}
    if choices := find_choices(field):
        return {"enum": list(choices), "enumDescriptions": list(choices.values()), "x-labels": choices}
    types = list(iter_types(field.annotation))
    return next((dict(schema) for kind, schema in _BY_TYPE if kind in types), None) or _text_schema(field)


_BY_TYPE: tuple[tuple[type, Schema], ...] = (
    (bool, {"type": "boolean"}),
    (int, {"type": "integer"}),
    (float, {"type": "number", "minimum": -180, "maximum": 180}),
    (datetime.date, {"type": "string", "pattern": _DAY, "x-form": "day"}),
    (PartialDate, {"type": ["string", "integer"], "x-form": "date"}),
    (Quantity, {"type": ["string", "number"], "x-form": "quantity"}),
)


def _text_schema(field: FieldInfo) -> Schema:
    """A text: an id where it names a record, else any scalar up to its limit."""
    marker = field_marker(field)
    if isinstance(marker, RecordReference):
        return {"type": "string", "pattern": _whole(SLUG.pattern), "x-reference": list(marker.kinds)}
    if isinstance(marker, DistrictReference):
        return {"type": "string", "pattern": _whole(SLUG.pattern), "x-reference": ["district"]}
    if isinstance(marker, DataFile):
        return {"type": "string", "x-form": "file"}
    if isinstance(marker, PhotoFile):
        return {
            "type": "string",
            "pattern": r"^photos/.+\.(jpe?g|JPE?G|png|PNG|webp|WEBP)$",
            "x-form": "photo",
        }
    limit = longest_text(field)
    return {"type": _SCALARS, **({"maxLength": limit} if limit else {})}
