"""Finds the kinds: every module of this folder that defines `KIND`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .base import Kind, PlaceRecord

_PAGES = "browse compare data district districts history home map offline progress standards"
SITES_OWN = frozenset([*_PAGES.split(), "assets", "pagefind", "geo", "photos", "schemas", "tracks"])
"""The views and folders of the site and of belts/ that are no kind's, which no kind can be called."""


@cache
def find_kinds() -> tuple[Kind, ...]:
    """Return all kinds by rank. Raises ValueError for a name, folder, model or rank that is taken."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (importlib.import_module(f"{__package__}.{name}") for name in names)
    found = {module.__name__: module.KIND for module in modules if hasattr(module, "KIND")}
    _refuse_taken(found)
    return tuple(sorted(found.values(), key=lambda kind: (kind.order, kind.name)))


def _refuse_taken(found: Mapping[str, Kind]) -> None:
    """Raise ValueError for the first kind whose name, folder, model or rank belongs to the site or to another kind."""
    owners: dict[object, str] = dict.fromkeys(SITES_OWN, "the site itself")
    for module, kind in found.items():
        for word in (kind.name, kind.folder, kind.url_folder, kind.model, kind.order):
            other = owners.setdefault(word, module)
            if other != module:
                raise ValueError(f"{other} and {module} both have {word!r}: each KIND needs its own")


@cache
def kind_named(name: str) -> Kind:
    """The kind with an English name, such as `area`; KeyError tells the names there are."""
    kinds = {kind.name: kind for kind in find_kinds()}
    if name not in kinds:
        raise KeyError(f"no kind is named {name!r}; there are {', '.join(kinds)}")
    return kinds[name]


@cache
def place_titles() -> str:
    """The kinds whose records stand somewhere, as 示范片、党建联盟、共富工坊."""
    return "、".join(kind.title for kind in find_kinds() if issubclass(kind.model, PlaceRecord))


@cache
def kind_in_folder(folder: str) -> Kind | None:
    """The kind kept in a folder of belts/, such as `areas`."""
    return next((kind for kind in find_kinds() if kind.folder == folder), None)
