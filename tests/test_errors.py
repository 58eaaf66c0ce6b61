"""What a user can mend, however the site is asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.cli import main

FAULTS = {
    "a script": "absent.js: 没有这个模块 (no such module)",
    "no libraries": "make setup",
    "a template": "profiles/area.html:1: UndefinedError: 'nothing_like_it'",
}
COMMANDS = {
    "build": ["build"],
    "build --no-fill": ["build", "--no-fill"],
    "export-docs": ["export-docs", "out"],
}


def spoil(folder: Path, fault: str) -> None:
    """Plant a fault beside a site that stands below a folder."""
    for name in ("site_templates", "node_modules"):
        (folder / name).unlink()
    shutil.copytree(ROOT / "site_templates", folder / "site_templates")
    if fault == "no libraries":
        (folder / "node_modules").mkdir()
        return
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    if fault == "a script":
        (folder / "site_templates/scripts/new.js").write_text('import { nope } from "./absent.js"\n')
    else:
        (folder / "site_templates/profiles/area.html").write_text("{{ nothing_like_it }}\n")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_user_can_mend_is_said_without_a_traceback(
    command: str,
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Every command that makes the site says the same of the same fault, and ends with 1."""
    monkeypatch.chdir(copy_site("second-city", tmp_path))
    spoil(tmp_path, fault)
    assert main(COMMANDS[command]) == 1
    told = capfd.readouterr()
    assert FAULTS[fault] in told.err
    assert "Traceback" not in told.err + told.out
    assert told.err.startswith(f"belts {COMMANDS[command][0]}: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_mkdocs_says_so_too(fault: str, tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    spoil(tmp_path, fault)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert FAULTS[fault] in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_terminal_that_lacks_characters_is_told_their_numbers(tmp_path: Path, language: str) -> None:
    """A build whose site is in its place does not end as a bug."""
    project = copy_site("second-city", tmp_path)
    command = [sys.executable, "-m", "build_scripts", "-C", str(project), "--lang", language, "build"]
    environment = {**os.environ, "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f" \\u2192 {project / 'site'}" in done.stdout


def test_a_folder_whose_path_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, before anything is written there."""
    folder = tmp_path / os.fsdecode(b"\xff\xfe")
    (folder / "belts").mkdir(parents=True)
    assert main(["-C", str(folder), "build"]) == 2
    assert "belts build: " in (told := capsys.readouterr().err)
    assert "\\udcff\\udcfe: 路径不是 UTF-8 文字" in told
    assert [path.name for path in folder.iterdir()] == ["belts"]


@pytest.mark.parametrize(
    "words", [("new", "area", "demo", "--set"), ("locate",), ("add-photo", "east-bank", "x.jpg", "--alt")]
)
def test_words_in_another_encoding_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """As a terminal that is set to GBK sends them."""
    project = copy_site("second-city", tmp_path)
    before = sorted(project.rglob("*"))
    assert main(["-C", str(project), *words, os.fsdecode(b"name=\xc4\xe3")]) == 2
    assert "name=\\udcc4\\udce3: 不是 UTF-8 文字" in capsys.readouterr().err
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(
    "words", [("new", "area", "a" * 300), ("rename", "east-bank", "a" * 300), ("form", "a" * 300)]
)
def test_a_name_that_is_too_long_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """No file system takes it."""
    project = copy_site("second-city", tmp_path)
    assert main(["-C", str(project), *words]) in (1, 2)
    told = "".join(capsys.readouterr())
    assert "Traceback" not in told
    assert "a" * 60 in told


def test_a_place_that_is_not_found_is_said_so_whatever_is_picked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(copy_site("second-city", tmp_path)), "locate", "无此地", "--pick", "2"]) == 1
    assert "名录里没有与“无此地”相近的地名" in capsys.readouterr().err
