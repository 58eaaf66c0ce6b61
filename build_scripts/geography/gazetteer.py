"""The city's townships and villages by name and code.

Decodes the CSV tables named in city.yml. Knows no record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from .datum import Point, decode_point

if TYPE_CHECKING:
    from _csv import Reader

ZONE: Final = "统计用功能区"
"""What the statistical gazetteer calls a unit that it counts beside the townships: a development zone or the like."""


class Township(NamedTuple):
    """A township, town or subdistrict, or a zone counted beside them; counts are of the 2023 statistical gazetteer.

    One that is younger than the gazetteer has no code, counts that it does not give are None. `geonames_id` says where the point of its seat comes from.
    """

    code: str
    name: str
    form: str
    district_code: str
    communities: int | None
    villages: int | None
    seat: Point | None
    geonames_id: str = ""

    @property
    def is_zone(self) -> bool:
        """Whether it is a zone and no township."""
        return self.form == ZONE


class UnitCounts(NamedTuple):
    """How many townships, villages and communities the gazetteer lists in a district; None where it does not say."""

    townships: int | None
    villages: int | None
    communities: int | None


class Village(NamedTuple):
    """A village or community of the gazetteer."""

    code: str
    name: str
    form: str
    township_code: str
    district_code: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Townships and villages, each in code order, with look-ups by code."""

    townships: tuple[Township, ...] = ()
    villages: tuple[Village, ...] = ()
    by_code: Mapping[str, Township | Village] = field(default_factory=dict)

    def townships_of(self, district_code: str) -> tuple[Township, ...]:
        """A district's townships, those younger than the gazetteer too."""
        return tuple(t for t in self._units_of(district_code) if not t.is_zone)

    def zones_of(self, district_code: str) -> tuple[Township, ...]:
        """What the gazetteer counts in a district beside its townships."""
        return tuple(t for t in self._units_of(district_code) if t.is_zone)

    def count_units(self, district_code: str) -> UnitCounts:
        """What the gazetteer lists in a district; a township without a code is not among it."""
        units = self._units_of(district_code)
        return UnitCounts(
            townships=_total(int(not t.is_zone) if t.code else None for t in units),
            villages=_total(t.villages for t in units),
            communities=_total(t.communities for t in units),
        )

    def _units_of(self, district_code: str) -> tuple[Township, ...]:
        return tuple(t for t in self.townships if t.district_code == district_code)


def _total(counts: Iterable[int | None]) -> int | None:
    """The sum of the counts that are known; None when none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


TOWNSHIP_COLUMNS = ("nbs_code_2023", "name", "kind", "district_code")
VILLAGE_COLUMNS = ("code", "name", "class", "township_code", "district_code")
"""The columns that the tables must have, in any order; others may stand beside them."""

T = TypeVar("T", bound=Township | Village)


def make_gazetteer(townships: Sequence[Township], villages: Sequence[Village]) -> Gazetteer:
    """The gazetteer of what the two tables hold."""
    by_code: dict[str, Township | Village] = {t.code: t for t in townships if t.code}
    by_code.update({v.code: v for v in villages})
    return Gazetteer(tuple(townships), tuple(villages), by_code)


@lru_cache(maxsize=1)
def decode_townships(content: bytes) -> tuple[Township, ...]:
    """Read the table of townships, once for a preview's sake. Raises ValueError as `_decode_table` does.

    It may tell how many `communities` and `villages` there are, and where its seat is: `lat` and `lon` in WGS-84,
    `geonames_id`.
    """
    return _decode_table(content, TOWNSHIP_COLUMNS, _township)


@lru_cache(maxsize=1)
def decode_villages(content: bytes) -> tuple[Village, ...]:
    """Read the table of villages, once for a preview's sake. Raises ValueError as `_decode_table` does."""
    return _decode_table(content, VILLAGE_COLUMNS, _village)


def _decode_table(
    content: bytes, columns: Sequence[str], make: Callable[[Mapping[str, str]], T]
) -> tuple[T, ...]:
    """The rows of a CSV table in UTF-8. Raises ValueError that tells all missing columns, or the line of the first fault."""
    reader = csv.reader(io.StringIO(_decode_text(content), newline=""))
    try:
        return tuple(_iter_units(reader, columns, make))
    except (csv.Error, ValueError) as error:
        raise ValueError(f"{_line(max(reader.line_num, 1))}: {error}") from None


def _iter_units(
    reader: Reader, columns: Sequence[str], make: Callable[[Mapping[str, str]], T]
) -> Iterator[T]:
    """What each row below the header is; an empty row is nothing."""
    header = next(reader, [])
    if missing := [column for column in columns if column not in header]:
        raise ValueError(f"缺少这些列 (columns missing): {', '.join(missing)}")
    lines: dict[str, int] = {}
    for row in filter(None, reader):
        if len(row) != len(header):
            raise ValueError(f"有 {len(row)} 格，表头有 {len(header)} 格 (cells here and in the header)")
        unit = make(dict(zip(header, row, strict=True)))
        first = lines.setdefault(unit.code, reader.line_num)
        if unit.code and first != reader.line_num:
            raise ValueError(f"代码 {unit.code} 已在{_line(first)} (the code stands there already)")
        yield unit


def _line(number: int) -> str:
    return f"第 {number} 行 (line {number})"


def _decode_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(content.count(b"\n", 0, error.start) + 1)
        raise ValueError(f"{line}: 不是 UTF-8 编码 (not UTF-8)") from None


def _township(row: Mapping[str, str]) -> Township:
    seat = decode_point(row["lat"], row.get("lon", "")) if row.get("lat") else None
    counts = (row.get(column) for column in ("communities", "villages"))
    communities, villages = (int(count) if count else None for count in counts)
    return Township(
        row["nbs_code_2023"],
        row["name"],
        row["kind"],
        row["district_code"],
        communities,
        villages,
        seat,
        row.get("geonames_id") or "",
    )


def _village(row: Mapping[str, str]) -> Village:
    return Village(row["code"], row["name"], row["class"], row["township_code"], row["district_code"])
