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
_REQUIREMENT = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?P<hashes>(?: --hash=\S+)*)", re.MULTILINE
)
_SPACE = uuid.UUID("8d1f4c8e-6a53-5d3b-9d0e-3f1f1a2c7b55")  # of the bills' serial numbers: ours, drawn once


def read_locks(root: Path) -> tuple[str, str] | None:
    """The texts of the two lock files of a checkout; None where either is missing."""
    python, node = root / PYTHON_LOCK, root / NODE_LOCK
    if not (python.is_file() and node.is_file()):
        return None
    return python.read_text(encoding="utf-8"), node.read_text(encoding="utf-8")


def render_bill(python_lock: str, node_lock: str, version: str) -> str:
    """The text of bom.json for the texts of the locks. What only development needs is not in it."""
    components = [*_python_components(python_lock), *_node_components(json.loads(node_lock))]
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


def _python_components(requirements: str) -> Iterator[dict[str, Any]]:
    """A locked package may come as any of several wheels: each has its hash."""
    for found in _REQUIREMENT.finditer(requirements.replace(" \\\n   ", "")):
        hashes = [{"alg": "SHA-256", "content": word.partition(":")[2]} for word in found["hashes"].split()]
        purl = f"pkg:pypi/{found['name']}@{found['version']}"
        yield _component(found["name"], found["version"], purl, _python_licence(found["name"]), hashes)


def _node_components(lock: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, package in sorted(lock["packages"].items()):
        if not path or package.get("dev") or package.get("devOptional"):
            continue
        name = path.rpartition("node_modules/")[2]
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


def _python_licence(name: str) -> str:
    """The SPDX expression that an installed package declares; empty when it declares none."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return ""
    named = "License-Expression"
    return found[named] if named in found else ""  # noqa: SIM401 (its type has no get)
