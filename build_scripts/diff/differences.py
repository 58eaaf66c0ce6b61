"""What differs between two states of one model, field by field, in words that readers of the site would use.

Works on any model by its fields' titles, so a new field needs no code here. Figures, positions and orders are
worded as such. Knows no file and no page.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from ..geography.datum import Point, distance_km
from ..kinds.base import Record
from ..kinds.belt import Stop
from ..kinds.indicator import Indicator, Observation
from ..records.dates import PartialDate
from ..records.ids import DistrictReference, RecordReference
from ..records.models import Choice
from ..records.places import Location, Member
from ..records.references import field_marker, iter_references
from ..records.statements import Figure, Reach, Statement

M = TypeVar("M", bound=BaseModel)

_ALIKE = 0.5
_MOST_PAIRS = 2500
_METRE = 0.001
_Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and in English; what is a name is the same in both."""

    zh: str
    en: str

    def __add__(self, other: Words) -> Words:
        return Words(self.zh + other.zh, self.en + other.en)


class Changed(NamedTuple):
    """A value of a field before and after; None where there is none. A figure is told whole."""

    field: Words
    before: Words | None
    after: Words | None
    is_figure: bool = False


class Reordered(NamedTuple):
    """The same items in another order; both orders hold every item of the list."""

    field: Words
    before: tuple[Words, ...]
    after: tuple[Words, ...]


class Moved(NamedTuple):
    """A point that moved, in metres, with the names of the districts it lies in; empty outside all of them."""

    field: Words
    metres: int
    before: str
    after: str


Change = Changed | Reordered | Moved


class Naming(NamedTuple):
    """How ids and points are called at one time; `unit` is that of an indicator's observations."""

    record: Callable[[str], str]
    district: Callable[[str], str]
    district_at: Callable[[Point], str]
    unit: str = ""


class Differ(NamedTuple):
    """Compares models between two times."""

    before: Naming
    after: Naming

    def compare(self, old: BaseModel, new: BaseModel, at: Words = Words("", "")) -> Iterator[Change]:
        """Every change between two states of one model, in the order of its fields."""
        if isinstance(old, Location) and isinstance(new, Location):
            yield from self._compare_points(old, new, at)
        told: frozenset[str] = _TOLD.get(type(new), frozenset())
        if told and any(getattr(old, name) != getattr(new, name) for name in told):
            yield Changed(at, _figure(old, self.before), _figure(new, self.after), is_figure=True)
        for name, field in type(new).model_fields.items():
            values = getattr(old, name), getattr(new, name)
            if values[0] == values[1] or name in told or name in _SKIPPED.get(type(new), ("id",)):
                continue
            here = _join(at, Words(field.title or name, name))
            yield from self._compare_values(*values, here, field_marker(field))

    def _compare_values(self, old: Any, new: Any, at: Words, marker: object) -> Iterator[Change]:
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield from self._compare_lists(old, new, at, marker)
        elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
            yield from self.compare(old, new, at)
        else:
            before = _value(old, marker, self.before)
            yield Changed(at, before, _value(new, marker, self.after))

    def _compare_points(self, old: Location, new: Location, at: Words) -> Iterator[Moved]:
        if (old.lat, old.lon, old.crs) != (new.lat, new.lon, new.crs):
            metres = round(distance_km(old.point, new.point) / _METRE)
            districts = self.before.district_at(old.point), self.after.district_at(new.point)
            yield Moved(at, metres, *districts)

    def _compare_lists(
        self, old: Sequence[Any], new: Sequence[Any], at: Words, marker: object
    ) -> Iterator[Change]:
        pairs = pair_items(old, new)
        kept = [(i, j) for i, j in pairs if i is not None and j is not None]
        for i, j in pairs:
            if i is None and j is not None:
                yield Changed(at, None, _value(new[j], marker, self.after))
            elif j is None and i is not None:
                yield Changed(at, _value(old[i], marker, self.before), None)
            elif i is not None and j is not None and old[i] != new[j]:
                here = _join(at, self._caption(new[j], j), space=True)
                yield from self._compare_values(old[i], new[j], here, marker)
        if [i for i, _ in kept] != sorted(i for i, _ in kept):
            before = tuple(self._short(item, i, marker, self.before) for i, item in enumerate(old))
            after = tuple(self._short(item, j, marker, self.after) for j, item in enumerate(new))
            yield Reordered(at, before, after)

    def _caption(self, item: Any, place: int) -> Words:
        """What one item of a list is called within its field; figures say so themselves."""
        if isinstance(item, Figure | Observation):
            return Words("", "")
        return self._short(item, place, None, self.after)

    def _short(self, item: Any, place: int, marker: object, naming: Naming) -> Words:
        """The name of an item; its number when it has none."""
        if not isinstance(item, BaseModel):
            return _value(item, marker, naming) or Words("", "")
        if isinstance(item, Stop) and item.record:
            return _same(naming.record(item.record))
        if name := _name_of(item):
            return _same(name)
        return Words(f"第{place + 1}条", f"no. {place + 1}")


_SKIPPED: dict[type, tuple[str, ...]] = {Location: ("lat", "lon", "crs")}
_TOLD = {
    Figure: frozenset(("form", "label", "value", "unit", "as_of", "source")),
    Observation: frozenset(("form", "value", "as_of", "source")),
}
"""The fields that a figure's own words hold."""


# -- words -----------------------------------------------------------------------------------------


def _same(text: str) -> Words:
    return Words(text, text)


def _join(at: Words, more: Words, *, space: bool = False) -> Words:
    if not more.zh:
        return at
    if not at.zh:
        return more
    return Words(f"{at.zh}·{more.zh}", f"{at.en} {more.en}" if space else f"{at.en}.{more.en}")


def _value(value: Any, marker: object, naming: Naming) -> Words | None:
    """A value in words; None for none."""
    if value is None:
        return None
    if isinstance(value, tuple):
        parts = [words for item in value if (words := _value(item, marker, naming))]
        return Words("；".join(w.zh for w in parts), "; ".join(w.en for w in parts)) if parts else None
    if isinstance(value, BaseModel):
        return _model(value, naming)
    if isinstance(marker, RecordReference):
        return _same(naming.record(value))
    if isinstance(marker, DistrictReference):
        return _same(naming.district(value))
    return _scalar(value)


def _scalar(value: Any) -> Words:
    match value:
        case bool():
            return Words("是" if value else "否", "yes" if value else "no")
        case Choice():
            return Words(value.label, value.value)
        case PartialDate():
            return Words(str(value), value.text)
        case datetime.date():
            return Words(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
        case _:
            return _same(str(value))


def _figure(item: Any, naming: Naming) -> Words:
    """A figure with its unit, date and source."""
    unit = getattr(item, "unit", None) or naming.unit
    label = f"{item.label} " if isinstance(item, Figure) else ""
    source = naming.record(item.source)
    form = item.form
    zh = [*([form.label] if form is not Reach.REACHED else []), str(item.as_of), source]
    en = [*([form.value] if form is not Reach.REACHED else []), item.as_of.text, source]
    figure = f"{label}{''.join(item.value.read_with(unit))}"
    return Words(f"{figure}（{'，'.join(zh)}）", f"{figure} ({', '.join(en)})")


def _location(location: Location, naming: Naming) -> Words:
    point = f"{location.point.lat:.5f}, {location.point.lon:.5f}"
    district = naming.district_at(location.point)
    zh = f"{point}（{'，'.join(filter(None, (district, location.precision.label)))}，±{location.uncertainty_km}公里）"
    en = f"{point} ({', '.join(filter(None, (district, location.precision)))}, ±{location.uncertainty_km} km)"
    return Words(zh, en)


def _model(item: BaseModel, naming: Naming) -> Words:
    """A thing of several fields: a figure, a point, or its name or text, or else every field."""
    if isinstance(item, Figure | Observation):
        return _figure(item, naming)
    if isinstance(item, Location):
        return _location(item, naming)
    if isinstance(item, Stop) and item.record:
        return _same(naming.record(item.record))
    if text := getattr(item, "text", None) or _name_of(item):
        return _same(text)
    parts = []
    for name, field in type(item).model_fields.items():
        value = getattr(item, name)
        if value not in (None, ()) and (words := _value(value, field_marker(field), naming)):
            parts.append(Words(f"{field.title} ", f"{name} ") + words)
    return Words("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _name_of(item: BaseModel) -> str:
    return str(getattr(item, "name", None) or "")


# -- pairing ---------------------------------------------------------------------------------------


def pair_items(old: Sequence[Any], new: Sequence[Any]) -> list[_Pair]:
    """Which item became which: equal ones, then those of the same name or figure, then texts that are alike.

    Pairs of places in the order of the new list, those without a counterpart in the old list last.
    """
    matched: dict[int, int] = {}
    rest = set(range(len(old)))
    for level in range(_LEVELS):
        by_key: dict[Hashable, list[int]] = defaultdict(list)
        for i in sorted(rest, reverse=True):
            if (key := _key(old[i], level)) is not None:
                by_key[key].append(i)
        for j, item in enumerate(new):
            if j not in matched and (key := _key(item, level)) is not None and by_key.get(key):
                matched[j] = by_key[key].pop()
                rest.discard(matched[j])
    _match_alike(old, new, matched, rest)
    found: list[_Pair] = [(matched.get(j), j) for j in range(len(new))]
    return [*found, *((i, None) for i in sorted(rest))]


_LEVELS = 4


def _key(item: Any, level: int) -> Hashable:
    """What an item is recognised by: whole at level 0, then by less and less; None when nothing is left."""
    if level == 0:
        return item if isinstance(item, Hashable) else None
    match item:
        case Figure():
            keys: tuple[Hashable, ...] = (
                (item.label, item.form, item.as_of.text, item.source),
                (item.label, item.form, item.as_of.text),
                (item.label, item.form),
            )
        case Observation():
            keys = (
                (item.form, item.as_of.text, item.source),
                (item.form, item.as_of.text),
                (item.form, item.source, item.value),
            )
        case Stop():
            keys = (item.record or item.name,)
        case Member():
            keys = ((item.name, item.form, item.district), (item.name,), (item.code or None))
        case BaseModel():
            keys = (_name_of(item) or getattr(item, "text", None),)
        case _:
            keys = ()
    return keys[level - 1] if level <= len(keys) else None


def _match_alike(old: Sequence[Any], new: Sequence[Any], matched: dict[int, int], rest: set[int]) -> None:
    """Pair texts that share half of their characters, the most alike first."""
    open_places = [j for j in range(len(new)) if j not in matched and _text(new[j])]
    if len(open_places) * len(rest) > _MOST_PAIRS:
        return
    scores = (
        (-SequenceMatcher(None, _text(old[i]), _text(new[j]), autojunk=False).ratio(), j, i)
        for j in open_places
        for i in sorted(rest)
        if _text(old[i])
    )
    for score, j, i in sorted(scores):
        if -score >= _ALIKE and j not in matched and i in rest:
            matched[j] = i
            rest.discard(i)


def _text(item: Any) -> str:
    return item.text if isinstance(item, Statement) else str(getattr(item, "text", None) or "")


def compare_records(old: Record, new: Record, differ: Differ) -> tuple[Change, ...]:
    """Every change between two states of a record."""
    if isinstance(old, Indicator) and isinstance(new, Indicator):
        before = differ.before._replace(unit=old.unit or "")
        differ = Differ(before, differ.after._replace(unit=new.unit or ""))
    return tuple(differ.compare(old, new))


def follow_renames(model: M, renamed: Mapping[str, str]) -> M:
    """A model that names records by their new ids."""
    if not renamed or not any(reference.target in renamed for reference in iter_references(model)):
        return model
    update = {}
    for name, field in type(model).model_fields.items():
        names_records = isinstance(field_marker(field), RecordReference)
        update[name] = _follow(getattr(model, name), renamed, names_records=names_records)
    return type(model).model_construct(**{**model.__dict__, **update})


def _follow(value: Any, renamed: Mapping[str, str], *, names_records: bool) -> Any:
    if isinstance(value, tuple):
        return tuple(_follow(item, renamed, names_records=names_records) for item in value)
    if isinstance(value, BaseModel):
        return follow_renames(value, renamed)
    return renamed.get(value, value) if names_records else value
