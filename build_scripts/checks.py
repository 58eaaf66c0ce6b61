"""Rules across records: references, places, dates, personal data.

A rule is a generator over the dataset that yields diagnostics; `RULES_ACROSS` is all of them. Rules
inside one field are the value types' own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from .city import City, District
from .datum import Point
from .decode import nearest
from .diagnostics import Diagnostic, sort_diagnostics
from .gazetteer import Township
from .kinds.base import Status
from .kinds.indicator import Indicator
from .kinds.registry import kind_named
from .kinds.source import Source
from .load import Dataset, Entry
from .references import iter_references
from .values import (
    DistrictReference,
    Figure,
    Location,
    Member,
    Model,
    PartialDate,
    Place,
    Precision,
    Reach,
    RecordReference,
)
from .yaml_text import Path, decode_document

Rule = Callable[[Dataset, City], Iterator[Diagnostic]]


def check_dataset(dataset: Dataset) -> tuple[Diagnostic, ...]:
    """Every fault of the dataset, those found while reading included, sorted."""
    found = list(dataset.diagnostics)
    found += check_personal_data(dataset)
    if dataset.city is not None:
        for rule in RULES_ACROSS:
            found += rule(dataset, dataset.city)
    return sort_diagnostics(found)


def check_unique_ids(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """An id belongs to one record of the whole site."""
    first: dict[str, Entry] = {}
    for entry in dataset.entries:
        other = first.setdefault(entry.record.id, entry)
        if other is not entry:
            yield Diagnostic(entry.path, 1, 1, "B302", (("id", entry.record.id), ("other", other.path)))


def check_record_references(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A reference names a published record of a kind that fits."""
    by_id = {entry.record.id: entry for entry in dataset.entries}
    for entry in dataset.entries:
        for reference in iter_references(entry.record):
            if not isinstance(reference.marker, RecordReference):
                continue
            kinds = reference.marker.kinds
            target = by_id.get(reference.target)
            if target is None and reference.target in dataset.unread:
                continue  # its own file's faults say enough
            if target is None or (kinds and target.kind.name not in kinds):
                yield entry.diagnose(
                    "B303", reference.path, **_unknown_record(dataset, reference.target, kinds)
                )
            elif target.record.status is Status.DRAFT and entry.record.is_published:
                yield entry.diagnose("B304", reference.path, id=reference.target)


def check_city_references(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """The city's own references, such as its key indicators, name published records."""
    ids = {entry.record.id for entry in dataset.entries if entry.record.is_published}
    for reference in iter_references(city):
        if isinstance(reference.marker, RecordReference) and reference.target not in ids | dataset.unread:
            mark = dataset.city_document.mark(reference.path)
            values = _unknown_record(dataset, reference.target, reference.marker.kinds)
            yield dataset.city_document.diagnose("B303", mark, **values)


def _unknown_record(dataset: Dataset, target: str, kinds: tuple[str, ...]) -> dict[str, str]:
    fitting = [e.record.id for e in dataset.entries if not kinds or e.kind.name in kinds]
    titles = "或".join(kind_named(kind).title for kind in kinds) or "记录"
    return {
        "id": target,
        "kinds_zh": titles,
        "kinds_en": " or ".join(kinds) or "record",
        **nearest(target, fitting),
    }


def check_repeated_references(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A list of references names each record once."""
    for entry in dataset.entries:
        seen: set[tuple[Path, str]] = set()
        for reference in iter_references(entry.record):
            if not isinstance(reference.path[-1], int):
                continue
            key = (reference.path[:-1], reference.target)
            if key in seen:
                yield entry.diagnose("B308", reference.path, id=reference.target)
            seen.add(key)


def check_districts(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A district id is one of the city's."""
    ids = [district.id for district in city.districts]
    for entry in dataset.entries:
        for reference in iter_references(entry.record):
            if isinstance(reference.marker, DistrictReference) and reference.target not in ids:
                values = {"id": reference.target, "allowed": "、".join(ids), **nearest(reference.target, ids)}
                yield entry.diagnose("B309", reference.path, **values)


def check_source_addresses(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """Two sources do not share an address."""
    first: dict[str, Entry] = {}
    for entry in dataset.entries:
        if isinstance(entry.record, Source) and entry.record.url:
            other = first.setdefault(entry.record.url, entry)
            if other is not entry:
                yield entry.diagnose("B307", ("url",), other=other.path)


# -- places --------------------------------------------------------------------------------------


def iter_models(model: Model, path: Path = ()) -> Iterator[tuple[Path, Model]]:
    """A model and every model inside it, with paths."""
    yield path, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for index, item in enumerate(value) if isinstance(value, tuple) else ((None, value),):
            if isinstance(item, Model):
                yield from iter_models(item, (*path, name) if index is None else (*path, name, index))


def _districts(city: City) -> dict[str, District]:
    return {district.id: district for district in city.districts}


def check_points(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A point lies in the city's frame, and in or near its district."""
    districts = _districts(city)
    frame = city.map.frame.box
    for entry in dataset.entries:
        district_id = entry.record.district_id
        for path, model in iter_models(entry.record):
            if isinstance(model, (Place, Member)):
                district_id = model.district or district_id
            if not isinstance(model, Location):
                continue
            point = model.point
            if not frame.contains(point):
                swapped = frame.contains(Point(model.lon, model.lat))
                limits = f"{frame.south}—{frame.north}, {frame.west}—{frame.east}"
                values = {"lat": model.lat, "lon": model.lon, "frame": limits}
                yield entry.diagnose("B401" if swapped else "B402", path, **values)
            elif district := districts.get(district_id or ""):
                distance = dataset.boundaries.kilometres_outside(district.code, point)
                if distance > model.radius_km:
                    yield entry.diagnose("B403", path, district=district.name, distance=f"{distance:.1f}")


def check_precision(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A township-precision point names its township."""
    for entry in dataset.entries:
        for path, model in iter_models(entry.record):
            if not isinstance(model, (Place, Member)) or model.location is None:
                continue
            if model.location.precision is not Precision.DISTRICT and model.township is None:
                values = {
                    "precision": model.location.precision,
                    "field_zh": "乡镇（街道）",
                    "field_en": "township",
                }
                yield entry.diagnose("B405", path, **values)


def check_gazetteer(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """Townships and codes are the gazetteer's."""
    if not dataset.gazetteer.townships:
        return
    districts = _districts(city)
    by_district: dict[str, list[Township]] = defaultdict(list)
    for township in dataset.gazetteer.townships:
        by_district[township.district_code].append(township)
    for entry in dataset.entries:
        for path, model in iter_models(entry.record):
            if isinstance(model, (Place, Member)):
                yield from _check_township(entry, path, model, districts, by_district)
            if isinstance(model, Member) and model.code:
                yield from _check_code(dataset, entry, path, model)


def _check_township(
    entry: Entry,
    path: Path,
    model: Place | Member,
    districts: dict[str, District],
    by_district: dict[str, list[Township]],
) -> Iterator[Diagnostic]:
    district = districts.get(model.district or entry.record.district_id or "")
    if model.township is None or district is None:
        return
    names = [township.name for township in by_district[district.code]]
    if model.township not in names:
        values = {"district": district.name, "name": model.township, **nearest(model.township, names)}
        yield entry.diagnose("B310", (*path, "township"), **values)


def _check_code(dataset: Dataset, entry: Entry, path: Path, member: Member) -> Iterator[Diagnostic]:
    row = dataset.gazetteer.by_code.get(member.code or "")
    if row is not None and row.name in (member.name, member.name + "村", member.name + "社区"):
        return
    zh, en = (f"，该代码是 {row.name}", f"; that code is {row.name}") if row else ("", "")
    values = {"gazetteer_code": member.code, "name": member.name, "hint_zh": zh, "hint_en": en}
    yield entry.diagnose("B311", (*path, "code"), **values)


# -- dates ---------------------------------------------------------------------------------------


def check_figure_dates(dataset: Dataset, city: City) -> Iterator[Diagnostic]:
    """A reached figure is not dated after the source that gives it."""
    sources = {e.record.id: e.record for e in dataset.entries if isinstance(e.record, Source)}
    for entry in dataset.entries:
        for path, as_of, source_id in _reached_figures(entry):
            source = sources.get(source_id)
            if source and as_of.start > source.period.end:
                values = {"as_of": as_of.text, "source_date": source.period.text}
                yield entry.diagnose("B508", (*path, "as_of"), **values)


def _reached_figures(entry: Entry) -> Iterator[tuple[Path, PartialDate, str]]:
    if isinstance(entry.record, Indicator):
        for index, observation in enumerate(entry.record.observations):
            if observation.form is Reach.REACHED:
                yield ("observations", index), observation.as_of, observation.source
    for path, model in iter_models(entry.record):
        if isinstance(model, Figure) and model.form is Reach.REACHED:
            yield path, model.as_of, model.source


# -- personal data -------------------------------------------------------------------------------

_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?![\dA-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_personal_data(dataset: Dataset) -> Iterator[Diagnostic]:
    """No identity-card or mobile number stands anywhere in a record's file."""
    for entry in dataset.entries:
        text = entry.content.decode("utf-8-sig").translate(_FULL_WIDTH_DIGITS)
        for code, number, offset in find_personal_numbers(text):
            document = decode_document(entry.path, entry.content)
            line = text.count("\n", 0, offset) + 1
            column = offset - text.rfind("\n", 0, offset)
            masked = f"{number[:3]}****{number[-4:]}"
            source = text.splitlines()[line - 1].replace(number, masked)
            yield Diagnostic(document.path, line, column, code, (("masked", masked),), source)


def find_personal_numbers(text: str) -> Iterator[tuple[str, str, int]]:
    """Rule code, number and offset of each identity-card (GB 11643 check digit) or mobile number."""
    for match in _IDENTITY.finditer(text):
        if _has_check_digit(match[0]):
            yield "B901", match[0], match.start()
    for match in _MOBILE.finditer(text):
        yield "B902", match[0], match.start()


def _has_check_digit(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


RULES_ACROSS: tuple[Rule, ...] = (
    check_unique_ids,
    check_record_references,
    check_city_references,
    check_repeated_references,
    check_districts,
    check_source_addresses,
    check_points,
    check_precision,
    check_gazetteer,
    check_figure_dates,
)
