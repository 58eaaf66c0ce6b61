"""The city's configuration; its faults are in tests/sites/broken."""

import pytest
from pydantic import ValidationError

from build_scripts.geography.datum import BoundingBox
from build_scripts.records.city import Frame


def test_a_frame_may_lie_south_and_west() -> None:
    """Degrees have signs."""
    frame = Frame.model_validate({"south": "-34.7", "west": "-58.6", "north": "-34.5", "east": "-58.3"})
    assert frame.box == BoundingBox(-34.7, -58.6, -34.5, -58.3)


@pytest.mark.parametrize("wrong", [{"south": "-91"}, {"north": "91"}, {"south": "30", "north": "30"}])
def test_a_frame_lies_on_earth_and_holds_something(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="B408"):
        Frame.model_validate(wrong)
