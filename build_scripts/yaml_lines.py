"""The usual form of a record's file, read line by line: in a third of the time that PyYAML takes to give its events.

Blocks of `key: value` and `- item`, each value on one line. What is not plainly of that form is left to PyYAML: a file
is read here only where PyYAML finds the same in it, and a test tries that with texts of every kind.
"""

from __future__ import annotations

import re
from typing import Any

_DEEPEST = 8  # blocks inside one another
_LINE = re.compile(
    r"""
    ^(?:
        ([ ]*+) (-[ ]++)?+                     # indent, dash
        (?: ([A-Za-z_][A-Za-z0-9_]{0,99}+) : (?:[ ]++|$) )?
        (?:
            (?!(?:null|Null|NULL)$)
            ( [\w“《（≥] [^\n:#\ -]*+            # a plain value, without `: `, ` #`, `- ` or a space at its end
              (?: (?: :(?=\S) | [ ]++(?=[^\s#]) | -(?![ ]) | [#] ) [^\n:#\ -]*+ )*+ )
            | ( '[^'\n]*+' | "[^"\\\n]*+" | \[\] )
        )?+
        | [ ]*+[#].*                           # a comment
        | (.+)                                 # anything else
    )$
    """,
    re.MULTILINE | re.VERBOSE,
)
_UNUSUAL = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_lines(text: str) -> dict[str, Any] | None:
    """The data of a file in its usual form; None for any other."""
    if _UNUSUAL.search(text):
        return None
    data: dict[str, Any] = {}
    blocks: list[tuple[int, Any]] = [(0, data)]  # column and content of those we are in, outermost first
    waiting = ""  # the key whose block is to begin
    for indent, dash, key, plain, marked, other in _LINE.findall(text):
        if not (dash or key or plain or marked or other):  # an empty line, a comment
            continue
        if other or not _find_block(blocks, waiting, len(indent), dash):
            return None
        if dash and key:
            blocks[-1][1].append({})
            blocks.append((len(indent) + len(dash), blocks[-1][1][-1]))
        block, waiting = blocks[-1][1], ""
        if plain or marked:
            if not _put(block, key, plain or ([] if marked == "[]" else marked[1:-1])):
                return None
        elif key and key not in block:
            waiting = key
        else:
            return None
    return None if waiting else data or None


def _find_block(blocks: list[tuple[int, Any]], waiting: str, column: int, dash: str) -> bool:
    """Turn to the block of a line, which a waiting key opens; False where there is none."""
    start, block = blocks[-1]
    if waiting:
        if column + bool(dash) <= start or len(blocks) > _DEEPEST:  # a list may stand in its key's own column
            return False
        block[waiting] = [] if dash else {}
        blocks.append((column, block[waiting]))
        return True
    while column < start or (not dash and isinstance(block, list)):
        blocks.pop()
        start, block = blocks[-1]
    return column == start and not (dash and isinstance(block, dict))


def _put(block: Any, key: str, value: Any) -> bool:
    """Add an item to a list, or a value to a mapping; False without a key, or where it has one."""
    if isinstance(block, list):
        block.append(value)
    elif key and key not in block:
        block[key] = value
    else:
        return False
    return True
