"""Files read by their lines: what PyYAML finds in them, or nothing."""

from __future__ import annotations

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.yaml_lines import read_lines

USUAL = """# a record
name: 滕头
place:
  district: fenghua
  code: '007'

members:
- name: "甲: 乙"
  time: 18:30
  # which
  sources:
  - a-b
  -   c#d
-   name: “丙”
    empty: ''
    parts:
      - of: 1
related: []
"""

INDENTS = st.sampled_from(["", "", " ", "  ", "  ", "    ", "      "])
DASHES = st.sampled_from(["", "", "", "- ", "-   ", "-", "- - "])
KEYS = st.sampled_from(["", "a", "b", "c_1", "null", "日", "'a'", "a b", "<<", "k" * 200])
COLONS = st.sampled_from([":", ": ", ": ", ": ", ":   ", "", " : "])
SIGNS = st.sampled_from(":#-'\"[]{},?!&*|>%@`~=_<.\\\t\x85\u2028\ufeff\x01\u3000\xa0 ：“")
VALUES = st.one_of(
    st.sampled_from(
        ["", "", "x", "一个", "'x'", '"x"', "''", "[]", "null", "~", "x: y", "x #y", "x - y", "---"]
    ),
    st.lists(st.one_of(SIGNS, st.sampled_from(["x", "1", "甲", " "])), max_size=5).map("".join),
)
LINES = st.tuples(INDENTS, DASHES, KEYS, COLONS, VALUES).map("".join)


def test_the_usual_form_is_read() -> None:
    """Blocks in blocks, quotes, comments; lists under their key and in its column."""
    assert read_lines(USUAL) == {
        "name": "滕头",
        "place": {"district": "fenghua", "code": "007"},
        "members": [
            {"name": "甲: 乙", "time": "18:30", "sources": ["a-b", "c#d"]},
            {"name": "“丙”", "empty": "", "parts": [{"of": "1"}]},
        ],
        "related": [],
    }


@pytest.mark.parametrize(
    "line",
    [
        "name: 又",  # twice
        "other:",
        "other: null",
        "other: text - as if of a list",
        "other: text # and a comment",
        "other: text:",
        "other: |",
        "other: 'it''s'",
        'other: "\\u200b"',
        "other: &mark text",
        "other: !!str text",
        "other: [a]",
        "  more text",
        "- item",
        "text",
        "---",
        "other:\ttext",
        "other: \x85",
    ],
)
def test_what_is_unusual_is_left(line: str) -> None:
    """A fault, or a form that only PyYAML knows."""
    assert read_lines(f"{USUAL}{line}\n") is None


def by_pyyaml(text: str) -> object:
    """What PyYAML finds, each scalar as it was typed."""
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 (strings and what holds them, nothing else)


def test_records_are_of_the_usual_form() -> None:
    """Nearly all of the project's are read so, and what is found is what PyYAML finds."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("belts/*/*.yml"))]
    found = {text: data for text in texts if (data := read_lines(text))}
    assert len(found) > len(texts) * 0.95
    assert found == {text: by_pyyaml(text) for text in found}


@given(st.lists(LINES, min_size=1, max_size=7))
def test_nothing_is_found_that_pyyaml_does_not_find(lines: list[str]) -> None:
    """Whatever stands in a file, each of its lines of any form."""
    text = "\n".join(lines)
    if data := read_lines(text):
        assert data == by_pyyaml(text)


@given(st.lists(st.sampled_from(USUAL.splitlines()), max_size=12))
def test_lines_that_are_put_together_otherwise(lines: list[str]) -> None:
    """Lines of the usual form in any order."""
    text = "\n".join(lines)
    if data := read_lines(text):
        assert data == by_pyyaml(text)
