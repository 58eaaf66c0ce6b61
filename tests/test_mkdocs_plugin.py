"""The adapter to MkDocs: plain `mkdocs build`, and the fill path against MkDocs page by page."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, copy_project, copy_site
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from build_scripts.building.build import build_site
from build_scripts.faults.diagnostics import Problems
from build_scripts.layout import Project, SiteSettings
from build_scripts.project import check_all, load_content, prepare_project
from build_scripts.reading.load import load_dataset

HOSTILE = "{{ 7*7 }} {% raw %} </script><b onclick=x>&amp; ` ``` 'q' \"q\" ${x} [a](b) *c* slottitle"


def _manifest(site: Path) -> dict[str, str]:
    paths = (path for path in sorted(site.rglob("*")) if path.is_file())
    return {p.relative_to(site).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def _mkdocs_build(project: Path, site: Path) -> Path:
    config = load_config(str(project / "mkdocs.yml"), strict=True, site_dir=str(site))
    build(config)
    return site


def test_plain_mkdocs_builds_the_whole_site(real_site: Path, tmp_path: Path) -> None:
    """`mkdocs build --strict` writes the same bytes as `belts build`."""
    (tmp_path / "project").mkdir()
    site = _mkdocs_build(copy_project(tmp_path / "project"), tmp_path / "out")
    assert _manifest(site) == _manifest(real_site)


# A hook of MkDocs: it is called for each page that MkDocs has rendered.
NOTE_PAGES = """
from pathlib import Path

def on_post_page(output, *, page, **_):
    with Path(__file__).with_suffix(".txt").open("a", encoding="utf-8") as notes:
        print(page.url, file=notes)
"""


def _note_pages(project: Path) -> Path:
    """Have MkDocs write down the address of every page that it renders; returns the file."""
    (project / "notes.py").write_text(NOTE_PAGES, encoding="utf-8")
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("\nhooks:\n  - notes.py\n")
    return project / "notes.txt"


def _profile_urls(project: Path) -> set[str]:
    settings = SiteSettings(ROOT / "site_templates", ROOT / "node_modules")
    return set(prepare_project(Project(project, settings)).site.page_urls)


def test_filled_pages_equal_mkdocs_pages(real_site: Path, tmp_path: Path) -> None:
    """On the real data, every profile page through MkDocs one by one gives the same tree."""
    project = copy_project(tmp_path)
    notes = _note_pages(project)
    assert _manifest(build_site(project, fill=False).site) == _manifest(real_site)
    assert _profile_urls(project) <= set(notes.read_text(encoding="utf-8").splitlines())


def test_plain_mkdocs_renders_every_page_where_the_settings_say_so(tmp_path: Path) -> None:
    """With `fill: false` in mkdocs.yml `mkdocs build` gives the same tree; without, it renders no profile page."""
    project = copy_site("second-city", tmp_path)
    filled, urls = _manifest(build_site(project).site), _profile_urls(project)
    notes = _note_pages(project)
    assert _manifest(_mkdocs_build(project, tmp_path / "filled")) == filled
    assert not urls & set(notes.read_text(encoding="utf-8").splitlines())
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("- belts:\n", "- belts:\n      fill: false\n"), encoding="utf-8")
    assert _manifest(_mkdocs_build(project, tmp_path / "rendered")) == filled
    assert urls <= set(notes.read_text(encoding="utf-8").splitlines())


def test_filled_pages_equal_mkdocs_pages_with_hostile_text(tmp_path: Path) -> None:
    """With template braces, markup, quotes and marks like ours in every text, both ways agree."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    trees = []
    for folder, fill in ((tmp_path / "a", True), (tmp_path / "b", False)):
        project = copy_site("second-city", folder)
        for path in (project / "belts").glob("*/*.yml"):
            _make_hostile(path)
        trees.append(_manifest(build_site(project, fill=fill).site))
    assert trees[0] == trees[1]


def _make_hostile(path: Path) -> None:
    """Put hostile text into every text of a record; JSON is YAML, so it can be written as that."""
    record = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 (makes text only)
    path.write_text(json.dumps(_spoil(record), ensure_ascii=False, indent=1), encoding="utf-8")


def _spoil(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spoil(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_spoil(item, key) for item in value]
    if key in ("name", "name_en", "other_names", "label", "unit", "parts_title", "publisher", "short_name"):
        return f"{HOSTILE[:40]}{value}"
    return (
        f"{value}{HOSTILE}" if key in ("summary", "note", "text", "basis_text", "theme", "reason") else value
    )


def test_hostile_text_is_shown_as_typed(tmp_path: Path) -> None:
    """Braces and markup in a record stand on its page as text."""
    project = copy_site("second-city", tmp_path)
    _make_hostile(project / "belts/areas/east-bank.yml")
    html = (build_site(project).site / "areas/east-bank/index.html").read_text(encoding="utf-8")
    assert html.count("{{ 7*7 }} {% raw %} &lt;/script&gt;&lt;b") > 10
    assert "<b onclick" not in html


def test_front_matter_is_never_markup(tmp_path: Path) -> None:
    """A hand-written page's title and description stand on it as typed."""
    project = copy_site("second-city", tmp_path)
    front = "title: '<img src=x onerror=run()> & “关于”'\ndescription: '<b>\"x'"
    (project / "content/about.md").write_text(f"---\n{front}\n---\n正文\n", encoding="utf-8")
    html = (build_site(project).site / "about/index.html").read_text(encoding="utf-8")
    assert "<h1>&lt;img src=x onerror=run()&gt; &amp; “关于”</h1>" in html
    assert "<img" not in html
    assert "<script>" not in html
    assert 'content="&lt;b&gt;&#34;x"' in html or 'content="&lt;b&gt;&quot;x"' in html


def test_front_matter_alone_is_a_page(tmp_path: Path) -> None:
    """Also when nothing ends its last line; and no word of it becomes a number, a date or a truth value."""
    project = copy_site("second-city", tmp_path)
    front = "---\ntitle: 12:30\ndescription: yes\nview: areas\n---"
    (project / "content/list.md").write_text(front, encoding="utf-8")
    html = (build_site(project).site / "list/index.html").read_text(encoding="utf-8")
    assert 'aria-label="12:30"' in html
    assert '<meta name="description" content="yes">' in html
    assert 'href="../areas/east-bank/"' in html
    assert "view:" not in html


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: 甲: 乙\ndescription: 丙", "content/new.md:2:8: error[B108]"),
        ("title: 甲\ndescription: 乙\nview: nope", "content/new.md:4:7: error[B204]"),
        ("title: 甲\ndescription: 乙\nhead: <script>run()</script>", "content/new.md:4:1: error[B202]"),
    ],
)
def test_faults_of_front_matter_are_told_before_mkdocs_starts(
    front: str, said: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In the same words by `belts check`, by `belts build` and by `mkdocs build`."""
    project = copy_site("second-city", tmp_path)
    (project / "content/new.md").write_text(f"---\n{front}\n---\n正文\n", encoding="utf-8")
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert said in str(problems.value)
    assert problems.value.diagnostics == check_all(load_dataset(project), load_content(project))
    with pytest.raises(Abort):
        _mkdocs_build(project, tmp_path / "out")
    assert said in caplog.text


def test_links_to_profile_pages_are_resolved(tmp_path: Path) -> None:
    """A hand-written link to a record's document becomes the address of its page, filled or not."""
    project = copy_site("second-city", tmp_path)
    html = (build_site(project).site / "about/index.html").read_text(encoding="utf-8")
    assert '<a href="../areas/east-bank/">东岸片</a>' in html
    assert '<a href="../districts/upstream/">上游区</a>' in html


def test_headings_are_linked_to_where_they_have_their_name(tmp_path: Path) -> None:
    """The foot of every page and the home page lead to headings of about.md, but to none that is not there."""
    project = copy_site("second-city", tmp_path)
    about = project / "content/about.md"
    text = about.read_text(encoding="utf-8")
    for left_out, links in (
        ("{#credits}", {"about/#marks"}),
        ("{#marks}", {"about/#credits"}),
        ("", {"about/#credits", "about/#marks"}),
    ):
        about.write_text(text.replace(left_out, ""), encoding="utf-8")
        home = (build_site(project).site / "index.html").read_text(encoding="utf-8")
        assert {link for link in ("about/#credits", "about/#marks") if f'href="{link}"' in home} == links


def test_faults_fail_mkdocs_before_it_writes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With a broken record `mkdocs build` aborts, logs where, and leaves the site folder alone."""
    project = copy_site("second-city", tmp_path)
    (project / "belts/workshops/bamboo.yml").write_text("name: [\n", encoding="utf-8")
    site = tmp_path / "out"
    site.mkdir()
    (site / "index.html").write_text("last good")
    with pytest.raises(Abort):
        _mkdocs_build(project, site)
    assert "belts/workshops/bamboo.yml:2:1: error[B101]" in caplog.text
    assert (site / "index.html").read_text() == "last good"


def test_plain_mkdocs_refuses_settings_that_would_break_the_site(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As `belts build` does; the folder of the last site is left alone."""
    from mkdocs.exceptions import Abort

    project = copy_site("second-city", tmp_path)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write("use_directory_urls: false\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("last good")
    with pytest.raises(Abort):
        _mkdocs_build(project, tmp_path / "out")
    assert "error[B723]: 设置 use_directory_urls 不能用：" in caplog.text
    assert (tmp_path / "out/index.html").read_text() == "last good"


def test_the_real_project_is_used(real_site: Path) -> None:
    """The site under test is built from this checkout's own records."""
    name = (ROOT / "belts/areas/tengtou.yml").read_text(encoding="utf-8").split("name: ")[1].split("\n")[0]
    assert name in (real_site / "areas/tengtou/index.html").read_text(encoding="utf-8")
