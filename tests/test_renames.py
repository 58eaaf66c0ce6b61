"""Renaming and retiring a record: its file, what names it, and its old address."""

import shutil
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, copy_site

from build_scripts.cli import main
from build_scripts.editing.edits import carry_out, rehearse_edits, take_snapshot, write_files
from build_scripts.editing.renames import plan_rename, plan_retirement
from build_scripts.faults.diagnostics import Problems
from build_scripts.reading.load import load_dataset


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
    carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, "tengtou", "tengtou-area"))
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
    carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert page.read_text(encoding="utf-8") == f"见[滕头]({link.replace('tengtou', 't2')})。\n"


def test_only_the_id_changes_in_a_file(project: Path) -> None:
    """Comments, quotes and layout around a reference stay as they were."""
    path = project / "belts/milestones/tengtou-joint-meeting.yml"
    text = path.read_text().replace("  - tengtou\n", '  -   "tengtou"   # tengtou 即滕头\n')
    path.write_text(text)
    carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert path.read_text() == text.replace('"tengtou"', '"t2"')


def test_links_in_prose_follow(project: Path) -> None:
    """A link by id in a record's text follows too; the same word elsewhere stays."""
    path = project / "belts/areas/warm-home.yml"
    path.write_text(path.read_text() + "body: 见[滕头](tengtou)，又名 tengtou。\n")
    carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, "tengtou", "t2"))
    assert path.read_text().endswith("body: 见[滕头](t2)，又名 tengtou。\n")


def test_a_chain_of_renames_leads_straight_to_the_last_id(project: Path) -> None:
    """Renamed twice, both old addresses lead to the newest id; going back to a retired id is refused."""
    for old, new in (("tengtou", "second"), ("second", "third")):
        carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, old, new))
    lines = (project / "belts/redirects.yml").read_text().splitlines()
    assert lines[1:] == ["areas/tengtou: third", "areas/second: third"]
    with pytest.raises(Problems, match="B315"):
        carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, "third", "tengtou"))


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
        carry_out(take_snapshot(project), plan_rename(load_dataset(project), project, old, new))
    assert texts(project) == before


def test_an_interrupted_rename_can_be_finished(project: Path) -> None:
    """After any number of its writes, every file is whole and the same rename completes."""
    plan = plan_rename(load_dataset(project), project, "tengtou", "t2")
    goal = {**texts(project), **plan}
    for done in range(1, len(plan) - 1):
        shutil.copytree(project, project.parent / f"{project.name}-{done}")
        half = project.parent / f"{project.name}-{done}"
        write_files(half, dict(list(plan.items())[:done]))
        carry_out(take_snapshot(half), plan_rename(load_dataset(half), half, "tengtou", "t2"))
        assert texts(half) == {path: content for path, content in goal.items() if content is not None}


def test_a_record_that_is_still_named_cannot_go(project: Path) -> None:
    """Withdrawing lists every place that names the record, pages included, and touches nothing."""
    before = texts(project)
    with pytest.raises(Problems) as caught:
        carry_out(
            take_snapshot(project),
            plan_retirement(load_dataset(project), project, "tengtou", "", "2026-11-21"),
        )
    places = {(d.path, d.code) for d in caught.value.diagnostics}
    assert ("content/page.md", "B326") in places
    assert ("belts/milestones/tengtou-joint-meeting.yml", "B326") in places
    assert texts(project) == before


def test_a_record_retires_with_its_date(project: Path) -> None:
    """A record nobody names goes; its address says when."""
    dataset = load_dataset(project)
    lone = "chen"
    (project / "belts/areas/chen.yml").write_bytes((project / "belts/areas/warm-home.yml").read_bytes())
    dataset = load_dataset(project)
    carry_out(take_snapshot(project), plan_retirement(dataset, project, lone, "", "2026-11-21"))
    redirect = load_dataset(project).redirects[-1]
    assert (redirect.address, redirect.target, str(redirect.withdrawn)) == (
        "areas/chen",
        "",
        "2026年11月21日",
    )
    assert not (project / "belts/areas/chen.yml").exists()


STOP = """  - record: tengtou
    basis: editorial
    reason: 主题相近：区域联席会议供各村协商跨村事务，区域内设有党群服务中心。
    sources:
      - jigsaw-2016
      - inspection-2020
"""


def retire(project: Path, old: str, new: str) -> None:
    """Withdraw a record in favour of another, as the command does."""
    carry_out(take_snapshot(project), plan_retirement(load_dataset(project), project, old, new, "2026-11-21"))


def drop_stop(project: Path) -> None:
    """Settle what a belt says of the record."""
    path = project / "belts/boutique/harmonious-home.yml"
    text = path.read_text()
    assert STOP in text
    path.write_text(text.replace(STOP, ""))


def faults_of(project: Path, old: str, new: str) -> set[tuple[str, int, str]]:
    """Where a retirement in favour of another is refused, and by which rule; no file changes."""
    before = texts(project)
    with pytest.raises(Problems) as caught:
        retire(project, old, new)
    assert texts(project) == before
    return {(d.path, d.line, d.code) for d in caught.value.diagnostics}


def test_what_is_said_of_a_record_is_said_of_no_other(project: Path) -> None:
    """A stop has grounds of its own: it is named with its line, nothing moves until it is settled; links then follow."""
    belt = project / "belts/boutique/harmonious-home.yml"
    line = belt.read_text().split("\n").index("  - record: tengtou") + 1
    assert faults_of(project, "tengtou", "warm-home") == {(f"belts/boutique/{belt.name}", line, "B323")}
    drop_stop(project)
    settled = belt.read_text()
    retire(project, "tengtou", "warm-home")
    assert belt.read_text() == settled
    assert "  - warm-home\n" in (project / "belts/milestones/tengtou-joint-meeting.yml").read_text()
    assert "areas/warm-home.md#facts" in (project / "content/page.md").read_text()


def test_the_whole_of_a_part_is_not_exchanged(project: Path) -> None:
    """Nor are the programme of an indicator, and the total that a number was counted from."""
    found = faults_of(project, "three-year-plan", "red-jigsaw")
    assert {code for _, _, code in found} == {"B323"}
    lines = {(path, texts(project)[path].decode().split("\n")[line - 1]) for path, line, _ in found}
    assert ("belts/programmes/point-line-area.yml", "part_of: three-year-plan") in lines
    assert {line.partition(":")[0] for _, line in lines} == {"part_of", "programme"}
    assert {code for _, _, code in faults_of(project, "township-count", "belt-count")} == {"B323"}


def test_a_citation_follows_only_to_the_same_text(project: Path) -> None:
    """A text recorded twice is cited by its other record; of another text nobody knows what it says."""
    source = project / "belts/sources/jigsaw-2016.yml"
    twin = project / "belts/sources/jigsaw-twice.yml"
    twin.write_text(source.read_text())
    assert {code for _, _, code in faults_of(project, "jigsaw-2016", "inspection-2020")} == {"B323"}
    retire(project, "jigsaw-2016", "jigsaw-twice")
    area = (project / "belts/areas/tengtou.yml").read_text()
    assert "jigsaw-twice" in area
    assert "jigsaw-2016" not in area
    twin.write_text(twin.read_text() + "url: https://www.example.org/a\n")
    source.write_text(twin.read_text().replace("example.org/a", "example.org/b"))
    (project / "belts/redirects.yml").unlink()
    assert {code for _, _, code in faults_of(project, "jigsaw-twice", "jigsaw-2016")} == {"B323"}


def test_a_successor_that_a_list_holds_is_not_listed_twice(project: Path) -> None:
    """The item goes from a list that names the successor, which names itself nowhere; comments and the rest stay."""
    drop_stop(project)
    path = project / "belts/milestones/phase-whole-area.yml"
    text = path.read_text().replace("  - tengtou\n", "  # 两个试点\n  - tengtou\n")
    path.write_text(text)
    retire(project, "tengtou", "jinxi-five-villages")
    assert path.read_text() == text.replace("  - tengtou\n", "")
    assert "related:" not in (project / "belts/areas/jinxi-five-villages.yml").read_text()


def test_a_list_in_brackets_lets_an_item_go(project: Path) -> None:
    """A list in one line loses the item too, and no other value changes."""
    drop_stop(project)
    path = project / "belts/milestones/phase-whole-area.yml"
    before = path.read_text()
    head, _, items = before.partition("related:\n")
    path.write_text(f"{head}related: [{', '.join(items.replace('- ', '').split())}]\n")
    retire(project, "tengtou", "jinxi-five-villages")
    assert path.read_text() == before.replace("  - tengtou\n", "")


def test_a_rehearsal_touches_nothing(project: Path) -> None:
    """What a change would break is found on a copy."""
    before = texts(project)
    faults = rehearse_edits(
        project, {"belts/areas/tengtou.yml": b"name: [\n", "belts/areas/warm-home.yml": None}
    )
    assert "B101" in {d.code for d in faults} or "B120" in {d.code for d in faults}
    assert texts(project) == before


LINKS = {
    "content/areas/index.md": (
        "[甲](./tengtou.md) [乙](<tengtou.md>) [丁]( tengtou.md ) [戊](tengtou.md?x=1)\n\n[t]: tengtou.md\n",
        "[甲](./teng2.md) [乙](<teng2.md>) [丁]( teng2.md ) [戊](teng2.md?x=1)\n\n[t]: teng2.md\n",
    ),
    "content/about.md": (
        "[a](areas/./tengtou.md) [b](areas%2Ftengtou.md) [c\nd](areas/tengtou.md)\n[外](https://example.org/areas/tengtou.md)\n",
        "[a](areas/./teng2.md) [b](areas%2Fteng2.md) [c\nd](areas/teng2.md)\n[外](https://example.org/areas/tengtou.md)\n",
    ),
}


def test_links_follow_however_they_are_written(tmp_path: Path) -> None:
    """In pages, in the navigation and in the prose of records; another site's address stays."""
    project = copy_project(tmp_path)
    for path, (before, _) in LINKS.items():
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{before}")
    settings = project / "mkdocs.yml"
    nav = settings.read_text(encoding="utf-8").replace("\nnav:\n", "\nnav:\n  - 滕头: areas/tengtou.md\n")
    settings.write_text(nav, encoding="utf-8")
    prose = "body: |\n  [甲](<tengtou>) [乙]( tengtou ) [丙\n  丁](tengtou)\n\n  [t]: tengtou\n"
    record = min(path for path in (project / "belts/areas").glob("*.yml") if path.stem != "tengtou")
    record.write_text(f"{record.read_text(encoding='utf-8')}{prose}", encoding="utf-8")
    assert main(["-C", str(project), "retire", "tengtou"]) == 1
    assert main(["-C", str(project), "rename", "tengtou", "teng2"]) == 0
    for path, (_, after) in LINKS.items():
        assert (project / path).read_text(encoding="utf-8").endswith(after)
    assert "  - 滕头: areas/teng2.md\n" in settings.read_text(encoding="utf-8")
    assert prose.replace("tengtou", "teng2") in record.read_text(encoding="utf-8")
    assert main(["-C", str(project), "check"]) == 0


@pytest.mark.parametrize("place", ["content/about.md", "mkdocs.yml"])
def test_every_link_keeps_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    """A record is not withdrawn while a page links to it in any spelling, or the navigation does."""
    project = copy_site("second-city", tmp_path)
    more = (
        "\n[a](areas/./east-bank.md)\n" if place.endswith(".md") else "\nnav:\n  - 岸: areas/east-bank.md\n"
    )
    with (project / place).open("a", encoding="utf-8") as file:
        file.write(more)
    assert main(["-C", str(project), "retire", "east-bank"]) == 1
    assert f"{place}:" in capsys.readouterr().err
