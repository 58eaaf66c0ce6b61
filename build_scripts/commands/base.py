"""What every command shares: the type of argparse's table of commands, and words in two languages."""

from __future__ import annotations

import argparse
import datetime
import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from ..errors import UsageError, UserError
from ..faults.rules import Language
from ..layout import BELTS

if TYPE_CHECKING:
    from ..building.settings import Settings
    from ..inspection.findings import Finding, Rule
    from ..provenance.stamp import Stamp

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (argparse has no other name for it)

C = TypeVar("C", bound=StrEnum)

LARGEST_PORT = 65535


def say(language: Language, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if language is Language.ZH else en


def aside(language: Language, *words: str) -> str:
    """Words in the brackets of one language, to stand after something."""
    return say(language, f"（{'，'.join(words)}）", f" ({', '.join(words)})")


def say_commit(language: Language, stamp: Stamp) -> str:
    """Which commit a build is of, and whether files differ from it."""
    if not stamp.commit:
        return say(language, "不知道是哪次提交", "no commit known")
    return stamp.commit[:7] + (aside(language, say(language, "有改动", "modified")) if stamp.modified else "")


def today() -> datetime.date:
    """The date on this machine."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def ask(prompt: str) -> str:
    """What is typed on the terminal; empty when nobody answers. Raises UsageError for what is no text."""
    try:
        answer = input(prompt).strip()
    except EOFError:
        return ""
    check_text(answer)
    return answer


def is_text(word: str) -> bool:
    """Whether all of a word can be written as UTF-8: bytes in another encoding come in as halves of characters."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_text(word: str) -> None:
    """Raises UsageError for a word that is no text."""
    if not is_text(word):
        shown = word.encode(errors="backslashreplace").decode()
        raise UsageError(
            f"{shown}: 不是 UTF-8 文字；请把终端的编码改成 UTF-8（no UTF-8 text: set the terminal to UTF-8）"
        )


def port(text: str) -> int:
    """The port that an option names."""
    if text.isascii() and text.isdecimal() and int(text) <= LARGEST_PORT:
        return int(text)
    limits = f"端口是 0 到 {LARGEST_PORT} 的数 (a port is a number from 0 to {LARGEST_PORT})"
    raise argparse.ArgumentTypeError(f"{text}: {limits}")


def one_of(choices: type[C]) -> Callable[[str], C]:
    """What an option takes that has a few values."""

    def take(text: str) -> C:
        try:
            return choices(text)
        except ValueError:
            known = ", ".join(choices)
            raise argparse.ArgumentTypeError(f"{text}: 可选的值 (choose from) {known}") from None

    return take


def find_site(root: Path, named: Path | None) -> Path:
    """The built site: the one that was named, or where mkdocs.yml puts it; site/ where no settings can be read."""
    if named:
        return named
    settings = read_settings(root)
    return settings.site if settings else root / "site"


def read_settings(root: Path) -> Settings | None:
    """What mkdocs.yml says; None where it cannot be read."""
    from ..building.settings import find_settings
    from ..layout import RESULTS
    from ..storage.cache import Cache

    with suppress(UserError):
        return find_settings(root.resolve(), Cache(root.resolve() / RESULTS))
    return None


def check_built(site: Path, language: Language) -> None:
    """Raise UsageError where no built site is."""
    if not (site / "index.html").is_file():
        zh, en = "这里没有生成好的网站，先运行 belts build", "no built site here: run belts build first"
        raise UsageError(f"{site}: {say(language, zh, en)}")


def check_records(root: Path, language: Language) -> None:
    """Raise UsageError where no belts/ folder is."""
    if not (root / BELTS).is_dir():
        text = say(language, "没有 belts/ 文件夹", "there is no belts/ folder")
        raise UsageError(f"{root.resolve()}: {text}")


def check_different(old: str, new: str, language: Language) -> None:
    """Raise UsageError for an id that is to take its own place."""
    if old == new:
        raise UsageError(f"{old}: {say(language, '两个编号相同', 'both ids are the same')}")


def shorten(lines: Sequence[str], most: int, language: Language) -> list[str]:
    """The first lines and how many are left out; all of them where `most` is 0."""
    left = len(lines) - most if most else 0
    if left <= 0:
        return [*lines]
    return [*lines[:most], say(language, f"……另有 {left} 处（--all 全部列出）", f"… and {left} more (--all)")]


def describe_findings(
    findings: Iterable[Finding], rules: Mapping[str, Rule], language: Language, most: int
) -> Iterator[str]:
    """Yield the findings by rule, of each rule at most `most` (0: all) and what to do about them."""
    whole = say(language, "全站", "whole site")
    for code, group in groupby(findings, key=lambda finding: finding.code):
        rule, lines = rules[code], [f"{finding.place or whole}: {finding.what}" for finding in group]
        yield f"[{code}] {say(language, rule.zh, rule.en)}：{len(lines)}"
        yield from (f"  {line.removesuffix(': ')}" for line in shorten(lines, most, language))
        if advice := say(language, rule.help_zh, rule.help_en):
            yield f"  help: {advice}"


def say_edits(language: Language, edits: Iterable[tuple[str, bytes | None]]) -> str:
    """A line for each file that was written or deleted."""
    wrote, deleted = say(language, "写入", "wrote"), say(language, "删除", "deleted")
    return "\n".join(f"{deleted if content is None else wrote} {path}" for path, content in edits)


def explain_port(error: OSError, number: int) -> UserError:
    """Why a server cannot begin: most often another one has its port."""
    if error.errno != errno.EADDRINUSE:
        return UserError(str(error))
    return UserError(
        f"端口 {number} 已被占用：可能已经开着，在浏览器里打开 http://127.0.0.1:{number}/ 看看；要另开一个，加 --port 0"
        " (the port is taken: it may be running already; --port 0 takes a free one)"
    )
