"""A seeded synthetic city: as many records of every kind as a benchmark asks for.

Written as the YAML an editor would write, every field of every kind used, so that a benchmark measures
what a real city costs. The geography is the shipped one; names, figures and sentences are invented and
say so.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

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
_SOURCE = "synthetic-source"


def write_synthetic(target: Path, project: Path, areas: int, seed: int = 1) -> None:
    """A checkout at `target` with `areas` synthetic areas and the other kinds in proportion.

    Templates, libraries, geography and hand-written pages are the project's own.
    """
    chance = random.Random(seed)  # noqa: S311 (a benchmark, seeded on purpose)
    shutil.rmtree(target, ignore_errors=True)
    belts = target / "belts"
    shutil.copytree(project / "belts" / "geo", belts / "geo")
    (belts / "city.yml").write_text(_city(project), encoding="utf-8")
    for folder, stem, record in _records(areas, chance):
        (belts / folder).mkdir(exist_ok=True)
        (belts / folder / f"{stem}.yml").write_text(_dump(record), encoding="utf-8")
    shutil.copytree(project / "content", target / "content")
    _simplify_content(target / "content")
    for name in ("site_templates", "node_modules"):
        (target / name).symlink_to(project / name)
    shutil.copy(project / "mkdocs.yml", target / "mkdocs.yml")


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


def _records(areas: int, chance: random.Random) -> Iterator[tuple[str, str, dict[str, object]]]:
    yield "sources", _SOURCE, _source()
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


def _name(chance: random.Random, length: int = 3) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(length))


def _sentence(chance: random.Random) -> str:
    return f"{_name(chance, 4)}一带在{chance.randint(2015, 2021)}年完成{_name(chance, 5)}等{chance.randint(2, 99)}项工作。"


def _common(name: str, chance: random.Random) -> dict[str, object]:
    return {
        "name": name,
        "name_en": f"Synthetic {chance.randint(1, 10**6)}",
        "other_names": [_name(chance, 4)],
        "summary": _sentence(chance),
        "published": _PUBLISHED,
        "updated": f"2026-0{chance.randint(1, 9)}-15",
        "sources": [_SOURCE],
        "note": "合成数据，仅供测速。",
    }


def _place(chance: random.Random) -> dict[str, object]:
    district = chance.choice(sorted(_DISTRICTS))
    lat, lon = _DISTRICTS[district]
    return {
        "district": district,
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
        "label": _name(chance, 4),
        "value": value,
        "unit": "个",
        "as_of": year,
        "source": _SOURCE,
        "note": "合成",
    }


def _member(chance: random.Random) -> dict[str, object]:
    form = chance.choice(("village", "community", "site", "company", "river"))
    return {
        "name": f"{_name(chance)}村",
        "form": form,
        "role": "member",
        "text": _sentence(chance),
        "sources": [_SOURCE],
    }


def _area(n: int, areas: int, chance: random.Random, kind: str = "area") -> dict[str, object]:
    record = _common(f"{_name(chance)}片区{n}", chance) | {
        "place": _place(chance),
        "members": [_member(chance) for _ in range(4)],
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


def _belt(n: int, areas: int, chance: random.Random) -> dict[str, object]:
    stops = sorted(chance.sample(range(areas), min(areas, 12)))
    return _common(f"合成精品带{n}", chance) | {
        "level": "city",
        "number": str(n + 1),
        "theme": _sentence(chance),
        "designated": "2017",
        "stops": [
            {"record": f"area-{stop}", "basis": "editorial", "reason": "合成", "stay": "1小时"}
            for stop in stops
        ],
        "facts": [_statement(chance)],
        "figures": [_figure(chance)],
        "stops_note": "合成数据。",
    }


def _programme(n: int, chance: random.Random) -> dict[str, object]:
    parts = [
        {"name": _name(chance, 4), "text": _sentence(chance), "parts": [{"name": _name(chance)}]}
        for _ in range(5)
    ]
    case = {
        "text": _sentence(chance),
        "district": "fenghua",
        "places": [_member(chance)],
        "sources": [_SOURCE],
    }
    return _common(f"合成机制{n}", chance) | {
        "form": chance.choice(("plan", "standard", "mechanism", "platform")),
        "period": "2015/2018",
        "parts_title": "条目",
        "parts": parts,
        "facts": [_statement(chance)],
        "figures": [_figure(chance)],
        "cases": [case],
    }


def _indicator(n: int, chance: random.Random) -> dict[str, object]:
    observations = [
        {"form": form, "value": str(chance.randint(1, 999)), "as_of": str(year), "source": _SOURCE}
        for year, form in ((2016, "reached"), (2017, "reached"), (2018, "target"))
    ]
    return _common(f"合成指标{n}", chance) | {"group": "合成", "unit": "个", "observations": observations}


def _milestone(n: int, chance: random.Random) -> dict[str, object]:
    year = chance.randint(1995, 2021)
    return _common(f"合成事件{n}", chance) | {"period": f"{year}-05", "facts": [_statement(chance)]}


def _source() -> dict[str, object]:
    return {
        "name": "合成来源",
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
