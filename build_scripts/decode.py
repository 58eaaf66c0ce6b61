"""From one YAML document to one typed record, with a diagnostic for every field that is wrong.

Owns the wording of type errors: pydantic finds them, this module says them in our words at the
editor's line. Knows no other record.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .rules import RULES
from .values import wanted
from .yaml_text import Data, Document, Mark, Path

M = TypeVar("M", bound=BaseModel)

_WANTED = {
    "string_type": ("文字", "text"),
    "tuple_type": ("列表", "a list"),
    "model_type": ("映射", "a mapping"),
    "model_attributes_type": ("映射", "a mapping"),
}


def decode_model(document: Document, model: type[M], **given: str) -> M | None:
    """Type a document's data as `model`; faults go to `document.diagnostics`.

    `given` holds fields that do not stand in the file, such as the id. Returns None when any
    field is wrong.
    """
    if document.data is None:
        if not document.diagnostics:
            document.report("B102", Mark(1, 1))
        return None
    if not isinstance(document.data, dict):
        document.report("B103", document.mark(()), **wanted("", "", document.data))
        return None
    _report_given(document, given)
    empty = set(_drop_empty(document, document.data, ()))
    try:
        record = model.model_validate({**document.data, **given})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if tuple(details["loc"]) not in empty:
                _report(document, model, details)
        return None
    return None if any(RULES[d.code].severity == "error" for d in document.diagnostics) else record


def nearest(word: str, choices: Iterable[str]) -> dict[str, str]:
    """The hints “did you mean …?” of B2 and B3 rules: two languages, empty when nothing is near."""
    match = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    if not match:
        return {"hint_zh": "", "hint_en": ""}
    return {"hint_zh": f"，是否想写 {match[0]}？", "hint_en": f", did you mean `{match[0]}`?"}


def _report_given(document: Document, given: Iterable[str]) -> None:
    for key in given:
        if isinstance(document.data, dict) and key in document.data:
            values = {"field": key, "hint_zh": "（由文件名决定）", "hint_en": " (the file name gives it)"}
            document.report("B202", document.key_mark((key,)), known="", **values)


def _drop_empty(document: Document, data: Data, path: Path) -> Iterator[Path]:
    """Report keys and items without a value and take them out, so that each is reported once."""
    if isinstance(data, dict):
        for key in [key for key, value in data.items() if value is None]:
            document.report("B115", document.key_mark((*path, key)), key=key)
            del data[key]
            yield (*path, key)
        for key, value in data.items():
            yield from _drop_empty(document, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            if value is None:
                document.report("B115", document.mark((*path, index)), key="-")
                yield (*path, index)
            yield from _drop_empty(document, value, (*path, index))


def _report(document: Document, model: type[BaseModel], details: ErrorDetails) -> None:
    path: Path = tuple(details["loc"])
    kind, context = details["type"], details.get("ctx", {})
    if kind in RULES:
        document.report(kind, document.mark(path), **{key: str(value) for key, value in context.items()})
    elif kind == "missing":
        field = _field(model, path)
        title = field.title if field and field.title else path[-1]
        document.report("B201", document.mark(path[:-1]), field=path[-1], title=title)
    elif kind == "extra_forbidden":
        known = _field_names(model, path[:-1])
        hint = nearest(str(path[-1]), known)
        document.report("B202", document.key_mark(path), field=path[-1], known="、".join(known), **hint)
    elif kind == "enum":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        _report_choice(document, path, details["input"], allowed)
    elif kind == "too_short":
        document.report("B208", document.mark(path), least=context.get("min_length", 1))
    else:
        zh, en = _WANTED.get(kind, ("另一种值", "another kind of value"))
        document.report("B203", document.mark(path), **wanted(zh, en, details["input"]))


def _report_choice(document: Document, path: Path, got: Any, allowed: list[str]) -> None:
    if not isinstance(got, str):
        document.report("B203", document.mark(path), **wanted("文字", "text", got))
        return
    document.report("B204", document.mark(path), got=got, allowed="、".join(allowed), **nearest(got, allowed))


def _field(model: type[BaseModel], path: Path) -> FieldInfo | None:
    owner = _model_at(model, path[:-1])
    return owner.model_fields.get(str(path[-1])) if owner else None


def _field_names(model: type[BaseModel], path: Path) -> list[str]:
    owner = _model_at(model, path)
    if owner is None:
        return []
    return [name for name, field in owner.model_fields.items() if not field.exclude]


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that describes the mapping at a path of `model`'s data."""
    for step in path:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step)
        inner = _inner_model(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if inner := _inner_model(argument):
            return inner
    return None
