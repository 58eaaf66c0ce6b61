"""The preview on one local address: MkDocs' live-reload server, serving from memory.

It watches the project; after a change the preview takes it over and every open page reloads itself.
"""

from __future__ import annotations

import mimetypes
import posixpath
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer
from watchdog.events import (
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from .preview import Preview

_QUIET = 0.05  # seconds without a further change before what was saved is read


# That a file was read is no change, and to be told so of thousands while they are read would take longer than reading.
_CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
]


class _Changed(FileSystemEventHandler):
    """Tells of what has been written."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not event.is_directory:
            self._tell()


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
        changed, watched = _Changed(self._want_refresh), preview.watched
        for path in watched:
            self.observer.schedule(changed, str(path), recursive=path.is_dir(), event_filter=_CHANGES)
        self._watched_paths = {str(path): 1 for path in watched}

    def server_activate(self) -> None:
        """Listen, and say where."""
        super().server_activate()
        self._announce(self.server_port)

    def _want_refresh(self) -> None:
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def _refresh(self) -> None:
        self._preview.refresh()

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
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
