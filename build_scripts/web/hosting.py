"""What a web server must know to serve the site: headers, caching, precompressed files.

Text for nginx, Caddy, and the `_headers` file of Netlify and Cloudflare Pages; all from one policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..records.city import City
from .policy import security_headers

HEADERS_FILE = "_headers"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
ANY_ORIGIN = "*"  # open data may be read by other sites' scripts
_NAMED = ("assets", "pagefind/results", "pagefind/words")  # folders of files named by their content
_LARGEST_PORT = 65535
_PLACE = re.compile(r"(?:(?:\*|\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):)?(?P<port>[0-9]{1,5})")
_BINDING = re.compile(
    r"(\*|localhost|[0-9.]+|\[[0-9A-Fa-f:.]+\]):([0-9]+)"
)  # no name to get a certificate for
_HOST_NAME = re.compile(r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class Serving(NamedTuple):
    """Where a server finds the site and listens.

    `folder` is what `belts deploy` fills: `current` and `previous` stand in it. `address` is what `can_listen`
    says it may be. nginx answers to `name` before other sites at that address; without one the first of them answers.
    """

    folder: str = "/srv/belts"
    address: str = "8080"
    name: str = ""


DEFAULT = Serving()


def render_netlify(city: City) -> str:
    """The site's `_headers`; both services make pages revalidate by themselves and compress what they send."""
    blocks = {
        "/*": security_headers(city.map.tiles),
        **{f"/{folder}/*": {"Cache-Control": IMMUTABLE} for folder in _NAMED},
        "/data/*": {"Access-Control-Allow-Origin": ANY_ORIGIN},
    }
    return "".join(f"{path}\n{_lines(headers, '  {}: {}')}" for path, headers in blocks.items())


def read_headers(text: str) -> dict[str, str]:
    """The headers of every response, from the text of `_headers`."""
    lines = iter(text.splitlines())
    block = (line for line in lines if line == "/*")
    headers = {}
    for line in lines if next(block, "") else ():
        if not line.startswith(" "):
            break
        name, _, value = line.strip().partition(": ")
        headers[name] = value
    return headers


def render_nginx(city: City, serving: Serving) -> str:
    """A file for nginx's conf.d. nginx sends .gz files by itself; .br needs the module brotli_static."""
    headers = _lines(security_headers(city.map.tiles), '    add_header {} "{}" always;')
    return _NGINX % {
        "folder": serving.folder,
        "listen": _listen_nginx(serving.address),
        "name": f"    server_name {serving.name};\n" if serving.name else "",
        "named": "|".join(_NAMED),
        "immutable": IMMUTABLE,
        "revalidate": REVALIDATE,
        "origin": ANY_ORIGIN,
        "headers": headers,
    }


def render_caddy(city: City, serving: Serving) -> str:
    """A Caddyfile. With a host name for an address, Caddy sees to the certificate; else it answers to any name."""
    headers = _lines(security_headers(city.map.tiles), '\t\t{} "{}"')
    address, bind = _bind_caddy(serving.address)
    return _CADDY % {
        "folder": serving.folder,
        "address": address,
        "bind": bind,
        "named": " ".join(f"/{folder}/*" for folder in _NAMED),
        "immutable": IMMUTABLE,
        "revalidate": REVALIDATE,
        "origin": ANY_ORIGIN,
        "headers": headers,
    }


def _listen_nginx(address: str) -> str:
    """The lines that say where nginx listens: at a port alone in both families of addresses, as Caddy does."""
    places = (address, f"[::]:{address}") if address.isdecimal() else (address,)
    return "".join(f"    listen {place};\n" for place in places)


def is_host_name(name: str) -> bool:
    """Whether a server may be told to answer to a name."""
    return _HOST_NAME.fullmatch(name) is not None


def _bind_caddy(address: str) -> tuple[str, str]:
    """The address of a site in a Caddyfile, and its line that says where to listen, if it has one."""
    if address.isdecimal():
        return f":{address}", ""
    if not (match := _BINDING.fullmatch(address)):
        return address, ""
    where, port = match.groups()
    return f"http://:{port}", "" if where == "*" else f"\tbind {where}\n"


SERVERS: Mapping[str, Callable[[City, Serving], str]] = {"caddy": render_caddy, "nginx": render_nginx}


def can_listen(server: str, address: str) -> bool:
    """Whether an address is a port or `address:port`, or for Caddy a host name, which may have its scheme before it."""
    is_caddy = server == "caddy"
    place = re.sub("^https?://", "", address) if is_caddy else address
    if match := _PLACE.fullmatch(place):
        return 1 <= int(match["port"]) <= _LARGEST_PORT
    return is_caddy and _HOST_NAME.fullmatch(place) is not None


def _lines(headers: Mapping[str, str], form: str) -> str:
    return "".join(f"{form.format(name, value)}\n" for name, value in headers.items())


# What stands in these folders has its content's hash in its name, so a browser may keep it for ever. A page
# that was fetched just before a deploy still finds the files it names, in the release before.
_NGINX = """\
# Written by `belts hosting nginx`; goes into /etc/nginx/conf.d/.
map "$status$uri" $belts_cache {
    default "%(revalidate)s";
    "~^(200|206|304)/(%(named)s)/" "%(immutable)s";
}
map $uri $belts_origin {
    default "";
    "~^/data/" "%(origin)s";
}
server {
%(listen)s%(name)s    root %(folder)s/current;
    index index.html;
    error_page 404 /404.html;
    charset utf-8;
    charset_types text/plain text/css application/json application/geo+json application/ld+json image/svg+xml text/javascript;
    absolute_redirect off;
    server_tokens off;
    gzip_static on;
    gzip_vary on;
    # nginx sends the .br files only with the module ngx_brotli (Debian: libnginx-mod-http-brotli-static);
    # with it, take the mark from the next line. Without it the .gz files are sent, and nothing is lost but size.
    # brotli_static on;
    types {
        text/html html;
        text/css css;
        text/javascript js mjs;
        text/plain txt;
        text/csv csv;
        text/calendar ics;
        application/json json map;
        application/geo+json geojson;
        application/ld+json jsonld;
        application/manifest+json webmanifest;
        application/xml xml;
        application/gpx+xml gpx;
        application/vnd.google-earth.kml+xml kml;
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx;
        application/vnd.sqlite3 sqlite db;
        application/zip zip;
        application/gzip gz;
        application/wasm wasm;
        image/svg+xml svg;
        image/png png;
        image/jpeg jpg jpeg;
        image/webp webp;
        image/avif avif;
        image/x-icon ico;
    }
    default_type application/octet-stream;

%(headers)s    add_header Cache-Control $belts_cache always;
    add_header Access-Control-Allow-Origin $belts_origin;

    location ~ ^/(%(named)s)/ {
        try_files $uri @previous;
    }
    location @previous {
        root %(folder)s/previous;
    }
}
"""

_CADDY = """\
# Written by `belts hosting caddy`.
(belts_headers) {
	header {
%(headers)s		Cache-Control "%(revalidate)s"
	}
	header -Server
}
%(address)s {
%(bind)s	route {
		root * %(folder)s/current
		import belts_headers
		header /data/* Access-Control-Allow-Origin "%(origin)s"
		@asset {
			path %(named)s
			file
		}
		@before {
			path %(named)s
			not file
			file {
				root %(folder)s/previous
			}
		}
		header @asset Cache-Control "%(immutable)s"
		handle @before {
			root * %(folder)s/previous
			header Cache-Control "%(immutable)s"
			file_server {
				precompressed br gzip
			}
		}
		handle {
			file_server {
				precompressed br gzip
			}
		}
	}
	handle_errors 404 {
		root * %(folder)s/current
		import belts_headers
		rewrite * /404.html
		file_server
	}
}
"""
