"""Which ids, districts and files a record names, and at which path each stands.

Reads the markers in the models' annotations (`RecordReference`, `DistrictReference`, `DataFile`, `PhotoFile`), so a
new field needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .values import DataFile, DistrictReference, PhotoFile, RecordReference
from .yaml_text import Path

Marker = RecordReference | DistrictReference | DataFile | PhotoFile


@dataclass(frozen=True, slots=True)
class Reference:
    """One named thing: where it is named, what it is called, what it must be."""

    path: Path
    target: str
    marker: Marker


def iter_references(model: BaseModel, path: Path = ()) -> Iterator[Reference]:
    """Every reference inside a model, depth first in field order."""
    for name, marker, nested in _plan(type(model)):
        value = getattr(model, name)
        if value is None:
            continue
        items = enumerate(value) if isinstance(value, tuple) else ((None, value),)
        for index, item in items:
            item_path = (*path, name) if index is None else (*path, name, index)
            if marker is not None:
                yield Reference(item_path, item, marker)
            elif nested and isinstance(item, BaseModel):
                yield from iter_references(item, item_path)


def iter_models(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, BaseModel]]:
    """A model and every model inside it, with paths."""
    yield path, model
    for name in _nesting_fields(type(model)):
        value = getattr(model, name)
        for index, item in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(item, BaseModel):
                yield from iter_models(item, (*path, name) if index is None else (*path, name, index))


@cache
def _plan(model: type[BaseModel]) -> tuple[tuple[str, Marker | None, bool], ...]:
    """The fields of a model that can hold references: name, marker, and whether models nest in it."""
    plan = []
    for name, field in model.model_fields.items():
        marker = field_marker(field)
        nested = _holds_model(field.annotation)
        if marker is not None or nested:
            plan.append((name, marker, nested))
    return tuple(plan)


def field_marker(field: FieldInfo) -> Marker | None:
    """What the text of a field, or each text of a list, must be the name of; None for other fields."""
    return _find_marker((*field.metadata, field.annotation))


def _find_marker(parts: tuple[Any, ...]) -> Marker | None:
    for part in parts:
        if isinstance(part, Marker):
            return part
        if get_origin(part) is not None or get_args(part):
            metadata = getattr(part, "__metadata__", ())
            if found := _find_marker((*metadata, *get_args(part))):
                return found
    return None


@cache
def _nesting_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The names of the fields that hold models."""
    return tuple(name for name, field in model.model_fields.items() if _holds_model(field.annotation))


def _holds_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_model(argument) for argument in get_args(annotation))
