"""Every case of tests/sites/broken/ ends in exactly its report: right place, right words, nothing else."""

import os
import re
from pathlib import Path

import pytest
from broken_sites import BROKEN, SITES, case_names, check_site, make_site, report

from build_scripts.faults.rules import RULES, Language

# Workbooks are tested with the sheets, B318 with comparisons, B323 and B326 with renames, B720 with edits, B721 with
# albums; B707 and B709 need a disk at fault, B719 git at fault, B611, B618, B620 and B723 MkDocs.
ELSEWHERE = re.compile(r"B8\d\d|B318|B32[36]|B611|B618|B620|B70[79]|B719|B72[013]")


def test_the_sound_site_has_no_fault() -> None:
    assert check_site(SITES / "minimal") == ()


@pytest.mark.parametrize("name", case_names())
def test_broken_site_is_reported(name: str, tmp_path: Path) -> None:
    """The Chinese report is exactly the expected one; the English one has no template's braces left."""
    found = check_site(make_site(name, tmp_path))
    expected = BROKEN / name / "expected.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(report(found), encoding="utf-8")
    assert expected.is_file(), f"{expected} does not exist yet: run `make snapshots`"
    assert report(found) == expected.read_text(encoding="utf-8"), (
        f"{expected} differs: run `make snapshots`, read the diff"
    )
    for diagnostic in found:
        words = f"{diagnostic.message(Language.EN)} {diagnostic.help(Language.EN)}"
        assert not re.search(r"\{(?!%|\{)[a-z_]+\}", words.replace("${x}", ""))


def test_there_are_many_cases() -> None:
    assert len(case_names()) >= 120


@pytest.mark.parametrize("code", [code for code in RULES if not ELSEWHERE.fullmatch(code)])
def test_every_rule_has_a_broken_site(code: str) -> None:
    reports = (path.read_text(encoding="utf-8") for path in BROKEN.glob("*/expected.txt"))
    assert any(f"[{code}]" in text for text in reports)
