"""`belts deploy`: make the built site live in a folder of this machine or of another by SSH.

A site in which `belts scan` finds anything, or a link leads nowhere, is not sent.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..deploy.host import SSH, find_host
from ..deploy.release import KEEP, deploy_site, read_site
from ..errors import UserError
from ..faults.rules import Language
from .base import Commands, find_site, say, say_commit
from .scan import describe

_MOST_SHOWN = 10


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("deploy", help="make the built site live in a folder, here or by SSH")
    parser.add_argument("target", help="a folder, or [user@]host:/folder")
    parser.add_argument(
        "--site", type=Path, default=None, help="the built site (default: site_dir of mkdocs.yml)"
    )
    parser.add_argument("--url", default="", help="the public address: read build.json back from it")
    parser.add_argument(
        "--keep", type=_count, default=KEEP, help=f"how many releases to keep (default: {KEEP})"
    )
    parser.add_argument("--ssh", default=SSH, help="the ssh command")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    """How many releases an option asks for."""
    if text.isascii() and text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text}: 至少保留 1 个版本 (at least one release is kept)")


def run(arguments: argparse.Namespace) -> int:
    """Deploy; 1 when it is refused, and then what was live still is; 2 where no records tell what is a draft."""
    from ..gates.leaks import scan

    root = arguments.root.resolve()
    site = find_site(root, arguments.site)
    host = find_host(arguments.target, arguments.ssh)
    read_site(site)
    if findings := scan(root, site):
        print(describe(findings, arguments.lang), file=sys.stderr)
        return 1
    _check_links(site, arguments.lang)
    done = deploy_site(site, host, root / ".cache/deploy", url=arguments.url, keep=arguments.keep)
    for warning in done.warnings:
        print(f"belts deploy: {warning}", file=sys.stderr)
    words = (
        say(arguments.lang, "已上线", "is live")
        if done.is_new
        else say(arguments.lang, "本来就在线上", "was live")
    )
    print(f"{done.release} {words} · {say_commit(arguments.lang, done.stamp)} · {host.name}")
    return 0


def _check_links(site: Path, language: Language) -> None:
    """Raises UserError where a page links to or loads what the site does not have."""
    from ..inspection.finished import find_broken, read_pages

    if broken := [f"{page} → {link}" for page, link in find_broken(site, read_pages(site))]:
        more = "belts verify --only links"
        zh = f"网站里有 {len(broken)} 处链接没有去处，没有上线（{more}）"
        en = f"{len(broken)} links lead nowhere in the site, which is not sent ({more})"
        raise UserError("\n  ".join([say(language, zh, en), *broken[:_MOST_SHOWN]]))
