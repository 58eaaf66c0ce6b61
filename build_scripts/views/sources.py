"""The page of sources."""

from __future__ import annotations

from typing import NamedTuple

from ..catalogue import Catalogue
from ..kinds.registry import find_kinds
from ..kinds.source import Source
from .citations import dating_of, publisher_of
from .links import record_link
from .parts import Link, LinkGroup


class SourceCard(NamedTuple):
    """A source with what cites it."""

    link: Link
    summary: str
    publisher: str
    date: str
    dating: str
    citing: tuple[LinkGroup, ...]


class SourcesView(NamedTuple):
    """The page of sources."""

    sources: tuple[SourceCard, ...]


def build_sources(catalogue: Catalogue) -> SourcesView:
    """Every source with what cites it, oldest first."""
    return SourcesView(tuple(_source_card(source, catalogue) for source in catalogue.of(Source)))


def _source_card(source: Source, catalogue: Catalogue) -> SourceCard:
    citing = catalogue.references_to(source.id)
    groups = ((kind, tuple(record_link(r) for r in citing if r.kind == kind.name)) for kind in find_kinds())
    return SourceCard(
        link=record_link(source),
        summary=source.summary,
        publisher=publisher_of(source),
        date=str(source.period),
        dating=dating_of(source),
        citing=tuple(LinkGroup(kind.title, links) for kind, links in groups if links),
    )
