"""The built site that stands before the gates, with what several gates need to know of it, found once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..finished import Page, read_pages, select_pages
from ..hosting import HEADERS_FILE, read_headers
from .browsing import Visits, visit_pages
from .rebuild import Rebuilt, rebuild


@dataclass(frozen=True)
class Candidate:
    """A site and the checkout it was built from; node_modules there holds the checkers."""

    root: Path
    site: Path

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """Every page by its path."""
        return read_pages(self.site)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """What the site itself wants every response to carry; empty when it does not say."""
        path = self.site / HEADERS_FILE
        return read_headers(path.read_text(encoding="utf-8")) if path.is_file() else {}

    @cached_property
    def visits(self) -> Visits:
        """What a browser met on one page of each sort. Raises NotRun."""
        return visit_pages(self.site, select_pages(self.pages), self.headers, self.root / "node_modules")

    @cached_property
    def rebuilt(self) -> Rebuilt:
        """The same checkout built again, from nothing."""
        return rebuild(self.root)
