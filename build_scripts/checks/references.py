"""Ids and references: each id once, each reference to a published record that fits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from ..faults.diagnostics import Diagnostic, diagnose_file
from ..kinds.base import Status
from ..kinds.belt import NUMBERS, Belt
from ..kinds.programme import Part, Programme
from ..kinds.registry import kind_named
from ..kinds.source import Source
from ..reading.entries import Entry
from ..reading.load import Dataset
from ..reading.redirects import GONE
from ..records.city import City
from ..records.document import FieldPath
from ..records.ids import DistrictReference, RecordReference
from ..records.places import Member
from ..records.references import Marker, Reference, has_repeats, iter_models, iter_references
from ..records.text import split_ids
from ..words.spelling import closest, nearest


def check_unique_ids(dataset: Dataset) -> Iterator[Diagnostic]:
    """An id belongs to one record of the whole site."""
    first: dict[str, Entry] = {}
    for entry in dataset.entries:
        other = first.setdefault(entry.record.id, entry)
        if other is not entry:
            yield diagnose_file(entry.path, "B302", id=entry.record.id, other=other.path)


def check_repeated_names(dataset: Dataset) -> Iterator[Diagnostic]:
    """Published records of a kind and a district, or sources of a date, have names of their own."""
    first: dict[tuple[str, str, object], Entry] = {}
    for entry in filter(lambda entry: entry.record.is_published, dataset.entries):
        record = entry.record
        apart = record.period if isinstance(record, Source) else record.district_id
        other = first.setdefault((entry.kind.name, "".join(record.name.split()), apart), entry)
        if other is not entry and other.record.id != record.id:
            yield entry.diagnose("B329", ("name",), name=record.name, other=other.path)


def check_record_references(dataset: Dataset) -> Iterator[Diagnostic]:
    """A reference names a published record of a kind that fits."""
    by_id = {entry.record.id: entry for entry in dataset.entries}
    for entry in (*dataset.entries, *dataset.parts):
        if all(_is_sound(marker, by_id.get(target)) for target, marker in entry.names):
            continue
        for reference in entry.iter_references():
            if fault := judge_reference(dataset, by_id, reference, is_published=entry.record.is_published):
                code, values = fault
                yield entry.diagnose(code, reference.path, **values)


def judge_reference(
    dataset: Dataset, by_id: Mapping[str, Entry], reference: Reference, *, is_published: bool
) -> tuple[str, Mapping[str, str]] | None:
    """What is wrong with the name of a record, as a code and its values; `is_published` is said of who names it."""
    if not isinstance(reference.marker, RecordReference) or reference.target in dataset.unsettled:
        return None  # the faults of the files that have its id say enough
    target = by_id.get(reference.target)
    if target is None and (ids := split_ids(reference.target)):
        return "B327", {"got": reference.target, "first": ids[0], "second": ids[1]}
    if values := _fault_of(reference, reference.marker, target, dataset):
        return "B303", values
    if target and target.record.status is Status.DRAFT and is_published:
        return "B304", {"id": reference.target}
    return None


def _is_sound(marker: Marker, target: Entry | None) -> bool:
    """Whether a name is at any rate that of a published record which fits."""
    if not isinstance(marker, RecordReference):
        return True
    fits = target is not None and (not marker.kinds or target.kind.name in marker.kinds)
    return fits and target is not None and target.record.status is not Status.DRAFT


def _fault_of(
    reference: Reference, marker: RecordReference, target: Entry | None, dataset: Dataset
) -> Mapping[str, str]:
    """The values of B303 for a reference to nothing, or to a record of another kind."""
    if target is None or (marker.kinds and target.kind.name not in marker.kinds):
        return unknown_record(dataset, reference.target, marker.kinds)
    return {}


def check_city_references(dataset: Dataset) -> Iterator[Diagnostic]:
    """The city's own references, such as its key indicators, name published records of kinds that fit."""
    by_id = {entry.record.id: entry for entry in dataset.entries}
    document = dataset.city_document
    for reference in iter_references(dataset.known_city):
        if fault := judge_reference(dataset, by_id, reference, is_published=True):
            code, values = fault
            yield document.diagnose(code, document.mark(reference.path), **values)


def unknown_record(dataset: Dataset, target: str, kinds: tuple[str, ...]) -> dict[str, str]:
    """The values of B303: what was looked for, and the id that is nearest."""
    fitting = [e.record for e in dataset.entries if not kinds or e.kind.name in kinds]
    names = {record.short_name: record.id for record in fitting if isinstance(record, Source)}
    names |= {record.name: record.id for record in fitting}
    other = next((e for e in dataset.entries if e.record.id == target), None)
    hint = nearest(target, [record.id for record in fitting])
    if target in names:
        hint = {"hint_zh": f"，它的编号是 {names[target]}", "hint_en": f"; its id is `{names[target]}`"}
    elif other:
        hint = {"hint_zh": f"，它是{other.kind.title}", "hint_en": f"; that is a {other.kind.name}"}
    titles = _either([kind_named(kind).title for kind in kinds] or ["记录"])
    return {"id": target, "kinds_zh": titles, "kinds_en": " or ".join(kinds) or "record", **hint}


def _either(words: list[str]) -> str:
    """Words as a choice, in Chinese."""
    return "或".join(filter(None, ("、".join(words[:-1]), words[-1])))


def check_repeated_references(dataset: Dataset) -> Iterator[Diagnostic]:
    """A list of references names each record once."""
    for entry in dataset.entries:
        if not has_repeats(entry.record):
            continue
        seen: set[tuple[FieldPath, str]] = set()
        for reference in entry.iter_references():
            if not isinstance(reference.path[-1], int):
                continue
            key = (reference.path[:-1], reference.target)
            if key in seen:
                yield entry.diagnose("B308", reference.path, id=reference.target)
            seen.add(key)


def check_repeated_stops(dataset: Dataset) -> Iterator[Diagnostic]:
    """A belt stops once at a record."""
    for entry in dataset.entries:
        if not isinstance(entry.record, Belt):
            continue
        first: dict[str, int] = {}
        for path, target, _ in entry.iter_references():
            if path[0] == "stops" and path[2:] == ("record",):
                index = int(path[1])
                if first.setdefault(target, index) != index:
                    yield entry.diagnose("B324", path, id=target, first=first[target] + 1)


def check_repeated_members(dataset: Dataset) -> Iterator[Diagnostic]:
    """A record names a place once; others of the same name lie elsewhere."""
    for entry in dataset.entries:
        first: dict[object, int] = {}
        for number, (path, member) in enumerate(iter_models(entry.record, (Member,)), 1):
            place = (member.name, member.form, member.district, member.township)
            if (earlier := first.setdefault(place, number)) != number:
                yield entry.diagnose("B330", (*path, "name"), name=member.name, first=earlier)


def check_own_ids(dataset: Dataset) -> Iterator[Diagnostic]:
    """No record names itself; one that is a part of itself goes in a circle, which is another rule's."""
    for entry in dataset.entries:
        own = entry.record.id
        if own not in dict(entry.names):
            continue
        for reference in entry.iter_references():
            is_record = isinstance(reference.marker, RecordReference) and reference.target == own
            if is_record and reference.path != (_WHOLES.get(entry.kind.name),):
                yield entry.diagnose("B325", reference.path, id=own)


def check_part_sources(dataset: Dataset) -> Iterator[Diagnostic]:
    """An item of a programme with several sources says which are its own, or its items do."""
    for entry in dataset.entries:
        if not isinstance(entry.record, Programme) or len(entry.record.sources) < 2:
            continue
        for index, part in enumerate(entry.record.parts):
            if not _names_sources(part):
                yield entry.diagnose("B320", ("parts", index, "name"), got=part.name)


def _names_sources(part: Part) -> bool:
    return bool(part.sources) or (bool(part.parts) and all(map(_names_sources, part.parts)))


_FREE_NAMED = 5  # numbers that a new belt may take, of many


def check_belt_numbers(dataset: Dataset) -> Iterator[Diagnostic]:
    """A number belongs to one published belt: maps and lists tell belts apart by it."""
    belts = [
        (e, e.record.number) for e in dataset.entries if isinstance(e.record, Belt) and e.record.is_published
    ]
    used = {number for _, number in belts}
    unused = (str(number) for number in NUMBERS if number not in used)
    free = "、".join(itertools.islice(unused, _FREE_NAMED)) or "—"
    first: dict[int, Entry] = {}
    for entry, number in belts:
        other = first.setdefault(number, entry)
        if other is not entry:
            yield entry.diagnose("B322", ("number",), number=str(number), other=other.path, free=free)


# By kind, the field that names what a record is a part of.
_WHOLES = {"programme": "part_of", "indicator": "whole"}


def check_circles(dataset: Dataset) -> Iterator[Diagnostic]:
    """No record is a part of itself, however far up."""
    parts = [entry for entry in dataset.entries if entry.kind.name in _WHOLES]
    wholes = {entry.record.id: getattr(entry.record, _WHOLES[entry.kind.name]) for entry in parts}
    for entry in parts:
        way = _follow(entry.record.id, wholes)
        if len(way) > 1 and way[-1] == way[0]:
            field = _WHOLES[entry.kind.name]
            yield entry.diagnose("B321", (field,), field=field, circle=" → ".join(way))


def check_districts(dataset: Dataset) -> Iterator[Diagnostic]:
    """A district id is one of the city's, if those could be read."""
    city = dataset.known_city
    if dataset.city is None and not city.districts:
        return
    ids = [district.id for district in city.districts]
    for entry in dataset.entries:
        if all(target in ids for target, marker in entry.names if isinstance(marker, DistrictReference)):
            continue
        for reference in entry.iter_references():
            if isinstance(reference.marker, DistrictReference) and reference.target not in ids:
                yield entry.diagnose("B309", reference.path, **unknown_district(city, reference.target))


def unknown_district(city: City, target: str) -> dict[str, str]:
    """The values of B309: what was looked for, the choices, and the id that was probably meant."""
    ids = {district.id: district.name for district in city.districts}
    by_name = {name: district_id for district_id, name in ids.items()}
    hint = nearest(target, ids)
    if match := by_name.get(target) or by_name.get(closest(target, by_name)):
        hint = {"hint_zh": f"，它的编号是 {match}", "hint_en": f"; its id is `{match}`"}
    allowed = "、".join(f"{district_id}（{name}）" for district_id, name in ids.items())
    return {"id": target, "allowed": allowed, **hint}


def check_source_addresses(dataset: Dataset) -> Iterator[Diagnostic]:
    """Two sources do not share an address."""
    first: dict[str, Entry] = {}
    for entry in dataset.entries:
        if isinstance(entry.record, Source) and entry.record.url:
            other = first.setdefault(entry.record.url, entry)
            if other is not entry:
                yield entry.diagnose("B307", ("url",), other=other.path)


def check_district_list(dataset: Dataset) -> Iterator[Diagnostic]:
    """Each district has an id and a code of its own."""
    for field in ("id", "code"):
        seen: set[str] = set()
        for index, district in enumerate(dataset.known_city.districts):
            value = getattr(district, field)
            if value in seen:
                mark = dataset.city_document.mark(("districts", index, field))
                yield dataset.city_document.diagnose("B312", mark, field=field, got=value)
            seen.add(value)


def check_redirects(dataset: Dataset) -> Iterator[Diagnostic]:
    """An old address leads straight to a published record."""
    by_id = {entry.record.id: entry for entry in dataset.entries}
    document = dataset.redirects_document
    retired = {r.id: r.target for r in dataset.redirects}
    for redirect in dataset.redirects:
        mark, target = document.mark((redirect.address,)), redirect.target
        if not target or target in dataset.unsettled:
            continue
        if target in by_id:
            if not by_id[target].record.is_published:
                yield document.diagnose("B304", mark, id=target)
        elif target in retired:
            *way, last = _follow(target, retired)
            if last in way:
                yield document.diagnose("B328", mark, circle=" → ".join([*way, last]))
            else:
                final = GONE if last in retired else last
                yield document.diagnose("B317", mark, got=redirect.address, target=target, final=final)
        else:
            yield document.diagnose("B303", mark, **unknown_record(dataset, target, ()))


def _follow(record_id: str, leads_to: Mapping[str, str | None]) -> list[str]:
    """An id, the one it leads to and so on, until none follows or one comes again."""
    way = {record_id: None}  # in order
    while target := leads_to.get(record_id):
        if target in way:
            return [*way, target]
        way[target] = None
        record_id = target
    return list(way)


def check_retired_ids(dataset: Dataset) -> Iterator[Diagnostic]:
    """A retired id is never used again, by no kind; a record that only changed its kind keeps its own."""
    retired = {r.id: r for r in dataset.redirects}
    for entry in dataset.entries:
        redirect = retired.get(entry.record.id)
        if redirect and (redirect.target != redirect.id or redirect.section == entry.kind.url_folder):
            line = dataset.redirects_document.key_mark((redirect.address,)).line
            where = f"{dataset.redirects_document.path}:{line}"
            target = redirect.target or "gone"
            yield diagnose_file(entry.path, "B315", id=redirect.id, redirects=where, target=target)
