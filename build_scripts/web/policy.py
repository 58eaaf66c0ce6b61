"""The security headers that every page is served with: the one definition.

A server sets them (`hosting`), the tests' own server too; where no header can be set, a page carries the
part of the policy that a meta element may hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..records.city import Tiles

_TILE_HOSTS = {
    "tianditu": ("https://*.tianditu.gov.cn",),
    "openstreetmap": ("https://tile.openstreetmap.org",),
}
_EVERY_IMAGE = ("'self'", "data:", *(host for hosts in _TILE_HOSTS.values() for host in hosts))
_HEADER_ONLY = ("frame-ancestors",)  # a browser ignores these in a meta element


def build_directives(tiles: Tiles) -> dict[str, tuple[str, ...]]:
    """The content security policy as directives; a tile layer that is switched on adds its images' hosts."""
    return {
        "default-src": ("'none'",),
        "script-src": ("'self'", "'wasm-unsafe-eval'"),
        "style-src": ("'self'",),
        "img-src": ("'self'", "data:", *tile_hosts(tiles)),
        "connect-src": ("'self'",),
        "font-src": ("'self'",),
        "worker-src": ("'self'",),
        "manifest-src": ("'self'",),
        "base-uri": ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'none'",),
        "require-trusted-types-for": ("'script'",),
        "trusted-types": ("default",),  # scripts/trusted.js
    }


def tile_hosts(tiles: Tiles) -> tuple[str, ...]:
    """The origins that a map's images may come from besides the site itself."""
    return tuple(host for name, hosts in _TILE_HOSTS.items() if getattr(tiles, name) for host in hosts)


def header_policy(tiles: Tiles) -> str:
    """The value of the header Content-Security-Policy."""
    return _join(build_directives(tiles))


def meta_policy(tiles: Tiles) -> str:
    """The policy for a meta element: without what only a header can say, so any site may frame the page."""
    directives = build_directives(tiles)
    return _join({name: values for name, values in directives.items() if name not in _HEADER_ONLY})


def find_weaknesses(policy: str) -> Iterator[str]:
    """Where the value of a Content-Security-Policy allows more than ours does with every tile layer on."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    given = {name: values for name, *values in parts}
    ours = build_directives(Tiles()) | {"img-src": _EVERY_IMAGE}
    yield from (f"{name} is missing" for name in ours if name not in given)
    for name, values in given.items():
        yield from (f"{name} {value}" for value in values if value not in ours.get(name, ()))


def security_headers(tiles: Tiles) -> Mapping[str, str]:
    """Every header that each response carries, whatever it is.

    Map tiles need to be told the site that asks, hence the referrer; a browser heeds
    Strict-Transport-Security over HTTPS alone.
    """
    return {
        "Content-Security-Policy": header_policy(tiles),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
        "Strict-Transport-Security": "max-age=31536000",
    }


def _join(directives: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(" ".join((name, *values)) for name, values in directives.items())
