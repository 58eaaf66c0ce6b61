"""Names on a picture, placed one after the other where they cover nothing; one that cannot is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

_LATIN_WIDTH = 0.56  # of the type size; a Chinese character takes one
_LEADING = 1.15


class Box(NamedTuple):
    """A rectangle in the picture's units, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether two rectangles share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether a rectangle lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(slots=True)
class Placer:
    """Remembers what is taken on a picture of the given extent."""

    extent: Box
    taken: list[Box] = field(default_factory=list)

    def block(self, box: Box) -> None:
        """Keep names off a rectangle."""
        self.taken.append(box)

    def place(self, width: float, height: float, corners: Iterable[tuple[float, float]]) -> Box | None:
        """The first of several left-top corners where a box of this size is free, then taken; else None."""
        for left, top in corners:
            box = Box(left, top, left + width, top + height)
            if self.extent.holds(box) and not any(box.overlaps(other) for other in self.taken):
                self.taken.append(box)
                return box
        return None


@lru_cache(maxsize=10_000)
def measure(text: str, size: float, spacing: float = 0.0) -> tuple[float, float]:
    """About the width and height of one line of text; `spacing` is added after every character."""
    width = sum(size if ord(c) > 0x2E7F else size * _LATIN_WIDTH for c in text)
    return width + spacing * len(text), size * _LEADING


def corners_beside(
    x: float, y: float, gap: float, size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Left-top corners for a name beside a dot: right, left, above, below."""
    width, height = size
    yield x + gap, y - height / 2
    yield x - gap - width, y - height / 2
    yield x - width / 2, y - gap - height
    yield x - width / 2, y + gap
