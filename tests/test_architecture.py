"""The layer table of ARCHITECTURE.md, held against the code's own imports."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "build_scripts"
ADAPTERS = {
    "building/docs_folder",
    "publishing/mkdocs_plugin",
    "publishing/publisher",
    "publishing/settings",
    "serving/server",
}
ROW = re.compile(r"^\| (?P<layer>\d+) \| (?P<modules>[^|]+) \|", re.MULTILINE)


def read_layers(text: str) -> dict[str, int]:
    """The layer of each module or folder of the package, by name."""
    return {
        name.strip(): int(row["layer"]) for row in ROW.finditer(text) for name in row["modules"].split(",")
    }


def imported(source: str, parts: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The parts of what a module at `parts` imports from the package: modules, and names within them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = (*parts[: len(parts) - node.level], *(node.module or "").split("."))
        elif (node.module or "").startswith("build_scripts."):
            base = tuple(node.module.split(".")[1:])
        else:
            continue
        found |= {(*(part for part in base if part), alias.name) for alias in node.names}
    return found


def find_faults(layers: dict[str, int], modules: dict[tuple[str, ...], str]) -> list[str]:
    """Imports against the table's direction, and modules that the table does not know."""
    faults = []
    for parts, source in modules.items():
        own = parts[0]
        if own not in layers:
            faults.append(f"{own} is in no layer")
            continue
        names = {name for name, *_ in imported(source, parts)} - {own}
        later = (name for name in names if layers.get(name, 99) > layers[own])
        faults += [f"{'.'.join(parts)} imports {name}" for name in sorted(later)]
    return faults


def package_modules() -> dict[tuple[str, ...], str]:
    """Every module of the package by its parts, with its text."""
    paths = (path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return {
        path.relative_to(PACKAGE).with_suffix("").parts: path.read_text(encoding="utf-8") for path in paths
    }


def test_imports_point_one_way() -> None:
    """No module imports from a later layer, and every module has a layer."""
    layers = read_layers((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert find_faults(layers, package_modules()) == []


def order_modules(modules: dict[tuple[str, ...], str]) -> list[tuple[str, ...]]:
    """The modules so that each stands after those that it imports. Raises `CycleError` where that cannot be."""
    own = {parts: parts[:-1] if parts[-1] == "__init__" else parts for parts in modules}
    known = set(own.values())
    needed = {
        name: {
            next(n for n in (found, found[:-1], ()) if n in known or not n)
            for found in imported(modules[parts], parts)
        }
        for parts, name in own.items()
    }
    return list(
        TopologicalSorter({name: found - {(), name} for name, found in needed.items()}).static_order()
    )


def test_no_two_modules_need_each_other() -> None:
    """Within a folder too, imports point one way; one that is hidden in a function counts."""
    modules = package_modules()
    assert len(order_modules(modules)) == len(modules)
    with pytest.raises(CycleError):
        order_modules(modules | {("words", "prose"): "def f():\n    from ..records import references\n"})


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from .site import x", "load imports site"),
        ("def f():\n    from . import build\n", "load imports build"),
    ],
)
def test_a_wrong_import_would_be_found(source: str, fault: str) -> None:
    """The check fails on a planted import against the direction, hidden in a function or not."""
    assert find_faults({"load": 1, "site": 2, "build": 3}, {("load",): source}) == [fault]


def test_the_core_knows_no_publisher() -> None:
    """Only the adapter imports MkDocs."""
    users = {
        "/".join(parts)
        for parts, source in package_modules().items()
        if re.search(r"^\s*(from|import) mkdocs", source, re.MULTILINE)
    }
    assert users <= ADAPTERS


def test_every_layer_names_real_modules() -> None:
    """The table lists no module that is gone."""
    layers = read_layers((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert [
        n for n in layers if not Path(PACKAGE / n).is_dir() and not Path(PACKAGE / f"{n}.py").is_file()
    ] == []
