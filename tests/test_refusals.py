"""What MkDocs refuses is told as our own faults are: where, in both languages, with what to type."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.errors import UserError
from build_scripts.faults.diagnostics import Problems
from build_scripts.faults.rules import Language
from build_scripts.publishing.publisher import load_settings
from build_scripts.publishing.refusals import Rendered, word_refusal
from build_scripts.storage.cache import digest_of_tree

HEAD = "---\ntitle: 新\ndescription: 新页\n---\n\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_site("second-city", tmp_path)


@pytest.mark.parametrize("fill", [True, False])
def test_anchors_that_are_not_there_are_faults_of_the_page(project: Path, fill: bool) -> None:
    """Of the page itself and of another one, each time they are linked to, with the one that was meant."""
    text = "## 你好 {#hi}\n\n[a](#hi) [b](#nix) [c](about.md#mrks)\n\n[d](about.md#credits)、[e](about.md#mrks)\n"
    (project / "content/new.md").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project, fill=fill)
    nix = "new.md has no heading or other part with the anchor `#nix`"
    mrks = "about.md has no heading or other part with the anchor `#mrks`, did you mean `about.md#marks`?"
    found = problems.value.diagnostics
    assert {(d.path, d.code) for d in found} == {("content/new.md", "B611")}
    assert [(d.line, d.column, d.message(Language.EN)) for d in found] == [
        (8, 14, nix),
        (8, 24, mrks),
        (10, 27, mrks),
    ]


@pytest.mark.parametrize("fill", [True, False])
def test_an_anchor_that_a_profile_lacks_is_refused_on_both_paths(project: Path, fill: bool) -> None:
    """Also when the record has changed since MkDocs has made the page; the last site stays."""
    (project / "content/new.md").write_text(
        f"{HEAD}[a](areas/east-bank.md#source-1)\n\n[b](areas/east-bank.md#cite-1-4)\n", encoding="utf-8"
    )
    build_site(project, fill=fill)
    before = digest_of_tree(project / "site")
    area = project / "belts/areas/east-bank.yml"
    text = area.read_text(encoding="utf-8")
    area.write_text(text.replace("    text: 领头的村。\n    sources: [survey]\n", ""), encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project, fill=fill)
    (fault,) = problems.value.diagnostics
    assert (fault.path, fault.line, fault.column, fault.code) == ("content/new.md", 8, 5, "B611")
    words = "areas/east-bank.md has no heading or other part with the anchor `#cite-1-4`, did you mean"
    assert words in fault.message(Language.EN)
    assert digest_of_tree(project / "site") == before
    area.write_text(text, encoding="utf-8")
    build_site(project, fill=fill)
    assert digest_of_tree(project / "site") == before


def test_links_that_only_mkdocs_can_tell_are_faults_too(project: Path) -> None:
    """A link whose text is in two lines, or holds a picture, is not judged by the check."""
    text = "[a\nb](nope.md) [![c](x.png)](/areas/) [d\ne](areas/)\n"
    (project / "content/new.md").write_text(HEAD + text, encoding="utf-8")
    (project / "content/x.png").write_bytes(b"")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("    absolute_links: warn\n    unrecognized_links: warn\n")
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert [(d.path, d.line, d.column, d.code) for d in problems.value.diagnostics] == [
        ("content/new.md", 7, 4, "B609"),
        ("content/new.md", 7, 27, "B610"),
        ("content/new.md", 8, 4, "B609"),
    ]
    assert "did you mean `areas/index.md`?" in problems.value.diagnostics[2].message(Language.EN)


def test_a_page_that_the_navigation_lacks_is_found_in_the_settings(project: Path) -> None:
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("\nnav:\n  - 首页: index.md\n  - 关于: abuot.md\n")
    with pytest.raises(Problems) as problems:
        build_site(project)
    (fault,) = problems.value.diagnostics
    lines = (project / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    assert (fault.path, fault.code, lines[fault.line - 1][fault.column - 1 :]) == (
        "mkdocs.yml",
        "B612",
        "abuot.md",
    )
    assert "did you mean `about.md`?" in fault.message(Language.EN)


def test_nothing_of_mkdocs_is_printed_raw(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The build prints our own words, in the language asked for, and how many faults there are."""
    (project / "content/new.md").write_text(f"{HEAD}[a](#nix)\n", encoding="utf-8")
    assert main(["-C", str(project), "--lang", "zh", "build"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "content/new.md:6:5: error[B611]: new.md 里没有 #nix 这个位置\n" in err
    assert err.endswith("1 处错误\n")
    assert not re.search("WARNING|Aborted|Doc file|Traceback", err)


def test_what_mkdocs_says_in_other_words_is_left(tmp_path: Path) -> None:
    rendered = Rendered(tmp_path, {})
    assert word_refusal("Template skipped: 'x.html' not found in theme directories.", rendered) == ()


@pytest.mark.parametrize("epoch", ["", "xyz", "-1", "１"])
def test_a_date_that_is_no_number_of_seconds_is_refused(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """MkDocs would stop with a traceback."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(UserError, match="SOURCE_DATE_EPOCH"):
        load_settings(ROOT)
