"""Files of one tree that stand in another too, and the compressed form of a file."""

import gzip
from pathlib import Path

from build_scripts.storage.files import gzip_form, link_files, list_files


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


def test_a_compressed_form_says_neither_when_nor_where_it_was_made() -> None:
    """The header of RFC 1952: no flags, no time, most effort, no system; Pythons differ in the last."""
    content = b"<p>" * 999
    assert gzip_form(content)[:10] == b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"
    assert gzip.decompress(gzip_form(content)) == content
    assert gzip.decompress(gzip_form(content, 6)) == content
