"""`belts serve`: preview the site with live reload."""

from __future__ import annotations

import argparse
import logging

from .base import Commands, explain_port, port

_PORT = 8000


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("serve", help="preview with live reload")
    parser.add_argument("--port", type=port, default=_PORT, help=f"default: {_PORT}; 0 takes any free one")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; 1 when the port is taken or the settings cannot be used."""
    from ..serving.preview import Preview
    from ..serving.server import PreviewServer

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    preview = Preview(arguments.root.resolve(), arguments.lang)
    try:
        with PreviewServer(preview, arguments.port, _say_address) as server:
            try:
                preview.refresh()
                server.serve()  # type: ignore[no-untyped-call]
            except KeyboardInterrupt:
                server.shutdown()
    except OSError as error:
        raise explain_port(error, arguments.port) from None
    return 0


def _say_address(number: int) -> None:
    print(f"http://127.0.0.1:{number}/", flush=True)
