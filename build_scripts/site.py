"""Everything the site holds besides hand-written text: profile pages, page views, files.

The core's last stage: from a catalogue to text and bytes. It knows no publisher; the MkDocs plugin, the
docs export and the build command all ask here.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from pathlib import Path

from .browse import DATA as BROWSE_DATA
from .browse import build_browse, build_browse_files
from .cache import Cache
from .catalogue import Catalogue
from .city import District
from .downloads import Downloads, DownloadsPlan, build_downloads, list_downloads, plan_downloads
from .forwarding import build_forwarding
from .head import PageInfo, render_head
from .hosting import HEADERS_FILE, render_netlify
from .kinds.base import Record
from .kinds.belt import Belt
from .kinds.registry import find_kinds, kind_named
from .layout import SiteSettings
from .libraries import Libraries, load_libraries, load_qr_encoder
from .offline import MANIFEST, render_manifest
from .policy import meta_policy
from .published import Published, load_published
from .route_files import encode_route
from .routes import build_route
from .templates import find_template, keep_code, render_body
from .views import pages
from .views.atlas import Atlas, build_atlas
from .views.citations import record_url
from .views.compare import build_compare
from .views.parts import MapFigure
from .views.previews import PREVIEW, build_previews, list_previews, preview_of
from .views.profile import build_profile, district_url

DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Page:
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


@dataclass(frozen=True)
class Site:
    """A catalogue with what is needed to render any page of it. Picklable, so that workers can render."""

    catalogue: Catalogue
    settings: SiteSettings
    published: Published
    libraries: Libraries
    forwarding: Mapping[str, bytes]
    cache: Cache | None = field(default=None, compare=False)

    @property
    def profile_ids(self) -> tuple[str, ...]:
        """The ids of every profile page: records, then districts as `district:ID`."""
        districts = (f"{DISTRICT}:{d.id}" for d in self.catalogue.city.districts)
        return (*self.catalogue.records, *districts)

    @property
    def patterns(self) -> tuple[str, ...]:
        """The keys of the pattern pages, one per kind of profile, in kind order."""
        used = {record.kind for record in self.catalogue.records.values()}
        return (*(kind.name for kind in find_kinds() if kind.name in used), DISTRICT)

    def pattern_of(self, profile_id: str) -> str:
        """The key of a profile's pattern page."""
        found = profile_of(self, profile_id)
        return found.kind if isinstance(found, Record) else DISTRICT

    @cached_property
    def atlas(self) -> Atlas:
        """What all maps share, drawn when first asked for."""
        return build_atlas(self.catalogue, self.libraries, self.settings.tianditu_key, self.cache)

    @cached_property
    def downloads_plan(self) -> DownloadsPlan:
        """What of the open data is to be made."""
        return plan_downloads(self.catalogue, self.settings.site_url, self.cache)

    @cached_property
    def downloads(self) -> Downloads:
        """The open data: what of it the cache does not hold is costly, so made when first asked for."""
        return build_downloads(self.downloads_plan)

    @cached_property
    def previews(self) -> Mapping[str, bytes]:
        """The preview pictures by address, drawn when first asked for."""
        return build_previews(self.atlas, self.cache)

    @property
    def shared_files(self) -> dict[str, bytes]:
        """What pages share, and pages at old addresses: styles, scripts, libraries, base maps."""
        return self.undrawn_files | self.atlas.files

    @property
    def undrawn_files(self) -> dict[str, bytes]:
        """Those of them that are no part of a map."""
        headers = {HEADERS_FILE: render_netlify(self.catalogue.city).encode()}
        manifest = {MANIFEST: render_manifest(self.catalogue.city, self.published)}
        files = (self.published.files, self.forwarding, headers, manifest)
        return {path: content for group in files for path, content in group.items()}

    @property
    def browse_files(self) -> Mapping[str, bytes]:
        """What the browse page filters."""
        return build_browse_files(self.catalogue)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address of every file that a page can name, besides pages and files beside them, without making it."""
        catalogue = self.catalogue
        return (*self.undrawn_files, *list_previews(catalogue), *list_downloads(catalogue), BROWSE_DATA)

    @property
    def days(self) -> dict[str, str]:
        """The day of last change of each page that is made from records, by its address."""
        catalogue = self.catalogue
        records = tuple(catalogue.records.values())
        days = {record_url(record): record.date.isoformat() for record in records}
        days |= {kind.url_folder + "/": _latest(catalogue.of_kind(kind)) for kind in find_kinds()}
        days |= {district_url(d): _latest(catalogue.of_district(d.id)) for d in catalogue.city.districts}
        return {**days, "": _latest(records)}

    @property
    def page_urls(self) -> tuple[str, ...]:
        """The address of every profile page, without rendering it."""
        return tuple(_profile_url(self, profile_id) for profile_id in self.profile_ids)


def prepare_site(catalogue: Catalogue, settings: SiteSettings, cache: Cache | None = None) -> Site:
    """Do once what all pages share but the maps: assets, libraries."""
    if cache:
        keep_code(settings.templates, cache)
    libraries = load_libraries(settings.node_modules)
    published = load_published(
        settings.templates, {"scripts/lean-qr.js": load_qr_encoder(settings.node_modules)}
    )
    policy = page_policy(catalogue, settings)
    forwarding = build_forwarding(catalogue, settings.templates, published, settings.site_url, policy)
    return Site(
        catalogue,
        settings,
        published,
        libraries,
        forwarding,
        cache,
    )


def page_policy(catalogue: Catalogue, settings: SiteSettings) -> str:
    """The policy to print in each page, or nothing where a server sends it."""
    return meta_policy(catalogue.city.map.tiles) if settings.policy_in_pages else ""


def pattern_url(key: str) -> str:
    """The address a pattern page is rendered at: as deep as the pages it stands for."""
    folder = "districts" if key == DISTRICT else kind_named(key).url_folder
    return f"{folder}/pattern-page/"


def _profile_url(site: Site, profile_id: str) -> str:
    found = profile_of(site, profile_id)
    if isinstance(found, Record):
        return f"{kind_named(found.kind).url_folder}/{found.id}/"
    return district_url(found)


def profile_of(site: Site, profile_id: str) -> Record | District:
    """What a profile page is about."""
    if profile_id.startswith(f"{DISTRICT}:"):
        return site.catalogue.district(profile_id.partition(":")[2])
    return site.catalogue.records[profile_id]


class RenderFailed(Exception):
    """A page that cannot be made; the message names what it is about, the template and its line."""


def explain_failure(error: Exception, templates: Path) -> str:
    """An error raised while a template was filled, with the template's line when one was at work."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [f for f in frames if Path(f.filename).is_relative_to(templates)]
    place = f"{Path(inside[-1].filename).relative_to(templates)}:{inside[-1].lineno}: " if inside else ""
    words = f"{place}{type(error).__name__}: {error}"
    return f"无法生成页面（cannot render the page）：{words}"


# -- profiles ------------------------------------------------------------------------------------


def render_profiles(site: Site) -> Iterator[Page]:
    """Every profile page, in order."""
    return render_chunk(site, site.profile_ids)


def render_chunk(site: Site, ids: Iterable[str]) -> Iterator[Page]:
    """The pages of some profiles. Raises RenderFailed for the first that cannot be made."""
    for profile_id in ids:
        yield render_one(site, profile_id)


def render_one(site: Site, profile_id: str) -> Page:
    """The page of one profile. Raises RenderFailed, which names the record and the template."""
    found = profile_of(site, profile_id)
    try:
        return render_profile(site, found) if isinstance(found, Record) else render_district(site, found)
    except Exception as error:
        path = site.catalogue.paths.get(profile_id, profile_id)
        raise RenderFailed(f"{path}: {explain_failure(error, site.settings.templates)}") from error


def render_profile(site: Site, record: Record) -> Page:
    """One record's page."""
    kind = kind_named(record.kind)
    figure, files = site.atlas.figure_for(record, root="../../")
    if isinstance(record, Belt):
        route = build_route(record, site.catalogue)
        files = {**files, **encode_route(route, site.catalogue.city, site.settings.site_url)}
    view = build_profile(record, site.catalogue, figure)
    template = find_template(site.settings.templates, kind.profile_template, "profiles/record.html")
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
    view = pages.build_district(district, site.catalogue, figure)
    template = find_template(site.settings.templates, "profiles/district.html")
    info = PageInfo(
        title=district.name,
        description=f"{district.name}的示范片、党建联盟、共富工坊、机制和指标，以及乡镇（街道）名录。",
        url=view.url,
        column="区县",
        date=view.updated,
        article=True,
        image=view.url + PREVIEW,
    )
    body = render_body(template, view=view, root="../../", city=site.catalogue.city)
    return _page(site, info, DISTRICT, body, files)


def _latest(records: Iterable[Record]) -> str:
    """The day of the last change among records, empty for none."""
    return max((record.date.isoformat() for record in records), default="")


def _page(site: Site, info: PageInfo, pattern: str, body: str, files: Mapping[str, bytes]) -> Page:
    head = render_head(info, site.catalogue.city, site.settings.site_url)
    return Page(info.url, pattern, escape(info.title), head, body, files)


# -- the views of hand-written and list pages ------------------------------------------------------

_VIEWS = [
    "home",
    "map",
    "browse",
    "belts",
    "progress",
    "history",
    "standards",
    "sources",
    "districts",
    "compare",
    "data",
    "offline",
]


def render_view(
    site: Site, name: str, root: str, hand_written: Container[str] = ()
) -> tuple[str, Mapping[str, bytes]]:
    """The generated part of a page that asks for view `name`, and the files that go beside the page.

    `hand_written` are the addresses of pages a template may link to only where they exist. Raises
    RenderFailed.
    """
    try:
        return _render_view(site, name, root, hand_written)
    except Exception as error:
        reason = explain_failure(error, site.settings.templates)
        raise RenderFailed(f"view {name}: {reason}") from error


def _render_view(
    site: Site, name: str, root: str, hand_written: Container[str]
) -> tuple[str, Mapping[str, bytes]]:
    figure, files = site.atlas.view_figure(name, root)
    view = _build_view(site, name, figure, partial(site.atlas.cover, root=root))
    template = find_template(site.settings.templates, f"views/{name}.html", "views/records.html")
    body = render_body(template, view=view, root=root, city=site.catalogue.city, pages=hand_written)
    return body, files


def view_names() -> frozenset[str]:
    """The views that a page can ask for."""
    return frozenset((*_VIEWS, *(kind.url_folder for kind in find_kinds())))


def _build_view(site: Site, name: str, figure: MapFigure | None, covers: pages.Covers) -> object:
    catalogue = site.catalogue
    builders: dict[str, Callable[[], object]] = {
        "home": lambda: pages.build_home(catalogue, figure, covers),
        "map": lambda: pages.build_map(catalogue, figure, covers),
        "browse": lambda: build_browse(catalogue, figure),
        "belts": lambda: pages.build_belts(catalogue, figure, covers),
        "progress": lambda: pages.build_progress(catalogue),
        "history": lambda: pages.build_history(catalogue),
        "standards": lambda: pages.build_standards(catalogue),
        "sources": lambda: pages.build_sources(catalogue),
        "districts": lambda: pages.build_districts(catalogue),
        "compare": lambda: build_compare(catalogue),
        "data": lambda: site.downloads.view,
        "offline": lambda: None,
    }
    for kind in find_kinds():
        builders.setdefault(kind.url_folder, partial(pages.build_records, kind, catalogue, figure))
    return builders[name]()


def list_pages() -> dict[str, str]:
    """A Markdown document for the list of each kind, of the districts and of what is kept, where none is hand-written.

    By path, such as `areas/index.md`.
    """
    lists = [(kind.url_folder, kind.title, kind.description) for kind in find_kinds()]
    lists.append(("districts", "区（县、市）", "按区（县、市）归并的全部记录。"))
    offline = "看过的页面会留在本机，没有网络时仍能打开；精品带的页面还可以连同各站和地图一起存下来。"
    documents = {"offline.md": _list_document("离线阅读", offline, "offline")}
    return documents | {
        f"{folder}/index.md": _list_document(title, text, folder) for folder, title, text in lists
    }


def _list_document(title: str, text: str, view: str) -> str:
    return f"---\ntitle: {title}\ndescription: {text}\nview: {view}\n---\n{text}\n"


def render_page_head(site: Site, info: PageInfo) -> str:
    """The head of a hand-written page."""
    return render_head(info, site.catalogue.city, site.settings.site_url)
