"""How exactly a place is known, in words, and where it opens in a map service."""

from __future__ import annotations

from collections.abc import Iterable

from ..geography.map_links import MapLink, link_place
from ..records.places import Location, Place, Precision
from ..routes import waypoint_of
from .parts import OpenLink, PlaceNote

_EXPLANATIONS = {
    Precision.VILLAGE: "坐标落在村或社区，误差约{radius}公里以内。",
    Precision.TOWNSHIP: "只知道在这个乡镇（街道），坐标{point}，误差约{radius}公里；不是村或社区的位置。",
    Precision.DISTRICT: "只知道在这个区（县、市），坐标取区内标注点，误差约{radius}公里。",
}
_OPENING = {
    Precision.VILLAGE: "",
    Precision.TOWNSHIP: "打开的是{township}{point}，不是它的准确位置。",
    Precision.DISTRICT: "打开的是区（县、市）内的标注点，不是它的准确位置。",
}


def place_note(location: Location) -> PlaceNote:
    """How exactly a location is known, in words."""
    radius = f"{location.radius_km:g}"
    return PlaceNote(
        point=location.point,
        precision=location.precision,
        label=location.precision.label,
        explanation=_EXPLANATIONS[location.precision].format(
            radius=radius, point="取自驻地" if location.is_seat else "是其中的大致位置"
        ),
        basis=location.basis,
    )


def explain_absence(place: Place) -> str:
    """What is known of a place that has no position."""
    return f"只知道在这个{'乡镇（街道）' if place.township else '区（县、市）'}。"


def describe_km(km: float, locations: Iterable[Location]) -> str:
    """A distance in words, no more exact than the places it lies between: tenths only between villages."""
    if all(location.precision is Precision.VILLAGE for location in locations):
        return f"约{km:.1f}公里"
    return f"约{km:.0f}公里" if km >= 1 else "不足1公里"


def open_place(name: str, location: Location) -> tuple[OpenLink, ...]:
    """The addresses that mark a place in map services."""
    return tuple(open_links(name, link_place(waypoint_of(name, location))))


def open_links(name: str, links: Iterable[MapLink]) -> Iterable[OpenLink]:
    """Addresses in map services as they stand on a page; each label names service and place."""
    return (OpenLink(link.service, f"在{link.service}打开{name}", link.url) for link in links)


def explain_opening(location: Location, township: str | None) -> str:
    """What opens where a place is not known to the village; empty where it is."""
    return _OPENING[location.precision].format(
        township=township or "乡镇（街道）", point="驻地" if location.is_seat else "内的大致位置"
    )
