"""What differs between a record as it is and as its rows say: changes of its text, and items that are gone."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from operator import is_not
from typing import Any, NamedTuple

from ..editing.yaml_edit import Action, Change
from ..records.document import FieldPath

AFTER_ALL = 100_000
"""The number of the first row that names none: more than any that a row may give itself."""

_LIKE = 0.6
"""How much of two titles must be the same for one to be the other, edited."""

Numbers = Mapping[int, int]
"""The place in its list that a row names, by the identity of the mapping made from it."""

Pairs = dict[int, int]
"""Which item of the old list (its index) each new one is, by the identity of the new mapping."""


class Gone(NamedTuple):
    """An item that no row stands for any more: the list's names, its numbers and what it was called."""

    names: tuple[str, ...]
    order: tuple[int, ...]
    title: str


# -- which item is which -------------------------------------------------------------------------


def pair_items(old: Any, new: Any, numbers: Numbers) -> Pairs:
    """Which old item each new one is, in every list of mappings."""
    pairs: Pairs = {}
    for name, items in _item_lists(old):
        others = new.get(name, [])
        named = [numbers.get(id(other), 0) - 1 for other in others]
        for j, i in match_items(items, others, named).items():
            pairs[id(others[j])] = i
            pairs |= pair_items(items[i], others[j], numbers)
    return pairs


def match_items(old: Sequence[Any], new: Sequence[Any], named: Sequence[int]) -> dict[int, int]:
    """Which old item each new one is, by their places; `named` are the places that the new ones give themselves.

    Equal ones are the same; then the one of a title that no other has; then the likeliest by title, fields and place.
    """
    found = _match_equal(old, new, named)
    olds = sorted({*range(len(old))} - {*found.values()})
    news = [j for j in range(len(new)) if j not in found and named[j] < AFTER_ALL - 1]
    known = _titles(old, olds)
    titles = {j: known[title] for title, j in _titles(new, news).items() if title in known}
    found |= titles
    rest = sorted({*olds} - {*titles.values()}), [j for j in news if j not in titles]
    return found | _match_likely(old, new, named, *rest)


def _match_equal(old: Sequence[Any], new: Sequence[Any], named: Sequence[int]) -> dict[int, int]:
    """Equal items, first where they are said to stand, then in their order."""
    waiting: dict[str, list[int]] = {}
    for i, item in enumerate(old):
        waiting.setdefault(_key(item), []).append(i)
    same = {j: places for j, item in enumerate(new) if (places := waiting.get(_key(item)))}
    found = {}
    for j in sorted(same, key=lambda j: named[j] not in same[j]):
        if same[j]:
            found[j] = same[j].pop(same[j].index(named[j]) if named[j] in same[j] else 0)
    return found


def _titles(items: Sequence[Any], places: Iterable[int]) -> dict[str, int]:
    """The places of those whose title no other has."""
    titles = {place: title_of(items[place]) for place in places}
    count = Counter(titles.values())
    return {title: place for place, title in titles.items() if title and count[title] == 1}


def _match_likely(
    old: Sequence[Any], new: Sequence[Any], named: Sequence[int], olds: Iterable[int], news: Sequence[int]
) -> dict[int, int]:
    """The best pairs first, of those that have like titles or the same place."""
    scored = [
        (_likeness(title_of(old[i]), title_of(new[j])), _count_equal(old[i], new[j]), named[j] == i, i, j)
        for i in olds
        for j in news
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for like, _, is_named, i, j in sorted(scored, key=lambda score: score[:3], reverse=True):
        if (like or is_named) and j not in found and i not in taken:
            found[j] = i
            taken.add(i)
    return found


def _likeness(one: str, other: str) -> float:
    """The share of two titles that is the same, 0 when it is too small to mean anything."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    is_like = matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE
    ratio = matcher.ratio() if is_like else 0
    return ratio if ratio >= _LIKE else 0


def _count_equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    return sum(other.get(name) == value for name, value in one.items())


def title_of(item: Mapping[str, Any]) -> str:
    """What an item is best called by."""
    for name in ("name", "label", "text", "record", "file", "as_of", "place"):
        value = item.get(name)
        if value:
            return str(value.get("name", "") if isinstance(value, dict) else value)
    return ""


def items_of(value: Any) -> list[Any]:
    """The items of a list of mappings; none for any other value."""
    return value if isinstance(value, list) and value and isinstance(value[0], dict) else []


def _item_lists(data: Any) -> list[tuple[str, list[Any]]]:
    """The fields that hold a list of mappings."""
    return [(name, items) for name, value in data.items() if (items := items_of(value))]


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False)


# -- what is gone --------------------------------------------------------------------------------


def find_gone(
    old: Any, new: Any, pairs: Pairs, names: tuple[str, ...] = (), order: tuple[int, ...] = ()
) -> Iterator[Gone]:
    """The items of lists of mappings that the new data lacks."""
    for name, items in _item_lists(old):
        here = by_place(new.get(name, ()), pairs)
        for i, item in enumerate(items):
            if i not in here:
                yield Gone((*names, name), (*order, i + 1), title_of(item)[:40])
            elif here[i] != item:
                yield from find_gone(item, here[i], pairs, (*names, name), (*order, i + 1))


def restore_gone(old: Any, new: Any, pairs: Pairs) -> None:
    """Put the items that the new data lacks back, each after the one it stood after."""
    for name, items in _item_lists(old):
        others = new.setdefault(name, [])
        here = by_place(others, pairs)
        for i, item in enumerate(items):
            if i not in here:
                put_after(others, here.get(i - 1), item)
                here[i], pairs[id(item)] = item, i
            elif here[i] != item:
                restore_gone(item, here[i], pairs)


def by_place(items: Iterable[Any], pairs: Pairs) -> dict[int, Any]:
    """The new items by the places of the old ones that they are."""
    return {pairs[id(item)]: item for item in items if id(item) in pairs}


def put_after(items: list[Any], before: Any, item: Any) -> None:
    """Insert an item behind another, or at the front."""
    at = next((place for place, other in enumerate(items, 1) if other is before), 0)
    items.insert(at, item)


# -- changes of the text -------------------------------------------------------------------------


def find_changes(old: Any, new: Any, pairs: Pairs, path: FieldPath = ()) -> Iterator[Change]:
    """The changes that lead from one mapping to another, a list's items in their order."""
    for name in dict.fromkeys((*old, *new)):
        here = (*path, name)
        if name not in new:
            yield Change(Action.DELETE, here)
        elif name not in old:
            yield Change(Action.SET, here, new[name])
        elif old[name] == new[name]:
            continue
        elif items_of(new[name]):
            yield from _item_changes(old[name], new[name], pairs, here)
        elif isinstance(new[name], list):
            yield from _text_changes(old[name], new[name], here)
        elif isinstance(new[name], dict):
            yield from find_changes(old[name], new[name], pairs, here)
        else:
            yield Change(Action.SET, here, new[name])


def _item_changes(old: Sequence[Any], new: Sequence[Any], pairs: Pairs, path: FieldPath) -> Iterator[Change]:
    """The changes of a list of mappings: edits, comings and goings, and how the old ones are put in order before."""
    kept = by_place(new, pairs)
    order = _reorder(len(old), kept)
    waiting = iter(new)
    for here, place in enumerate(order):
        if place not in kept:
            yield Change(Action.DELETE, (*path, here))
            continue
        before = itertools.takewhile(partial(is_not, kept[place]), waiting)
        yield from (Change(Action.INSERT, (*path, here), item) for item in before)
        yield from find_changes(old[place], kept[place], pairs, (*path, here))
    yield from (Change(Action.INSERT, (*path, len(old)), item) for item in waiting)
    if order != sorted(order):
        yield Change(Action.REORDER, path, order=order)


def _reorder(count: int, kept: Iterable[int]) -> list[int]:
    """The old places in the order of those that are kept; one that goes stays behind what it stood behind."""
    order = [*kept]
    for place in sorted({*range(count)} - {*order}):
        order.insert(order.index(place - 1) + 1 if place else 0, place)
    return order


def _text_changes(old: Sequence[str], new: Sequence[str], path: FieldPath) -> Iterator[Change]:
    """The changes of a list of texts; one in another's place is its edit."""
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        shared = min(i2 - i1, j2 - j1)
        for n in range(shared):
            if old[i1 + n] != new[j1 + n]:
                yield Change(Action.SET, (*path, i1 + n), new[j1 + n])
        yield from (Change(Action.DELETE, (*path, i)) for i in range(i1 + shared, i2))
        yield from (Change(Action.INSERT, (*path, i2), text) for text in new[j1 + shared : j2])
