"""SECURITY.md names tests: each is there."""

import ast
import re

import pytest
from conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::(\w+)`", TEXT)))


def _tests_of(name: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / name).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[f"{file}::{test}" for file, test in NAMED])
def test_each_test_that_is_named_exists(file: str, test: str) -> None:
    assert test in _tests_of(file)


def test_each_promise_names_a_test() -> None:
    table = TEXT.split("| promise | tests |\n| --- | --- |\n")[1].split("\n\n")[0]
    promises = [row.strip("| ").split(" | ") for row in table.splitlines()]
    assert len(promises) > 15
    assert [promise for promise, tests in promises if not re.search(r"`test_\w+\.py::\w+`", tests)] == []


def test_nobody_is_invented() -> None:
    """Faults go to the repository's host: no mailbox, no number, no address of ours."""
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w|https?://(?!HOST/)", TEXT)
