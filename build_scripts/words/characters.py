"""Characters that no text may hold: readers see nothing there, or nothing that was meant."""

from __future__ import annotations

import re
import unicodedata

# Controls, line and paragraph separators, soft hyphen, fillers, what has no width (space, joiners, byte order
# mark), marks and overrides of direction, surrogates and noncharacters. Tab and newline are text.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
)
_SHAPELESS = "\ue000-\uf8ff\ufffd"  # private use, and what stands for a character that was lost
_FAR = "\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"  # tags, private use; not the variants of Han characters
UNFIT = re.compile(f"[{_INVISIBLE}{_SHAPELESS}{_FAR}]")
"""A character that no text may hold, for readers see nothing there, or nothing that was meant."""
UNFIT_NEAR = re.compile(f"[{_INVISIBLE}{_SHAPELESS}]")
"""The same for texts without characters beyond U+BFFFF: it takes half the time."""


def name_codepoint(character: str) -> str:
    """The number of a character as tables give it."""
    return f"U+{ord(character):04X}"


def judge_character(character: str) -> tuple[str, dict[str, str]]:
    """The code and the values of the fault that a character of `UNFIT` is."""
    values = {"codepoint": name_codepoint(character)}
    if character == "\ufffd":
        zh, en = "原来的字在转换编码时丢失了", "it stands for one that was lost when the text was converted"
    elif unicodedata.category(character) == "Co":
        zh, en = (
            "它是私用区的自造字，换一台电脑就是方框或别的字",
            "elsewhere it is a box or another character",
        )
    else:
        return "B111", values
    return "B129", {**values, "reason_zh": zh, "reason_en": en}
