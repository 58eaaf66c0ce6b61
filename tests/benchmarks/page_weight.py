"""What a first visit costs: requests and compressed bytes of pages, beside a page that Folium alone makes.

    python tests/benchmarks/page_weight.py site [PATH ...]

Served without compression, each answer is compressed here as a server would. The plain page asks other hosts for
its libraries; nothing is fetched from them, so its row counts its own bytes and tells the requests it would make.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Request, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import serve

from build_scripts.gates.browsing import CHROMIUM_ARGUMENTS
from build_scripts.toolchain import find_chromium

PATHS = ("", "belts/mountain-dwellings/", "areas/tengtou/", "browse/")
_PACKED = (".png", ".gz")


@dataclass(frozen=True, slots=True)
class Weight:
    """One page: all it asked for until it was at rest, in bytes as sent compressed, and requests to other hosts."""

    path: str
    requests: int
    size: int
    elsewhere: int


def weigh(browser: Browser, address: str, paths: Iterable[str]) -> Iterator[Weight]:
    """Each page on a desktop, where the map opens by itself, with an empty cache."""
    for path in paths:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
        page = context.new_page()
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108, B023 (Playwright marks the function)
        page.goto(address + path, wait_until="networkidle")
        own = [request for request in asked if request.url.startswith(address)]
        size = sum(sent_size(request.url, request.response()) for request in own)
        yield Weight(path, len(asked), size, len(asked) - len(own))
        context.close()


def sent_size(url: str, response: object) -> int:
    """The bytes of an answer as a server sends it."""
    body: bytes = response.body() if response else b""  # type: ignore[attr-defined]
    return len(body) if url.endswith(_PACKED) else len(gzip.compress(body, 6))


def write_plain(site: Path, target: Path, leaflet: Path | None = None) -> None:
    """The home page's places on a page of Folium's own; with Leaflet beside it and nothing else, if its folder is given."""
    import folium

    chart = folium.Map(location=[29.87, 121.55], zoom_start=9)
    if leaflet:
        chart.default_js, chart.default_css = [("leaflet", "leaflet.js")], [("leaflet_css", "leaflet.css")]
        for name in ("leaflet.js", "leaflet.css"):
            shutil.copyfile(leaflet / name, target / name)
    folium.GeoJson((site / "map.geojson").read_text(encoding="utf-8")).add_to(chart)
    chart.save(str(target / "index.html"))


def main() -> None:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("paths", nargs="*", default=PATHS)
    options = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        write_plain(options.site, Path(name))
        with serve(options.site) as own, serve(Path(name)) as plain:
            rows = [*weigh(browser, own, options.paths), *weigh(browser, plain, ["index.html"])]
        browser.close()
    for row in rows:
        other = f", {row.elsewhere} of them to other hosts (not counted in KB)" if row.elsewhere else ""
        print(f"{row.path or '/':32} {row.size / 1000:7.1f} KB {row.requests:4} requests{other}")  # noqa: T201 (its output)


if __name__ == "__main__":
    main()
