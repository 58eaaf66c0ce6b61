"""What Folium composes."""

import json
import re
import shutil
import subprocess

import pytest
from map_samples import HOSTILE, make_city

from build_scripts.maps.compose import Composition, MapForm, compose_map
from build_scripts.maps.features import BeltLayer

BELTS = (BeltLayer(1, "甲带"), BeltLayer(3, "三号带"))


def script_of(composition: Composition) -> str:
    return composition.script.content.decode()


@pytest.mark.parametrize("form", MapForm)
def test_script_draws_into_an_element_named_for_its_form(form: MapForm) -> None:
    composition = compose_map(form, make_city(), BELTS)
    assert f'L.map(\n"map_{form}"' in script_of(composition)
    assert composition.script.path.startswith(f"assets/maps/{form}.")


@pytest.mark.parametrize("form", MapForm)
def test_every_build_gives_the_same_script(form: MapForm) -> None:
    assert compose_map(form, make_city(), BELTS) == compose_map(form, make_city(), BELTS)


@pytest.mark.parametrize("form", MapForm)
def test_script_needs_neither_jquery_nor_another_host(form: MapForm) -> None:
    script = script_of(compose_map(form, make_city(), BELTS))
    assert not re.search(r"\$\(|\beval\b|innerHTML|https?:|<", script)


def test_maps_with_several_belts_have_a_layer_for_each_and_one_for_the_rest() -> None:
    script = script_of(compose_map(MapForm.OVERVIEW, make_city(), BELTS))
    assert re.findall(r"belt: (\w+)", script) == ["1", "3", "0"]
    assert "L.control.layers(" in script


def test_maps_of_one_belt_or_record_have_one_layer_and_no_control_for_it() -> None:
    for form in (MapForm.BELT, MapForm.RECORD):
        script = script_of(compose_map(form, make_city(), BELTS))
        assert re.findall(r"belt: (\w+)", script) == ["null"]
        assert "L.control.layers(" not in script


@pytest.mark.parametrize(
    ("frame", "zoom"),
    [((29.8, 109.8, 30.8, 111.2), 7), ((36, 92, 43, 101), 5), ((3, 73, 54, 136), 2)],
    ids=["small", "jiuquan", "china"],
)
def test_a_reader_can_zoom_out_to_the_whole_city(frame: tuple[float, ...], zoom: int) -> None:
    """On a phone too, however large it is."""
    city = make_city(frame=dict(zip(("south", "west", "north", "east"), map(str, frame), strict=True)))
    assert f'"minZoom": {zoom},' in script_of(compose_map(MapForm.OVERVIEW, city))


def test_credits_and_approval_number_are_handed_to_the_map() -> None:
    script = script_of(compose_map(MapForm.RECORD, make_city(approval_number="浙S(2026)1号")))
    assert json.dumps("界线：虚构") in script
    assert json.dumps("浙S(2026)1号") in script


def test_no_tiles_unless_the_city_switches_them_on() -> None:
    assert "tileLayer" not in script_of(compose_map(MapForm.BELT, make_city(), tianditu_key="k"))


def test_tile_layers_are_a_choice_beside_the_offline_map() -> None:
    city = make_city(tiles={"tianditu": "true", "openstreetmap": "true"})
    script = script_of(compose_map(MapForm.BELT, city, tianditu_key="KEY"))
    assert script.count("tk=KEY") == 2
    assert "tile.openstreetmap.org" in script
    shown = re.findall(r"^(\w+)\.addTo\(map_belt\)", script, re.MULTILINE)
    assert "offline_base_map" in shown
    assert not [name for name in shown if "tianditu" in name or "openstreetmap" in name]


def test_tianditu_needs_a_key() -> None:
    city = make_city(tiles={"tianditu": "true"})
    assert "tianditu.gov.cn" not in script_of(compose_map(MapForm.BELT, city))


@pytest.mark.skipif(not shutil.which("node"), reason="set-up installs Node")
@pytest.mark.parametrize("form", MapForm)
def test_script_is_a_module_even_with_hostile_names(form: MapForm) -> None:
    script = compose_map(form, make_city(), (BeltLayer(1, HOSTILE),)).script
    done = subprocess.run(
        ["node", "--input-type=module", "--check"], input=script.content, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_template_in_a_name_is_not_run_at_build_time() -> None:
    """Folium renders its output twice; a name with braces must come out as it went in."""
    city = make_city(credits=["{{ 7*7 }}{% raise %}"], approval_number="{{ 6*6 }}")
    belts = (BeltLayer(1, "{{ 5*5 }}{# none #}"),)
    script = script_of(compose_map(MapForm.OVERVIEW, city, belts))
    for text in ("{{ 7*7 }}{% raise %}", "{{ 6*6 }}", "{{ 5*5 }}{# none #}"):
        assert text in script
