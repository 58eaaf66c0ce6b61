"""One page at a time: from a catalogue to text and bytes. It knows no publisher.

It takes long to load, so who only plans a site does without.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from html import escape
from pathlib import Path
from typing import NamedTuple

from ..addresses import PREVIEW, preview_of
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.registry import find_kinds, kind_named
from ..reading.inventory import REDIRECTS_FILE
from ..records.city import District
from ..routes import build_route
from ..views.belts import Covers, build_belts, build_map
from ..views.compare import build_compare
from ..views.districts import build_district, build_districts
from ..views.history import build_history
from ..views.home import build_home
from ..views.parts import MapFigure
from ..views.profile import build_profile
from ..views.progress import build_progress
from ..views.records import build_records
from ..views.sources import build_sources
from ..views.standards import build_standards
from ..web.head import PageInfo, render_head
from ..web.templates import render_body
from .browse import build_browse
from .forwarding import build_forwarding
from .route_files import encode_route
from .site import DISTRICT, RenderFailed, Site, page_policy, profile_of
from .views import list_views


class Page(NamedTuple):
    """One generated page. `url` ends in `/`; `title` and `head` are escaped; `body` is one HTML block.

    `files` are written beside it (`map.geojson`), by name.
    """

    url: str
    pattern: str
    title: str
    head: str
    body: str
    files: Mapping[str, bytes]

    @property
    def path(self) -> str:
        """The page's path as a Markdown document, `areas/tengtou.md`."""
        return f"{self.url.rstrip('/')}.md"


def explain_failure(error: Exception, templates: Path) -> str:
    """An error raised while a template was filled, with the template's line when one was at work."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(Path(frame.filename).resolve(), frame.lineno) for frame in frames]
    inside = [(path, line) for path, line in places if path.is_relative_to(templates)]
    place = f"{inside[-1][0].relative_to(templates)}:{inside[-1][1]}: " if inside else ""
    words = f"{place}{type(error).__name__}: {error}"
    return f"无法生成页面（cannot render the page）：{words}"


# -- profiles ------------------------------------------------------------------------------------


def render_profiles(site: Site) -> Iterator[Page]:
    """Every profile page, in order. Raises RenderFailed for the first that cannot be made."""
    return (render_one(site, profile_id) for profile_id in site.profile_ids)


def render_one(site: Site, profile_id: str) -> Page:
    """The page of one profile. Raises RenderFailed, which names the record and the template."""
    found = profile_of(site, profile_id)
    try:
        return render_profile(site, found) if isinstance(found, Record) else render_district(site, found)
    except Exception as error:
        entry = site.catalogue.entries.get(profile_id)
        reason = explain_failure(error, site.settings.templates)
        raise RenderFailed(f"{entry.path if entry else profile_id}: {reason}") from error


def render_profile(site: Site, record: Record) -> Page:
    """One record's page."""
    kind = kind_named(record.kind)
    figure, files = site.atlas.figure_for(record, root="../../")
    if isinstance(record, Belt):
        route = build_route(record, site.catalogue)
        files = {**files, **encode_route(route, site.catalogue.city, site.settings.site_url)}
    view = build_profile(record, site.catalogue, figure)
    template = site.find_template(f"profiles/{kind.name}.html", "profiles/record.html")
    info = PageInfo(
        title=record.name,
        description=record.summary,
        url=view.url,
        column=kind.title,
        date=record.date.isoformat(),
        keywords=",".join((record.name, *record.other_names)),
        article=True,
        image=preview_of(record, site.catalogue),
    )
    body = render_body(template, view=view, record=record, root="../../", city=site.catalogue.city)
    return _page(site, info, record.kind, body, files)


def render_district(site: Site, district: District) -> Page:
    """One district's page."""
    figure, files = site.atlas.district_figure(district, root="../../")
    view = build_district(district, site.catalogue, figure)
    template = site.find_template("profiles/district.html")
    info = PageInfo(
        title=district.name,
        description=view.description,
        url=view.url,
        column="区县",
        date=view.updated,
        article=True,
        image=view.url + PREVIEW,
    )
    body = render_body(template, view=view, root="../../", city=site.catalogue.city)
    return _page(site, info, DISTRICT, body, files)


def _page(site: Site, info: PageInfo, pattern: str, body: str, files: Mapping[str, bytes]) -> Page:
    head = render_head(info, site.catalogue.city, site.settings.site_url)
    return Page(info.url, pattern, escape(info.title), head, body, files)


# -- the views of hand-written and list pages ------------------------------------------------------


def render_view(
    site: Site, name: str, root: str, hand_written: Container[str] = ()
) -> tuple[str, Mapping[str, bytes]]:
    """The generated part of a page that asks for view `name`, and the files that go beside the page.

    `hand_written` are the addresses of pages, and of headings in them, that a template may link to only where
    they exist. Raises RenderFailed.
    """
    try:
        return _render_view(site, name, root, hand_written)
    except Exception as error:
        reason = explain_failure(error, site.settings.templates)
        raise RenderFailed(f"view {name}: {reason}") from error


def _render_view(
    site: Site, name: str, root: str, hand_written: Container[str]
) -> tuple[str, Mapping[str, bytes]]:
    figure, files = site.atlas.overview(root) if list_views()[name].has_overview else (None, {})
    view = view_builders(site, figure, partial(site.atlas.cover, root=root))[name]()
    template = site.find_template(f"views/{name}.html", "views/records.html")
    body = render_body(template, view=view, root=root, city=site.catalogue.city, pages=hand_written)
    return body, files


def view_builders(site: Site, figure: MapFigure | None, covers: Covers) -> dict[str, Callable[[], object]]:
    """Return what builds each view of `list_views`, by its name."""
    catalogue = site.catalogue
    builders: dict[str, Callable[[], object]] = {
        "home": lambda: build_home(catalogue, figure, covers),
        "map": lambda: build_map(catalogue, figure, covers),
        "browse": lambda: build_browse(catalogue, figure),
        "belts": lambda: build_belts(catalogue, figure, covers),
        "progress": lambda: build_progress(catalogue),
        "history": lambda: build_history(catalogue),
        "standards": lambda: build_standards(catalogue),
        "sources": lambda: build_sources(catalogue),
        "districts": lambda: build_districts(catalogue),
        "compare": lambda: build_compare(catalogue),
        "data": lambda: site.downloads.view,
        "offline": lambda: None,
    }
    for kind in find_kinds():
        builders.setdefault(kind.url_folder, partial(build_records, kind, catalogue))
    return builders


def render_forwarding(site: Site) -> Mapping[str, bytes]:
    """The pages at old addresses, by path. Raises RenderFailed."""
    policy, address = page_policy(site.catalogue, site.settings), site.settings.site_url
    try:
        template = site.find_template("theme/moved.html")
        return build_forwarding(site.catalogue, template, site.published, address, policy)
    except Exception as error:
        raise RenderFailed(f"{REDIRECTS_FILE}: {explain_failure(error, site.settings.templates)}") from error


def render_page_head(site: Site, info: PageInfo) -> str:
    """The head of a hand-written page."""
    return render_head(info, site.catalogue.city, site.settings.site_url)
