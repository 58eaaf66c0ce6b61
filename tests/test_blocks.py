"""Records in blocks, and what each block gives to files."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from build_scripts.storage.blocks import Composed, Packed, Part, Stock, Text, pack, part_in_blocks
from build_scripts.storage.cache import NO_CACHE, Cache
from build_scripts.writing.write import write_files

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


class Maker:
    """Makes two pieces of each block of words, one of which stands deflated in its file, and notes which it made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, word: str) -> dict[str, Packed]:
        self.made.append(word)
        packed = pack(f"{word}\n".encode() * 50, 50)
        return {
            "text": packed,
            "deflated": Packed(packed.content, 1, len(packed.content), Text(70, 4_000_000_000, 5)),
        }


def stock_of(make: Maker, words: Sequence[str], cache: Cache) -> Stock:
    """A stock of what is made of each word."""
    stock = Stock(cache)
    stock.expect({word.encode(): partial(make, word) for word in words})
    return stock


def whole(stock: Stock, words: Sequence[str]) -> tuple[bytes, bytes]:
    """A file of text and one that holds deflated pieces, which must be as long as they say."""
    pieces = [stock.of(word.encode()) for word in words]
    files = [
        stock.compose([b"head\n", *(piece[name] for piece in pieces), b"end\n"])
        for name in ("text", "deflated")
    ]
    contents = [bytes(file) for file in files]
    assert [file.size for file in files] == [len(content) for content in contents]
    return contents[0], contents[1]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_file_is_composed_of_what_blocks_give(tmp_path: Path, is_kept: bool) -> None:
    """In order, with what stands between; of pieces that are kept on disk or in memory."""
    stock = stock_of(make := Maker(), ["two", "one"], Cache(tmp_path / "cache") if is_kept else NO_CACHE)
    text, deflated = whole(stock, ["one", "two"])
    assert text == b"head\n" + b"one\n" * 50 + b"two\n" * 50 + b"end\n"
    assert deflated == b"head\n" + pack(b"one\n" * 50, 1).content + pack(b"two\n" * 50, 1).content + b"end\n"
    assert make.made == ["one", "two"]


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    """Nor read to know how long a file is, and whether it is the same; a process finds what another has made."""
    cache = Cache(tmp_path / "cache")
    first = stock_of(make := Maker(), ["one", "two"], cache)
    again = stock_of(make, ["one", "two", "three"], Cache(tmp_path / "cache"))
    texts = whole(first, ["one", "two"])
    cache.save()
    assert again.missing == (b"one", b"two", b"three")
    again.find()
    assert again.missing == (b"three",)
    assert whole(again, ["one", "two"]) == texts
    assert make.made == ["one", "two"]


def test_files_of_the_same_parts_have_the_same_key() -> None:
    """Another piece, another order or another word between them makes another."""
    stock = stock_of(Maker(), ["one", "two"], NO_CACHE)
    one, two = (stock.of(name)["text"] for name in (b"one", b"two"))
    lists: list[list[Part]] = [[one, b"-", two], [two, b"-", one], [one, b"+", two], [one, b"-", one]]
    keys = [stock.compose(parts).key for parts in (*lists, *lists)]
    assert len(set(keys)) == 4
    assert keys[:4] == keys[4:]


@pytest.mark.parametrize(
    "damage", ["DELETE FROM results WHERE value = ?", "UPDATE results SET value = 'null' WHERE value = ?"]
)
def test_a_piece_that_the_cache_has_lost_is_made_again(tmp_path: Path, damage: str) -> None:
    """Of its block alone."""
    words, cache = ["one", "two", "three"], Cache(tmp_path / "cache")
    texts = whole(stock_of(make := Maker(), words, cache), words)
    cache.save()
    with closing(sqlite3.connect(tmp_path / "cache")) as connection, connection:
        assert connection.execute(damage, [pack(b"two\n" * 50, 50).content]).rowcount == 1
    assert whole(stock_of(make, words, Cache(tmp_path / "cache")), words) == texts
    assert make.made == [*words, "two"]


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
