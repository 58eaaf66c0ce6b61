"""A checkout as a Git host shows it to the form: files with their hashes, and commits that change some.

The form speaks to a Gitea server's REST API (https://docs.gitea.com/api/); this is the small part of it that it
asks for. A commit goes through our own layout and checks, and writes every file whole or none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from ..checks import check_dataset
from ..editing.canonical import Models, format_document
from ..editing.edits import Changed, Edits, rehearse_edits, take_snapshot, writing
from ..faults.diagnostics import Diagnostic, Problems, diagnose_file, select_errors, sort_diagnostics
from ..kinds.registry import kind_in_folder
from ..layout import BELTS
from ..photos.originals import PhotoFault, read_photo
from ..reading.inventory import CITY_FILE, PHOTOS_FOLDER, take_inventory
from ..reading.load import load_dataset
from ..records.city import City
from ..records.document import MAX_BYTES
from ..records.yaml_text import decode_document

BRANCH = "main"
OWNER, NAME = "belts", "belts"
_API = f"/repos/{OWNER}/{NAME}"
_VERSION = "1.24.0"
_USER = {"id": 1, "login": "editor", "full_name": "本机", "email": "", "avatar_url": "", "html_url": ""}
_LIMITS = {
    "default_paging_num": 1000,
    "max_response_items": 1000,
    "default_max_blob_size": MAX_BYTES,
    "default_max_response_size": 50_000_000,
}
_PHOTO = re.compile(
    rf"{PHOTOS_FOLDER}/(?:[a-z0-9-]+/)?[A-Za-z0-9][A-Za-z0-9._-]*\.(?!yml$)[a-z0-9]+", re.IGNORECASE
)
"""Whatever its ending says: what the file holds is judged, and the editor told what to do with another format."""

_RECORD = re.compile(r"([a-z]+)/([a-z0-9-]+)\.yml")


class Refused(Exception):
    """A request that cannot be met: `status` is HTTP's, the message is for the editor."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class FaultyCommit(Problems):
    """A commit that would leave errors; `edits` are the bytes that they are errors in."""

    def __init__(self, diagnostics: Iterable[Diagnostic], edits: Edits) -> None:
        super().__init__(diagnostics)
        self.edits = {name: content for name, content in edits.items() if content is not None}


@dataclass
class Repository:
    """The records of one checkout; one commit at a time."""

    root: Path
    _lock: Lock = field(default_factory=Lock)
    _hashes: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    # -- reading ---------------------------------------------------------------------------------

    def answer(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> Any:
        """The answer to a request below the API's root: bytes of a file, else what JSON holds.

        Raises Refused and FaultyCommit.
        """
        if path == f"{_API}/contents" and body is not None:
            return self.commit(body)
        if path.startswith(f"{_API}/media/{BRANCH}/"):
            return self._read(path.removeprefix(f"{_API}/media/{BRANCH}/"))
        if path == f"{_API}/file-contents" and body is not None:
            known = set(self._names())
            return [self._content(name) for name in map(str, body.get("files", [])) if name in known]
        if path.startswith(f"{_API}/git/trees/"):
            return self._tree(int(query.get("page", "1")))
        fixed = {
            "/version": {"version": _VERSION},
            "/user": _USER,
            "/settings/api": _LIMITS,
            _API: {"permissions": {"pull": True, "push": True}, "default_branch": BRANCH},
            f"{_API}/commits": [],
        }
        if path == f"{_API}/branches/{BRANCH}":
            return {"commit": {"id": self.head(), "message": ""}}
        if path not in fixed:
            raise Refused(404, "没有这个地址 (not found)")
        return fixed[path]

    def _read(self, name: str) -> bytes:
        if name not in set(self._names()):
            raise Refused(404, f"没有这个文件 (no such file): {name}")
        return (self.root / name).read_bytes()

    def head(self) -> str:
        """A hash of all files: it changes when any of them does."""
        listed = "\n".join(f"{name} {sha}" for name, _, sha in self.blobs())
        return hashlib.sha1(listed.encode(), usedforsecurity=False).hexdigest()

    def _names(self) -> Iterator[str]:
        """The city, the records and the photos, as paths inside the project, sorted."""
        base = self.root / BELTS
        inventory = take_inventory(base)
        inside = [*inventory.records, *inventory.photos]
        inside += [CITY_FILE] if (base / CITY_FILE).is_file() else []
        yield from (f"{BELTS}/{name}" for name in sorted(inside))

    def blobs(self) -> Iterator[tuple[str, int, str]]:
        """Path, size and hash of each of them; not of one that is gone meanwhile, or cannot be read."""
        for name in self._names():
            with suppress(OSError):
                yield name, (self.root / name).stat().st_size, self._hash(name)

    def _hash(self, name: str) -> str:
        """Git's own hash of a file's bytes, kept until its size or time of change differs."""
        path = self.root / name
        state = path.stat()
        size, changed, known = self._hashes.get(name, (-1, -1, ""))
        if (size, changed) == (state.st_size, state.st_mtime_ns):
            return known
        found = hash_blob(path.read_bytes())
        self._hashes[name] = (state.st_size, state.st_mtime_ns, found)
        return found

    def _tree(self, page: int) -> dict[str, Any]:
        blobs = list(self.blobs())
        start, most = (page - 1) * _LIMITS["max_response_items"], _LIMITS["max_response_items"]
        rows = [
            {"path": name, "type": "blob", "sha": sha, "size": size}
            for name, size, sha in blobs[start : start + most]
        ]
        return {"tree": rows, "truncated": start + most < len(blobs)}

    def _content(self, name: str) -> dict[str, Any]:
        content = base64.b64encode((self.root / name).read_bytes()).decode()
        return {"path": name, "sha": self._hash(name), "encoding": "base64", "content": content}

    # -- writing ---------------------------------------------------------------------------------

    def commit(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write the files of one commit, all or none. Raises Refused and FaultyCommit."""
        files = body.get("files")
        if not isinstance(files, list) or not files:
            raise Refused(400, "没有要保存的文件 (no files)")
        with self._lock, _refusing_changed():
            before = take_snapshot(self.root)
            edits = dict(sorted(map(self._edit, files), key=lambda edit: edit[0].endswith(".yml")))
            with writing(before, edits):
                if new := self._find_new_faults(edits):
                    raise FaultyCommit(new, edits)
                self._keep_named(name for name, content in edits.items() if content is None)
        when = body.get("dates", {}).get("author", "")
        saved = [
            {"path": name, "sha": "" if content is None else hash_blob(content)}
            for name, content in edits.items()
        ]
        return {"commit": {"sha": self.head(), "created": when}, "files": saved}

    def _edit(self, file: Any) -> tuple[str, bytes | None]:
        """The path and the new bytes of one file of a commit; None for a photo that goes."""
        if not isinstance(file, dict):
            raise Refused(400, "请求不完整 (malformed request)")
        name, operation = str(file.get("path")), file.get("operation")
        path, model = self._place(name)
        if operation == "create" and path.exists():
            raise Refused(409, f"编号已经有了，换一个 (the id is taken): {name}")
        is_known = path.is_file() and file.get("sha") == hash_blob(path.read_bytes())
        if operation in ("update", "delete") and not is_known:
            raise _say_changed(name)
        if operation == "delete" and _PHOTO.fullmatch(name.removeprefix(f"{BELTS}/")):
            return name, None
        if operation not in ("create", "update") or file.get("from_path") not in (None, "", name):
            raise Refused(422, "改名用 belts rename，撤下用 belts retire (rename and retire by command)")
        content = _decode(file.get("content"))
        if not name.endswith(".yml"):
            return name, _judge(name, content)
        return name, self._lay_out(name, content, model)

    def _place(self, name: str) -> tuple[Path, Models]:
        """The place and the model of a file that the form may write. Raises Refused for any other path."""
        inside = name.removeprefix(f"{BELTS}/")
        match = _RECORD.fullmatch(inside)
        kind = kind_in_folder(match[1]) if match else None
        is_known = inside == CITY_FILE or kind is not None or _PHOTO.fullmatch(inside) is not None
        if not name.startswith(f"{BELTS}/") or not is_known:
            raise Refused(403, f"表单不能写这个文件 (not a record): {name}")
        path = self.root / name
        if path.is_symlink() or path.parent.is_symlink():
            raise Refused(403, f"文件是符号链接 (a symbolic link): {name}")
        return path, kind.model if kind else City

    @staticmethod
    def _lay_out(name: str, content: bytes, model: Models) -> bytes:
        """The file in its canonical layout; one that cannot be read stays as it is, for the checks to say why."""
        document = decode_document(name, content)
        return content if select_errors(document.diagnostics) else format_document(document, model).encode()

    def _keep_named(self, gone: Iterable[str]) -> None:
        """See that no record names a photo that goes, not even one that cannot be read. Raises Refused."""
        photos = [name.removeprefix(f"{BELTS}/") for name in gone]
        faulty = load_dataset(self.root).faulty if photos else ()
        for path, content in faulty:
            if any(name.encode() in content for name in photos):
                raise Refused(
                    409, f"{path} 里写着这张照片，而它现在读不了；先改好它 (a faulty record names it)"
                )

    def _find_new_faults(self, edits: Edits) -> tuple[Diagnostic, ...]:
        """The errors that a commit would bring; those that were there in other files do not hinder it."""
        after = select_errors(rehearse_edits(self.root, edits))
        if not after:
            return ()
        before = set(select_errors(check_dataset(load_dataset(self.root))))
        return sort_diagnostics(d for d in after if d not in before or d.path in edits)


def hash_blob(content: bytes) -> str:
    """Git's name of a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def _refusing_changed() -> Iterator[None]:
    """Word for the form what a command at work meanwhile has changed."""
    try:
        yield
    except Changed as changed:
        raise _say_changed(changed.diagnostics[0].path) from changed


def _say_changed(name: str) -> Refused:
    return Refused(409, f"文件刚在别处改动，请再保存一次 (changed elsewhere, save again): {name}")


def _judge(name: str, content: bytes) -> bytes:
    """A photo's bytes. Raises FaultyCommit when they are no photo that can be shown."""
    try:
        read_photo(name, content)
    except PhotoFault as fault:
        values = {"file": name, **fault.values}
        raise FaultyCommit([diagnose_file(name, fault.code, **values)], {}) from None
    return content


def _decode(content: object) -> bytes:
    try:
        return base64.b64decode(str(content), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(400, "文件内容不是 base64 (content is no base64)") from None
