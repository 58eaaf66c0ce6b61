"""Styles and scripts under names made from their content."""

from pathlib import Path

import pytest

from build_scripts.web.published import load_published


def _templates(folder: Path, style: str) -> Path:
    (folder / "styles").mkdir(parents=True)
    (folder / "styles/site.css").write_text(style)
    (folder / "scripts").mkdir()
    (folder / "scripts/a.js").write_text('import("./b.js")')
    (folder / "scripts/b.js").write_text("1")
    return folder


def test_an_address_changes_with_the_content_and_only_then(tmp_path: Path) -> None:
    """The same files have the same addresses; a changed style changes the styles' folder alone."""
    first, same, other = (
        load_published(_templates(tmp_path / name, style))
        for name, style in (("a", "x"), ("b", "x"), ("c", "y"))
    )
    assert first.addresses == same.addresses
    assert first.address("styles/site.css") != other.address("styles/site.css")
    assert first.address("scripts/a.js") == other.address("scripts/a.js")


def test_scripts_stay_beside_one_another(tmp_path: Path) -> None:
    """Relative imports keep working: all scripts are in one folder under their own names."""
    published = load_published(_templates(tmp_path, "x"))
    a, b = published.address("scripts/a.js"), published.address("scripts/b.js")
    assert a.rsplit("/", 1)[0] == b.rsplit("/", 1)[0]
    assert published.files[b] == b"1"


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    """A template that names a file that is not there finds out at build time."""
    with pytest.raises(KeyError):
        load_published(_templates(tmp_path, "x")).address("styles/none.css")
