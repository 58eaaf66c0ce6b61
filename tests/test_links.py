"""Links of hand-written pages, judged before MkDocs runs and as MkDocs judges them."""

from pathlib import Path

import pytest
from broken_sites import BROKEN
from conftest import copy_site

from build_scripts.building.build import build_site
from build_scripts.faults.diagnostics import Problems
from build_scripts.faults.rules import Language
from build_scripts.project import check_all, load_content
from build_scripts.reading.load import load_dataset
from build_scripts.reading.manuscripts import find_links

HEAD = "---\ntitle: 新\ndescription: 新页\n---\n\n"


def _write(project: Path, text: str, path: str = "notes/new.md") -> None:
    page = project / "content" / path
    page.parent.mkdir(exist_ok=True)
    page.write_text(HEAD + text, encoding="utf-8")


def _links(text: str) -> list[str]:
    return [text[start:end] for start, end in find_links(text)]


def test_what_the_check_lets_pass_mkdocs_lets_pass(tmp_path: Path) -> None:
    """Links to pages of every sort, to pictures and to open data; and what only looks like a link."""
    project = copy_site("second-city", tmp_path)
    text = (
        (BROKEN / "page-sound-links/content/notes/more.md").read_text(encoding="utf-8").partition("\n\n")[2]
    )
    text = text.replace("areas/tengtou.md", "areas/east-bank.md").replace("fenghua.md", "upstream.md")
    _write(project, text.replace("、[本页](#top)", "").replace("#top", ""))
    (project / "content/notes/river bank.jpg").touch()
    html = (build_site(project).site / "notes/new/index.html").read_text(encoding="utf-8")
    for address in (
        "../../areas/east-bank/",
        "../../districts/upstream/",
        "../../data/areas.csv",
        "../../feed.xml",
    ):
        assert f'href="{address}"' in html


@pytest.mark.parametrize(
    ("link", "code", "meant"),
    [
        ("nope.md", "B609", ""),
        ("../areas/east-bnak.md#facts", "B609", "`../areas/east-bank.md#facts`"),
        ("areas/east-bank.md", "B609", "`../areas/east-bank.md`"),
        ("../areas/", "B609", "`../areas/index.md`"),
        ("/areas/", "B610", "`../areas/index.md`"),
        ("p.png", "B609", ""),
    ],
)
def test_dead_links_are_found_before_mkdocs_runs(link: str, code: str, meant: str, tmp_path: Path) -> None:
    """The same fault in the check and in the build, at the link, with the link that was meant."""
    project = copy_site("second-city", tmp_path)
    _write(project, f"见[甲]({link})。\n")
    found = check_all(load_dataset(project), load_content(project))
    with pytest.raises(Problems) as problems:
        build_site(project)
    assert problems.value.diagnostics == found
    assert [(d.path, d.line, d.column, d.code) for d in found] == [("content/notes/new.md", 6, 6, code)]
    assert found[0].message(Language.EN).partition("did you mean ")[2].rstrip("?") == meant


def test_a_link_to_a_faulty_record_is_not_a_second_fault(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    (project / "belts/areas/east-bank.yml").write_text("name: [\n", encoding="utf-8")
    found = check_all(load_dataset(project), load_content(project))
    assert {d.path for d in found if d.path.startswith("content/")} == set()


def test_a_link_to_a_draft_leads_nowhere(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    with (project / "belts/areas/east-bank.yml").open("a", encoding="utf-8") as area:
        area.write("status: draft\n")
    found = check_all(load_dataset(project), load_content(project))
    assert [d.message(Language.EN) for d in found if d.path == "content/about.md"] == [
        "the link `areas/east-bank.md` leads to no page and no file"
    ]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ('[a](b.md) ![c](d.png "e") [f]( <g.md> )', ["b.md", "d.png", "g.md"]),
        ("[a](b_(c).md)", ["b_(c).md"]),
        ("[a][b]\n\n[b]: c.md", ["c.md"]),
        ("- a\n\n    [b](c.md)\n", ["c.md"]),
        ("a\n    [b](c.md)\n", ["c.md"]),
        ("a\n\n    [b](c.md)\n\n\t[d](e.md)\n\n[f](g.md)", ["g.md"]),
        ("`[a](b.md)` \\[c](d.md) [e](f.md", []),
        ("```\n[a](b.md)\n```\n<!-- [a](b.md) -->", []),
        ("[^1]: a.md", []),
    ],
)
def test_only_links_beyond_doubt_are_judged(text: str, links: list[str]) -> None:
    """What Markdown may take for code or for text is left to the publisher."""
    assert _links(text) == links
