"""SVG pictures beside the hand-written pages: whoever opens one by its own address opens a document that can run scripts.

Read by expat, whose own fault stops it; entities are refused before anything after them is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

_LIVE = re.compile(
    r"(?:.*:)?(?:script|foreignobject|handler|iframe|object|embed|audio|video|meta|link|base|form)",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"(?:.*:)?on[a-z]+", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|webp|gif)[;,]", re.IGNORECASE)
_SCRIPT = re.compile(r"(?:javascript|vbscript):|data:text", re.IGNORECASE)
_OUTSIDE = re.compile(r"@import|url\(\s*+['\"]?+(?!#|data:image/)", re.IGNORECASE)

Fault = tuple[int, str]


class _FoundError(Exception):
    """What must not stand in a picture."""


def judge_svg(content: bytes) -> Fault | None:
    """The line, from 1, and the text of the first thing in an SVG that runs, loads or leads elsewhere; None for a picture.

    A text that is no XML or no SVG has a fault too.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = _Judge().begin
    parser.EntityDeclHandler = lambda name, *_: _refuse(f"<!ENTITY {name}>")
    parser.ProcessingInstructionHandler = lambda target, _: _refuse(f"<?{target}?>")
    parser.CharacterDataHandler = lambda text: _refuse_match(_OUTSIDE, text)
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except _FoundError as found:
        return parser.CurrentLineNumber, str(found)
    except expat.ExpatError as error:
        return error.lineno, f"XML: {expat.ErrorString(error.code)}"
    return None


class _Judge:
    """Looks at elements as they begin."""

    def __init__(self) -> None:
        self._is_root = True

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Raises when an element must not stand in a picture."""
        if _LIVE.fullmatch(name) or (self._is_root and name.rpartition(":")[2] != "svg"):
            _refuse(f"<{name}>")
        self._is_root = False
        for key, value in attributes.items():
            plain = re.sub(r"[\x00-\x20]", "", value)
            is_link = key.rpartition(":")[2] in ("href", "src")
            if _HANDLER.fullmatch(key) or _SCRIPT.search(plain) or (is_link and not _INSIDE.match(plain)):
                _refuse(f"{key}={value[:40]!r}")
            _refuse_match(_OUTSIDE, value)


def _refuse_match(pattern: re.Pattern[str], text: str) -> None:
    if match := pattern.search(text):
        _refuse(text[match.start() : match.start() + 40])


def _refuse(what: str) -> None:
    raise _FoundError(what)
