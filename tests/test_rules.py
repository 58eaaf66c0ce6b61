"""Every rule is worded in both languages, documented, and its examples are what they say."""

import re

import pytest

from build_scripts.editing.handbook import rules_reference
from build_scripts.faults.rules import RULES, Language, Rule
from build_scripts.kinds.area import Area
from build_scripts.kinds.belt import Belt
from build_scripts.kinds.programme import Programme
from build_scripts.kinds.source import Source
from build_scripts.records.decode import decode_model
from build_scripts.records.models import Model
from build_scripts.records.places import Location, Place
from build_scripts.records.statements import Figure
from build_scripts.records.yaml_text import decode_document

SOUND: dict[type[Model], str] = {
    Figure: "label: 村\nvalue: 5\nunit: 个\nas_of: 2016\nsource: survey-2016",
    Location: "lat: 29.7\nlon: 121.4\ncrs: wgs84\nprecision: village\nuncertainty_km: 1\nbasis: 测试",
    Place: "district: fenghua",
    Source: "name: 甲\nsummary: 乙\npublished: 2026-11-20\nperiod: 2016\nyear_confidence: high\n"
    "month_confidence: low\nshort_name: 甲",
    Programme: "name: 甲\nsummary: 乙\npublished: 2026-11-20\nform: plan\nperiod: 2016/2018",
    Belt: "name: 甲\nsummary: 乙\npublished: 2026-11-20\nlevel: city\nnumber: 1\ntheme: 丙\ndesignated: 2022",
    Area: "name: 甲\nsummary: 乙\npublished: 2026-11-20\nplace:\n  district: fenghua\nsetting: rural\nsince: 2016",
}
# Their examples are file names, other encodings, sizes, or need a whole site: tests/sites/broken/ has them.
WHOLE_SITE = re.compile(
    r"B109|B11[0-27]|B116|B129|B130|B201|B206|B215|B3\d\d|B40[1235689]|B41\d|B508|B51[1-5]|B6[012]\d|B7\d\d|B8\d\d|B9\d\d"
)
EXAMPLES = [rule for rule in RULES.values() if not WHOLE_SITE.fullmatch(rule.code)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_worded_in_both_languages(rule: Rule) -> None:
    for text in (rule.zh, rule.en, rule.help_zh, rule.help_en, rule.bad, rule.good):
        assert text.strip()
    assert re.search("[一-鿿]", rule.zh)
    assert re.search("[一-鿿]", rule.title(Language.EN).replace("万", "").replace("余", "")) is None


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.cell_zh or rule.cell_en], ids=lambda r: r.code
)
def test_help_for_cells_is_in_both_languages_and_speaks_of_no_line(rule: Rule) -> None:
    assert rule.cell_zh
    assert rule.cell_en
    assert not re.search(r"一行 |`|\b[a-z_]+: ", rule.cell_zh + rule.cell_en)


@pytest.mark.parametrize("code", RULES)
def test_rule_is_in_the_handbook(code: str) -> None:
    page = rules_reference()
    assert f"### {code} " in page
    assert f"{{#{code.lower()}}}" in page


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_bad_example_breaks_the_rule_and_the_good_one_does_not(rule: Rule) -> None:
    assert rule.code in codes_of(rule.bad)
    assert rule.code not in codes_of(rule.good)


def codes_of(example: str) -> set[str]:
    """What an example breaks when it takes the place of the same fields of a sound model."""
    keys = set(re.findall(r"^([a-z_]+)[:：]", example, re.MULTILINE))
    model = next((model for model in SOUND if keys <= set(model.model_fields)), Area)
    kept = re.split(r"\n(?=[a-z])", SOUND[model])
    lines = [line for line in kept if line.split(":")[0] not in keys] if keys else []
    text = "\n".join((example, *lines)) + "\n"
    document = decode_document("example.yml", text.encode())
    given = {"id": "example"} if "id" in model.model_fields else {}
    decode_model(document, model, **given)
    return {diagnostic.code for diagnostic in document.diagnostics}
