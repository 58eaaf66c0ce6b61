"""A city of very many records: what takes most of the memory is read again when it is asked for, and nothing differs."""

from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.addresses import record_url
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.checks import check_dataset
from build_scripts.kinds.base import PlaceRecord
from build_scripts.opendata.downloads import build_downloads, plan_downloads
from build_scripts.reading.load import Dataset, load_dataset
from build_scripts.search.documents import PackedDocuments, document_keys, start_documents
from build_scripts.storage.shelf import Shelf, Shelved
from build_scripts.views.profile import build_profile
from build_scripts.workers import open_pool


@pytest.fixture(
    scope="module", params=[ROOT, ROOT / "tests/sites/second-city"], ids=["ningbo", "second-city"]
)
def pair(request: pytest.FixtureRequest) -> tuple[Dataset, Dataset]:
    """A city as it is held when it is small, and when it is large."""
    return load_dataset(request.param), load_dataset(request.param, many=0)


@pytest.fixture
def catalogues(pair: tuple[Dataset, Dataset]) -> tuple[Catalogue, Catalogue]:
    """Both as catalogues."""
    small, large = map(build_catalogue, pair)
    return small, large


def test_statements_and_figures_of_places_are_not_held(pair: tuple[Dataset, Dataset]) -> None:
    """Those of files with a note are, as they are read otherwise."""
    for dataset, is_held in zip(pair, (True, False), strict=True):
        sound = (entry.record for entry in dataset.entries if not entry.diagnostics)
        places = [r for r in sound if isinstance(r, PlaceRecord) and (r.members or r.facts or r.figures)]
        assert places
        assert {"facts" in vars(record) for record in places} == {is_held}


def test_every_field_of_every_record_can_be_asked_for(pair: tuple[Dataset, Dataset]) -> None:
    """By its name, or all at once; nothing else can."""
    for small, large in zip(*(dataset.entries for dataset in pair), strict=True):
        assert small.content == large.content
        assert small.names == large.names
        assert [*small.iter_references()] == [*large.iter_references()]
        assert large.record.full == small.record
        for name in type(small.record).model_fields:
            assert getattr(large.record, name) == getattr(small.record, name)
        with pytest.raises(AttributeError, match="no attribute"):
            _ = large.record.figure  # type: ignore[attr-defined]


def test_checks_find_the_same(pair: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    """In sound records, and in one with a fault in what is not held."""
    assert check_dataset(pair[0]) == check_dataset(pair[1])
    site = copy_site("minimal", tmp_path)
    area = site / "belts/areas/tengtou.yml"
    head, fact, tail = area.read_text(encoding="utf-8").partition("  - text: 由五个村组成。\n")
    area.write_text(head + fact + tail.replace("survey-2016", "nowhere", 1), encoding="utf-8")
    small, large = (check_dataset(load_dataset(site, many=many)) for many in (10, 0))
    assert small == large
    assert [d.line for d in large if "nowhere" in d.message()] == [head.count("\n") + 4]


def test_pages_downloads_and_search_are_the_same(catalogues: tuple[Catalogue, Catalogue]) -> None:
    """Whoever reads a record finds all of it."""
    small, large = catalogues
    for one, other in zip(small.records.values(), large.records.values(), strict=True):
        assert record_url(one) == record_url(other)
        assert build_profile(one, small, None) == build_profile(other, large, None)
    files, found = (build_downloads(plan_downloads(catalogue)).files for catalogue in catalogues)
    assert {name: bytes(file) for name, file in files.items()} == {n: bytes(f) for n, f in found.items()}
    assert [*make_documents(small)] == [*make_documents(large)]


def make_documents(catalogue: Catalogue) -> PackedDocuments:
    with open_pool(0, catalogue) as pool:
        return start_documents(document_keys(catalogue), pool)()


def test_documents_of_the_search_are_typed_one_by_one(catalogues: tuple[Catalogue, Catalogue]) -> None:
    """They are held as text, and each is made of it whenever it is looked at."""
    _, large = catalogues
    found = make_documents(large)
    assert found[0] == found[0]
    assert found[0] is not found[0]
    assert [*found[2:5]] == [*found][2:5]
    assert len(found) == len(large.records) + len(large.city.districts)


def test_what_is_on_the_shelf_comes_back() -> None:
    """In any order, as often as it is asked for."""
    shelf = Shelf()
    kept = [shelf.put(content) for content in (b"one", b"", b"\0" * 100_000, b"three")]
    assert [part.read() for part in reversed(kept)] == [b"three", b"\0" * 100_000, b"", b"one"]
    assert kept[0].read() == b"one"
    with pytest.raises(AttributeError):
        kept[0].start = 1  # type: ignore[misc]


def test_what_is_read_again_and_again_takes_no_more_room(tmp_path: Path) -> None:
    """A file that has not changed stays where it is; one that has goes on the same shelf."""
    site = copy_site("minimal", tmp_path)
    first = load_dataset(site, many=0)
    area = site / "belts/areas/tengtou.yml"
    area.write_text(area.read_text(encoding="utf-8") + "note: 新。\n", encoding="utf-8")
    again = load_dataset(site, known=first.entries, many=0)
    moved = {new.path for old, new in zip(first.entries, again.entries, strict=True) if old.kept != new.kept}
    assert moved == {"belts/areas/tengtou.yml"}
    kept = [entry.kept for entry in (*first.entries, *again.entries)]
    assert len({place.shelf for place in kept if isinstance(place, Shelved)}) == 1
    assert all(isinstance(place, Shelved) for place in kept)
