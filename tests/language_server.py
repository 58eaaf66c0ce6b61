"""A client of the YAML language server over stdio: just enough of the protocol to ask what an editor asks."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "node_modules/yaml-language-server/bin/yaml-language-server"


class LanguageServer:
    """A running server. Files are opened by their text; positions count from 0, as the protocol does."""

    def __init__(self, seconds: float = 60) -> None:
        self._seconds = seconds
        self._next = 0
        self._answers: dict[int, Any] = {}
        self._diagnostics: dict[str, list[Any]] = {}
        self._messages: Queue[dict[str, Any] | None] = Queue()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.request("initialize", processId=None, rootUri=ROOT.as_uri(), capabilities=_CAPABILITIES)
        self._notify("initialized")
        self._notify("workspace/didChangeConfiguration", settings=_SETTINGS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, path: Path, text: str) -> str:
        """Open a file with this text; its address."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", textDocument=document)
        return path.as_uri()

    def diagnostics(self, uri: str) -> list[Any]:
        """The diagnostics of an opened file, once the server has published them."""
        while uri not in self._diagnostics:
            self._take()
        return self._diagnostics[uri]

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """The answer to a question about a place in an opened file."""
        position = {"line": line, "character": character}
        return self.request(f"textDocument/{method}", textDocument={"uri": uri}, position=position)

    def request(self, method: str, **parameters: Any) -> Any:
        """The result of a request."""
        self._next += 1
        number = self._next
        self._send({"id": number, "method": method, "params": parameters})
        while number not in self._answers:
            self._take()
        return self._answers.pop(number)

    def _notify(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _take(self) -> None:
        """Handle one message of the server."""
        try:
            message = self._messages.get(timeout=self._seconds)
        except Empty:
            raise TimeoutError(f"the language server said nothing for {self._seconds} s") from None
        if message is None:
            raise EOFError("the language server has ended")
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": _answer(message)})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            self._answers[message["id"]] = message.get("result")

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)


_CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True, "didChangeConfiguration": {}},
}
_SETTINGS = {
    "yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False, "url": ""}}
}


def _answer(message: dict[str, Any]) -> Any:
    """What an editor answers when the server asks for its settings."""
    if message["method"] == "workspace/configuration":
        sections = (item.get("section", "") for item in message["params"]["items"])
        return [_SETTINGS.get(section, {}) for section in sections]
    return None
