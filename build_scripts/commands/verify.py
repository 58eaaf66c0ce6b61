"""`belts verify`: every gate before the built site; a table of verdicts. A gate that could not run is a failure."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..faults.rules import Language
from .base import Commands, check_built, find_site, say, shorten

if TYPE_CHECKING:
    from ..gates.verdict import Verdict

_MOST_SHOWN = 10


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("verify", help="put the built site through every gate before it goes online")
    parser.add_argument(
        "site", nargs="?", type=Path, metavar="SITE", help="the built site (default: site_dir of mkdocs.yml)"
    )
    parser.add_argument(
        "--only", action="append", metavar="GATE", help="run this gate alone; may be repeated"
    )
    parser.add_argument("--all", action="store_true", help="print every fault, not the first few of a gate")
    parser.add_argument(
        "--osv", default="", metavar="URL", help="another OSV data base of weaknesses to ask in the audit"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the gates; 1 when any was not passed, 2 when there is no site or no such gate."""
    from ..gates import GATES, run_gates
    from ..gates.candidate import Candidate

    language: Language = arguments.lang
    root: Path = arguments.root.resolve()
    site = find_site(root, arguments.site).resolve()
    names = arguments.only or list(GATES)
    if unknown := [name for name in names if name not in GATES]:
        text = say(language, "没有这一关；有的是", "no such gate; there are")
        raise UsageError(f"{', '.join(unknown)}: {text} {', '.join(GATES)}")
    check_built(site, language)
    verdicts = []
    for verdict in run_gates(Candidate(root, site, arguments.osv), names):
        verdicts.append(verdict)
        print(_describe(verdict, language, limit=0 if arguments.all else _MOST_SHOWN), flush=True)
    print(_sum_up(verdicts, len(GATES), language))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _describe(verdict: Verdict, language: Language, *, limit: int) -> str:
    """One row of the table, and below it what is wrong."""
    from ..gates import GATES

    gate = GATES[verdict.gate]
    results = say(language, "通过 未过 未能运行", "passed failed could-not-run").split()
    result = results[2 if verdict.lack else 0 if verdict.passed else 1]
    row = f"{verdict.gate:<9}{verdict.seconds:>7.1f} s  {result}  {say(language, gate.zh, gate.en)}"
    faults = [verdict.lack] if verdict.lack else list(verdict.faults)
    return "\n".join([row, *(f"    {line}" for line in shorten(faults, limit, language))])


def _sum_up(verdicts: list[Verdict], known: int, language: Language) -> str:
    passed = sum(verdict.passed for verdict in verdicts)
    seconds = sum(verdict.seconds for verdict in verdicts)
    left = known - len({verdict.gate for verdict in verdicts})
    text = say(
        language,
        f"{len(verdicts)} 关，通过 {passed}，用时 {seconds:.0f} 秒",
        f"{passed} of {len(verdicts)} gates passed in {seconds:.0f} s",
    )
    rest = say(language, f"；另有 {left} 关这次没有运行", f"; {left} others were not asked")
    return text + (rest if left else "")
