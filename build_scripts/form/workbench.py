"""`belts edit`: the form, a live preview of the site and the checks, at one address on one's own machine.

Each save goes through `repository`; what is saved is taken over into the preview and shown. The server answers
this machine alone: it listens on the loopback interface, and refuses requests made under another host's name or
from another site's pages (DNS rebinding, cross-site requests).
"""

from __future__ import annotations

import json
import logging
import mimetypes
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ..editing.lookup import Candidate, find_candidates
from ..errors import UserError
from ..faults.diagnostics import Diagnostic, Problems
from ..faults.rules import Language
from ..kinds.registry import kind_in_folder
from ..layout import BELTS, CONTENT
from ..reading.load import Dataset, load_dataset
from ..records.city import Tiles
from ..serving.preview import Preview
from ..settings_files import read_settings_files
from ..storage.looks import Look, look_again, look_at
from ..web.policy import header_policy
from .faults import sum_up, tell_faults
from .folder import build_form, form_files, form_policy, list_records
from .repository import FaultyCommit, Refused, Repository

_LOG = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
_USUAL_PORT = 80
_LARGEST_BODY = 60_000_000
_PATIENCE = 20.0  # seconds a request for news waits
_API = "/api/v1"
_COMMON = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"font-src 'self'; frame-src 'self'; {_COMMON}"
)
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/geo+json", ".geojson")


# -- what is going on ----------------------------------------------------------------------------


@dataclass
class News:
    """What the page beside the form shows; `version` counts its changes."""

    version: int = 0
    is_building: bool = False
    built: int = 0
    address: str = ""
    failure: str = ""
    faults: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


class Workbench:
    """One checkout being edited: its repository, its preview and the news of both."""

    def __init__(self, root: Path, language: Language = Language.ZH) -> None:
        self.root = root
        self.language = language
        self.form = root / ".belts" / "form"
        self.preview = Preview(root)
        self.repository = Repository(root)
        self.site_policy = _framed(Tiles())
        self.news = News()
        self._alone = threading.Lock()  # one load, save or build at a time
        self._changed = threading.Condition()
        self._wanted = threading.Event()
        self._seen: Look | None = None

    def tell(self, **changes: Any) -> None:
        """Change the news and wake those who wait for it."""
        with self._changed:
            for name, value in changes.items():
                setattr(self.news, name, value)
            self.news.version += 1
            self._changed.notify_all()

    def await_news(self, known: int) -> dict[str, Any]:
        """The news as soon as it is newer than `known`, or as it is after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self.news.version != known, _PATIENCE)
            return dict(vars(self.news))

    def commit(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> Any:
        """Hand a request to the repository and tell what came of a save. Raises Refused, also when the disk refuses."""
        try:
            with self._alone:
                answer = self.repository.answer(path, query, body)
        except FaultyCommit as faulty:
            told = self._tell(faulty.diagnostics, faulty.edits)
            self.tell(refused=told)
            raise Refused(422, sum_up(told, faulty.edits)) from faulty
        except Problems as problems:
            told = self._tell(problems.diagnostics)
            self.tell(refused=told)
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, sum_up(told, ())) from problems
        if body is not None and path.endswith("/contents"):
            self.tell(refused=[], address=_address(answer["files"][-1]["path"]))
            self._wanted.set()
        return answer

    # -- the preview --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Check what is on disk, take it over into the preview, and tell the outcome, also that of a bug."""
        self._seen = self._look()
        self.tell(is_building=True)
        try:
            news = self._take_over()
        except Exception as error:  # noqa: BLE001 (a bug: its traceback is printed, and the builder goes on)
            _LOG.exception("belts edit")
            news = {"failure": f"{type(error).__name__}: {error}"}
        self.tell(is_building=False, **news)

    def _take_over(self) -> dict[str, Any]:
        with self._alone:
            is_sound = self.preview.refresh()
        told = self._tell(self.preview.diagnostics)
        failure = (
            "" if is_sound or any(fault["severity"] == "error" for fault in told) else self.preview.faults[0]
        )
        return {"failure": failure, "faults": told, "built": self.news.built + is_sound}

    def read_site(self, path: str) -> tuple[str, bytes] | None:
        """A file of the site with its full name; a folder's page for a path without a name. Raises Refused."""
        for name in (f"{path}index.html" if path.endswith("/") or not path else path, f"{path}/index.html"):
            try:
                content = self.preview.read(name)
            except UserError as error:
                raise Refused(503, str(error)) from None
            if content is not None:
                return name, content
        return None

    def _tell(
        self, diagnostics: Iterable[Diagnostic], edits: Mapping[str, bytes] = MappingProxyType({})
    ) -> list[dict[str, Any]]:
        def read(path: str) -> bytes:
            return edits[path] if path in edits else (self.root / path).read_bytes()

        return tell_faults(diagnostics, read, self.language)

    def keep_fresh(self, stopped: threading.Event) -> None:
        """Refresh after each save, and when files were changed by other means, until stopped."""
        self.refresh()
        while not stopped.is_set():
            if self._wanted.wait(1.0) or self._has_changed():
                self._wanted.clear()
                if not stopped.is_set():
                    self.refresh()

    def _watched(self) -> Iterator[str]:
        """The files and folders that the site is made from, as far as the settings can be read."""
        try:
            paths = self.preview.watched
        except UserError:
            paths = (self.root / BELTS, self.root / CONTENT, *read_settings_files(self.root))
        yield from map(str, paths)

    def _look(self) -> Look | None:
        """What stands there; nothing when it changes meanwhile or cannot be read."""
        with suppress(OSError):
            return look_at(self._watched())
        return None

    def _has_changed(self) -> bool:
        with suppress(OSError):
            return not self._seen or look_again(self._seen).seen != self._seen.seen
        return True

    def stop_waiting(self) -> None:
        """Wake the builder, so that it sees that it is stopped."""
        self._wanted.set()

    # -- small answers ---------------------------------------------------------------------------

    def list_records(self) -> list[list[str]]:
        """Id, name, kind and the kind's name of every record that can be read."""
        return list_records(self._load())

    def locate(self, query: str) -> list[dict[str, str]]:
        """The places that a name may mean, as the form's points."""
        return [_candidate(candidate) for candidate in find_candidates(self._load(), query)]

    def _load(self) -> Dataset:
        with self._alone:
            return load_dataset(self.root)


def _address(path: str) -> str:
    """The site's address of a record's file; its home for another file."""
    parts = path.removesuffix(".yml").split("/")
    kind = kind_in_folder(parts[-2])
    return f"{kind.url_folder}/{parts[-1]}/" if kind else ""


def _candidate(candidate: Candidate) -> dict[str, str]:
    district = candidate.district.name if candidate.district else ""
    position = candidate.position
    point = f"（{position.precision.label}）" if position else "（没有坐标）"
    label = f"{candidate.name}　{district}{candidate.township}{point}"
    if position is None:
        return {"label": label}
    return {
        "label": label,
        "lat": position.lat,
        "lon": position.lon,
        "crs": "wgs84",
        "precision": position.precision.value,
        "uncertainty_km": position.uncertainty_km,
        "basis": position.basis,
    }


def _framed(tiles: Tiles) -> str:
    """The site's own policy, but that the page beside the form may frame it."""
    return header_policy(tiles).replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def prepare_form(workbench: Workbench) -> None:
    """Put the form's folder together anew. Raises UserError."""
    root = workbench.root
    dataset = load_dataset(root)
    if dataset.city:
        workbench.site_policy = _framed(dataset.city.map.tiles)
    files = form_files(dataset)
    build_form(workbench.form, root / "node_modules", root / "site_templates", files)


# -- HTTP ----------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection; `workbench` is set on the class that `make_server` makes."""

    workbench: Workbench
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "belts", ""

    def do_GET(self) -> None:
        """Pages, files and questions."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Saves, and questions too long for an address."""
        self._answer(self._post)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class names it so)
        """Say nothing."""

    def _answer(self, respond: Callable[[str, dict[str, str]], None]) -> None:
        # What is left of a request would be read as another one: a page elsewhere could put anything there.
        self.close_connection |= "Transfer-Encoding" in self.headers or self._has_needless_body()
        try:
            address = urlsplit(self.path)
            self._refuse_strangers()
            respond(unquote(address.path), dict(parse_qsl(address.query)))
        except Refused as refused:
            self._refuse(str(refused), refused.status)
        except ConnectionError:
            self.close_connection = True
        except OSError as error:
            message = f"读不了文件 (a file cannot be read): {error.strerror or error}"
            self._refuse(message, HTTPStatus.INTERNAL_SERVER_ERROR)
        except (ValueError, RecursionError):
            self._refuse("请求写得不对 (a malformed request)", HTTPStatus.BAD_REQUEST)

    def _has_needless_body(self) -> bool:
        return self.command != "POST" and self.headers.get("Content-Length", "0") != "0"

    def _refuse(self, message: str, status: int) -> None:
        """Answer before the body of the request may have been read: nothing more is taken from the connection."""
        self.close_connection = True
        self._send_json({"message": message}, status)

    def _refuse_strangers(self) -> None:
        port = self.connection.getsockname()[1]
        own = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
        if port == _USUAL_PORT:  # which browsers leave out
            own |= {LOOPBACK, "localhost"}
        if self.headers.get("Host") not in own:
            raise Refused(403, "只接受本机的请求 (this machine only)")
        origin = self.headers.get("Origin")
        is_foreign = origin is not None and origin not in {f"http://{name}" for name in own}
        is_foreign |= self.headers.get("Sec-Fetch-Site") == "cross-site" and self.command != "GET"
        if is_foreign or (self.command == "POST" and origin is None):
            raise Refused(403, "只接受本页面的请求 (this site's pages only)")

    def _get(self, path: str, query: dict[str, str]) -> None:
        bench = self.workbench
        if path.startswith(f"{_API}/"):
            answer = bench.commit(path.removeprefix(_API), query, None)
            if isinstance(answer, bytes):
                self._send(answer, "application/octet-stream", HTTPStatus.OK, "default-src 'none'; sandbox")
            else:
                self._send_json(answer)
        elif path == "/api/news":
            self._send_json(bench.await_news(int(query.get("known", "-1"))))
        elif path == "/api/locate":
            self._send_json(bench.locate(query.get("name", "")))
        elif path == "/form/records.json":
            self._send_json(bench.list_records())
        elif path == "/":
            self._send_file(bench.form, "workbench.html", PAGE_POLICY)
        elif path.startswith("/form/"):
            policy = f"{form_policy()}; frame-ancestors 'self'"
            self._send_file(bench.form, path.removeprefix("/form/"), policy)
        else:
            self._send_page(path.removeprefix("/site/"))

    def _send_page(self, path: str) -> None:
        """A file of the site as it would be; a folder's address gets its slash, a missing page says why it is missing."""
        found = self.workbench.read_site(path)
        if found is None and "text/html" in self.headers.get("Accept", ""):
            page = self.workbench.form / "missing.html"
            self._send(page.read_bytes(), _kind(page.name), HTTPStatus.NOT_FOUND, PAGE_POLICY)
            return
        if found is None:
            raise Refused(404, "没有这个地址 (not found)")
        name, content = found
        if name == f"{path}/index.html":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", f"/site/{quote(path)}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(content, _kind(name), HTTPStatus.OK, self.workbench.site_policy)

    def _post(self, path: str, query: dict[str, str]) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError(length)
        if length > _LARGEST_BODY:
            raise Refused(413, "太大了 (too large)")
        try:
            body = json.loads(self.rfile.read(length))
        except ValueError:
            raise Refused(400, "请求不是 JSON (no JSON)") from None
        if not path.startswith(f"{_API}/") or not isinstance(body, dict):
            raise Refused(404, "没有这个地址 (not found)")
        self._send_json(self.workbench.commit(path.removeprefix(_API), query, body), HTTPStatus.CREATED)

    def _send_file(self, folder: Path, name: str, policy: str) -> None:
        path = (folder / name).resolve()
        if path.is_dir():
            path /= "index.html"
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise Refused(404, "没有这个地址 (not found)")
        self._send(path.read_bytes(), _kind(path.name), HTTPStatus.OK, policy)

    def _send_json(self, value: Any, status: int = HTTPStatus.OK) -> None:
        self._send(
            json.dumps(value, ensure_ascii=False).encode(), "application/json", status, "default-src 'none'"
        )

    def _send(self, content: bytes, kind: str, status: int, policy: str) -> None:
        self.send_response(status)
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", f"{kind}{charset}")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def make_server(workbench: Workbench, port: int) -> ThreadingHTTPServer:
    """A server on the loopback interface that is not answering yet; port 0 takes any free one."""
    handler = type("Handler", (_Handler,), {"workbench": workbench})
    server = ThreadingHTTPServer((LOOPBACK, port), handler)
    server.daemon_threads = True
    return server


def serve_workbench(server: ThreadingHTTPServer, workbench: Workbench) -> None:
    """Answer and build until the server is shut down."""
    stopped = threading.Event()
    builder = threading.Thread(target=workbench.keep_fresh, args=(stopped,), daemon=True)
    builder.start()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        stopped.set()
        workbench.stop_waiting()
        server.server_close()
        builder.join()
