"""The catalogue of the files as linked data: DCAT 3 and schema.org in one JSON-LD file, and places as schema.org.

Addresses are relative to the file where the site does not know its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..addresses import record_url
from ..catalogue import Catalogue, find_latest_day
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..storage.blocks import Composed, Packed, Part, Piece
from .package import encode
from .records import dump_lines, render_array
from .tables import DECIMALS, LICENCE_URL

MEDIA_TYPES = {
    "CSV": "text/csv",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "GeoJSON": "application/geo+json",
    "JSON": "application/json",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file for readers: `name` inside data/, what is in it, its form and how many records or features."""

    name: str
    form: str
    count: int
    content: Composed


class Dataset(NamedTuple):
    """One data set: all of a kind, or everything; its files differ in form alone."""

    name: str
    title: str
    about: str
    records: tuple[Record, ...]
    files: tuple[DataFile, ...]


def render_catalogue(datasets: Sequence[Dataset], catalogue: Catalogue, site_url: str) -> bytes:
    """data/catalog.jsonld: a dcat:Catalog that is a schema:DataCatalog as well."""
    city = catalogue.city
    publisher = {"@type": ["foaf:Agent", "schema:Organization"], **_named(city.publisher)}
    return encode(
        {
            "@context": {**_CONTEXT, "@language": city.language},
            "@id": "#catalog",
            "@type": ["dcat:Catalog", "schema:DataCatalog"],
            **_described(city.title, city.tagline),
            "dct:language": city.language,
            "dct:license": {"@id": LICENCE_URL},
            "foaf:homepage": {"@id": site_url or "../"},
            "dct:publisher": publisher,
            "dcat:dataset": [_dataset(dataset) for dataset in datasets],
        }
    )


def _dataset(dataset: Dataset) -> dict[str, Any]:
    days = [record.published for record in dataset.records]
    changed = _day(find_latest_day(dataset.records))
    return {
        "@id": f"#{dataset.name}",
        "@type": ["dcat:Dataset", "schema:Dataset"],
        **_described(dataset.title, dataset.about),
        "dct:identifier": dataset.name,
        "dct:issued": _day(min(days).isoformat()),
        "dct:modified": changed,
        "schema:dateModified": changed,
        "dct:license": {"@id": LICENCE_URL},
        "schema:license": {"@id": LICENCE_URL},
        "dcat:distribution": [_distribution(file) for file in dataset.files],
    }


def _distribution(file: DataFile) -> dict[str, Any]:
    return {
        "@id": f"#{file.name}",
        "@type": ["dcat:Distribution", "schema:DataDownload"],
        "dct:title": f"{file.form}",
        "dcat:downloadURL": {"@id": file.name},
        "schema:contentUrl": {"@id": file.name},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[file.form]}"},
        "schema:encodingFormat": MEDIA_TYPES[file.form],
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.content.size)},
        "dct:license": {"@id": LICENCE_URL},
    }


def _described(title: str, text: str) -> dict[str, Any]:
    return {"dct:title": title, "schema:name": title, "dct:description": text, "schema:description": text}


def _named(name: str) -> dict[str, Any]:
    return {"foaf:name": name, "schema:name": name}


def _day(day: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day}


# -- places --------------------------------------------------------------------------------------


def render_places(places: Iterable[Piece], language: str) -> Iterator[Part]:
    """data/places.jsonld: places as schema:Place, belts as schema:TouristTrip with their stops in order; one a line."""
    context = json.dumps({"@vocab": "https://schema.org/", "@language": language})
    yield f'{{"@context": {context}, "@graph": '.encode()
    yield from render_array(places)
    yield b"}\n"


def dump_places(records: Iterable[Record], catalogue: Catalogue, site_url: str) -> Packed:
    """The places and belts among some records."""
    return dump_lines(_graph(records, catalogue, site_url or "../"))


def _graph(records: Iterable[Record], catalogue: Catalogue, base: str) -> Iterator[dict[str, Any]]:
    for record in records:
        if isinstance(record, Belt):
            yield {
                "@type": "TouristTrip",
                **_thing(record, base),
                "itinerary": _itinerary(record, base, catalogue),
            }
        elif record.place_or_none:
            yield {"@type": "Place", **_thing(record, base), **_position(record, catalogue)}


def _thing(record: Record, base: str) -> dict[str, Any]:
    page = base + record_url(record)
    return {"@id": f"{page}#it", "name": record.name, "description": record.summary, "url": {"@id": page}}


def _position(record: Record, catalogue: Catalogue) -> dict[str, Any]:
    place = record.place_or_none
    if place is None:
        return {}
    district = {"@type": "AdministrativeArea", "name": catalogue.district(place.district).name}
    if place.location is None:
        return {"containedInPlace": district}
    point = place.location.point
    midpoint = {
        "@type": "GeoCoordinates",
        "latitude": round(point.lat, DECIMALS),
        "longitude": round(point.lon, DECIMALS),
    }
    # The place lies somewhere within: a bare point would say that it is known.
    metres = round(place.location.radius_km * 1000)
    geo = {"@type": "GeoCircle", "geoMidpoint": midpoint, "geoRadius": metres} if metres else midpoint
    return {"containedInPlace": district, "geo": geo}


def _itinerary(belt: Belt, base: str, catalogue: Catalogue) -> dict[str, Any]:
    stops = [
        {
            "@type": "ListItem",
            "position": number,
            "item": {"@id": f"{base}{record_url(catalogue.records[stop.record])}#it"}
            if stop.record
            else {"@type": "Place", "name": stop.name},
        }
        for number, stop in enumerate(belt.stops, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(stops), "itemListElement": stops}
