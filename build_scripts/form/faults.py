"""Faults told to someone who sees a form: by the record's and the field's Chinese names, not by line and column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from pydantic import BaseModel

from ..faults.diagnostics import Diagnostic
from ..faults.rules import Language
from ..kinds.registry import kind_in_folder
from ..records.city import City
from ..records.document import Document, FieldPath, Mark
from ..records.shapes import inner_model
from ..records.yaml_text import decode_document

Reader = Callable[[str], bytes]
_MOST_TOLD = 6
_AT_KEYS = ("B115", "B202")  # told at a key, which stands before its value


def tell_faults(diagnostics: Iterable[Diagnostic], read: Reader, language: Language) -> list[dict[str, Any]]:
    """One object a fault, for JSON. `read` gives the bytes of a file by its path; an OSError is borne."""
    documents: dict[str, Document | None] = {}
    told = []
    for fault in diagnostics:
        if fault.path not in documents:
            documents[fault.path] = _locate(fault.path, read)
        document = documents[fault.path]
        field = name_field(document, fault) if document else ""
        told.append(
            {
                "code": fault.code,
                "severity": fault.severity.value,
                "path": fault.path,
                "record": _name_record(document),
                "line": fault.line,
                "column": fault.column,
                "field": field,
                "message": fault.message(language),
                "help": fault._replace(cell=field).help(language),
            }
        )
    return told


def _locate(path: str, read: Reader) -> Document | None:
    if not path.endswith(".yml"):
        return None
    try:
        return decode_document(path, read(path))
    except OSError:
        return None


def _name_record(document: Document | None) -> str:
    """What a record says it is called."""
    name = document.data.get("name") if document and isinstance(document.data, dict) else None
    return name if isinstance(name, str) else ""


def name_field(document: Document, fault: Diagnostic) -> str:
    """The names of a fault's field, from the outside in: `数据 2 › 数值`; empty when there is none."""
    kind = kind_in_folder(document.path.split("/")[-2]) if document.path.count("/") > 1 else None
    return " › ".join(_name_steps(kind.model if kind else City, _find_path(document, fault)))


def _find_path(document: Document, fault: Diagnostic) -> FieldPath:
    """The path of the value that a fault is about, or of the one that is not there."""
    mark = Mark(fault.line, fault.column)
    if fault.code in _AT_KEYS:
        return document.path_named_at(mark)
    path = document.path_at(mark)
    return (*path, dict(fault.values)["field"]) if fault.code == "B201" else path


def _name_steps(model: type[BaseModel] | None, path: FieldPath) -> list[str]:
    names: list[str] = []
    for step in path:
        if isinstance(step, int):
            if names:  # else a list stands where a record should
                names[-1] = f"{names[-1]} {step + 1}"
            continue
        field = model.model_fields.get(step) if model else None
        names.append(field.title or step if field else step)
        model = inner_model(field.annotation) if field else None
    return names


def sum_up(told: list[dict[str, Any]], saved: Collection[str]) -> str:
    """The first faults as one line for a dialog box; those of other files than the saved ones with the record's name."""
    lines = [
        f"{_name_place(fault, saved)}：{fault['message']} {fault['help']}".strip()
        for fault in told[:_MOST_TOLD]
    ]
    return "　".join([*lines, f"……共 {len(told)} 处" if len(told) > _MOST_TOLD else ""]).strip()


def _name_place(fault: dict[str, Any], saved: Collection[str]) -> str:
    record = "" if fault["path"] in saved and fault["field"] else fault["record"] or fault["path"]
    return " › ".join(name for name in (record, fault["field"]) if name)
