"""Folium composes every map: one script for each form, into which a page's own data is fed.

What Folium renders becomes the body of `draw(L, data, base, tools)` in a module of its own: `data` is the
page's map.geojson, `base` the shared base map, `tools` the functions of the site's map scripts. Folium's
links to other hosts are dropped, and its ids are set, so that a form's script is the same in every build.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..geography.datum import BoundingBox
from ..records.city import City
from ..web.assets import Asset, name_asset
from .features import BeltLayer
from .projection import Projection

if TYPE_CHECKING:
    import folium
    from branca.element import Element

    E = TypeVar("E", bound=Element)

_APART = 26  # pixels between marks: what stands closer is one mark until the reader zooms in
_WIDEST = 7  # zoom to which a reader may go out on any map, on that of a large city further
_PHONE = (320, 400)  # pixels of a map
_AROUND = 0.7  # degrees that a reader may look beyond the city's frame
_TIANDITU = (
    "https://t{s}.tianditu.gov.cn/%(layer)s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%(layer)s"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=%(key)s"
)
# Folium renders its own output as a template a second time, so `{{` in a name would run at build time.
# No opening brace of ours gets that far: each travels as this noncharacter, which YAML cannot hold.
_BRACE = "\uffff"
_OPENSTREETMAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"


class MapForm(StrEnum):
    """The four forms of map."""

    OVERVIEW = "overview"
    BELT = "belt"
    DISTRICT = "district"
    RECORD = "record"


class Composition(NamedTuple):
    """A form's script, `assets/maps/<form>.<hash>.js`."""

    form: MapForm
    script: Asset


def compose_map(
    form: MapForm, city: City, belts: tuple[BeltLayer, ...] = (), *, tianditu_key: str = ""
) -> Composition:
    """Compose a form of map. `belts` are all belts of the city, for the layers of maps with several.

    `tianditu_key` is the browser key of that tile layer, used only where city.yml switches it on.
    """
    from .elements import Call, PlaceData

    chart = _new_map(form, city)
    _named(PlaceData(), "data").add_to(chart)
    _add_bases(chart, city, tianditu_key)
    several = form in (MapForm.OVERVIEW, MapForm.DISTRICT)
    _add_places(chart, form, belts if several else ())
    _add_controls(chart, city)
    if (several and belts) or _has_tiles(city):
        _add_layer_control(chart)
    _named(Call("showPlaces"), "show").add_to(chart)
    script = name_asset(f"assets/maps/{form}.js", _render_module(chart))
    return Composition(form, script)


def _shield(text: str) -> str:
    """A text in which Folium finds no template; `_render_module` lifts the shield."""
    return text.replace("{", _BRACE)


def _named(element: E, name: str) -> E:
    """The element with a fixed id in place of Folium's random one."""
    element._id = name  # noqa: SLF001  Folium offers no other way
    return element


def _has_tiles(city: City) -> bool:
    return city.map.tiles.tianditu or city.map.tiles.openstreetmap


def _new_map(form: MapForm, city: City) -> folium.Map:
    """An empty map over the city's frame. It zooms by wheel and drag only when the reader means it."""
    import folium

    frame = city.map.frame.box
    limits = BoundingBox(
        frame.south - _AROUND, frame.west - _AROUND, frame.north + _AROUND, frame.east + _AROUND
    )
    chart = folium.Map(
        location=[round(frame.centre.lat, 4), round(frame.centre.lon, 4)],
        zoom_start=9,
        tiles=None,
        zoom_control="topright",
        zoom_snap=1 if _has_tiles(city) else 0,  # tiles are drawn for whole steps
        max_bounds=True,
        min_lat=limits.south,
        min_lon=limits.west,
        max_lat=limits.north,
        max_lon=limits.east,
        attribution_control=False,
        scroll_wheel_zoom=False,
    )
    chart.options.update(min_zoom=min(_WIDEST, _zoom_out(frame)), max_zoom=17 if _has_tiles(city) else 14)
    return _named(chart, form.value)


def _zoom_out(frame: BoundingBox) -> int:
    """The closest zoom at which a phone shows all of a frame."""
    projection = Projection(frame.west, frame.north)
    scale = projection.fit(frame, *_PHONE, margin=0, least_km=0).scale
    return math.floor(projection.zoom(scale))


def _add_bases(chart: folium.Map, city: City, tianditu_key: str) -> None:
    """The offline base; beside it the tile layers that the city has switched on, hidden at first."""
    from .elements import OfflineBase

    _named(OfflineBase("简图", control=_has_tiles(city)), "map").add_to(chart)
    if city.map.tiles.tianditu and tianditu_key:
        _add_tianditu(chart, tianditu_key)
    if city.map.tiles.openstreetmap:
        _tile_layer(_OPENSTREETMAP, "OpenStreetMap", "abc").add_to(chart)


def _add_tianditu(chart: folium.Map, key: str) -> None:
    """Vector tiles with their labels, as one layer to choose."""
    import folium

    group = _named(folium.FeatureGroup("天地图", overlay=False, show=False), "tianditu")
    for layer in ("vec", "cva"):
        url = _TIANDITU % {"layer": layer, "key": _shield(key)}
        _tile_layer(url, f"tianditu_{layer}", "01234567", show=True).add_to(group)
    group.add_to(chart)


def _tile_layer(url: str, name: str, subdomains: str, *, show: bool = False) -> folium.TileLayer:
    import folium

    layer = folium.TileLayer(url, attr=name, name=name, subdomains=subdomains, show=show, overlay=False)
    return _named(layer, name.lower())


def _add_places(chart: folium.Map, form: MapForm, belts: tuple[BeltLayer, ...]) -> None:
    """A feature group for each belt and one for places on none; or one for all where belts do not part them.

    One cluster holds the markers of all groups, because places of two belts may share a point.
    """
    import folium
    from folium.plugins import MarkerCluster
    from folium.utilities import JsCode

    from .elements import Places

    cluster = MarkerCluster(  # type: ignore[no-untyped-call]
        control=False,
        icon_create_function="cluster => tools.drawCluster(L, cluster)",
        max_cluster_radius=_APART,
        zoom_to_bounds_on_click=False,
        spiderfy_on_max_zoom=False,
        show_coverage_on_hover=False,
    )
    _named(cluster, form.value).add_to(chart)
    opened = JsCode("event => tools.openCluster(L, event)")
    cluster.on(clusterclick=opened, clusterkeypress=opened)
    groups = [(belt.number, _shield(f"{belt.number} {belt.name}")) for belt in belts]
    for number, name in [*groups, (0, "不在精品带上的地点")] if groups else [(None, "地点")]:
        suffix = "all" if number is None else str(number)
        group = _named(folium.FeatureGroup(name, control=number is not None), f"belt_{suffix}")
        _named(Places(chart.get_name(), cluster.get_name(), number), suffix).add_to(group)
        group.add_to(chart)


def _add_controls(chart: folium.Map, city: City) -> None:
    from folium.plugins import Fullscreen

    from .elements import Call

    full_screen = Fullscreen(  # type: ignore[no-untyped-call]
        "topright", "全屏", "退出全屏", force_separate_button=True
    )
    _named(full_screen, "full").add_to(chart)
    credit = {
        "credits": [_shield(line) for line in _list_credits(city)],
        "approval": _shield(city.map.approval_number or ""),
    }
    _named(Call("addCredits", **credit), "credits").add_to(chart)
    _named(Call("addScale"), "scale").add_to(chart)
    _named(Call("addLegend"), "legend").add_to(chart)
    _named(Call("guardGestures"), "gestures").add_to(chart)


def _list_credits(city: City) -> tuple[str, ...]:
    """The city's credits, then those of the tile layers that it has switched on."""
    tiles = city.map.tiles
    extra = ("在线底图：天地图",) * tiles.tianditu + (
        "在线底图：© OpenStreetMap contributors",
    ) * tiles.openstreetmap
    return (*city.map.credits, *extra)


def _add_layer_control(chart: folium.Map) -> None:
    import folium

    from .elements import Call

    control = _named(folium.LayerControl(position="topright", collapsed=True), "layers")
    control.add_to(chart)
    _named(Call("trimLayers", control=control), "trim").add_to(chart)


def _render_module(chart: folium.Map) -> bytes:
    """Folium's script as a module, without its blank lines and indentation (no string spans two lines)."""
    from branca.element import Figure

    figure = chart.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a Folium map stands in a figure")
    figure.render()
    lines = (line.strip() for line in figure.script.render().splitlines())
    body = "\n".join(line for line in lines if line).replace("\\uffff", "{").replace(_BRACE, "{")
    module = f"export function draw(L, data, base, tools) {{\n{body}\nreturn {chart.get_name()};\n}}\n"
    return module.encode()
