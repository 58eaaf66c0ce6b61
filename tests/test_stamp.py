"""build.json: what it says of the tree it stands in, and how readers see it."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import copy_site
from playwright.sync_api import Browser

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.provenance.stamp import STAMP, decode_stamp, hash_manifest, hash_tree
from build_scripts.provenance.worktree import Worktree, find_worktree


def _git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_manifest_is_what_sha256sum_prints(real_site: Path) -> None:
    """Anybody can check a tree against its stamp with standard tools."""
    files = sorted(p.relative_to(real_site).as_posix() for p in real_site.rglob("*") if p.is_file())
    files.remove("build.json")
    listed = subprocess.run(
        ["sha256sum", "--", *files], cwd=real_site, check=True, capture_output=True
    ).stdout
    stamp = decode_stamp((real_site / "build.json").read_bytes())
    assert stamp.manifest == hashlib.sha256(listed).hexdigest()
    assert stamp.files == len(files)


def test_any_changed_byte_changes_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.txt").write_text("1")
    seen = {hash_manifest(hash_tree(tmp_path))}
    (tmp_path / "a/b.txt").write_text("2")
    seen.add(hash_manifest(hash_tree(tmp_path)))
    (tmp_path / "a/b.txt").rename(tmp_path / "a/c.txt")
    seen.add(hash_manifest(hash_tree(tmp_path)))
    assert len(seen) == 3


def test_a_commit_changes_the_stamp_and_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two commits with the same data differ in build.json alone."""
    project = copy_site("second-city", tmp_path)
    trees = []
    for commit in ("a" * 40, "b" * 40):
        monkeypatch.setenv("BELTS_COMMIT", commit)
        site = build_site(project).site
        trees.append((hash_tree(site), json.loads((site / "build.json").read_text(encoding="utf-8"))))
    (first, stamp), (second, other) = trees
    assert first == second
    assert (stamp["commit"], other["commit"]) == ("a" * 40, "b" * 40)
    assert stamp | {"commit": ""} == other | {"commit": ""}
    assert stamp["data_date"]


def test_the_commit_is_gits_or_ci_s(tmp_path: Path) -> None:
    assert find_worktree(tmp_path, {}) == Worktree()
    assert find_worktree(tmp_path, {"BELTS_COMMIT": "0" * 40}) == Worktree("0" * 40)
    assert find_worktree(tmp_path, {"BELTS_COMMIT": "<script>"}) == Worktree()
    _git(tmp_path, "init", "-q")
    assert find_worktree(tmp_path, {}) == Worktree()
    (tmp_path / "a").write_text("1")
    _git(tmp_path, "add", "a")
    _git(tmp_path, "commit", "-qm", "a")
    head = _git(tmp_path, "rev-parse", "HEAD")
    assert find_worktree(tmp_path, {}) == Worktree(head)
    (tmp_path / "a").write_text("2")
    assert find_worktree(tmp_path, {}) == Worktree(head, modified=True)
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").mkdir()
    assert find_worktree(tmp_path / "b", {}) == Worktree(head)
    (tmp_path / "b/c").write_text("1")
    assert find_worktree(tmp_path / "b", {}) == Worktree(head, modified=True)
    (tmp_path / "b/c").rename(tmp_path / "c")
    assert find_worktree(tmp_path / "b", {}) == Worktree(head)  # beside the checkout's own folder


@pytest.mark.parametrize("options", [[], ["--no-fill"]])
@pytest.mark.parametrize("folder", ["public", "out/a[b]*"])
def test_a_site_of_any_name_is_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, options: list[str]
) -> None:
    """Though git is not told to pass it over, nor what a build puts beside it; another file there counts."""
    monkeypatch.delenv("BELTS_COMMIT", raising=False)
    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_dir: '{folder}'\n")
    (project / ".gitignore").write_text(".cache/\n")
    _git(project, "init", "-q")
    _git(project, "add", ".")
    _git(project, "commit", "-qm", "a")
    stamp = project / folder / STAMP
    for text in ("甲", "乙"):
        assert main(["-C", str(project), "build", *options]) == 0
        assert not decode_stamp(stamp.read_bytes()).modified
        with (project / "content/about.md").open("a", encoding="utf-8") as page:
            page.write(f"\n{text}\n")
        _git(project, "commit", "-qam", text)
    (stamp.parent.parent / "other").write_text("x")
    assert main(["-C", str(project), "build", *options]) == 0
    assert decode_stamp(stamp.read_bytes()).modified


def test_why_git_does_not_tell_the_commit_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository of another user, or no git: the site is built without its commit, with a warning."""
    project = copy_site("second-city", tmp_path)
    _git(project, "init", "-q")
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, os.devnull)
    monkeypatch.delenv("BELTS_COMMIT", raising=False)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    for _ in range(2):  # the second finds nothing to do, but the warning stays
        assert main(["-C", str(project), "--lang", "en", "build"]) == 0
        printed = capsys.readouterr().err
        assert "warning[B719]" in printed
        assert "detected dubious ownership" in printed
    monkeypatch.setenv("PATH", "")
    assert find_worktree(project / "belts", {}) == Worktree(refusal="git: No such file or directory")
    assert find_worktree(project, {"BELTS_COMMIT": "0" * 40}) == Worktree("0" * 40)
    shutil.rmtree(project / ".git")
    assert find_worktree(project, {}) == Worktree()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"version": "1"}', b"<html>"])
def test_what_is_no_stamp_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (JSON's own error is one)
        decode_stamp(content)


@pytest.mark.browser
def test_the_footer_says_which_build_is_live(real_site: Path, real_address: str, browser: Browser) -> None:
    """Asked for only when the footer comes into sight; without JavaScript it is a link to the same."""
    stamp = decode_stamp((real_site / "build.json").read_bytes())
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(real_address, wait_until="networkidle")
    assert f"{real_address}build.json" not in asked
    link = page.locator("[data-stamp]")
    assert link.inner_text() == "版本信息"
    link.scroll_into_view_if_needed()
    page.get_by_text(f"版本 {stamp.version}").wait_for()
    assert f"数据更新于 {stamp.data_date}" in link.inner_text()
    page.context.close()
