"""The container recipe: linted and read, not run. What it runs (set-up, deploy, nginx) has tests of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

RECIPE = ROOT / ".ci/Containerfile"
HADOLINT = Path(sys.executable).with_name("hadolint")


def lint(text: str) -> str:
    """What hadolint says of a recipe; empty when it finds nothing."""
    done = subprocess.run(
        [HADOLINT, "--no-color", "--failure-threshold", "style", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.stdout) == bool(done.returncode), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def recipe() -> str:
    return RECIPE.read_text(encoding="utf-8")


def test_hadolint_finds_nothing(recipe: str) -> None:
    assert lint(recipe) == ""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("python:3.11-slim-bookworm", "python:latest", "DL3007"),
        ("# hadolint ignore=DL3008\n", "", "DL3008"),
        ("USER 101", "USER root", "DL3002"),
        ("WORKDIR /src", "WORKDIR src", "DL3000"),
        ("EXPOSE 8080", "EXPOSE 8080000", "DL3011"),
    ],
)
def test_hadolint_finds_a_planted_fault(recipe: str, old: str, new: str, code: str) -> None:
    assert old in recipe
    spoilt = recipe.replace("${PYTHON_IMAGE}", "python:3.11-slim-bookworm").replace(old, new)
    assert code in lint(spoilt)


def test_what_serves_is_small_unprivileged_and_watched(recipe: str) -> None:
    """The last stage has nothing of the build but its product, no root, and a health check."""
    stages = re.split(r"^FROM ", recipe, flags=re.MULTILINE)[1:]
    assert len(stages) == 2
    last = stages[-1]
    assert not re.search(r"^RUN ", last, re.MULTILINE)
    assert re.findall(r"^COPY (.*)$", last, re.MULTILINE) == [
        "--from=build /srv/belts /srv/belts",
        "--from=build /src/belts.conf /etc/nginx/conf.d/default.conf",
    ]
    users = re.findall(r"^USER (\S+)$", recipe, re.MULTILINE)
    assert users == ["1000", "101"]
    assert "HEALTHCHECK" in last
    assert "--read-only" in recipe


def test_nothing_of_this_machine_enters_the_image() -> None:
    """What is not committed is kept out, or could differ from one machine to the next."""
    ignored = (ROOT / ".ci/Containerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    assert {".git", ".venv", "node_modules", "site", ".cache"} <= set(ignored)
