"""Names of files that hold on every machine: what some systems refuse, change, or cannot tell apart.

Windows refuses characters, device names and endings ("Naming Files, Paths, and Namespaces", Microsoft);
macOS hands names out decomposed; both take names that differ in case alone for one. Touches no disk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ..faults.diagnostics import Diagnostic, diagnose_file, printable
from ..words.characters import UNFIT

RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³])", re.IGNORECASE)
_COPY = r".*~|~\$.*|.*\.sw[op]|Thumbs\.db|desktop\.ini"
# What editors and systems leave behind: never read, never published.
LEFTOVER = re.compile(rf"\..*|{_COPY}|README(\.(md|txt))?", re.IGNORECASE)
# Copies that editors and merges make beside a file, which a reader would be given as they are.
BACKUP = re.compile(rf"{_COPY}|.*\.(bak|old|orig|rej|tmp)|.*\.md\.[^.]+", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"\\|?*]|[. ]$')

Reason = tuple[str, str]


def name_fault(inside: PurePosixPath) -> Reason | None:
    """Why a path fails on some machine, in both languages; None when it does not."""
    for part in inside.parts:
        if _UNSAFE.search(part) or UNFIT.search(part):
            return "含有特殊字符，或以点、空格结尾", "a special character, or a dot or space at the end"
        if RESERVED.fullmatch(part.split(".")[0]):
            return "是 Windows 的保留名", "a name that Windows reserves"
        if not unicodedata.is_normalized("NFC", part):
            return (
                "带附加符号的字母被拆开了（多见于从 macOS 复制的文件）",
                "its accented letters are taken apart, as macOS does",
            )
    return None


def report_name(folder: str, inside: PurePosixPath, reason: Reason, name: str = "") -> Diagnostic:
    """B706 for a path inside a folder; `name` is the part at fault, the last one by default."""
    shown = f"{folder}/{printable(inside.as_posix())}"
    file = printable(name or inside.name)
    return diagnose_file(shown, "B706", file=file, reason_zh=reason[0], reason_en=reason[1])


def report_link(folder: str, inside: PurePosixPath) -> Diagnostic:
    """B704 for a path inside a folder."""
    shown = f"{folder}/{printable(inside.as_posix())}".removesuffix("/.")
    return diagnose_file(shown, "B704", file=shown)


def report_unread(shown: str, error: OSError) -> Diagnostic:
    """B707 for a file or folder that the system does not let be read; `shown` is what it is called in reports."""
    return diagnose_file(shown, "B707", file=shown, reason=error.strerror or str(error))


def find_twins(folder: str, paths: Iterable[PurePosixPath]) -> Iterator[Diagnostic]:
    """A fault for each file that shares its name, or that of a folder above it, but for case."""
    spelled: dict[str, PurePosixPath] = {}
    for inside in paths:
        for path in (*reversed(inside.parents), inside):
            first = spelled.setdefault(_fold(path), path)
            if first != path:
                zh, en = f"与 {first} 只有大小写之别", f"it differs from {first} in case alone"
                yield report_name(folder, inside, (zh, en), path.name)
                break


def _fold(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", path.as_posix()).casefold()
