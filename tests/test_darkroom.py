"""Pictures are made once, found again, and made anew when what was kept is not what was written."""

from pathlib import Path

import pictures
import pytest

from build_scripts.photos.darkroom import develop_photos
from build_scripts.photos.originals import Original, read_photo


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "belts/photos"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(pictures.jpeg(700, 500))
    (folder / "twin.jpg").write_bytes(pictures.jpeg(700, 500))
    (folder / "b.png").write_bytes(pictures.png())
    return tmp_path / "belts"


def look(base: Path) -> dict[str, Original]:
    names = [f"photos/{path.name}" for path in sorted((base / "photos").iterdir())]
    return {name: read_photo(name, (base / name).read_bytes()) for name in names}


def develop(base: Path) -> dict[str, bytes]:
    made, faults = develop_photos(base, look(base), base.parent / "cache")
    assert not faults
    return {address: path.read_bytes() for address, path in made.items()}


def test_each_photo_becomes_pictures_and_twins_share_theirs(base: Path) -> None:
    made = develop(base)
    assert len(made) == 6
    assert {address.rpartition("/")[0] for address in made} == {"assets/photos"}


def test_what_was_made_is_not_made_again(base: Path) -> None:
    first = develop(base)
    photos = look(base)
    for name in photos:
        (base / name).unlink()
    made, faults = develop_photos(base, photos, base.parent / "cache")
    assert not faults
    assert {address: path.read_bytes() for address, path in made.items()} == first


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b + b"x", lambda _: b"", None])
def test_a_poisoned_picture_is_found_and_made_again(base: Path, spoil) -> None:  # noqa: ANN001
    first = develop(base)
    for path in sorted((base.parent / "cache").rglob("*.*")):
        if spoil is None:
            path.unlink()
        else:
            path.write_bytes(spoil(path.read_bytes()))
    assert develop(base) == first


def test_a_cached_picture_in_another_ones_place_is_found(base: Path) -> None:
    first = develop(base)
    one, other, *_ = sorted((base.parent / "cache").rglob("*.webp"))
    one.write_bytes(other.read_bytes())
    assert develop(base) == first


def test_pictures_that_nothing_shows_are_forgotten(base: Path) -> None:
    develop(base)
    (base / "photos/b.png").unlink()
    develop(base)
    assert len(list((base.parent / "cache").iterdir())) == 1
    develop_photos(base, {}, base.parent / "cache")
    assert not (base.parent / "cache").exists()


def test_a_photo_that_changed_after_it_was_checked_is_a_fault(base: Path) -> None:
    photos = look(base)
    (base / "photos/b.png").write_bytes(pictures.png(900, 700))
    _, faults = develop_photos(base, photos, base.parent / "cache")
    assert {name: fault.code for name, fault in faults.items()} == {"photos/b.png": "B707"}


def test_only_pictures_that_are_wanted_are_made_and_the_others_stay(base: Path) -> None:
    first, cache = develop(base), base.parent / "cache"
    photos = look(base)
    made, faults = develop_photos(base, photos, cache, ["photos/b.png"])
    assert not faults
    assert made.keys() < first.keys()
    assert develop_photos(base, photos, cache, []) == ({}, {})
    for name in photos:
        (base / name).unlink()
    assert {
        address: path.read_bytes() for address, path in develop_photos(base, photos, cache)[0].items()
    } == first
