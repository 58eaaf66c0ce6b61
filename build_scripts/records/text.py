"""Types of text: clean lines and prose of bounded length, web addresses, slugs, yes and no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ..words.markup import names_user
from .models import fault, wanted


@dataclass(frozen=True, slots=True)
class TextLimit:
    """Marks a text with the most characters it may have."""

    characters: int


@dataclass(frozen=True, slots=True)
class CleanText(TextLimit):
    """Marks a text that is read without the spaces around it, in one line if it is not `multiline`."""

    multiline: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Nothing of JSON's is called in Python, which halves the time; `decode_plain` gives no line breaks there."""
        text = core_schema.str_schema(strip_whitespace=True, min_length=1, max_length=self.characters)
        ours = core_schema.no_info_before_validator_function(self.clean, core_schema.str_schema())
        return core_schema.json_or_python_schema(json_schema=text, python_schema=ours)

    def clean(self, value: Any) -> Any:
        """The text as it is kept. Raises B205, B206."""
        if not isinstance(value, str):
            return value
        text = value.strip()
        if "\n" in text:
            text = ("\n" if self.multiline else " ").join(line.strip() for line in text.split("\n"))
        if not text:
            raise fault("B205")
        if len(text) > self.characters:
            raise fault("B206", length=len(text), limit=self.characters)
        return text


Name = Annotated[str, CleanText(60)]
Line = Annotated[str, CleanText(400)]
Prose = Annotated[str, CleanText(4000, multiline=True)]


LONGEST_BODY = 8000


def _clean_body(value: Any) -> Any:
    """Keep a Markdown text as typed, inner spaces and line breaks included."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        raise fault("B205")
    if len(value) > LONGEST_BODY:
        raise fault("B206", length=len(value), limit=LONGEST_BODY)
    return value.rstrip()


Body = Annotated[str, BeforeValidator(_clean_body), TextLimit(LONGEST_BODY)]


_ADDRESS = re.compile(r"https?://(?![^\s/?#]*@)[^\s<>\"'/?#:@\\](?:[^\s<>\"'\\]*[^\s<>\"'\\。，；！？、])?")


def _in_small_letters(match: re.Match[str]) -> str:
    return match[0].lower()


_LONGEST_ADDRESS = 2000
_SLIPS_OF_ADDRESSES = (
    ("^<(.*)>$", r"\1", "外面有 < >", "stands in < >"),
    ("^(https?)(?:：//|:／／|：／／)", r"\1://", "里有全角符号", "has full-width signs"),
    ("^(?!https?:)(?i:https?)://", _in_small_letters, "的开头要小写", "must begin in small letters"),
    (r"^[^:]*?(?=https?://)", "", "前面还有别的文字", "has words before it"),
    ("[。，；！？、]+$", "", "末尾有标点", "ends with a punctuation mark"),
    (r"(?<=\S)[ \u3000\xa0](?=\S)", "%20", "中间有空格", "has a space in it"),
)


def _web_address(value: Any) -> Any:
    if not isinstance(value, str) or _ADDRESS.fullmatch(value):
        return value
    if names_user(value):
        raise fault("B601", got=re.sub("//[^/?#]*@", "//…@", value), **_WITH_USER)
    mended, reasons = value.strip()[:_LONGEST_ADDRESS], []
    for pattern, replacement, zh, en in _SLIPS_OF_ADDRESSES:
        mended = re.sub(pattern, replacement, before := mended)
        reasons += [(zh, en)] if mended != before else []
    if not reasons or len(value) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(mended):
        raise fault("B601", got=value, **_NO_ADDRESS)
    names = {"form_zh": f"写成 {mended}", "form_en": f"Write {mended}"}
    chinese, english = zip(*reasons, strict=True)
    raise fault("B601", got=value, reason_zh="，".join(chinese), reason_en=", ".join(english), **names)


_NO_ADDRESS = {
    "reason_zh": "不是 http(s) 地址",
    "reason_en": "is no http(s) address",
    "form_zh": "写完整的 https:// 地址，如 https://www.example.org/。",
    "form_en": "Write the full address, such as https://www.example.org/.",
}
_WITH_USER = {
    "reason_zh": "里有用户名或密码",
    "reason_en": "has a user's name or a password in it",
    "form_zh": "@ 之前的部分删去；@ 之后才是真正的网站，核对它是不是来源。",
    "form_en": "Delete what stands before the @; the site is what follows it: make sure that it is the source.",
}
WebAddress = Annotated[str, BeforeValidator(_web_address)]


def _slug(value: Any) -> Any:
    if isinstance(value, str) and not SLUG.fullmatch(value):
        raise fault("B313", got=value)
    return value


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Slug = Annotated[str, BeforeValidator(_slug)]


SPREADSHEET_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
"""What a spreadsheet shows for a value that it could not work out."""


def split_ids(text: str) -> list[str]:
    """The ids that stand in one text with commas or semicolons between; none when it is anything else."""
    ids = [part.strip() for part in re.split("[、，,;；]", text)]
    return ids if len(ids) > 1 and all(map(SLUG.fullmatch, ids)) else []


_YES = ("true", "yes", "on", "y", "1", "是", "有", "对")


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise fault("B203", **wanted("“true”或“false”", "true or false", value))
    if value not in ("true", "false"):
        raise fault("B207", got=value, suggestion="true" if value.lower() in _YES else "false")
    return value == "true"


Flag = Annotated[bool, BeforeValidator(_boolean)]
