"""Finds villages and townships of the gazetteer by name, part of a name or pinyin, with the best known point."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ..geography.datum import Point
from ..geography.gazetteer import Township, Village
from ..reading.load import Dataset
from ..records.city import District
from ..records.places import Location, Member, Precision
from ..records.references import iter_models
from .canonical import as_scalar

_SUFFIX = re.compile("(?:股份经济合作社|经济合作社|社区居委会|村委会|社区|村|街道|镇|乡)$")
_TOWNSHIP_RADIUS_KM = "3"
_LONGEST_QUERY = 60
_MOST_CANDIDATES = 20

Place: TypeAlias = Township | Village


class Position(NamedTuple):
    """A point in WGS-84 degrees as a record writes it, with how surely it is known (radius in km)."""

    lat: str
    lon: str
    precision: Precision
    uncertainty_km: str
    basis: str


class Candidate(NamedTuple):
    """A place that a name may mean. `form` is a value of `PlaceForm`; `township` is its name."""

    name: str
    form: str
    code: str
    district: District | None
    township: str
    position: Position | None


def find_candidates(dataset: Dataset, query: str) -> tuple[Candidate, ...]:
    """The places that a query may mean, likeliest first.

    Words before the last narrow the search to a district or township (`奉化 滕头`). Names that are merely
    similar are given only when nothing matches.
    """
    *context, word = _words(query) or [""]
    if not word or len(query) > _LONGEST_QUERY:
        return ()
    rank = _rank_pinyin if word.isascii() else _rank
    found = list(_rank_all(dataset, word, context, rank)) or list(
        _rank_all(dataset, word, context, _likeness)
    )
    ranked = sorted(found, key=lambda pair: (pair[0], len(pair[1].name), pair[1].code))
    known = _known_positions(dataset)
    return tuple(_candidate(dataset, place, known) for _, place in ranked[:_MOST_CANDIDATES])


def _words(query: str) -> list[str]:
    """The words of a query, width and case evened out; Latin words are one word (`teng tou`)."""
    decomposed = unicodedata.normalize("NFKD", query.lower().replace("ü", "v"))
    text = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = re.split(r"[\s,，/·]+", text.strip())
    chinese = [word for word in words if not word.isascii()]
    return chinese or ([re.sub("[^a-z0-9]", "", "".join(words))] if words else [])


def _rank_all(
    dataset: Dataset, word: str, context: Sequence[str], rank: Callable[[str, str], int | None]
) -> Iterator[tuple[int, Place]]:
    """Every place that fits a word and stands where the context says, with its rank."""
    places: tuple[Place, ...] = (*dataset.gazetteer.villages, *dataset.gazetteer.townships)
    for place in places:
        found = 0 if word == place.code else rank(word, place.name)
        if found is not None and (not context or _stands_in(dataset, place, context)):
            yield found, place


def _stands_in(dataset: Dataset, place: Place, context: Sequence[str]) -> bool:
    district, township = _district(dataset, place), _township(dataset, place)
    around = f"{district.name if district else ''} {township.name if township else ''}"
    return all(_bare(part) in around for part in context)


def _rank(word: str, name: str) -> int | None:
    """How well a Chinese word fits a name, 0 best; None when it does not."""
    if word == name:
        return 0
    if _bare(word) == _bare(name):
        return 1
    if name.startswith(_bare(word)):
        return 2
    return 3 if _bare(word) in name else None


def _likeness(word: str, name: str) -> int | None:
    """For a word that fits nothing: 0 for a name that sounds the same, 1 for one that looks alike."""
    if word.isascii():
        return None
    if _syllables(_bare(word)) == _syllables(_bare(name)):
        return 0
    return 1 if difflib.SequenceMatcher(None, _bare(word), _bare(name)).ratio() >= 0.6 else None


def _rank_pinyin(word: str, name: str) -> int | None:
    """How well Latin letters fit a name's pinyin: whole, beginning, initials, or inside it."""
    syllables = _syllables(name)
    whole, initials = "".join(syllables), "".join(s[0] for s in syllables)
    bare = "".join(_syllables(_bare(name)))
    if word in (whole, bare):
        return 1
    if len(word) > 1 and whole.startswith(word):
        return 2
    if len(word) > 1 and word in (initials, initials[:-1]):
        return 3
    return 4 if len(word) > 3 and word in whole else None


@lru_cache(maxsize=10_000)
def _syllables(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable for syllable in lazy_pinyin(name, v_to_u=False) if syllable)


def _bare(name: str) -> str:
    """A name without the word for its form: 滕头村 and 滕头 are one; a form's word alone stays."""
    return _SUFFIX.sub("", name) or name


# -- what is known of a place --------------------------------------------------------------------


def _candidate(dataset: Dataset, place: Place, known: dict[str, Position]) -> Candidate:
    township = _township(dataset, place)
    form = place.form if place.form in ("village", "community") else "site"
    return Candidate(
        name=place.name,
        form="township" if isinstance(place, Township) else form,
        code=place.code,
        district=_district(dataset, place),
        township=township.name if township else "",
        position=known.get(place.code) or _seat(township),
    )


def _seat(township: Township | None) -> Position | None:
    if township is None or township.seat is None:
        return None
    basis = f"{township.name}驻地"
    basis = f"GeoNames {township.geonames_id}（{basis}）" if township.geonames_id else basis
    lat, lon = _write_degrees(township.seat)
    return Position(lat, lon, Precision.TOWNSHIP, _TOWNSHIP_RADIUS_KM, basis)


def _known_positions(dataset: Dataset) -> dict[str, Position]:
    """The points that records give for villages, by the village's code."""
    members = (member for entry in dataset.entries for _, member in iter_models(entry.record, (Member,)))
    return {m.code: _position(m.location) for m in members if m.code and m.location}


def _position(location: Location) -> Position:
    lat, lon = _write_degrees(location.point)
    return Position(lat, lon, location.precision, location.uncertainty_km.printed, location.basis)


def _write_degrees(point: Point) -> Iterator[str]:
    """Latitude and longitude as a record may write them, to about a metre."""
    return (f"{degrees:.5f}".rstrip("0").rstrip(".") for degrees in (point.lat, point.lon))


def _district(dataset: Dataset, place: Place) -> District | None:
    districts = dataset.city.districts if dataset.city else ()
    return next((d for d in districts if d.code == place.district_code), None)


def _township(dataset: Dataset, place: Place) -> Township | None:
    if isinstance(place, Township):
        return place
    found = dataset.gazetteer.by_code.get(place.township_code)
    return found if isinstance(found, Township) else None


# -- as YAML -------------------------------------------------------------------------------------


def place_yaml(candidate: Candidate) -> str:
    """The `place:` of a record that stands there."""
    return "\n".join(["place:", *_write_fields(_around(candidate), "  "), *_location_yaml(candidate, "  ")])


def member_yaml(candidate: Candidate) -> str:
    """An item of a record's `members:`."""
    code = "" if candidate.form == "township" else candidate.code
    fields = {"form": candidate.form, **_around(candidate), "code": code}
    lines = [*_write_fields(fields, "    "), *_location_yaml(candidate, "    ")]
    return "\n".join(["members:", f"  - name: {as_scalar(candidate.name)}", *lines])


def _around(candidate: Candidate) -> dict[str, str]:
    district = candidate.district.id if candidate.district else ""
    return {"district": district, "township": candidate.township}


def _location_yaml(candidate: Candidate, indent: str) -> list[str]:
    position = candidate.position
    if position is None:
        return []
    fields = {
        "lat": position.lat,
        "lon": position.lon,
        "crs": "wgs84",
        "precision": position.precision.value,
        "uncertainty_km": position.uncertainty_km,
        "basis": position.basis,
    }
    return [f"{indent}location:", *_write_fields(fields, f"{indent}  ")]


def _write_fields(fields: Mapping[str, str], indent: str) -> list[str]:
    """A line for each field that has a value."""
    return [f"{indent}{name}: {as_scalar(value)}" for name, value in fields.items() if value]
