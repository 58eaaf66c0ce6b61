"""Files of one tree that stand in another too."""

from pathlib import Path

from build_scripts.storage.files import link_files, list_files


def test_files_are_linked_in_any_order_with_the_folders_above_them(tmp_path: Path) -> None:
    """Folders may be there, and may hold folders alone."""
    source, target = tmp_path / "source", tmp_path / "target"
    names = ["areas/east/index.html", "areas/east/maps/deep/a.json", "data/all.csv", "index.html"]
    for name in (*names, "left.html"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name, encoding="utf-8")
    (target / "areas").mkdir(parents=True)
    link_files(str(source), str(target), {*names})
    assert list_files(target) == names
    assert all((target / name).samefile(source / name) for name in names)
