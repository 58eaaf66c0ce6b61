"""From one YAML document to one typed record, with a diagnostic for every field that is wrong.

Owns the wording of type errors: pydantic finds them, this module says them in our words at the
editor's line. Knows no other record.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ..faults.rules import RULES
from ..words.spelling import LONGEST_WORD, closest, suggest
from .dates import FULL_WIDTH, PartialDate
from .document import Data, Document, FieldPath, Mark
from .models import wanted
from .quantities import Quantity
from .shapes import field_at, find_choices, iter_marks, iter_types, model_at
from .slips import is_in_block, report_slip
from .text import CleanText, split_ids

M = TypeVar("M", bound=BaseModel)

_FULL_WIDTH_SIGN = re.compile("[０-９．－／％～＜＞＋]")
_FULL_WIDTH = re.compile(f"{_FULL_WIDTH_SIGN.pattern}|\u3000")
_REMARK = re.compile("(\n +)# ")
_MOST_REMARKS = 200  # that are looked at in a file
_CHINESE_QUOTES = re.compile("[“‘”’＂＇](.+)[“‘”’＂＇]")
_UNQUOTED = ("enum", "B207", "B404", "B501", "B504", "B601")  # faults of what holds no quotation mark
_SPACED_QUOTES = (" ' ", ' " ', " '\n", ' "\n')

_WANTED = {
    "string_type": ("文字", "text"),
    "tuple_type": ("列表", "a list"),
    "model_type": ("映射", "a mapping"),
    "model_attributes_type": ("映射", "a mapping"),
}

_SPELLINGS = {
    "int": ("整数", "a whole number", "12"),
    "float": ("数", "a number", "1.5"),
    "finite": ("数", "a number", "1.5"),
    "bool": ("true 或 false", "true or false", "true"),
}
"""Chinese, English and an example, by what pydantic's error types begin with."""


def decode_plain(data: bytes, model: type[M]) -> M | None:
    """Type data kept as JSON; None when any field is wrong: `decode_model` says which."""
    try:
        return type_plain(data, model)
    except ValidationError:
        return None


def type_plain(data: bytes, model: type[M]) -> M:
    """Type data kept as JSON. Raises ValidationError when any field is wrong."""
    if b"\\n" in data:  # line breaks, which `values` unfolds in Python
        return model.model_validate(json.loads(data))
    return model.model_validate_json(data)


def plain_data(document: Document, model: type[BaseModel], given: Iterable[str]) -> dict[str, Data] | None:
    """The data of a document that has nothing to report but, at most, in the values of fields."""
    if not document.is_plain or not isinstance(document.data, dict):
        return None
    _judge_text(document, model, given)
    return None if document.diagnostics else document.data


def decode_model(document: Document, model: type[M], **given: str) -> M | None:
    """Type a document's data as `model`; faults go to `document.diagnostics`.

    `given` holds fields that do not stand in the file, such as the id. Returns None when any
    field is wrong.
    """
    if document.data is None:
        if not document.diagnostics:
            document.report_form("B102", Mark(1, 1))
        return None
    if not isinstance(document.data, dict):
        if not (isinstance(document.data, str) and report_slip(document, document.mark(()))):
            document.report_form("B103", document.mark(()), **wanted("", "", document.data))
        return None
    _judge_text(document, model, given)
    empty = set() if document.is_plain else set(_drop_empty(document, document.data, ()))
    try:
        record = model.model_validate({**document.data, **given})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if tuple(details["loc"]) not in empty:
                _report(document, model, details)
        return None
    return None if any(RULES[d.code].severity == "error" for d in document.diagnostics) else record


def _judge_text(document: Document, model: type[BaseModel], given: Iterable[str]) -> None:
    """Report what is wrong with a mapping as it is written, whatever its values are."""
    _report_given(document, model, given)
    _note_spellings(document, model)
    _report_remarks(document, model)


def decode_sound(document: Document, stand_in: M) -> M:
    """The fields of a document in which nothing is wrong; the others as `stand_in` has them. Reports nothing."""
    given = document.data if isinstance(document.data, dict) else {}
    model = type(stand_in)
    try:
        model.model_validate(given)
        faulty = set()
    except ValidationError as error:
        faulty = {details["loc"][0] for details in error.errors(include_url=False) if details["loc"]}
    sound = {name: value for name, value in given.items() if name not in faulty}
    return model.model_validate({**stand_in.__dict__, **sound})


def _report_given(document: Document, model: type[BaseModel], given: Iterable[str]) -> None:
    for key in given:
        if isinstance(document.data, dict) and key in document.data:
            values = {"field": key, "hint_zh": "（由文件名决定）", "hint_en": " (the file name gives it)"}
            known = "、".join(name for name, field in model.model_fields.items() if not field.exclude)
            document.report("B202", document.key_mark((key,)), known=known, **values)


def _drop_empty(document: Document, data: Data, path: FieldPath) -> Iterator[FieldPath]:
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


def _note_spellings(document: Document, model: type[BaseModel]) -> None:
    """Note full-width digits and outer spaces, which are read as what they stand for."""
    spaced = any(quote in f"{document.text}\n" for quote in _SPACED_QUOTES)
    if not spaced and not _FULL_WIDTH.search(document.text):
        return
    for path, text in iter_values(document.data):
        if text.strip(" \u3000") not in (text, "") and "\n" not in text:
            document.report("B210", document.mark(path))
        if len(text) <= LONGEST_WORD and _FULL_WIDTH_SIGN.search(text) and _is_number(field_at(model, path)):
            document.report("B510", document.mark(path), got=text, read=text.translate(FULL_WIDTH))


def _report_remarks(document: Document, model: type[BaseModel]) -> None:
    """Report lines of a plain text of several lines that are written as comments; in Markdown they are headings."""
    for match in islice(_REMARK.finditer(document.text), _MOST_REMARKS):
        mark = document.mark_at(match.end(1))
        field = field_at(model, document.path_at(mark)) if is_in_block(document, mark.line - 1) else None
        if field and any(isinstance(found, CleanText) for found in iter_marks(field)):
            document.report("B131", mark)


def iter_values(data: Data, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Each text in plain data, by its path."""
    if isinstance(data, str):
        yield path, data
    elif data is not None:
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from iter_values(value, (*path, key))


def _is_number(field: FieldInfo | None) -> bool:
    """Whether a field holds a number or a date."""
    return field is not None and bool(
        {Quantity, PartialDate, float, datetime.date} & set(iter_types(field.annotation))
    )


def _report(document: Document, model: type[BaseModel], details: ErrorDetails) -> None:
    path, kind, context = error_path(details), details["type"], details.get("ctx", {})
    if kind in _UNQUOTED and (match := _CHINESE_QUOTES.fullmatch(str(details["input"]))):
        document.report("B132", document.mark(path), got=match[0], suggestion=match[1].strip())
    elif kind in RULES:
        values = {key: str(value) for key, value in context.items() if key != "at"}
        document.report(kind, document.mark(path), **values)
    elif kind == "missing":
        document.report("B201", document.mark(path[:-1]), **_missing(str(path[-1]), field_at(model, path)))
    elif kind == "extra_forbidden":
        _report_unknown(document, model_at(model, path[:-1]), path)
    elif kind == "enum":
        _report_choice(document, path, details["input"], field_at(model, path))
    elif kind == "too_short":
        document.report("B208", document.mark(path), least=context.get("min_length", 1))
    elif (spelling := kind.partition("_")[0]) in _SPELLINGS and not isinstance(
        details["input"], (dict, list)
    ):
        document.report("B203", document.mark(path), **_misspelt(details["input"], *_SPELLINGS[spelling]))
    elif not (_may_be_slip(details) and report_slip(document, document.mark(path))):
        zh, en = _WANTED.get(kind, ("另一种值", "another kind of value"))
        values = wanted(zh, en, details["input"])
        if kind == "tuple_type" and (ids := split_ids(str(details["input"]))):
            values |= _one_a_line(ids)
        document.report("B203", document.mark(path), **values)


def _misspelt(got: object, zh: str, en: str, example: str) -> dict[str, str]:
    """Return the values of B203 for a text that is no number, or neither true nor false."""
    return {
        "want_zh": zh,
        "want_en": en,
        "got_zh": f"“{got}”",
        "got_en": f"“{got}”",
        "help_zh": f"写成 {example} 这样，单位和说明写在别的字段。",
        "help_en": f"Write it like {example}; units and remarks go into other fields.",
    }


def _one_a_line(ids: Iterable[str]) -> dict[str, str]:
    """The advice of B203 for ids that stand in one line instead of a list."""
    lines = [f"- {record_id}" for record_id in ids]
    return {
        "help_zh": f"每个编号另起一行，以“- ”开头：{'；'.join(lines)}",
        "help_en": f"Begin a new line with a hyphen for each id: {'; '.join(lines)}",
    }


def error_path(details: ErrorDetails) -> FieldPath:
    """The path of the value that is wrong, the field that a fault of a whole model shows in included."""
    steps = details.get("ctx", {}).get("at", "").split(".") if details["type"] in RULES else ()
    return (*details["loc"], *(int(step) if step.isdigit() else step for step in steps if step))


def _may_be_slip(details: ErrorDetails) -> bool:
    """Whether a wrong value may be fields or items that were not read as such."""
    return isinstance(details["input"], str) or details["type"] == "tuple_type"


def _missing(name: str, field: FieldInfo | None) -> dict[str, str]:
    """The values of B201: what the field is called, what it holds, how a line of it looks."""
    title = (field.title if field else None) or name
    example = next(iter(field.examples or ()), "") if field else ""
    choices = next(iter(find_choices(field)), "")
    about = f"；{field.description}" if field and field.description else ""
    shown = example if isinstance(example, str) else ""
    return {"field": name, "title": title, "example": f"{name}: {shown or choices or '…'}", "about": about}


def _report_unknown(document: Document, owner: type[BaseModel] | None, path: FieldPath) -> None:
    fields = {name: field for name, field in owner.model_fields.items() if not field.exclude} if owner else {}
    word = str(path[-1])
    titles = {field.title: name for name, field in fields.items() if field.title}
    match = titles.get(word) or closest(word, fields) or titles.get(closest(word, titles), "")
    document.report("B202", document.key_mark(path), field=word, known="、".join(fields), **suggest(match))


def _report_choice(document: Document, path: FieldPath, got: Any, field: FieldInfo | None) -> None:
    if not isinstance(got, str):
        document.report("B203", document.mark(path), **wanted("文字", "text", got))
        return
    choices = find_choices(field)
    by_label = {label: value for value, label in choices.items()}
    match = by_label.get(got) or closest(got, choices) or by_label.get(closest(got, by_label), "")
    allowed = "、".join(
        value if value == label else f"{value}（{label}）" for value, label in choices.items()
    )
    document.report("B204", document.mark(path), got=got, allowed=allowed, **suggest(match))
