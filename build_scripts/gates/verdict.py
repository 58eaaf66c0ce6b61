"""What a gate says of a site: it passed, it found faults, or it could not run, which is a failure too."""

from __future__ import annotations

from typing import NamedTuple


class NotRun(Exception):
    """A gate could not do its work; the text says what it lacks."""


class Verdict(NamedTuple):
    """One gate's verdict: `faults` in words, `lack` when it could not run, and how long it took in seconds."""

    gate: str
    faults: tuple[str, ...]
    lack: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether it ran and found nothing."""
        return not self.faults and not self.lack
