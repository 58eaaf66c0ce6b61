"""Values as bytes and back, by pickle: nothing is made of the bytes, whoever has written them, but values of this program.

A value is a named tuple, a dataclass, a choice or a model of this package, or holds plain ones: text, numbers, dates, paths.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import PosixPath, WindowsPath
from typing import Any

from pydantic import BaseModel

_PACKAGE = f"{__package__.partition('.')[0]}."
# By the names that pickles know them by, which are not the same in every version of Python.
_PLAIN = {(kind.__module__, kind.__qualname__): kind for kind in (date, Decimal, PosixPath, WindowsPath)}


def pickle_values(values: Iterable[object]) -> bytes:
    """Values one after another, each with a memory of its own."""
    stream = io.BytesIO()
    for value in values:
        _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()


def unpickle_values(content: bytes) -> Iterator[Any]:
    """The values in what `pickle_values` gave. Raises UnpicklingError, or what else damaged bytes may raise."""
    stream = io.BytesIO(content)
    while stream.tell() < len(content):
        yield _Unpickler(stream).load()


class _Pickler(pickle.Pickler):
    """Names the classes of values and nothing else."""

    def reducer_override(self, value: Any) -> Any:
        """An enum is made from its value, not by `getattr`, which early releases of Python 3.11 would name."""
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A class of values that a module of ours defines which is loaded, or one of plain values. Raises UnpicklingError for others."""
        if plain := _PLAIN.get((module, name)):
            return plain
        found = getattr(sys.modules.get(module), name, None) if module.startswith(_PACKAGE) else None
        if isinstance(found, type) and found.__module__ == module and _is_of_values(found):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _is_of_values(found: type) -> bool:
    return issubclass(found, (tuple, Enum, BaseModel)) or is_dataclass(found)
