"""Results kept between builds."""

import pickle
import resource
from pathlib import Path

import pytest

from build_scripts.building.settings import Settings
from build_scripts.layout import Project, SiteSettings
from build_scripts.storage.cache import NO_CACHE, Cache, Findings, remember

LARGE = {bytes([n]): bytes(1_000_000) for n in range(20)}


def test_much_is_written_before_the_end(tmp_path: Path) -> None:
    """What other processes found does not pile up in memory: a build that is killed has kept most of it."""
    file = tmp_path / "results.sqlite"
    cache = Cache(file)
    for key, value in LARGE.items():
        cache.merge(Findings(new={key: value}))
    assert len(Cache(file).read(LARGE)) > len(LARGE) / 2
    cache.save()
    assert Cache(file).read(LARGE) == LARGE


def test_what_is_written_early_is_forgotten_in_time(tmp_path: Path) -> None:
    """A save forgets what nobody asks for any more, also when it has nothing left to write itself."""
    file = tmp_path / "results.sqlite"
    first = Cache(file)
    first.add({bytes([n]): b"old" for n in range(100, 200)})
    first.save()
    second = Cache(file)
    second.merge(Findings(new=LARGE))
    second.save()
    assert not Cache(file).read([bytes([150])])
    assert Cache(file).read(LARGE) == LARGE


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    """Bytes that are no database cost what was kept, and nothing else."""
    file = tmp_path / "results.sqlite"
    file.write_bytes(b"no database at all" * 100)
    cache = Cache(file)
    assert not cache.read([b"key"])
    cache.merge(Findings(new=LARGE))
    cache.save()
    assert Cache(file).read(LARGE) == LARGE


def test_a_full_disk_costs_what_would_have_been_kept(tmp_path: Path) -> None:
    """A save that cannot write is no error; the next one keeps what it can."""
    cache = Cache(tmp_path / "results.sqlite")
    cache.add(LARGE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        cache.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not Cache(tmp_path / "results.sqlite").read(LARGE)
    cache.add({b"key": b"value"})
    cache.save()
    assert Cache(tmp_path / "results.sqlite").read([b"key"]) == {b"key": b"value"}


def test_a_cache_without_a_place_keeps_nothing(tmp_path: Path) -> None:
    """A file in the place of its folder, or a folder in its own, is no error."""
    (tmp_path / "file").touch()
    for place in (tmp_path / "file/results.sqlite", tmp_path):
        cache = Cache(place)
        cache.add({b"key": b"value"})
        cache.show()
        cache.save()
        assert not Cache(place).read([b"key"])


def test_without_a_file_nothing_is_held(tmp_path: Path) -> None:
    """Nor does what other processes found pile up."""
    cache = Cache()
    cache.add({b"key": b"value"})
    cache.merge(Findings(frozenset({b"other"}), LARGE))
    cache.hold([b"key"])
    cache.show()
    cache.save()
    assert not cache.is_kept
    assert cache.read([b"key", *LARGE]) == {}
    assert cache.take() == Findings()


def test_what_is_remembered_is_made_once(tmp_path: Path) -> None:
    """And each time where nothing is kept."""
    file, made = tmp_path / "results.sqlite", []

    def make() -> tuple[int, ...]:
        made.append(1)
        return (7, 8)

    for cache in (kept := Cache(file), kept, NO_CACHE, NO_CACHE):
        assert remember(cache, b"key", tuple, make) == (7, 8)
    assert len(made) == 1 + 2


def _refuse() -> Settings:
    raise AssertionError


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        pickle.dumps("of another kind"),
        pickle.dumps(Findings),
        b"\x80\x04\x8c\x02os\x8c\x06remove\x93\x8c\x04file\x85R.",
        b"\x80\x04\x8c\x13build_scripts.cache\x8c\x08os.getcwd\x93)R.",
    ],
)
def test_what_is_no_value_of_ours_is_made_anew(content: bytes, tmp_path: Path) -> None:
    """Whatever stands in the cache with a right digest, nothing is called by it."""
    file = tmp_path / "results.sqlite"
    cache = Cache(file)
    cache.add({b"key": content})
    value = Settings(
        Project(tmp_path, SiteSettings(Path("a"), Path("b"), inputs=(Path("c"),))), *[tmp_path] * 3
    )
    assert remember(cache, b"key", Settings, lambda: value) == value
    cache.save()
    assert remember(Cache(file), b"key", Settings, _refuse) == value
