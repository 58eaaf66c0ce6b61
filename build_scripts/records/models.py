"""What every model of data has in common: frozen, nothing unknown; choices with labels; how a fault is raised."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

# We use none of pydantic's plugins, and it reads the metadata of every installed package to look for them.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

_NO_FIELDS: set[str] = set()  # copied by pydantic before it is added to
_set = object.__setattr__  # models are frozen


class Model(BaseModel):
    """Base of everything decoded from YAML: frozen, no unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=False, defer_build=True)

    essential: ClassVar[frozenset[str]] = frozenset()
    """Fields without any of which the others say nothing."""
    rests_on: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """For a field those without any of which it cannot be judged."""

    def model_post_init(self, _context: Any, /) -> None:
        """Forget which fields were written: nobody asks, and the sets take a third of a city's memory."""
        _set(self, "__pydantic_fields_set__", _NO_FIELDS)

    def __getstate__(self) -> dict[Any, Any]:
        """What is particular to this model, for pickle: thousands are kept between builds."""
        return self.__dict__

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Take up what `__getstate__` gave."""
        _set(self, "__dict__", state)
        _set(self, "__pydantic_fields_set__", _NO_FIELDS)
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)


def fault(code: str, **values: object) -> PydanticCustomError:
    """The error a validator raises for rule `code`; `values` fill the rule's wording.

    A fault of a whole model names the field it shows in as `at`: the field's name, or several names joined
    with dots.
    """
    return PydanticCustomError(code, "{}", {key: str(value) for key, value in values.items()})


class Choice(StrEnum):
    """A closed vocabulary: each member has the value editors type and the label readers see."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:  # noqa: D102 (StrEnum's own protocol)
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


_GOT_ZH: dict[type, str] = {list: "列表", dict: "映射", str: "文字"}
_GOT_EN: dict[type, str] = {list: "a list", dict: "a mapping", str: "text"}
_ADVICE: dict[tuple[str, type], tuple[str, str]] = {
    ("列表", str): (
        "另起一行，每项以“- ”开头：- {got}",
        "Begin a new line with a hyphen for each item: - {got}",
    ),
    ("列表", dict): ("每项以“- ”开头。", "Begin each item with a hyphen."),
    ("映射", str): (
        "另起一行，缩进两格写下级字段。",
        "Write its fields on lines of their own, two spaces in.",
    ),
    ("映射", list): ("去掉开头的连字符，直接写字段。", "Drop the hyphen and write the fields."),
}
_ONE_VALUE = "只留一个值，去掉方括号、花括号或连字符。", "Give one value, without brackets or a hyphen."


def wanted(zh: str, en: str, got: object) -> dict[str, str]:
    """The values of B203 for a value of the wrong shape."""
    help_zh, help_en = _ADVICE.get((zh, type(got)), _ONE_VALUE)
    shown = got.lstrip("-－– ") if isinstance(got, str) else ""
    return {
        "want_zh": zh,
        "want_en": en,
        "got_zh": _GOT_ZH.get(type(got), "空值"),
        "got_en": _GOT_EN.get(type(got), "nothing"),
        "help_zh": help_zh.format(got=shown[:40]),
        "help_en": help_en.format(got=shown[:40]),
    }
