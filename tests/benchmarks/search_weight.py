"""What a first query downloads, as Chromium counts it: from the button's click to the results, headers included.

    python tests/benchmarks/search_weight.py site [--server nginx|caddy] [QUERY ...]

The site is packed as for a deploy and served by a real web server with its production settings. nginx sends gzip,
Caddy Brotli; both speak HTTP/1.1 here, which repeats every header where HTTP/2 does not.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from web_servers import run_server

from build_scripts.deploy.compress import pack_site
from build_scripts.gates.browsing import CHROMIUM_ARGUMENTS
from build_scripts.toolchain import find_chromium

QUERIES = (
    "tt",
    "tengtou",
    "滕头",
    "精品",
    "滕头村",
    "奉化区萧王庙街道",
    "滕头村乡村振兴党建联合体",
    "t",
    "村",
)
PHONE: ViewportSize = {"width": 390, "height": 844}


def measure(browser: Browser, address: str, query: str) -> tuple[int, int]:
    """Requests and bytes of a first query on an empty cache."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, service_workers="block")
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.locator("button.find").click()
    page.get_by_role("searchbox").fill(query)
    page.locator(".search__status:not(:empty)").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    context.close()
    return len(received), int(sum(received))


def files_of_search(site: Path) -> list[Path]:
    """The home page and all that a search on it may fetch."""
    folders = (site / "assets", site / "pagefind")
    found = (path for folder in folders for path in folder.rglob("*"))
    return [path for path in (*site.iterdir(), *found) if path.is_file()]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Print one line a query."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("queries", nargs="*", default=QUERIES)
    parser.add_argument("--server", choices=("nginx", "caddy"), default="nginx")
    options = parser.parse_args()
    hashes = {
        path.relative_to(options.site).as_posix(): _digest(path) for path in files_of_search(options.site)
    }
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads it as another user
        pack_site(options.site, hashes, folder / "served" / "current", folder / "cache")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        with run_server(options.server, folder / "served", folder / "server") as port:
            for query in options.queries:
                requests, size = measure(browser, f"http://127.0.0.1:{port}/", query)
                print(f"{query:12} {size / 1000:7.1f} KB {requests:4} requests")  # noqa: T201 (its output)
        browser.close()


if __name__ == "__main__":
    main()
