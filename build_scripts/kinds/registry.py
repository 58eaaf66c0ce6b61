"""Finds the kinds: every module of this folder that defines `KIND`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from .base import Kind


@cache
def find_kinds() -> tuple[Kind, ...]:
    """All kinds, by rank."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (importlib.import_module(f"{__package__}.{name}") for name in names)
    kinds = (module.KIND for module in modules if hasattr(module, "KIND"))
    return tuple(sorted(kinds, key=lambda kind: (kind.order, kind.name)))


@cache
def kind_named(name: str) -> Kind:
    """The kind with an English name, such as `area`."""
    return next(kind for kind in find_kinds() if kind.name == name)


@cache
def kind_in_folder(folder: str) -> Kind | None:
    """The kind kept in a folder of belts/, such as `areas`."""
    return next((kind for kind in find_kinds() if kind.folder == folder), None)
