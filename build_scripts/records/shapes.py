"""The shapes of models and of the data that they type: what a field holds, and what stands at a path.

Reads annotations and markers; knows no kind, no record and no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .document import FieldPath
from .text import TextLimit

# -- one field -----------------------------------------------------------------------------------


def iter_types(annotation: Any) -> Iterator[Any]:
    """An annotation and all that stands inside it: types, and what they are marked with."""
    yield annotation
    for argument in get_args(annotation):
        yield from iter_types(argument)


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation: `tuple[Stop, ...]` holds Stop; None when there is none."""
    models = (t for t in iter_types(annotation) if isinstance(t, type) and issubclass(t, BaseModel))
    return next(models, None)


def inner_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models inside a model, at any depth, each once: first those nearest to it, in field order."""
    outer = [model]
    for one in outer:  # to which those inside are added
        inside = (inner_model(field.annotation) for field in one.model_fields.values())
        outer += (inner for inner in dict.fromkeys(inside) if inner and inner not in outer)
    return outer[1:]


def find_choices(field: FieldInfo | None) -> dict[str, str]:
    """The values of a field with a closed vocabulary, with their labels."""
    types = iter_types(field.annotation) if field else ()
    found = next((t for t in types if isinstance(t, type) and issubclass(t, StrEnum)), None)
    return {str(member): getattr(member, "label", str(member)) for member in found or ()}


def iter_marks(field: FieldInfo) -> Iterator[Any]:
    """What a field, or what it holds, may be marked with; types stand between."""
    yield from field.metadata
    yield from iter_types(field.annotation)


def is_list(field: FieldInfo) -> bool:
    """Whether a field holds a list."""
    return get_origin(field.annotation) is tuple


def least_items(field: FieldInfo) -> int:
    """How many items a list must have."""
    return next((mark.min_length for mark in field.metadata if isinstance(mark, MinLen)), 0)


def longest_text(field: FieldInfo) -> int:
    """How many characters a text, or each text of a list, may have; 0 without a limit."""
    return next((mark.characters for mark in iter_marks(field) if isinstance(mark, TextLimit)), 0)


# -- paths ---------------------------------------------------------------------------------------


def model_at(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """The model that describes the mapping at a path of `model`'s data."""
    for step in path:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = inner_model(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def field_at(model: type[BaseModel], path: FieldPath) -> FieldInfo | None:
    """The field that holds the value at a path; the list's own field for an item of a list."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    owner = model_at(model, path[:-1])
    return owner.model_fields.get(str(path[-1])) if owner and path else None


def value_at(data: Any, path: FieldPath) -> Any:
    """What stands at a path of some data; None where nothing does."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
