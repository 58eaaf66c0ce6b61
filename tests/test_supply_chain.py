"""The supply chain: everything locked by hash, and no address or machine path in any committed file."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from build_scripts.inspection.leaks import REGISTRY_HOSTS

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements/runtime.txt", "requirements/dev.txt", "requirements/bench.txt")

REGISTRY = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS), re.IGNORECASE)
RESOLVED = re.compile(r'"resolved"\s*:')
MACHINE_PATH = re.compile(
    r"file:/{3}|(?<![\w./])/(?:home|Users)/[A-Za-z]|(?<![\w./])/root[/]|[A-Z]:\\+Users\\"
)
REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})*)"
)


def find_leaks(text: str, checkout: Path = ROOT) -> Iterator[str]:
    """Yield each line of `text` that names a registry, a resolved address, or a path of a machine."""
    for line in text.splitlines():
        here = len(checkout.parts) > 2 and f"{checkout}/" in line
        if here or REGISTRY.search(line) or RESOLVED.search(line) or MACHINE_PATH.search(line):
            yield line


def read_requirements(text: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    """Return version and hashes by name; a line that is no hashed, pinned requirement is an error."""
    found = {}
    for line in text.replace(" \\\n   ", "").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = REQUIREMENT.fullmatch(line.rstrip())
        if match is None or not match["hashes"]:
            pytest.fail(f"not pinned with hashes: {line[:80]}")
        found[match["name"]] = (match["version"], frozenset(match["hashes"].split()))
    return found


def find_unlocked_packages(lock: Mapping[str, Any]) -> Iterator[str]:
    """Yield the packages of an npm lock that have no strong hash, or that have an address."""
    for name, package in lock["packages"].items():
        if name and ("resolved" in package or not package.get("integrity", "").startswith("sha512-")):
            yield name


def read_committed_texts() -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that git tracks, except binary ones and those deleted just now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode("utf-8").split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in data:
            yield name, data.decode("utf-8")


def load_json(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def load_project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    texts = dict(read_committed_texts())
    assert "pyproject.toml" in texts
    assert [f"{name}: {line[:120]}" for name, text in texts.items() for line in find_leaks(text)] == []


@pytest.mark.parametrize(
    "planted",
    [
        *(f"--index-url https://{host}/simple" for host in REGISTRY_HOSTS),
        '  "resolved' + '": "https://example.org/leaflet-1.9.4.tgz",',
        "--find-links file:" + "///srv/wheels",
        "# by: pip-compile --output-file=/" + "home/someone/belts/runtime.txt",
        "see /" + "Users/someone/belts",
        "cache = /" + "root/.cache",
        "C:" + "\\Users\\someone",
        f"{Path('/srv/checkouts/belts')}/mkdocs.yml",
    ],
)
def test_planted_leak_is_found(planted: str) -> None:
    checkout = Path("/srv/checkouts/belts")
    assert list(find_leaks(f"harmless\n{planted}\n", checkout)) == [planted]


@pytest.mark.parametrize(
    "harmless", ["https://example.org/home/about", "/areas/home/", "site/root/x", "~/belts"]
)
def test_harmless_line_is_no_leak(harmless: str) -> None:
    assert list(find_leaks(harmless)) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    assert read_requirements((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("planted", ["folium==0.20.0", "folium>=0.20", "-e .", "--extra-index-url x"])
def test_planted_requirement_without_hash_is_found(planted: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="not pinned with hashes"):
        read_requirements(f"# lock\n{planted}\n")


def test_other_locks_extend_the_runtime_lock() -> None:
    """Tests and benchmarks run on exactly the versions that build the site."""
    runtime, dev, bench = (read_requirements((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    assert runtime.items() <= dev.items()
    assert runtime.items() <= bench.items()


def test_every_declared_dependency_is_locked() -> None:
    """A dependency added to pyproject.toml without `make lock` is found here."""
    declared = load_project()
    runtime, dev, bench = (read_requirements((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    project = declared["project"]
    for wanted, locked in [
        (project["dependencies"] + declared["build-system"]["requires"], runtime),
        (project["optional-dependencies"]["dev"], dev),
        (project["optional-dependencies"]["bench"], bench),
    ]:
        names = {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}
        assert names - locked.keys() == set()


def test_installed_packages_are_the_locked_ones() -> None:
    """A set-up that is older than the lock is found here."""
    locked = read_requirements((ROOT / LOCKS[0]).read_text(encoding="utf-8"))
    assert {name: version(name) for name in locked} == {name: pin for name, (pin, _) in locked.items()}


@pytest.mark.parametrize("name", LOCKS[:2])
def test_every_locked_package_installs_with_the_oldest_python(name: str) -> None:
    """A package may ask for a later patch release than `make lock` runs on, and Debian 12 has an early one."""
    oldest = load_project()["project"]["requires-python"].removeprefix(">=") + ".0"
    locked = read_requirements((ROOT / name).read_text(encoding="utf-8"))
    asked = {package: metadata(package).get("Requires-Python") or "" for package in locked}
    assert [package for package, range_ in asked.items() if oldest not in SpecifierSet(range_)] == []


def test_every_npm_package_has_a_hash_and_no_address() -> None:
    assert list(find_unlocked_packages(load_json("package-lock.json"))) == []


def test_planted_npm_package_without_hash_is_found() -> None:
    good = {"version": "1.0.0", "integrity": "sha512-AAAA"}
    lock = {
        "packages": {
            "": {"name": "belts"},
            "node_modules/good": good,
            "node_modules/bare": {"version": "1.0.0"},
            "node_modules/weak": {**good, "integrity": "sha1-AAAA"},
            "node_modules/placed": dict(good, resolved="https://example.org/x.tgz"),
        }
    }
    assert list(find_unlocked_packages(lock)) == [
        "node_modules/bare",
        "node_modules/weak",
        "node_modules/placed",
    ]


def test_npm_dependencies_are_exact_and_locked() -> None:
    package, lock = load_json("package.json"), load_json("package-lock.json")
    wanted = package["dependencies"] | package["devDependencies"]
    assert wanted == {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted}


def test_no_npm_script_runs_at_install() -> None:
    assert "scripts" not in load_json("package.json")
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text(encoding="utf-8").splitlines()
