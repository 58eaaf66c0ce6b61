"""Places: points in the city and near their district, townships and codes of the gazetteer, tracks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from ..faults.diagnostics import Diagnostic, make_diagnostic
from ..geography.datum import Datum, Point, distance_km
from ..geography.gazetteer import Township
from ..geography.tracks import Track, TrackFault, decode_track
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..records.city import City, District
from ..records.document import FieldPath
from ..records.places import Location, Member, Place, Precision
from ..records.references import iter_models
from ..storage.cache import digest_of
from ..words.spelling import nearest

_FAR_FROM_TRACK_KM = 2.0


def _districts(city: City) -> dict[str, District]:
    return {district.id: district for district in city.districts}


def check_points(dataset: Dataset) -> Iterator[Diagnostic]:
    """A point lies in the city's frame, and in or near its district."""
    city = dataset.known_city
    districts = _districts(city)
    for entry in dataset.entries:
        if mark_places(entry) in dataset.sound_places:
            continue
        for path, location, district_id in _iter_locations(entry):
            if fault := _outside_frame(city, location):
                code, values = fault
                yield entry.diagnose(code, (*path, "lat"), **values)
            elif district := districts.get(district_id or ""):
                distance = dataset.boundaries.kilometres_outside(district.code, location.point)
                if distance > location.radius_km:
                    yield entry.diagnose(
                        "B403", (*path, "lat"), district=district.name, distance=f"{distance:.1f}"
                    )


def mark_places(entry: Entry) -> bytes:
    """What stands for all locations of a record and the districts they are said to be in."""
    rows = [(spot.lat, spot.lon, spot.crs, spot.radius_km, of) for _, spot, of in _iter_locations(entry)]
    return digest_of(repr(rows).encode())


def _iter_locations(entry: Entry) -> Iterator[tuple[FieldPath, Location, str | None]]:
    """Every location of a record with its path and the district it is said to be in."""
    for path, model in iter_models(entry.record, (Place, Member)):
        if model.location:
            district_id = model.district or entry.record.district_id
            yield (*path, "location"), model.location, district_id


def _outside_frame(city: City, location: Location) -> tuple[str, dict[str, object]] | None:
    """Rule and values for a point outside the city's frame; B401 when it lies inside once swapped."""
    frame = city.map.frame
    if frame.box.contains(location.point):
        return None
    swapped = frame.box.contains(Point(location.lon, location.lat))
    limits = f"{frame.south:.10g}—{frame.north:.10g}, {frame.west:.10g}—{frame.east:.10g}"
    values: dict[str, object] = {
        "lat": f"{location.lat:.7g}",
        "lon": f"{location.lon:.7g}",
        "frame": limits,
    }
    return ("B401" if swapped else "B402"), values


def note_conversions(dataset: Dataset) -> Iterator[Diagnostic]:
    """Which points were converted from another datum, and how far that moved them."""
    for entry in dataset.entries:
        for path, location, _ in _iter_locations(entry):
            if location.crs is not Datum.WGS84:
                point = location.point
                values = {
                    "crs": location.crs,
                    "lat": f"{point.lat:.6f}",
                    "lon": f"{point.lon:.6f}",
                    "metres": round(distance_km(Point(location.lat, location.lon), point) * 1000),
                }
                yield entry.diagnose("B406", (*path, "crs"), **values)


def check_precision(dataset: Dataset) -> Iterator[Diagnostic]:
    """A point more precise than its district names its township."""
    for entry in dataset.entries:
        for path, model in iter_models(entry.record, (Place, Member)):
            location = model.location
            if location and location.precision is not Precision.DISTRICT and model.township is None:
                values = {
                    "precision": location.precision,
                    "field_zh": "乡镇（街道）",
                    "field_en": "township",
                }
                yield entry.diagnose("B405", (*path, "location", "precision"), **values)


_NO_CODE = {"reason_zh": "它不是六位数字", "reason_en": "it has not six digits"}
_UNKNOWN_CODE = {
    "reason_zh": "名录和界线文件里都没有这个代码",
    "reason_en": "neither the gazetteer nor the boundary file has it",
}


def check_district_codes(dataset: Dataset) -> Iterator[Diagnostic]:
    """A district's code has six digits; where there is a gazetteer, it or the boundaries have that code."""
    city = dataset.known_city
    known = {township.district_code for township in dataset.gazetteer.townships}
    known |= {village.district_code for village in dataset.gazetteer.villages}
    known |= dataset.boundaries.boxes.keys() if known else set()
    free = known - {district.code for district in city.districts}
    for index, district in enumerate(city.districts):
        code = district.code
        is_code = re.fullmatch("[0-9]{6}", code) is not None
        if not is_code or (known and code not in known):
            mark = dataset.city_document.mark(("districts", index, "code"))
            why = _UNKNOWN_CODE if is_code else _NO_CODE
            values = {"got": code, "district": district.name, **why, **nearest(code, sorted(free))}
            yield dataset.city_document.diagnose("B319", mark, **values)


def check_gazetteer(dataset: Dataset) -> Iterator[Diagnostic]:
    """Townships and codes are the gazetteer's, where it knows the district."""
    if not dataset.gazetteer.townships:
        return
    districts = _districts(dataset.known_city)
    by_district: dict[str, list[Township]] = defaultdict(list)
    for township in dataset.gazetteer.townships:
        by_district[township.district_code].append(township)
    for entry in dataset.entries:
        for path, model in iter_models(entry.record, (Place, Member)):
            yield from _check_township(entry, path, model, districts, by_district)
            if isinstance(model, Member) and model.code:
                yield from _check_code(dataset, entry, path, model)


def _check_township(
    entry: Entry,
    path: FieldPath,
    model: Place | Member,
    districts: dict[str, District],
    by_district: Mapping[str, list[Township]],
) -> Iterator[Diagnostic]:
    district = districts.get(model.district or entry.record.district_id or "")
    if model.township is None or district is None:
        return
    names = [township.name for township in by_district.get(district.code, ())]
    if names and model.township not in names:
        values = {"district": district.name, "name": model.township, **nearest(model.township, names)}
        yield entry.diagnose("B310", (*path, "township"), **values)


def _check_code(dataset: Dataset, entry: Entry, path: FieldPath, member: Member) -> Iterator[Diagnostic]:
    row = dataset.gazetteer.by_code.get(member.code or "")
    if row is not None and row.name in (member.name, member.name + "村", member.name + "社区"):
        return
    zh, en = (f"，该代码是 {row.name}", f"; that code is {row.name}") if row else ("", "")
    values = {"gazetteer_code": member.code, "name": member.name, "hint_zh": zh, "hint_en": en}
    yield entry.diagnose("B311", (*path, "code"), **values)


# -- tracks --------------------------------------------------------------------------------------


def check_tracks(dataset: Dataset) -> Iterator[Diagnostic]:
    """A belt's track is a line in the city's frame that comes near each of its stops."""
    for entry, name, stops in _iter_tracks(dataset):
        content = dataset.files[name]
        if _mark_track(content, stops) in dataset.sound_places:
            continue
        try:
            track = decode_track(name, content)
        except TrackFault as fault:
            yield _diagnose_track(entry, name, content, fault)
            continue
        if outside := _track_outside_frame(dataset.known_city, track):
            yield _diagnose_track(entry, name, content, outside)
        else:
            yield from _check_distance(entry, track, stops)


def mark_tracks(dataset: Dataset, faulty: Container[str]) -> Iterator[bytes]:
    """What stands for each track with the places of its belt's stops, but where one of the two files is faulty."""
    for entry, name, stops in _iter_tracks(dataset):
        if entry.path not in faulty and _shown_track(entry, name) not in faulty:
            yield _mark_track(dataset.files[name], stops)


def _mark_track(content: bytes, stops: Iterable[tuple[int, str, Location]]) -> bytes:
    rows = [(index, name, spot.point, spot.radius_km) for index, name, spot in stops]
    return digest_of(b"track", content, repr(rows).encode())


def _iter_tracks(dataset: Dataset) -> Iterator[tuple[Entry, str, list[tuple[int, str, Location]]]]:
    """Each belt that has a track, the track's file and where the belt's stops are."""
    belts = [entry for entry in dataset.entries if isinstance(entry.record, Belt)]
    by_id = {entry.record.id: entry.record for entry in dataset.entries} if belts else {}
    for entry in belts:
        belt = entry.record
        if isinstance(belt, Belt) and belt.track in dataset.files:
            yield entry, str(belt.track), [*_located_stops(belt, by_id)]


def _diagnose_track(entry: Entry, file: str, content: bytes, fault: TrackFault) -> Diagnostic:
    """A diagnostic in the track's own file where its line is known, else where the belt names the file."""
    values = {"file": file, **fault.values}
    if not fault.line:
        return entry.diagnose(fault.code, ("track",), **values)
    lines = content.decode("utf-8", "replace").splitlines()
    line = lines[fault.line - 1] if fault.line <= len(lines) else ""
    return make_diagnostic((_shown_track(entry, file), fault.line, fault.column), fault.code, values, line)


def _shown_track(entry: Entry, file: str) -> str:
    """The path of a track from the project's root."""
    return f"{entry.path.partition('/')[0]}/{file}"


def _track_outside_frame(city: City, track: Track) -> TrackFault | None:
    """The fault of the first point outside the frame, with how many there are."""
    outside = [
        (n, v) for n, v in enumerate(track.vertices, start=1) if not city.map.frame.box.contains(v.point)
    ]
    if not outside:
        return None
    number, vertex = outside[0]
    values: dict[str, object] = {
        "number": number,
        "lat": f"{vertex.point.lat:.7g}",
        "lon": f"{vertex.point.lon:.7g}",
        "count": len(outside),
    }
    return TrackFault("B412", vertex.line, values=values)


def _check_distance(
    entry: Entry, track: Track, stops: Iterable[tuple[int, str, Location]]
) -> Iterator[Diagnostic]:
    from shapely.geometry import MultiLineString

    shape = MultiLineString([[(p.lon, p.lat) for p in stretch] for stretch in track.simplify()])
    for index, name, location in stops:
        distance = _distance_to(shape, location.point) - location.radius_km
        if distance > _FAR_FROM_TRACK_KM:
            yield entry.diagnose("B409", ("stops", index), stop=name, distance=f"{distance:.1f}")


def _located_stops(belt: Belt, by_id: Mapping[str, Record]) -> Iterator[tuple[int, str, Location]]:
    """Index, name and location of each stop that has one."""
    for index, stop in enumerate(belt.stops):
        record = by_id.get(stop.record or "")
        stands = stop.place or record
        if stands and stands.location:
            yield index, stop.name, stands.location


def _distance_to(shape: Any, point: Point) -> float:
    """Kilometres from a point to the nearest place on a shapely geometry (lon, lat)."""
    from shapely.geometry import Point as Shape
    from shapely.ops import nearest_points

    near = nearest_points(shape, Shape(point.lon, point.lat))[0]
    return distance_km(point, Point(near.y, near.x))
