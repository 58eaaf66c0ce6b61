"""Reading without a network: seen pages, kept belts, and two builds that never mix."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, copy_project, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect

from build_scripts.building.build import build_site

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "reduced_motion": "reduce"}
BELT, STOP, AREA = "belts/mountain-dwellings/", "alliances/yunhu-ring/", "areas/tengtou/"


@pytest.fixture(scope="module")
def second_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site built again with another style, other scripts and another text in a record."""
    project = copy_project(tmp_path_factory.mktemp("second"))
    (project / "site_templates").unlink()
    shutil.copytree(ROOT / "site_templates", project / "site_templates")
    _append(project / "site_templates/styles/ground.css", '\nhtml { --build: "2"; }\n')
    _append(project / "site_templates/scripts/site.js", '\ndocument.documentElement.dataset.build = "2"\n')
    _append(
        project / "site_templates/scripts/map_drawing.js", '\ndocument.documentElement.dataset.map = "2"\n'
    )
    for name in ("areas/tengtou", "boutique/mountain-dwellings"):
        path = project / f"belts/{name}.yml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        changed = ["name: 第二版\n" if line.startswith("name: ") else line for line in lines]
        path.write_text("".join(changed), encoding="utf-8")
    return build_site(project).site


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


class Host:
    """A web server whose site can be exchanged, as a deployment does, below a path of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.link, self.address = folder / "sub" / "path", f"{address}sub/path/"
        self.link.parent.mkdir()

    def put(self, site: Path) -> None:
        """Serve another build from now on."""
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(site)


@pytest.fixture
def host(tmp_path: Path, real_site: Path) -> Iterator[Host]:
    """The real site on a host of its own, in a sub-path."""
    with serve(tmp_path) as address:
        started = Host(tmp_path, address)
        started.put(real_site)
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone with empty storage."""
    made = browser.new_context(**PHONE)
    yield made
    made.close()


def _open(context: BrowserContext, address: str) -> Page:
    """A page under a running service worker that has stored it."""
    page = context.new_page()
    page.goto(address)
    _until(page, "() => navigator.serviceWorker.controller !== null")
    _settle(page, address)
    return page


def _settle(page: Page, address: str) -> None:
    """Wait until the page is stored."""
    _until(page, "async (address) => Boolean(await caches.match(address))", address)


def _until(page: Page, script: str, argument: object = None) -> None:
    """Wait until a script says so. Playwright's own way of waiting is refused by the policy."""
    for _ in range(200):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(script)


def _goto(page: Page, address: str) -> None:
    page.goto(address)
    _settle(page, address)


def _build_of(page: Page) -> set[str]:
    """Which builds the parts of a page and its opened map are of."""
    page.get_by_role("button", name="打开互动地图").click()
    expect(page.locator("figure.map--live").first).to_be_visible()
    parts = page.evaluate(
        """async () => {
          const root = document.documentElement
          const places = document.querySelector("figure[data-map]").dataset.places
          const data = JSON.stringify(await (await fetch(places)).json())
          return {
            page: document.querySelector("h1").textContent.includes("第二版"),
            style: getComputedStyle(root).getPropertyValue("--build") !== "",
            script: root.dataset.build === "2",
            map: root.dataset.map === "2",
            places: data.includes("第二版"),
          }
        }"""
    )
    return {"second" if second else "first" for second in parts.values()}


def test_a_seen_page_opens_without_a_network(host: Host, context: BrowserContext) -> None:
    """Whole, with its style; what was never seen says that there is no network and how to go on."""
    page = _open(context, host.address + AREA)
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("滕头")
    expect(page.locator("figure.map svg.still")).to_be_visible()
    expect(page.locator("body")).to_have_css("background-color", "rgb(251, 248, 241)")
    page.goto(host.address + "milestones/phase-whole-area/")
    expect(page.locator("h1")).to_have_text("没有网络")
    expect(page.locator("body")).to_have_css("background-color", "rgb(251, 248, 241)")
    context.set_offline(False)
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator("h1")).not_to_have_text("没有网络")


@pytest.mark.parametrize(
    "broken", ["CacheStorage.prototype.open", "Cache.prototype.match", "Cache.prototype.put"]
)
def test_a_store_that_fails_withholds_nothing(host: Host, context: BrowserContext, broken: str) -> None:
    """Pages and their parts come from the network then, as if there were no worker; also on a full disk."""
    page = _open(context, host.address + AREA)
    (worker,) = context.service_workers
    worker.evaluate(f"() => {{ {broken} = () => Promise.reject(new Error('broken')) }}")
    page.goto(host.address + "milestones/phase-whole-area/")
    expect(page.locator("main h1")).to_contain_text("阶段")
    expect(page.locator("body")).to_have_css("background-color", "rgb(251, 248, 241)")


def test_a_kept_belt_goes_along(host: Host, context: BrowserContext) -> None:
    """Its page, its stops' pages and their maps work without a network; it tells its size and date; it can go."""
    page = _open(context, host.address + BELT)
    page.get_by_role("button", name="存到本机").click()
    status = page.locator(".keep__status")
    expect(status).to_contain_text("存在本机，共", timeout=20_000)
    links = page.locator(".stops h3 > a").evaluate_all("links => links.map((link) => link.href)")
    assert f"共{len(set(links)) + 1}页" in (status.text_content() or "")
    context.set_offline(True)
    for address in (host.address + BELT, *links):
        page.goto(address)
        if page.locator("figure[data-map]").count():
            page.get_by_role("button", name="打开互动地图").click()
            expect(page.locator("figure.map--live .leaflet-marker-icon").first).to_be_visible()
    page.goto(host.address + "offline/")
    expect(page.locator(".kept a")).to_have_text(page.locator(".kept a").inner_text())
    expect(page.locator(".kept p")).to_contain_text("页，约")
    page.get_by_role("button", name="从本机移除").click()
    expect(page.locator(".kept")).to_have_count(0)
    page.goto(links[0])
    expect(page.locator("h1")).to_have_text("没有网络")


def test_nothing_moves_when_the_worker_comes(host: Host, context: BrowserContext) -> None:
    """The button has kept its place on the page as it was read, and takes no click before it can be followed."""
    page = context.new_page()
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.before = [document.documentElement.scrollHeight, document.querySelector(".keep button").disabled]
        })"""
    )
    page.goto(host.address + BELT)
    expect(page.get_by_role("button", name="存到本机")).to_be_enabled()
    assert page.evaluate("before") == [page.evaluate("document.documentElement.scrollHeight"), True]


def test_without_a_worker_nothing_can_be_kept(browser: Browser, host: Host) -> None:
    """Neither without scripts nor where the browser has no service worker is there a button."""
    for settings in ({"java_script_enabled": False}, {}):
        context = browser.new_context(**PHONE, **settings)
        context.add_init_script("delete Navigator.prototype.serviceWorker")
        page = context.new_page()
        page.goto(host.address + BELT)
        expect(page.locator(".keep")).to_be_hidden()
        context.close()


def test_where_the_worker_does_not_start_there_is_no_button(browser: Browser, host: Host) -> None:
    """Neither in a frame, as in a preview, nor where it cannot be fetched."""
    context = browser.new_context(**PHONE)
    context.route("**/worker.js", lambda route: route.fulfill(status=404))
    page = context.new_page()
    page.goto(host.address + BELT)
    expect(page.locator(".keep")).to_be_hidden()
    context.unroute("**/worker.js")
    shown = (host.link / BELT / "index.html").read_bytes()  # without the headers, which forbid every frame
    context.route(f"**/{BELT}", lambda route: route.fulfill(body=shown, content_type="text/html"))
    frame = f'<!doctype html><iframe src="{host.address + BELT}"></iframe>'
    context.route("**/frame.html", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(f"{host.address}frame.html")
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    expect(page.frame_locator("iframe").locator(".keep")).to_be_hidden()
    context.close()


def test_keeping_a_belt_fails_whole(host: Host, context: BrowserContext) -> None:
    """Without a network nothing is kept, the reader is told, and the same button works later."""
    page = _open(context, host.address + BELT)
    context.set_offline(True)
    page.get_by_role("button", name="存到本机").click()
    expect(page.locator(".keep__status")).to_contain_text("没有存成")
    context.set_offline(False)
    page.get_by_role("button", name="存到本机").click()
    expect(page.locator(".keep__status")).to_contain_text("存在本机，共", timeout=20_000)


def test_two_builds_never_mix(host: Host, context: BrowserContext, second_site: Path) -> None:
    """A kept belt stays of the build it was kept from until it is seen anew, then it is all of the next one."""
    page = _open(context, host.address + BELT)
    page.get_by_role("button", name="存到本机").click()
    expect(page.locator(".keep__status")).to_contain_text("存在本机，共", timeout=20_000)
    host.put(second_site)
    _goto(page, host.address + AREA)
    assert _build_of(page) == {"second"}
    context.set_offline(True)
    page.goto(host.address + BELT)
    assert _build_of(page) == {"first"}
    page.goto(host.address + AREA)
    assert _build_of(page) == {"second"}
    context.set_offline(False)
    page.goto(host.address + BELT)
    assert _build_of(page) == {"second"}
    _until(page, _STORED_TITLE, [host.address + BELT, "第二版"])
    context.set_offline(True)
    page.reload()
    assert _build_of(page) == {"second"}


_STORED_TITLE = "async ([address, text]) => (await (await caches.match(address)).text()).includes(text)"


def test_a_page_left_open_over_a_deployment_takes_nothing_of_the_next(
    host: Host, context: BrowserContext, second_site: Path
) -> None:
    """Its map, opened afterwards, is refused rather than drawn with the places of another build."""
    page = _open(context, host.address + AREA)
    host.put(second_site)
    page.get_by_role("button", name="打开互动地图").click()
    expect(page.locator(".map__message")).to_be_visible()
    expect(page.locator("figure.map svg.still")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.map") is None


def test_a_page_left_open_says_when_its_map_is_another(
    host: Host, context: BrowserContext, real_site: Path, second_site: Path, tmp_path: Path
) -> None:
    """Where its scripts are still served, as by our settings, the places are not what it names: it asks to be reloaded."""
    page = _open(context, host.address + AREA)
    both = tmp_path / "both"
    shutil.copytree(second_site, both)
    shutil.copytree(real_site / "assets", both / "assets", dirs_exist_ok=True)
    host.put(both)
    page.get_by_role("button", name="打开互动地图").click()
    expect(page.locator(".map__message")).to_contain_text("刷新后可以打开互动地图")
    page.reload()
    assert _build_of(page) == {"second"}


def test_a_page_left_open_searches_what_is_there_now(
    host: Host, context: BrowserContext, second_site: Path
) -> None:
    """The index that it had opened is gone: it opens the new one by itself."""
    page = _open(context, host.address + AREA)
    page.get_by_role("button", name="搜索").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("滕头")
    expect(dialog.get_by_role("link").first).to_be_visible()
    host.put(second_site)
    dialog.get_by_role("searchbox").fill("第二版")
    expect(dialog.get_by_role("link").first).to_contain_text("第二版")


def test_old_files_go_when_no_page_needs_them(host: Host, context: BrowserContext, second_site: Path) -> None:
    """Stored files of the first build stay while a window is open, and go once every stored page is of the second."""
    page = _open(context, host.address + AREA)
    first = _stored_files(page)
    host.put(second_site)
    page.goto(host.address + AREA)
    _until(page, _STORED_TITLE, [host.address + AREA, "第二版"])
    assert first <= _stored_files(page)
    page.goto(host.address.removesuffix("sub/path/"))
    _until(page, _ONE_BUILD)
    page.goto(host.address + AREA)
    assert page.evaluate("document.documentElement.dataset.build") == "2"


_ONE_BUILD = """async () => {
  const [name] = (await caches.keys()).filter((key) => key.endsWith(" files"))
  const keys = await (await caches.open(name)).keys()
  return keys.filter(({ url }) => url.endsWith("/site.js")).length === 1
}"""


def _stored_files(page: Page) -> set[str]:
    return set(
        page.evaluate(
            """async () => {
              const names = (await caches.keys()).filter((key) => key.endsWith(" files"))
              const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
              return lists.flat().map(({ url }) => url)
            }"""
        )
    )


def test_icons_are_the_mark(real_address: str, browser: Browser) -> None:
    """The PNG icons show what mark.svg shows."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(real_address)
    apart = page.evaluate(
        """async () => {
          const manifest = await (await fetch("manifest.json")).json()
          const mark = document.querySelector("link[rel=icon]").href
          const draw = async (source) => {
            const image = new Image(256, 256)
            image.src = source
            await image.decode()
            const canvas = Object.assign(document.createElement("canvas"), { width: 256, height: 256 })
            const pen = canvas.getContext("2d")
            pen.drawImage(image, 0, 0, 256, 256)
            return pen.getImageData(0, 0, 256, 256).data
          }
          const wanted = await draw(mark)
          const plain = manifest.icons.filter(({ purpose }) => !purpose)
          return Promise.all(plain.map(async ({ src }) => {
            const drawn = await draw(src)
            return drawn.reduce((sum, value, at) => sum + Math.abs(value - wanted[at]), 0) / drawn.length
          }))
        }"""
    )
    assert len(apart) == 2
    assert max(apart) < 3
    context.close()
