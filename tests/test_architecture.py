"""The layer table of ARCHITECTURE.md, held against the code's own imports."""

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "build_scripts"
ADAPTERS = {"docs_folder", "mkdocs_plugin", "publisher", "preview_server"}
ROW = re.compile(r"^\| (?P<layer>\d+) \| (?P<modules>[^|]+) \|", re.MULTILINE)


def read_layers(text: str) -> dict[str, int]:
    """The layer of each module or folder of the package, by name."""
    return {
        name.strip(): int(row["layer"]) for row in ROW.finditer(text) for name in row["modules"].split(",")
    }


def imported(source: str, parts: tuple[str, ...]) -> set[str]:
    """The top-level names of the package that a module at `parts` imports; checks of types alone do not count."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = parts[: len(parts) - node.level]
            names = (
                [(*base, *(node.module or "").split("."))]
                if node.module
                else [(*base, a.name) for a in node.names]
            )
            found |= {name[0] for name in names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("build_scripts."):
            found.add(node.module.split(".")[1])
    return found


def find_faults(layers: dict[str, int], modules: dict[tuple[str, ...], str]) -> list[str]:
    """Imports against the table's direction, and modules that the table does not know."""
    faults = []
    for parts, source in modules.items():
        own = parts[0]
        if own not in layers:
            faults.append(f"{own} is in no layer")
            continue
        later = (name for name in imported(source, parts) - {own} if layers.get(name, 99) > layers[own])
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
        parts[0]
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
