"""Our own Folium elements: each calls one function of the site's map scripts, known there as `tools`.

Folium's stock popups, tooltips and GeoJSON layers write markup and need jQuery; these hand the data to
functions that place it as text. Only `compose` imports this module, because it loads Folium.
"""

from __future__ import annotations

from typing import Any

from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template


class PlaceData(JSCSSMixin):
    """The page's data as the script's variable `places`."""

    _template = Template("{% macro script(this, kwargs) %}var places = data;{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlaceData"


class OfflineBase(JSCSSMixin, Layer):
    """The offline base map, drawn from the shared GeoJSON `base`."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = tools.drawBase(L, {{ this._parent.get_name() }}, base, places);
        {% endmacro %}
        """
    )

    def __init__(self, name: str, *, control: bool) -> None:
        super().__init__(name=name, overlay=False, control=control, show=True)
        self._name = "OfflineBase"


class Places(JSCSSMixin):
    """Fills its parent, a feature group, with the places of one belt; `belt` None means all, 0 none's."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            tools.addPlaces(L, {
                map: {{ this.map_name }}, group: {{ this._parent.get_name() }},
                cluster: {{ this.cluster_name }}, places, belt: {{ this.belt|tojson }}
            });
        {% endmacro %}
        """
    )

    def __init__(self, map_name: str, cluster_name: str, belt: int | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Places"
        self.map_name, self.cluster_name, self.belt = map_name, cluster_name, belt


class Call(JSCSSMixin):
    """One call of a tool on its parent, the map, with what is given as options."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            tools.{{ this.function }}(L, {{ this._parent.get_name() }}, places, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, **options: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Call"
        self.function = function
        self.options = options
