"""`belts serve`: preview the site with live reload."""

from __future__ import annotations

import argparse
import logging
import sys

from .base import Commands, port


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("serve", help="preview with live reload")
    parser.add_argument("--port", type=_port, default=8000, help="the port on this computer (8000)")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    """A port that can be named beforehand: the address is printed before the server takes it."""
    number = port(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0: 请写定一个端口 (name a port)")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; 1 when the port is taken or libraries are missing."""
    from ..layout import BuildFailed
    from ..libraries import MissingLibraries
    from ..preview import Preview
    from ..preview_server import PreviewServer

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    preview = Preview(arguments.root.resolve())
    try:
        server = PreviewServer(preview, arguments.port)
        preview.refresh()
        print(f"http://127.0.0.1:{arguments.port}/", flush=True)
        server.serve()  # type: ignore[no-untyped-call]
    except (BuildFailed, MissingLibraries, OSError) as error:
        print(f"belts: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        server.shutdown()
    return 0
