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
        ("138.1234.5678", "138.****.5678"),
        ("电话138/1234/5678找", "电话138/****/5678找"),
        ("138、1234、5678", "138、****、5678"),
        ("１３８．１２３４．５６７８", "１３８．****．５６７８"),
        ("138 · 1234 · 5678", "138 · **** · 5678"),
        ("+86.138.1234.5678", "+86.138.****.5678"),
        ("86138.1234.5678", "86138.****.5678"),
        ("(138)12345678", "(138)****5678"),
        ("（138）1234-5678", "（138）****-5678"),
        ("+86 (138) 1234 5678.", "+86 (138) **** 5678."),
        ("+86(138)12345678", "+86(138)****5678"),
        ("138.1234.5678转1", "138.****.5678转1"),
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
        "139.1234、138.5678",  # two decimals
        "138.12345678",  # a decimal
        "138.1234.56789",
        "138.1234.5678.9012",
        "138.1234/5678",  # two signs
        "1138.1234.5678",
        "v138.1234.5678",  # a version
        "168.138.123.145",  # an IP address
        "2017.11.30、2018.1234.5678",
        "150、2016、2018年",
        "甲村（150）2016-2018年",
        "（150户）2016",
        "120、138、1234、5678",  # a row of numbers
        "138、1234、5678、9012",
        "https://example.org/139/2019/1121/c1.html",
        "330.2130.0520",
        "29.7012, 121.3912",
    ],
)
def test_other_digits_are_left_alone(text: str) -> None:
    assert not list(find_personal_numbers(text))
    assert mask_personal_numbers(text) == text


def test_numbers_in_a_row_are_all_found() -> None:
    found = find_personal_numbers("138.1234.5678、13800138000、139.2345.6789")
    assert {n.digits for n in found} == {"13812345678", "13800138000", "13923456789"}


def test_place_and_digits_are_given() -> None:
    found = list(find_personal_numbers("甲 138-0013-8000 乙 11010519491231002x"))
    assert [(n.code, n.digits, n.start) for n in found] == [
        ("B901", "11010519491231002X", 18),
        ("B902", "13800138000", 2),
    ]
