"""The maps of the site: what is drawn, the offline base map, still pictures, Folium's composition.

Pure: a city, its layer files and a map's places go in, bytes and text come out. Knows no page.

    features    MapData, what one map shows          -> map.geojson beside its page
    base_map    the city's shared land and borders   -> assets/maps/base.<hash>.geojson and .svg
    still       inline SVG that needs no script      -> into the page
    compose     Folium, once for each form of map    -> assets/maps/<form>.<hash>.js
"""
