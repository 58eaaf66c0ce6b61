"""The bill of materials, held against CycloneDX's own schema and against the locks."""

import json
from pathlib import Path

import cyclonedx.schema
import pytest
from conftest import ROOT, copy_site
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from build_scripts.bill import load_bill, render_bill
from build_scripts.build import build_site
from build_scripts.stamp import hash_tree

SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    """CycloneDX 1.6, as its own library ships it."""
    schemas = [
        json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.SNAPSHOT.schema.json")
    ]
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas)
    whole = next(s for s in schemas if s["$id"].endswith("/bom-1.6.schema.json"))
    return Draft7Validator(whole, registry=registry)


@pytest.fixture(scope="module")
def bill() -> dict:
    return json.loads(load_bill(ROOT, "1.2.3"))


def test_it_is_cyclonedx(bill: dict, validator: Draft7Validator) -> None:
    assert [error.message for error in validator.iter_errors(bill)] == []
    spoilt = bill | {"components": [{"name": "no type"}]}
    assert [error.message for error in validator.iter_errors(spoilt)] != []


def test_it_names_what_the_locks_name(bill: dict) -> None:
    """Every locked package of the build, by name and version; nothing that only development needs."""
    lines = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8").splitlines()
    python = {f"pkg:pypi/{line.split()[0].replace('==', '@')}" for line in lines if "==" in line}
    purls = {component["purl"] for component in bill["components"]}
    assert python <= purls
    assert "pkg:npm/leaflet@1.9.4" in purls
    assert not {purl for purl in purls if "axe-core" in purl or "pytest" in purl or "vnu" in purl}
    assert all(component["hashes"] for component in bill["components"])


def test_it_is_reproducible(bill: dict) -> None:
    assert load_bill(ROOT, "1.2.3") == load_bill(ROOT, "1.2.3")
    assert "timestamp" not in bill["metadata"]
    other = json.loads(load_bill(ROOT, "1.2.4"))
    assert other["serialNumber"] != bill["serialNumber"]


def test_a_scoped_package_is_named_as_its_registry_does() -> None:
    lock = {"packages": {"node_modules/@a/b": {"version": "1.0.0", "integrity": "sha512-AAAA"}}}
    [component] = json.loads(render_bill("", lock, "1"))["components"]
    assert component["purl"] == "pkg:npm/%40a/b@1.0.0"


def test_a_folder_without_locks_has_no_bill(tmp_path: Path) -> None:
    assert load_bill(tmp_path, "1") == b""


def test_the_site_publishes_it(tmp_path: Path) -> None:
    """Built where the locks are, the site carries the bill; its hash is in the manifest like any file's."""
    project = copy_site("second-city", tmp_path)
    for name in ("requirements/runtime.txt", "package-lock.json"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes((ROOT / name).read_bytes())
    site = build_site(project).site
    assert json.loads((site / "bom.json").read_bytes())["bomFormat"] == "CycloneDX"
    assert "bom.json" in hash_tree(site)
