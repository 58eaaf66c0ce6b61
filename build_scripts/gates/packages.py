"""Gates over the packages that the site is made with: their licences, and what is known to be wrong with them.

The audit asks the public data bases through pip-audit and npm; without a network it could not run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from ..bill import NODE_LOCK, PYTHON_LOCK
from .candidate import Candidate
from .verdict import NotRun

ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "ISC"),
        *("MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"),
    }
)
"""SPDX names of licences that let a city publish and change what it builds with."""
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)
_EVERYTHING = "requirements/dev.txt"  # what the site is built with, and what checks it
_SEVERE = ("moderate", "high", "critical")
_SECONDS = 300


def check_licences(candidate: Candidate) -> Iterator[str]:
    """Each package that the site is built with, and each that npm installs, has a licence on the list."""
    names = _LOCKED.findall(_read(candidate.root / PYTHON_LOCK))
    found = {f"PyPI {name}": _python_licence(name) for name in names}
    packages = json.loads(_read(candidate.root / NODE_LOCK))["packages"]
    found |= {
        f"npm {path.rpartition('node_modules/')[2]}": str(package.get("license", ""))
        for path, package in packages.items()
        if path
    }
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


def _python_licence(name: str) -> str:
    """What an installed package says, as an SPDX expression where it can be told. Raises NotRun."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        raise NotRun(f"{name} is not installed: make setup-dev") from None
    stated, named = (found[key] if key in found else "" for key in ("License-Expression", "License"))  # noqa: SIM401
    if stated or named in ALLOWED:
        return stated or named
    classifiers = (text.rpartition(" :: ")[2] for text in found.get_all("Classifier") or ())
    known = [_CLASSIFIERS[text] for text in classifiers if text in _CLASSIFIERS]
    return " AND ".join(known) or named.partition("\n")[0]


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
