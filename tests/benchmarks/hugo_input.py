"""The site's profile pages as a Hugo project: the same page bodies, and the same page around them."""

from __future__ import annotations

import json
import re
import sys
from html import unescape
from pathlib import Path

from build_scripts.building.making import prepare_skeleton
from build_scripts.pages.rendering import render_profiles
from build_scripts.project import prepare_project
from build_scripts.publishing.publisher import load_settings, project_of
from build_scripts.writing.fill import Pattern

_SETTINGS = {
    "title": "合成数据",
    "disableKinds": ["home", "section", "taxonomy", "term", "rss", "sitemap", "404"],
    "security": {"allowContent": [".*"]},
}
_SLOTS = {"title": "{{ .Title }}", "head": "{{ .Params.head | safeHTML }}", "body": "{{ .Content }}"}


def write_hugo_project(city: Path, target: Path) -> None:
    """Write the project of the checkout at `city` to `target`."""
    config, plugin = load_settings(city)
    project = project_of(config, plugin.config)
    prepared = prepare_project(project)
    with prepare_skeleton(project, prepared) as kept:
        skeleton = kept.skeleton
    _write(target / "hugo.json", json.dumps(_SETTINGS))
    for key, pattern in skeleton.profiles.items():
        _write(target / "layouts" / key / "single.html", layout_of(pattern))
    for page in render_profiles(prepared.site):
        front = {"title": unescape(page.title), "head": page.head, "type": page.pattern}
        text = f"{json.dumps(front, ensure_ascii=False)}\n{page.body}\n"
        _write(target / "content" / f"{page.url.rstrip('/')}.html", text)


def layout_of(pattern: Pattern) -> str:
    """A pattern page as a Hugo template. In a script or a style Go would escape in other ways: there is none."""
    text = pattern.fill(_SLOTS)
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_hugo_project(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
