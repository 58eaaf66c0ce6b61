"""YAML as text with positions; faults of single files are in tests/sites/broken."""

import pytest

from build_scripts.records.document import Mark
from build_scripts.records.yaml_text import decode_document, decode_settings

TEXT = """# a record
name: 滕头
flags: [NO, off, yes]
code: 007
time: 18:30
number: 1_000
version: 1.10
list:
  - a: 甲
    b: "乙: 丙"
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_that_is_no_text_has_one_place(mark: str, end: str) -> None:
    """Whatever the lines end with, and whether the file begins with a byte-order mark."""
    content = f"{mark}a: x{end}b: x{end}k: ".encode() + "甲".encode("gbk")
    (fault,) = decode_document("x.yml", content).diagnostics
    assert (fault.code, fault.line, fault.column) == ("B110", 3, 4)


def test_scalars_stay_what_was_typed() -> None:
    """No word, number or time of YAML is turned into something else."""
    data = decode_document("x.yml", TEXT.encode()).data
    assert data == {
        "name": "滕头",
        "flags": ["NO", "off", "yes"],
        "code": "007",
        "time": "18:30",
        "number": "1_000",
        "version": "1.10",
        "list": [{"a": "甲", "b": "乙: 丙"}],
    }


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        (("name",), Mark(2, 7)),
        (("flags", 1), Mark(3, 13)),
        (("list", 0, "b"), Mark(10, 8)),
        (("list", 0, "missing"), Mark(9, 5)),
        ((), Mark(2, 1)),
    ],
)
def test_positions(path: tuple, mark: Mark) -> None:
    """Every value has its line and column; a missing one has its parent's."""
    assert decode_document("x.yml", TEXT.encode()).mark(path) == mark


def test_positions_of_keys() -> None:
    """A key's own position differs from its value's."""
    assert decode_document("x.yml", TEXT.encode()).key_mark(("list", 0, "b")) == Mark(10, 5)


def test_windows_line_ends_read_alike() -> None:
    """A file saved on Windows gives the same data and positions."""
    unix, windows = (decode_document("x.yml", t.encode()) for t in (TEXT, TEXT.replace("\n", "\r\n")))
    assert (unix.data, unix.marks) == (windows.data, windows.marks)


@pytest.mark.parametrize(
    "text",
    [
        "name: 甲 # 注",
        "#注\nname: 甲\n  #注",
        'name: "甲 #1"',
        "name: '甲 #1' #注",
        "body: |\n  甲 #1",
        "body: >\n  甲 #1",
        "name: 甲#1",
        "sources: #注\n  - 甲",
    ],
)
def test_comments_and_quoted_signs_are_no_fault(text: str) -> None:
    """A `#` that cuts nothing off, or is set apart as a comment is, is let be."""
    assert decode_document("x.yml", text.encode()).diagnostics == []


def test_signs_in_a_text_of_several_lines_are_not_blamed() -> None:
    """A slip beside such a text is reported where it is, whatever the text holds."""
    text = "body: |\n  　　地址: 一号\n  电话：三\nsummary\nname: 甲\n"
    assert [(d.code, d.line) for d in decode_document("x.yml", text.encode()).diagnostics] == [("B101", 4)]


@pytest.mark.parametrize(
    ("written", "code"), [("\\u200d", "B111"), ("\\ue863", "B129"), ("\\U000f0000", "B129"), ("\\u5948", "")]
)
def test_a_character_that_is_written_in_ascii_is_judged_too(written: str, code: str) -> None:
    """What no text may hold cannot be typed as an escape either."""
    document = decode_document("x.yml", f'name: "滕{written}头"\n'.encode())
    assert [(d.code, d.line, d.column) for d in document.diagnostics] == ([(code, 1, 7)] if code else [])


def test_settings_hold_what_mkdocs_knows() -> None:
    """Anchors, aliases, merged keys and the tags that its documents name; keys given twice are faults all the same."""
    text = """
site_url: !ENV [ADDRESS, ""]  #without a space
shared: &shared {a: b}
extra:
  <<: *shared
  base: !relative $docs_dir
slug: !!python/name:markdown.extensions.toc.slugify_unicode
other: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
"""
    assert decode_settings("mkdocs.yml", text.encode()).diagnostics == []
    (fault,) = decode_settings("mkdocs.yml", f"{text}slug: x\n".encode()).diagnostics
    assert (fault.code, fault.line, fault.column) == ("B104", 9, 1)
    (fault,) = decode_settings("mkdocs.yml", b"a: !!python/object/apply:os.getcwd []\n").diagnostics
    assert (fault.code, fault.line, fault.column) == ("B105", 1, 4)
