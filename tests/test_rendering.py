"""What pages are rendered from."""

from conftest import ROOT

from build_scripts.catalogue import build_catalogue
from build_scripts.layout import SiteSettings
from build_scripts.pages.rendering import view_builders
from build_scripts.pages.site import prepare_site, view_names
from build_scripts.reading.load import load_dataset


def test_every_view_has_a_builder_and_every_builder_a_view() -> None:
    """The names that pages are checked for are those that can be built."""
    catalogue = build_catalogue(load_dataset(ROOT / "tests/sites/minimal"))
    site = prepare_site(catalogue, SiteSettings(ROOT / "site_templates", ROOT / "node_modules"))
    assert view_builders(site, None, lambda _: "").keys() == view_names()
