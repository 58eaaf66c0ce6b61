"""Which map goes on which page: a record's, a belt's, a district's, the city's.

Gathers places from the catalogue, hands them to `maps`, and returns the figure a template places with the
`map.geojson` that goes beside the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..addresses import MAP, record_url
from ..catalogue import Catalogue
from ..geography.datum import BoundingBox, Point, bounding_box
from ..kinds.base import Record
from ..kinds.belt import Belt
from ..kinds.registry import kind_named
from ..maps.base_map import BaseMap
from ..maps.compose import Composition, MapForm
from ..maps.drawings import DrawingsPlan, lighten
from ..maps.features import BeltLayer, MapData, PlaceFeature, encode_geojson
from ..maps.still import OVERVIEW, PROFILE, StillSize, render_cover, render_still
from ..records.city import District
from ..records.places import Location, Member
from ..routes import Route, RouteStop, build_route
from ..storage.cache import NO_CACHE, Cache
from ..web.assets import version_of
from ..web.libraries import Libraries
from .cards import record_card
from .links import belt_tag, belt_tags
from .parts import MapFigure, RecordCard

_EMPTY: Mapping[str, bytes] = {}


@dataclass(frozen=True)
class Atlas:
    """All that maps share, and the maps of single pages on demand."""

    catalogue: Catalogue
    base: BaseMap
    compositions: Mapping[MapForm, Composition]
    libraries: Libraries

    @property
    def files(self) -> dict[str, bytes]:
        """The shared files of all maps, by address."""
        shared = [self.base.geojson, self.base.svg, *self.libraries.assets]
        shared += [composition.script for composition in self.compositions.values()]
        return {asset.path: asset.content for asset in shared}

    def figure_for(self, record: Record, root: str) -> tuple[MapFigure | None, Mapping[str, bytes]]:
        """The map of a record's page and the files beside the page; None when it is nowhere."""
        data = map_of(record, self.catalogue)
        if data is None:
            return None, _EMPTY
        form = MapForm.BELT if isinstance(record, Belt) else MapForm.RECORD
        return self._figure(form, data, (), root)

    def district_figure(self, district: District, root: str) -> tuple[MapFigure | None, Mapping[str, bytes]]:
        """The map of a district's page; None when neither its polygon nor a place in it is known."""
        records = self.catalogue.of_district(district.id)
        data = map_of_district(district, records, self.catalogue)
        if not data.features and district.code not in self.catalogue.bounds:
            return None, _EMPTY
        rows = tuple(record_card(r, self.catalogue) for r in records if r.location)
        return self._figure(MapForm.DISTRICT, data, rows, root)

    def overview(self, root: str) -> tuple[MapFigure, Mapping[str, bytes]]:
        """The map of the whole city, on a page from which `root` leads to the site's."""
        if root not in self._overviews:
            rows = self._city_rows
            self._overviews[root] = self._figure(MapForm.OVERVIEW, self.city_map, rows, root, OVERVIEW)
        return self._overviews[root]

    @cached_property
    def _city_rows(self) -> tuple[RecordCard, ...]:
        """The list of what the city overview shows, the same on every page."""
        places = (record for record in self.catalogue.records.values() if record.location)
        return (*(record_card(record, self.catalogue) for record in places), *_stop_cards(self.catalogue))

    @cached_property
    def city_map(self) -> MapData:
        """What the city overview shows: its districts, or its places where no polygon is known."""
        data = lighten(map_of_city(self.catalogue))
        has_polygons = len(self.base.extents) > 1
        around = self.base.extents[""] if has_polygons or not data.features else bounds_of(data.features)
        return replace(data, bounds=around)

    @cached_property
    def _overviews(self) -> dict[str, tuple[MapFigure, Mapping[str, bytes]]]:
        """The overview on several pages, by the way from them to the root."""
        return {}

    def cover(self, record: Record, root: str) -> str:
        """The cover of a record, drawn from its own places; empty when it has none and is no belt."""
        data = map_of(record, self.catalogue)
        if data is None and isinstance(record, Belt):
            data = MapData(record.name, (), bounds=self.catalogue.city.map.frame.box)
        return render_cover(data, self.base, root) if data else ""

    def _figure(
        self,
        form: MapForm,
        data: MapData,
        rows: tuple[RecordCard, ...],
        root: str,
        size: StillSize = PROFILE,
    ) -> tuple[MapFigure, Mapping[str, bytes]]:
        settings = self.catalogue.city.map
        places = encode_geojson(data)
        still = render_still(data, self.base, root, size=size, approval=settings.approval_number or "")
        figure = MapFigure(
            form=form.value,
            title=data.title,
            key=still.key,
            still=still.svg,
            credits=settings.credits,
            approval_number=settings.approval_number or "",
            rows=rows,
            places=f"{MAP}?v={version_of(places)}",
            script=self.compositions[form].script.path,
            base=self.base.geojson.path,
            libraries=(self.libraries.script.path, self.libraries.style.path),
        )
        return figure, {MAP: places}


def build_atlas(
    catalogue: Catalogue, libraries: Libraries, plan: DrawingsPlan, cache: Cache = NO_CACHE
) -> Atlas:
    """Draw what all maps share, once."""
    return Atlas(catalogue, *plan.draw(cache), libraries)


# -- what each map shows -------------------------------------------------------------------------


def map_of(record: Record, catalogue: Catalogue) -> MapData | None:
    """The map of one record: a belt's stops and line, or its own place with its members' places."""
    if isinstance(record, Belt):
        return map_of_belt(record, catalogue)
    location = record.location
    if location is None:
        return None
    own = _record_feature(record, location, catalogue)
    members = tuple(_member_features(record, location, catalogue))
    bounds = bounds_of((own, *members))
    district = catalogue.district(record.district_id).code if record.district_id else ""
    return MapData(f"{record.name}位置图", (own, *members), bounds=bounds, district_code=district)


def map_of_belt(belt: Belt, catalogue: Catalogue) -> MapData | None:
    """A belt's numbered stops, joined in order or by its track; None when no stop has a point."""
    route = build_route(belt, catalogue)
    features = tuple(_stop_features(route, catalogue))
    if not features:
        return None
    track = route.track.simplify() if route.track else ()
    bounds = bounds_of(features, (point for stretch in track for point in stretch))
    return MapData(
        title=f"{belt.name}线路图",
        features=features,
        belts=(BeltLayer(belt.number, belt.name, record_url(belt)),),
        line=route.line,
        track=track,
        line_note=_describe_line(route),
        bounds=bounds,
    )


def _describe_line(route: Route) -> str:
    if route.track:
        return "实地记录的轨迹"
    return f"连线{'由本站按站点' if route.belt.is_editorial else '按来源列举的'}顺序绘出，不是道路"


def map_of_district(district: District, records: Iterable[Record], catalogue: Catalogue) -> MapData:
    """Everything of a district that has a point, over the district set off."""
    located = ((record, record.location) for record in records)
    features = tuple(_record_feature(r, loc, catalogue) for r, loc in located if loc)
    box = catalogue.bounds.get(district.code) or catalogue.city.map.frame.box
    title = f"{district.name}{'分布' if features else '位置'}图"
    return MapData(title, features, bounds=box, district_code=district.code)


def map_of_city(catalogue: Catalogue) -> MapData:
    """Every place of the city, belts joined."""
    layers, features = [], []
    drawn: set[str] = set()
    for belt in catalogue.of(Belt):
        route = build_route(belt, catalogue)
        stops = tuple(_stop_features(route, catalogue))
        track = route.track.simplify() if route.track else ()
        layers.append(BeltLayer(belt.number, belt.name, record_url(belt), route.line, track))
        features += [stop for stop in stops if stop.id not in drawn]
        drawn |= {stop.id for stop in stops}
    for record in catalogue.records.values():
        location = record.location
        if location and record.id not in drawn:
            features.append(_record_feature(record, location, catalogue))
    city = catalogue.city
    return MapData(f"{city.name}分布图", tuple(features), tuple(layers), bounds=city.map.frame.box)


def bounds_of(features: tuple[PlaceFeature, ...], line: Iterable[Point] = ()) -> BoundingBox:
    """A box around places and their uncertainty, and the points of a line."""
    reach = max(feature.radius_km for feature in features)
    points = (*(feature.point for feature in features), *line)
    return bounding_box(points, margin_km=max(2.0, reach * 1.3))


def _record_feature(record: Record, location: Location, catalogue: Catalogue) -> PlaceFeature:
    tags = belt_tags(record, catalogue)
    district = catalogue.district_name(record.district_id)
    return PlaceFeature(
        id=record.id,
        name=record.name,
        kind=kind_named(record.kind).title,
        url=record_url(record),
        summary=record.summary,
        district=district,
        point=location.point,
        precision=location.precision,
        radius_km=location.radius_km,
        precision_label=location.precision.label,
        belt=tags[0].number if tags else 0,
        belts=tuple(tag.number for tag in tags),
        editorial=tuple(tag.number for tag in tags if tag.editorial),
        numbers=tuple(tag.stop for tag in tags),
    )


def _member_features(record: Record, own: Location, catalogue: Catalogue) -> Iterator[PlaceFeature]:
    """Members that have a point of their own, other than the record's."""
    for index, member in enumerate(getattr(record, "members", ()), start=1):
        if member.location and member.location.point != own.point:
            yield _member_feature(f"{record.id}-{index}", member, member.location, record, catalogue)


def _member_feature(
    feature_id: str, member: Member, location: Location, record: Record, catalogue: Catalogue
) -> PlaceFeature:
    district_id = member.district or record.district_id
    return PlaceFeature(
        id=feature_id,
        name=member.name,
        kind=member.form.label,
        url="",
        summary=member.text or "",
        district=catalogue.district_name(district_id),
        point=location.point,
        precision=location.precision,
        radius_km=location.radius_km,
        precision_label=location.precision.label,
    )


def _stop_cards(catalogue: Catalogue) -> Iterator[RecordCard]:
    """The located stops that have no record, as they stand in the list of a map; each leads to its place on the belt's page."""
    for belt in catalogue.of(Belt):
        for found in build_route(belt, catalogue).stops:
            place, location = found.stop.place, found.location
            if place and location:
                yield RecordCard(
                    id=f"{belt.id}-{found.number}",
                    name=place.name,
                    url=f"{record_url(belt)}#stop-{found.number}",
                    kind=found.kind,
                    summary=found.summary,
                    district=catalogue.district_name(place.district or belt.district_id),
                    township=place.township or "",
                    date="",
                    belts=(belt_tag(belt, found.number),),
                    precision=location.precision.label,
                )


def _stop_features(route: Route, catalogue: Catalogue) -> Iterator[PlaceFeature]:
    for stop in route.stops:
        if stop.location:
            yield _stop_feature(route.belt, stop, stop.location, catalogue)


def _stop_feature(belt: Belt, found: RouteStop, location: Location, catalogue: Catalogue) -> PlaceFeature:
    if found.record:
        feature = _record_feature(found.record, location, catalogue)
        return feature._replace(belt=belt.number, number=found.number)
    if found.stop.place is None:
        raise ValueError(f"{belt.id}: stop {found.number} has neither record nor place")
    feature = _member_feature(f"{belt.id}-{found.number}", found.stop.place, location, belt, catalogue)
    number, note = found.number, found.stop.basis.label
    feature = feature._replace(belt=belt.number, number=number, note=note)
    return feature._replace(belts=(belt.number,), numbers=(number,))
