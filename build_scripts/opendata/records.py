"""Records as JSON, a record a line, and places as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from typing import Any

from ..addresses import record_url
from ..catalogue import Catalogue
from ..geography.datum import Datum
from ..kinds.base import Kind, Record
from ..kinds.belt import Belt
from ..kinds.registry import kind_named
from ..maps.features import position
from ..photos.originals import picture_address
from ..records.places import Location
from ..records.references import iter_models
from ..records.statements import Photo
from ..routes import stop_location
from ..storage.blocks import Packed, Part, Piece, pack
from .tables import DECIMALS, LICENCE, LICENCE_URL


def dump_records(records: Iterable[Record], catalogue: Catalogue, site_url: str) -> Packed:
    """Records as the items of a JSON array: fields as editors name them, positions in WGS-84."""
    return _join_lines([_dump(record, site_url, catalogue) for record in records])


def dump_lines(items: Iterable[Any]) -> Packed:
    """The items of a JSON array, a line each."""
    return _join_lines([_encode(item) for item in items])


def _join_lines(lines: Sequence[str]) -> Packed:
    return pack(",\n".join(lines).encode(), len(lines))


def _dump(record: Record, base: str, catalogue: Catalogue) -> str:
    """Return a record as JSON, with the published copies of its photos and with positions in WGS-84."""
    fields: Any = record.full.model_dump(mode="json", exclude_defaults=True)
    for path, part in iter_models(record.full, (Location, Photo)):
        found = reduce(getitem, path, fields)
        if isinstance(part, Photo):  # the original is not published
            found["file"] = picture_address(catalogue.photos[part.file])
        else:
            found |= {"lat": round(part.point.lat, DECIMALS), "lon": round(part.point.lon, DECIMALS)}
            found["crs"] = Datum.WGS84.value
    return _encode_densely({"id": record.id, "url": base + record_url(record), **fields})


def render_json(records: Iterable[Piece], kind: Kind, city: str) -> Iterator[Part]:
    """The file of one kind, which names its own schema."""
    terms = {"$schema": f"schemas/{kind.url_folder}.schema.json", "title": kind.title, **state_terms(city)}
    yield _open(terms) + b', "records": '
    yield from render_array(records)
    yield b"}\n"


def render_all_json(kinds: Mapping[str, Iterable[Piece]], city: str) -> Iterator[Part]:
    """The file of every kind: the records by their kind's address."""
    yield _open({"title": "全部记录", **state_terms(city)})
    for name, records in kinds.items():
        yield f',\n"{name}": '.encode()
        yield from render_array(records)
    yield b"}\n"


def render_array(pieces: Iterable[Piece]) -> Iterator[Part]:
    """A JSON array of the items in all pieces."""
    yield b"[\n"
    for number, piece in enumerate(piece for piece in pieces if piece.count):
        if number:
            yield b",\n"
        yield piece
    yield b"\n]"


def _open(terms: Mapping[str, str]) -> bytes:
    """A JSON object to which more is added."""
    return _encode(terms).removesuffix("}").encode()


def state_terms(city: str) -> dict[str, str]:
    """Who publishes a file and under which licence, for a file that travels alone."""
    return {"publisher": city, "licence": LICENCE, "licence_url": LICENCE_URL}


# -- GeoJSON -------------------------------------------------------------------------------------


def dump_features(records: Iterable[Record], catalogue: Catalogue, site_url: str) -> Packed:
    """A point for each record that has one; for a belt, one for each of its stops."""
    return dump_lines(_features(records, catalogue, site_url))


def has_features(kind: Kind, catalogue: Catalogue) -> bool:
    """Whether any record of a kind has a point."""
    return any(True for _ in _features(catalogue.of_kind(kind), catalogue, ""))


def _features(records: Iterable[Record], catalogue: Catalogue, base: str) -> Iterator[dict[str, Any]]:
    for record in records:
        if isinstance(record, Belt):
            yield from _stops(record, catalogue, base)
        else:
            yield from _places(record, catalogue, base)


def render_geojson(features: Iterable[Piece], city: str) -> Iterator[Part]:
    """A feature collection, a feature a line; foreign members (section 6.1) carry the terms."""
    terms = {"type": "FeatureCollection", **state_terms(city)}
    yield _open(terms) + b', "features": '
    yield from render_array(features)
    yield b"}\n"


def _places(record: Record, catalogue: Catalogue, base: str) -> Iterable[dict[str, Any]]:
    if record.location:
        yield _feature(record.id, record, record.location, catalogue, base)


def _stops(belt: Belt, catalogue: Catalogue, base: str) -> Iterable[dict[str, Any]]:
    for number, stop in enumerate(belt.stops, 1):
        location = stop_location(stop, catalogue)
        if location is None:
            continue
        feature = _feature(f"{belt.id}-{number}", belt, location, catalogue, base)
        feature["properties"] |= {
            "name": catalogue.stop_name(stop),
            "district": catalogue.district_name(catalogue.stop_district(stop) or belt.district_id),
            "belt": belt.name,
            "stop": number,
            "stop_record": stop.record or "",
            "stop_basis": stop.basis.label,
        }
        yield feature


def _feature(
    feature_id: str, record: Record, location: Location, catalogue: Catalogue, base: str
) -> dict[str, Any]:
    district = record.district_id
    return {
        "type": "Feature",
        "id": feature_id,
        "geometry": {
            "type": "Point",
            "coordinates": position(location.point, DECIMALS),
        },
        "properties": {
            "name": record.name,
            "kind": kind_named(record.kind).title,
            "district": catalogue.district_name(district),
            "precision": location.precision.label,
            "uncertainty_km": location.radius_km,
            "basis": location.basis,
            "url": base + record_url(record),
        },
    }


_encode = json.JSONEncoder(ensure_ascii=False).encode
_encode_densely = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
