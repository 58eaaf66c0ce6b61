"""One page of each sort in a real Chromium, under the headers that ship with the site: what goes wrong, what axe finds.

The browser starts once; each page is opened on a dark phone and on a light desktop.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..toolchain import find_chromium
from .verdict import NotRun

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Each window of a full Chromium loads the lists below its address bar as two pages of their own: half of what a visit
# costs. The last switch wins, so what Playwright switches off stands here too.
_FEATURES_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--no-first-run",
)
_SCREENS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
)
_AXE = "axe-core/axe.min.js"
_RUN_AXE = "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)"
_MOST_NODES = 3


class FolderHandler(SimpleHTTPRequestHandler):
    """Serves a folder with given headers on every response, silently."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012
    headers_sent: Mapping[str, str] = {}

    def end_headers(self) -> None:
        """Add the headers to every response."""
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base's name)
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """Says nothing when a browser leaves before it has read everything."""

    daemon_threads = True
    # A browser opens many connections at once; one that finds no room in the queue tries again a second later.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(folder: Path, handler: type[SimpleHTTPRequestHandler]) -> Iterator[str]:
    """The address of a folder served on the loopback interface; ends in `/`."""
    server = _Server(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class Visits:
    """What the visits found: `refusals` (errors, refused or foreign requests) and `barriers`, what axe finds."""

    refusals: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)


def visit_pages(site: Path, names: Iterable[str], headers: Mapping[str, str], node_modules: Path) -> Visits:
    """Open each page. Raises NotRun without Chromium, Playwright or axe."""
    axe, visits = node_modules / _AXE, Visits()
    if not axe.is_file():
        raise NotRun(f"{_AXE}: make setup-dev")
    handler = type("SiteHandler", (FolderHandler,), {"headers_sent": headers})
    with serve(site, handler) as address, open_browser() as browser:
        for name in names:
            for screen in _SCREENS:
                _visit(browser, screen, axe, (address, name), visits)
    return visits


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A Chromium. Raises NotRun where there is none."""
    executable = find_chromium()
    if executable is None:
        raise NotRun("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NotRun("Playwright: make setup-dev") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def _visit(
    browser: Browser, screen: Mapping[str, Any], axe: Path, place: tuple[str, str], into: Visits
) -> None:
    """One page on one screen. axe is there before the page is, so no rule of the policy is lifted for it."""
    address, name = place
    where = f"{name} ({screen['viewport']['width']}, {screen['color_scheme']})"
    context = browser.new_context(**screen, reduced_motion="reduce")
    context.add_init_script(path=axe)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    context.on("request", lambda r: None if _is_own(r.url, address) else said.append(f"asks {r.url}"))
    page.goto(address + quote(name.removesuffix("index.html")), wait_until="networkidle")
    into.refusals.extend(f"{where}: {text}" for text in dict.fromkeys(said))
    for violation in page.evaluate(_RUN_AXE):
        targets = [str(part) for node in violation["nodes"][:_MOST_NODES] for part in node["target"]]
        into.barriers.append(f"{where}: {violation['id']}: {', '.join(targets)}")
    context.close()


def _is_own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
