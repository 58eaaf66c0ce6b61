"""Files of other revisions, from a real git repository."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.cli import main
from build_scripts.diff.revisions import extract_revision, find_fork, find_revision
from build_scripts.errors import UsageError

MINIMAL = ROOT / "tests/sites/minimal"
AREA = "belts/areas/tengtou.yml"


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The smallest site in a folder of a repository, committed once."""
    root = tmp_path / "repository/site"
    shutil.copytree(MINIMAL, root)
    (root / "site_templates").symlink_to(ROOT / "site_templates")
    git(root, "init", "-q", "-b", "main", "..")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    return root


def rewrite(site: Path, old: str, new: str) -> None:
    text = (site / AREA).read_text(encoding="utf-8")
    assert old in text
    (site / AREA).write_text(text.replace(old, new, 1), encoding="utf-8")


def diff(site: Path, *words: str) -> int:
    return main(["-C", str(site), "--lang", "zh", "diff", *words])


def test_a_revision_gives_its_own_files(site: Path, tmp_path: Path) -> None:
    """What was committed, not what lies there now; folders that were not there yet are left out."""
    (site / AREA).unlink()
    (site / "belts/areas/new.yml").touch()
    revision = find_revision(site, "HEAD")
    extract_revision(site, revision, ("belts", "content", "absent"), tmp_path / "then")
    assert (tmp_path / "then" / AREA).read_bytes() == (MINIMAL / AREA).read_bytes()
    assert not (tmp_path / "then/belts/areas/new.yml").exists()
    assert revision.short == git(site, "rev-parse", "HEAD")[:12]


def test_links_of_a_revision_are_not_followed(site: Path, tmp_path: Path) -> None:
    """A link in a commit is not written, so nothing outside the folder can be read through it."""
    (site / "belts/areas/out.yml").symlink_to("/etc/hostname")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "two")
    extract_revision(site, find_revision(site, "HEAD"), ("belts",), tmp_path / "then")
    assert (tmp_path / "then" / AREA).is_file()
    assert not os.path.lexists(tmp_path / "then/belts/areas/out.yml")


@pytest.mark.parametrize(
    "name", ["absent", "--all", "-h", "--output=x", "", "HEAD^{tree}", "a b; touch x", "\n"]
)
def test_what_is_no_commit_is_refused(site: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No name is taken for an option of git's or run by a shell; the command says what is wrong and ends with 2."""
    with pytest.raises(UsageError):
        find_revision(site, name)
    with pytest.raises(UsageError, match="no such revision"):
        find_revision(site, "absent")
    assert diff(site, f"--output={site / 'out'}", f"HEAD..{name}x" if not name else f"HEAD..{name}") == 2
    assert capsys.readouterr().err.startswith("belts diff: ")
    assert not (site / "out").exists()
    assert not (site / "x").exists()


def test_a_folder_without_a_repository_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(MINIMAL, tmp_path, dirs_exist_ok=True)
    assert diff(tmp_path) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_a_fork_is_where_two_branches_parted(site: Path) -> None:
    base = git(site, "rev-parse", "HEAD")
    git(site, "switch", "-q", "-c", "side")
    git(site, "commit", "-q", "--allow-empty", "-m", "two")
    git(site, "switch", "-q", "main")
    git(site, "commit", "-q", "--allow-empty", "-m", "three")
    assert find_fork(site, "main", "side").commit == base


def test_diff_compares_the_last_commit_with_the_files(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a revision: what is committed against what lies there."""
    assert diff(site) == 0
    assert "公开网站没有变化。" in capsys.readouterr().out
    rewrite(site, "value: 5", "value: 6")
    assert diff(site) == 0
    assert "数据：村 5个（2016年，2016年调查） → 村 6个（2016年，2016年调查）" in capsys.readouterr().out


def test_diff_compares_two_revisions(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """REV..REV looks at neither side's files on disk; REV...REV begins where the two parted."""
    git(site, "switch", "-q", "-c", "side")
    rewrite(site, "value: 5", "value: 6")
    git(site, "commit", "-q", "-a", "-m", "two")
    git(site, "switch", "-q", "main")
    rewrite(site, "setting: rural", "setting: urban")
    git(site, "commit", "-q", "-a", "-m", "three")
    rewrite(site, "since: 2016", "since: 2017")
    assert diff(site, "main..side") == 0
    both = capsys.readouterr().out
    assert diff(site, "main...side") == 0
    since_fork = capsys.readouterr().out
    assert "城乡类型：城区 → 乡村" in both
    assert "城乡类型" not in since_fork
    assert "村 6个" in both
    assert "村 6个" in since_fork
    assert "2017" not in both


def test_a_lost_address_fails_diff_and_check(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`belts diff` marks it and ends with 1; `belts check --against` reports it in every format."""
    (site / AREA).rename(site / "belts/areas/teng.yml")
    belt = site / "belts/boutique/river-belt.yml"
    belt.write_text(belt.read_text().replace("record: tengtou", "record: teng"))
    assert diff(site) == 1
    assert "!! 打不开的地址" in capsys.readouterr().out
    assert main(["-C", str(site), "check"]) == 0
    assert main(["-C", str(site), "check", "--against", "HEAD", "--format", "github"]) == 1
    assert "::error file=belts/redirects.yml,line=1,col=1,title=B318::" in capsys.readouterr().out
    (site / "belts/redirects.yml").write_text("areas/tengtou: teng\n")
    assert main(["-C", str(site), "check", "--against", "HEAD"]) == 0
    assert main(["-C", str(site), "check", "--against", "absent"]) == 2


def test_a_revision_that_does_not_load_is_still_compared(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its unreadable files are named, the rest is compared."""
    (site / AREA).write_text("name: [\n")
    git(site, "commit", "-q", "-a", "-m", "two")
    shutil.copy(MINIMAL / AREA, site / AREA)
    indicator = site / "belts/indicators/area-count.yml"
    indicator.write_text(indicator.read_text().replace("value: 300", "value: 301"))
    assert diff(site) == 0
    out = capsys.readouterr().out
    assert "读不出、未能比较的文件（1）\n  belts/areas/tengtou.yml" in out
    assert "300个（2016年，2016年调查） → 301个" in out


def test_a_sheet_is_made_by_the_templates_that_the_settings_name(tmp_path: Path) -> None:
    """They need not stand beside the records."""
    project = copy_site("second-city", tmp_path)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "one")):
        git(project, *words)
    assert diff(project, "--format", "html", "--output", str(project / "sheet.html")) == 0
    assert "<h1>" in (project / "sheet.html").read_text(encoding="utf-8")


def test_the_sheet_is_written_to_a_file(site: Path) -> None:
    rewrite(site, "value: 5", "value: 6")
    assert diff(site, "--format", "html", "--output", str(site / "sheet.html")) == 0
    assert "<del>村 5个" in (site / "sheet.html").read_text(encoding="utf-8")
