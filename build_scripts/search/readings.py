"""How characters are read aloud: for who types another one that sounds alike, or a traditional form.

The table is fetched by a browser only when a search finds nothing as typed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor

from ..storage.cache import Cache, digest_of, program_digest

_GB2312 = "gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF)  # all its characters
_BIG5 = "big5", range(0xA4, 0xC7), range(0x40, 0xFF)  # the frequent ones


def start_readings(pool: Executor, cache: Cache) -> Callable[[], bytes]:
    """Begin with the table on a pool, unless the cache has it; call it to have the table."""
    key = digest_of(b"readings", program_digest())
    if known := cache.read([key]).get(key):
        return lambda: known
    pending = pool.submit(render_readings)

    def gather() -> bytes:
        cache.add({key: pending.result()})
        return pending.result()

    return gather


def render_readings() -> bytes:
    """JSON: the characters of each syllable, written without its tone. A character stands once, with its usual reading."""
    from pypinyin import lazy_pinyin

    found: dict[str, list[str]] = defaultdict(list)
    for character in sorted({*_list_characters(*_GB2312), *_list_characters(*_BIG5)}):
        (syllable,) = lazy_pinyin(character, v_to_u=False)
        found[syllable].append(character)
    table = {syllable: "".join(characters) for syllable, characters in sorted(found.items())}
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _list_characters(charset: str, rows: range, cells: range) -> Iterator[str]:
    """The Chinese characters that stand in some rows of a character set's table."""
    for row in rows:
        for cell in cells:
            character = bytes([row, cell]).decode(charset, errors="ignore")
            if "\u4e00" <= character <= "\u9fff":
                yield character
