"""Renaming and retiring a record: its file, what names it, and its old address."""

import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from build_scripts.diagnostics import Problems
from build_scripts.edits import apply_edits, carry_out, rehearse_edits
from build_scripts.load import load_dataset
from build_scripts.renames import plan_rename, plan_retirement


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the real data and pages, to be changed."""
    for name in ("belts", "content"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "content/page.md").write_text("见[滕头](areas/tengtou.md#facts)，tengtou 不是链接。\n")
    return tmp_path


def texts(project: Path) -> dict[str, bytes]:
    """Every file of a project."""
    return {p.relative_to(project).as_posix(): p.read_bytes() for p in project.rglob("*") if p.is_file()}


def test_a_renamed_record_takes_every_reference_along(project: Path) -> None:
    """The file moves, every reference and page link follows, the old address redirects, the data stays valid."""
    before = texts(project)
    carry_out(project, plan_rename(load_dataset(project), project, "tengtou", "tengtou-area"))
    after = texts(project)
    assert "belts/areas/tengtou.yml" not in after
    assert after["belts/areas/tengtou-area.yml"] == before["belts/areas/tengtou.yml"]
    assert b"areas/tengtou: tengtou-area\n" in after["belts/redirects.yml"]
    assert after["content/page.md"].decode() == "见[滕头](areas/tengtou-area.md#facts)，tengtou 不是链接。\n"
    assert b"  - tengtou-area\n" in after["belts/milestones/tengtou-joint-meeting.yml"]
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert all(after[path].count(b"tengtou-area") >= 1 for path in changed)


@pytest.mark.parametrize("name", ["page.markdown", "notes/README.md", "areas/page.mdown"])
def test_links_follow_in_every_page_that_is_published(project: Path, name: str) -> None:
    """Whatever its file is called; beside the records' pages, a link needs no folder."""
    page = project / "content" / name
    page.parent.mkdir(exist_ok=True)
    link = "tengtou.md" if page.parent.name == "areas" else "../areas/tengtou.md"
    page.write_text(f"见[滕头]({link})。\n", encoding="utf-8")
    carry_out(project, plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert page.read_text(encoding="utf-8") == f"见[滕头]({link.replace('tengtou', 't2')})。\n"


def test_only_the_id_changes_in_a_file(project: Path) -> None:
    """Comments, quotes and layout around a reference stay as they were."""
    path = project / "belts/milestones/tengtou-joint-meeting.yml"
    text = path.read_text().replace("  - tengtou\n", '  -   "tengtou"   # tengtou 即滕头\n')
    path.write_text(text)
    carry_out(project, plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert path.read_text() == text.replace('"tengtou"', '"t2"')


def test_links_in_prose_follow(project: Path) -> None:
    """A link by id in a record's text follows too; the same word elsewhere stays."""
    path = project / "belts/areas/warm-home.yml"
    path.write_text(path.read_text() + "body: 见[滕头](tengtou)，又名 tengtou。\n")
    carry_out(project, plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert path.read_text().endswith("body: 见[滕头](t2)，又名 tengtou。\n")


def test_a_chain_of_renames_leads_straight_to_the_last_id(project: Path) -> None:
    """Renamed twice, both old addresses lead to the newest id; going back to a retired id is refused."""
    for old, new in (("tengtou", "second"), ("second", "third")):
        carry_out(project, plan_rename(load_dataset(project), project, old, new))
    lines = (project / "belts/redirects.yml").read_text().splitlines()
    assert lines[1:] == ["areas/tengtou: third", "areas/second: third"]
    with pytest.raises(Problems, match="B315"):
        carry_out(project, plan_rename(load_dataset(project), project, "third", "tengtou"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("tengtuo", "x", "B303"),
        ("tengtou", "../x", "B301"),
        ("tengtou", "warm-home", "B302"),
        ("tengtou", "zero-carbon", "B302"),
        ("tengtou", "con", "B314"),
    ],
)
def test_a_bad_rename_touches_nothing(project: Path, old: str, new: str, code: str) -> None:
    """An unknown, malformed, taken or reserved id is an error, and no file changes."""
    before = texts(project)
    with pytest.raises(Problems, match=code):
        carry_out(project, plan_rename(load_dataset(project), project, old, new))
    assert texts(project) == before


def test_an_interrupted_rename_can_be_finished(project: Path) -> None:
    """After any number of its writes, every file is whole and the same rename completes."""
    plan = plan_rename(load_dataset(project), project, "tengtou", "t2")
    goal = {**texts(project), **plan}
    for done in range(1, len(plan) - 1):
        shutil.copytree(project, project.parent / f"{project.name}-{done}")
        half = project.parent / f"{project.name}-{done}"
        apply_edits(half, dict(list(plan.items())[:done]))
        carry_out(half, plan_rename(load_dataset(half), half, "tengtou", "t2"))
        assert texts(half) == {path: content for path, content in goal.items() if content is not None}


def test_a_record_that_is_still_named_cannot_go(project: Path) -> None:
    """Withdrawing lists every place that names the record, pages included, and touches nothing."""
    before = texts(project)
    with pytest.raises(Problems) as caught:
        carry_out(project, plan_retirement(load_dataset(project), project, "tengtou", "", "2026-11-21"))
    places = {(d.path, d.code) for d in caught.value.diagnostics}
    assert ("content/page.md", "B303") in places
    assert ("belts/milestones/tengtou-joint-meeting.yml", "B303") in places
    assert texts(project) == before


def test_a_record_retires_with_its_date(project: Path) -> None:
    """A record nobody names goes; its address says when."""
    dataset = load_dataset(project)
    lone = "chen"
    (project / "belts/areas/chen.yml").write_bytes((project / "belts/areas/warm-home.yml").read_bytes())
    dataset = load_dataset(project)
    carry_out(project, plan_retirement(dataset, project, lone, "", "2026-11-21"))
    redirect = load_dataset(project).redirects[-1]
    assert (redirect.address, redirect.target, str(redirect.withdrawn)) == (
        "areas/chen",
        "",
        "2026年11月21日",
    )
    assert not (project / "belts/areas/chen.yml").exists()


def test_a_successor_that_a_list_holds_is_not_listed_twice(project: Path) -> None:
    """The item goes from a list that names the successor, which names itself nowhere; comments and the rest stay."""
    path = project / "belts/milestones/phase-whole-area.yml"
    text = path.read_text().replace("  - tengtou\n", "  # 两个试点\n  - tengtou\n")
    path.write_text(text)
    plan = plan_retirement(load_dataset(project), project, "tengtou", "jinxi-five-villages", "2026-11-21")
    carry_out(project, plan)
    assert path.read_text() == text.replace("  - tengtou\n", "")
    assert "related:" not in (project / "belts/areas/jinxi-five-villages.yml").read_text()
    assert "record: jinxi-five-villages" in (project / "belts/boutique/harmonious-home.yml").read_text()


def test_a_list_in_brackets_lets_an_item_go(project: Path) -> None:
    """A list in one line loses the item too, and no other value changes."""
    path = project / "belts/milestones/phase-whole-area.yml"
    before = path.read_text()
    head, _, items = before.partition("related:\n")
    path.write_text(f"{head}related: [{', '.join(items.replace('- ', '').split())}]\n")
    plan = plan_retirement(load_dataset(project), project, "tengtou", "jinxi-five-villages", "2026-11-21")
    carry_out(project, plan)
    assert path.read_text() == before.replace("  - tengtou\n", "")


def test_a_rehearsal_touches_nothing(project: Path) -> None:
    """What a change would break is found on a copy."""
    before = texts(project)
    faults = rehearse_edits(
        project, {"belts/areas/tengtou.yml": b"name: [\n", "belts/areas/warm-home.yml": None}
    )
    assert "B101" in {d.code for d in faults} or "B120" in {d.code for d in faults}
    assert texts(project) == before
