"""The bill of materials: everything the site is made with, from the two lock files, in CycloneDX's JSON.

It holds no date and no random number, so equal locks give equal bytes. https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

BILL = "bom.json"
LOCKS = PYTHON_LOCK, NODE_LOCK = "requirements/runtime.txt", "package-lock.json"
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
_REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)((?: --hash=sha256:[0-9a-f]+)*)", re.MULTILINE)
_SPACE = uuid.UUID("8d1f4c8e-6a53-5d3b-9d0e-3f1f1a2c7b55")  # of the bills' serial numbers: ours, drawn once


def read_locks(root: Path) -> tuple[str, str] | None:
    """The texts of the two lock files of a checkout; None where either is missing."""
    python, node = root / PYTHON_LOCK, root / NODE_LOCK
    if not (python.is_file() and node.is_file()):
        return None
    return python.read_text(encoding="utf-8"), node.read_text(encoding="utf-8")


def render_bill(python_lock: str, node_lock: str, version: str) -> str:
    """The text of bom.json for the texts of the locks. What only development needs is not in it."""
    components = [*_python_components(python_lock), *_node_components(node_lock)]
    references = [component["bom-ref"] for component in components]
    content = {
        "metadata": {
            "component": {"type": "application", "bom-ref": "belts", "name": "belts", "version": version}
        },
        "components": components,
        "dependencies": [{"ref": "belts", "dependsOn": references}, *({"ref": ref} for ref in references)],
    }
    serial = uuid.uuid5(_SPACE, json.dumps(content, sort_keys=True))
    head = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    return json.dumps(head | content, ensure_ascii=False, indent=1) + "\n"


def list_python(requirements: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each locked Python package: name, version, and the SHA-256 of each of the wheels that it may come as."""
    for name, version, hashes in _REQUIREMENT.findall(requirements.replace(" \\\n   ", "")):
        yield name, version, tuple(word.partition(":")[2] for word in hashes.split())


def list_node(lock: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each package of npm's lock, as its registry names it, with what the lock says of it."""
    for path, package in sorted(json.loads(lock)["packages"].items()):
        if path:
            yield path.rpartition("node_modules/")[2], package


def read_licence(name: str) -> str:
    """The SPDX expression of an installed package's licence; empty where it states none that we know.

    Older packages state it in the field `License`, where any text may stand, or by classifiers. Raises
    PackageNotFoundError.
    """
    found = metadata(name)
    stated, named = (found[key] if key in found else "" for key in ("License-Expression", "License"))  # noqa: SIM401 (its type has no get)
    if stated or named in ALLOWED:
        return stated or named
    classifiers = (text.rpartition(" :: ")[2] for text in found.get_all("Classifier") or ())
    return " AND ".join(_CLASSIFIERS[text] for text in classifiers if text in _CLASSIFIERS)


def _python_components(requirements: str) -> Iterator[dict[str, Any]]:
    for name, version, digests in list_python(requirements):
        try:
            licence = read_licence(name)
        except PackageNotFoundError:
            licence = ""
        hashes = [{"alg": "SHA-256", "content": digest} for digest in digests]
        yield _component(name, version, f"pkg:pypi/{name}@{version}", licence, hashes)


def _node_components(lock: str) -> Iterator[dict[str, Any]]:
    for name, package in list_node(lock):
        if package.get("dev") or package.get("devOptional"):
            continue
        digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
        purl = f"pkg:npm/{quote(name, safe='/')}@{package['version']}"
        hashes = [{"alg": "SHA-512", "content": digest}]
        yield _component(name, package["version"], purl, package.get("license", ""), hashes)


def _component(
    name: str, version: str, purl: str, licence: str, hashes: list[dict[str, str]]
) -> dict[str, Any]:
    component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    licences = {"licenses": [{"expression": licence}]} if licence else {}
    return component | {"hashes": hashes} | licences
