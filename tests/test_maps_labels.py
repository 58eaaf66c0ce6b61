"""Names that cover nothing."""

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.maps.labels import Box, Placer, corners_beside, measure

EXTENT = Box(0, 0, 200, 100)


def test_first_free_corner_is_taken() -> None:
    placer = Placer(EXTENT)
    placer.block(Box(60, 40, 140, 60))
    assert placer.place(40, 12, corners_beside(50, 50, 5, (40, 12))) == Box(5, 44, 45, 56)


def test_name_without_room_is_left_out() -> None:
    placer = Placer(EXTENT)
    placer.block(EXTENT)
    assert placer.place(10, 10, [(5, 5)]) is None


def test_name_that_would_leave_the_picture_is_left_out() -> None:
    assert Placer(EXTENT).place(50, 10, [(180, 5), (-10, 5), (5, 95)]) is None


def test_chinese_is_wider_than_latin() -> None:
    assert measure("示范", 10)[0] == 20
    assert measure("ab", 10)[0] < 20


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0, 100)), max_size=30))
def test_no_two_names_overlap(points: list[tuple[float, float]]) -> None:
    placer = Placer(EXTENT)
    found = [placer.place(30, 10, corners_beside(x, y, 4, (30, 10))) for x, y in points]
    boxes = [box for box in found if box]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(EXTENT.holds(box) for box in boxes)
