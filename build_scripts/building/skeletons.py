"""The skeletons kept between builds: MkDocs runs again when something it reads has changed, records not being it.

Each is a folder of its own: files, and `skeleton.json`, written last, with a digest of each; anything amiss, and MkDocs
runs. `belts serve` and builds may be at work at once: who makes or uses a skeleton holds a lock of its folder, and only
a folder that nobody holds is removed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from ..layout import CONTENT
from ..project import Prepared
from ..settings_files import find_variables, read_settings_files
from ..storage.cache import digest_of, digest_of_tree, program_digest
from ..storage.digests import file_digest
from ..storage.locks import locked
from ..writing.fill import AnchorLink, Pattern, Skeleton, ViewPage

_LIST = "skeleton.json"
_FILES = "files"


def skeleton_key(root: Path, prepared: Prepared) -> bytes:
    """A digest of all that MkDocs reads: settings and what they name, templates, hand-written pages, addresses, the city."""
    site, settings = prepared.site, read_settings_files(root).values()
    # Of the addresses of data files the kinds say enough.
    addresses = sorted((*site.page_urls, *site.plain_files, *site.forwarded))
    return digest_of(
        program_digest(),
        repr((site.settings.site_url, site.settings.policy_in_pages)).encode(),
        site.catalogue.city.model_dump_json().encode(),
        repr(find_variables(settings)).encode(),
        *settings,
        digest_of_tree(root / CONTENT),
        *(digest_of_tree(path) if path.is_dir() else path.read_bytes() for path in site.settings.inputs),
        site.templates_digest,
        *(address.encode() for address in addresses),
    )


class KeptSkeleton(NamedTuple):
    """A skeleton, and the folder that holds its files."""

    skeleton: Skeleton
    files: Path


@contextmanager
def keep_skeleton(store: Path, key: bytes, make: Callable[[Path], Skeleton]) -> Iterator[KeptSkeleton]:
    """The skeleton of that key kept in the folder `store`, or what `make` makes now in the empty folder it is given.

    Its files stay as they are within the block, whatever else is made meanwhile.
    """
    store.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with locked(store):
            kept = _find(store, key)
            folder = kept.files.parent if kept else _begin(store)
            held.enter_context(locked(folder, is_shared=True))
        yield kept or _save(folder, key, make(folder / _FILES))


def _begin(store: Path) -> Path:
    """A new folder with an empty one for files; what nobody holds, such as a killed build's, is removed."""
    for old in store.iterdir():
        with suppress(BlockingIOError), locked(old, may_wait=False):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(mkdtemp(dir=store))
    (folder / _FILES).mkdir()
    return folder


def _save(folder: Path, key: bytes, skeleton: Skeleton) -> KeptSkeleton:
    """Keep a skeleton whose files stand in `folder` already."""
    files = sorted(path for path in (folder / _FILES).rglob("*") if path.is_file())
    listed = {
        "profiles": {kind: _encode(pattern) for kind, pattern in skeleton.profiles.items()},
        "views": {url: [page.view, _encode(page.pattern)] for url, page in skeleton.views.items()},
        "hand_written": sorted(skeleton.hand_written),
        "anchor_links": skeleton.anchor_links,
        "files": {path.relative_to(folder / _FILES).as_posix(): file_digest(str(path)) for path in files},
    }
    text = json.dumps(listed, ensure_ascii=False)
    (folder / _LIST).write_text(f"{_seal(key, text)}\n{text}", encoding="utf-8")
    return KeptSkeleton(skeleton, folder / _FILES)


def _find(store: Path, key: bytes) -> KeptSkeleton | None:
    """The skeleton in `store` with that key that is whole; None when it has to be made."""
    return next(filter(None, (_read(folder, key) for folder in sorted(store.iterdir()))), None)


def _read(folder: Path, key: bytes) -> KeptSkeleton | None:
    try:
        seal, _, text = (folder / _LIST).read_text(encoding="utf-8").partition("\n")
        if seal != _seal(key, text):
            return None
        listed = json.loads(text)
        digests = listed["files"].items()
        if any(file_digest(f"{folder / _FILES}/{path}") != digest for path, digest in digests):
            return None
    except (OSError, ValueError, KeyError):
        return None
    skeleton = Skeleton(
        profiles={kind: _decode(pattern) for kind, pattern in listed["profiles"].items()},
        views={url: ViewPage(view, _decode(pattern)) for url, (view, pattern) in listed["views"].items()},
        hand_written=frozenset(listed["hand_written"]),
        anchor_links=tuple(AnchorLink(*link) for link in listed["anchor_links"]),
    )
    return KeptSkeleton(skeleton, folder / _FILES)


def _seal(key: bytes, text: str) -> str:
    return digest_of(key, text.encode()).hex()


def _encode(pattern: Pattern) -> list[tuple[str, ...]]:
    return [pattern.pieces, pattern.slots]


def _decode(pattern: list[list[str]]) -> Pattern:
    pieces, slots = pattern
    return Pattern(tuple(pieces), tuple(slots))
