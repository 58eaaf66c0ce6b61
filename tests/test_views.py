"""What pages show, on the real records: citations, places, stops, and fields shown by their type."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from conftest import ROOT
from pydantic import Field

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.base import Record
from build_scripts.kinds.registry import kind_named
from build_scripts.kinds.source import Source
from build_scripts.reading.load import load_dataset
from build_scripts.records.dates import PartialDate
from build_scripts.records.ids import DistrictId, PlaceRecordId
from build_scripts.records.models import Choice
from build_scripts.records.statements import Statement
from build_scripts.records.text import Line
from build_scripts.views.cards import record_card
from build_scripts.views.citations import dating_of, quote_source
from build_scripts.views.districts import build_district
from build_scripts.views.history import build_history
from build_scripts.views.home import build_home, recent_records
from build_scripts.views.places import explain_opening, place_note
from build_scripts.views.profile import ProfileView, build_profile
from build_scripts.views.progress import build_progress
from build_scripts.views.records import build_records
from build_scripts.views.sources import build_sources
from build_scripts.views.standards import build_standards
from build_scripts.web.templates import page_environment


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


def profile(catalogue: Catalogue, record_id: str) -> ProfileView:
    """A record's view without its map."""
    return build_profile(catalogue.records[record_id], catalogue, None)


def test_the_confidence_of_a_date_in_two_years_is_that_of_the_period(catalogue: Catalogue) -> None:
    """Nobody knows the year of a text that was written from November to January."""
    sources = {source.id: source for source in catalogue.of(Source)}
    assert dating_of(sources["city-party-building-2017"]) == "在这一时段内，可信度高"
    assert dating_of(sources["jigsaw-2016"]) == "年份可信度高，月份可信度中"


def test_every_mark_leads_to_a_citation_and_back(catalogue: Catalogue) -> None:
    """On every profile each source mark has its citation, which lists the mark to go back to."""
    for record_id in catalogue.records:
        view = profile(catalogue, record_id)
        backs = {c.anchor: {mark.anchor for mark in c.marks} for c in view.citations}
        marks = [m for section in view.sections for claim in section.claims for m in claim.marks]
        marks += [
            m for row in (*view.figures, *view.observations, *view.members, *view.stops) for m in row.marks
        ]
        assert all(mark.anchor in backs[mark.target] for mark in marks), record_id


def test_every_figure_has_a_source_and_a_date(catalogue: Catalogue) -> None:
    """No figure stands on a page without its mark and its date."""
    for record_id in catalogue.records:
        view = profile(catalogue, record_id)
        for row in (*view.figures, *view.observations):
            assert row.marks, (record_id, row.label)
            assert row.date, (record_id, row.label)


def test_every_value_in_the_list_of_indicators_has_its_source(catalogue: Catalogue) -> None:
    """The mark beside it leads to a citation at the foot of the page."""
    view = build_records(kind_named("indicator"), catalogue)
    targets = {citation.anchor for citation in view.citations}
    cards = [card for group in view.groups for card in group.cards]
    assert len(cards) > 90
    assert all(card.marks and card.marks[0].target in targets for card in cards)


def test_sources_are_numbered_as_they_are_met(catalogue: Catalogue) -> None:
    """The first mark of a belt's page, on its first stop, is number one."""
    assert profile(catalogue, "mountain-dwellings").stops[0].marks[0].number == 1


def test_a_township_place_never_passes_for_the_village(catalogue: Catalogue) -> None:
    """A place of township precision says so and says that it is not the village."""
    note = profile(catalogue, "jinxi-five-villages").place
    assert note is not None
    assert note.label == "乡镇（街道）级"
    assert "不是村或社区的位置" in note.explanation


@pytest.mark.parametrize(("township", "known"), [("溪口镇", "乡镇（街道）"), (None, "区（县、市）")])
def test_a_place_without_a_position_says_so(catalogue: Catalogue, township: str | None, known: str) -> None:
    """A page never passes over in silence that nobody has a point for its record."""
    record = catalogue.records["tengtou"]
    place = record.place_or_none
    assert place is not None
    assert not profile(catalogue, "tengtou").unplaced
    without = record.model_copy(
        update={"place": place.model_copy(update={"township": township, "location": None})}
    )
    view = build_profile(without, catalogue, None)
    assert view.place is None
    assert view.unplaced == f"只知道在这个{known}。"
    template = '{% from "parts/record.html" import facts %}{{ facts(view, "../../") }}'
    facts = page_environment(ROOT / "site_templates").from_string(template).render(view=view)
    assert f'<dt>坐标</dt><dd>没有坐标<span class="aside">{view.unplaced}</span>' in facts


def test_terms_that_find_a_record_are_no_names_of_it(catalogue: Catalogue) -> None:
    """They stand on its page neither as other names nor as a row of their own."""
    record = catalogue.records["fengling-lead-goose"]
    assert record.search_terms
    view = profile(catalogue, record.id)
    assert not view.other_names
    assert not {*record.search_terms} & {detail.text for detail in view.details}


def test_what_goes_without_saying_is_not_said(catalogue: Catalogue) -> None:
    """That a source's title is printed on it; that it is lost is said."""
    label = Source.model_fields["title_known"].title
    said = {
        id_: [detail.text for detail in profile(catalogue, id_).details if detail.label == label]
        for id_ in ("jigsaw-2016", "fengling-2017")
    }
    assert said == {"jigsaw-2016": [], "fengling-2017": ["否"]}


def test_a_township_is_named_once(catalogue: Catalogue) -> None:
    """Where it is the place itself."""
    places = [place for case in profile(catalogue, "area-party-building").cases for place in case.places]
    (place,) = (place for place in places if place.name == "招宝山街道")
    assert place.township == "镇海区"


def test_a_district_is_described_by_what_its_page_has(catalogue: Catalogue) -> None:
    """In search results and shared cards."""
    view = build_district(catalogue.district("zhenhai"), catalogue, None)
    assert view.description == "镇海区的示范片、机制中的实例、乡镇（街道）名录。"


def test_editorial_stops_say_so(catalogue: Catalogue) -> None:
    """Every stop of a city belt carries the editorial mark and its reason."""
    stops = profile(catalogue, "mountain-dwellings").stops
    assert all(stop.editorial and stop.basis == "本站编排" and stop.reason for stop in stops)


def test_stops_lead_on_along_the_belt(catalogue: Catalogue) -> None:
    """A record on a belt knows the stop before and the stop after it."""
    view = profile(catalogue, "zero-carbon")
    on_belt_two = {tag.number: tag.link.text for tag in view.previous}
    assert on_belt_two[2] == "环云湖党建联盟"
    assert {tag.number: tag.link.text for tag in view.next}[2] == "金溪五村区域"


def test_other_stops_of_a_belt_are_named(catalogue: Catalogue) -> None:
    """A record's page names the stops around it on each belt, itself without a link."""
    neighbours = {belt.number: belt for belt in profile(catalogue, "zero-carbon").neighbours}
    assert [(number, bool(link.url)) for number, link in neighbours[2].stops] == [
        (1, True),
        (2, False),
        (3, True),
        (4, True),
    ]


@pytest.mark.parametrize(
    ("record_id", "point", "opens"),
    [
        ("yunhu-lake", "坐标取自驻地", "打开的是慈城镇驻地"),
        ("xufu", "坐标是其中的大致位置", "打开的是龙山镇内的大致位置"),
    ],
)
def test_a_point_is_called_a_seat_only_where_its_basis_says_so(
    catalogue: Catalogue, record_id: str, point: str, opens: str
) -> None:
    """The seat of 慈城镇; for 徐福 the former town of 三北, kilometres from the seat of 龙山镇."""
    place = catalogue.records[record_id].place_or_none
    assert place is not None
    assert place.location is not None
    assert point in place_note(place.location).explanation
    assert explain_opening(place.location, place.township).startswith(opens)


@pytest.mark.parametrize(
    ("record_id", "township"), [("zero-carbon", "龙观乡（推定）"), ("tengtou", "萧王庙街道")]
)
def test_a_township_that_no_source_gives_says_so(catalogue: Catalogue, record_id: str, township: str) -> None:
    """In the head of its page, in lists and at the stops of a belt."""
    view = profile(catalogue, record_id)
    assert view.township == township
    assert [detail.text for detail in view.details if detail.text.endswith(township)]
    assert record_card(catalogue.records[record_id], catalogue).township == township
    (belt, *_) = catalogue.belts_of(record_id)
    stops = {stop.link.url: stop for stop in profile(catalogue, belt.id).stops if stop.link}
    assert stops[view.url].township == township


def test_nearby_claims_no_more_than_is_known(catalogue: Catalogue) -> None:
    """A distance between places known to their townships is in whole kilometres and says so."""
    rows = {row.link.text: row for row in profile(catalogue, "zero-carbon").nearby}
    assert rows["滕头区域"].distance == "直线约8公里，按大致位置量"
    found = [row for record_id in catalogue.records for row in profile(catalogue, record_id).nearby]
    assert len(found) > len(rows)
    assert [row for row in found if not (row.link.url and row.distance)] == []


def test_targets_stand_beside_what_was_reached(catalogue: Catalogue) -> None:
    """The home page shows 200 areas reached, and both targets with their own dates."""
    home = build_home(catalogue, None, lambda _: "")
    areas = home.key_figures[0]
    assert areas.reached is not None
    assert areas.reached.value == "200"
    assert {(row.value, row.date) for row in areas.targets} == {("360", "2017年12月"), ("300", "2018年12月")}
    assert areas.caveat == "出自不同来源，口径可能不同。"
    assert {figure.caveat for figure in home.key_figures if not figure.targets} == {""}


def test_a_list_of_indicators_gives_their_latest_values(catalogue: Catalogue) -> None:
    """What was reached last, or a target that says so, each with its date."""
    groups = build_records(kind_named("indicator"), catalogue).groups
    dates = {card.id: card.date for group in groups for card in group.cards}
    assert dates["demonstration-area-count"] == "200个，2017年11—12月"
    assert dates["township-model-share"] == "目标50%，2018年12月"
    assert all(dates.values())


def test_home_says_of_how_many_stops_the_site_chose(catalogue: Catalogue, tmp_path: Path) -> None:
    """Most of Ningbo's, one in three of the second city's; nothing is said where sources name them all."""
    shutil.copytree(ROOT / "tests/sites/second-city/belts", tmp_path / "belts")
    second = build_catalogue(load_dataset(tmp_path))
    belt = tmp_path / "belts/boutique/river-belt.yml"
    chosen = "basis: editorial\n    reason: 在河的下游。"
    belt.write_text(belt.read_text("utf-8").replace(chosen, "basis: source\n    sources: [survey]"), "utf-8")
    third = build_catalogue(load_dataset(tmp_path))
    homes = [build_home(city, None, lambda _: "") for city in (catalogue, second, third)]
    assert [home.editorial for home in homes] == ["站点多由", "部分站点由", ""]


def test_recent_changes_take_turns(catalogue: Catalogue) -> None:
    """Among records changed on one day, every kind is seen before one is seen twice."""
    kinds = [card.kind for card in build_home(catalogue, None, lambda _: "").recent]
    assert len(set(kinds)) == len(kinds)


def test_a_structure_says_where_it_is_from(catalogue: Catalogue) -> None:
    """By one mark where its items have the same source, which the record's only one is; else each by its own."""
    for record_id, sources in (
        ("seven-plus-n", ["alliances-2022"]),
        ("grid-party-building", ["city-party-building-2017"]),
    ):
        structure = profile(catalogue, record_id).structure
        assert structure is not None
        assert [mark.title for mark in structure.marks] == [source_title(catalogue, i) for i in sources]
        assert all(not part.marks for part in structure.parts)
    path = profile(catalogue, "point-line-area").structure
    assert path is not None
    assert path.marks == ()
    assert [len(part.marks) for part in path.parts] == [1, 2]


def source_title(catalogue: Catalogue, source_id: str) -> str:
    """What a source's mark says of it."""
    source = catalogue.records[source_id]
    assert isinstance(source, Source)
    return source.mark_title


def test_what_was_changed_stands_before_what_is_new(catalogue: Catalogue) -> None:
    """On one day: a record that was there before tells more than one of many new ones."""
    last = list(catalogue.records.values())[-1]
    changed = last.model_copy(update={"updated": last.published})
    records = {**catalogue.records, last.id: changed}
    assert recent_records(replace(catalogue, records=records), 6)[0] is changed


def test_a_structure_is_its_records_parts(catalogue: Catalogue) -> None:
    """7+N is a set of eight with the N unlisted; one net, one line, two ends, three platforms hang in columns."""
    ways = profile(catalogue, "seven-plus-n").structure
    assert ways is not None
    assert ways.form == "tiles"
    assert [part.unlisted for part in ways.parts] == [False] * 7 + [True]
    smart = profile(catalogue, "smart-party-building").structure
    assert smart is not None
    assert smart.form == "columns"
    assert [(part.name, len(part.parts)) for part in smart.parts] == [
        ("一网", 1),
        ("一线", 1),
        ("两端", 2),
        ("三平台", 3),
    ]


def test_forty_two_items_stand_in_four_blocks(catalogue: Catalogue) -> None:
    """The number of items is on their branch, though the source does not list them."""
    structure = profile(catalogue, "special-inspection").structure
    assert structure is not None
    blocks = structure.parts[0]
    assert (blocks.name, blocks.count, len(blocks.parts)) == ("四大板块", "42", 4)


def test_a_part_leads_to_its_programme(catalogue: Catalogue) -> None:
    """The five hands of 锋领港城 link to the programmes that are part of it."""
    structure = profile(catalogue, "fengling-harbour-city").structure
    assert structure is not None
    urls = [part.link.url if part.link else "" for part in structure.parts]
    assert "programmes/fengling-outpost/" in urls
    assert all(urls)


def test_the_whole_is_on_the_overview_pages(catalogue: Catalogue) -> None:
    """Every indicator, milestone, programme and source stands on its overview page."""
    rows = [row for group in build_progress(catalogue).groups for row in group.rows]
    parts = {part.link.url for row in rows if row.shares for part in row.shares.rows if part.link}
    progress = len(parts | {row.link.url for row in rows})
    history = build_history(catalogue)
    milestones = len(history.phases) + sum(len(p.events) for p in history.phases) + len(history.events)
    names = [
        card.card.name for group in build_standards(catalogue).groups for card in _flatten(group.programmes)
    ]
    numbers = {kind: len([r for r in catalogue.records.values() if r.kind == kind]) for kind in _KINDS}
    assert progress == numbers["indicator"]
    assert milestones == numbers["milestone"]
    assert len(names) == len(set(names)) == numbers["programme"]
    assert len(build_sources(catalogue).sources) == numbers["source"]


_KINDS = ("indicator", "milestone", "programme", "source")


def _flatten(cards: tuple) -> list:
    return [found for card in cards for found in (card, *_flatten(card.children))]


class Season(Choice):
    """A vocabulary that the project does not have."""

    SPRING = "spring", "春"
    AUTUMN = "autumn", "秋"


class Festival(Record):
    """A kind that the project does not have."""

    kind: ClassVar[str] = "milestone"

    season: Line = Field(title="季节")
    seasons: tuple[Season, ...] = Field((), title="各季")
    dishes: tuple[Line, ...] = Field((), title="食物")
    venues: tuple[PlaceRecordId, ...] = Field((), title="会场")
    districts: tuple[DistrictId, ...] = Field((), title="举办的区县")
    since: PartialDate = Field(title="始于")
    customs: tuple[Statement, ...] = Field((), title="习俗")


def test_a_new_kind_is_shown_by_the_types_of_its_fields(catalogue: Catalogue) -> None:
    """A model nobody wrote a view for has its simple fields as details and its statements as a section."""
    text = {"name": "庙会", "summary": "说明。", "published": "2026-01-01", "season": "春", "since": "2015"}
    custom = {"text": "放灯。", "sources": ["jigsaw-2016"]}
    view = build_profile(Festival.model_validate(text | {"id": "f", "customs": [custom]}), catalogue, None)
    assert [(d.label, d.text) for d in view.details] == [("季节", "春"), ("始于", "2015年")]
    assert [(s.title, s.claims[0].text) for s in view.sections] == [("习俗", "放灯。")]
    assert view.citations[0].link.url == "sources/jigsaw-2016/"


def test_lists_of_a_new_kind_are_details(catalogue: Catalogue) -> None:
    """Choices by their labels, names one after another, records and districts as links."""
    text = {"name": "庙会", "summary": "说明。", "published": "2026-01-01", "season": "春", "since": "2015"}
    lists = {"seasons": ["spring", "autumn"], "dishes": ["年糕", "汤圆"], "venues": ["tengtou"]}
    record = Festival.model_validate(text | lists | {"id": "f", "districts": ["fenghua", "yuyao"]})
    details = {d.label: d for d in build_profile(record, catalogue, None).details}
    assert [details[label].text for label in ("各季", "食物")] == ["春、秋", "年糕、汤圆"]
    links = [link.url for label in ("会场", "举办的区县") for link in details[label].links]
    assert links == ["areas/tengtou/", "districts/fenghua/", "districts/yuyao/"]


def test_quotation_marks_inside_others_are_single(catalogue: Catalogue) -> None:
    """How a source words a date may hold a quotation itself."""
    assert quote_source("自“两学一做”以来") == "来源作“自‘两学一做’以来”"
    assert quote_source(None) == ""
