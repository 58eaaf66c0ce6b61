"""The server of `belts edit`: whom it answers, what it serves, and what it tells the page beside the form."""

import json
import logging
import resource
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from conftest import copy_project, copy_site
from test_form_repository import AREA, change, files_of

from build_scripts.form.folder import form_files
from build_scripts.form.repository import hash_blob
from build_scripts.form.workbench import Workbench, make_server, prepare_form
from build_scripts.reading.load import load_dataset
from build_scripts.serving.preview import Preview

SAVE = "/api/v1/repos/belts/belts/contents"


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A workbench over a copy of the real records, whose preview nobody refreshes."""
    bench = Workbench(copy_project(tmp_path_factory.mktemp("bench")))
    prepare_form(bench)
    return bench


@pytest.fixture(scope="module")
def port(workbench: Workbench) -> Iterator[int]:
    """Where it answers."""
    server = make_server(workbench, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def ask(port: int, path: str, body: object = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, content and headers of one request; by default as this machine's own page makes it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    method = "GET" if body is None else "POST"
    own = {"Origin": f"http://127.0.0.1:{port}"} if body is not None else {}
    content = body if isinstance(body, str) or body is None else json.dumps(body)
    connection.request(method, path, content, {**own, **headers})
    response = connection.getresponse()
    answer = response.status, response.read(), dict(response.getheaders())
    connection.close()
    return answer


def test_it_listens_on_this_machine_only(workbench: Workbench) -> None:
    """The loopback interface, whatever the port."""
    server = make_server(workbench, 0)
    assert server.server_address[0] == "127.0.0.1"
    server.server_close()


@pytest.mark.parametrize(
    ("file", "bad"),
    [
        ("content/about.md", "---\ntitle: 甲\n---\n<<<<<<< HEAD\n"),
        ("mkdocs.yml", "<<<<<<< HEAD\n"),
        ("belts/areas/east-bank.yml", "name：甲\n"),
    ],
)
def test_what_is_changed_beside_the_form_is_seen(tmp_path: Path, file: str, bad: str) -> None:
    """A page, the settings and a record, broken and mended in an editor of one's own."""
    project = copy_site("second-city", tmp_path)
    bench, stopped = Workbench(project), threading.Event()
    builder = threading.Thread(target=bench.keep_fresh, args=(stopped,), daemon=True)
    builder.start()
    try:
        sound = (project / file).read_bytes()
        _await(bench, is_sound=True)
        (project / file).write_text(bad, encoding="utf-8")
        _await(bench, is_sound=False)
        (project / file).write_bytes(sound)
        _await(bench, is_sound=True)
    finally:
        stopped.set()
        bench.stop_waiting()
        builder.join()


def _await(bench: Workbench, *, is_sound: bool) -> None:
    """Until the form tells of faults, or of none."""
    known = -1
    for _ in range(20):
        news = bench.await_news(known)
        known = news["version"]
        is_faulty = bool(news["failure"] or news["faults"])
        if news["built"] + is_faulty and not news["is_building"] and is_faulty is not is_sound:
            return
    pytest.fail(f"{news}")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_hosts_name_is_refused(port: int, host: str) -> None:
    """DNS rebinding: a foreign name that leads here gets nothing."""
    status, content, _ = ask(port, "/form/form.json", Host=host)
    assert status == 403
    assert "config" not in content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_page_cannot_save(port: int, workbench: Workbench, headers: dict[str, str]) -> None:
    """Cross-site requests are refused before they are read."""
    before = (workbench.root / AREA).read_bytes()
    body = change(AREA, "name: x\n", sha=hash_blob(before))
    assert ask(port, SAVE, body, **headers)[0] == 403
    assert (workbench.root / AREA).read_bytes() == before


@pytest.mark.parametrize(
    "outer",
    [
        "POST / HTTP/1.1\r\nHost: evil.example:{port}\r\nContent-Length: {length}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n",
        "GET /form/none HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /none HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nContent-Length: x\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n",
    ],
)
def test_a_body_is_never_read_as_a_request(port: int, workbench: Workbench, outer: str) -> None:
    """A page elsewhere may put anything into a body, a save under our own name included."""
    path = "belts/sources/planted.yml"
    content = json.dumps(change(path, "name: x\n"))
    own = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nContent-Length: {len(content)}"
    inner = f"POST {SAVE} HTTP/1.1\r\n{own}\r\n\r\n{content}"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall((outer.format(port=port, length=len(inner)) + inner).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer
    assert not (workbench.root / path).exists()


@pytest.mark.parametrize(
    "path", ["/form/%00", "/api/news?known=x", "/api/v1/repos/belts/belts/git/trees/main?page=x"]
)
def test_a_malformed_request_is_answered(port: int, path: str) -> None:
    """With a word about it, not a traceback in the terminal."""
    status, content, _ = ask(port, path)
    assert status == 400
    assert "malformed" in content.decode()


def test_a_body_nested_too_deep_is_refused(port: int) -> None:
    assert ask(port, SAVE, "[" * 100_000)[0] == 400


def test_a_save_needs_an_origin(port: int) -> None:
    """Every browser sends one with a POST."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", SAVE, "{}")
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/form/../../mkdocs.yml",
        "/form/..%2f..%2fmkdocs.yml",
        "/form/%2e%2e/%2e%2e/mkdocs.yml",
        "/form//etc/passwd",
        "/site/../../belts/city.yml",
        "/../mkdocs.yml",
        "/nothing",
        "/form/nothing.js",
        "/api/v1/nothing",
    ],
)
def test_only_the_forms_and_the_sites_files_are_served(port: int, path: str) -> None:
    """No path leads out of the two folders."""
    assert ask(port, path)[0] == 404


def test_every_answer_has_a_policy(port: int) -> None:
    """Nothing loads from elsewhere; scripts are files, never text in a page."""
    for path in ("/", "/form/", "/form/form.js", "/form/records.json"):
        status, _, headers = ask(port, path)
        assert status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[]", 404), ("{}", 400)])
def test_a_malformed_request_is_refused(port: int, body: str, status: int) -> None:
    """With a reason, not with a traceback."""
    found, content, _ = ask(port, SAVE, body)
    assert found == status
    assert json.loads(content)["message"]


def test_a_faulty_save_is_told_by_field_names(port: int, workbench: Workbench) -> None:
    """The form gets a few lines, the page beside it every fault; the file stays."""
    text = (workbench.root / AREA).read_text(encoding="utf-8")
    body = change(AREA, text.replace("value: 3\n", "value: 007\n"), sha=hash_blob(text.encode()))
    status, content, _ = ask(port, SAVE, body)
    assert status == 422
    assert "数据 3 › 数值" in json.loads(content)["message"]
    _, content, _ = ask(port, "/api/news?known=-1")
    (fault,) = json.loads(content)["refused"]
    assert (fault["code"], fault["field"], fault["path"]) == ("B505", "数据 3 › 数值", AREA)
    assert (workbench.root / AREA).read_text(encoding="utf-8") == text


def test_a_save_that_breaks_other_records_names_them(port: int, workbench: Workbench) -> None:
    """A draft that others still name: the box says where."""
    text = (workbench.root / AREA).read_text(encoding="utf-8")
    body = change(
        AREA, text.replace("published:", "status: draft\npublished:", 1), sha=hash_blob(text.encode())
    )
    status, content, _ = ask(port, SAVE, body)
    assert status == 422
    assert "和美家园精品带 › 站点（按顺序） 2 › 站点记录：引用了草稿" in json.loads(content)["message"]


def test_a_full_disk_is_told_and_changes_nothing(port: int, workbench: Workbench) -> None:
    """The answer says what the system said; every file is as it was, and nothing is left beside it."""
    before = files_of(workbench.repository)
    body = change(
        AREA,
        before[(workbench.root / AREA).as_posix()].decode(),
        sha=hash_blob((workbench.root / AREA).read_bytes()),
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        status, content, _ = ask(port, SAVE, body)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status == 507
    assert "File too large" in json.loads(content)["message"]
    assert files_of(workbench.repository) == before


def test_a_page_that_is_not_on_the_site_is_told_in_words(port: int) -> None:
    """A draft has none: a browser gets a page, a script the plain answer."""
    status, content, headers = ask(port, "/site/areas/nothing/", Accept="text/html,*/*")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "草稿" in content.decode()
    assert json.loads(ask(port, "/site/areas/nothing/", Accept="*/*")[1])


def test_a_save_clears_the_faults_and_names_the_page(port: int, workbench: Workbench) -> None:
    """The page beside the form goes to the record that was saved."""
    text = (workbench.root / AREA).read_text(encoding="utf-8")
    body = change(AREA, text.replace("Tengtou area", "Tengtou"), sha=hash_blob(text.encode()))
    assert ask(port, SAVE, body)[0] == 201
    news = json.loads(ask(port, "/api/news?known=-1")[1])
    assert news["refused"] == []
    assert news["address"] == "areas/tengtou/"


def test_places_are_found_by_name(port: int) -> None:
    """With a point as the form's map takes it."""
    found = json.loads(ask(port, "/api/locate?name=%E6%BB%95%E5%A4%B4%E6%9D%91")[1])
    assert found[0]["label"].startswith("滕头村")
    assert found[0]["crs"] == "wgs84"


def test_the_form_asks_no_other_host(workbench: Workbench) -> None:
    """The bundle's fonts, texts and modules are the folder's own."""
    script = (workbench.form / "cms/npm/index.js").read_text(encoding="utf-8")
    assert "url(https://" not in script
    assert "import(`immutable`)" not in script
    assert not list(Path(workbench.form).rglob("*.map"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("belts/city.yml", "title:", "titel:"), ("belts/geo/districts.geojson", "Polygon", "Polyline")],
)
def test_the_form_opens_with_a_faulty_city(tmp_path: Path, file: str, old: str, new: str) -> None:
    """Where else could it be mended? The map draws what can be read."""
    path = copy_project(tmp_path) / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    dataset = load_dataset(path.parents[len(Path(file).parts) - 1])
    assert dataset.diagnostics
    assert json.loads(form_files(dataset)["base.geojson"])["type"] == "FeatureCollection"


def test_a_list_in_the_place_of_a_record_is_told(tmp_path: Path) -> None:
    """A fault that lies in no field has no field's name."""
    bench = Workbench(copy_project(tmp_path))
    (bench.root / AREA).write_text("- 13812345678\n", encoding="utf-8")
    bench.refresh()
    assert {fault["code"] for fault in bench.news.faults if fault["path"] == AREA} >= {"B902"}
    assert not bench.news.is_building


def test_missing_libraries_are_told(tmp_path: Path) -> None:
    """They may be removed while it runs."""
    bench = Workbench(copy_project(tmp_path))
    (bench.root / "node_modules").unlink()
    bench.refresh()
    assert "make setup" in bench.news.failure
    assert not bench.news.is_building


class PlantedPreview(Preview):
    """A preview with a bug."""

    def refresh(self) -> bool:
        """Raise what nobody expects."""
        raise AssertionError("planted")


def test_a_bug_is_told_and_logged(workbench: Workbench, caplog: pytest.LogCaptureFixture) -> None:
    """The page does not stay at "building"; the traceback is for whoever mends it."""
    bench = Workbench(workbench.root)
    bench.preview = PlantedPreview(workbench.root)
    with caplog.at_level(logging.ERROR):
        bench.refresh()
    assert (bench.news.is_building, bench.news.failure) == (False, "AssertionError: planted")
    assert "in refresh" in caplog.text
