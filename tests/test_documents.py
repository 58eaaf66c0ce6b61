"""Generated pages as Markdown documents."""

import markdown
import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from build_scripts.pages.rendering import Page
from build_scripts.publishing.documents import document_text, raw_block

# What the records can hold: no control characters, one line.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60)


def _extensions() -> list[str]:
    """The names of the extensions that mkdocs.yml switches on and that need no settings."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("markdown_extensions:")[1]
    names = [line.strip("- :") for line in text.split("\n\n")[0].splitlines() if line.startswith("  - ")]
    return [name for name in names if name]


@given(texts)
def test_a_body_passes_through_markdown_untouched(text: str) -> None:
    """Whatever a record says, its block of HTML comes out of Markdown as it went in."""
    block = raw_block(f"<article><h1 id=\"a\">{escape(text)}</h1>\n<p class='x'>{escape(text)}</p></article>")
    assert markdown.markdown(f"# before\n\n{block}\n", extensions=_extensions()).endswith(block)


@pytest.mark.parametrize("title", ["甲", '"quoted": yes', "{{ 7*7 }}", "- list", "# no comment", "&amp;"])
def test_front_matter_keeps_any_title(title: str) -> None:
    """Title and head are read back from the document as they were."""
    page = Page("areas/x/", "area", title, f"<title>{title}</title>", "<p>x</p>", {})
    _, front, body = document_text(page).split("---\n", 2)
    read = yaml.safe_load(front)
    assert (read["title"], read["head"]) == (title, f"<title>{title}</title>")
    assert body.strip() == raw_block("<p>x</p>")
    assert page.path == "areas/x.md"
