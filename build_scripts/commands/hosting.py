"""`belts hosting`: settings for a web server, with the site's policy, caching and compressed files."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import UsageError
from ..faults.diagnostics import Problems
from ..reading.load import load_dataset
from ..web.hosting import DEFAULT, SERVERS, Serving, can_listen, is_host_name
from .base import Commands, read_settings, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("hosting", help="print settings for a web server")
    parser.add_argument("server", choices=list(SERVERS), help="the server that will serve the site")
    parser.add_argument("--folder", default=DEFAULT.folder, help="where `belts deploy` puts releases")
    parser.add_argument(
        "--listen", default=DEFAULT.address, help="a port, address:port, or for Caddy a host name"
    )
    parser.add_argument(
        "--name",
        help="the host name that nginx answers to, such as belts.example.org (default: that of site_url)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings for the city of this project; 2 for an address that the server cannot listen at, or a wrong name."""
    if not can_listen(arguments.server, arguments.listen):
        zh = f"--listen {arguments.listen}: 要写端口或 地址:端口，如 8080、127.0.0.1:8080；Caddy 也可以写域名"
        en = f"--listen {arguments.listen}: want a port or address:port, such as 8080 or 127.0.0.1:8080; for Caddy also a host name"
        raise UsageError(say(arguments.lang, zh, en))
    if arguments.name and (arguments.server != "nginx" or not is_host_name(arguments.name)):
        zh = f"--name {arguments.name}: 要写 nginx 的域名，如 belts.example.org；Caddy 的写在 --listen 里"
        en = f"--name {arguments.name}: want a host name for nginx, such as belts.example.org; Caddy takes it as --listen"
        raise UsageError(say(arguments.lang, zh, en))
    dataset = load_dataset(arguments.root.resolve())
    if dataset.city is None:
        raise Problems(dataset.diagnostics)
    name = arguments.name
    if name is None:
        name = _own_name(arguments.root) if arguments.server == "nginx" else ""
    serving = Serving(arguments.folder, arguments.listen, name)
    print(SERVERS[arguments.server](dataset.city, serving), end="")
    return 0


def _own_name(root: Path) -> str:
    """The host name of site_url, as servers write it; empty when there is none, or no settings can be read."""
    settings = read_settings(root)
    host = urlsplit(settings.project.settings.site_url).hostname if settings else None
    with suppress(UnicodeError):
        name = (host or "").encode("idna").decode()
        return name if is_host_name(name) else ""
    return ""
