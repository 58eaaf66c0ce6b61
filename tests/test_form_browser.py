"""The web form in a real Chromium: a record is added, checked, built and shown; a faulty one is refused."""

import base64
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT, copy_project
from pictures import jpeg
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLong

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.form.folder import build_hosted_form
from build_scripts.form.workbench import Workbench, make_server, prepare_form, serve_workbench
from build_scripts.reading.load import load_dataset
from build_scripts.records.city import GitHost

pytestmark = pytest.mark.browser
SLOW = 60_000
RECORD = "belts/areas/yunqi.yml"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder, silently."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the real records."""
    return copy_project(tmp_path_factory.mktemp("form"))


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """The address of `belts edit` for that checkout."""
    workbench = Workbench(project)
    prepare_form(workbench)
    server = make_server(workbench, 0)
    thread = threading.Thread(target=serve_workbench, args=(server, workbench), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A window of its own, that fails the test on errors and on requests to other hosts."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    unwanted = ("Content Security Policy", "service worker", "ServiceWorker", "fetching the script")
    page.on("console", lambda m: faults.append(m.text) if any(word in m.text for word in unwanted) else None)
    own = (address, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else faults.append(r.url))
    yield page
    context.close()
    assert faults == []


def scroll_down(form: FrameLocator) -> None:
    """Turn the mouse's wheel over the form."""
    box = form.owner.bounding_box()
    assert box is not None
    form.owner.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    form.owner.page.mouse.wheel(0, 400)
    form.owner.page.wait_for_timeout(100)


def field(form: FrameLocator, path: str) -> Locator:
    """A field by its path; fields are made as they are scrolled to, outer ones first."""
    steps = path.split(".")
    for count in range(1, len(steps) + 1):
        found = form.locator(f'[data-key-path="{".".join(steps[:count])}"]').first
        if count < len(steps) and steps[count - 1].isdecimal():
            continue
        for _ in range(60):
            if found.count():
                break
            scroll_down(form)
        found.scroll_into_view_if_needed()
    return found


def fill(form: FrameLocator, path: str, text: str) -> None:
    """Type a text into a field."""
    field(form, path).locator("input:not([type=radio]), textarea").first.fill(text)


def choose(form: FrameLocator, path: str, word: str) -> None:
    """Search a drop-down and take the one option that is left; a form that still scrolls closes it, so open it again."""
    box = field(form, path).get_by_role("combobox").first
    for patience in (2_000, 5_000, 10_000, 30_000):
        if box.get_attribute("aria-expanded") != "true":
            box.click()
        try:
            search = form.get_by_role("searchbox").last
            if search.is_visible():
                search.fill(word, timeout=patience)
            form.get_by_role("option", name=word).first.click(timeout=patience)
        except TooLong:
            continue
        return
    pytest.fail(f"{path} offers no {word}")


def add(form: FrameLocator, path: str) -> None:
    """Add an item to a list."""
    field(form, path).get_by_role("button", name="添加").last.click()


def go_to(page: Page, route: str) -> None:
    """Show another address of the form, which has been opened."""
    page.locator(".pane--form").evaluate(
        "(frame, hash) => { frame.contentWindow.location.hash = hash }", route
    )


def open_form(page: Page, address: str, route: str) -> FrameLocator:
    """The form at one of its own addresses, inside the page of `belts edit`."""
    page.goto(address)
    form = page.frame_locator(".pane--form")
    expect(form.get_by_role("radio", name="内容")).to_be_visible(timeout=SLOW)
    go_to(page, route)
    expect(form.locator('[data-key-path="name"]')).to_be_visible(timeout=SLOW)
    return form


def add_figure(form: FrameLocator, index: int, label: str, value: str) -> None:
    """Fill in one more figure."""
    add(form, "figures")
    at = f"figures.{index}"
    for name, text in (("label", label), ("value", value), ("unit", "户"), ("as_of", "2016")):
        fill(form, f"{at}.{name}", text)
    choose(form, f"{at}.source", "拼图")


def pick_point(form: FrameLocator, district: str) -> None:
    """Click on the map where a district's name stands."""
    point = field(form, "place.location")
    name = point.locator(".base-name", has_text=district).locator("span").bounding_box()
    assert name is not None
    form.owner.page.mouse.click(name["x"] + name["width"] / 2, name["y"] + name["height"] / 2)
    expect(point.get_by_label("经度")).not_to_have_value("")


def fill_in_area(form: FrameLocator) -> None:
    """A demonstration area with a point and two figures, the second with a fault."""
    fill(form, "id", "tengtou")
    fill(form, "name", "云栖示范片")
    for index, name in enumerate(("18:30", "007")):
        add(form, "other_names")
        fill(form, f"other_names.{index}", name)
    fill(form, "summary", "用来测试表单的一条记录。")
    fill(form, "published", "2026-11-20")
    choose(form, "place.district", "奉化区")
    pick_point(form, "奉化区")
    add_figure(form, 0, "参与农户", "820余")
    add_figure(form, 1, "新增岗位", "007")
    field(form, "setting").get_by_role("radio", name="乡村").click()
    fill(form, "since", "2016")


def test_an_area_is_added_refused_when_faulty_and_shown(page: Page, address: str, project: Path) -> None:
    """Point picked on the map, two figures, values like 18:30: canonical YAML that passes, and a page of the site.

    An id that another record has is refused in the form; the new record can be saved again, and named by others at once.
    """
    form = open_form(page, address, "#/collections/area/new")
    fill_in_area(form)
    form.get_by_role("button", name="保存").click()
    expect(field(form, "id")).to_contain_text("编号 tengtou 已经有了：滕头区域（示范片）")
    fill(form, "id", "yunqi")
    form.get_by_role("button", name="保存").click()
    faults = page.locator(".faults")
    expect(faults).to_contain_text("B505", timeout=SLOW)
    expect(faults).to_contain_text("数据 2 › 数值")
    assert not (project / RECORD).exists()
    form.get_by_role("button", name="确定").click()

    fill(form, "figures.1.value", "7")
    form.get_by_role("button", name="保存").click()
    expect(faults).to_be_hidden(timeout=SLOW)
    preview = page.frame_locator(".pane--preview")
    expect(preview.locator("h1")).to_have_text("云栖示范片", timeout=SLOW)
    expect(preview.locator("main")).to_contain_text("820余")

    text = (project / RECORD).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schemas/area.schema.json\nname: 云栖示范片\n")
    assert "other_names:\n  - 18:30\n  - 007\n" in text
    assert "    crs: wgs84\n    precision: district\n" in text
    assert "status" not in text
    assert main(["-C", str(project), "check"]) == 0
    assert main(["-C", str(project), "fmt", "--check", str(project / RECORD)]) == 0
    assert "云栖示范片" in (build_site(project).site / "areas/yunqi/index.html").read_text(encoding="utf-8")

    expect(field(form, "id").locator(".record-id")).to_have_text("yunqi")
    fill(form, "name_en", "Cloud nest")
    form.get_by_role("button", name="保存").click()
    expect(preview.locator("main")).to_contain_text("Cloud nest", timeout=SLOW)
    assert (project / RECORD).read_text(encoding="utf-8") == text.replace(
        "name: 云栖示范片\n", "name: 云栖示范片\nname_en: Cloud nest\n"
    )
    go_to(page, "#/collections/area/entries/tengtou")
    expect(field(form, "id").locator(".record-id")).to_have_text("tengtou", timeout=SLOW)
    choose(form, "related", "云栖示范片")
    expect(field(form, "related").get_by_role("listitem").last).to_contain_text("云栖示范片（示范片）")


def test_editing_a_record_changes_what_was_edited_alone(page: Page, address: str, project: Path) -> None:
    """Comments, order and spelling of everything else stay; a reference is found by its name."""
    path = project / "belts/areas/warm-home.yml"
    old = path.read_text(encoding="utf-8")
    path.write_text(old.replace("published:", "# 先核对日期\npublished:"), encoding="utf-8")
    old = path.read_text(encoding="utf-8")
    form = open_form(page, address, "#/collections/area/entries/warm-home")
    expect(field(form, "name").locator("input")).to_have_value("党建“温馨家园”示范片区")
    fill(form, "name_en", "Warm homes")
    choose(form, "related", "滕头区域")
    form.get_by_role("button", name="保存").click()
    expect(page.frame_locator(".pane--preview").locator("h1")).to_have_text(
        "党建“温馨家园”示范片区", timeout=SLOW
    )
    new = path.read_text(encoding="utf-8")
    assert "# 先核对日期\npublished:" in new
    changed = set(new.splitlines()) ^ set(old.splitlines())
    assert changed <= {line for line in (*new.splitlines(), *old.splitlines()) if "name_en" in line} | {
        "  - tengtou",
        "related:",
    }
    assert "name_en: Warm homes" in changed
    assert "  - tengtou" in new[new.index("related:") :]


def test_a_photo_is_added_with_its_text_credit_and_licence(page: Page, address: str, project: Path) -> None:
    """Without them it is not saved; with them the file stands in the record's folder and the page shows it."""
    form = open_form(page, address, "#/collections/area/entries/jinxi-five-villages")
    add(form, "photos")
    photo = {"name": "Gate 1.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    field(form, "photos.0.file").get_by_role("button", name="浏览").first.click()
    with page.expect_file_chooser() as chooser:
        form.get_by_role("dialog").get_by_role("button", name="上传").click()
    chooser.value.set_files(photo)
    form.get_by_role("dialog").get_by_role("button", name="插入").click()
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("此字段为必填项").first).to_be_attached()
    assert not (project / "belts/photos").exists()
    fill(form, "photos.0.alt", "村口的石桥和香樟树")
    fill(form, "photos.0.credit", "示例市融媒体中心")
    choose(form, "photos.0.licence", "CC BY 4.0")
    form.get_by_role("button", name="保存").click()
    preview = page.frame_locator(".pane--preview")
    expect(preview.get_by_alt_text("村口的石桥和香樟树")).to_be_attached(timeout=SLOW)
    assert (project / "belts/photos/gate-1.jpg").read_bytes() == photo["buffer"]
    text = (project / "belts/areas/jinxi-five-villages.yml").read_text(encoding="utf-8")
    assert "photos:\n  - file: photos/gate-1.jpg\n" in text


def test_a_place_is_found_by_name(page: Page, address: str) -> None:
    """The gazetteer's point fills the fields, and shows on the map."""
    form = open_form(page, address, "#/collections/workshop/new")
    point = field(form, "place.location")
    point.get_by_label("按地名找").fill("滕头村")
    point.get_by_role("button", name="查找").click()
    point.get_by_role("button", name="滕头村").first.click()
    expect(point.get_by_label("坐标系")).to_have_value("wgs84")
    expect(point.get_by_label("纬度", exact=True)).to_have_value("29.7097")
    expect(point.locator(".point-dot")).to_be_visible()
    point.get_by_role("button", name="清除坐标").click()
    expect(point.get_by_label("纬度", exact=True)).to_have_value("")


def test_the_page_beside_the_form_fits_a_phone(browser: Browser, address: str) -> None:
    """Form and preview take turns; nothing scrolls sideways; axe finds nothing in our own page."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".pane--preview")).to_be_hidden()
    page.get_by_role("button", name="预览").click()
    expect(page.frame_locator(".pane--preview").locator("h1")).to_be_visible(timeout=SLOW)
    expect(page.locator(".pane--form")).to_be_hidden()
    widths = page.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert widths[0] <= widths[1]
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    assert [violation["id"] for violation in found["violations"]] == []
    context.close()


def test_the_hosted_form_asks_for_a_token(browser: Browser, project: Path, tmp_path: Path) -> None:
    """A form for a Git host starts under its own policy, in Chinese, and names the host to sign in to."""
    host = GitHost(service="gitea", repository="example/belts", address="https://git.example.org")
    build_hosted_form(
        tmp_path, project / "node_modules", project / "site_templates", load_dataset(project), host
    )
    handler = partial(QuietHandler, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
    expect(page.get_by_role("button", name="使用访问令牌登录")).to_be_visible(timeout=SLOW)
    context.close()
    server.shutdown()
    server.server_close()


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a file as another editor does."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


HAS_DRAFT = """async () => {
  const settle = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) })
  const database = await settle(indexedDB.open("gitea:belts/belts"))
  const store = "draft-backups"
  const isThere = database.objectStoreNames.contains(store)
  const count = isThere ? await settle(database.transaction(store).objectStore(store).count()) : 0
  database.close()
  return count > 0
}"""


def leave_draft(page: Page, text: str) -> None:
    """Type a text into the summary, as the form only keeps what was typed, and leave when it is kept."""
    form = page.frame_locator(".pane--form")
    box = field(form, "summary").locator("textarea")
    box.click()
    box.press("Control+A")
    box.press_sequentially(text)
    (frame,) = (frame for frame in page.frames if frame.url.partition("#")[0].endswith("/form/"))
    while not frame.evaluate(HAS_DRAFT):
        page.wait_for_timeout(100)
    page.goto("about:blank")


def expect_refusal(form: FrameLocator, words: str) -> None:
    """Save, be told why not, and close the box."""
    form.get_by_role("button", name="保存").click()
    box = form.get_by_role("alertdialog")
    expect(box).to_contain_text(words, timeout=SLOW)
    box.get_by_role("button").last.click()


def test_a_save_never_undoes_what_others_have_changed(page: Page, address: str, project: Path) -> None:
    """A restored draft and an open form keep others' changes; a field that both changed is named and not written."""
    path = project / "belts/areas/jiangbei-nine-clusters.yml"
    route = "#/collections/area/entries/jiangbei-nine-clusters"
    note = "note: >\n  来源断行缺字，\n  片区的全称待核。"
    replace_in(path, "note: 来源此处断行缺字", f"{note}\n#")
    name_en = "name_en: Nine Party-building clusters of Jiangbei"

    open_form(page, address, route)
    leave_draft(page, "草稿里的简介。")
    replace_in(path, name_en, "name_en: Nine clusters")
    form = open_form(page, address, route)
    form.get_by_role("button", name="恢复").click()
    expect(field(form, "summary").locator("textarea")).to_have_value("草稿里的简介。")
    save = form.get_by_role("button", name="保存")
    save.click()
    expect(field(form, "name_en").locator("input")).to_have_value("Nine clusters", timeout=SLOW)
    text = path.read_text(encoding="utf-8")
    assert "summary: 草稿里的简介。\n" in text
    assert "name_en: Nine clusters\n" in text
    assert note in text

    fill(form, "summary", "第二次写的简介。")
    replace_in(path, "Nine clusters", "The nine clusters")
    save.click()
    expect(field(form, "name_en").locator("input")).to_have_value("The nine clusters", timeout=SLOW)
    assert "summary: 第二次写的简介。\n" in path.read_text(encoding="utf-8")

    fill(form, "summary", "我写的简介。")
    replace_in(path, "第二次写的简介。", "别人写的简介。")
    before = path.read_bytes()
    expect_refusal(form, "别处也改了：一句话介绍")
    expect_refusal(form, "别处也改了：一句话介绍")
    assert path.read_bytes() == before

    path.unlink()
    expect_refusal(form, "已被删除或改名")
    assert not path.exists()
    path.write_bytes(before)


MILESTONE = """name: 别人的大事
summary: 用来测试编号。
status: draft
published: 2026-11-20
period: '2017'
"""


def fill_in_milestone(form: FrameLocator, record: str) -> None:
    """All that a milestone must have."""
    for name, text in (
        ("name", "云栖大事"),
        ("summary", "一件。"),
        ("published", "2026-11-20"),
        ("period", "2018"),
    ):
        fill(form, name, text)
    fill(form, "id", record)


def test_a_new_record_keeps_the_id_that_was_typed(page: Page, address: str, project: Path) -> None:
    """Beside one with a number behind it too; never over a file that came meanwhile, be it unreadable."""
    folder = project / "belts/milestones"
    (folder / "nest-2017.yml").write_text(MILESTONE, encoding="utf-8")
    form = open_form(page, address, "#/collections/milestone/new")
    fill_in_milestone(form, "nest-2018")
    taken = folder / "nest-2018.yml"
    taken.write_text(": [\n", encoding="utf-8")
    expect_refusal(form, "编号 nest-2018 已经有了（belts/milestones/nest-2018.yml）")
    assert taken.read_text(encoding="utf-8") == ": [\n"
    taken.unlink()
    fill(form, "id", "nest")
    form.get_by_role("button", name="保存").click()
    expect(field(form, "id").locator(".record-id")).to_have_text("nest", timeout=SLOW)
    assert "name: 云栖大事\n" in (folder / "nest.yml").read_text(encoding="utf-8")
    assert {path.name for path in folder.glob("nest*")} == {"nest.yml", "nest-2017.yml"}


def test_what_others_are_called_is_asked_again(page: Page, address: str) -> None:
    """A list of records that cannot be read is told in words where it is needed, and read when it can be."""
    page.route("**/records.json", lambda route: route.fulfill(status=503))
    form = open_form(page, address, "#/collections/milestone/new")
    fill_in_milestone(form, "tengtou")
    expect(field(form, "related").get_by_role("alert")).to_contain_text("读不到已有的记录")
    save = form.get_by_role("button", name="保存")
    save.click()
    expect(field(form, "id")).to_contain_text("读不到已有的记录")
    page.unroute("**/records.json")
    fill(form, "id", "tengto")
    fill(form, "id", "tengtou")
    save.click()
    expect(field(form, "id")).to_contain_text("编号 tengtou 已经有了")


DRAFT = """name: 草图示范片
summary: 还没有写好。
status: draft
published: 2026-11-20
place:
  district: fenghua
setting: rural
since: 2016
"""
CREATE = """(content) => fetch("api/v1/repos/belts/belts/contents", {
  method: "POST",
  body: JSON.stringify({ files: [{ operation: "create", path: "belts/areas/sketch.yml", content }] }),
}).then((response) => response.status)"""


def test_the_state_is_told_as_it_is(page: Page, address: str, project: Path) -> None:
    """No sign of success over faults; the place of a draft's page says that a draft has none."""
    page.goto(address)
    state = page.locator(".state")
    expect(state).to_have_attribute("data-state", "good", timeout=SLOW)
    path = project / "belts/areas/tengtou.yml"
    replace_in(path, "name_en:", "nonsense: 1\nname_en:")
    expect(state).to_have_attribute("data-state", "bad", timeout=SLOW)
    expect(state).to_contain_text("1 处错误")
    replace_in(path, "nonsense: 1\n", "")
    expect(state).to_have_attribute("data-state", "good", timeout=SLOW)
    content = base64.b64encode(DRAFT.encode()).decode()
    assert page.evaluate(CREATE, content) == 201
    preview = page.frame_locator(".pane--preview")
    expect(preview.locator("h1")).to_have_text("网站上没有这一页", timeout=SLOW)
