"""Gates over the packages that the site is made with: their licences, and what is known to be wrong with them.

The audit asks the public data bases through pip-audit and npm; without a network it could not run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

from ..provenance.bill import ALLOWED, NODE_LOCK, PYTHON_LOCK, list_node, list_python, read_licence
from .candidate import Candidate
from .verdict import NotRun

_EVERYTHING = "requirements/dev.txt"  # what the site is built with, and what checks it
_SEVERE = ("moderate", "high", "critical")
_SECONDS = 300


def check_licences(candidate: Candidate) -> Iterator[str]:
    """Each package that the site is built with, and each that npm installs, has a licence on the list."""
    python, node = (_read(candidate.root / name) for name in (PYTHON_LOCK, NODE_LOCK))
    found = {f"PyPI {name}": _licence_of(name) for name, _, _ in list_python(python)}
    found |= {f"npm {name}": str(package.get("license", "")) for name, package in list_node(node)}
    for package, licence in found.items():
        if not is_allowed(licence):
            yield f"{package}: {licence or '–'}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise NotRun(f"{path.name}: absent") from None


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression can be met by licences on the list alone."""
    if "(" in expression:
        return set(re.findall(r"[\w.+-]+", expression)) - {"AND", "OR", "WITH"} <= ALLOWED
    return any(set(part.split(" AND ")) <= ALLOWED for part in expression.split(" OR "))


def _licence_of(name: str) -> str:
    try:
        return read_licence(name)
    except PackageNotFoundError:
        raise NotRun(f"{name} is not installed: make setup-dev") from None


def check_audit(candidate: Candidate) -> Iterator[str]:
    """No locked package has a published weakness. Raises NotRun when a data base does not answer."""
    yield from _audit_python(candidate.root, candidate.osv)
    yield from _audit_node(candidate.root)


def _audit_python(root: Path, osv: str) -> Iterator[str]:
    """Ask OSV about each locked Python package, by pip-audit."""
    flags = ("--format", "json", "--progress-spinner", "off", "--vulnerability-service", "osv")
    locked = ("--strict", "--disable-pip", "--require-hashes", "-r", str(root / _EVERYTHING))
    another = ("--osv-url", osv) if osv else ()
    answer = _ask("pip-audit", (sys.executable, "-m", "pip_audit", *flags, *locked, *another), root)
    for package in answer["dependencies"]:
        for fault in package["vulns"]:
            mended = ", ".join(fault["fix_versions"]) or "–"
            yield f"PyPI {package['name']} {package['version']}: {fault['id']} → {mended}"


def _audit_node(root: Path) -> Iterator[str]:
    """Ask the registry that npm uses about each locked npm package."""
    answer = _ask("npm audit", ("npm", "audit", "--json", "--package-lock-only"), root)
    if "vulnerabilities" not in answer:
        raise NotRun(f"npm audit: {str(answer.get('message', answer))[:200]}")
    for name, fault in sorted(answer["vulnerabilities"].items()):
        if fault["severity"] in _SEVERE:
            causes = [via["title"] for via in fault["via"] if isinstance(via, dict)]
            yield f"npm {name}: {fault['severity']}: {'; '.join(causes)}"


def _ask(name: str, command: tuple[str, ...], root: Path) -> dict[str, Any]:
    """The JSON that a program prints. Raises NotRun when it prints none: then it has not looked."""
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        answer = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        said = "" if not isinstance(error, ValueError) else done.stderr.strip().rpartition("\n")[2]
        raise NotRun(f"{name}: {said or error}"[:300]) from None
    return dict(answer)
