"""belts/redirects.yml: what its lines mean."""

import pytest

from build_scripts.reading.redirects import decode_redirects
from build_scripts.records.yaml_text import decode_document


def read(text: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, int]]]:
    """The redirects of a text as (address, target, date), and its faults as (code, line)."""
    document = decode_document("belts/redirects.yml", text.encode())
    redirects = decode_redirects(document)
    found = [(r.address, r.target, r.withdrawn.text if r.withdrawn else "") for r in redirects]
    return found, [(d.code, d.line) for d in document.diagnostics]


def test_a_line_leads_to_an_id_or_to_nothing() -> None:
    """A target is an id, or `gone` with or without the date of withdrawal."""
    text = "areas/a: b\nbelts/c: gone 2026-11-21\nsources/d: gone\n"
    assert read(text) == ([("areas/a", "b", ""), ("belts/c", "", "2026-11-21"), ("sources/d", "", "")], [])


def test_a_bad_date_of_withdrawal_is_located() -> None:
    """A day that does not exist, or is no date, is an error at its line."""
    assert read("areas/a: gone 2026-02-30\nareas/b: gone soon\n")[1] == [("B502", 1), ("B501", 2)]


@pytest.mark.parametrize("others", ["", "areas/a: b\n"])
@pytest.mark.parametrize(
    ("line", "code"), [("areas/old：new", "B107"), ("areas/old:new", "B118"), ("areas/old:　new", "B125")]
)
def test_a_colon_typed_wrong_is_named(line: str, code: str, others: str) -> None:
    """A line of an old address is told its slip as any field is, alone in the file or not."""
    assert read(f"{others}{line}\n")[1] == [(code, others.count("\n") + 1)]
