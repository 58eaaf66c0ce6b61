"""Where the parts of a checkout are, and how the pages of its site are addressed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(__file__).resolve().parent  # this package
BELTS = "belts"  # the records
CONTENT = "content"  # the hand-written pages
CACHE = ".cache/belts"  # what is kept between builds
RESULTS = f"{CACHE}/results.sqlite"


class SiteSettings(NamedTuple):
    """Where things are and how pages are addressed.

    `site_url` is the public address, which ends with a slash, or empty; `tianditu_key` the browser key of that tile
    layer or empty; `policy_in_pages` puts the security policy into each page, for a host that sets no headers;
    `inputs` are the other files and folders that mkdocs.yml names to be read.
    """

    templates: Path
    node_modules: Path
    site_url: str = ""
    tianditu_key: str = ""
    policy_in_pages: bool = False
    inputs: tuple[Path, ...] = ()


class Project(NamedTuple):
    """A checkout: where it is, and what its settings say."""

    root: Path
    settings: SiteSettings
