"""Records in blocks, and what each block gives to files."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from build_scripts.blocks import Composed, Piece, Pieces, make_pieces, part_in_blocks
from build_scripts.cache import Cache
from build_scripts.write import write_files

NAMES = [f"record-{number}" for number in range(1000)]


def test_blocks_hold_every_item_once_in_order() -> None:
    """A block ends after some items; together the blocks are the whole."""
    blocks = part_in_blocks(NAMES, str)
    assert [name for block in blocks for name in block] == NAMES
    assert 5 < len(blocks) < 50
    assert part_in_blocks([], str) == []


def test_an_item_added_or_removed_changes_its_own_block_alone() -> None:
    """Wherever it stands; an item that ended a block leaves two joined."""
    blocks = set(part_in_blocks(NAMES, str))
    for place in (0, 1, 500, 999):
        assert len(set(part_in_blocks([*NAMES[:place], "new", *NAMES[place:]], str)) - blocks) == 1
        assert len(set(part_in_blocks([*NAMES[:place], *NAMES[place + 1 :]], str)) - blocks) <= 1


def test_a_piece_comes_from_the_cache_as_it_was_made(tmp_path: Path) -> None:
    """What is known is not made again; the numbers beside the content travel with it."""
    made: list[str] = []

    def make(block: str) -> Pieces:
        made.append(block)
        return {
            "a.csv": Piece(f"{block}\n\n".encode(), 2),
            "a.xlsx": Piece(b"\n\0\xff", 1, 70, 4_000_000_000),
        }

    first = make_pieces({b"1": "one", b"2": "two"}, make, kept := Cache(tmp_path / "cache"))
    kept.save()
    again = make_pieces({b"1": "one", b"3": "three", b"2": "two"}, make, Cache(tmp_path / "cache"))
    assert made == ["one", "two", "three"]
    assert list(again) == [b"1", b"3", b"2"]
    assert {key: again[key] for key in first} == first


def test_a_file_is_written_part_by_part_and_measured_on_the_way(tmp_path: Path) -> None:
    """Each part is asked for when the one before it is done with, and no file is begun before it is its turn."""
    there: list[list[str]] = []

    def make() -> Iterator[bytes]:
        for number in range(3):
            there.append(sorted(path.name for path in tmp_path.iterdir()))
            yield b"%d\n" % number

    files = {"a.csv": Composed(make), "b.csv": Composed(make)}
    digests = write_files(tmp_path, files)
    assert there == [["a.csv"]] * 3 + [["a.csv", "b.csv"]] * 3
    assert [file.size for file in files.values()] == [6, 6]
    assert len(there) == 6  # sizes are known
    assert digests == dict.fromkeys(files, hashlib.sha256(b"0\n1\n2\n").hexdigest())
    assert (tmp_path / "b.csv").read_bytes() == bytes(files["b.csv"])
