"""Everything the site holds besides hand-written text: which pages at which addresses, and the files they share.

It knows no publisher; the MkDocs plugin, the docs export and the build command all ask here. What renders a page
(`rendering`, and the views, maps and templates below it) takes long to load and is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ..addresses import BROWSE, district_url, list_previews, record_url
from ..catalogue import Catalogue, find_latest_day
from ..errors import UserError
from ..kinds.base import Record
from ..kinds.registry import find_kinds, kind_named
from ..layout import SiteSettings
from ..maps.drawings import DrawingsPlan, plan_drawings
from ..opendata.downloads import Downloads, DownloadsPlan, build_downloads, list_downloads, plan_downloads
from ..records.city import District
from ..storage.cache import NO_CACHE, Cache, digest_of_tree
from ..web.hosting import HEADERS_FILE, render_netlify
from ..web.libraries import Libraries, load_libraries, load_qr_encoder
from ..web.offline import MANIFEST, render_manifest
from ..web.policy import meta_policy
from ..web.published import Published, load_published

if TYPE_CHECKING:
    from jinja2 import Template

    from ..views.atlas import Atlas

DISTRICT = "district"


@dataclass(frozen=True)
class Site:
    """A catalogue with what is needed to render any page of it."""

    catalogue: Catalogue
    settings: SiteSettings
    published: Published
    libraries: Libraries
    cache: Cache = field(default=NO_CACHE, compare=False)

    @cached_property
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

    @property
    def forwarded(self) -> tuple[str, ...]:
        """The paths of the pages at old addresses."""
        return tuple(redirect.page for redirect in self.catalogue.redirects)

    @cached_property
    def templates_digest(self) -> bytes:
        """A digest of all that stands among the templates: styles, scripts and icons too."""
        return digest_of_tree(self.settings.templates)

    @cached_property
    def find_template(self) -> Callable[..., Template]:
        """Finds the first of several templates that exists, by name; its code is kept, if anything is."""
        from ..web.templates import find_template, keep_code

        keep_code(self.settings.templates, self.cache)
        return partial(find_template, self.settings.templates)

    @cached_property
    def drawings_plan(self) -> DrawingsPlan:
        """What all maps share, to be drawn."""
        return plan_drawings(self.catalogue, self.settings.tianditu_key)

    @cached_property
    def atlas(self) -> Atlas:
        """What all maps share, drawn when first asked for."""
        from ..views.atlas import build_atlas

        return build_atlas(self.catalogue, self.libraries, self.drawings_plan, self.cache)

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
        from ..views.previews import build_previews

        return build_previews(self.atlas, self.cache)

    @property
    def plain_files(self) -> dict[str, bytes]:
        """What pages share and nothing has to be drawn for: styles, scripts, and what servers and browsers read."""
        headers = {HEADERS_FILE: render_netlify(self.catalogue.city).encode()}
        manifest = {MANIFEST: render_manifest(self.catalogue.city, self.published)}
        return {**self.published.files, **headers, **manifest}

    @property
    def browse_files(self) -> Mapping[str, bytes]:
        """What the browse page filters."""
        from .browse import build_browse_files

        return build_browse_files(self.catalogue)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address of every file that a page can name, besides pages and files beside them, without making it."""
        catalogue = self.catalogue
        made = (*list_previews(catalogue), *list_downloads(catalogue), BROWSE)
        return (*self.plain_files, *self.forwarded, *made)

    @property
    def days(self) -> dict[str, str]:
        """The day of last change of each page that is made from records, by its address."""
        catalogue = self.catalogue
        records = tuple(catalogue.records.values())
        days = {record_url(record): record.date.isoformat() for record in records}
        days |= {kind.url_folder + "/": find_latest_day(catalogue.of_kind(kind)) for kind in find_kinds()}
        days |= {
            district_url(d): find_latest_day(catalogue.of_district(d.id)) for d in catalogue.city.districts
        }
        return {**days, "": find_latest_day(records)}

    @cached_property
    def page_urls(self) -> tuple[str, ...]:
        """The address of every profile page, without rendering it."""
        return tuple(_profile_url(self, profile_id) for profile_id in self.profile_ids)


def prepare_site(catalogue: Catalogue, settings: SiteSettings, cache: Cache = NO_CACHE) -> Site:
    """Do once what all pages share but the maps: assets, libraries."""
    libraries = load_libraries(settings.node_modules)
    encoder = {"scripts/lean-qr.js": load_qr_encoder(settings.node_modules)}
    return Site(catalogue, settings, load_published(settings.templates, encoder), libraries, cache)


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
        return record_url(found)
    return district_url(found)


def profile_of(site: Site, profile_id: str) -> Record | District:
    """What a profile page is about."""
    if profile_id.startswith(f"{DISTRICT}:"):
        return site.catalogue.district(profile_id.partition(":")[2])
    return site.catalogue.records[profile_id]


class RenderFailed(UserError):
    """A page that cannot be made; the message names what it is about, the template and its line.

    Apart from other errors so that all such pages are told at once.
    """


# -- list pages -------------------------------------------------------------------------------------


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
