"""feed.xml: an Atom feed (RFC 4287) of what was added and what changed, by the days that the records say."""

from __future__ import annotations

import datetime
import heapq
import uuid
from html import escape
from typing import NamedTuple

from ..addresses import record_url
from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.registry import kind_named
from .tables import LICENCE, LICENCE_URL

FEED = "feed.xml"
_MOST = 100  # entries: a reader's program keeps the older ones itself


class _Event(NamedTuple):
    """A record that was added or changed on a day."""

    day: datetime.date
    what: str
    record: Record


def render_feed(catalogue: Catalogue, site_url: str) -> bytes:
    """The newest additions and changes; addresses are relative where the site does not know its own.

    Ids come from the city's name and the record's id, so that an entry stays itself when the site moves.
    """
    city = catalogue.city
    space = uuid.uuid5(uuid.NAMESPACE_DNS, f"{city.name_en} {city.title}")
    events = _newest(catalogue)
    updated = events[0].day if events else datetime.date(1970, 1, 1)
    self_link = f'<link rel="self" type="application/atom+xml" href="{escape(site_url + FEED)}"/>'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(city.language)}">',
        f"<id>urn:uuid:{space}</id>",
        f"<title>{escape(city.title)}</title>",
        f"<subtitle>{escape(city.tagline)}</subtitle>",
        f"<updated>{_moment(updated)}</updated>",
        f"<author><name>{escape(city.publisher)}</name></author>",
        f"<rights>{LICENCE} {LICENCE_URL}</rights>",
        self_link,
        f'<link rel="alternate" type="text/html" href="{escape(site_url or "./")}"/>',
        *(_entry(event, space, site_url) for event in events),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _newest(catalogue: Catalogue) -> list[_Event]:
    records = tuple(catalogue.records.values())
    days = [record.published for record in records]
    changed = [
        (day, record) for record in records if (day := record.updated) is not None and day > record.published
    ]
    days += [day for day, _ in changed]
    oldest = min(heapq.nlargest(_MOST, days), default=datetime.date.max)
    events = [_Event(day, "新增", record) for day, record in zip(days, records) if day >= oldest]  # noqa: B905
    events += [_Event(day, "更新", record) for day, record in changed if day >= oldest]
    events.sort(key=lambda event: (-event.day.toordinal(), event.record.id))
    return events[:_MOST]


def _entry(event: _Event, space: uuid.UUID, base: str) -> str:
    record, url = event.record, record_url(event.record)
    identity = uuid.uuid5(space, f"{record.id} {event.day.isoformat()}")
    kind = kind_named(record.kind)
    return "\n".join(
        (
            "<entry>",
            f"<id>urn:uuid:{identity}</id>",
            f"<title>{event.what}：{escape(record.name)}</title>",
            f"<updated>{_moment(event.day)}</updated>",
            f"<published>{_moment(event.day)}</published>",
            f'<link rel="alternate" type="text/html" href="{escape(base + url)}"/>',
            f'<category term="{kind.name}" label="{escape(kind.title)}"/>',
            f"<summary>{escape(record.summary)}</summary>",
            "</entry>",
        )
    )


def _moment(day: datetime.date) -> str:
    """The start of a day in China, as RFC 3339 writes it."""
    return f"{day.isoformat()}T00:00:00+08:00"
