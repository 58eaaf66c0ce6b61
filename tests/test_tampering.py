"""A package that is not what was locked fails the set-up: tried offline with the Makefile's own words."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def _words(variable: str) -> list[str]:
    found = re.search(rf"^{variable} := (.*)$", MAKEFILE, re.MULTILINE)
    assert found
    return found[1].split()


def _make_wheel(path: Path, text: str) -> None:
    info = "probe-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("probe.py", text)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def _install_wheel(folder: Path) -> "subprocess.CompletedProcess[str]":
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--isolated", "--no-index"]
    places = ["--find-links", str(folder), "--target", str(folder / "installed")]
    command = [*pip, *_words("LOCKED"), *places, "-r", str(folder / "lock.txt")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_tampered_wheel_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "probe-1.0-py3-none-any.whl"
    _make_wheel(wheel, "good = True\n")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "lock.txt"
    lock.write_text(f"probe==1.0 --hash=sha256:{digest}\n")
    done = _install_wheel(tmp_path)
    assert done.returncode == 0, done.stderr
    (tmp_path / "installed/probe.py").unlink()
    _make_wheel(wheel, "good = False\n")
    done = _install_wheel(tmp_path)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "installed/probe.py").exists()


def test_a_source_archive_is_not_built(tmp_path: Path) -> None:
    """Building one would run its code, however well its hash fits."""
    with tarfile.open(tmp_path / "probe-1.0.tar.gz", "w:gz"):
        pass
    digest = hashlib.sha256((tmp_path / "probe-1.0.tar.gz").read_bytes()).hexdigest()
    (tmp_path / "lock.txt").write_text(f"probe==1.0 --hash=sha256:{digest}\n")
    assert _install_wheel(tmp_path).returncode != 0


def _make_package(path: Path, text: str) -> None:
    """An npm package whose install script would leave a file behind."""
    script = "require('fs').writeFileSync('../../ran', '')"
    package = {"name": "probe", "version": "1.0.0", "scripts": {"install": f'node -e "{script}"'}}
    with tarfile.open(path, "w:gz") as archive:
        for name, content in (("package.json", json.dumps(package)), ("index.js", text)):
            data = content.encode()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def _install_package(folder: Path) -> "subprocess.CompletedProcess[str]":
    words = _words("NPM_CI")
    npm = words[words.index("npm") :]
    npm.remove("--silent")
    return subprocess.run(
        [*npm, "--offline", "--cache", str(folder / "cache")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("is_tampered", [False, True])
def test_a_tampered_npm_file_is_not_installed(tmp_path: Path, is_tampered: bool) -> None:
    """And of a good one no script runs."""
    archive = tmp_path / "probe.tgz"
    _make_package(archive, "good")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    wanted = {"probe": "file:probe.tgz"}
    root = {"name": "x", "version": "1.0.0", "dependencies": wanted}
    place = {"version": "1.0.0", "resolv" + "ed": "file:probe.tgz", "integrity": f"sha512-{digest}"}
    lock = {"lockfileVersion": 3, "packages": {"": root, "node_modules/probe": place}}
    (tmp_path / "package.json").write_text(json.dumps(root))
    (tmp_path / "package-lock.json").write_text(json.dumps(root | lock))
    if is_tampered:
        _make_package(archive, "evil")
    done = _install_package(tmp_path)
    if is_tampered:
        assert done.returncode != 0
        assert "EINTEGRITY" in done.stderr
        assert not (tmp_path / "node_modules/probe").exists()
    else:
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "node_modules/probe/index.js").read_text() == "good"
    assert not (tmp_path / "ran").exists()
