"""Identity-card and mobile numbers are found in every spelling and masked without moving a column."""

import pytest

from build_scripts.words.personal import find_personal_numbers, mask_personal_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13800138000", "138****8000"),
        ("电话13800138000。", "电话138****8000。"),
        ("１３８００１３８０００", "１３８****８０００"),
        ("138 0013 8000", "138 **** 8000"),
        ("138-0013-8000", "138-****-8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 * * * * 8 0 0 0"),
        ("+8613800138000", "+86138****8000"),
        ("8613800138000", "86138****8000"),
        ("008613800138000", "0086138****8000"),
        ("11010519491231002X", "110***********002X"),
        ("11010519491231002x", "110***********002x"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１１０***********００２Ｘ"),
        ("110105 19491231 002X", "110*** ******** 002X"),
    ],
)
def test_number_is_found_and_masked(text: str, masked: str) -> None:
    assert len(list(find_personal_numbers(text))) == 1
    assert mask_personal_numbers(text) == masked
    assert len(masked) == len(text)
    assert not list(find_personal_numbers(masked))


@pytest.mark.parametrize(
    "text",
    [
        "330213005208",  # a statistical code
        "lon: 121.13912345678",  # a long decimal
        "113800138000",  # twelve digits
        "12800138000",  # no mobile prefix
        "110105194912310021",  # a wrong check digit
        "0574-12345678",  # a landline
        "12345",  # a service number
        "2016-2018",
        "GeoNames 1796090",
    ],
)
def test_other_digits_are_left_alone(text: str) -> None:
    assert not list(find_personal_numbers(text))
    assert mask_personal_numbers(text) == text


def test_place_and_digits_are_given() -> None:
    found = list(find_personal_numbers("甲 138-0013-8000 乙 11010519491231002x"))
    assert [(n.code, n.digits, n.start) for n in found] == [
        ("B901", "11010519491231002X", 18),
        ("B902", "13800138000", 2),
    ]
