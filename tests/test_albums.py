"""`belts add-photo`: the file and the lines that name it, or nothing and the reason."""

import re
import shutil
from pathlib import Path

import pictures
import pytest
from conftest import ROOT, copy_site

from build_scripts.cli import main

GIVEN = ("--alt=石桥和香樟树", "--credit=示例单位", "--licence=own")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project, and files as a camera and a phone name them."""
    shutil.copytree(ROOT / "tests/sites/second-city/belts", tmp_path / "belts")
    (tmp_path / "content").mkdir()
    (tmp_path / "DSC 0042.JPG").write_bytes(pictures.jpeg())
    (tmp_path / "桥.png").write_bytes(pictures.png())
    return tmp_path


def add(project: Path, record: str, *words: str) -> int:
    return main(["-C", str(project), "--lang", "zh", "add-photo", record, *words])


def snapshot_of(project: Path) -> dict[str, bytes]:
    return {p.relative_to(project).as_posix(): p.read_bytes() for p in project.rglob("*") if p.is_file()}


def test_a_first_photo_is_copied_named_and_valid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = project / "DSC 0042.JPG"
    assert add(project, "bamboo", str(source), *GIVEN, "--date=2025-04", "--caption=村口。") == 0
    assert capsys.readouterr().out == (
        "写入 belts/photos/bamboo/dsc-0042.jpg\n写入 belts/workshops/bamboo.yml\n"
    )
    assert (project / "belts/photos/bamboo/dsc-0042.jpg").read_bytes() == source.read_bytes()
    text = (project / "belts/workshops/bamboo.yml").read_text(encoding="utf-8")
    assert (
        "photos:\n  - file: photos/bamboo/dsc-0042.jpg\n    alt: 石桥和香樟树\n    credit: 示例单位\n"
        "    licence: own\n    date: 2025-04\n    caption: 村口。\n" in text
    )
    assert main(["-C", str(project), "check"]) == 0


def test_more_photos_come_last_in_the_order_given_and_nothing_else_changes(project: Path) -> None:
    area = project / "belts/areas/east-bank.yml"
    before = area.read_text(encoding="utf-8")
    area.write_text(before.replace("photos:\n", "photos: # 两张\n"), encoding="utf-8")
    files = [str(project / name) for name in ("DSC 0042.JPG", "桥.png")]
    assert add(project, "east-bank", *files, "--alt=甲处的石桥", "--alt=乙处的石桥", *GIVEN[1:]) == 0
    lines = area.read_text(encoding="utf-8").splitlines()
    found = [line.split(": ")[1] for line in lines if "- file:" in line]
    assert found == [
        f"photos/east-bank/{name}" for name in ("bridge.jpg", "reeds.png", "dsc-0042.jpg", "1.png")
    ]
    assert "photos: # 两张" in lines
    new = iter(lines)
    assert all(line in new for line in before.replace("photos:\n", "photos: # 两张\n").splitlines())


def test_a_record_of_crlf_lines_gets_one_end_of_lines(project: Path) -> None:
    """That of the canonical layout."""
    record = project / "belts/workshops/bamboo.yml"
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    assert add(project, "bamboo", str(project / "DSC 0042.JPG"), *GIVEN) == 0
    content = record.read_bytes()
    assert b"photos/bamboo/dsc-0042.jpg" in content
    assert b"\r" not in content


def test_a_name_that_is_taken_gets_a_number(project: Path) -> None:
    (project / "bridge.jpg").write_bytes(pictures.jpeg(900, 700))
    assert add(project, "east-bank", str(project / "bridge.jpg"), *GIVEN) == 0
    assert (project / "belts/photos/east-bank/bridge-2.jpg").is_file()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.svg", b"<svg/>", "B710"),
        ("a.gif", pictures.animated("GIF"), "B710"),
        ("a.webp", pictures.animated("WEBP"), "B713"),
        ("a.jpg", pictures.jpeg()[:5000], "B711"),
        ("a.png", pictures.huge_png(), "B714"),
        ("a.jpg", pictures.jpeg(100, 100), "B715"),
        ("missing.jpg", None, "B721"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_with_what_to_do(
    name: str, content: bytes | None, code: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (project / name).write_bytes(content)
    before = snapshot_of(project)
    assert (
        add(project, "bamboo", str(project / "桥.png"), str(project / name), *GIVEN, "--alt=村口的石桥") == 1
    )
    printed = capsys.readouterr().err
    assert f"error[{code}]" in printed
    assert name in printed
    assert "help:" in printed
    assert snapshot_of(project) == before


def test_every_file_that_cannot_be_used_is_told_at_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "a.svg").write_bytes(b"<svg/>")
    (project / "a.jpg").write_bytes(pictures.jpeg(100, 100))
    names = ("missing.jpg", "a.svg", "桥.png", "none.png", "a.jpg")
    assert add(project, "bamboo", *(str(project / name) for name in names)) == 1
    printed = capsys.readouterr().err
    assert re.findall(r"(\S+):1:1: error\[(B\d+)\]", printed.replace(f"{project}/", "")) == [
        ("a.jpg", "B715"),
        ("a.svg", "B710"),
        ("missing.jpg", "B721"),
        ("none.png", "B721"),
    ]


def test_a_photo_with_another_ending_gets_that_of_its_content(project: Path) -> None:
    (project / "gate.jpg").write_bytes(pictures.png())
    assert add(project, "bamboo", str(project / "gate.jpg"), *GIVEN) == 0
    assert (project / "belts/photos/bamboo/gate.png").read_bytes() == pictures.png()
    assert main(["-C", str(project), "check"]) == 0


@pytest.mark.parametrize("left_out", GIVEN)
def test_without_text_credit_or_licence_nothing_is_written(
    left_out: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot_of(project)
    words = [word for word in GIVEN if word != left_out]
    assert add(project, "bamboo", str(project / "桥.png"), *words) == 2
    assert left_out.partition("=")[0] in capsys.readouterr().err
    assert snapshot_of(project) == before


def test_a_kind_without_photos_and_an_unknown_record_are_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(project, "survey", str(project / "桥.png"), *GIVEN) == 2
    assert "来源" in capsys.readouterr().err
    assert add(project, "bambo", str(project / "桥.png"), *GIVEN) == 1
    assert "bamboo" in capsys.readouterr().err


def test_the_site_shows_pictures_and_never_the_original(tmp_path: Path) -> None:
    """Every address in srcset and src is there with the size that the page says; no byte of an original is."""
    project = copy_site("second-city", tmp_path)
    assert main(["-C", str(project), "build"]) == 0
    html = (project / "site/areas/east-bank/index.html").read_text(encoding="utf-8")
    assert html.count("<picture>") == 2
    assert html.count('loading="lazy"') == 2
    assert "供图：示例市融媒体中心；经权利人许可使用；2025年4月摄" in html
    assert 'width="960" height="640"' in html
    published = {p.name for p in (project / "site/assets/photos").iterdir()}
    assert len(published) == 7
    assert all(name in html for name in published)
    originals = [path.read_bytes() for path in (project / "belts/photos").rglob("*.*")]
    assert not any(p.read_bytes() in originals for p in (project / "site").rglob("*") if p.is_file())
    assert not list((project / "site").rglob("bridge*.jpg"))


def test_a_site_without_photos_has_no_trace_of_them(tmp_path: Path) -> None:
    project = copy_site("second-city", tmp_path)
    area = project / "belts/areas/east-bank.yml"
    text = area.read_text(encoding="utf-8")
    start, end = text.index("photos:"), text.index("programmes:")
    area.write_text(text[:start] + text[end:], encoding="utf-8")
    shutil.rmtree(project / "belts/photos")
    assert main(["-C", str(project), "build"]) == 0
    assert "<picture" not in (project / "site/areas/east-bank/index.html").read_text(encoding="utf-8")
    assert not (project / "site/assets/photos").exists()
    assert not (project / ".cache/photos").exists()
