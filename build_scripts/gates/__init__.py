"""The gates that a built site must pass before it goes online, in the order in which they are run.

A gate is a function that yields faults in words, or raises `NotRun` or `UserError`; one that did not run has not
been passed. To add one: a function, a row here, a fault in tests/test_gates.py that it finds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..errors import UserError
from .candidate import Candidate
from .leaks import check_leaks
from .markup import check_markup
from .packages import check_audit, check_licences
from .tree import check_access, check_equal, check_hosts, check_links, check_policy, check_strict, check_whole
from .verdict import NotRun, Verdict


class Gate(NamedTuple):
    """One gate: its name, and what passing it means, in both languages."""

    name: str
    zh: str
    en: str
    find_faults: Callable[[Candidate], Iterable[str]]


GATES = {
    gate.name: gate
    for gate in (
        Gate(
            "whole", "文件与 build.json 所记一致", "the files are those that build.json records", check_whole
        ),
        Gate("links", "链接、锚点、图片都在", "every link, anchor and picture leads somewhere", check_links),
        Gate("hosts", "不从别的网站装入任何东西", "nothing is loaded from another host", check_hosts),
        Gate("leaks", "没有不该公开的内容", "nothing stands there that must not be published", check_leaks),
        Gate(
            "licences", "所用软件包的许可证都在允许之列", "each package's licence is allowed", check_licences
        ),
        Gate(
            "strict",
            "从头重新生成，MkDocs 严格模式没有警告",
            "a build from nothing, MkDocs strict",
            check_strict,
        ),
        Gate(
            "equal",
            "换地方、时区、语言再生成，每个字节相同",
            "built elsewhere, the same bytes",
            check_equal,
        ),
        Gate("html", "Nu 校验：HTML 没有错误", "the Nu checker finds no error", check_markup),
        Gate(
            "policy",
            "安全策略：没有内嵌代码，浏览器里没有违规",
            "no inline code, no refusal in a browser",
            check_policy,
        ),
        Gate("access", "无障碍：axe 没有发现问题", "axe finds no barrier", check_access),
        Gate(
            "audit",
            "所用软件包没有已公布的漏洞",
            "no package has a published weakness",
            check_audit,
        ),
    )
}


def run_gates(candidate: Candidate, names: Iterable[str] = GATES) -> Iterator[Verdict]:
    """The verdict of each named gate, as soon as it is there."""
    for name in names:
        start = time.monotonic()
        faults: tuple[str, ...] = ()
        lack = ""
        try:
            faults = tuple(GATES[name].find_faults(candidate))
        except (NotRun, UserError) as reason:
            lack = str(reason)
        yield Verdict(name, faults, lack, time.monotonic() - start)
