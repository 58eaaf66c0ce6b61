"""Splitting a pattern page at its marks, and filling it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.writing.fill import PROFILE_SLOTS, PatternError, slot_mark, split_pattern

MARKS = {slot: slot_mark("area", slot) for slot in PROFILE_SLOTS}
PAGE = f"<title>{MARKS['title']}</title>{MARKS['head']}<h1>{MARKS['title']}</h1><main>{MARKS['body']}</main>"


def test_every_slot_is_filled() -> None:
    """A slot that occurs twice is filled twice."""
    pattern = split_pattern("area", PAGE)
    filled = pattern.fill({"title": "T", "head": "H", "body": "B"})
    assert filled == "<title>T</title>H<h1>T</h1><main>B</main>"


@given(st.text(), st.text(), st.text())
def test_values_are_never_searched(title: str, head: str, body: str) -> None:
    """Whatever a value holds, marks included, stands in the page as it is."""
    title, body = title + MARKS["body"], MARKS["title"] + body
    filled = split_pattern("area", PAGE).fill({"title": title, "head": head, "body": body})
    assert filled == f"<title>{title}</title>{head}<h1>{title}</h1><main>{body}</main>"


@pytest.mark.parametrize("slot", PROFILE_SLOTS)
def test_a_missing_slot_is_refused(slot: str) -> None:
    """A theme that does not print a slot is found out."""
    with pytest.raises(PatternError):
        split_pattern("area", PAGE.replace(MARKS[slot], ""))


def test_a_body_printed_twice_is_refused() -> None:
    """A page has one body."""
    with pytest.raises(PatternError):
        split_pattern("area", PAGE + MARKS["body"])


def test_marks_pass_through_html_json_and_markdown() -> None:
    """A mark is letters and digits, so nothing on the way escapes it."""
    assert all(mark.isalnum() and mark.isascii() for mark in MARKS.values())
    assert slot_mark("belt", "title") != MARKS["title"]
