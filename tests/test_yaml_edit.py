"""Changes of single values in YAML: what changes, and all that must not."""

import pytest

from build_scripts.editing.yaml_edit import Action, Change, edit_text, write_new
from build_scripts.kinds.area import Area
from build_scripts.kinds.registry import find_kinds
from build_scripts.records.yaml_text import decode_document

TEXT = """\
# head

name: 甲   # beside
summary: 一句话
place:
  district: fenghua
figures:
  # above the first
  - label: 户数
    value: 4  # four
    unit: 户
  # above the second
  - label: 村数
    value: 2
since: 2017
"""


def edit(text: str, action: Action, path: tuple[str | int, ...], value: object = "") -> str:
    return edit_text(text, [Change(action, path, value)], Area)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "path", "value", "old", "new"),
    [
        (Action.SET, ("name",), "乙", "name: 甲   # beside", "name: 乙   # beside"),
        (Action.SET, ("figures", 0, "value"), "5", "value: 4  # four", "value: 5  # four"),
        (Action.SET, ("summary",), "a: b #c", "summary: 一句话", 'summary: "a: b #c"'),
        (Action.SET, ("summary",), "null", "summary: 一句话", 'summary: "null"'),
        (Action.SET, ("summary",), "007", "summary: 一句话", "summary: 007"),
        (Action.SET, ("summary",), "一\n二", "summary: 一句话", "summary: |-\n  一\n  二"),
        (Action.SET, ("name_en",), "A", "# beside\n", "# beside\nname_en: A\n"),
        (Action.SET, ("place", "township"), "镇", "fenghua\n", "fenghua\n  township: 镇\n"),
        (Action.SET, ("place", "location", "lat"), "29", "fenghua\n", "fenghua\n  location:\n    lat: 29\n"),
        (Action.DELETE, ("figures", 0, "unit"), "", "    unit: 户\n", ""),
        (Action.DELETE, ("figures", 1), "", "  # above the second\n  - label: 村数\n    value: 2\n", ""),
        (Action.INSERT, ("figures", 0), {"label": "新"}, "figures:\n", "figures:\n  - label: 新\n"),
        (
            Action.INSERT,
            ("figures", 2),
            {"label": "新", "value": "1"},
            "    value: 2\n",
            "    value: 2\n  - label: 新\n    value: 1\n",
        ),
        (Action.INSERT, ("sources", 0), "s", "summary: 一句话\n", "summary: 一句话\nsources:\n  - s\n"),
        (Action.DELETE, ("place", "district"), "", "place:\n  district: fenghua\n", ""),
        (Action.DELETE, ("figures", 1, "label"), "", "  - label: 村数\n    value: 2", "  - value: 2"),
    ],
)
def test_a_change_touches_its_own_lines_only(
    action: Action, path: tuple[str | int, ...], value: object, old: str, new: str
) -> None:
    """One value changes; comments, spaces and every other line stay."""
    assert TEXT.count(old) == 1
    assert edit(TEXT, action, path, value) == TEXT.replace(old, new)


BLOCK = "name: 甲\nsummary: 旧\nbody: |-\n  首句。\n  次句。"


@pytest.mark.parametrize(
    ("text", "action", "path", "value", "expected"),
    [
        (
            "name: 甲\nsummary: 旧。",
            Action.SET,
            ("summary",),
            "一\n二",
            "name: 甲\nsummary: |-\n  一\n  二\n",
        ),
        (BLOCK, Action.SET, ("editor_note",), "新", None),
        (BLOCK, Action.DELETE, ("body",), "", "name: 甲\nsummary: 旧\n"),
        (BLOCK, Action.SET, ("body",), "新", "name: 甲\nsummary: 旧\nbody: 新\n"),
        (BLOCK, Action.SET, ("facts", 0), {"text": "句"}, f"{BLOCK}\nfacts:\n  - text: 句\n"),
    ],
)
def test_a_last_line_need_not_end(
    text: str, action: Action, path: tuple[str | int, ...], value: object, expected: str | None
) -> None:
    """What stands on the last line stays whole, as if the line ended."""
    assert edit(text, action, path, value) == edit(f"{text}\n", action, path, value)
    if expected is not None:
        assert edit(text, action, path, value) == expected


@pytest.mark.parametrize(("value", "written"), [("新", "新"), ("一\n二", "|-")])
def test_a_comment_beside_the_header_of_a_block_stays(value: str, written: str) -> None:
    text = "name: 甲\nsummary: >-  # 2026年改写\n  旧\n  句\nsince: 2017\n"
    changed = edit(text, Action.SET, ("summary",), value)
    assert f"summary: {written}  # 2026年改写\n" in changed
    assert decode_document("", changed.encode()).data == {"name": "甲", "summary": value, "since": "2017"}


def test_changes_of_one_list_are_given_by_the_old_places() -> None:
    """Several changes of a list name its items as they stood before, in the order that one of them may give."""
    changes = [
        Change(Action.DELETE, ("figures", 0)),
        Change(Action.SET, ("figures", 1, "value"), "3"),
        Change(Action.INSERT, ("figures", 2), {"label": "新"}),
        Change(Action.REORDER, ("figures",), order=[1, 0]),
    ]
    text = edit_text(TEXT, changes, Area)
    data = decode_document("", text.encode()).data
    assert isinstance(data, dict)
    assert data["figures"] == [{"label": "户数", "value": "3", "unit": "户"}, {"label": "新"}]
    assert "  # above the first\n  - label: 户数\n    value: 3  # four\n" in text
    assert "# above the second" not in text


def test_items_move_with_what_stands_above_and_beside_them() -> None:
    """In the order given, also in brackets and where hyphens stand apart; what is no item's stays where it is."""
    text = "name: 甲\nfigures:\n# all\n\n  # a\n  -\n    label: a  # A\n    note: |\n      # no\n  - label: b\n\n  # c\n  # C\n  - {label: c}  # c\nsince: 2017\n"
    moved = edit_text(text, [Change(Action.REORDER, ("figures",), order=[2, 0, 1])], Area)
    assert moved == (
        "name: 甲\nfigures:\n# all\n\n  # c\n  # C\n  - {label: c}  # c\n"
        "  # a\n  -\n    label: a  # A\n    note: |\n      # no\n  - label: b\n\nsince: 2017\n"
    )
    flow = "name: 甲\nfigures: [{label: a}, {label: b}]\nsince: 2017\n"
    moved = edit_text(flow, [Change(Action.REORDER, ("figures",), order=[1, 0])], Area)
    assert decode_document("", moved.encode()).data == {
        "name": "甲",
        "figures": [{"label": "b"}, {"label": "a"}],
        "since": "2017",
    }


def test_a_block_text_gives_way_to_a_line_and_back() -> None:
    """A literal block becomes a plain line, and nothing below it moves."""
    text = "name: 甲\nsummary: |\n  一\n\n  二\n\nsince: 2017\n"
    line = edit(text, Action.SET, ("summary",), "三")
    assert decode_document("", line.encode()).data == {"name": "甲", "summary": "三", "since": "2017"}
    again = edit(line, Action.SET, ("summary",), "一\n\n二")
    assert decode_document("", again.encode()).data == {"name": "甲", "summary": "一\n\n二", "since": "2017"}


def test_items_in_brackets_can_be_added() -> None:
    """A list in brackets is laid out in lines first; its comments stay."""
    text = "name: 甲\nsources: [a, b]  # why\n"
    new = edit(text, Action.INSERT, ("sources", 2), "c")
    assert decode_document("", new.encode()).data == {"name": "甲", "sources": ["a", "b", "c"]}
    assert "# why" in new


@pytest.mark.parametrize(
    "value", ["", "- a", "? b", "*x", "&y", "!z", "~", " a ", "a #b", "[c", "名称：甲", "|", "'", '"']
)
def test_any_text_stays_the_text_it_is(value: str) -> None:
    """Signs of YAML in a value are quoted."""
    new = edit(TEXT, Action.SET, ("summary",), value)
    data = decode_document("", new.encode()).data
    assert isinstance(data, dict)
    assert data["summary"] == value


@pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)
def test_a_new_record_is_written_in_canonical_order(kind: object) -> None:
    """A record from nothing comes in its model's order."""
    text = write_new({"published": "2026-11-20", "name": "甲", "sources": ["a"]}, kind.model)  # type: ignore[attr-defined]
    assert text == "name: 甲\npublished: 2026-11-20\nsources:\n  - a\n"
