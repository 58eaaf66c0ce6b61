"""The quick reader of plainly laid out YAML gives what the careful one gives, or nothing."""

import pytest
from fuzzing import CITY
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.diagnostics import INVISIBLE
from build_scripts.yaml_lines import UnusualLayout, read_lines
from build_scripts.yaml_text import read_carefully

KEYS = ("", "a: ", "b: ", "k_1: ", "a:", "b:")
VALUES = (
    "",
    "x",
    "y z",
    "2016",
    "[]",
    "a:b",
    "a#b",
    "a - b",
    "it's",
    "(x)",
    "a, b",
    "~x",
    "<<",
    "=",
    "...",
    "，甲",
)
QUOTED = ("'q: r'", '"d # e"', "'it''s'", "''", '"\\n"', "'a", "a'", '"a" b')
UNUSUAL = (
    "- x",
    "x:",
    "a: b",
    "x #y",
    "~",
    "null",
    "x ",
    "---",
    "# c",
    "\tx",
    "|",
    "&x y",
    "!t x",
    "[a]",
    "{}",
    "? x",
)
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("", "", "  ", "  ", "    ", " ")),
    st.sampled_from(("", "", "- ")),
    st.sampled_from(KEYS),
    st.sampled_from(VALUES * 2 + QUOTED + UNUSUAL),
)


def check_equal(text: str) -> bool:
    """Hold the quick reader to the careful one; whether the quick one took the text."""
    try:
        data = read_lines(text)
    except UnusualLayout:
        return False
    document = read_carefully(text)
    assert document.is_plain
    assert not document.diagnostics
    assert document.data == data
    return True


@settings(max_examples=1500, deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=6))
def test_any_lines(lines: list[str]) -> None:
    """Whatever the lines and their indents, what is taken is read alike."""
    check_equal("\n".join(lines))


def test_records_are_read_quickly() -> None:
    """Every layout that records come in, comments and lists in either column included, is taken."""
    for file in sorted(CITY.glob("belts/*/*.yml")):
        text = file.read_text(encoding="utf-8")
        assert check_equal(text) or not INVISIBLE.search(text)
    assert check_equal(
        "a: 1\nb:\n- c: 2\n  d:\n  - e\n\n# f\ng:\n  - h\n  - i: 'j'\n    k: []\nl:\n  m:\n    n: 3\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n  c",
        "a: b\n- c",
        "a: b\n  - c",
        "a:\n- b\n  c: d",
        "a:\nb: c",
        "a: b\na: c",
        "a: b: c",
        "- a",
        "- ",
        "a",
        "",
        " a: b",
        "a: |\n  b",
        "a: *b",
        "a: b # c",
        "a:\n- b\n c: d",
        "".join("  " * n + "a:\n" for n in range(16)) + "  " * 16 + "a: b",
    ],
)
def test_others_are_left_to_the_careful_reader(text: str) -> None:
    """Faults and unusual layouts are refused, not guessed at."""
    with pytest.raises(UnusualLayout):
        read_lines(text)
