"""The workflows: what they run exists, what they use is pinned, what they may do is little."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

from build_scripts.cli import make_parser

GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
ALL = [*GITHUB, ROOT / ".gitlab-ci.yml"]


def read(path: Path) -> Any:
    """A workflow as plain data."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (text alone)


def steps(workflow: Any) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """By the whole id of a commit, with the version it stands for beside it."""
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.stem)
def test_workflows_may_do_little(path: Path) -> None:
    """They read; a job that writes says what; none runs a fork's code with rights, none keeps the token."""
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in path.read_text(encoding="utf-8")
    written = {
        right
        for job in workflow["jobs"].values()
        for right, kind in job.get("permissions", {}).items()
        if kind == "write"
    }
    assert written <= {"pull-requests", "pages", "id-token"}
    for job in workflow["jobs"].values():
        assert int(job["timeout-minutes"]) <= 45
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"
        assert "${{ github.event" not in step.get("run", ""), "what others write must not become code"


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_what_workflows_run_exists(path: Path) -> None:
    """Every make target and every belts command with its options."""
    text = path.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    parser = make_parser()
    commands = re.findall(r"\.venv/bin/belts ([^\n>]+)", text)
    for words in commands:
        parser.parse_args(re.sub(r'"[^"]*"', "X", words).split())


def test_a_change_is_checked_tested_shown_and_told() -> None:
    """On a pull request: annotations, all tests, a preview, and what the change does in words."""
    runs = "\n".join(step.get("run", "") for step in steps(read(ROOT / ".github/workflows/check.yml")))
    for words in (
        "check --format github",
        "check --against",
        ".ci/run",
        "make site",
        "belts diff",
        "gh pr comment",
    ):
        assert words in runs
    runs = "\n".join(step.get("run", "") for step in steps(read(ROOT / ".github/workflows/publish.yml")))
    for words in (".ci/run", "make site", "belts live"):
        assert words in runs
