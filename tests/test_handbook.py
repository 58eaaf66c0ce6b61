"""The handbook's generated parts name every rule and every field, and show them as typed."""

import re

import markdown
import pytest

from build_scripts.editing.handbook import escape, fields_reference, rules_reference
from build_scripts.faults.rules import RULES
from build_scripts.kinds.registry import find_kinds


def as_html(text: str) -> str:
    return markdown.markdown(text, extensions=["tables", "attr_list", "fenced_code"])


def test_every_rule_has_its_own_anchor() -> None:
    html = as_html(rules_reference())
    for code in RULES:
        assert html.count(f'id="{code.lower()}"') == 1


def test_examples_are_shown_as_typed() -> None:
    html = as_html(rules_reference())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "<a href" not in html


@pytest.mark.parametrize("kind", find_kinds(), ids=lambda kind: kind.name)
def test_every_field_is_in_a_table(kind) -> None:  # noqa: ANN001
    page = fields_reference(kind)
    for name, field in kind.model.model_fields.items():
        assert field.exclude or f"| `{name}` |" in page
    assert page == fields_reference(kind.name)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows)


def test_a_required_field_and_its_choices_are_told() -> None:
    page = fields_reference("area")
    assert "| `setting` | 城乡类型 | 是 | `rural`（乡村）、`urban`（城区）、`mixed`（城乡兼有） |" in page


@pytest.mark.parametrize("text", ["*甲* _乙_", "<b>", "[x](y)", "# 甲", "a|b", "`c`", "\\d", "{#x}"])
def test_escaped_text_is_shown_unchanged(text: str) -> None:
    html = as_html(f"甲 {escape(text)}")
    assert not re.search("<(?!/?p>)", html)


def test_examples_of_fields_are_shown_as_they_stand_in_a_file() -> None:
    """What YAML would read as something else has its quotes."""
    page = fields_reference("area")
    assert "如 `300`、`820余`、`超2000`" in page
    assert '如 `个`、`万元`、`"%"`' in page
