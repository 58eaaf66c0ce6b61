"""`belts form`: the web form for editors who share a Git host, as static files for an origin of their own."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import UsageError, UserError
from .base import Commands, say

_TARGET = ".belts/hosted-form"


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("form", help="build the web form for the Git host that city.yml names")
    parser.add_argument(
        "output", nargs="?", type=Path, help=f"a folder that is made anew; default: {_TARGET}"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the folder; 1 without a Git host or the form's parts, 2 for a folder that is something else."""
    from ..faults.diagnostics import Problems, select_errors
    from ..form.folder import build_hosted_form
    from ..reading.load import load_dataset

    root: Path = arguments.root.resolve()
    target = (arguments.output or root / _TARGET).resolve()
    if file := next((path for path in (target, *target.parents) if path.is_file()), None):
        zh, en = f"{file} 是文件，不是文件夹", f"{file} is a file, not a folder"
        raise UsageError(say(arguments.lang, zh, en))
    if target.exists() and not (target / "form.json").is_file() and any(target.iterdir()):
        zh, en = f"{target} 里有别的文件，不能清空", f"{target} holds other files and is not cleared"
        raise UsageError(say(arguments.lang, zh, en))
    dataset = load_dataset(root)
    if dataset.city is None:
        raise Problems(select_errors(dataset.diagnostics))
    if dataset.city.git is None:
        zh, en = (
            "belts/city.yml 里没有 git：写明平台和仓库",
            "belts/city.yml has no `git`: name service and repository",
        )
        raise UserError(say(arguments.lang, zh, en))
    build_hosted_form(target, root / "node_modules", root / "site_templates", dataset, dataset.city.git)
    print(say(arguments.lang, f"写入 {target}", f"wrote {target}"))
    return 0
