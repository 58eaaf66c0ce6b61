"""One state of the public site's material: its catalogue, hand-written pages, and what could not be read.

Built from faulty data too, from as much of it as could be read, so that two states can always be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..addresses import district_url, record_url
from ..catalogue import Catalogue, build_catalogue
from ..geography.boundaries import Boundaries
from ..geography.datum import Point
from ..kinds.registry import find_kinds
from ..reading.load import Dataset, load_dataset
from ..reading.manuscripts import load_manuscripts, page_url
from ..records.city import unnamed_city
from ..records.document import Document


class Edition(NamedTuple):
    """What readers see at one time.

    `drafts` are the files of records that they do not see, by id; `pages` the hand-written pages by address
    (`about/`, the home page is empty); `unread` the paths of record files that could not be read.
    """

    catalogue: Catalogue
    boundaries: Boundaries
    drafts: Mapping[str, str]
    pages: Mapping[str, Document]
    unread: tuple[str, ...]

    @property
    def addresses(self) -> dict[str, str]:
        """The name of every page by its address: records, districts, lists and hand-written pages."""
        city = self.catalogue.city
        found = {address: _page_title(page.text) or address for address, page in self.pages.items()}
        found |= {f"{kind.url_folder}/": kind.title for kind in find_kinds()}
        found |= {district_url(district): district.name for district in city.districts}
        return found | {record_url(record): record.name for record in self.catalogue.records.values()}

    @property
    def unread_ids(self) -> frozenset[str]:
        """The ids of the records that could not be read."""
        return frozenset(PurePosixPath(path).stem for path in self.unread)

    def name_of(self, record_id: str) -> str:
        """What a record is called, a source in short; its id when it is not on the site."""
        record = self.catalogue.records.get(record_id)
        return getattr(record, "short_name", record.name) if record else record_id

    def district_name(self, district_id: str) -> str:
        """What a district is called; its id when there is none."""
        names = (d.name for d in self.catalogue.city.districts if d.id == district_id)
        return next(names, district_id)

    def district_at(self, point: Point) -> str:
        """The name of the district whose polygon holds a point; empty outside all of them."""
        code = self.boundaries.code_at(point)
        return next((d.name for d in self.catalogue.city.districts if d.code == code), "")


def load_edition(root: Path) -> Edition:
    """What a checkout would show, from whatever of it can be read."""
    return make_edition(load_dataset(root), load_manuscripts(root))


def make_edition(dataset: Dataset, manuscripts: Iterable[Document]) -> Edition:
    """The edition of data and pages that need not be free of faults."""
    read = {entry.path for entry in dataset.entries}
    entries = {entry.record.id: entry for entry in reversed(dataset.entries)}.values()
    sound = replace(dataset, city=dataset.city or unnamed_city(), entries=tuple(entries))
    return Edition(
        catalogue=build_catalogue(sound),
        boundaries=dataset.boundaries,
        drafts={entry.record.id: entry.path for entry in entries if not entry.record.is_published},
        pages={page_url(document.path): document for document in manuscripts},
        unread=tuple(path for path in dataset.inputs if path not in read),
    )


def _page_title(text: str) -> str:
    """What a hand-written page is called: the title in its front matter, or its first heading."""
    match = re.search(r"^title:[ ]*(.+)$|^# +(.+)$", text, re.MULTILINE)
    return (match[1] or match[2]).strip("\"' ") if match else ""
