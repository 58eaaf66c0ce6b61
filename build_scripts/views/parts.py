"""The pieces that pages are made of: what a template may place, already decided and formatted.

Every `url` is relative to the site's root (`areas/tengtou/`); a template writes `{{ root }}{{ url }}`.
Nothing here is escaped; the templates do that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..geography.datum import Point
from ..records.places import Precision


class Link(NamedTuple):
    """A link with an optional short remark beside it."""

    text: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A source mark: the superscript `number` with its own id `anchor`, leading to `#target`.

    `count` tells the marks of one source apart, from 1.
    """

    number: int
    count: int
    anchor: str
    target: str
    title: str


class Citation(NamedTuple):
    """One entry of a page's list of sources; `marks` lead to it."""

    number: int
    anchor: str
    link: Link
    publisher: str
    date: str
    dating: str
    marks: tuple[Mark, ...]


class Claim(NamedTuple):
    """A sentence with its date and source marks."""

    text: str
    date: str
    marks: tuple[Mark, ...]
    note: str = ""


class FigureRow(NamedTuple):
    """One figure as a label beside an exhibit: `form` is 目标, 预计 or empty for what was reached."""

    label: str
    value: str
    unit: str
    date: str
    marks: tuple[Mark, ...]
    note: str = ""
    form: str = ""
    link: Link | None = None


class MemberRow(NamedTuple):
    """A member village, community, site or body."""

    name: str
    form: str
    role: str
    township: str
    code: str
    as_printed: str
    text: str
    marks: tuple[Mark, ...]
    place: PlaceNote | None = None


class PlaceNote(NamedTuple):
    """How exactly a position is known, in words, with the position itself (WGS-84)."""

    point: Point
    precision: Precision
    label: str
    explanation: str
    basis: str


class BeltTag(NamedTuple):
    """The belt a record is on, with its number for colour, and which stop it is.

    `editorial` says that the site, not a source, made it a stop.
    """

    number: int
    link: Link
    stop: int = 0
    editorial: bool = False


class BeltNeighbours(NamedTuple):
    """The stops around a record on one of its belts, itself without a link; `total` is how many there are."""

    number: int
    link: Link
    stops: tuple[tuple[int, Link], ...]
    total: int


class NearbyRow(NamedTuple):
    """A record near another one: how far in words, and why no closer word is possible."""

    link: Link
    kind: str
    distance: str


class Detail(NamedTuple):
    """One labelled fact of the facts column, such as 成立 · 2015年5月11日; `links` are its words where they lead anywhere."""

    label: str
    text: str
    links: tuple[Link, ...] = ()


class Picture(NamedTuple):
    """A photo as the page shows it: `webp` are addresses with widths in pixels, `jpeg` is for old browsers.

    `about` tells whose it is and on what terms.
    """

    alt: str
    caption: str
    about: str
    webp: tuple[tuple[str, int], ...]
    jpeg: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PartNode:
    """One item of a programme's structure, with its own items; `link` leads to the programme it names.

    `count` is the number of items its source speaks of without listing them.
    """

    name: str
    text: str
    marks: tuple[Mark, ...]
    parts: tuple[PartNode, ...]
    link: Link | None = None
    count: str = ""
    unlisted: bool = False


class Structure(NamedTuple):
    """A programme's structure as a diagram: `form` is tiles, columns (two to four branches) or tree.

    `marks` are those of its items together where all have the same sources.
    """

    title: str
    form: str
    marks: tuple[Mark, ...]
    parts: tuple[PartNode, ...]


class CaseRow(NamedTuple):
    """One case of a programme: what happened, where and when; `programme` on pages other than its own."""

    claim: Claim
    district: Link | None
    places: tuple[MemberRow, ...]
    programme: Link | None = None


class OpenLink(NamedTuple):
    """An address in a map service: its `text`, a `label` that names what it opens, a remark on what it leaves out."""

    text: str
    label: str
    url: str
    note: str = ""


class StopRow(NamedTuple):
    """One stop of a belt. `as_printed` tells how the source writes its place, where it writes it differently.

    `basis` is in words; `leg` says how far it is from the stop before;
    `opens` are its addresses in map services, `opens_note` says what they open where that is no village.
    """

    number: int
    name: str
    link: Link | None
    kind: str
    district: str
    township: str
    as_printed: str
    summary: str
    basis: str
    editorial: bool
    reason: str
    stay: str
    leg: str
    place: PlaceNote | None
    opens: tuple[OpenLink, ...]
    opens_note: str
    marks: tuple[Mark, ...]


class RouteView(NamedTuple):
    """A belt as a route: lengths in words, files to download, addresses of the whole in map services.

    `order` is what the editors say of the order; empty texts and tuples print nothing.
    """

    order: str
    straight: str
    length: str
    climb: str
    line: str
    downloads: tuple[Link, ...]
    opens: tuple[OpenLink, ...]


class RecordCard(NamedTuple):
    """A record in a list: enough to choose it by; `date` is that of an indicator's latest value, after the value.

    `marks` lead to the source of that value, where the list has citations.
    """

    id: str
    name: str
    url: str
    kind: str
    summary: str
    district: str
    township: str
    date: str
    belts: tuple[BeltTag, ...]
    precision: str
    note: str = ""
    marks: tuple[Mark, ...] = ()


class CardGroup(NamedTuple):
    """Cards under a heading with its anchor; `unit` is what they are counted in."""

    title: str
    anchor: str
    cards: tuple[RecordCard, ...]
    unit: str


class LinkGroup(NamedTuple):
    """Links under a heading."""

    title: str
    links: tuple[Link, ...]


class Chart(NamedTuple):
    """A chart: `picture` is inline SVG, safe to place as it is; `key` says how to read it."""

    picture: str
    key: str


class MapFigure(NamedTuple):
    """A map on a page. `still` is inline SVG, safe to place as it is; `rows` are the table twin.

    `key` is the meaning of each sign on it;
    `form` says which script draws it; `script`, `base` and `libraries` (script, then stylesheet) are
    what the browser fetches for the interactive map; `places` is the page's own `map.geojson` with its digest.
    """

    form: str
    title: str
    still: str
    key: tuple[tuple[str, str], ...]
    credits: tuple[str, ...]
    approval_number: str
    rows: tuple[RecordCard, ...]
    places: str
    script: str
    base: str
    libraries: tuple[str, ...] = ()
