"""Small source files joined into the few that a browser fetches: ES modules and style sheets, by their imports.

Sources stay as they are written and run unjoined; what is joined leaves out comments that have lines of their own.
Only the forms that our own files use are understood; any other import or export raises `UserError`, so that nothing
is joined wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..errors import UserError

_IMPORT = re.compile(
    r'^import (?:(?:\{ (?P<names>[^}]+) \}|\* as (?P<all>\w+)) from )?"\./(?P<file>[\w.]+)"$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (?P<name>\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b(?!\().*$", re.MULTILINE)
_DYNAMIC = re.compile(r'\bimport\("\./([\w.]+)"\)')
_STYLE = re.compile(r'^@import "(?P<file>[\w.]+)"(?P<media>[^;]*);$', re.MULTILINE)

_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_STYLE_COMMENT = re.compile(r"^ */\*(?:[^*]|\*(?!/))*\*/\n", re.MULTILINE)


def join_scripts(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules that a page or another module asks for by name, each with all that it imports.

    `sources` are modules by file name. A module that others only import statically is left out. An imported
    module becomes a function called once, so names never clash.
    """
    imported = {match["file"] for source in sources.values() for match in _IMPORT.finditer(source)}
    asked = {name for source in sources.values() for name in _DYNAMIC.findall(source)}
    entries = [name for name in sources if name not in imported or name in asked]
    orders = {name: list(dict.fromkeys(_in_order(name, sources, ()))) for name in entries}
    if lost := sources.keys() - {name for order in orders.values() for name in order}:
        raise UserError(f"{', '.join(sorted(lost))}: 互相引用成环 (import one another in a circle)")
    bare = {name: _COMMENT.sub("", source) for name, source in sources.items()}
    return {name: _join_script(order, bare) for name, order in orders.items()}


def _join_script(order: Sequence[str], sources: Mapping[str, str]) -> str:
    entry = order[-1]
    parts = [_wrap(name, sources[name]) for name in order[:-1]]
    return "\n".join([*parts, _link(entry, sources[entry])])


def _in_order(name: str, sources: Mapping[str, str], above: tuple[str, ...]) -> Iterator[str]:
    """A module after everything that it imports."""
    if name not in sources or name in above:
        raise UserError(
            f"{' → '.join((*above, name))}: {'引用自己 (imports itself)' if name in above else '没有这个模块 (no such module)'}"
        )
    for match in _IMPORT.finditer(sources[name]):
        yield from _in_order(match["file"], sources, (*above, name))
    yield name


def _wrap(name: str, source: str) -> str:
    """A module as the object of its exports."""
    exports = [match["name"] for match in _EXPORT.finditer(source)]
    body = _link(name, _EXPORT.sub("", source))
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exports)} }}\n}})()"


def _link(name: str, source: str) -> str:
    """A module whose imports are taken from the objects before it."""
    linked = _IMPORT.sub(_take, source)
    for other in _OTHER.finditer(linked):
        if not _EXPORT.match(other[0]):
            raise UserError(f"{name}: “{other[0]}”这种写法不能合并 (cannot be joined)")
    return linked


def _take(match: re.Match[str]) -> str:
    if match["all"]:
        return f"const {match['all']} = {_variable(match['file'])}"
    if match["names"]:
        return f"const {{ {match['names'].replace(' as ', ': ')} }} = {_variable(match['file'])}"
    return ""


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def join_styles(sources: Mapping[str, str]) -> dict[str, str]:
    """Every style sheet that no other imports, each import replaced by the sheet, in its medium."""
    imported = {match["file"] for source in sources.values() for match in _STYLE.finditer(source)}
    bare = {name: _STYLE_COMMENT.sub("", source) for name, source in sources.items()}
    return {name: _join_style(name, bare) for name in bare if name not in imported}


def _join_style(name: str, sources: Mapping[str, str]) -> str:
    def place(match: re.Match[str]) -> str:
        if match["file"] not in sources:
            raise UserError(f"{name} → {match['file']}: 没有这个样式表 (no such style sheet)")
        text, media = _join_style(match["file"], sources).strip(), match["media"].strip()
        return f"@media {media} {{\n{text}\n}}" if media else text

    return _STYLE.sub(place, sources[name])
