"""Faults told to someone who sees a form: by the record's and the field's Chinese names, not by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel

from .city import City
from .diagnostics import Diagnostic
from .kinds.registry import kind_in_folder
from .rules import Language
from .shapes import inner_model
from .yaml_text import Document, Mark, Path, decode_document

Reader = Callable[[str], bytes]


def tell_faults(diagnostics: Iterable[Diagnostic], read: Reader, language: Language) -> list[dict[str, Any]]:
    """One object a fault, for JSON. `read` gives the bytes of a file by its path; an OSError is borne."""
    documents: dict[str, Document | None] = {}
    told = []
    for fault in diagnostics:
        if fault.path not in documents:
            documents[fault.path] = _locate(fault.path, read)
        document = documents[fault.path]
        told.append(
            {
                "code": fault.code,
                "severity": fault.severity.value,
                "path": fault.path,
                "line": fault.line,
                "column": fault.column,
                "field": name_field(document, Mark(fault.line, fault.column)) if document else "",
                "message": fault.message(language),
                "help": fault.help(language),
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


def name_field(document: Document, mark: Mark) -> str:
    """The names of the field at a place, from the outside in: `数据 2 › 数值`; empty when there is none."""
    kind = kind_in_folder(document.path.split("/")[-2]) if document.path.count("/") > 1 else None
    return " › ".join(_name_steps(kind.model if kind else City, document.path_at(mark)))


def _name_steps(model: type[BaseModel] | None, path: Path) -> list[str]:
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


def sum_up(told: list[dict[str, Any]], most: int = 6) -> str:
    """The first faults as one line for a dialog box."""
    lines = [
        f"{fault['field'] or fault['path']}：{fault['message']} {fault['help']}".strip()
        for fault in told[:most]
    ]
    return "　".join([*lines, f"……共 {len(told)} 处" if len(told) > most else ""]).strip()
