"""`belts locate NAME`: where a village or township is, as YAML to paste."""

from __future__ import annotations

import argparse
import sys

from ..editing.lookup import Candidate, find_candidates, member_yaml, place_yaml
from ..errors import UsageError
from ..faults.rules import Language
from ..reading.load import load_dataset
from .base import Commands, aside, say


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("locate", help="find a village or township: code, district, point, YAML")
    parser.add_argument("name", nargs="+", metavar="NAME", help="name, part of one, pinyin or code")
    parser.add_argument(
        "--pick", type=int, default=1, metavar="N", help="print the YAML of the Nth candidate"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the candidates and the YAML of one; 1 when there is none."""
    query = " ".join(arguments.name)
    candidates = find_candidates(load_dataset(arguments.root), query)
    if candidates and not 1 <= arguments.pick <= len(candidates):
        raise UsageError(f"--pick 1—{len(candidates)}")
    for number, candidate in enumerate(candidates, 1):
        print(f"{number:2}. {_line(candidate, arguments.lang)}")
    if not candidates:
        zh, en = f"名录里没有与“{query}”相近的地名", f"the gazetteer has no name near `{query}`"
        print(say(arguments.lang, zh, en), file=sys.stderr)
        return 1
    picked = candidates[arguments.pick - 1]
    print(f"\n{place_yaml(picked)}\n\n{member_yaml(picked)}")
    return 0


def _line(candidate: Candidate, language: Language) -> str:
    """One candidate: name, code, district and township, point with its precision."""
    district = candidate.district.name if candidate.district else ""
    point = say(language, "没有坐标", "no point")
    if position := candidate.position:
        precision = say(language, position.precision.label, position.precision.value)
        point = f"{position.lat}, {position.lon}{aside(language, precision)}"
    return f"{candidate.name}  {candidate.code}  {district}{candidate.township}  {point}"
