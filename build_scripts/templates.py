"""The Jinja environment of page bodies: autoescape on, undefined names are errors.

Templates place values; they decide nothing. The theme's own templates are MkDocs' business.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


@cache
def page_environment(folder: Path) -> Environment:
    """The environment over `site_templates/`; one per folder and process."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def find_template(folder: Path, *names: str) -> Template:
    """The first of several templates that exists."""
    return page_environment(folder).select_template(names)


def render_body(template: Template, **values: object) -> str:
    """One page body as a single block of HTML without blank lines at its ends.

    The body must pass through Markdown untouched, so it is one raw block: no empty line inside it either.
    """
    html = template.render(**values)
    return "\n".join(line for line in html.splitlines() if line.strip())
