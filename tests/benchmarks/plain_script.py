"""What a newcomer would write: a Folium map and a Markdown page for each area, then MkDocs with Material.

Runs with the peers' own Python. `--write-only` leaves the building to someone else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import folium
import yaml

_SETTINGS = """site_name: 合成数据
theme:
  name: material
  language: zh
  font: false
"""


def write_docs(belts: Path, docs: Path) -> None:
    """A page and a map for each area, and a page that lists them."""
    docs.mkdir(parents=True, exist_ok=True)
    links = []
    for path in sorted((belts / "areas").glob("*.yml")):
        area = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        place = area["place"]["location"]
        point = [float(place["lat"]), float(place["lon"])]
        drawn = folium.Map(point, zoom_start=11)
        folium.Marker(point, tooltip=area["name"], popup=area["summary"]).add_to(drawn)
        (docs / "areas" / path.stem).mkdir(parents=True, exist_ok=True)
        drawn.save(str(docs / "areas" / path.stem / "map.html"))
        (docs / "areas" / f"{path.stem}.md").write_text(page_of(area), encoding="utf-8")
        links.append(f"- [{area['name']}](areas/{path.stem}.md)")
    (docs / "index.md").write_text("# 示范片\n\n" + "\n".join(links) + "\n", encoding="utf-8")


def page_of(area: dict[str, Any]) -> str:
    """An area as Markdown."""
    lines = [f"# {area['name']}", "", str(area["summary"]), ""]
    lines += ['<iframe src="map.html" width="100%" height="400"></iframe>', "", "## 成员", ""]
    lines += [f"- {m['name']}：{m['text']}" for m in area["members"]]
    lines += ["", "## 做法与成效", ""]
    lines += [f"- {f['date']}：{f['text']}" for f in area["facts"]]
    lines += ["", "## 数据", "", "| 项目 | 数值 | 日期 |", "| --- | --- | --- |"]
    lines += [f"| {f['label']} | {f['value']}{f['unit']} | {f['as_of']} |" for f in area["figures"]]
    return "\n".join(lines) + "\n"


def main() -> None:
    """`plain_script.py BELTS TARGET [--write-only]`."""
    belts, target = Path(sys.argv[1]), Path(sys.argv[2])
    write_docs(belts, target / "docs")
    (target / "mkdocs.yml").write_text(_SETTINGS, encoding="utf-8")
    if "--write-only" not in sys.argv:
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=target, check=True)


if __name__ == "__main__":
    main()
