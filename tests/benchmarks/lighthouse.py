"""Lighthouse's scores of pages on a phone, the median of several runs.

    npm install --prefix /tmp/lighthouse lighthouse
    python tests/benchmarks/lighthouse.py site --lighthouse /tmp/lighthouse/node_modules/lighthouse/cli/index.js

Lighthouse brings a hundred packages that nothing else needs, so it is not among the locked ones. The site is served
compressed under the production policy. The page that Folium saves would break under it, and shows nothing where other
hosts cannot be reached: it is served without, with Leaflet beside it and none of its other libraries.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import PolicyHandler
from page_weight import write_plain

from build_scripts.toolchain import find_chromium

PATHS = ("", "belts/mountain-dwellings/", "areas/tengtou/", "browse/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


LEAFLET = Path(__file__).resolve().parents[2] / "node_modules/leaflet/dist"


class CompressingHandler(PolicyHandler):
    """Serves files compressed; what is named by its content may be kept for ever."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        """Answer with the file's bytes, compressed."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6)
        charset = "; charset=utf-8" if path.suffix == ".html" else ""
        kept = "public, max-age=31536000, immutable" if "/assets/" in self.path else "no-cache"
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path) + charset)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(body)


class PlainHandler(CompressingHandler):
    """The same without a policy."""

    headers_sent: Mapping[str, str] = {}


@contextmanager
def serve_compressed(folder: Path, handler: type[CompressingHandler] = CompressingHandler) -> Iterator[str]:
    """The address of a folder on the loopback interface."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def score(lighthouse: Path, address: str) -> dict[str, int] | None:
    """One run's scores out of a hundred; None when the run failed, as a busy machine makes it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["node", str(lighthouse), address, "--quiet", f"--chrome-flags={FLAGS}", "--output=json"]
        environment = {**os.environ, "CHROME_PATH": str(find_chromium())}
        subprocess.run(
            [*command, f"--output-path={report}"], env=environment, capture_output=True, check=False
        )
        found = json.loads(report.read_text(encoding="utf-8"))["categories"] if report.is_file() else {}
    scores = {name: found.get(name, {}).get("score") for name in CATEGORIES}
    return None if None in scores.values() else {name: round(value * 100) for name, value in scores.items()}


def report(lighthouse: Path, address: str, title: str, count: int) -> None:
    """Print the medians of a page."""
    runs = [found for _ in range(count) if (found := score(lighthouse, address))]
    medians = (f"{name} {statistics.median([run[name] for run in runs]):.0f}" for name in CATEGORIES if runs)
    print(f"{title:32} {', '.join(medians)} ({len(runs)} runs)", flush=True)  # noqa: T201 (its output)


def main() -> None:
    """Print one line a page, and one of a map of the same places that Folium saved."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("paths", nargs="*", default=PATHS)
    parser.add_argument("--lighthouse", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with serve_compressed(options.site) as address:
        for path in options.paths:
            report(options.lighthouse, address + path, path or "/", options.runs)
    with tempfile.TemporaryDirectory() as name:
        write_plain(options.site, Path(name), LEAFLET)
        with serve_compressed(Path(name), PlainHandler) as address:
            report(options.lighthouse, f"{address}index.html", "a plain Folium page", options.runs)


if __name__ == "__main__":
    main()
