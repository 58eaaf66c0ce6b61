"""Where work runs: inline, or on a pool of processes when there is enough of it.

A pool is forked, so workers share what is in memory and only results travel. The bytes made are the same.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, TypeVar

from .errors import UserError

T = TypeVar("T")
R = TypeVar("R")

ENOUGH = 200  # records; below this, starting two processes costs more than it saves (tests/benchmarks)
_CHUNK = 100

STOPPED = (
    "有一个进程被终止，多半是内存不够；请再试一次"
    " (a process was stopped, most likely for want of memory: try again)"
)


_shared: list[tuple[object, ...]] = []


class InlineExecutor(Executor):
    """Does what is submitted at once, in this process."""

    def submit(self, function: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Call the function; the future holds what it returned or raised."""
        future: Future[R] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (raised again by whoever asks for the result)
            future.set_exception(error)
        return future


@contextmanager
def open_pool(items: int, *share: object) -> Iterator[Executor]:
    """Processes for so many records; inline where that is quicker or processes cannot be forked.

    Work done inside can ask for what is shared, in either case. When the body fails, work not yet begun is dropped.
    Raises UserError when a process was stopped.
    """
    _shared.append(share)
    try:
        count = available_cores()
        if items < ENOUGH or count < 2 or not can_fork():
            yield InlineExecutor()
            return
        gc.freeze()  # what is there already is not copied for being looked at
        pool = ProcessPoolExecutor(count, multiprocessing.get_context("fork"), begin_worker)
        try:
            yield pool
        except BrokenProcessPool:
            raise UserError(STOPPED) from None
        finally:
            pool.shutdown(cancel_futures=True)
            gc.unfreeze()
    finally:
        _shared.pop()


def begin_worker() -> None:
    """Let this process end with the one it was forked from: it would wait for ever, and hold whatever lock that held."""
    leave_interrupts()
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def leave_interrupts() -> None:
    """Ctrl-C reaches every process; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def shared(kind: type[T]) -> T:
    """What the innermost `open_pool` shares of this type."""
    for found in _shared[-1]:
        if isinstance(found, kind):
            return found
    raise TypeError(f"no {kind.__name__} is shared")


@contextmanager
def uncollected() -> Iterator[None]:
    """Work that leaves no rubbish in circles to speak of: looking for it would take a sixth of a build's time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def can_fork() -> bool:
    """Whether a process can begin here with what is in the memory of this one."""
    return "fork" in multiprocessing.get_all_start_methods()


def available_cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def map_chunks(
    function: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T], executor: Executor, size: int = _CHUNK
) -> Iterator[R]:
    """`function` over slices of `items`, all handed over at once; results in order, as they come."""
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    return itertools.chain.from_iterable(executor.map(function, chunks))
