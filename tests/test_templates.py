"""The page bodies' own Jinja: what is escaped, how macros are called, what no page may leave blank."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from build_scripts.templates import find_template, render_body

PARTS = """{% macro item(text, mark="·") %}<li>{{ mark }}{{ text }}</li>{% endmacro %}
{% macro box(text) %}<div title="{{ text }}">{{ caller() }}</div>{% endmacro %}
"""


def render(folder: Path, page: str, **values: object) -> str:
    """A page that may use the parts."""
    (folder / "parts.html").write_text(PARTS, encoding="utf-8")
    (folder / "page.html").write_text('{% from "parts.html" import box, item %}\n' + page, encoding="utf-8")
    return render_body(find_template(folder, "page.html"), **values)


def test_values_are_escaped_and_macros_are_not(tmp_path: Path) -> None:
    """A text is data wherever it goes through; what a macro returns is HTML."""
    page = "{{ item(text) }}{{ item(3, mark=text) }}{% call box(text) %}{{ text }}{% endcall %}"
    escaped = "&lt;b&gt;&amp;&#34;&#39;"
    html = render(tmp_path, page, text="<b>&\"'")
    assert html == f'<li>·{escaped}</li><li>{escaped}3</li><div title="{escaped}">{escaped}</div>'


@pytest.mark.parametrize("call", ["item(1, colour=2)", "item(1, 2, 3, 4)"])
def test_an_argument_that_no_macro_has_is_an_error(tmp_path: Path, call: str) -> None:
    """A misspelt name is not passed over."""
    with pytest.raises(TypeError):
        render(tmp_path, f"{{{{ {call} }}}}")


@pytest.mark.parametrize("page", ["{{ absent }}", "{{ item() }}", "{{ box(1) }}", "{{ item(absent) }}"])
def test_what_is_not_there_is_an_error(tmp_path: Path, page: str) -> None:
    """A name, an argument, a caller that a page lacks is never an empty place."""
    with pytest.raises((UndefinedError, TypeError)):
        render(tmp_path, page)


def test_a_body_has_no_empty_line(tmp_path: Path) -> None:
    """Markdown would end the block of raw HTML there."""
    assert render(tmp_path, "\n\n<p>一</p>\n \n\t\n　\n  <p>二</p>\n\n") == "<p>一</p>\n  <p>二</p>"
