"""Recorded tracks: both formats, real lengths, climbs, and what a stranger's file may try."""

import json

import pytest

from build_scripts.geography.datum import Point
from build_scripts.geography.tracks import MOST_POINTS, Track, TrackFault, Vertex, decode_track

GPX = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
POINTS = '<trkpt lat="30" lon="110"><ele>10</ele></trkpt><trkpt lat="30.1" lon="110"><ele>60</ele></trkpt>'


def _gpx(inside: str) -> Track:
    return decode_track("a.gpx", GPX.format(inside).encode())


def _geojson(geometry: object) -> Track:
    return decode_track("a.geojson", json.dumps(geometry).encode())


def _climb(*heights: float | None) -> float | None:
    return Track((tuple(Vertex(Point(30, 110), height) for height in heights),)).climb_m


@pytest.mark.parametrize(
    "track",
    [
        _gpx(f"<trk><trkseg>{POINTS}</trkseg></trk>"),
        _gpx(f"<rte>{POINTS.replace('trkpt', 'rtept')}</rte>"),
        decode_track("A.GPX", f"<gpx><trk><trkseg>{POINTS}</trkseg></trk></gpx>".encode("utf-16")),
        _geojson({"type": "LineString", "coordinates": [[110, 30, 10], [110, 30.1, 60]]}),
        _geojson(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}},
                    {
                        "type": "Feature",
                        "geometry": {
                            "type": "MultiLineString",
                            "coordinates": [[[110, 30, 10], [110, 30.1, 60]]],
                        },
                    },
                ],
            }
        ),
    ],
)
def test_a_tenth_of_a_degree_of_latitude_is_eleven_kilometres(track: Track) -> None:
    """Whatever the format, version, namespace and encoding: 11.12 km long and 50 m up."""
    assert track.length_km == pytest.approx(11.1195, abs=0.001)
    assert track.climb_m == 50


def test_gaps_between_stretches_are_not_counted() -> None:
    """A receiver switched off for a while does not make the track longer; nor does a lone point."""
    far = POINTS.replace('lon="110"', 'lon="111"')
    gpx = f'<trk><trkseg>{POINTS}</trkseg><trkseg><trkpt lat="30" lon="115"/></trkseg><trkseg>{far}</trkseg></trk>'
    assert _gpx(gpx).length_km == pytest.approx(2 * 11.1195, abs=0.002)


def test_a_track_comes_before_a_route_and_a_waypoint_is_neither() -> None:
    """What was recorded wins over what was planned; the height of a waypoint is nobody else's."""
    planned = (
        '<wpt lat="1" lon="1"><ele>9</ele></wpt><rte><rtept lat="5" lon="5"/><rtept lat="6" lon="6"/></rte>'
    )
    track = _gpx(f"{planned}<trk><trkseg>{POINTS}</trkseg></trk>")
    assert [vertex.point.lat for vertex in track.vertices] == [30, 30.1]


@pytest.mark.parametrize(
    ("heights", "climbed"),
    [
        ((0, 100), 100),
        ((100, 0), 0),
        ((0, 100, 50, 100), 150),
        (tuple(range(101)), 100),
        ((10, 12, 9, 11, 10, 12, 9), 0),  # a receiver's noise
        ((0, None, 100), None),
    ],
)
def test_climb_counts_rises_but_not_noise(heights: tuple[float | None, ...], climbed: float | None) -> None:
    assert _climb(*heights) == climbed


def test_a_map_needs_few_points() -> None:
    """A thousand points in a row are drawn as one line; a bend of a kilometre stays."""
    straight = [[110 + n / 10_000, 30] for n in range(1000)]
    assert [len(s) for s in _geojson({"type": "LineString", "coordinates": straight}).simplify()] == [2]
    bent = [[110, 30], [110.05, 30.01], [110.1, 30]]
    assert [len(s) for s in _geojson({"type": "LineString", "coordinates": bent}).simplify()] == [3]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><gpx><name>&i;</name></gpx>"
)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.gpx", BOMB.encode(), "B410"),
        ("a.gpx", BOMB.encode("utf-16"), "B410"),
        ("a.gpx", b'<!DOCTYPE x SYSTEM "file:other.gpx"><gpx/>', "B410"),
        ("a.gpx", b"", "B703"),
        ("a.gpx", b"<gpx>" * 200_000, "B703"),
        ("a.gpx", b'<gpx><trkseg><trkpt lat="NaN" lon="110"/></trkseg></gpx>', "B703"),
        ("a.gpx", b'<gpx><trkpt lat="30" lon="110"/></gpx>', "B703"),
        ("a.gpx", f"<gpx><trkseg>{POINTS * MOST_POINTS}</trkseg></gpx>".encode(), "B411"),
        ("a.geojson", b"[" * 200_000, "B703"),
        ("a.geojson", b"[1]", "B703"),
        ("a.geojson", b'{"type": "LineString", "coordinates": [[110], [111]]}', "B703"),
        ("a.geojson", b'{"type": "LineString", "coordinates": [[110, 30, NaN], [111, 30]]}', "B703"),
        ("a.geojson", b'{"type": "LineString", "coordinates": 7}', "B703"),
        ("a.kml", b"<kml/>", "B703"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_hostile_file_is_a_fault(name: str, content: bytes, code: str) -> None:
    """No entity is expanded, no other file is opened, no number of points or brackets is too many."""
    with pytest.raises(TrackFault) as caught:
        decode_track(name, content)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.gpx", '<?xml version="1.0" encoding="GBK"?><gpx>滕头</gpx>'.encode("gbk"), "编码不是 UTF-8"),
        ("a.gpx", "<gpx>滕头</gpx>".encode("gbk"), "不是完整的 XML"),
        ("a.geojson", '{"type": "滕头"}'.encode("gbk"), "编码不是 UTF-8"),
        ("a.geojson", b'{"type":', "不是完整的 JSON"),
        ("a.geojson", b'{"type": ' + b"1" * 5000 + b"}", "有一个数太长"),
        ("a.geojson", b"{}", "缺少 'type'"),
        ("a.geojson", b"[1]", "结构不对"),
    ],
    ids=["gpx-gbk-declared", "gpx-gbk", "gbk", "cut", "long-number", "empty", "list"],
)
def test_a_file_that_cannot_be_read_is_told_in_chinese(name: str, content: bytes, words: str) -> None:
    """The parser's own words stand behind ours."""
    with pytest.raises(TrackFault) as caught:
        decode_track(name, content)
    assert str(caught.value.values["reason"]).startswith(words)


def test_too_many_points_of_geojson_are_refused() -> None:
    with pytest.raises(TrackFault) as caught:
        _geojson({"type": "LineString", "coordinates": [[110, 30]] * (MOST_POINTS + 1)})
    assert caught.value.code == "B411"


def test_a_fault_names_its_line() -> None:
    """The editor is led to the point that is wrong."""
    gpx = '<gpx>\n<trkseg>\n<trkpt lat="30" lon="110"/>\n  <trkpt lat="95" lon="110"/>\n</trkseg></gpx>'
    with pytest.raises(TrackFault) as caught:
        decode_track("a.gpx", gpx.encode())
    assert (caught.value.line, caught.value.column) == (4, 1)
