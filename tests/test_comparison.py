"""What a change does to the public site: two editions compared."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from build_scripts.diff.account import render_text, tell
from build_scripts.diff.comparison import Comparison, Fate, check_addresses, compare_editions
from build_scripts.diff.differences import Changed, Moved, Reordered, Words
from build_scripts.diff.editions import load_edition
from build_scripts.editing.edits import carry_out, take_snapshot
from build_scripts.editing.renames import plan_rename, plan_retirement
from build_scripts.faults.rules import Language
from build_scripts.reading.load import load_dataset

MINIMAL = ROOT / "tests/sites/minimal"
AREA = "belts/areas/tengtou.yml"
BELT = "belts/boutique/river-belt.yml"
UNION = "belts/alliances/stream-union.yml"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the smallest site, to be changed."""
    shutil.copytree(MINIMAL, tmp_path, dirs_exist_ok=True)
    return tmp_path


def compare(site: Path) -> Comparison:
    return compare_editions(load_edition(MINIMAL), load_edition(site))


def rewrite(site: Path, path: str, old: str, new: str) -> None:
    """Replace words that must be there."""
    text = (site / path).read_text(encoding="utf-8")
    assert old in text
    (site / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def changes(site: Path) -> dict[str, tuple[object, ...]]:
    """The changes of each record, by id."""
    found = {c.after.id: c.changes for c in compare(site).records if c.after}
    assert compare(site).broken == ()
    return found


def test_nothing_changes_in_an_edition_compared_with_itself(site: Path) -> None:
    """Comments, layout and the order of fields are no change."""
    text = (site / AREA).read_text()
    (site / AREA).write_text("# 一句注释\n" + text.replace("setting: rural\n", "") + "setting:   rural\n")
    assert not compare(site)


def test_a_figure_is_told_with_unit_date_and_source(site: Path) -> None:
    rewrite(
        site, AREA, "value: 5\n    unit: 个\n    as_of: 2016", "value: 7\n    unit: 个\n    as_of: 2017-03"
    )
    before, after = "村 5个（2016年，2016年调查）", "村 7个（2017年3月，2016年调查）"
    (change,) = changes(site)["tengtou"]
    assert isinstance(change, Changed)
    assert change.is_figure
    assert (change.field.zh, change.field.en) == ("数据", "figures")
    assert change.before
    assert change.after
    assert (change.before.zh, change.after.zh) == (before, after)
    assert change.after.en == "村 7个 (2017-03, 2016年调查)"


def test_an_observation_takes_its_unit_from_its_indicator(site: Path) -> None:
    path = "belts/indicators/area-count.yml"
    rewrite(site, path, "value: 300", "form: target\n    value: 400")
    (added, removed) = changes(site)["area-count"]
    assert isinstance(added, Changed)
    assert isinstance(removed, Changed)
    assert added.before is None
    assert removed.after is None
    assert added.after == Words("400个（目标，2016年，2016年调查）", "400个 (target, 2016, 2016年调查)")


def test_a_point_moves_by_metres_and_between_districts(site: Path) -> None:
    """One minute of latitude is 1853 m; the districts are those that the two points lie in."""
    rewrite(site, AREA, "lat: 29.70", "lat: 29.71")
    (moved,) = changes(site)["tengtou"]
    assert moved == Moved(Words("位置·坐标", "place.location"), 1112, "奉化区", "奉化区")
    rewrite(site, AREA, "lat: 29.71", "lat: 30.05")
    rewrite(site, AREA, "lon: 121.39", "lon: 121.15")
    (moved,) = changes(site)["tengtou"]
    assert isinstance(moved, Moved)
    assert (moved.before, moved.after) == ("奉化区", "余姚市")


def test_a_point_in_another_datum_does_not_move(site: Path) -> None:
    """The same place given in GCJ-02 is 0 m away; the same numbers in GCJ-02 are some hundred metres away."""
    from build_scripts.geography.datum import Datum, Point, from_wgs84

    point = from_wgs84(Point(29.70, 121.39), Datum.GCJ02)
    rewrite(
        site,
        AREA,
        "lat: 29.70\n    lon: 121.39\n    crs: wgs84",
        f"lat: {point.lat:.7f}\n    lon: {point.lon:.7f}\n    crs: gcj02",
    )
    (moved,) = changes(site)["tengtou"]
    assert isinstance(moved, Moved)
    assert moved.metres == 0
    shutil.copy(MINIMAL / AREA, site / AREA)
    rewrite(site, AREA, "crs: wgs84", "crs: gcj02")
    (moved,) = changes(site)["tengtou"]
    assert isinstance(moved, Moved)
    assert 300 < moved.metres < 700


STOPS = """stops:
  - record: tengtou
    basis: editorial
    reason: 都在江边
  - record: stream-union
    basis: editorial
    reason: 都在江边
"""


def test_stops_are_reordered_added_and_removed(site: Path) -> None:
    """A new stop is named by its record; a new order is given whole, before and after."""
    rewrite(site, UNION, "status: draft\n", "")
    former = load_edition(site)
    first, second = STOPS.index("  - record: tengtou"), STOPS.index("  - record: stream")
    rewrite(site, BELT, STOPS[:second], STOPS)
    (record,) = compare_editions(former, load_edition(site)).records
    assert record.changes == (Changed(Words("站点（按顺序）", "stops"), None, Words("溪边联盟", "溪边联盟")),)
    former = load_edition(site)
    rewrite(site, BELT, STOPS, STOPS[:first] + STOPS[second:] + STOPS[first:second])
    comparison = compare_editions(former, load_edition(site))
    (change,) = comparison.records[0].changes
    told = render_text(tell(comparison, "改动", ("甲", "乙"), Language.ZH))
    assert "（次序）：滕头区域、溪边联盟 → 溪边联盟、滕头区域" in told
    assert isinstance(change, Reordered)
    assert [w.zh for w in change.before] == [w.zh for w in change.after][::-1] == ["滕头区域", "溪边联盟"]


def test_a_reworded_statement_is_one_change_and_a_new_one_another(site: Path) -> None:
    """A text that keeps half of its characters is the same text, reworded, wherever it stands in the list."""
    old = "facts:\n  - text: 由五个村组成。"
    new = "facts:\n  - text: 另一件毫不相干的事。\n    sources: [survey-2016]\n  - text: 由六个村组成。"
    rewrite(site, AREA, old, new)
    added, reworded = changes(site)["tengtou"]
    assert isinstance(added, Changed)
    assert isinstance(reworded, Changed)
    assert added.before is None
    assert added.after
    assert added.after.zh == "另一件毫不相干的事。"
    assert reworded.field == Words("概况·第2条·陈述", "facts no. 2.text")
    assert reworded.before == Words("由五个村组成。", "由五个村组成。")


def test_a_renamed_record_is_the_same_record(site: Path) -> None:
    """Records that merely follow the new id are not listed as changed; the old address leads on."""
    carry_out(take_snapshot(site), plan_rename(load_dataset(site), site, "tengtou", "teng"))
    comparison = compare(site)
    (renamed,) = comparison.records
    assert (renamed.fate, renamed.changes) == (Fate.RENAMED, ())
    assert renamed.before
    assert renamed.after
    assert (renamed.before.address, renamed.after.address) == ("areas/tengtou/", "areas/teng/")
    assert [(lost.address, lost.target) for lost in comparison.lost] == [("areas/tengtou/", "areas/teng/")]
    assert comparison.gained == (("areas/teng/", "滕头区域"),)
    assert comparison.broken == ()


@pytest.mark.parametrize("other", ["another", "zoo"])
def test_of_several_that_lead_to_one_the_most_alike_was_renamed(site: Path, other: str) -> None:
    """The others were withdrawn in its favour, whichever comes first by id."""
    area = (site / AREA).read_text(encoding="utf-8")
    (site / f"belts/areas/{other}.yml").write_text(area.replace("滕头区域", "另一片区"), encoding="utf-8")
    former = load_edition(site)
    carry_out(take_snapshot(site), plan_rename(load_dataset(site), site, "tengtou", "teng"))
    carry_out(take_snapshot(site), plan_retirement(load_dataset(site), site, other, "teng", "2026-11-21"))
    comparison = compare_editions(former, load_edition(site))
    (renamed,), (retired,) = comparison.of(Fate.RENAMED), comparison.of(Fate.RETIRED)
    assert renamed.before
    assert (renamed.before.id, renamed.changes) == ("tengtou", ())
    assert retired.before
    assert retired.successor
    assert (retired.before.id, retired.successor.id) == (other, "teng")


def test_a_retired_record_keeps_its_address(site: Path) -> None:
    """Withdrawn in favour of another, or for good: neither address is broken."""
    rewrite(site, UNION, "status: draft\n", "")
    former = load_edition(site)
    carry_out(take_snapshot(site), plan_retirement(load_dataset(site), site, "river-belt", "", "2026-11-21"))
    carry_out(
        take_snapshot(site),
        plan_retirement(load_dataset(site), site, "tengtou", "stream-union", "2026-11-21"),
    )
    comparison = compare_editions(former, load_edition(site))
    retired = comparison.of(Fate.RETIRED)
    assert [change.successor and change.successor.id for change in retired] == [None, "stream-union"]
    assert comparison.broken == ()


def removed(site: Path) -> None:
    (site / AREA).unlink()
    (site / BELT).unlink()


def renamed_by_hand(site: Path) -> None:
    (site / AREA).rename(site / "belts/areas/teng.yml")
    rewrite(site, BELT, "record: tengtou", "record: teng")


@pytest.mark.parametrize(
    ("change", "fate", "address", "mend"),
    [
        (removed, Fate.REMOVED, "areas/tengtou/", "areas/tengtou: 新编号，或 areas/tengtou: gone 日期"),
        (renamed_by_hand, Fate.REMOVED, "areas/tengtou/", "写 areas/tengtou: teng"),
        (
            lambda site: rewrite(site, AREA, "published:", "status: draft\npublished:"),
            Fate.DRAFTED,
            "areas/tengtou/",
            "status: published",
        ),
        (
            lambda site: rewrite(site, "belts/city.yml", "id: yuyao", "id: yu"),
            None,
            "districts/yuyao/",
            "yuyao",
        ),
        (lambda site: (site / "content/index.md").rename(site / "content/other.md"), None, "", "放回来"),
    ],
)
def test_an_address_lost_without_a_redirect_is_reported(
    site: Path, change: Callable[[Path], object], fate: Fate | None, address: str, mend: str
) -> None:
    """B318 names the address, the file to mend it in and what to type there."""
    change(site)
    comparison = compare(site)
    lost = next(lost for lost in comparison.broken if lost.address == address)
    assert mend in lost.mend.zh
    assert not fate or address in {r.before.address for r in comparison.of(fate) if r.before}
    found = [d for d in check_addresses(comparison) if f" {address} " in d.message()]
    assert [d.code for d in found] == ["B318"]
    assert mend in found[0].help()


def test_a_redirect_that_is_taken_away_breaks_its_address(site: Path) -> None:
    """An address that led on before must lead on for ever."""
    (site / "belts/redirects.yml").write_text("areas/old: tengtou\n")
    former = load_edition(site)
    (site / "belts/redirects.yml").unlink()
    comparison = compare_editions(former, load_edition(site))
    assert [lost.address for lost in comparison.broken] == ["areas/old/"]


def test_drafts_are_published_and_new_records_added(site: Path) -> None:
    """What readers had not seen is new to them; the two are told apart."""
    rewrite(site, AREA, "published:", "status: draft\npublished:")
    (site / BELT).unlink()
    comparison = compare_editions(load_edition(site), load_edition(MINIMAL))
    assert [c.after.id for c in comparison.of(Fate.PUBLISHED) if c.after] == ["tengtou"]
    assert [c.after.id for c in comparison.of(Fate.ADDED) if c.after] == ["river-belt"]
    assert [address for address, _ in comparison.gained] == ["areas/tengtou/", "belts/river-belt/"]


def test_a_file_that_cannot_be_read_is_named_and_left_out(site: Path) -> None:
    """A record that is unreadable on either side was neither added nor removed."""
    (site / AREA).write_text("name: [\n")
    rewrite(site, "belts/indicators/area-count.yml", "group: 规模", "group: 数量")
    comparison = compare(site)
    assert comparison.unread == (AREA,)
    assert comparison.broken == ()
    assert [c.after.id for c in comparison.records if c.after] == ["area-count"]


def test_an_edition_without_a_city_still_compares(site: Path) -> None:
    (site / "belts/city.yml").unlink()
    assert "districts/fenghua/" in {lost.address for lost in compare(site).broken}


def test_settings_pages_and_data_files_are_named(site: Path) -> None:
    rewrite(site, "belts/city.yml", "title: 甬城示范片", "title: 甬城")
    with (site / "belts/geo/villages.csv").open("a") as file:
        file.write("\n")
    with (site / "content/index.md").open("a") as file:
        file.write("\n多一句。\n")
    comparison = compare(site)
    (title,) = comparison.city
    assert isinstance(title, Changed)
    assert title.field.zh == "网站名称"
    assert comparison.files == ("geo/villages.csv",)
    assert [address for address, _ in comparison.pages] == [""]


def test_a_page_is_known_by_its_address_and_mended_in_its_file(site: Path) -> None:
    """As the publisher addresses it: README.md is the page of its folder."""
    (site / "content/notes").mkdir()
    (site / "content/notes/README.md").write_text("# 说明\n", encoding="utf-8")
    before = load_edition(site)
    assert before.addresses["notes/"] == "说明"
    (site / "content/notes/README.md").unlink()
    (site / "content/index.md").unlink()
    found = check_addresses(compare_editions(before, load_edition(site)))
    assert {d.path for d in found} == {"content/notes/README.md", "content/index.md"}


def test_every_real_record_is_equal_to_itself() -> None:
    edition = load_edition(ROOT)
    assert not compare_editions(edition, load_edition(ROOT))
    assert len(edition.addresses) > len(edition.catalogue.records)
