"""The views: the generated parts that a page asks for by `view: NAME`. `rendering` builds them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from ..kinds.registry import find_kinds


class Reads(Enum):
    """What of the records a view shows, and so when it has to be rendered again."""

    NO_PLACES = "the records that are no places"
    OUTLINES = "every record, of places all but the summary"
    CITATIONS = "the same, and who cites each source"
    CARDS = "every record, but what only its own page shows"
    DOWNLOADS = "the names and sizes of the open data"


class View(NamedTuple):
    """One view. `has_overview` when it is shown with the map of the whole city."""

    reads: Reads = Reads.CARDS
    has_overview: bool = False


_VIEWS = {
    "home": View(has_overview=True),
    "map": View(has_overview=True),
    "browse": View(has_overview=True),
    "belts": View(has_overview=True),
    "progress": View(Reads.NO_PLACES),
    "history": View(Reads.NO_PLACES),
    "standards": View(Reads.NO_PLACES),
    "offline": View(Reads.NO_PLACES),
    "sources": View(Reads.CITATIONS),
    "districts": View(Reads.OUTLINES),
    "compare": View(Reads.OUTLINES),
    "data": View(Reads.DOWNLOADS),
    # Lists of kinds that show nothing of places.
    "milestones": View(Reads.NO_PLACES),
    "programmes": View(Reads.NO_PLACES),
    "indicators": View(Reads.NO_PLACES),
}


def list_views() -> Mapping[str, View]:
    """Return every view by its name: those above, and the list of each kind by its address."""
    return {kind.url_folder: View() for kind in find_kinds()} | _VIEWS
