"""The Jinja environment of page bodies: autoescape on, undefined names are errors.

Templates place values; they decide nothing. The theme's own templates are MkDocs' business.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator
from markupsafe import Markup
from markupsafe import _escape_inner as escape_plainly  # type: ignore[attr-defined]  # `escape` makes a Markup

from ..storage.cache import Cache, digest_of, program_digest

_BODIES = ("parts/", "profiles/", "views/")  # the folders of templates that most builds need
_EMPTY_LINES = re.compile(r"\n\s+(?<=\n)")  # in half the time of `\n\s*\n`, which looks at each line twice


def escape_text(value: object) -> str:
    """Escape a value as markupsafe does, but return a plain string."""
    if type(value) is str:
        return escape_plainly(value)
    return value if type(value) is Markup else escape_plainly(str(value))


class _PageCode(CodeGenerator):
    """Compile `{{ value }}` to a call of `escape_text`.

    A page places hundreds of short texts, and markupsafe wraps each in a Markup object: a tenth of the processor
    time of a clean build.
    """

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escape_text(")
        else:
            super()._output_child_pre(node, frame, finalize)


class PageEnvironment(Environment):
    """The environment of page bodies."""

    code_generator_class = _PageCode
    escape_text = staticmethod(escape_text)


class _KeptCode(BytecodeCache):
    """Compiled templates, kept between builds. Python loads a damaged one without a word; the cache finds it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept of a template's text."""
        key = _code_key(bucket)
        if code := self._cache.read([key]).get(key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._cache.add({_code_key(bucket): bucket.bytecode_to_string()})


def _code_key(bucket: Bucket) -> bytes:
    """A digest of a template's name, path and text, and of what compiles it."""
    return digest_of(b"template", program_digest(), bucket.key.encode(), bucket.checksum.encode())


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


@cache
def find_template(folder: Path, *names: str) -> Template:
    """The first of several templates that exists."""
    return page_environment(folder).select_template(names)


def keep_code(folder: Path, cache: Cache) -> None:
    """From now on compiled templates come from a cache, and new ones go there."""
    page_environment(folder).bytecode_cache = _KeptCode(cache)


def compile_templates(folder: Path) -> None:
    """Compile what most pages need; a template that cannot be compiled is an error of the page that asks for it."""
    environment = page_environment(folder)
    for name in environment.list_templates(filter_func=lambda name: name.startswith(_BODIES)):
        with suppress(TemplateSyntaxError, UnicodeDecodeError):
            environment.get_template(name)


def forget_templates() -> None:
    """Read every template again when it is next asked for."""
    find_template.cache_clear()
    page_environment.cache_clear()


def render_body(template: Template, **values: object) -> str:
    """One page body as a single block of HTML without blank lines at its ends.

    The body must pass through Markdown untouched, so it is one raw block: no empty line inside it either.
    """
    html = template.render(**values)
    return _EMPTY_LINES.sub("\n", html).strip()
