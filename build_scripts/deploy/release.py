"""Releases side by side, one of them live: send, check, switch, read back, prune; and back again.

    FOLDER/releases/000007-1f0c…/   one whole site each, never changed once it is there
    FOLDER/current                  a link to the live one, replaced by one rename
    FOLDER/previous                 a link to the one before: what rollback returns to

Whatever stops a deploy before the rename leaves the live site as it was.
"""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..stamp import STAMP, Stamp, decode_stamp, hash_manifest, hash_tree
from .compress import pack_site
from .host import DeployFailed, Host

KEEP = 5
_SHOWN = 10  # pages named when some would vanish
_INCOMING = "releases/.incoming-"

_SWITCH = """
point() { ln -s "$1" ".$2-$$" && mv -fT ".$2-$$" "$2"; }
[ -d "$1" ]
old=$(readlink current || true)
if [ -n "$old" ]; then point "$old" previous; fi
point "$1" current
"""
# What was sent is on the disk, not only on its way there, before anything points to it.
_SETTLE = """
find "$1" -type f -links 1 -exec sync -d {} + || sync
mv -T "$1" "$2"
"""
_CLEAR = "rm -rf releases/.incoming-*\nrm -f .current-* .previous-*"
_PRUNE = """
keep=$1
cd releases
for name in $(ls -r | tail -n +$((keep + 1))); do
    case " $(readlink ../current) $(readlink ../previous || true) " in
        *" releases/$name "*) ;;
        *) rm -rf "./$name" ;;
    esac
done
"""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy did: the release that is live, and whether it was live before."""

    release: str
    stamp: Stamp
    is_new: bool


def deploy_site(site: Path, host: Host, work: Path, *, url: str = "", keep: int = KEEP) -> Deployed:
    """Make a built site live on a host.

    `work` is a folder of ours for what is compressed; `url` the public address, asked afterwards which
    build it serves. Raises DeployFailed; the site that was live then still is.
    """
    stamp, hashes = read_site(site)
    with host.locked():
        host.run(_CLEAR)
        live = find_live(host)
        if live and _read_live(host) == (site / STAMP).read_bytes():
            _check_public(url, site)
            return Deployed(live, stamp, is_new=False)
        if live:
            _check_addresses(host, hashes)
        pack_site(site, hashes, work / "packed", work / "compressed")
        (work / "packed" / STAMP).write_bytes((site / STAMP).read_bytes())
        release = _send(host, work / "packed", stamp, live)
        _switch_and_check(host, release, live, site, url)
        host.run(_PRUNE, str(keep))
    return Deployed(release, stamp, is_new=True)


def roll_back(host: Host, to: str = "") -> str:
    """Make the release before live again, or the one whose name begins with `to`; returns its name."""
    with host.locked():
        release = _find_release(host, to)
        host.run(_SWITCH, release)
    return release


def read_site(site: Path) -> tuple[Stamp, dict[str, str]]:
    """The stamp and the hashes of a built site. Raises DeployFailed when it is not as it was built."""
    if not (site / STAMP).is_file():
        raise DeployFailed(f"{site}: 还没有生成网站，先运行 belts build (no built site: run `belts build`)")
    if links := sorted(str(path.relative_to(site)) for path in site.rglob("*") if path.is_symlink()):
        raise DeployFailed(f"{site}: 含有符号链接 {links[0]} (a symbolic link)")
    stamp, hashes = decode_stamp((site / STAMP).read_bytes()), hash_tree(site)
    if hash_manifest(hashes) != stamp.manifest:
        raise DeployFailed(
            f"{site}: 生成后被改动过，请重新运行 belts build (changed since it was built: run `belts build` again)"
        )
    return stamp, hashes


def find_live(host: Host) -> str:
    """The live release, `releases/NAME`; empty when there is none."""
    return host.run("readlink current || true").strip()


def check_public(url: str, site: Path) -> None:
    """Ask a public address which build it serves. Raises DeployFailed when it is not the one in `site`."""
    address = f"{url.rstrip('/')}/{STAMP}"
    if not address.startswith(("https://", "http://")):
        raise DeployFailed(f"{url}: 不是网址 (not an address)")
    try:
        request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 (checked above)
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 (as above)
            served = response.read(100_000)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise DeployFailed(f"{address}: 读不到 (cannot be read): {error}") from None
    if served != (site / STAMP).read_bytes():
        raise DeployFailed(f"{address}: 不是刚发布的版本 (not the build that was sent): {_describe(served)}")


def _describe(served: bytes) -> str:
    try:
        stamp = decode_stamp(served)
    except ValueError:
        return json.dumps(served[:60].decode(errors="replace"), ensure_ascii=False)
    return f"{stamp.commit[:7] or '–'} {stamp.manifest[:12]}"


def _check_public(url: str, site: Path) -> None:
    if url:
        check_public(url, site)


def _check_live(host: Host, site: Path) -> None:
    if _read_live(host) != (site / STAMP).read_bytes():
        raise DeployFailed(f"{host.name}: current/{STAMP} 不是刚发布的 (not the one that was sent)")


def _read_live(host: Host) -> bytes:
    return host.run(f"cat current/{STAMP} 2>/dev/null || true").encode()


def _check_addresses(host: Host, hashes: Iterable[str]) -> None:
    """Addresses are for ever: refuse a site that lacks a page of the live one."""
    live = host.run("cd current/ && find . -name '*.html' -type f").splitlines()
    lost = sorted({path.removeprefix("./") for path in live} - set(hashes))
    if lost:
        more = f" … (+{len(lost) - _SHOWN})" if len(lost) > _SHOWN else ""
        raise DeployFailed(
            f"{host.name}: {len(lost)} 个页面会消失 (pages would vanish): {', '.join(lost[:_SHOWN])}{more}\n"
            "用 belts rename 或 belts retire 改动记录，旧地址才会留下去向"
            " (rename and retire keep the old addresses)"
        )


def _send(host: Host, packed: Path, stamp: Stamp, live: str) -> str:
    """Send the tree as a new release that is not live yet; returns it."""
    incoming = f"{_INCOMING}{secrets.token_hex(8)}"
    try:
        host.send(packed, incoming, live)
        numbers = [int(name[:6]) for name in _list_releases(host)]
        release = f"releases/{max(numbers, default=0) + 1:06}-{stamp.manifest[:12]}"
        host.run(_SETTLE, incoming, release)
    except DeployFailed:
        host.run('rm -rf "$1"', incoming)
        raise
    return release


def _switch_and_check(host: Host, release: str, live: str, site: Path, url: str) -> None:
    """Make a release live and read it back; what does not read back as sent is undone."""
    host.run(_SWITCH, release)
    try:
        _check_live(host, site)
        _check_public(url, site)
    except DeployFailed as failure:
        if not live:
            raise
        host.run(_SWITCH, live)
        raise DeployFailed(f"{failure}\n已换回原来的版本 (switched back to what was live)") from None


def _list_releases(host: Host) -> list[str]:
    return host.run("ls releases").split()


def _find_release(host: Host, to: str) -> str:
    if not to:
        release = host.run("readlink previous || true").strip()
        if not release:
            raise DeployFailed(f"{host.name}: 没有可以退回的版本 (there is no release to return to)")
        return release
    found = [name for name in _list_releases(host) if name.startswith(to)]
    if len(found) != 1:
        raise DeployFailed(f"{host.name}: “{to}” 对应 {len(found)} 个版本 (matches {len(found)} releases)")
    return f"releases/{found[0]}"
