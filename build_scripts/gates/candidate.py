"""The built site that stands before the gates, with what several gates need to know of it, found once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..building.settings import find_settings
from ..inspection.finished import Page, read_pages, select_pages
from ..storage.cache import NO_CACHE
from ..web.hosting import HEADERS_FILE, read_headers
from .browsing import Visits, visit_pages
from .rebuild import Rebuilt, rebuild


@dataclass(frozen=True)
class Candidate:
    """A site and the checkout it was built from; `osv` is the address of another data base of weaknesses, or empty."""

    root: Path
    site: Path
    osv: str = ""

    @cached_property
    def node_modules(self) -> Path:
        """Where npm has put the checkers."""
        return find_settings(self.root, NO_CACHE).project.settings.node_modules

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
        return visit_pages(self.site, select_pages(self.pages), self.headers, self.node_modules)

    @cached_property
    def rebuilt(self) -> Rebuilt:
        """The same checkout built again, from nothing."""
        return rebuild(self.root)
