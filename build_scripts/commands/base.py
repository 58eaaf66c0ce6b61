"""What every command shares: the type of argparse's table of commands, and words in two languages."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TypeAlias

from ..rules import Language

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (argparse has no other name for it)


def say(language: Language, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if language is Language.ZH else en


def say_edits(language: Language, edits: Iterable[tuple[str, bytes | None]]) -> str:
    """A line for each file that was written or deleted."""
    wrote, deleted = say(language, "写入", "wrote"), say(language, "删除", "deleted")
    return "\n".join(f"{deleted if content is None else wrote} {path}" for path, content in edits)
