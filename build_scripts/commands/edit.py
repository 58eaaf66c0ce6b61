"""`belts edit`: the web form with preview and checks, on one's own machine."""

from __future__ import annotations

import argparse
import webbrowser

from .base import Commands, explain_port, port, say

_PORT = 8650


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("edit", help="edit records in a web form, with preview and checks")
    parser.add_argument("--port", type=port, default=_PORT, help=f"default: {_PORT}; 0 takes any free one")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="do not open a browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; 1 when the form's parts are missing or the port is taken."""
    from ..form.workbench import Workbench, make_server, prepare_form, serve_workbench

    workbench = Workbench(arguments.root.resolve(), arguments.lang)
    try:
        server = make_server(workbench, arguments.port)
    except OSError as error:
        raise explain_port(error, arguments.port) from None
    with server:
        prepare_form(workbench)  # not before the port is ours: another one's form may stand there
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        zh, en = f"编辑表单：{address}（Ctrl+C 结束）", f"The form: {address} (Ctrl+C ends it)"
        print(say(arguments.lang, zh, en), flush=True)
        if arguments.browser:
            webbrowser.open(address)
        serve_workbench(server, workbench)
    return 0
