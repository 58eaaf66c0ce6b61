"""A seeded synthetic city: as many records of every kind as a benchmark asks for.

Written as the YAML an editor would write, so that a benchmark measures what a real city costs. Every record
has the usual fields; the first of each kind has every field there is. The geography is the shipped one; names, figures and sentences are invented and
say so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from PIL import Image

_DISTRICTS = {
    "haishu": (29.818, 121.3149),
    "jiangbei": (29.98, 121.4389),
    "beilun": (29.8294, 121.8857),
    "zhenhai": (29.9915, 121.6193),
    "yinzhou": (29.7453, 121.6996),
    "fenghua": (29.6144, 121.2996),
    "yuyao": (29.9721, 121.1871),
    "cixi": (30.2003, 121.3484),
    "ninghai": (29.3291, 121.3452),
    "xiangshan": (29.4519, 121.8824),
}
_SYLLABLES = "山水云溪石塘湾岭桥林田湖港沙岙坝泉岩竹梅松柏青金银明清永安和平东南西北中上下大小新古"
_PUBLISHED = "2026-01-01"
_SOURCE, _OTHER_SOURCE = "synthetic-source", "synthetic-report"
_TRACK = "tracks/line.geojson"
_PHOTO = "photos/gradient.jpg"
_MEMBER = {
    "name": "滕头村",
    "form": "village",
    "role": "named",
    "district": "fenghua",
    "township": "萧王庙街道",
    "code": "330213005208",
    "as_printed": "滕头",
    "text": "合成。",
    "location": {
        "lat": "29.7033",
        "lon": "121.3947",
        "crs": "wgs84",
        "precision": "village",
        "uncertainty_km": "1",
        "basis": "合成",
    },
    "sources": [_SOURCE],
}
_PLACE_STOP = {"place": _MEMBER, "basis": "source", "sources": [_SOURCE]}


def write_synthetic(target: Path, project: Path, areas: int, seed: int = 1) -> None:
    """A checkout at `target` with `areas` synthetic areas and the other kinds in proportion.

    Templates, libraries, geography and hand-written pages are the project's own.
    """
    chance = random.Random(seed)  # noqa: S311 (a benchmark, seeded on purpose)
    shutil.rmtree(target, ignore_errors=True)
    belts = target / "belts"
    shutil.copytree(project / "belts" / "geo", belts / "geo")
    (belts / "city.yml").write_text(_city(project), encoding="utf-8")
    _write_files(belts)
    for folder, stem, record in records_of(areas, chance):
        (belts / folder).mkdir(exist_ok=True)
        (belts / folder / f"{stem}.yml").write_text(_dump(record), encoding="utf-8")
    shutil.copytree(project / "content", target / "content")
    _simplify_content(target / "content")
    for name in ("site_templates", "node_modules"):
        (target / name).symlink_to(project / name)
    shutil.copy(project / "mkdocs.yml", target / "mkdocs.yml")


def _write_files(belts: Path) -> None:
    """The track and the photo that the first records name."""
    line = {"type": "LineString", "coordinates": [[121.38, 29.70], [121.3947, 29.7033], [121.40, 29.71]]}
    for folder in ("tracks", "photos"):
        (belts / folder).mkdir()
    (belts / _TRACK).write_text(json.dumps(line), encoding="utf-8")
    Image.linear_gradient("L").resize((1200, 800)).convert("RGB").save(belts / _PHOTO)


def _dump(record: dict[str, object]) -> str:
    return yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=200)


def _city(project: Path) -> str:
    # BaseLoader makes text of everything and builds no object.
    city = yaml.load((project / "belts" / "city.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    city["key_indicators"] = ["indicator-0"]
    city["title"] = "合成数据"
    return _dump(city)


def _simplify_content(content: Path) -> None:
    """Hand-written pages link to real records: keep their front matter only."""
    for path in content.rglob("*.md"):
        parts = path.read_text(encoding="utf-8").split("---\n", 2)
        path.write_text(f"---\n{parts[1]}---\n\n合成数据。\n", encoding="utf-8")


def records_of(areas: int, chance: random.Random) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Folder, stem and fields of each record."""
    first: set[str] = set()
    for folder, stem, record in _usual_records(areas, chance):
        rest = {} if folder in first else _rarer_fields(folder)
        first.add(folder)
        yield folder, stem, {**rest, **record}
    for folder in sorted(first):
        record = next(r for f, _, r in _usual_records(1, chance) if f == folder)
        yield folder, f"draft-{folder}", {**record, "status": "draft"}


def _usual_records(areas: int, chance: random.Random) -> Iterator[tuple[str, str, dict[str, object]]]:
    for stem in (_SOURCE, _OTHER_SOURCE):
        yield "sources", stem, _source(stem)
    for n in range(6):
        yield "boutique", f"belt-{n}", _belt(n, areas, chance)
    for n in range(areas):
        yield "areas", f"area-{n}", _area(n, areas, chance)
    for n in range(max(1, areas // 20)):
        yield "alliances", f"alliance-{n}", {**_area(n, areas, chance, "alliance"), **_formation()}
        yield "workshops", f"workshop-{n}", _workshop(n, areas, chance)
        yield "programmes", f"programme-{n}", _programme(n, chance)
        yield "indicators", f"indicator-{n}", _indicator(n, chance)
        yield "milestones", f"milestone-{n}", _milestone(n, chance)


_BODY = "合成正文。\n\n## 小标题\n\n- 一项\n- 又一项\n"
_LINKS: Mapping[str, object] = {"related": ["area-0"], "programmes": ["programme-0"]}


def _rarer_fields(folder: str) -> dict[str, object]:
    """What few records of a kind say."""
    photo = {
        "file": _PHOTO,
        "alt": "由黑到白的渐变",
        "credit": "合成",
        "licence": "cc0-1.0",
        "date": "2020-04",
        "caption": "合成图片。",
    }
    place: dict[str, object] = {"body": _BODY, "photos": [photo]}
    rarer: dict[str, dict[str, object]] = {
        "areas": place,
        "alliances": place,
        "workshops": place,
        "boutique": {**place, **_LINKS, "track": _TRACK, "order": "自西向东。"},
        "programmes": {"body": _BODY, "district": "fenghua", "related": ["area-0"]},
        "indicators": {
            "body": _BODY,
            "district": "fenghua",
            "programme": "programme-0",
            "related": ["area-0"],
        },
        "milestones": {
            "body": _BODY,
            "form": "phase",
            "district": "fenghua",
            "places": [_MEMBER],
            "related": ["area-0"],
        },
        "sources": {
            "body": _BODY,
            "name_en": "Synthetic source",
            "other_names": ["又名合成来源"],
            "search_terms": ["合成检索词"],
            "updated": "2026-02-01",
            "note": "合成",
            "title_known": "false",
            "sources": [_OTHER_SOURCE],
            "publisher": "合成日报",
            "publisher_note": "合成",
            "dating": ["合成"],
            "url": "https://www.example.org/report.html",
        },
    }
    return rarer[folder]


def _name(chance: random.Random, length: int = 3) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(length))


def _sentence(chance: random.Random) -> str:
    return f"{_name(chance, 4)}一带在{chance.randint(2015, 2021)}年完成{_name(chance, 5)}等{chance.randint(2, 99)}项工作。"


def _common(name: str, chance: random.Random) -> dict[str, object]:
    return {
        "name": name,
        "name_en": f"Synthetic {chance.randint(1, 10**6)}",
        "other_names": [_name(chance, 4)],
        "search_terms": [_name(chance, 4)],
        "summary": _sentence(chance),
        "published": _PUBLISHED,
        "updated": f"2026-0{chance.randint(1, 9)}-15",
        "sources": [_SOURCE],
        "note": "合成数据，仅供测速。",
    }


def _place(chance: random.Random) -> dict[str, object]:
    district = chance.choice(sorted(_DISTRICTS))
    lat, lon = _DISTRICTS[district]
    township = {"township": "萧王庙街道", "township_inferred": "true"} if district == "fenghua" else {}
    return {
        "district": district,
        **township,
        "location": {
            "lat": f"{lat + chance.uniform(-0.04, 0.04):.5f}",
            "lon": f"{lon + chance.uniform(-0.04, 0.04):.5f}",
            "crs": chance.choice(("wgs84", "gcj02", "bd09")),
            "precision": "district",
            "uncertainty_km": "15",
            "basis": "合成",
        },
    }


def _statement(chance: random.Random) -> dict[str, object]:
    return {
        "text": _sentence(chance),
        "date": str(chance.randint(2015, 2021)),
        "sources": [_SOURCE],
        "note": "合成",
    }


def _figure(chance: random.Random) -> dict[str, object]:
    value = chance.choice(
        (f"{chance.randint(1, 9999)}", f"{chance.randint(1, 99)}.5", f"{chance.randint(1, 99)}万余")
    )
    year = str(chance.randint(2015, 2021))
    return {
        "form": "reached",
        "change": "false",
        "label": _name(chance, 4),
        "value": value,
        "unit": "个",
        "as_of": year,
        "source": _SOURCE,
        "note": "合成",
    }


def _member(chance: random.Random, side: str = "") -> dict[str, object]:
    form = chance.choice(("village", "community", "site", "company", "river"))
    return {
        "name": f"{side}{_name(chance)}村",
        "form": form,
        "role": "member",
        "text": _sentence(chance),
        "sources": [_SOURCE],
    }


def _area(n: int, areas: int, chance: random.Random, kind: str = "area") -> dict[str, object]:
    record = _common(f"{_name(chance)}片区{n}", chance) | {
        "place": _place(chance),
        "members": [*(_member(chance, side) for side in "东西南北"), *([] if n else [_MEMBER])],
        "facts": [_statement(chance) for _ in range(7)],
        "figures": [_figure(chance) for _ in range(6)],
        "programmes": ["programme-0"],
        "related": [f"area-{(n + 1) % areas}"] if areas > 1 and kind == "area" else [],
        "since": str(chance.randint(2015, 2021)),
    }
    return record | ({"setting": "rural"} if kind == "area" else {})


def _formation() -> dict[str, object]:
    return {"formation": {"way": "毗邻协作", "basis": "editorial", "reason": "合成"}}


def _workshop(n: int, areas: int, chance: random.Random) -> dict[str, object]:
    return _area(n, areas, chance, "workshop")


def _stop(area: int) -> dict[str, object]:
    return {"record": f"area-{area}", "basis": "editorial", "reason": "合成", "stay": "1小时"}


def _belt(n: int, areas: int, chance: random.Random) -> dict[str, object]:
    stops = sorted(chance.sample(range(areas), min(areas, 12)))
    return _common(f"合成精品带{n}", chance) | {
        **({"level": "city"} if n else {"level": "county", "district": "fenghua"}),
        "number": str(n + 1),
        "theme": _sentence(chance),
        "designated": "2017",
        "stops": [_stop(stop) for stop in stops] if n else [_PLACE_STOP],
        "facts": [_statement(chance)],
        "figures": [_figure(chance)],
        "stops_note": "合成数据。",
    }


def _programme(n: int, chance: random.Random) -> dict[str, object]:
    parts = [
        {"name": _name(chance, 4), "text": _sentence(chance), "parts": [{"name": _name(chance)}]}
        for _ in range(5)
    ]
    parts.append({"name": "N", "unlisted": "true", "sources": [_SOURCE], "count": "3"})
    case = {
        "text": _sentence(chance),
        "district": "fenghua",
        "places": [_member(chance)],
        "date": "2017",
        "sources": [_SOURCE],
        "note": "合成",
    }
    whole = {"part_of": "programme-0"} if n else {}
    return (
        _common(f"合成机制{n}", chance)
        | whole
        | {
            "form": chance.choice(("plan", "standard", "mechanism", "platform")),
            "period": "2015/2018",
            "parts_title": "条目",
            "parts": parts,
            "facts": [_statement(chance)],
            "figures": [_figure(chance)],
            "cases": [case],
        }
    )


def _indicator(n: int, chance: random.Random) -> dict[str, object]:
    observations = [
        {
            "form": form,
            "value": str(chance.randint(1, 999)),
            "as_of": str(year),
            "as_of_text": "当年",
            "source": _SOURCE,
            "note": "合成",
        }
        for year, form in ((2016, "reached"), (2017, "reached"), (2018, "target"))
    ]
    whole = {"whole": "indicator-0"} if n else {}
    fields = {"group": "合成", "unit": "个", "change": "false", "observations": observations}
    return _common(f"合成指标{n}", chance) | whole | fields


def _milestone(n: int, chance: random.Random) -> dict[str, object]:
    year = chance.randint(1995, 2021)
    return _common(f"合成事件{n}", chance) | {
        "period": f"{year}-05",
        "facts": [_statement(chance)],
        "figures": [_figure(chance)],
    }


def _source(stem: str) -> dict[str, object]:
    return {
        "name": f"合成来源 {stem}",
        "summary": "仅供测速的合成来源。",
        "published": _PUBLISHED,
        "period": "2022",
        "year_confidence": "high",
        "month_confidence": "low",
        "short_name": "合成来源",
    }


def main() -> None:
    """Write a synthetic checkout from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--areas", type=int, default=360)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    write_synthetic(arguments.target, Path(__file__).parents[2], arguments.areas, arguments.seed)


if __name__ == "__main__":
    main()
