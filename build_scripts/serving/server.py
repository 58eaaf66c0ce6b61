"""The preview on one local address: MkDocs' live-reload server, serving from memory.

It watches the project; after a change the preview takes it over and every open page reloads itself.
"""

from __future__ import annotations

import mimetypes
import posixpath
import urllib.parse
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from .preview import Preview

_OWN_NAMES = ("127.0.0.1", "localhost")  # by another a page elsewhere could read what is not published yet
_QUIET = 0.05  # seconds without a further change before what was saved is read


# That a file was read is no change, and to be told so of thousands while they are read would take longer than reading.
_CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
]
_FOLDERS: list[type[FileSystemEvent]] = [DirCreatedEvent, DirMovedEvent, DirDeletedEvent]


class _Changed(FileSystemEventHandler):
    """Tells of files that have been written, and whether one of some `folders` itself has come or gone."""

    def __init__(self, tell: Callable[[bool], None], folders: Collection[str] = ()) -> None:
        self._tell, self._folders = tell, folders

    def on_any_event(self, event: FileSystemEvent) -> None:
        is_folder = event.src_path in self._folders or event.dest_path in self._folders
        if is_folder or not (event.is_directory or self._folders):
            self._tell(is_folder)


class PreviewServer(LiveReloadServer):
    """Serves one preview; a page that is open reloads when the preview has changed.

    `announce` is told the port once the server listens there; port 0 takes any free one.
    """

    def __init__(self, preview: Preview, port: int, announce: Callable[[int], None]) -> None:
        super().__init__(self._refresh, "127.0.0.1", port, root=".")
        self._preview = preview
        self._announce = announce
        self.build_delay = _QUIET
        self.observer: Any = Observer()
        self._watched = preview.watched
        self._watched_paths = {str(path): 1 for path in self._watched}
        self._watch()

    def server_activate(self) -> None:
        """Listen, and say where."""
        super().server_activate()
        self._announce(self.server_port)

    def _watch(self) -> None:
        """Watch what is there now, and the folders around it for what comes and goes."""
        self.observer.unschedule_all()
        changed = _Changed(self._want_refresh)
        for path in filter(Path.exists, self._watched):
            self.observer.schedule(changed, str(path), recursive=path.is_dir(), event_filter=_CHANGES)
        around = _Changed(self._want_refresh, [str(path) for path in self._watched if not path.is_file()])
        for folder in {path.parent for path in self._watched}:
            self.observer.schedule(around, str(folder), recursive=False, event_filter=_FOLDERS)

    def _want_refresh(self, is_folder: bool) -> None:  # noqa: FBT001 (a handler's)
        if is_folder:
            self._watch()
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def _refresh(self) -> None:
        self._preview.refresh()

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        if environ.get("HTTP_HOST", "").partition(":")[0] not in _OWN_NAMES:
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return ["只接受本机的请求 (this machine only)\n".encode()]
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if path.startswith("/livereload/"):
            found: Iterable[bytes] | None = super()._serve_request(environ, start_response)
            return found
        with self._epoch_cond:
            self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
            epoch = self._visible_epoch
        name = posixpath.normpath(path).lstrip("/.")
        name = posixpath.join(name, "index.html") if path.endswith("/") else name
        content = self._preview.read(name)
        if content is None and self._preview.read(f"{name}/index.html") is not None:
            start_response("302 Found", [("Location", urllib.parse.quote(f"/{name}/"))])
            return []
        status = "200 OK"
        if content is None:
            status, name, content = "404 Not Found", "404.html", self._preview.read("404.html") or b""
        return self._answer(start_response, status, name, content, epoch)

    def _answer(
        self, start_response: Any, status: str, name: str, content: bytes, epoch: int
    ) -> Iterable[bytes]:
        if name.endswith(".html"):
            end = content.rfind(b"</body>") if b"</body>" in content else len(content)
            content = content[:end] + self._preview.overlay() + content[end:]
            content = self._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        headers = [("Content-Type", kind or "application/octet-stream"), ("Cache-Control", "no-store")]
        start_response(status, [*headers, ("Content-Length", str(len(content)))])
        return [content]
