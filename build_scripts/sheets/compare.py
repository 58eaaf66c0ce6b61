"""What differs between a record as it is and as its rows say: changes of its text, and items that are gone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
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
        elif isinstance(new[name], list):
            yield from _list_changes(old[name], new[name], pairs, here)
        elif isinstance(new[name], dict):
            yield from find_changes(old[name], new[name], pairs, here)
        else:
            yield Change(Action.SET, here, new[name])


def _list_changes(old: Sequence[Any], new: Sequence[Any], pairs: Pairs, path: FieldPath) -> Iterator[Change]:
    position = 0
    for i, j in _align(old, new, pairs):
        if i is None and j is not None:
            yield Change(Action.INSERT, (*path, position), new[j])
        elif j is None:
            yield Change(Action.DELETE, (*path, position))
        elif i is not None and isinstance(new[j], dict):
            yield from find_changes(old[i], new[j], pairs, (*path, i))
        elif i is not None and old[i] != new[j]:
            yield Change(Action.SET, (*path, i), new[j])
        position += i is not None


def _align(old: Sequence[Any], new: Sequence[Any], pairs: Pairs) -> Iterator[tuple[int | None, int | None]]:
    """The pairs whose order stays; an item that moves goes and comes, one text in another's place is its edit."""
    has_items = isinstance(new[0], dict)
    before = range(len(old)) if has_items else old
    after = [pairs.get(id(item), -1) for item in new] if has_items else new
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        shared = 0 if tag != "equal" and has_items else min(i2 - i1, j2 - j1)
        yield from zip(range(i1, i1 + shared), range(j1, j1 + shared), strict=True)
        yield from ((i, None) for i in range(i1 + shared, i2))
        yield from ((None, j) for j in range(j1 + shared, j2))
