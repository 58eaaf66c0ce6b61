"""Where the pages of a site are and the files that others name, relative to its root: addresses are for ever."""

from __future__ import annotations

from .catalogue import Catalogue
from .kinds.base import Record
from .kinds.belt import Belt
from .kinds.registry import kind_named
from .records.city import District

BROWSE = "browse/browse.json"
DATA = "data"  # the folder of the open data
MAP = "map.geojson"
PREVIEW = "preview.png"
REPORT = "build-report.json"
ROUTES = ("gpx", "kml", "geojson")  # endings of a belt's route for other devices
SEARCH = "pagefind"  # the folder of the search index
SITEMAP = "sitemap.xml"


def record_url(record: Record) -> str:
    """The address of a record's page, relative to the site's root."""
    return f"{kind_named(record.kind).url_folder}/{record.id}/"


def district_url(district: District) -> str:
    """The address of a district's page."""
    return f"districts/{district.id}/"


def preview_of(record: Record, catalogue: Catalogue) -> str:
    """The address of the picture that a record's page names."""
    belts = (record,) if isinstance(record, Belt) else catalogue.belts_of(record.id)
    drawn = next((belt for belt in belts if belt.stops), None)
    if drawn:
        return record_url(drawn) + PREVIEW
    if record.district_id:
        return district_url(catalogue.district(record.district_id)) + PREVIEW
    return PREVIEW


def list_previews(catalogue: Catalogue) -> tuple[str, ...]:
    """The address of every preview picture, without drawing it."""
    districts = (district_url(district) + PREVIEW for district in catalogue.city.districts)
    belts = (record_url(belt) + PREVIEW for belt in catalogue.of(Belt) if belt.stops)
    return (PREVIEW, *districts, *belts)
