"""Charts of the real records: what they say is what the tables beside them say."""

import dataclasses
import re
from html import unescape

import pytest
from conftest import ROOT

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.indicator import Indicator
from build_scripts.kinds.milestone import Milestone
from build_scripts.reading.load import load_dataset
from build_scripts.views.exhibits import chart_indicator, chart_phases
from build_scripts.views.history import build_history
from build_scripts.views.profile import build_profile
from build_scripts.views.progress import build_progress


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


def values(picture: str) -> list[str]:
    """The values printed on a chart, from the top."""
    return [unescape(text) for text in re.findall(r'class="chart__value"[^>]*>([^<]*)<', picture)]


def test_charts_say_what_their_tables_say(catalogue: Catalogue) -> None:
    """On the progress page every chart prints the same values as the rows beside it, in the same order."""
    drawn = 0
    for row in (row for group in build_progress(catalogue).groups for row in group.rows):
        pairs = [(row.chart, row.observations)]
        pairs += [(row.shares.chart, row.shares.rows)] if row.shares else []
        for chart, rows in pairs:
            if chart:
                assert values(chart.picture) == [f"{f.value}{f.unit}" for f in rows], row.link.text
                drawn += 1
    assert drawn > 10


def test_target_stands_against_reached(catalogue: Catalogue) -> None:
    """200 areas reached are a bar, the targets of 360 and 300 lines, all from zero to the largest."""
    indicator = catalogue.records["demonstration-area-count"]
    assert isinstance(indicator, Indicator)
    chart = chart_indicator(indicator, catalogue)
    assert chart is not None
    assert re.findall(r'chart__bar"[^>]*width="([\d.]+%)"', chart.picture) == ["55.56%"]
    assert re.findall(r'chart__aim--target"[^>]*x2="([\d.]+%)"', chart.picture) == ["100%", "83.33%"]
    assert "实际 · 2017年11—12月，200个" in chart.picture
    assert "目标" in chart.key


def test_each_indicator_stands_once_on_the_progress_page(catalogue: Catalogue) -> None:
    """As a row of its own, or among the parts of its whole: nothing is left out and nothing said twice."""
    rows = [row for group in build_progress(catalogue).groups for row in group.rows]
    alone = [row.link.text for row in rows]
    within = [part.label for row in rows if row.shares for part in row.shares.rows]
    assert sorted(set(alone) | set(within)) == sorted({i.name for i in catalogue.of(Indicator)})
    single = {i.name for i in catalogue.of(Indicator) if len(i.observations) == 1}
    assert not single & set(alone) & set(within)


def test_star_levels_of_townships_are_held_against_all_of_them(catalogue: Catalogue) -> None:
    """19 and 26 of 153 townships, with the shares that the source prints, on the page of the total."""
    view = build_profile(catalogue.records["township-count"], catalogue, None)
    assert view.chart is None
    assert view.shares is not None
    assert view.shares.chart is not None
    assert sorted(values(view.shares.chart.picture)) == ["12.4%", "16.9%", "19个", "26个", "3.26%"]
    widths = re.findall(r'chart__bar"[^>]*width="([\d.]+)%"', view.shares.chart.picture)
    assert [float(w) for w in widths[:2]] == pytest.approx([100 * 26 / 153, 16.9], abs=0.02)
    assert "153个" in view.shares.chart.key
    assert all(row.marks for row in view.shares.rows)


def test_a_single_value_has_no_chart(catalogue: Catalogue) -> None:
    """647 alliances have nothing to be held against; a rise of 14.8 % is no share of 100."""
    for record_id in ("alliance-count", "jiangbei-tourism-growth"):
        indicator = catalogue.records[record_id]
        assert isinstance(indicator, Indicator)
        assert chart_indicator(indicator, catalogue) is None


def test_the_phases_are_drawn_on_years(catalogue: Catalogue) -> None:
    """Four phases from 1990 on, each named, with a dot for every event of the page."""
    view = build_history(catalogue)
    assert view.chart is not None
    events = sum(len(phase.events) for phase in view.phases) + len(view.events)
    assert view.chart.picture.count("<circle") == events
    assert all(f">{phase.name}<" in view.chart.picture for phase in view.phases)
    assert ">1990<" in view.chart.picture


def milestone(record_id: str, period: str, form: str = "event") -> dict[str, object]:
    """What a file of one says."""
    return {
        "id": record_id,
        "name": record_id,
        "summary": "x",
        "published": "2026-01-01",
        "form": form,
        "period": period,
    }


def test_an_event_stands_in_the_phase_that_lasted_then(catalogue: Catalogue) -> None:
    """An open phase ends where the next begins; a closed one with its last day, after which there may be none."""
    phases = {
        "first": "2001/2003",
        "second": "2005/2008-06",
        "within": "2006/2007",
        "third": "2010/..",
        "last": "2015/2020",
    }
    events = {
        "2000": "", "2003-12-31": "first", "2004": "", "2005": "second", "2006": "within", "2008-02": "second",
        "2008-07": "", "2014-12-31": "third", "2015": "last", "2020": "last", "2021": "",
    }  # fmt: skip
    records = [Milestone.model_validate(milestone(name, period, "phase")) for name, period in phases.items()]
    records += [Milestone.model_validate(milestone(f"in-{day}", day)) for day in events]
    view = build_history(dataclasses.replace(catalogue, by_kind={"milestone": tuple(records)}))
    found = {event.name: phase.name for phase in view.phases for event in phase.events}
    assert {day: found.get(f"in-{day}", "") for day in events} == events
    assert {event.name.removeprefix("in-") for event in view.events} == {
        day for day, phase in events.items() if not phase
    }


def test_a_phase_is_as_long_as_it_lasted(catalogue: Catalogue) -> None:
    """Also the last one, when no event is as late; only one without an end is drawn open."""
    phases = [("a", "2000/2010"), ("b", "2010/2030")]
    records = [Milestone.model_validate(milestone(name, period, "phase")) for name, period in phases]
    chart = chart_phases(records, [])
    assert chart is not None
    widths = [float(width) for width in re.findall(r'chart__bar" [^>]*width="([0-9.]+)%"', chart.picture)]
    assert widths == pytest.approx([100 * 11 / 31, 100 * 21 / 31], abs=0.1)
    assert "chart__more" not in chart.picture
    is_open = chart_phases([Milestone.model_validate(milestone("c", "2000/..", "phase"))], records)
    assert is_open is not None
    assert is_open.picture.count("chart__more") == 1
