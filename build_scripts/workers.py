"""Where work runs: inline, or on a pool of processes when there is enough of it.

A pool is forked, so workers share what is in memory and only results travel. The bytes made are the same.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

ENOUGH = 500  # records; below this, starting two processes costs more than it saves (tests/benchmarks)
_CHUNK = 100


_shared: list[object] = []


@contextmanager
def open_pool(items: int, share: object = None) -> Iterator[Executor | None]:
    """A pool for so many records; None where doing them inline is quicker or processes cannot be forked.

    Work done inside can ask for what is shared, in either case.
    """
    _shared.append(share)
    try:
        count = available_cores()
        if items < ENOUGH or count < 2 or "fork" not in multiprocessing.get_all_start_methods():
            yield None
            return
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("fork")) as pool:
            yield pool
    finally:
        _shared.pop()


def shared(kind: type[T]) -> T:
    """What the innermost `open_pool` shares."""
    if not isinstance(found := _shared[-1], kind):
        raise TypeError(f"{type(found).__name__} is shared, not {kind.__name__}")
    return found


def available_cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def map_chunks(
    function: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T], executor: Executor | None
) -> Iterable[R]:
    """`function` over slices of `items`, results in order; inline without an executor."""
    if executor is None:
        yield from function(items)
        return
    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    for results in executor.map(function, chunks):
        yield from results
