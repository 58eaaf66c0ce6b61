"""The Jinja environment of page bodies: autoescape on, undefined names are errors.

Templates place values; they decide nothing. The theme's own templates are MkDocs' business.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

_has_markup = re.compile("[&<>\"']").search


def escape_text(value: object) -> str:
    """HTML of a value, as markupsafe escapes it, but plain text without markup is not copied."""
    if type(value) is str:
        return escape(value) if _has_markup(value) else value
    if type(value) is Markup:
        return value
    return str(value) if type(value) is int else escape(value)


class _PageCode(CodeGenerator):
    """Jinja's code, escaping by `escape_text`: a page places hundreds of short texts."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escape_text(")
        else:
            super()._output_child_pre(node, frame, finalize)


class PageEnvironment(Environment):
    """The environment of page bodies."""

    code_generator_class = _PageCode
    escape_text = staticmethod(escape_text)


@cache
def page_environment(folder: Path) -> Environment:
    """The environment over `site_templates/`; one per folder and process."""
    return PageEnvironment(
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
    return "\n".join(filter(str.strip, html.splitlines()))
