"""A new record as text: what must be filled in is there, what may be is there as comments.

A required field without a value stands empty and marked, which the checks refuse (B115) until it is filled;
uncommented and left empty, an optional one is refused likewise. Knows models only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..faults.diagnostics import Diagnostic
from ..kinds.base import Kind
from ..records.decode import decode_model
from ..records.document import Document, FieldPath
from ..records.shapes import field_at, find_choices, inner_model, is_list, value_at
from ..records.yaml_text import decode_document
from .canonical import as_scalar, indent

Values: TypeAlias = Mapping[str, Any]
"""Texts, lists and mappings as they will stand in the file."""

UNFILLED = ("B115", "B201", "B208")
_MARK = "待填"
_NOTES = {"status": "写好以后删去这一行，记录即公开"}


def build_skeleton(kind: Kind, values: Values, modeline: str = "") -> str:
    """The text of a record with some values; in the canonical layout."""
    lines = [modeline] if modeline else []
    return "\n".join([*lines, *_fields(kind.model, values, ())]) + "\n"


def set_value(kind: Kind, values: dict[str, Any], path: str, text: str) -> None:
    """Put a text at a dotted path: `place.district`, `sources` (adds an item), `observations.0.value`.

    Items are counted from 0, without a gap. ValueError for a path that leads to no single value; a last
    name that the model does not know is left to the checks, which name the nearest.
    """
    model: type[BaseModel] = kind.model
    here, steps = values, path.split(".")
    while steps:
        name = steps.pop(0)
        field = model.model_fields.get(name)
        inner = inner_model(field.annotation) if field else None
        if field is None or inner is None:
            if steps or not name:
                break
            _put(here, name, text, as_item=field is not None and is_list(field))
            return
        here = _item(here.setdefault(name, []), steps) if is_list(field) else here.setdefault(name, {})
        model = inner
    raise ValueError(path)


def _put(here: dict[str, Any], name: str, text: str, *, as_item: bool) -> None:
    if as_item:
        here.setdefault(name, []).append(text)
    else:
        here[name] = text


def _item(items: list[dict[str, Any]], steps: list[str]) -> dict[str, Any]:
    """The item that the next step counts, a new one at the end; takes the step."""
    index = steps.pop(0) if steps else ""
    if not re.fullmatch("[0-9]{1,4}", index) or int(index) > len(items):
        raise ValueError(index)
    if int(index) == len(items):
        items.append({})
    return items[int(index)]


def isolate_value(kind: Kind, path: str, text: str) -> Document:
    """A record of one value and nothing else."""
    values: dict[str, Any] = {}
    set_value(kind, values, re.sub(r"(?<=\.)[0-9]+(?=\.)", "0", path), text)
    return decode_document("", build_skeleton(kind, values).encode())


def check_value(kind: Kind, path: str, text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with one value by itself."""
    document = isolate_value(kind, path, text)
    decode_model(document, kind.model, id="new")
    return tuple(d for d in document.diagnostics if d.code not in UNFILLED)


def iter_unfilled(kind: Kind, values: Values) -> Iterator[tuple[str, FieldInfo]]:
    """The required fields that still lack a value, as dotted paths with their fields."""
    document = decode_document("", build_skeleton(kind, values).encode())
    for path in document.marks:
        if value_at(document.data, path) is None and (field := field_at(kind.model, path)):
            dotted = path[:-1] if isinstance(path[-1], int) else path
            yield ".".join(map(str, dotted)), field


def iter_given(kind: Kind, document: Document) -> Iterator[tuple[FieldPath, FieldInfo, str]]:
    """The texts that stand in a skeleton, each with its path and its field."""
    for path in document.marks:
        field, value = field_at(kind.model, path), value_at(document.data, path)
        if field and isinstance(value, str):
            yield path, field, value


# -- lines ---------------------------------------------------------------------------------------


def _fields(model: type[BaseModel], values: Values, around: tuple[type[BaseModel], ...]) -> list[str]:
    """The lines of a model's fields; `around` are the models it stands in."""
    fields = {name: field for name, field in model.model_fields.items() if not field.exclude}
    lines: list[str] = []
    for name, field in fields.items():
        lines += _field(name, field, values.get(name), (*around, model))
    unknown = (name for name in values if name not in fields)
    return lines + [f"{as_scalar(name)}: {as_scalar(str(values[name]))}" for name in unknown]


def _field(name: str, field: FieldInfo, value: object, around: tuple[type[BaseModel], ...]) -> list[str]:
    if value is None and not field.is_required():
        return [f"# {line}" for line in _open(name, field, None, around, "")]
    return _open(name, field, value, around, _MARK)


def _open(
    name: str, field: FieldInfo, value: object, around: tuple[type[BaseModel], ...], mark: str
) -> list[str]:
    """The lines of a field that is there, filled or marked."""
    about = _NOTES.get(name) if value else None
    note = f" # {about or describe(field)}"
    model = inner_model(field.annotation)
    if model in around:
        return [f"{name}:{note}"]
    if model is not None:
        return [f"{name}:{note}", *indent(_nested(field, model, value, around))]
    if isinstance(value, list) or (is_list(field) and value is None):
        items = [f"  - {as_scalar(str(item))}" for item in value] if isinstance(value, list) else []
        return [f"{name}:{note}", *(items or [f"  - # {mark}".rstrip(" #")])]
    if value is None:
        return [f"{name}: # {mark}：{describe(field)}" if mark else f"{name}:{note}"]
    return [f"{name}: {as_scalar(str(value))}{note}"]


def _nested(
    field: FieldInfo, model: type[BaseModel], value: object, around: tuple[type[BaseModel], ...]
) -> list[str]:
    """The lines of a model inside a field, or of the items of a list of them."""
    if not is_list(field):
        return _fields(model, value if isinstance(value, dict) else {}, around)
    lines: list[str] = []
    for item in value if isinstance(value, list) and value else [{}]:
        inner = _fields(model, item if isinstance(item, dict) else {}, around)
        optional = [line for line in inner if line.startswith("#")]
        present = [line for line in inner if not line.startswith("#")]
        lines += [f"- {present[0]}", *indent([*present[1:], *optional])]
    return lines


def describe(field: FieldInfo) -> str:
    """A field's title, what it holds, and what may stand in it, in one line."""
    choices = "、".join(value if value == label else f"{value} {label}" for value, label in _choices(field))
    example = next((str(example) for example in field.examples or ()), "")
    parts = (field.description, f"可选：{choices}" if choices else "", f"如 {example}" if example else "")
    about = "；".join(part for part in parts if part)
    return f"{field.title}（{about}）" if about else str(field.title)


def _choices(field: FieldInfo) -> list[tuple[str, str]]:
    return [] if inner_model(field.annotation) else list(find_choices(field).items())
