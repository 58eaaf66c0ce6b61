"""What is sound of data in which something is wrong: a model whose faulty fields are empty, whatever their types say.

For rules that look at single values; nothing is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from .decode import error_path
from .document import Data, Document, FieldPath, Mark
from .models import Model
from .shapes import inner_model, is_list

M = TypeVar("M", bound=Model)
Faults: TypeAlias = "dict[str | int, Faults]"
"""Where faults are, by the steps of their paths; empty where there is one."""


def decode_part(document: Document, model: type[M], **given: str) -> M | None:
    """The sound part of a document that `decode_model` has found faulty; None where nothing of it can be told."""
    if not isinstance(document.data, dict):
        return None
    data = {**document.data, **given}
    faults: Faults = {}
    for path in (*_find_misread(document), *_find_mistyped(model, data)):
        node = faults
        for step in path:
            node = node.setdefault(step, {})
    part: M | None = _make_part(model, data, faults)
    return part


def _find_misread(document: Document) -> Iterator[FieldPath]:
    """The values of which YAML may not have read what was meant."""
    for fault in document.diagnostics:
        if fault.code.startswith("B1"):
            yield document.path_named_at(Mark(fault.line, fault.column))


def _find_mistyped(model: type[Model], data: dict[str, Data]) -> Iterator[FieldPath]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        yield from map(error_path, error.errors(include_url=False))


def _make_part(model: type[Model], data: dict[str, Data], faults: Faults) -> Any:
    if faults.keys() - model.model_fields.keys():  # what has another name may be any field that is not there
        faults = {**{name: {} for name in model.model_fields.keys() - data.keys()}, **faults}
    if model.essential & faults.keys():
        return None
    unsure = {name for name, others in model.rests_on.items() if faults.keys() & others}
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        wrong = {} if name in unsure else faults.get(name)
        if name in data or wrong is not None:
            values[name] = _make_field(model, name, data.get(name), wrong)
        else:
            values[name] = field.get_default(call_default_factory=True)
    return model.model_construct(**values)


def _make_field(model: type[Model], name: str, value: Data, faults: Faults | None) -> Any:
    """What a field holds: of a list every item, an empty one for one that is faulty."""
    field = model.model_fields[name]
    if is_list(field):
        items = value if isinstance(value, list) and faults != {} else ()
        return tuple(_make_value(model, name, item, (faults or {}).get(at)) for at, item in enumerate(items))
    made = _make_value(model, name, value, faults)
    inner = inner_model(field.annotation)
    if made is None and inner and field.is_required():
        return inner.model_construct(**dict.fromkeys(inner.model_fields))
    return made


def _make_value(model: type[Model], name: str, value: Data, faults: Faults | None) -> Any:
    if faults is None:
        return _type_of(model, name).validate_python(value)
    inner = inner_model(model.model_fields[name].annotation)
    if inner and issubclass(inner, Model) and isinstance(value, dict):
        return _make_part(inner, value, faults)
    return None


@cache
def _type_of(model: type[Model], name: str) -> TypeAdapter[Any]:
    """The type of a field's value, or of each item of its list."""
    field = model.model_fields[name]
    inner = inner_model(field.annotation)
    return TypeAdapter(
        inner or (get_args(field.annotation)[0] if is_list(field) else field.rebuild_annotation())
    )
