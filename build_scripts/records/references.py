"""Which ids, districts and files a record names, and at which path each stands.

Reads the markers in the models' annotations (`RecordReference`, `DistrictReference`, `DataFile`, `PhotoFile`), so a
new field needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar, overload

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .document import FieldPath
from .ids import DataFile, DistrictReference, PhotoFile, RecordReference
from .shapes import inner_model, inner_models, iter_marks

M = TypeVar("M", bound=BaseModel)
N = TypeVar("N", bound=BaseModel)
Marker = RecordReference | DistrictReference | DataFile | PhotoFile


class Reference(NamedTuple):
    """One named thing: where it is named, what it is called, what it must be."""

    path: FieldPath
    target: str
    marker: Marker


def iter_references(model: BaseModel, path: FieldPath = ()) -> Iterator[Reference]:
    """Every reference inside a model, depth first in field order."""
    for name, marker in _plan(type(model)):
        value = getattr(model, name)
        for index, item in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            item_path = (*path, name) if index is None else (*path, name, index)
            if marker is not None and item is not None:
                yield Reference(item_path, item, marker)
            elif item is not None:
                yield from iter_references(item, item_path)


def find_names(model: BaseModel) -> tuple[tuple[str, Marker], ...]:
    """What the references inside a model name, each name once for each marker, in the order found."""
    found: dict[tuple[str, int], Marker] = {}
    _find_names(model, found)
    return tuple((target, marker) for (target, _), marker in found.items())


def find_links(body: str | None) -> tuple[str, ...]:
    """The ids of the records that the text of a record links to, each once."""
    if body is None:
        return ()
    from ..words.prose import read_prose  # which takes long to load

    return tuple(dict.fromkeys(record_id for record_id, _ in read_prose(body).record_links))


def _find_names(model: BaseModel, found: dict[tuple[str, int], Marker]) -> None:
    for name, marker in _plan(type(model)):
        for item in _items(getattr(model, name)):
            if marker is not None:
                found[item, id(marker)] = marker
            else:
                _find_names(item, found)


def has_repeats(model: BaseModel) -> bool:
    """Whether any list of references inside a model names something twice."""
    for name, marker in _plan(type(model)):
        items = _items(getattr(model, name))
        if len(set(items)) < len(items) if marker else any(map(has_repeats, items)):
            return True
    return False


def _items(value: Any) -> tuple[Any, ...]:
    """What stands in a field: each item of a list, one value, or nothing."""
    return value if type(value) is tuple else () if value is None else (value,)


@overload
def iter_models(
    model: BaseModel, wanted: tuple[type[M], type[N]], path: FieldPath = ()
) -> Iterator[tuple[FieldPath, M | N]]: ...
@overload
def iter_models(
    model: BaseModel, wanted: tuple[type[M], ...], path: FieldPath = ()
) -> Iterator[tuple[FieldPath, M]]: ...
def iter_models(
    model: BaseModel, wanted: tuple[type[BaseModel], ...], path: FieldPath = ()
) -> Iterator[tuple[FieldPath, BaseModel]]:
    """The models of some types that stand in a model, itself included, with their paths."""
    if isinstance(model, wanted):
        yield path, model
    for name in _fields_with(type(model), wanted):
        value = getattr(model, name)
        for index, item in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(item, BaseModel):
                yield from iter_models(item, wanted, (*path, name) if index is None else (*path, name, index))


@cache
def _plan(model: type[Any]) -> tuple[tuple[str, Marker | None], ...]:
    """The fields of a model that can hold references; the marker is None where they stand in models inside."""
    markers = ((name, field_marker(field), field) for name, field in _fields_of(model))
    return tuple(
        (name, marker)
        for name, marker, field in markers
        if marker is not None
        or any(field_marker(f) for m in _models_in(field) for f in m.model_fields.values())
    )


def _fields_of(model: type[Any]) -> Iterable[tuple[str, FieldInfo]]:
    """The fields of a model; none of a plain value that stands where a model may."""
    return model.model_fields.items() if issubclass(model, BaseModel) else ()


def field_marker(field: FieldInfo) -> Marker | None:
    """What the text of a field, or each text of a list, must be the name of; None for other fields."""
    return next((mark for mark in iter_marks(field) if isinstance(mark, Marker)), None)


@cache
def _fields_with(model: type[BaseModel], wanted: tuple[type[BaseModel], ...]) -> tuple[str, ...]:
    """The names of the fields in which models of some types stand, at any depth."""
    fields = model.model_fields.items()
    return tuple(name for name, field in fields if any(issubclass(m, wanted) for m in _models_in(field)))


def _models_in(field: FieldInfo) -> list[type[BaseModel]]:
    """The models that stand in a field, at any depth."""
    model = inner_model(field.annotation)
    return [model, *inner_models(model)] if model else []
