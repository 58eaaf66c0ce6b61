"""`belts explain [CODE]`: what a rule demands, with a bad and a good example."""

from __future__ import annotations

import argparse

from ..errors import UsageError
from ..faults.report import render_explanation, render_rule_list
from ..faults.rules import RULES
from ..words.spelling import closest
from .base import Commands


def add_parser(commands: Commands) -> None:
    """Describe the command."""
    parser = commands.add_parser("explain", help="explain a rule; without a code, list all")
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as B202")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one rule or all; 2 when there is no such code."""
    if arguments.code is None:
        print(render_rule_list(RULES.values(), arguments.lang))
        return 0
    code = arguments.code.upper()
    if code not in RULES:
        near = closest(code, RULES)
        hint = f"，是否想写 {near}？ (did you mean {near}?)" if near else ""
        raise UsageError(f"没有规则 {arguments.code} (no such rule){hint}")
    print(render_explanation(RULES[code], arguments.lang))
    return 0
