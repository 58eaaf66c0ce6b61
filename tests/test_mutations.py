"""Whatever is done to a real record, the end is a diagnostic or a valid catalogue, never a traceback."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_scripts.catalogue import build_catalogue
from build_scripts.checks import check_dataset
from build_scripts.faults.diagnostics import select_errors
from build_scripts.faults.report import Format, render_report
from build_scripts.faults.rules import Language
from build_scripts.kinds.base import Record
from build_scripts.reading.entries import Entry
from build_scripts.reading.load import Dataset, load_dataset
from build_scripts.reading.manuscripts import check_manuscript
from build_scripts.records.city import City, unnamed_city
from build_scripts.records.decode import decode_model, decode_sound
from build_scripts.records.document import Document, decode_text
from build_scripts.records.parts import decode_part
from build_scripts.records.references import find_links, find_names
from build_scripts.records.yaml_text import decode_document
from build_scripts.storage.cache import digest_of
from build_scripts.storage.shelf import Held
from build_scripts.views.profile import build_profile
from build_scripts.words.prose import read_prose

ROOT = Path(__file__).resolve().parents[1]
THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# What editors, converters and attackers put in the place of a value, or in the middle of one.
ODDITIES = (
    "", "~", "null", "NO", "yes", "0", "007", "010", "-1", "1e999", ".nan", "1_000", "12:30:45", "2026-02-30",
    "2026年2月", "２０２６", "9" * 400, "0x1F", "true", "[]", "{}", "[[[[", "{a: {b: c}}", "- x", "&a x", "*a",
    "!!python/name:os.system x", "<<: *a", "|", ">", "'", '"', "\\", "#", "：", "a: b: c", "\t", "　", "\x00",
    "\x85", "\ufeff", "\u2028", "\u202e", "\U0001f600", "𠮷", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n",
    "{}{0}{x}", "../../etc/passwd", "javascript:alert(1)", "13800138000", "11010519491231002X", "a" * 5000,
)  # fmt: skip


@cache
def real_dataset() -> Dataset:
    return load_dataset(ROOT)


def drop_line(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + chance.randint(1, 4) :]


def duplicate_line(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[: at + 1] + lines[at : at + 1] + lines[at + 1 :]


def swap_lines(lines: list[str], chance: random.Random) -> list[str]:
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return lines


def retype_value(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    key, colon, _ = lines[at].partition(": ")
    lines[at] = f"{key}{colon or ' '}{chance.choice(ODDITIES)}"
    return lines


def indent_line(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    lines[at] = (
        " " * chance.randint(0, 40) + lines[at].lstrip() if chance.random() < 0.7 else f"\t{lines[at]}"
    )
    return lines


def inject(lines: list[str], chance: random.Random) -> list[str]:
    at = chance.randrange(len(lines))
    column = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:column] + chance.choice(ODDITIES) + lines[at][column:]
    return lines


MUTATIONS: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    drop_line, duplicate_line, swap_lines, retype_value, indent_line, inject,
)  # fmt: skip


def mutate(content: bytes, seed: int) -> bytes:
    """One to three mutations of a file; now and then its bytes are cut or overwritten as well."""
    chance = random.Random(seed)  # noqa: S311 (the seed is Hypothesis's)
    lines = content.decode("utf-8").split("\n")
    for _ in range(chance.randint(1, 3)):
        lines = chance.choice(MUTATIONS)(lines, chance) or [""]
    spoilt = "\n".join(lines).encode("utf-8")
    if chance.random() < 0.15:
        spoilt = spoilt[: chance.randrange(len(spoilt) + 1)]
    if chance.random() < 0.15:
        at = chance.randrange(len(spoilt) + 1)
        spoilt = spoilt[:at] + chance.randbytes(3) + spoilt[at:]
    return spoilt


def judge(dataset: Dataset) -> bool:
    """Check a dataset and print what is wrong in every form; whether it may be published."""
    found = check_dataset(dataset, verbose=True)
    for form in Format:
        for language in Language:
            render_report(found, form, language)
    return not select_errors(found)


def replace_record(entry: Entry, record: Record, content: bytes) -> Entry:
    same = (entry.kind, record, entry.card, find_names(record), find_links(record.body))
    return Entry(entry.path, Held(content), digest_of(content), *same)


@THOROUGH
@given(number=st.integers(0, 10_000), seed=st.integers(0, 2**32))
def test_a_mutated_record_is_a_diagnostic_or_a_valid_catalogue(number: int, seed: int) -> None:
    dataset = real_dataset()
    entry = dataset.entries[number % len(dataset.entries)]
    content = mutate(entry.content, seed)
    document = decode_document(entry.path, content)
    record = decode_model(document, entry.kind.model, id=entry.record.id)
    others = tuple(other for other in dataset.entries if other is not entry)
    found = tuple(document.diagnostics)
    if record is None:
        assert select_errors(found)
        part = decode_part(document, entry.kind.model, id=entry.record.id)
        parts = (replace_record(entry, part, content),) if part else ()
        faulty = ((entry.path, content),)
        assert not judge(replace(dataset, entries=others, diagnostics=found, faulty=faulty, parts=parts))
        return
    entries = (*others, replace_record(entry, record, content))
    changed = replace(dataset, entries=entries, diagnostics=found)
    if judge(changed) and record.is_published:
        catalogue = build_catalogue(changed)
        assert build_profile(catalogue.records[record.id], catalogue, None).name == record.name


@THOROUGH
@given(seed=st.integers(0, 2**32))
def test_a_mutated_city_is_a_diagnostic_or_a_city(seed: int) -> None:
    dataset = real_dataset()
    document = decode_document("belts/city.yml", mutate((ROOT / "belts/city.yml").read_bytes(), seed))
    city = decode_model(document, City)
    assert (city is None) == bool(select_errors(document.diagnostics))
    known, found = city or decode_sound(document, unnamed_city()), tuple(document.diagnostics)
    changed = replace(dataset, city=city, known_city=known, city_document=document, diagnostics=found)
    assert not judge(changed) or city


@THOROUGH
@given(content=st.binary(max_size=400))
def test_any_bytes_are_a_document_or_a_diagnostic(content: bytes) -> None:
    document = decode_document("x.yml", content)
    decode_model(document, real_dataset().entries[0].kind.model, id="x")
    assert document.diagnostics
    positions_are_real(document)


YAML_PIECES = (
    *(
        "a",
        "b",
        ":",
        ": ",
        "：",
        "- ",
        "\n",
        "  ",
        "\n  ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "&",
        "*",
        "!",
        "|",
    ),
    *(">", "#", "?", "%", "@", "~", "甲", "\n- ", "\n\n", "---\n", "...", "<<"),
)
YAML_LIKE = st.lists(st.sampled_from(YAML_PIECES), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(text=YAML_LIKE)
def test_any_yaml_like_text_is_a_document_or_a_diagnostic(text: str) -> None:
    document = decode_document("x.yml", text.encode())
    decode_model(document, real_dataset().entries[0].kind.model, id="x")
    assert document.diagnostics
    positions_are_real(document)


def positions_are_real(document: Document) -> None:
    """Every diagnostic stands on a line of the text, at most one column behind its end."""
    for found in document.diagnostics:
        assert found.line >= 1
        assert found.column >= 1
        assert not document.text or found.line <= len(document.lines)
        if document.text and found.source_line == document.lines[found.line - 1]:
            assert 1 <= found.column <= len(found.source_line) + 1


MARKDOWN_PIECES = (
    *(
        "甲",
        "a",
        " ",
        "\n",
        "\n\n",
        "# ",
        "## ",
        "- ",
        "> ",
        "`",
        "```",
        "*",
        "**",
        "_",
        "[",
        "](",
        ")",
        "!",
        "<",
    ),
    *(
        ">",
        "</",
        "<b>",
        "<script>",
        "&lt;",
        "&#106;",
        "javascript:",
        "data:",
        "http://a.cn",
        "|",
        "---",
        "    ",
    ),
    *("1. ", "{: onclick=x }", '"', "'", "\\", "<!--", "-->", "=\n", "tengtou", "[x]: "),
)
MARKDOWN_LIKE = st.lists(st.sampled_from(MARKDOWN_PIECES), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=MARKDOWN_LIKE)
def test_no_markdown_becomes_live_markup(text: str) -> None:
    """Whatever is typed, the HTML holds no script, handler, style, foreign scheme or image."""
    for tag, attributes in tags_of(read_prose(text).html):
        assert tag not in {"script", "img", "iframe", "svg", "style", "b", _COMMENT}
        assert not {"onclick", "style"} & attributes.keys()
        assert not (attributes.get("href") or "").lower().startswith(("javascript:", "data:"))
    check_manuscript(decode_text("content/x.md", text.encode()))


_COMMENT = "a comment"


class _Tags(HTMLParser):
    """Gathers the tags of HTML with their attributes, and comments."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 (its name is html.parser's)
        self.found.append((_COMMENT, {}))


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Each tag of sanitised HTML with its attributes; what is said in attributes and between tags is no tag."""
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return parser.found


def test_what_a_browser_would_run_is_seen() -> None:
    """Live markup is told from the same words in an attribute."""
    found = tags_of('<p><a href="{: onclick=x }">&lt;script></a><b onclick=x><!--y--></p>')
    assert found == [("p", {}), ("a", {"href": "{: onclick=x }"}), ("b", {"onclick": "x"}), (_COMMENT, {})]
