"""Open data: every kind as JSON, everything that has a place as GeoJSON.

Plain dumps of the records as editors wrote them, typed values as text, each with its page's address.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .catalogue import Catalogue
from .kinds.base import Record
from .kinds.registry import find_kinds
from .views.citations import record_url
from .views.pages import DataView, DownloadRow

LICENCE = "CC BY 4.0"


def build_downloads(catalogue: Catalogue) -> dict[str, bytes]:
    """Every file readers can download, by address relative to the site's root."""
    files = {f"data/{name}.json": _encode(_table(name, rows)) for name, rows in _tables(catalogue)}
    files["data/places.geojson"] = _encode(_places(catalogue))
    return files


def build_data_view(catalogue: Catalogue, files: dict[str, bytes]) -> DataView:
    """The open-data page's view of those files."""
    counts = {f"data/{name}.json": len(rows) for name, rows in _tables(catalogue)}
    titles = {f"data/{kind.folder}.json": kind.title for kind in find_kinds()}
    titles["data/places.geojson"] = "有坐标的全部记录"
    counts["data/places.geojson"] = len(_places(catalogue)["features"])
    rows = tuple(
        DownloadRow(
            title=titles[url],
            url=url,
            form="GeoJSON" if url.endswith(".geojson") else "JSON",
            size=f"{max(1, round(len(content) / 1000))} KB",
            count=counts[url],
            note="坐标为 WGS-84，含精度和不确定半径。" if url.endswith(".geojson") else "",
        )
        for url, content in files.items()
    )
    return DataView(rows, catalogue.city.map.credits)


def _tables(catalogue: Catalogue) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for kind in find_kinds():
        if records := catalogue.of_kind(kind):
            yield kind.folder, [_dump(record) for record in records]


def _table(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "licence": LICENCE, "records": rows}


def _dump(record: Record) -> dict[str, Any]:
    fields = record.model_dump(mode="json", exclude_defaults=True)
    return {"id": record.id, "url": record_url(record), **fields}


def _places(catalogue: Catalogue) -> dict[str, Any]:
    located = ((r, r.place_or_none) for r in catalogue.records.values())
    features = [_feature(r, p.location, catalogue) for r, p in located if p and p.location]
    return {"type": "FeatureCollection", "licence": LICENCE, "features": features}


def _feature(record: Record, location: Any, catalogue: Catalogue) -> dict[str, Any]:
    point = location.point
    return {
        "type": "Feature",
        "id": record.id,
        "geometry": {"type": "Point", "coordinates": [round(point.lon, 5), round(point.lat, 5)]},
        "properties": {
            "name": record.name,
            "kind": record.kind,
            "district": catalogue.district(record.district_id).name if record.district_id else "",
            "precision": location.precision.value,
            "uncertainty_km": location.radius_km,
            "basis": location.basis,
            "url": record_url(record),
        },
    }


def _encode(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
