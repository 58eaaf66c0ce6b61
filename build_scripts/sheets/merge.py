"""What an editor and what others made of a record since it was exported, in one; knows no sheet.

Where only one side has changed something, that is what stands; where both have, and differently, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .compare import Numbers, Pairs, by_place, items_of, match_items, put_after, title_of
from .rows import UNREAD, Item


class Conflict(NamedTuple):
    """What both sides have changed: a field of the editor's `item` or, without a path, whether and where it stands.

    `theirs` is what stands now; None when it is there no more.
    """

    item: Item
    path: tuple[str, ...]
    theirs: Any = None


def merge_changes(base: Item, mine: Item, theirs: Item, numbers: Numbers, pairs: Pairs) -> Iterator[Conflict]:
    """Bring into `mine` what has changed from `base` to `theirs`; `pairs` gets which of their items each one is."""
    for name in dict.fromkeys((*base, *mine, *theirs)):
        before, here, now = (items_of(data.get(name)) for data in (base, mine, theirs))
        if not (before or here or now):
            yield from _merge_field(mine, (), name, (base, mine, theirs))
            continue
        mine[name] = here
        yield from _merge_items(before, here, now, numbers, pairs)
        if not here:
            del mine[name]


def _merge_field(
    item: Item, path: tuple[str, ...], name: str, sides: tuple[Item, Item, Item]
) -> Iterator[Conflict]:
    """One field of a mapping at a path in an item."""
    base, mine, theirs = (side.get(name) for side in sides)
    here = (*path, name)
    if mine == UNREAD:
        return
    if any(isinstance(value, dict) for value in (base, mine, theirs)):
        inner = sides[1].setdefault(name, {})
        yield from _merge_inner(item, here, (base or {}, inner, theirs or {}))
        if not inner:
            del sides[1][name]
    elif mine == base:
        sides[1].pop(name, None)
        if theirs is not None:
            sides[1][name] = theirs
    elif theirs not in (base, mine):
        yield Conflict(item, here, theirs)


def _merge_inner(item: Item, path: tuple[str, ...], sides: tuple[Item, Item, Item]) -> Iterator[Conflict]:
    for name in dict.fromkeys((*sides[0], *sides[1], *sides[2])):
        yield from _merge_field(item, path, name, sides)


# -- lists ---------------------------------------------------------------------------------------


def _merge_items(
    base: Sequence[Item], mine: list[Item], theirs: Sequence[Item], numbers: Numbers, pairs: Pairs
) -> Iterator[Conflict]:
    """Each item with what others made of it; theirs that are new come in, those they removed go."""
    old = match_items(base, mine, [numbers.get(id(item), 0) - 1 for item in mine])
    now = {i: k for k, i in match_items(base, theirs, range(len(theirs))).items()}
    both = _match_new(mine, theirs, old, now)
    has_moved = not _ascends([old[j] for j in sorted(old)])
    for j, item in enumerate(mine.copy()):
        i = old.get(j)
        k = both.get(j) if i is None else now.get(i)
        was = {} if i is None else base[i]
        if k is not None:
            pairs[id(item)] = k
            yield from merge_changes(was, item, theirs[k], numbers, pairs)
        elif item == was:
            mine[:] = [other for other in mine if other is not item]
        elif i is not None:
            yield Conflict(item, ())
    found = {*now.values(), *both.values()}
    new = [k for k in range(len(theirs)) if k not in found]
    if not has_moved:
        _take_order(mine, theirs, new, pairs)
    else:
        yield from _check_order(mine, [now[i] for i in sorted(now)], pairs)
        _take_new(mine, theirs, new, pairs)


def _match_new(
    mine: Sequence[Item], theirs: Sequence[Item], old: dict[int, int], now: dict[int, int]
) -> dict[int, int]:
    """The new items of one title on both sides: an import done before, or the same thought."""
    ours = [j for j in range(len(mine)) if j not in old]
    others = sorted({*range(len(theirs))} - {*now.values()})
    found = match_items([theirs[k] for k in others], [mine[j] for j in ours], [-1] * len(ours))
    same = {ours[j]: others[k] for j, k in found.items()}
    return {j: k for j, k in same.items() if title_of(mine[j]) == title_of(theirs[k])}


def _take_order(mine: list[Item], theirs: Sequence[Item], new: Sequence[int], pairs: Pairs) -> None:
    """Put the items into the order of theirs, those that only the editor has behind what they stood behind."""
    own = [(before, item) for before, item in zip([None, *mine], mine, strict=False) if id(item) not in pairs]
    pairs |= {id(theirs[k]): k for k in new}
    shared = [*(item for item in mine if id(item) in pairs), *(theirs[k] for k in new)]
    mine[:] = sorted(shared, key=lambda item: pairs[id(item)])
    for before, item in own:
        put_after(mine, before, item)


def _take_new(mine: list[Item], theirs: Sequence[Item], new: Sequence[int], pairs: Pairs) -> None:
    """Put what only they have behind what it stands behind there."""
    here = by_place(mine, pairs)
    for k in new:
        put_after(mine, here.get(k - 1), theirs[k])
        here[k], pairs[id(theirs[k])] = theirs[k], k


def _check_order(mine: Sequence[Item], now: Sequence[int], pairs: Pairs) -> Iterator[Conflict]:
    """Both sides may not have moved items to different places."""
    places = [pairs[id(item)] for item in mine if id(item) in pairs]
    if not _ascends(now) and not _ascends(places):
        yield Conflict(mine[0], ())


def _ascends(numbers: Sequence[int]) -> bool:
    return list(numbers) == sorted(numbers)
