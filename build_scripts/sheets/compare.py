"""What differs between a record as it is and as its rows say: changes of its text, and items that are gone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ..editing.yaml_edit import Action, Change
from ..records.document import Path

AFTER_ALL = 100_000
"""The number of the first row that names none: more than any that a row may give itself."""

Pair = tuple[int | None, int | None]
Numbers = Mapping[int, int]
"""The place in its list that a row names, by the identity of the mapping made from it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that no row stands for any more: the list's names, its numbers and what it was called."""

    names: tuple[str, ...]
    order: tuple[int, ...]
    title: str


def find_changes(old: Any, new: Any, numbers: Numbers, path: Path = ()) -> Iterator[Change]:
    """The changes that lead from one mapping to another, a list's items in their order."""
    for name in dict.fromkeys((*old, *new)):
        here = (*path, name)
        if name not in new:
            yield Change(Action.DELETE, here)
        elif name not in old:
            yield Change(Action.SET, here, new[name])
        elif isinstance(new[name], list):
            yield from _list_changes(old[name], new[name], numbers, here)
        elif isinstance(new[name], dict):
            yield from find_changes(old[name], new[name], numbers, here)
        elif old[name] != new[name]:
            yield Change(Action.SET, here, new[name])


def _list_changes(old: Sequence[Any], new: Sequence[Any], numbers: Numbers, path: Path) -> Iterator[Change]:
    position = 0
    for i, j in align(old, new, numbers):
        if i is None and j is not None:
            yield Change(Action.INSERT, (*path, position), new[j])
        elif j is None:
            yield Change(Action.DELETE, (*path, position))
        elif i is not None and isinstance(new[j], dict):
            yield from find_changes(old[i], new[j], numbers, (*path, i))
        elif i is not None and old[i] != new[j]:
            yield Change(Action.SET, (*path, i), new[j])
        position += i is not None


def find_gone(
    old: Any, new: Any, numbers: Numbers, names: tuple[str, ...] = (), order: tuple[int, ...] = ()
) -> Iterator[Gone]:
    """The items of lists of mappings that the new data lacks."""
    for name, items in _item_lists(old):
        others = new.get(name, [])
        pairs = list(align(items, others, numbers))
        gone = _gone(items, others, pairs, numbers)
        for i, j in pairs:
            if i is not None and i in gone:
                yield Gone((*names, name), (*order, i + 1), _title(items[i]))
            elif i is not None and j is not None:
                yield from find_gone(items[i], others[j], numbers, (*names, name), (*order, i + 1))


def restore_gone(old: Any, new: Any, numbers: Numbers) -> None:
    """Put the items that the new data lacks back where they stood."""
    for name, items in _item_lists(old):
        others = new.get(name, [])
        pairs = list(align(items, others, numbers))
        gone = _gone(items, others, pairs, numbers)
        merged = []
        for i, j in pairs:
            if i is not None and j is not None:
                restore_gone(items[i], others[j], numbers)
            if j is not None:
                merged.append(others[j])
            elif i in gone:
                merged.append(items[i or 0])
        new[name] = merged


def _gone(items: Sequence[Any], others: Sequence[Any], pairs: Sequence[Pair], numbers: Numbers) -> set[int]:
    """The old items that no row is, names by its number, or has moved elsewhere."""
    extra = [others[j] for i, j in pairs if i is None and j is not None]
    moved = {_key(item) for item in extra}
    named = {numbers.get(id(item), 0) - 1 for item in extra}
    alone = (i for i, j in pairs if i is not None and j is None)
    return {i for i in alone if i not in named and _key(items[i]) not in moved}


def _item_lists(data: Any) -> list[tuple[str, list[Any]]]:
    return [
        (name, value)
        for name, value in data.items()
        if isinstance(value, list) and isinstance(value[0], dict)
    ]


def _title(item: Mapping[str, Any]) -> str:
    """What an item is best called by."""
    for name in ("name", "label", "text", "record", "as_of", "place"):
        value = item.get(name)
        if value:
            return str(value.get("name", "") if isinstance(value, dict) else value)[:40]
    return ""


def align(old: Sequence[Any], new: Sequence[Any], numbers: Numbers) -> Iterator[Pair]:
    """Which old item each new one is: equal ones first, then by the number a row gives, then by position."""
    matcher = SequenceMatcher(
        None, [_key(item) for item in old], [_key(item) for item in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            yield from _pair_block(
                range(i1, i2), range(j1, j2), [numbers.get(id(new[j]), 0) - 1 for j in range(j1, j2)]
            )


def _pair_block(olds: range, news: range, named: Sequence[int]) -> Iterator[Pair]:
    inside = [i for i in named if i in olds]
    if not inside or inside != sorted(set(inside)):
        left = iter(olds)
        named = [i if i >= AFTER_ALL - 1 else next(left, -1) for i in named]
    next_old = olds.start
    for j, i in zip(news, named, strict=True):
        if i in olds:
            yield from ((gone, None) for gone in range(next_old, i))
            yield i, j
            next_old = i + 1
        else:
            yield None, j
    yield from ((gone, None) for gone in range(next_old, olds.stop))


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False)
