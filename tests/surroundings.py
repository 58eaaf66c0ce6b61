"""A build elsewhere: run as a script it changes what a machine may have otherwise, then builds the project.

    python tests/surroundings.py PROJECT --days 400 --order reversed --cores 3

The changes are to Python's own functions, before anything of the project is imported.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

_Order = Callable[[list[Any]], list[Any]]
ORDERS: dict[str, _Order] = {
    "sorted": lambda names: sorted(names, key=str),
    "reversed": lambda names: sorted(names, key=str, reverse=True),
    "shuffled": lambda names: random.Random(7).sample(names, len(names)),  # noqa: S311 (a test's order)
}


def shift_clock(days: float) -> None:
    """Another date for whatever asks the time of day; what is passed a time is left alone."""
    seconds = days * 86_400
    now, now_ns, gmtime, localtime, date, moment = (
        time.time, time.time_ns, time.gmtime, time.localtime, datetime.date, datetime.datetime,
    )  # fmt: skip

    class Kind(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, cls.__mro__[1])

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, cls.__mro__[1])

    class Date(date, metaclass=Kind):
        @classmethod
        def today(cls) -> datetime.date:
            return date.fromtimestamp(now() + seconds)

    class Moment(moment, metaclass=Kind):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return moment.fromtimestamp(now() + seconds, tz)

        @classmethod
        def utcnow(cls) -> datetime.datetime:
            return moment.fromtimestamp(now() + seconds, datetime.UTC).replace(tzinfo=None)

        today = now

    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + int(seconds * 10**9)
    time.gmtime = lambda at=None: gmtime(now() + seconds if at is None else at)
    time.localtime = lambda at=None: localtime(now() + seconds if at is None else at)
    for made, name in ((Date, "date"), (Moment, "datetime")):
        made.__module__, made.__qualname__ = "datetime", name  # where values of it that were kept look for it
        setattr(datetime, name, made)


class _Entries:
    """What `os.scandir` gives, in another order."""

    def __init__(self, entries: list[os.DirEntry[str]]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is open."""


def order_folders(name: str) -> None:
    """Another order of the files of every folder, as another file system has it."""
    order, scandir, listdir = ORDERS[name], os.scandir, os.listdir

    def scan(path: Any = ".") -> _Entries:
        with scandir(path) as entries:
            found = {entry.name: entry for entry in entries}
        return _Entries([found[name] for name in order(list(found))])

    os.scandir = scan  # type: ignore[assignment,misc]
    os.listdir = lambda path=".": order(listdir(path))  # type: ignore[assignment,misc]


def main() -> int:
    """Change the surroundings, then build."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("--days", type=float, default=0, help="add so many days to the date")
    parser.add_argument("--order", choices=ORDERS, help="of the files of a folder")
    parser.add_argument(
        "--cores", type=int, default=0, help="processes to share the work among, however little"
    )
    arguments = parser.parse_args()
    if arguments.days:
        shift_clock(arguments.days)
    if arguments.order:
        order_folders(arguments.order)
    from build_scripts import workers
    from build_scripts.cli import main as belts

    if arguments.cores:
        workers.ENOUGH = 1
        workers.available_cores = lambda: arguments.cores
    return belts(["-C", str(arguments.project), "build"])


if __name__ == "__main__":
    sys.exit(main())
