"""What a public address serves: which build, and whether each file is the one that was built."""

from __future__ import annotations

import http.client
import json
import re
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from ..errors import UserError
from ..provenance.stamp import STAMP, decode_stamp
from ..storage.digests import content_digest
from ..storage.files import is_page

_AT_ONCE = 8  # requests: as many as a browser or two make
_SHOWN = 10  # files named of many
_LARGEST_STAMP = 100_000  # bytes
_UNREADABLE = (OSError, ValueError, http.client.HTTPException)


def check_public(url: str, site: Path) -> None:
    """Ask a public address which build it serves. Raises UserError when it is not the one in `site`."""
    if not url.lower().startswith(("https://", "http://")):
        raise UserError(f"{url}: 不是网址 (not an address)")
    address = f"{url.rstrip('/')}/{STAMP}"
    try:
        served = _fetch(address, _LARGEST_STAMP)
    except _UNREADABLE as error:
        raise UserError(f"{address}: 读不到 (cannot be read): {error}") from None
    if served != (site / STAMP).read_bytes():
        raise UserError(f"{address}: 不是刚发布的版本 (not the build that was sent): {_describe(served)}")


def check_served(url: str, site: Path, hashes: Mapping[str, str]) -> int:
    """Ask a public address for the files of `site`; returns how many. Raises UserError when some differ.

    Not asked for: 404.html and what begins with a dot or an underscore, which hosts keep to themselves.
    """
    names = [name for name in sorted(hashes) if name != "404.html" and not _is_kept_back(name)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        served = pool.map(partial(_hash_served, url.rstrip("/"), site), names)
        wrong = [name for name, digest in zip(names, served, strict=True) if digest != hashes[name]]
    if wrong:
        raise UserError(
            f"{url}: {len(wrong)} 个文件不是生成的那样 (files are not as they were built): {name_some(wrong)}"
        )
    return len(names)


def name_some(names: Sequence[str]) -> str:
    """The first of many files, and how many more there are."""
    more = f" … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _is_kept_back(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.split("/"))


def _hash_served(base: str, site: Path, name: str) -> str:
    """The SHA-256 of what is served as a file, a page by its folder; empty when it cannot be read."""
    path = name.removesuffix("index.html") if is_page(name) else name
    try:
        return content_digest(_fetch(f"{base}/{quote(path)}", (site / name).stat().st_size))
    except _UNREADABLE:
        return ""


def _fetch(address: str, largest: int) -> bytes:
    """What an http address serves, up to one byte more than `largest`. Raises what is _UNREADABLE."""
    request = urllib.request.Request(_spell_in_ascii(address), headers={"Cache-Control": "no-cache"})  # noqa: S310 (checked by callers)
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 (as above)
        return bytes(response.read(largest + 1))


def _spell_in_ascii(address: str) -> str:
    """An address as HTTP has it: the host's labels in Punycode, the path's characters in per cent signs."""
    parts = urlsplit(address)
    host = re.sub(r"[^.:@\[\]]+", lambda label: label[0].encode("idna").decode(), parts.netloc)
    return urlunsplit(parts._replace(netloc=host, path=quote(parts.path, safe="/%")))


def _describe(served: bytes) -> str:
    try:
        stamp = decode_stamp(served)
    except ValueError:
        return json.dumps(served[:60].decode(errors="replace"), ensure_ascii=False)
    return f"{stamp.commit[:7] or '–'} {stamp.manifest[:12]}"
