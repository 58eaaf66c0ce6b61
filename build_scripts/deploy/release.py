"""Releases side by side, one of them live: send, check, switch, read back, prune; and back again.

    FOLDER/releases/000007-1f0c…/   one whole site each, never changed once it is there
    FOLDER/current                  a link to the live one, replaced by one rename
    FOLDER/previous                 a link to the one before: what rollback returns to

Whatever stops a deploy before the rename leaves the live site as it was.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ..errors import UserError
from ..provenance.stamp import STAMP, Stamp, decode_stamp, hash_manifest, hash_tree
from ..storage.digests import file_digest
from ..storage.files import list_files
from ..storage.locks import locked
from .compress import is_form, pack_site
from .host import Host
from .public import check_public, name_some

KEEP = 5
_INCOMING = "releases/.incoming-"
_RELEASE = re.compile(r"[0-9]{6}-[0-9a-f]{12}")

_READ_LINKS = """
for link in current previous; do if [ -d "$link/" ]; then readlink "$link"; else echo; fi; done
[ -d current/ ] || readlink current || true
"""
# Should this be cut off half-way, both lead to what was live: there is nothing to return to, and nothing wrong to.
_POINT = """
point() { if [ -n "$1" ]; then ln -s "$1" ".$2-$$" && mv -fT ".$2-$$" "$2"; else rm -f "$2"; fi; }
[ -z "$1" ] || [ -d "$1" ]
point "$2" previous
point "$1" current
"""
# What was sent is on the disk, not only on its way there, before anything points to it.
_SETTLE = """
find "$1" -type f -links 1 -exec sync -d {} + || sync
mv -T "$1" "$2"
"""
# A file that cannot be read is not listed, and so is missed.
_HASH = 'cd "$1/" && find . -type f -exec sha256sum {} + || true'
_CLEAR = "rm -rf releases/.incoming-*\nrm -f .current-* .previous-*"
# Under another name first: what is half removed must not pass for a release.
_REMOVE = """
cd releases
rm -rf .old-*
for name in "$@"; do mv -T "$name" ".old-$name"; done
rm -rf .old-*
"""


class Links(NamedTuple):
    """The releases that `current` and `previous` lead to, each as `releases/NAME`; empty where there is none.

    `lost` is what `current` names though it is gone.
    """

    current: str
    previous: str
    lost: str = ""


class Deployed(NamedTuple):
    """What a deploy did: the release that is live, whether it was live before, and what was wrong all the same."""

    release: str
    stamp: Stamp
    is_new: bool
    warnings: tuple[str, ...] = ()


def deploy_site(site: Path, host: Host, work: Path, *, url: str = "", keep: int = KEEP) -> Deployed:
    """Make a built site live on a host.

    `work` is a folder of ours for what is compressed; `url` the public address, asked afterwards which
    build it serves. Raises UserError; the site that was live then still is.
    """
    stamp, hashes = read_site(site)
    if host.is_within(site):
        raise UserError(
            f"{host.name}: 在要发布的网站里面，请给另一个文件夹 (inside the site that is to be published: name another folder)"
        )
    with _alone(work), host.locked():
        host.run(_CLEAR)
        links = find_links(host)
        was_live = bool(links.current) and _read_stamp(host) == (site / STAMP).read_bytes()
        if links.current and not was_live:
            _check_addresses(host, hashes)
        pack_site(site, hashes, work / "packed", work / "compressed")
        (work / "packed" / STAMP).write_bytes((site / STAMP).read_bytes())
        damaged = _find_differences(host, work / "packed") if was_live else []
        if was_live and not damaged:
            _check_public(url, site)
            return Deployed(links.current, stamp, is_new=False)
        release = _send(host, work / "packed", stamp, links.current)
        before = links.previous if damaged else links.current or links.previous
        _switch_and_check(host, Links(release, before), links, site, url)
        warnings = (*_describe_damage(damaged), *_describe_lost(links), *_prune(host, keep))
        return Deployed(release, stamp, is_new=True, warnings=warnings)


def roll_back(host: Host, to: str = "") -> str:
    """Make the release before live again, or the one whose name begins with `to`; returns its name."""
    with host.locked(make=False):
        links = find_links(host)
        release = _find_named(host, to) if to else _find_previous(host, links)
        if release != links.current:
            _check_whole(host, release)
            _point(host, Links(release, links.current))
    return release


def read_site(site: Path) -> tuple[Stamp, dict[str, str]]:
    """The stamp and the hashes of a built site. Raises UserError when it is not as it was built."""
    if not (site / STAMP).is_file():
        raise UserError(f"{site}: 还没有生成网站，先运行 belts build (no built site: run `belts build`)")
    if links := sorted(str(path.relative_to(site)) for path in site.rglob("*") if path.is_symlink()):
        raise UserError(f"{site}: 含有符号链接 {links[0]}，请删去它 (a symbolic link: remove it)")
    stamp, hashes = decode_stamp((site / STAMP).read_bytes()), hash_tree(site)
    if hash_manifest(hashes) != stamp.manifest:
        raise UserError(
            f"{site}: 生成后被改动过，请重新运行 belts build (changed since it was built: run `belts build` again)"
        )
    if form := next((name for name in hashes if is_form(name, hashes)), ""):
        raise UserError(
            f"{site}: {form} 占了压缩文件的名字，请在 content/ 里改名"
            " (has the name of another file's compressed form: rename it in content/)"
        )
    return stamp, hashes


def find_links(host: Host) -> Links:
    """Which release is live, and which was before."""
    return Links(*host.run(_READ_LINKS).splitlines())


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Keep `work` to this deploy, for another one, to whatever host, would clear what it is sending."""
    work.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(locked(work / ".lock", may_wait=False))
        except BlockingIOError:
            raise UserError(
                f"{work}: 这里正在进行另一次发布，等它结束再试 (another deploy from here is running: wait for it)"
            ) from None
        yield


def _check_public(url: str, site: Path) -> None:
    if url:
        check_public(url, site)


def _check_live(host: Host, site: Path) -> None:
    if _read_stamp(host) != (site / STAMP).read_bytes():
        raise UserError(f"{host.name}: current/{STAMP} 不是刚发布的 (not the one that was sent)")


def _read_stamp(host: Host, release: str = "current") -> bytes:
    return host.run('cat "$1" 2>/dev/null || true', f"{release}/{STAMP}").encode()


def _check_addresses(host: Host, hashes: Iterable[str]) -> None:
    """Addresses are for ever: refuse a site that lacks a page of the live one."""
    live = host.run("cd current/ && find . -name '*.html' -type f").splitlines()
    lost = sorted({path.removeprefix("./") for path in live} - set(hashes))
    if lost:
        raise UserError(
            f"{host.name}: {len(lost)} 个页面会消失 (pages would vanish): {name_some(lost)}\n"
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
    except UserError:
        host.run('rm -rf "$1"', incoming)
        raise
    return release


def _check_whole(host: Host, release: str) -> None:
    """Refuse a release whose files are not those that its own build.json was written for."""
    hashes = _hash_release(host, release)
    own = {name: digest for name, digest in hashes.items() if name != STAMP and not is_form(name, hashes)}
    if _read_manifest(host, release) != hash_manifest(own):
        raise UserError(
            f"{host.name}: {release} 缺了文件或被改动过，没有换 (files are missing or were changed: not switched)"
        )


def _hash_release(host: Host, release: str) -> dict[str, str]:
    """The SHA-256 of every file of a release by path, as the host reads them."""
    lines = (line.partition("  ") for line in host.run(_HASH, release).splitlines())
    return {path.removeprefix("./"): digest for digest, _, path in lines}


def _read_manifest(host: Host, release: str) -> str:
    try:
        return decode_stamp(_read_stamp(host, release)).manifest
    except ValueError:
        return ""


def _find_differences(host: Host, packed: Path) -> list[str]:
    """The files of the live site that are not those of a packed tree: changed, lost or added."""
    sent = {name: file_digest(f"{packed}/{name}") for name in list_files(packed)}
    live = _hash_release(host, "current")
    return sorted(name for name in sent.keys() | live.keys() if sent.get(name) != live.get(name))


def _describe_damage(damaged: Sequence[str]) -> Iterator[str]:
    if damaged:
        yield (
            f"线上有 {len(damaged)} 个文件和这里的不同，已重新发布"
            f" (files of the live site differed from this build, which was sent anew): {name_some(damaged)}"
        )


def _switch_and_check(host: Host, links: Links, before: Links, site: Path, url: str) -> None:
    """Make a release live and read it back; what does not read back as sent is undone."""
    _point(host, links)
    try:
        _check_live(host, site)
        _check_public(url, site)
    except UserError as failure:
        raise UserError(f"{failure}\n{_undo(host, links.current, before)}") from None


def _undo(host: Host, release: str, before: Links) -> str:
    """Put both links back and remove the release; returns what is live now, in words."""
    try:
        _point(host, before)
    except UserError as failure:
        return f"没能换回原来的版本，请看 current 指向哪里 (not switched back: look where current leads): {failure}"
    with suppress(UserError):  # it stays then, and no link leads to it
        host.run(_REMOVE, release.removeprefix("releases/"))
    if before.current:
        return "已换回原来的版本 (switched back to what was live)"
    return "已撤下：和原来一样，没有网站在线上 (taken down: nothing is live, as before)"


def _point(host: Host, links: Links) -> None:
    host.run(_POINT, links.current, links.previous)


def _describe_lost(links: Links) -> Iterator[str]:
    if links.lost:
        yield (
            f"current 指向的 {links.lost} 不在了，当作没有网站在线上"
            f" (current led to {links.lost}, which is gone: taken for no live site)"
        )


def _prune(host: Host, keep: int) -> Iterator[str]:
    """Remove all but the newest releases and those that links lead to; yields why some could not be."""
    try:
        links, names = find_links(host), _list_releases(host)
        old = names[: max(len(names) - keep, 0)]
        host.run(
            _REMOVE, *(name for name in old if f"releases/{name}" not in (links.current, links.previous))
        )
    except UserError as failure:
        yield f"已上线，但旧版本没有删干净 (it is live, but old releases were not removed): {failure}"


def _list_releases(host: Host) -> list[str]:
    """The names of the releases, the oldest first; whatever else lies there is not ours."""
    return sorted(filter(_RELEASE.fullmatch, host.run("ls releases").splitlines()))


def _find_previous(host: Host, links: Links) -> str:
    if links.previous in ("", links.current):
        raise UserError(
            f"{host.name}: 没有可以退回的版本，再发布一次之后才有 (there is no release to return to before another deploy)"
        )
    return links.previous


def _find_named(host: Host, to: str) -> str:
    found = [name for name in _list_releases(host) if name.startswith(to)]
    if len(found) != 1:
        raise UserError(f"{host.name}: “{to}” 对应 {len(found)} 个版本 (matches {len(found)} releases)")
    return f"releases/{found[0]}"
