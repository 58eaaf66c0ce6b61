"""The canonical layout of a record: order, style, and what it must never change."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.editing.canonical import as_scalar, format_document
from build_scripts.kinds.area import Area
from build_scripts.kinds.registry import find_kinds
from build_scripts.records.yaml_text import decode_document

ROOT = Path(__file__).resolve().parents[1]


def reformat(text: str) -> str:
    document = decode_document("belts/areas/a.yml", text.encode())
    assert not document.diagnostics, document.diagnostics
    return format_document(document, Area)


def test_fields_come_in_the_models_order_at_every_level() -> None:
    """Fields stand in the order of their model, inner mappings too; unknown ones follow as typed."""
    text = "setting: rural\nzzz: 1\nplace:\n    township: t\n    district: d\naaa: 2\nname: n\n"
    ordered = "name: n\nplace:\n  district: d\n  township: t\nsetting: rural\nzzz: 1\naaa: 2\n"
    assert reformat(text) == ordered


@pytest.mark.parametrize(
    "value",
    ["007", "NO", "12:30", "1.10", "1_000", "~x", "'it''s'", '"a\\u4e00"', "0x1F", ".nan", "2026-11-21"],
)
def test_a_value_is_copied_byte_for_byte(value: str) -> None:
    """No value is read as a number, a date or a boolean and written anew."""
    assert reformat(f"summary: {value}\nname: {value}\n") == f"name: {value}\nsummary: {value}\n"


def test_brackets_become_lines() -> None:
    """A list or mapping in brackets takes one line an item; an empty one keeps its brackets."""
    text = "sources: [a, 'b, c']\nplace: {township: t, district: d}\nmembers: []\n"
    lines = "sources:\n  - a\n  - 'b, c'\nplace:\n  district: d\n  township: t\nmembers: []\n"
    assert reformat(text) == lines


def test_a_comment_moves_with_what_it_speaks_of() -> None:
    """A comment above, beside or inside a field follows the field when the field moves."""
    text = (
        "# above s\nsummary: s # beside s\n# above p\nplace: # beside p\n  district: d\n  # in p\nname: n\n"
    )
    moved = (
        "name: n\n# above s\nsummary: s # beside s\n# above p\nplace: # beside p\n  district: d\n  # in p\n"
    )
    assert reformat(text) == moved


def test_what_stands_at_the_top_stays_there() -> None:
    """The editor's modeline, and a comment apart from the first field, remain at the top of the file."""
    text = "# yaml-language-server: $schema=../s.json\n# whose\nsummary: s\nname: n\n# end\n"
    kept = "# yaml-language-server: $schema=../s.json\nname: n\n# whose\nsummary: s\n# end\n"
    assert reformat(text) == kept
    assert reformat("# file\n\nsummary: s\nname: n\n") == "# file\n\nname: n\nsummary: s\n"


def test_blocks_of_text_keep_their_lines() -> None:
    """Literal and folded blocks move and indent as a whole; a hash inside one is text."""
    text = "place:\n    township: |2-\n         t\n        # no comment\n\n       u\n    district: >+\n     d\n\nname: n\n"
    result = reformat(text)
    assert decode_document("x", result.encode()).data == decode_document("x", text.encode()).data
    assert result.startswith("name: n\nplace:\n  district: >+\n    d\n\n  township: |2-\n")


def test_the_first_field_of_an_item_follows_its_hyphen() -> None:
    """When another field of a list's item comes first, it takes the hyphen's line and its comment stands above."""
    text = "facts:\n- date: 2017\n  # the claim\n  text: t\n# next\n- text: u\n"
    assert reformat(text) == "facts:\n  # the claim\n  - text: t\n    date: 2017\n  # next\n  - text: u\n"


def test_a_blank_line_below_a_block_stays() -> None:
    """One blank line between fields is kept, below a block of text too, and more become one."""
    text = "name: |\n  x\n\n\nsummary: s\n\n\n\nsetting: rural\n"
    assert reformat(text) == "name: |\n  x\n\nsummary: s\n\nsetting: rural\n"


KINDS = {kind.folder: kind.model for kind in find_kinds()}
RECORDS = sorted(path for folder in KINDS for path in (ROOT / "belts" / folder).glob("*.yml"))


def test_real_records_keep_their_data() -> None:
    """Formatting a real record changes no value and a second time changes nothing."""
    for path in RECORDS:
        document = decode_document(path.name, path.read_bytes())
        once = format_document(document, KINDS[path.parent.name])
        again = decode_document(path.name, once.encode())
        assert again.data == document.data, path
        assert format_document(again, KINDS[path.parent.name]) == once, path


SCALARS = st.sampled_from(
    [
        "007",
        "NO",
        "12:30",
        "1.10",
        "甲",
        "a b",
        "~",
        "''",
        '"x: # y"',
        "'it''s'",
        "a#b",
        "'a\n\n    # b'",
        "a\n     b",
        "[]",
    ]
) | st.sampled_from(
    ["|\n      x\n       y", ">-\n      x\n\n      # y", "|+\n      x\n", "[p, 'q']", "{date: 1, text: 2}"]
)
COMMENT = st.sampled_from(["", "", "", " # c", "  # 丙"])
ABOVE = st.sampled_from(["", "", "", "# u\n", "\n", "    # v\n", "\n# w\n\n", " # x\n"])
KEYS = ("name", "summary", "place", "facts", "setting", "zzz", '"quoted key"')


@st.composite
def fields(draw: st.DrawFn, indent: str = "") -> str:
    """The text of a mapping with values, comments and nesting of many forms."""
    names = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5, unique=True))
    text = ""
    for name in names:
        text += "".join(f"{indent}{line}\n" if line else "\n" for line in draw(ABOVE).split("\n")[:-1])
        form = draw(st.integers(0, 3)) if len(indent) < 4 else 0
        if form == 1:
            text += f"{indent}{name}:{draw(COMMENT)}\n" + draw(
                fields(indent + draw(st.sampled_from(["  ", "   "])))
            )
        elif form == 2:
            item = draw(fields(indent + "  "))
            first = next(i for i, line in enumerate(item.split("\n")) if line.strip() and "#" not in line[:8])
            lines = item.split("\n")[first:]
            lines[0] = f"{indent}- {lines[0].strip()}"
            text += f"{indent}{name}:\n" + "\n".join(lines)
        else:
            value = draw(SCALARS)
            beside = draw(COMMENT) if value[0] not in "|>" else ""
            text += f"{indent}{name}: {value}{beside}\n"
    return text


@settings(max_examples=150, deadline=None)
@given(fields())
def test_any_mapping_keeps_its_data_and_comments(text: str) -> None:
    """Whatever is formatted holds the same data and comments, and a second time nothing changes."""
    document = decode_document("x", text.encode())
    if document.diagnostics:
        return
    once = format_document(document, Area)
    again = decode_document("x", once.encode())
    assert again.data == document.data
    assert once.count("# u") == text.count("# u")
    assert format_document(again, Area) == once


@pytest.mark.parametrize("text", ["滕头 村", "820余", "199X", "https://a.example/#b", "a:b", "x - y"])
def test_a_text_that_is_read_back_as_it_is_stands_plain(text: str) -> None:
    assert as_scalar(text) == text


@pytest.mark.parametrize(
    "text", ["", " x", "x\u3000", "- x", "a: b", "a:", "x #y", ">2000", "[a", "'a'", "null", "a\nb"]
)
def test_any_other_text_is_quoted_and_is_read_back_too(text: str) -> None:
    """As a value and as an item."""
    assert as_scalar(text)[0] == '"'
    for source, data in (
        (f"k: {as_scalar(text)}", {"k": text}),
        (f"k:\n  - {as_scalar(text)}", {"k": [text]}),
    ):
        assert decode_document("", f"{source}\n".encode()).data == data
