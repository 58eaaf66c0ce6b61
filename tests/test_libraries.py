"""The browser libraries that go into the site."""

from pathlib import Path

import pytest

from build_scripts.errors import UserError
from build_scripts.web.libraries import Libraries, load_libraries

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def libraries() -> Libraries:
    return load_libraries(ROOT / "node_modules")


def test_script_holds_leaflet_and_both_plugins_in_order(libraries: Libraries) -> None:
    script = libraries.script.content.decode()
    marks = ("Leaflet 1.", "MarkerClusterGroup=", "leaflet.fullscreen")
    places = [script.index(mark) for mark in marks]
    assert places == sorted(places)


def test_nothing_in_them_asks_for_another_file(libraries: Libraries) -> None:
    assert b"sourceMappingURL" not in libraries.script.content
    assert b"url(" not in libraries.style.content
    assert b"@import" not in libraries.style.content


def test_every_licence_travels_along(libraries: Libraries) -> None:
    licences = libraries.licences.content.decode()
    for holder in ("Volodymyr Agafonkin", "David Leaver", "Bruno B"):
        assert holder in licences


def test_paths_are_distinct_and_named_by_content(libraries: Libraries) -> None:
    paths = {asset.path for asset in libraries.assets}
    assert len(paths) == 3
    assert all(path.startswith("assets/lib/leaflet.") for path in paths)


def test_missing_packages_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="make setup"):
        load_libraries(tmp_path)
