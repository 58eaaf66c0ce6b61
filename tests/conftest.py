"""Fixtures that many tests share: the built site, a server with the production policy, a browser, snapshots."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from build_scripts.gates.browsing import CHROMIUM_ARGUMENTS, FolderHandler
from build_scripts.gates.browsing import serve as serve_folder
from build_scripts.records.city import Tiles
from build_scripts.toolchain import find_chromium, find_java
from build_scripts.web.policy import security_headers
from build_scripts.workers import available_cores

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is slow, not wrong; and CI tries the same examples each time.
settings.register_profile("belts", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("belts")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: half of the time a test waits for a browser, a server or a build."""
    return available_cores() + 1


def require(tool: object, name: str) -> None:
    """Skip when a tool is absent on someone's machine; fail in CI, where a check that did not run is a failure."""
    if tool:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{name} is missing: CI must not skip what needs it")
    pytest.skip(f"{name} is not installed; `make test` says how to get it")


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """The path of a Chromium, looked for once: it is started to see that it does."""
    return find_chromium()


@pytest.fixture(autouse=True)
def _browser_or_skip(request: pytest.FixtureRequest) -> None:
    """Tests marked `browser` need a real Chromium."""
    if request.node.get_closest_marker("browser"):
        require(request.getfixturevalue("chromium"), "Chromium")


@pytest.fixture(scope="session")
def java() -> str:
    """The path of `java`, for the Nu checker."""
    found = find_java()
    require(found, "Java")
    return str(found)


# -- snapshots -----------------------------------------------------------------------------------


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/snapshots/NAME; `make snapshots` rewrites it."""

    def check(name: str, text: str) -> None:
        path = ROOT / "tests" / "snapshots" / name
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} does not exist yet: run `make snapshots`"
        assert text == path.read_text(encoding="utf-8"), (
            f"{path} differs: run `make snapshots` and read the diff"
        )

    return check


# -- the real site, served -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site, built once; do not write into it."""
    from build_scripts.building.build import build_site

    return build_site(copy_project(tmp_path_factory.mktemp("project"))).site


def copy_project(folder: Path) -> Path:
    """A checkout at `folder` with its own data and pages; templates and libraries are the project's."""
    for name in ("belts", "content"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("site_templates", "node_modules"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    return folder


def copy_site(name: str, folder: Path) -> Path:
    """The fixture site tests/sites/NAME as a checkout of its own below `folder`, so that a build writes there."""
    for shared in ("site_templates", "node_modules"):
        if not (folder / shared).exists():
            (folder / shared).symlink_to(ROOT / shared)
    target = folder / "tests" / "sites" / name
    shutil.copytree(ROOT / "tests" / "sites" / name, target, ignore=shutil.ignore_patterns("site", ".site*"))
    return target


def run_unprivileged(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of a user whom the system refuses what it may."""
    command = [sys.executable, "-B", "-m", "build_scripts", "-C", str(site), "--lang", "en", *words]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


class PolicyHandler(FolderHandler):
    """Serves a folder with the production headers, silently."""

    headers_sent = security_headers(Tiles())


@contextmanager
def serve(folder: Path, handler: type[SimpleHTTPRequestHandler] = PolicyHandler) -> Iterator[str]:
    """The address of a folder served on the loopback interface; ends in `/`."""
    with serve_folder(folder, handler) as address:
        yield address


@pytest.fixture(scope="session")
def real_address(real_site: Path) -> Iterator[str]:
    """The address of the real site, served with the production policy."""
    with serve(real_site) as address:
        yield address


# -- the browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str | None) -> Iterator[Browser]:
    """A real Chromium, once; make a context of your own in it."""
    require(chromium, "Chromium")
    started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
    yield started
    started.close()
