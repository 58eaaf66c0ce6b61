"""The page bodies' own Jinja: what is escaped, how macros are called, what no page may leave blank."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError

from build_scripts.storage.cache import Cache
from build_scripts.web.templates import (
    compile_templates,
    find_template,
    forget_templates,
    keep_code,
    render_body,
)

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


def test_templates_are_jinjas(tmp_path: Path) -> None:
    """Unpacked arguments, items of mappings and default values mean what its documentation says."""
    page = "{{ item(*[1, 2]) }}{{ item(**{'text': 3}) }}{{ table.key }}{{ table.gone | default('–') }}{{ table.gone is defined }}"
    assert render(tmp_path, page, table={"key": "<"}) == "<li>21</li><li>·3</li>&lt;–False"


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


def render_kept(folder: Path, page: str) -> tuple[str, int]:
    """A page rendered as a process does that has just begun, with the cache in the same folder; how many were compiled."""
    cache = Cache(folder / "results.sqlite")
    forget_templates()
    keep_code(folder, cache)
    html = render(folder, page)
    findings = cache.take()
    cache.merge(findings)
    cache.save()
    return html, len(findings.new)


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    """The next process takes it from the cache; one whose text is another is compiled, the others are not."""
    assert render_kept(tmp_path, "{{ item(1) }}") == ("<li>·1</li>", 2)
    assert render_kept(tmp_path, "{{ item(1) }}") == ("<li>·1</li>", 0)
    assert render_kept(tmp_path, "{{ item(2) }}") == ("<li>·2</li>", 1)


def test_damaged_code_is_not_run(tmp_path: Path) -> None:
    """What is not what was compiled is compiled again."""
    render_kept(tmp_path, "{{ item(1) }}")
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE results SET value = substr(value, 1, length(value) - 9) || x'000000000000000000'"
        )
    assert render_kept(tmp_path, "{{ item(1) }}") == ("<li>·1</li>", 2)


def test_compiling_ahead_leaves_errors_to_pages(tmp_path: Path) -> None:
    """A template that cannot be compiled, or read, is an error of the page that asks for it."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/broken.html").write_text("{% if %}", encoding="utf-8")
    (tmp_path / "parts/latin.html").write_bytes(b"\xe9")
    compile_templates(tmp_path)
    with pytest.raises(TemplateSyntaxError):
        find_template(tmp_path, "parts/broken.html")
