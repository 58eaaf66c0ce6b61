"""Preview pictures: true to the map, in the site's own colours, the same bytes each time."""

import io
import re

import pytest
from conftest import ROOT
from PIL import Image

from build_scripts.addresses import PREVIEW, list_previews, preview_of
from build_scripts.catalogue import Catalogue, build_catalogue
from build_scripts.kinds.belt import COLOURS, NUMBERS
from build_scripts.maps import preview
from build_scripts.maps.drawings import plan_drawings
from build_scripts.reading.load import load_dataset
from build_scripts.views.atlas import Atlas, build_atlas
from build_scripts.views.previews import build_previews
from build_scripts.web.libraries import load_libraries


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the project's own records."""
    return build_catalogue(load_dataset(ROOT))


@pytest.fixture(scope="module")
def atlas(catalogue: Catalogue) -> Atlas:
    """Its maps."""
    return build_atlas(catalogue, load_libraries(ROOT / "node_modules"), plan_drawings(catalogue, ""))


@pytest.fixture(scope="module")
def previews(atlas: Atlas) -> dict[str, bytes]:
    """Its preview pictures."""
    return build_previews(atlas)


def test_every_page_names_a_picture_that_exists(catalogue: Catalogue, previews: dict[str, bytes]) -> None:
    """A belt and a district have their own; a record has its belt's, else its district's, else the city's."""
    assert {preview_of(record, catalogue) for record in catalogue.records.values()} <= set(previews)
    assert preview_of(catalogue.records["tengtou"], catalogue).startswith("belts/")
    assert preview_of(catalogue.records["six-belts-2017"], catalogue) == PREVIEW
    assert {f"districts/{d.id}/{PREVIEW}" for d in catalogue.city.districts} <= set(previews)


def test_pictures_are_named_without_being_drawn(catalogue: Catalogue, previews: dict[str, bytes]) -> None:
    """MkDocs is told of them before they are there."""
    assert set(list_previews(catalogue)) == set(previews)


def test_a_picture_is_what_messengers_ask_for(previews: dict[str, bytes]) -> None:
    """Each is a PNG of 1200 by 630 and light enough for a phone."""
    for url, content in previews.items():
        image = Image.open(io.BytesIO(content))
        assert (image.format, image.size) == ("PNG", (1200, 630)), url
        assert len(content) < 60_000, url


def _colours(content: bytes) -> set[str]:
    """The colours of a picture, as a style sheet writes them."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(1 << 16)}


def test_a_belts_picture_shows_its_stops_in_its_colour(previews: dict[str, bytes]) -> None:
    """The colour of belt 2 is on its own picture and not on another belt's."""
    assert preview.BELTS[1] in _colours(previews[f"belts/mountain-dwellings/{PREVIEW}"])
    assert preview.BELTS[1] not in _colours(previews[f"belts/business-circle/{PREVIEW}"])


def test_a_picture_has_the_very_colours(previews: dict[str, bytes]) -> None:
    """None of those drawn with is taken for one that is like it."""
    areas = {preview.SEA, preview.ELSEWHERE, preview.LAND, preview.WATER, preview.BORDER}
    assert areas <= _colours(previews[f"districts/yinzhou/{PREVIEW}"])
    assert {preview.GROUND, preview.ACCENT} <= _colours(previews[PREVIEW])


def test_the_same_map_gives_the_same_bytes(atlas: Atlas, previews: dict[str, bytes]) -> None:
    """Drawing again changes nothing."""
    assert build_previews(atlas) == previews


def test_colours_are_the_style_sheets() -> None:
    """The light values in tokens.css are the ones drawn with."""
    tokens = (ROOT / "site_templates/styles/tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): var\(--light, (#[0-9a-f]{6})\)", tokens)
    light = dict(reversed(found))  # the first: later ones are for readers who ask for more contrast
    assert tuple(light[f"belt-{n}"] for n in range(1, COLOURS + 1)) == preview.BELTS
    names = {"sea": preview.SEA, "land": preview.LAND, "water": preview.WATER, "border": preview.BORDER}
    assert {name: light[name] for name in names} == names
    assert (light["ground"], light["accent"]) == (preview.GROUND, preview.ACCENT)


def test_no_two_belts_look_alike() -> None:
    """Of all numbers that a belt may have none shares colour and sort of line with another; rows have the maps' colours."""
    styles = ROOT / "site_templates/styles"
    lines = _declared((styles / "map.css").read_text(encoding="utf-8"), r"\.belt-(\d+)\b")
    rows = _declared((styles / "labels.css").read_text(encoding="utf-8"), r'\[data-belt="(\d+)"\]')
    assert {*lines} - {0} == {*rows} == {*NUMBERS}
    assert len({(lines[n]["--belt"], lines[n]["--dash"]) for n in NUMBERS}) == len(NUMBERS)
    assert {n: row["--belt"] for n, row in rows.items()} == {n: lines[n]["--belt"] for n in NUMBERS}
    assert {lines[n]["--belt"] for n in NUMBERS[:COLOURS]} == {f"var(--belt-{n})" for n in NUMBERS[:COLOURS]}


def _declared(styles: str, selector: str) -> dict[int, dict[str, str]]:
    """What style sheets declare for belts alone, by number."""
    found: dict[int, dict[str, str]] = {}
    for selectors, _, declarations in re.findall(
        rf"^({selector}[^{{}}]*?) \{{ ([^{{}}]*?); \}}", styles, re.MULTILINE
    ):
        for number in re.findall(selector, selectors):
            found.setdefault(int(number), {}).update(re.findall(r"(--\w+): ([^;]+)", declarations))
    return found
