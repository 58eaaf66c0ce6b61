"""Faults as someone at the form reads them: at the field itself, in the field's own words, with the record's name."""

from typing import Any

import pytest
from conftest import ROOT

from build_scripts.faults.rules import Language
from build_scripts.form.faults import sum_up, tell_faults
from build_scripts.kinds.area import Area
from build_scripts.records.decode import decode_model
from build_scripts.records.yaml_text import decode_document

AREA = "belts/areas/tengtou.yml"
TEXT = (ROOT / AREA).read_text(encoding="utf-8")


def tell(text: str, language: Language = Language.ZH) -> list[dict[str, Any]]:
    """What the form tells of one area's text."""
    content = text.encode()
    document = decode_document(AREA, content)
    decode_model(document, Area, id="tengtou")
    return tell_faults(document.diagnostics, lambda _: content, language)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("summary:", "nonsense: 1\nsummary:", "nonsense"),
        ("name: 滕头区域", "nonsense: 1\nname: 滕头区域", "nonsense"),
        ("  - label: ", "  - nonsense: 1\n    label: ", "数据 1 › nonsense"),
        ("  - label: ", "  - lable: ", "数据 1 › 指标"),
        ("name: 滕头区域\n", "", "名称"),
        ("summary:", "other_names:\nsummary:", "曾用名、别名"),
    ],
)
def test_a_fault_is_told_at_its_field(old: str, new: str, field: str) -> None:
    """An unknown field, one that is missing and one without a value at themselves, not at their neighbours."""
    assert old in TEXT
    assert field in {fault["field"] for fault in tell(TEXT.replace(old, new, 1))}


@pytest.mark.parametrize("language", Language)
def test_the_help_speaks_of_the_field(language: Language) -> None:
    """What a file wants as a line or a key is a field here."""
    text = TEXT.replace("name: 滕头区域\n", "").replace("summary:", "other_names:\nsummary:")
    helps = {fault["code"]: fault["help"] for fault in tell(text, language)}
    assert "“名称”" in helps["B201"]
    assert "name:" not in helps["B201"]
    assert ("清空" if language is Language.ZH else "clear it") in helps["B115"]


def test_a_fault_of_another_record_names_it() -> None:
    """The box says of which record a field is, but for the one that is being saved."""
    told = tell(TEXT.replace("summary:", "nonsense: 1\nsummary:"))
    assert sum_up(told, [AREA]).startswith("nonsense：")
    assert sum_up(told, []).startswith("滕头区域 › nonsense：")


def test_a_file_without_a_name_goes_by_its_path() -> None:
    """A fault that is in no field of a record that can be read."""
    told = tell("- 1\n")
    assert sum_up(told, [AREA]).startswith(f"{AREA}：")
