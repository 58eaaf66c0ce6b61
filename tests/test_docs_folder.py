"""The site as a plain docs folder: what publishers without our plugin make of it, against our own site."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, copy_project, copy_site
from test_mkdocs_plugin import _make_hostile

from build_scripts.building.build import build_site
from build_scripts.building.docs_folder import SUMS, export_docs
from build_scripts.cli import main
from build_scripts.inspection.finished import find_broken, read_pages
from build_scripts.provenance.stamp import hash_tree

BIN = Path(sys.executable).parent
# What Material prints on each page and our plugin takes away, and the name each publisher signs with.
THEIRS = re.compile(r' autocomplete="off"(?=>)|(?<=<meta name="generator" content=")mkdocs-[^"]*')
FURNITURE = ("assets/images/", "assets/javascripts/", "assets/stylesheets/", "sitemap.xml", "search.json")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real project's export; do not write into it."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "project").mkdir()
    export_docs(copy_project(folder / "project"), folder / "docs-folder")
    return folder / "docs-folder"


def publish(publisher: str, export: Path, folder: Path, *options: str) -> Path:
    """The site that a publisher makes of a copy of an export, below `folder`."""
    copy = shutil.copytree(export, folder / publisher)
    command = [BIN / publisher, "build", *options]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "site"


def page_paths(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def other_paths(site: Path) -> set[str]:
    """Files besides pages and what each publisher and its theme bring."""
    return {path for path in hash_tree(site) if not path.endswith(".html") and not path.startswith(FURNITURE)}


def assert_same_pages(site: Path, ours: Path) -> None:
    assert page_paths(site) == page_paths(ours)
    different = [
        path
        for path in sorted(page_paths(ours))
        if THEIRS.sub("", (site / path).read_text(encoding="utf-8"))
        != THEIRS.sub("", (ours / path).read_text(encoding="utf-8"))
    ]
    assert different == []


@pytest.mark.parametrize("publisher", ["mkdocs", "properdocs"])
def test_a_publisher_without_our_plugin_makes_the_same_site(
    publisher: str, exported: Path, real_site: Path, tmp_path: Path
) -> None:
    """Strictly: the same addresses, the same bytes on each page, the same files beside them."""
    site = publish(publisher, exported, tmp_path, "--strict")
    assert_same_pages(site, real_site)
    assert other_paths(site) == other_paths(real_site) - {"build-report.json"}
    beside = [
        path for path in other_paths(site) if (site / path).read_bytes() != (real_site / path).read_bytes()
    ]
    assert beside == []


def test_zensical_makes_the_same_pages(exported: Path, real_site: Path, tmp_path: Path) -> None:
    """The same addresses, sound links, the same words; a failure is reported and blocks nothing."""
    if not (BIN / "zensical").is_file():
        pytest.skip("Zensical is not installed here")
    try:
        site = publish("zensical", exported, tmp_path)
        assert page_paths(site) == page_paths(real_site)
        assert [link for _, link in find_broken(site, read_pages(site)) if "#__skip" not in link] == []
        for path in (
            "index.html",
            "areas/tengtou/index.html",
            "about/index.html",
            "handbook/rules/index.html",
        ):
            assert article_text(site / path) == article_text(real_site / path), path
    except AssertionError as failure:
        pytest.xfail(f"Zensical: {failure}")


def article_text(page: Path) -> str:
    """The words of a page's article."""
    article = re.search(r"<article.*?</article>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert article
    return "".join(unescape(re.sub(r"<[^>]*>", "", article[0])).split())


def test_hostile_text_survives_the_export(tmp_path: Path) -> None:
    """Braces, markup and quotes in every text come out of plain MkDocs as out of ours."""
    project = copy_site("second-city", tmp_path)
    for path in (project / "belts").glob("*/*.yml"):
        _make_hostile(path)
    (project / "content/about.md").write_text(
        '---\ntitle: "{{ 7*7 }} <b onclick=x> & \\"q\\": - #"\ndescription: 甲\n---\n正文 {{ 7*7 }}\n',
        encoding="utf-8",
    )
    (project / "belts/redirects.yml").write_text("workshops/old-mill: bamboo\n", encoding="utf-8")
    export_docs(project, tmp_path / "out")
    site = publish("mkdocs", tmp_path / "out", tmp_path, "--strict")
    assert_same_pages(site, build_site(project).site)
    assert (site / "workshops/old-mill/index.html").is_file()


def test_the_theme_of_the_publisher_alone_works_too(exported: Path, tmp_path: Path) -> None:
    """Without theme/, as the README says, the folder still builds strictly and the text is there."""
    bare = shutil.copytree(exported, tmp_path / "bare")
    settings = bare / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    assert text.count("  custom_dir: theme\n") == 1
    settings.write_text(text.replace("  custom_dir: theme\n", ""), encoding="utf-8")
    shutil.rmtree(bare / "theme")
    sitemap = bare / "docs/sitemap/index.md"
    sitemap.write_text(sitemap.read_text(encoding="utf-8").replace("template:", "was:"), encoding="utf-8")
    site = publish("mkdocs", bare, tmp_path, "--strict")
    assert "滕头区域" in article_text(site / "areas/tengtou/index.html")


def test_the_export_names_nothing_of_ours(exported: Path) -> None:
    """No plugin, no path of this machine; the digests are those that `sha256sum --check` reads."""
    assert "plugins: []\n" in (exported / "mkdocs.yml").read_text(encoding="utf-8")
    assert {path.name for path in exported.iterdir()} == {
        "docs",
        "theme",
        "mkdocs.yml",
        "requirements.txt",
        "README.md",
        SUMS,
    }
    lines = (exported / SUMS).read_text(encoding="utf-8").splitlines()
    digests = dict(reversed(line.split("  ", 1)) for line in lines)
    assert digests == {path: digest for path, digest in hash_tree(exported).items() if path != SUMS}
    for path in digests:
        assert str(exported.parent).encode() not in (exported / path).read_bytes()


def test_the_readme_names_what_is_there(exported: Path) -> None:
    """Each path that the folder's README speaks of exists."""
    named = set(re.findall(r"`(docs/[\w./-]+|theme/|mkdocs\.yml|SHA256SUMS)`", read_readme(exported)))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (exported / path).exists()] == []


def read_readme(export: Path) -> str:
    return (export / "README.md").read_text(encoding="utf-8")


def test_two_exports_are_equal(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    export_docs(project, tmp_path / "a")
    export_docs(project, tmp_path / "b")
    assert hash_tree(tmp_path / "a") == hash_tree(tmp_path / "b")


# -- the navigation and hand-written links ----------------------------------------------------------


def test_links_and_navigation_follow_the_documents(tmp_path: Path) -> None:
    """A document becomes the index of its folder; links to it, pictures and examples read right from there."""
    project = copy_site("second-city", tmp_path)
    (project / "content/about.md").write_text(
        "---\ntitle: 关于\ndescription: 甲\n---\n[片](areas/east-bank.md#top) ![图](images/x.png) [自己](about.md) [外](https://example.org)\n\n"
        "`[例](areas/east-bank.md)` [外](https://example.org/about.md)\n\n[定]: index.md\n",
        encoding="utf-8",
    )
    (project / "content/images").mkdir()
    (project / "content/images/x.png").write_bytes(b"\x89PNG")
    settings = project / "mkdocs.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "\nnav:\n  - 首页: index.md\n  - 更多:\n      - about.md\n",
        encoding="utf-8",
    )
    export_docs(project, tmp_path / "out")
    text = (tmp_path / "out/docs/about/index.md").read_text(encoding="utf-8")
    assert (
        "[片](../areas/east-bank/index.md#top) ![图](../images/x.png) [自己](index.md) [外](https://example.org)"
        in text
    )
    assert "`[例](areas/east-bank.md)` [外](https://example.org/about.md)\n\n[定]: ../index.md" in text
    settings_text = (tmp_path / "out/mkdocs.yml").read_text(encoding="utf-8")
    exported = yaml.load(settings_text, yaml.BaseLoader)  # noqa: S506 (keeps every value as text)
    assert exported["nav"] == [{"首页": "index.md"}, {"更多": ["about/index.md"]}]


# -- the folder that is there ----------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_site("second-city", tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def run_export(project: Path, out: Path) -> int:
    return main(["-C", str(project), "--lang", "en", "export-docs", str(out)])


def test_an_export_is_renewed(project: Path, out: Path) -> None:
    """Over an empty folder, and over an export with what a publisher built from it; what is gone goes."""
    out.mkdir()
    assert run_export(project, out) == 0
    (out / "site").mkdir()
    (out / "site/index.html").write_text("built")
    (project / "belts/workshops/bamboo.yml").unlink()
    assert run_export(project, out) == 0
    assert not (out / "docs/workshops/bamboo").exists()
    assert not (out / "site").exists()
    assert [path.name for path in out.parent.glob(".out*")] == []


@pytest.mark.parametrize("spoil", ["a file of theirs", "an edit", "no export", "a file in its place"])
def test_a_folder_with_anything_else_is_refused(
    spoil: str, project: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, a message that names the file, and nothing touched."""
    if spoil in ("a file of theirs", "an edit"):
        assert run_export(project, out) == 0
    named = {"an edit": "README.md", "a file in its place": ""}.get(spoil, "mine.txt")
    path = out / named if named else out
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    before = hash_tree(out)
    capsys.readouterr()
    assert run_export(project, out) == 2
    assert (named or str(out)) in capsys.readouterr().err
    assert hash_tree(out) == before
    assert path.read_text(encoding="utf-8") == "mine"


def test_what_stands_beside_an_export_is_left(project: Path, out: Path) -> None:
    """Under whatever name."""
    for name in (".out.building", ".out.previous"):
        (out.parent / name).mkdir()
        (out.parent / name / "mine.txt").write_text("mine", encoding="utf-8")
    for _ in range(2):
        assert run_export(project, out) == 0
    found = sorted(path.relative_to(out.parent).as_posix() for path in out.parent.glob(".out*/*"))
    assert found == [".out.building/mine.txt", ".out.previous/mine.txt"]


def test_faults_leave_the_last_export(project: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken record and a dead link both end with 1, and what was there stays."""
    assert run_export(project, out) == 0
    before = hash_tree(out)
    about = project / "content/about.md"
    about.write_text("---\ntitle: 关于\ndescription: 甲\n---\n[x](nowhere.md)\n", encoding="utf-8")
    assert run_export(project, out) == 1
    (project / "belts/workshops/bamboo.yml").write_text("name: [\n", encoding="utf-8")
    assert run_export(project, out) == 1
    assert "belts/workshops/bamboo.yml:2:1: error[B101]" in capsys.readouterr().err
    assert hash_tree(out) == before


def test_theme_templates_are_plain() -> None:
    """No method of Python, no filter or test of ours: Zensical's engine has none of them."""
    templates = sorted(path for path in (ROOT / "site_templates/theme").rglob("*.html"))
    assert len(templates) > 8
    found = {
        path.name: found for path in templates if (found := find_unplain(path.read_text(encoding="utf-8")))
    }
    assert found.pop("moved.html")  # rendered here, not exported: so the search does find something
    assert found == {}


def find_unplain(template: str) -> list[str]:
    """What in a template's braces only this project's engine would understand."""
    inside = re.findall(r"\{[{%].*?[%}]\}", template, re.DOTALL)
    return [
        code
        for code in inside
        if re.search(r"[\w\])'\"]\.(?!t\()[a-z_]+\(|\| *asset\b|\bis page\b|\basset\(", code)
    ]
