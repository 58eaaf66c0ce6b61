"""The form's folder: what a Git host's form is configured with, and what its files may load."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, copy_project

from build_scripts.cli import main
from build_scripts.form.fields import build_backend
from build_scripts.form.folder import build_words, form_policy, patch_script
from build_scripts.records.city import GitHost

HOST = "git:\n  service: gitea\n  repository: example/belts\n  address: https://git.example.org/\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout of the real records."""
    return copy_project(tmp_path)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (
            {"service": "github", "repository": "a/b"},
            {
                "name": "github",
                "api_root": "https://api.github.com",
                "branch": "main",
                "auth_methods": ["token"],
            },
        ),
        (
            {"service": "github", "repository": "a/b", "login": "https://login.example.org"},
            {"base_url": "https://login.example.org", "auth_methods": ["oauth", "token"]},
        ),
        (
            {"service": "gitlab", "repository": "a/b", "app_id": "x", "branch": "draft"},
            {"base_url": "https://gitlab.com", "app_id": "x", "auth_type": "pkce", "branch": "draft"},
        ),
        (
            {"service": "gitea", "repository": "a/b", "address": "https://git.example.org/"},
            {"api_root": "https://git.example.org/api/v1", "repo": "a/b", "auth_methods": ["token"]},
        ),
        (
            {"service": "gitea", "repository": "a/b", "app_id": "x", "address": "https://git.example.org"},
            {"base_url": "https://git.example.org", "app_id": "x"},
        ),
    ],
)
def test_each_git_host_has_its_settings(host: dict[str, Any], expected: dict[str, Any]) -> None:
    """Own servers by their address; without an application, editors sign in with a token, by no third party."""
    backend = build_backend(GitHost(**host))
    assert backend.items() >= expected.items()
    assert "base_url" in backend or backend["auth_methods"] == ["token"]


def test_the_policy_names_the_git_host_alone() -> None:
    """The local form speaks to its own address; a hosted one to its host too."""
    assert "http" not in form_policy()
    backend = build_backend(GitHost(service="gitea", repository="a/b", address="https://git.example.org"))
    assert "connect-src 'self' blob: data: https://git.example.org;" in form_policy(backend)


def test_the_hosted_form_is_a_folder_of_static_files(project: Path) -> None:
    """Its own policy in the page and for the server; nothing of the local page beside it, nothing of the site."""
    city = project / "belts/city.yml"
    city.write_text(city.read_text(encoding="utf-8") + HOST, encoding="utf-8")
    assert main(["-C", str(project), "form", str(project / "out")]) == 0
    page = (project / "out/index.html").read_text(encoding="utf-8")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert "https://git.example.org" in page
    assert "frame-ancestors 'none'" in (project / "out/_headers").read_text(encoding="utf-8")
    assert not (project / "out/workbench.html").exists()
    assert main(["-C", str(project), "form", str(project / "out")]) == 0


def test_a_folder_of_something_else_is_not_cleared(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named, and left as it is."""
    assert main(["-C", str(project), "--lang", "en", "form", str(project / "belts")]) == 2
    assert (project / "belts/city.yml").is_file()
    assert "not cleared" in capsys.readouterr().err


@pytest.mark.parametrize("inside", ["", "/form"])
def test_a_file_is_no_folder_for_the_form(
    project: Path, capsys: pytest.CaptureFixture[str], inside: str
) -> None:
    """Named where a folder is wanted, or above it, it is said to be a file and stays."""
    city = project / "belts/city.yml"
    city.write_text(city.read_text(encoding="utf-8") + HOST, encoding="utf-8")
    assert main(["-C", str(project), "--lang", "en", "form", f"{city}{inside}"]) == 2
    assert capsys.readouterr().err == f"belts form: {city} is a file, not a folder\n"
    assert city.is_file()


def test_without_a_git_host_there_is_nothing_to_build(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says where to name one."""
    assert main(["-C", str(project), "--lang", "en", "form"]) == 1
    assert "city.yml" in capsys.readouterr().err


def test_missing_parts_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the form's packages the command that installs them is named."""
    (project / "node_modules").unlink()
    (project / "node_modules").mkdir()
    assert main(["-C", str(project), "--lang", "en", "edit", "--no-browser", "--port", "0"]) == 1
    assert "make edit" in capsys.readouterr().err


SAVING = """let{isNew:t,originalEntry:n}=e;if(!t&&n){try{await L()}catch(e){console.error(`Failed to check the \
repository for changes.`,e)}return c(n)}}
async({changes:e,savingEntries:t=[],savingAssets:n=[],options:r})=>{let{commitChanges:i}=b.current;try{await L()}
i?_:(_=O(_,m,{ellipsis:``}).replace(/-$/,``)),r(_,d(l,a)))}"""


def test_sveltia_saves_as_the_form_needs_it() -> None:
    """It looks for others' changes once, before they are merged, and keeps ids; a release that differs is refused."""
    looks, commits, names = patch_script(SAVING).splitlines()
    assert looks.startswith("try{await L()}")
    assert "return" not in looks
    assert commits.endswith("try{t.length||await L()}")
    assert names.endswith(".replace(/-$/,``)),_)}")
    for line in SAVING.splitlines():
        with pytest.raises(ValueError, match="stands 0 times"):
            patch_script(SAVING.replace(line, ""))


def iter_words(words: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys with their words."""
    for key, value in words.items():
        if isinstance(value, dict):
            yield from iter_words(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value


def test_every_word_of_the_form_is_chinese() -> None:
    """What Sveltia has in English alone is in our words; those name the values that the English ones do."""
    english = json.loads((ROOT / "node_modules/@sveltia/cms/locales/en-US.json").read_text(encoding="utf-8"))
    known = dict(iter_words(english))
    found = dict(iter_words(json.loads(build_words(ROOT / "node_modules", ROOT / "site_templates"))))
    ours = dict(iter_words(json.loads((ROOT / "site_templates/form/words.json").read_text(encoding="utf-8"))))
    assert found.keys() == known.keys()
    assert ours.items() <= found.items()
    for key, text in ours.items():
        assert set(re.findall(r"\{\$\w+\}", text)) <= set(re.findall(r"\{\$\w+\}", known[key])), key
