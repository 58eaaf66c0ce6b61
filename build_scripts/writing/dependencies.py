"""What each part of the site is made from, as digests: equal digests, equal bytes.

Declared here, once, for every kind of output. A record's page is made from its own file, from the cards of
the records it is connected with (a card is every field that other pages may show, `Record.own_fields` being
the others), and from what all pages share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..catalogue import Catalogue
from ..kinds.base import PlaceRecord, Record
from ..kinds.belt import Belt
from ..kinds.indicator import Indicator
from ..kinds.source import Source
from ..maps.drawings import tells_summaries
from ..pages.site import Site, profile_of
from ..pages.views import Reads, View, list_views
from ..storage.cache import digest_of, program_digest


class Dependencies:
    """The digests of one site.

    `maps` is of what all maps share, `shared` is of what every page is made from, `others` of that with all records
    that are no places, `outlines` of both with the cards of places but for their summaries, `cards` with these;
    `forwarding` of what the pages at old addresses say.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        catalogue = site.catalogue
        self._entries = catalogue.entries
        places = [e for e in self._entries.values() if isinstance(e.record, PlaceRecord)]
        others = [e for e in self._entries.values() if not isinstance(e.record, PlaceRecord)]
        libraries = (asset.path.encode() for asset in site.libraries.assets)
        self.maps = digest_of(*site.drawings_plan.keys, *libraries)
        self.shared = digest_of(program_digest(), self.maps, *_shared(site))
        self.others = digest_of(self.shared, b"".join(e.digest for e in others))
        self.outlines = digest_of(self.others, b"".join(e.outline for e in places))
        self.cards = digest_of(self.others, b"".join(e.card for e in places))
        self.forwarding = digest_of(self.outlines, repr(catalogue.redirects).encode())

    def of_profile(self, profile_id: str) -> bytes:
        """The digest of a profile page: a record's, or a district's as `district:ID`."""
        found = profile_of(self._site, profile_id)
        if not isinstance(found, Record):
            cards = (self._entries[record.id].card for record in self._site.catalogue.of_district(found.id))
            return digest_of(self.others, profile_id.encode(), b"".join(cards))
        entry = self._entries[found.id]
        cards = (self._entries[i].card for i in connected(found, self._site.catalogue))
        photos = (self._site.catalogue.photos[photo.file].digest.encode() for photo in found.pictures)
        return digest_of(self.shared, entry.path.encode(), entry.digest, b"".join(cards), b"".join(photos))

    def of_view(self, name: str) -> bytes:
        """Return the digest of a view."""
        return digest_of(self._of_what_is_read(list_views()[name]), name.encode())

    def _of_what_is_read(self, view: View) -> bytes:
        catalogue = self._site.catalogue
        match view.reads:
            case Reads.NO_PLACES:
                return self.others
            case Reads.OUTLINES:
                return self.outlines
            case Reads.CITATIONS:
                cited = [(source.id, catalogue.cited_by.get(source.id)) for source in catalogue.of(Source)]
                return digest_of(self.outlines, repr(cited).encode())
            case Reads.CARDS:
                is_outline = view.has_overview and not tells_summaries(catalogue)
                return self.outlines if is_outline else self.cards
            case Reads.DOWNLOADS:
                return digest_of(self.shared, self._site.downloads.outline)


def _shared(site: Site) -> Iterator[bytes]:
    """What every page is made from: the city, its tables and shapes, templates, addresses of shared files."""
    catalogue, settings = site.catalogue, site.settings
    yield repr((settings.site_url, settings.tianditu_key, settings.policy_in_pages)).encode()
    yield catalogue.city.model_dump_json().encode()
    for name, content in sorted(catalogue.files.items()):
        yield name.encode()
        yield content
    yield site.templates_digest
    for address in sorted(site.published.files):
        yield address.encode()


def connected(record: Record, catalogue: Catalogue) -> Iterable[str]:
    """The ids of the records whose cards a record's page may show, in the order they come up."""
    entry = catalogue.entries[record.id]
    found = dict.fromkeys(entry.named_records())
    found |= dict.fromkeys(catalogue.cited_by.get(record.id, ()))
    found |= dict.fromkeys(catalogue.nearby.get(record.id, ()))
    for belt in catalogue.belts_of(record.id):
        beside = (belt.stops[n - 1].record for n in catalogue.stops_beside(belt, record.id))
        found |= dict.fromkeys((belt.id, *filter(None, beside)))
    # A map tells of each stop which other belts it is on.
    for stop in record.stops if isinstance(record, Belt) else ():
        found |= dict.fromkeys(belt.id for belt in catalogue.belts_of(stop.record or ""))
    # The values of what is counted out of an indicator stand on its page with their sources.
    for part in catalogue.cited_by.get(record.id, ()) if isinstance(record, Indicator) else ():
        citing = catalogue.records[part]
        if isinstance(citing, Indicator) and citing.whole == record.id:
            found |= dict.fromkeys(catalogue.entries[part].named_records())
    found |= dict.fromkeys(entry.links)
    return [record_id for record_id in found if record_id in catalogue.entries]
