"""Which preview picture goes with which page: a belt's and a district's own, a record's its belt's or district's.

Addresses are for ever (`belts/ID/preview.png`): a message that was shared keeps its picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..addresses import PREVIEW, district_url, record_url
from ..kinds.belt import Belt
from ..maps.features import MapData
from ..maps.preview import describe_drawing, render_preview
from ..storage.cache import NO_CACHE, Cache, digest_of, program_digest
from .atlas import Atlas, map_of, map_of_district


def build_previews(atlas: Atlas, cache: Cache = NO_CACHE) -> dict[str, bytes]:
    """Every preview picture by its address, from the cache where the map has not changed."""
    maps = dict(_iter_maps(atlas))
    base = digest_of(program_digest(), b"preview", atlas.base.geojson.content)
    keys = {url: digest_of(base, describe_drawing(m).encode()) for url, m in maps.items()}
    known = cache.read(keys.values())
    made = {keys[url]: render_preview(m, atlas.base) for url, m in maps.items() if keys[url] not in known}
    cache.add(made)
    found = {**known, **made}
    return {url: found[key] for url, key in keys.items()}


def _iter_maps(atlas: Atlas) -> Iterator[tuple[str, MapData]]:
    catalogue = atlas.catalogue
    whole = replace(atlas.city_map, bounds=catalogue.city.map.frame.box)
    yield PREVIEW, atlas.city_map
    for district in catalogue.city.districts:
        data = map_of_district(district, catalogue.of_district(district.id), catalogue)
        yield district_url(district) + PREVIEW, data
    for belt in catalogue.of(Belt):
        if belt.stops:  # without a stop it has nothing of its own to show
            yield record_url(belt) + PREVIEW, map_of(belt, catalogue) or whole
