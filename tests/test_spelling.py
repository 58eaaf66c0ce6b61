"""What was most likely meant."""

import pytest

from build_scripts.words.spelling import LONGEST_WORD, closest, nearest, suggest


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tengtuo", "tengtou"),
        ("Teng Tou", "tengtou"),
        ("warm_home", "warm-home"),
        ("x", ""),
        ("t" * (LONGEST_WORD + 1), ""),
    ],
)
def test_a_slip_is_told_from_another_word(word: str, meant: str) -> None:
    """Letters that changed places, case and hyphens are slips; what is far from everything is none."""
    assert closest(word, ["warm-home", "tengtou"]) == meant


def test_hints_ask_in_both_languages_or_not_at_all() -> None:
    hint = {"hint_zh": "，是否想写 tengtou？", "hint_en": ", did you mean `tengtou`?"}
    assert nearest("tengtuo", ["tengtou"]) == suggest("tengtou") == hint
    assert nearest("tengtuo", []) == suggest("") == {"hint_zh": "", "hint_en": ""}
