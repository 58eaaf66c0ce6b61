"""A city whose every text is a hostile string: what the texts are, and a checkout that holds them.

The strings are the published list of naughty ones (npm's blns) and our own, aimed at what this program is made of:
templates, JSON, YAML, Markdown, maps, workbooks, the marks of the fill path.
"""

from __future__ import annotations

import json
import random
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from conftest import ROOT
from pydantic import BaseModel

from build_scripts.kinds.base import Kind
from build_scripts.kinds.registry import kind_in_folder
from build_scripts.records.city import City
from build_scripts.records.ids import DataFile, DistrictReference, PhotoFile, RecordReference
from build_scripts.records.places import Member
from build_scripts.records.text import TextLimit
from build_scripts.words.characters import UNFIT
from build_scripts.words.personal import find_personal_numbers

sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))
from synthetic import records_of, write_synthetic

_REFERENCES = (DataFile, DistrictReference, PhotoFile, RecordReference)
# Set aside: what these say is looked up in tables, not free text.
_LOOKED_UP = ("township", "code", "way")
RAN = "window.__ran=1"
OURS = (
    f"<script>{RAN}</script>",
    f"</script><script>{RAN}</script>",
    f"</title><script>{RAN}</script>",
    f"<img src=x onerror={RAN}>",
    f'"><svg/onload={RAN}>',
    f"' autofocus onfocus={RAN} x='",
    f"--><img src=x onerror={RAN}><!--",
    f"]]><img src=x onerror={RAN}>",
    f"javascript:{RAN}",
    "{{ 7*7 }} {% raw %} {# x #}",
    "${7*7} `${window.__ran=1}` $& $1",
    "{} {0} {name} %s %(x)s \\1 \\g<0>",
    "&lt;b&gt; &amp;amp; &#60; &quot;",
    "\\u003cb\\u003e \\x3c \\n \\",
    "\"quotes\" 'single' `back` «» “”",
    "=1+1 +1 -1 @SUM(A1) =cmd|' /C calc'!A0",
    "__proto__ constructor toString hasOwnProperty",
    "**b** _i_ [x](y) # h * l ![i](j) <b>",
    "עברית العربية اردو مختلط abc",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "👩👧❤️ 🇨🇳 𠮷𡈽𰻝 𝒳",
    "null true NaN 1e3 0x10 -0 undefined",
    "../../../etc/passwd C:\\x %2e%2e%2f",
    "a; b, c\t| d — ー ｡ ＜ｂ＞ ﷽",
)


def published_list() -> list[str]:
    """The naughty strings as npm's package has them."""
    return json.loads((ROOT / "node_modules/blns/resources/blns.json").read_text(encoding="utf-8"))


def is_refused(text: str) -> bool:
    """Whether a rule of the data forbids a text wherever it stands."""
    return not text.strip() or UNFIT.search(text) is not None or bool(list(find_personal_numbers(text)))


def allowed_strings() -> list[str]:
    """Every string that may stand in a record."""
    return [text for text in (*OURS, *published_list()) if not is_refused(text)]


class Supply:
    """Hostile texts of any length: each field takes the strings in turn, as many in one text as fit."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._places: dict[str, int] = {}

    def take(self, field: str, limit: int) -> str:
        """The next text of a field; strings that are longer than the limit are left out."""
        at = self._places.get(field, zlib.crc32(field.encode()) % len(self._strings))
        text = ""
        for _ in self._strings:
            following = " ".join(self._strings[at % len(self._strings)].split())
            if text and len(text) + 1 + len(following) > limit:
                break
            if len(following) <= limit:
                text = f"{text} {following}".strip()
            at += 1
        self._places[field] = at
        return text


def fill_texts(
    model: type[BaseModel], data: Mapping[str, Any], supply: Supply, path: str = ""
) -> dict[str, Any]:
    """The data of a model with every free text, given or not, replaced by a hostile one."""
    filled = {name: value for name, value in data.items() if model is not Member or name != "code"}
    for name, field in model.model_fields.items():
        here = f"{path}.{name}"
        inner, is_many, metadata = _unwrap(field.annotation, field.metadata)
        limit = next((m.characters for m in metadata if isinstance(m, TextLimit)), 0)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            given = data.get(name, ())
            items = [
                fill_texts(inner, item, supply, here)
                for item in (given if is_many else [given] if given else ())
            ]
            if items:
                filled[name] = items if is_many else items[0]
        elif (
            limit
            and name not in ("id", *_LOOKED_UP)
            and not any(isinstance(m, _REFERENCES) for m in metadata)
        ):
            texts = [_text(here, limit, supply) for _ in range(2 if is_many else 1)]
            filled[name] = texts if is_many else texts[0]
    return filled


def _text(path: str, limit: int, supply: Supply) -> str:
    """Markdown holds the strings as code, which shows them as typed."""
    if not path.endswith(".body"):
        is_title = path.count(".") == 1 and path.endswith(".name")
        return supply.take("name" if is_title else path, limit)  # records of all kinds share the strings
    return "\n\n".join(f"正文。\n\n    {supply.take(path, 400)}" for _ in range(3))


def _unwrap(annotation: Any, metadata: list[Any]) -> tuple[Any, bool, list[Any]]:
    """What a field holds, whether many of them, and the marks on it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, is_many, more = _unwrap(get_args(annotation)[0], [])
        return inner, is_many, [*metadata, *annotation.__metadata__, *more]
    if origin in (Union, UnionType):
        return _unwrap(next(a for a in get_args(annotation) if a is not type(None)), metadata)
    if origin is tuple:
        inner, _, more = _unwrap(get_args(annotation)[0], metadata)
        return inner, True, more
    return annotation, False, metadata


_FREE_NUMBERS = ("7", "8")  # which no synthetic belt has


def write_city(target: Path, areas: int, others: int) -> None:
    """A checkout with hostile records: so many areas, as many of each other kind; and a hostile city."""
    write_synthetic(target, ROOT, 1)
    belts = target / "belts"
    strings = allowed_strings()
    city = yaml.load((belts / "city.yml").read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506
    _write(belts / "city.yml", fill_texts(City, city, Supply(strings), "city"))
    supply = Supply(strings)
    for folder, stem, record in _samples():
        kind = kind_in_folder(folder)
        assert kind
        _write(belts / folder / f"{stem}.yml", fill_texts(kind.model, record, supply, folder))
        for n in range(areas if folder == "areas" else others):
            own = (
                {"url": f"https://www.example.org/{n}/{{{{7*7}}}}${{1}}?a=%3Cb%3E&lt;#`x`"}
                if "url" in record
                else {}
            )
            own |= {"number": _FREE_NUMBERS[n]} if "number" in record else {}
            copy = fill_texts(kind.model, {**record, **own}, supply, folder)
            _write(belts / folder / f"hostile-{folder}-{n}.yml", copy)


def _samples() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The first synthetic record of each kind, which has every field."""
    done = set()
    for folder, stem, record in records_of(1, random.Random(1)):  # noqa: S311 (sample data)
        if folder not in done and not stem.startswith("draft-"):
            done.add(folder)
            yield folder, stem, dict(record)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")


def iter_texts(model: type[BaseModel], data: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every free text of a model's data with the names of the fields it stands in; of Markdown, the code."""
    for name, field in model.model_fields.items():
        inner, is_many, metadata = _unwrap(field.annotation, field.metadata)
        values = data.get(name, ()) if is_many else [data[name]] if name in data else ()
        here = f"{path}.{name}".strip(".")
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            for value in values:
                yield from iter_texts(inner, value, here)
        elif any(isinstance(m, TextLimit) for m in metadata) and not any(
            isinstance(m, _REFERENCES) for m in metadata
        ):
            for value in values:
                pieces = value.split("\n\n    ")[1:] if name == "body" else [value]
                yield from ((here, piece.partition("\n\n")[0]) for piece in pieces)


def read_records(root: Path) -> Iterator[tuple[Kind, str, dict[str, Any]]]:
    """The kind, id and data of every record of a checkout that is no draft."""
    for path in sorted((root / "belts").glob("*/*.yml")):
        kind = kind_in_folder(path.parent.name)
        # CBaseLoader makes text of everything and builds no object.
        data = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506
        if kind and data.get("status") != "draft":
            yield kind, path.stem, data
