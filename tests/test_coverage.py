"""The fact base against the records: nothing in it is lost, and no record names a person."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FACT_BASE = ROOT / "tests" / "fact_base"
BELTS = ROOT / "belts"

PLACES = {"village", "community", "town", "street", "river", "site", "company"}
BODIES = {"area", "demonstration area", "alliance", "belt", "workshop"}
FIGURE_LISTS = ("figures", "observations")
DATES = {"date", "period", "since", "as_of"}
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}(?!s)")  # 1990s is no year
REFERENCES = {
    "id",
    "record",
    "source",
    "sources",
    "programme",
    "programmes",
    "part_of",
    "related",
    "district",
}
NOT_PROSE = REFERENCES | {"code", "location", "value", "uncertainty_km", "number", "as_of", "published"}


@dataclass(frozen=True)
class Printed:
    """What readers of one record see: its words, its figures as value, unit, date and source, and the days it gives."""

    draft: bool
    words: tuple[str, ...]
    figures: frozenset[tuple[str, str, str, str]]
    days: frozenset[str]

    def names(self, name: str) -> bool:
        """Whether every part of a row's name stands in the record."""
        return all(any(part in text for text in self.words) for part in _name_parts(name))

    def states(self, value: str, unit: str) -> bool:
        """Whether a figure stands in the record as printed: in a list of figures or in its words."""
        return any(self.figures_of(value, unit)) or any(_quotes(text, value, unit) for text in self.words)

    def figures_of(self, value: str, unit: str) -> Iterator[tuple[str, str]]:
        """Date and source of each figure that a row gives."""
        return ((day, source) for other, its, day, source in self.figures if _equal(value, unit, other, its))


def _plain(text: str) -> str:
    """Without quotation marks and spaces, which the sources set at random."""
    return re.sub(r"[“”‘’\"'《》\s]", "", text)


def _signed(value: str) -> str:
    """A figure with the fact base's signs in place of the sources' words."""
    return re.sub("^(?:不少于|不低于|至少)", "≥", re.sub("^(?:超过|超|逾)", ">", value))


def _bare_unit(unit: str) -> str:
    """Without the fact base's own remark, as in 万（元/年，原文未写单位）."""
    return re.sub(r"（.*?）", "", _plain(unit))


def _name_parts(name: str) -> list[str]:
    return [_plain(part) for part in re.split(r"[、／]", re.sub(r"（.*?）", "", name))]


def _equal(value: str, unit: str, other_value: str, other_unit: str) -> bool:
    value, other_value = _signed(value), _signed(other_value)
    if value + unit == other_value + other_unit:
        return True
    return value == other_value and (not unit or not other_unit or unit[0] == other_unit[0])


def _quotes(text: str, value: str, unit: str) -> bool:
    number = rf"(?<![\d.]){re.escape(value)}"
    if unit and re.search(number + re.escape(unit), text):
        return True
    return len(value) > 1 and bool(re.search(rf"{number}(?![\d.%])", text))


def _words(node: Any, key: str = "") -> Iterator[str]:
    if key in NOT_PROSE:
        return
    if isinstance(node, str):
        yield _plain(node)
    elif isinstance(node, list):
        for item in node:
            yield from _words(item, key)
    else:
        for name, value in node.items():
            yield from _words(value, name)


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only, no objects


def _printed(record: Mapping[str, Any]) -> Printed:
    entries = [entry for key in FIGURE_LISTS for entry in record.get(key, [])]
    units = [entry.get("unit", record.get("unit", "")) for entry in entries]
    figures = {
        (_plain(e["value"]), _bare_unit(u), e["as_of"], e["source"])
        for e, u in zip(entries, units, strict=True)
    }
    return Printed(
        record.get("status") == "draft", tuple(_words(record)), frozenset(figures), frozenset(_days(record))
    )


def _days(node: Any, key: str = "") -> Iterator[str]:
    """Every day, month and year that a record gives as the bound of a date."""
    if isinstance(node, str):
        if key in DATES:
            yield from _DAY.findall(node)
    elif isinstance(node, list):
        for item in node:
            yield from _days(item, key)
    else:
        for name, value in node.items():
            yield from _days(value, name)


def find_gaps(
    rows: list[dict[str, Any]],
    ledger: Mapping[str, Mapping[str, Any]],
    records: Mapping[str, Printed],
    districts: Mapping[str, str],
) -> list[str]:
    """Every row that the ledger or the records lose, one sentence each."""
    counts = Counter(row["id"] for row in rows)
    gaps = [f"{id_}: is {count} rows" for id_, count in counts.items() if count > 1]
    gaps += [f"{id_}: in the ledger, not a row" for id_ in ledger if id_ not in counts]
    for row in rows:
        gaps += [
            f"{row['id']}: {gap}" for gap in _gaps_of(row, ledger.get(row["id"], {}), records, districts)
        ]
    return gaps


def _gaps_of(
    row: Mapping[str, Any],
    entry: Mapping[str, Any],
    records: Mapping[str, Printed],
    districts: Mapping[str, str],
) -> Iterator[str]:
    published, reason = entry.get("published"), entry.get("excluded")
    if bool(published) == bool(reason):
        yield "must be either published or excluded"
        return
    pages = [id_.removeprefix("district:") for id_ in published or [] if id_.startswith("district:")]
    for id_ in pages:
        if districts.get(id_) != row["name"]:
            yield f"no district page {id_} named {row['name']}"
    found: dict[str, Printed] = {}
    for id_ in published or []:
        if id_ in records and not records[id_].draft:
            found[id_] = records[id_]
        elif not id_.startswith("district:"):
            yield f"no published record {id_}"
    if published:
        yield from _unnamed(row, found)
        yield from _unstated(row, entry.get("figures_excluded", {}), found)
        yield from _misdated(row, found)


def _misdated(row: Mapping[str, Any], found: Mapping[str, Printed]) -> Iterator[str]:
    """The days of a row stand in its records; its figures are of its years and from its sources there."""
    days = {day for record in found.values() for day in record.days}
    for day in _DAY.findall(row.get("date", "")):
        if found and not any(given.startswith(day) for given in days):
            yield f"{day} is in none of its records"
    for figure in row.get("figures", []):
        years = set(re.findall(r"\d{4}", figure.get("as_of", "")))
        for id_, record in found.items():
            for day, source in record.figures_of(_plain(figure["value"]), _bare_unit(figure.get("unit", ""))):
                if source not in row["sources"]:
                    yield f"{figure['what']} is from {source} in {id_}"
                if years and not years & set(re.findall(r"\d{4}", day)):
                    yield f"{figure['what']} is of {day} in {id_}"


def _unnamed(row: Mapping[str, Any], found: Mapping[str, Printed]) -> Iterator[str]:
    """A place must be named by each record of its row, an area or the like by one of them."""
    silent = [id_ for id_, record in found.items() if not record.names(row["name"])]
    if row["kind"] in PLACES or (row["kind"] in BODIES and len(silent) == len(found)):
        for id_ in silent:
            yield f"{id_} does not name {row['name']}"


def _unstated(
    row: Mapping[str, Any], excluded: Mapping[str, str], found: Mapping[str, Printed]
) -> Iterator[str]:
    figures = row.get("figures", [])
    for what in excluded:
        if what not in [figure["what"] for figure in figures]:
            yield f"has no figure {what} to exclude"
    for figure in figures:
        value, unit = _plain(figure["value"]), _bare_unit(figure.get("unit", ""))
        if not excluded.get(figure["what"]) and not any(r.states(value, unit) for r in found.values()):
            yield f"{figure['what']} {value}{unit} is in none of its records"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return _read(FACT_BASE / "rows.yml")


@pytest.fixture(scope="module")
def ledger() -> dict[str, dict[str, Any]]:
    return _read(FACT_BASE / "ledger.yml")


@pytest.fixture(scope="module")
def records() -> dict[str, Printed]:
    return {path.stem: _printed(_read(path)) for path in sorted(BELTS.glob("*/*.yml"))}


@pytest.fixture(scope="module")
def districts() -> dict[str, str]:
    return {district["id"]: district["name"] for district in _read(BELTS / "city.yml")["districts"]}


def test_every_row_is_published_or_excluded(
    rows: list[dict[str, Any]],
    ledger: dict[str, dict[str, Any]],
    records: dict[str, Printed],
    districts: dict[str, str],
) -> None:
    """Each row's records exist, name its place and print its figures; the rest is excluded with a reason."""
    assert find_gaps(rows, ledger, records, districts) == []


def test_fact_base_has_all_its_rows(rows: list[dict[str, Any]]) -> None:
    """A row that goes missing from the file itself is noticed."""
    assert len(rows) == 154


def test_ledger_lists_each_row_once() -> None:
    """YAML would let a second entry replace the first without a word."""
    listed = re.findall(r"^(r\d+):", (FACT_BASE / "ledger.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [id_ for id_, count in Counter(listed).items() if count > 1] == []


def _replace_figure(records: dict[str, Printed], id_: str, old: str, new: str) -> None:
    figures = {tuple(new if part == old else part for part in figure) for figure in records[id_].figures}
    records[id_] = replace(records[id_], figures=frozenset(figures))


Doctor = Callable[[dict[str, Any], dict[str, Printed], dict[str, str]], object]

FAULTS: dict[str, tuple[Doctor, str]] = {
    "row missing from the ledger": (
        lambda ledger, _records, _districts: ledger.pop("r009"),
        "r009: must be either published or excluded",
    ),
    "row both published and excluded": (
        lambda ledger, _records, _districts: ledger["r009"].update(excluded="理由"),
        "r009: must be either published or excluded",
    ),
    "exclusion without a reason": (
        lambda ledger, _records, _districts: ledger.update(r009={"excluded": ""}),
        "r009: must be either published or excluded",
    ),
    "ledger entry of no row": (
        lambda ledger, _records, _districts: ledger.update(r999={"excluded": "理由"}),
        "r999: in the ledger, not a row",
    ),
    "record that does not exist": (
        lambda ledger, _records, _districts: ledger["r009"].update(published=["no-such-area"]),
        "r009: no published record no-such-area",
    ),
    "record that is a draft": (
        lambda _ledger, records, _districts: records.update(
            {"tengtou": Printed(True, (), frozenset(), frozenset())}
        ),
        "r018: no published record tengtou",
    ),
    "village that the record does not name": (
        lambda ledger, _records, _districts: ledger["r012"].update(published=["tengtou"]),
        "r012: tengtou does not name 雷山村",
    ),
    "area that no record names": (
        lambda ledger, _records, _districts: ledger["r009"].update(published=["warm-home"]),
        "r009: warm-home does not name 金溪五村区域",
    ),
    "figure that no record prints": (
        lambda ledger, _records, _districts: ledger["r095"].update(published=["alliance-count"]),
        "r095: 共富工坊 312家 is in none of its records",
    ),
    "figure of another year": (
        lambda _ledger, records, _districts: _replace_figure(records, "workshop-count", "2022", "2021"),
        "r095: 共富工坊 is of 2021 in workshop-count",
    ),
    "figure from another source": (
        lambda _ledger, records, _districts: _replace_figure(
            records, "workshop-count", "alliances-2022", "jigsaw-2016"
        ),
        "r095: 共富工坊 is from jigsaw-2016 in workshop-count",
    ),
    "day that no record gives": (
        lambda _ledger, records, _districts: records.update(
            {id_: replace(records[id_], days=frozenset()) for id_ in records}
        ),
        "r095: 2022 is in none of its records",
    ),
    "exclusion of a figure the row does not have": (
        lambda ledger, _records, _districts: ledger["r095"].update(figures_excluded={"工坊面积": "理由"}),
        "r095: has no figure 工坊面积 to exclude",
    ),
    "district without a page": (
        lambda _ledger, _records, districts: districts.pop("haishu"),
        "r135: no district page haishu named 海曙区",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(
    fault: str,
    rows: list[dict[str, Any]],
    ledger: dict[str, dict[str, Any]],
    records: dict[str, Printed],
    districts: dict[str, str],
) -> None:
    """The check fails on each way in which a row can be lost."""
    doctor, gap = FAULTS[fault]
    doctored = deepcopy(ledger), dict(records), dict(districts)
    doctor(*doctored)
    assert gap in find_gaps(rows, *doctored)


@pytest.mark.parametrize(
    ("value", "unit", "text", "stated"),
    [
        ("6", "公里", "金溪河长6公里", True),
        ("6", "公里", "金溪河长16公里", False),
        ("6", "公里", "金溪河长6.5公里", False),
        ("6", "公里", "2016年", False),
        ("23", "日/月", "以23号为生活日", True),
        ("23", "日/月", "共230个", False),
    ],
)
def test_figure_in_words_is_matched_whole(value: str, unit: str, text: str, stated: bool) -> None:
    """A number inside a longer number, or a single digit without its unit, is no statement of it."""
    assert Printed(False, (text,), frozenset(), frozenset()).states(value, unit) is stated


# -- figures and indicators ---------------------------------------------------------------------


def find_disagreements(records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Figures that an indicator of their record gives in another form or at another date, one sentence each."""
    return [
        f"{id_}: {figure['label']} is {_when(figure)}, {'; '.join(_when(o) for o in same)} in its indicator"
        for id_, record in records.items()
        for figure in record.get("figures", [])
        if (same := _observed(id_, figure, records)) and _when(figure) not in map(_when, same)
    ]


def _when(figure: Mapping[str, str]) -> str:
    return f"{figure.get('form', 'reached')} {figure['as_of']}"


def _observed(
    id_: str, figure: Mapping[str, str], records: Mapping[str, Mapping[str, Any]]
) -> list[Mapping[str, str]]:
    """The observations of the same number in indicators that name the record."""
    fact = figure["value"], figure.get("unit"), figure["source"]
    return [
        observation
        for indicator in records.values()
        if id_ in (indicator.get("programme"), *indicator.get("related", ()))
        for observation in indicator.get("observations", ())
        if (observation["value"], indicator.get("unit"), observation["source"]) == fact
    ]


@pytest.fixture(scope="module")
def typed() -> dict[str, dict[str, Any]]:
    return {path.stem: _read(path) for path in sorted(BELTS.glob("*/*.yml"))}


def test_figures_agree_with_their_indicators(typed: dict[str, dict[str, Any]]) -> None:
    """What an indicator calls a target of 2018 is no result of 2016 on another page."""
    assert find_disagreements(typed) == []


@pytest.mark.parametrize("planted", [{"form": "reached"}, {"as_of": "2016"}])
def test_a_target_taken_for_a_result_is_found(
    typed: dict[str, dict[str, Any]], planted: dict[str, str]
) -> None:
    """In its form or by its date."""
    plan = deepcopy(typed["three-year-plan"])
    figure = next(figure for figure in plan["figures"] if figure["value"] == "300")
    figure.update(planted)
    found = find_disagreements({**typed, "three-year-plan": plan})
    assert [text.partition(" is ")[0] for text in found] == [f"three-year-plan: {figure['label']}"]


# -- no names of persons ------------------------------------------------------------------------

PERSONS = (
    re.compile(r"(?:书记|主任|部长|组长|专员|巡视员)[一-龥]{2,3}(?:说|表示|坦言)"),
    re.compile(r"(?:记者|通讯员|执笔|撰文|供图)[：:\s]\s*[一-龥]{2,4}"),
)


def _find_person(text: str) -> str | None:
    return next((match[0] for pattern in PERSONS if (match := pattern.search(text))), None)


def test_no_text_quotes_or_credits_a_person() -> None:
    """Bodies and places speak in the records, never officials or reporters by name."""
    texts = [*BELTS.rglob("*.yml"), *FACT_BASE.glob("*.yml"), *(ROOT / "content").rglob("*.md")]
    assert len(texts) > 100
    found = {path.relative_to(ROOT): _find_person(path.read_text(encoding="utf-8")) for path in texts}
    assert {path: person for path, person in found.items() if person} == {}


@pytest.mark.parametrize(
    "text",
    ["村支部书记张小三说，", "督查组组长李四表示", "本报记者 王五", "（执笔：赵六）", "通讯员　钱小七"],
)
def test_person_in_a_text_is_found(text: str) -> None:
    """A quotation or a byline carried over from a newspaper is caught."""
    assert _find_person(text)


@pytest.mark.parametrize("text", ["各村书记每月碰头一次", "来源写书记平均报酬为5.6万", "记者站"])
def test_words_about_a_post_are_no_person(text: str) -> None:
    """Naming a post is allowed."""
    assert _find_person(text) is None
