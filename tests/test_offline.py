"""The manifest and the service worker's text."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from map_samples import make_city

from build_scripts.web.offline import render_manifest, render_worker
from build_scripts.web.published import load_published

TEMPLATES = ROOT / "site_templates"


def test_a_manifest_names_the_site_and_works_below_any_path() -> None:
    """Its addresses are relative, its icons are published, and nothing is made up."""
    city, published = make_city(), load_published(TEMPLATES)
    manifest = json.loads(render_manifest(city, published))
    assert (manifest["name"], manifest["short_name"]) == (city.title, city.name)
    assert (manifest["start_url"], manifest["scope"]) == ("./", "./")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert all(icon["src"] in published.files for icon in manifest["icons"])
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])


def test_a_worker_changes_with_the_shell_and_only_then() -> None:
    """A browser takes a worker for new when its bytes differ."""
    first, same, other = (render_worker(TEMPLATES, shell) for shell in (b"a", b"a", b"b"))
    assert first == same != other


def test_a_worker_without_a_place_for_the_digest_is_refused(tmp_path: Path) -> None:
    """Otherwise every build would have the same worker."""
    (tmp_path / "worker").mkdir()
    (tmp_path / "worker/worker.js").write_text("const SHELL = 1")
    with pytest.raises(ValueError, match="exactly one"):
        render_worker(tmp_path, b"")
