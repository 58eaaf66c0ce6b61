"""The bill of materials, held against CycloneDX's own schema and against the locks."""

import json
from pathlib import Path

import cyclonedx.schema
import pytest
from conftest import ROOT, copy_site
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from build_scripts.building.build import build_site
from build_scripts.provenance.bill import LOCKS, PYTHON_LOCK, read_licence, read_locks, render_bill
from build_scripts.provenance.checkout import find_origin
from build_scripts.provenance.stamp import hash_tree
from build_scripts.provenance.worktree import NO_COMMIT
from build_scripts.storage.cache import NO_CACHE, Cache

SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"


def copy_locks(project: Path) -> None:
    """Lay the locks of this checkout beside another city."""
    for name in LOCKS:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes((ROOT / name).read_bytes())


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
    return json.loads(render_bill(*read_locks(ROOT), "1.2.3"))


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


def test_it_names_the_licence_of_each(bill: dict) -> None:
    """Also of packages that state it in the words of older metadata."""
    unlicensed = [component["name"] for component in bill["components"] if "licenses" not in component]
    assert unlicensed == []


def install(folder: Path, name: str, *lines: str) -> None:
    """What an installed package says of itself."""
    (folder / f"{name}-1.dist-info").mkdir()
    text = "\n".join(("Metadata-Version: 2.1", f"Name: {name}", "Version: 1", *lines, ""))
    (folder / f"{name}-1.dist-info/METADATA").write_text(text, encoding="utf-8")


def test_a_licence_is_told_from_whichever_field_states_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    classifier = "Classifier: License :: OSI Approved :: BSD License"
    install(tmp_path, "stating", "License-Expression: Apache-2.0 OR GPL-2.0-only", "License: MIT")
    install(tmp_path, "naming", "License: BSD-2-Clause", classifier)
    install(tmp_path, "classified", "License: Copyright of many", classifier)
    install(tmp_path, "vague", "License: ask us")
    licences = {name: read_licence(name) for name in ("stating", "naming", "classified", "vague")}
    assert licences == {
        "stating": "Apache-2.0 OR GPL-2.0-only",
        "naming": "BSD-2-Clause",
        "classified": "BSD-3-Clause",
        "vague": "",
    }
    [component] = json.loads(render_bill("no-such-package==1\n", '{"packages": {}}', "1"))["components"]
    assert "licenses" not in component


def test_it_is_reproducible(bill: dict) -> None:
    locks = read_locks(ROOT)
    assert render_bill(*locks, "1.2.3") == render_bill(*locks, "1.2.3")
    assert "timestamp" not in bill["metadata"]
    other = json.loads(render_bill(*locks, "1.2.4"))
    assert other["serialNumber"] != bill["serialNumber"]


def test_a_scoped_package_is_named_as_its_registry_does() -> None:
    lock = {"packages": {"node_modules/@a/b": {"version": "1.0.0", "integrity": "sha512-AAAA"}}}
    [component] = json.loads(render_bill("", json.dumps(lock), "1"))["components"]
    assert component["purl"] == "pkg:npm/%40a/b@1.0.0"


def test_a_folder_without_locks_has_no_bill(tmp_path: Path) -> None:
    assert find_origin(tmp_path, NO_COMMIT).bill == b""


def test_it_follows_the_locks_when_it_is_kept(tmp_path: Path) -> None:
    """A bill from the cache is the one that would be made, also after a lock has changed."""
    project, cache = tmp_path / "project", Cache(tmp_path / "results.sqlite")
    copy_locks(project)
    for version in ("1.0.0", "2.0.0"):
        (project / PYTHON_LOCK).write_text(f"jinja2=={version} --hash=sha256:00\n", encoding="utf-8")
        made, kept, fresh = (
            find_origin(project, NO_COMMIT, store).bill for store in (cache, cache, NO_CACHE)
        )
        assert made == kept == fresh
        assert f"pkg:pypi/jinja2@{version}".encode() in kept


def test_the_site_publishes_it(tmp_path: Path) -> None:
    """Built where the locks are, the site carries the bill; its hash is in the manifest like any file's."""
    project = copy_site("second-city", tmp_path)
    copy_locks(project)
    site = build_site(project).site
    assert json.loads((site / "bom.json").read_bytes())["bomFormat"] == "CycloneDX"
    assert "bom.json" in hash_tree(site)
