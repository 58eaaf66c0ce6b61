"""What a record's page is made from holds everything that the page shows of other records."""

import pytest
from conftest import ROOT

from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.reading.load import load_dataset
from build_scripts.views.profile import build_profile
from build_scripts.writing.dependencies import connected


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


def test_a_page_depends_on_all_that_stands_beside_it(catalogue: Catalogue) -> None:
    """Every record near it, on its belts, counted out of it or cited on its page is declared."""
    for record in catalogue.records.values():
        view = build_profile(record, catalogue, None)
        urls = [row.link.url for row in view.nearby]
        urls += [link.url for belt in view.neighbours for _, link in belt.stops if link.url]
        urls += [row.link.url for row in view.shares.rows if row.link] if view.shares else []
        urls += [citation.link.url for citation in view.citations]
        shown = {url.rstrip("/").rpartition("/")[2] for url in urls}
        assert shown <= {record.id, *connected(record, catalogue)}, record.id
