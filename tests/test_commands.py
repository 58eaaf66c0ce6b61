"""The editors' commands as they are typed: new, fmt, list, show, rename, retire, locate."""

import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_site

from build_scripts.cli import main
from build_scripts.commands.base import find_site, shorten
from build_scripts.editing.schemas import modeline
from build_scripts.faults.rules import Language

FILLED = (
    "name=示范",
    "summary=一句话",
    "place.district=fenghua",
    "setting=rural",
    "since=2026",
    "sources=jigsaw-2016",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the real data."""
    shutil.copytree(ROOT / "belts", tmp_path / "belts")
    (tmp_path / "content").mkdir()
    return tmp_path


def belts(project: Path, *words: str) -> int:
    """Run one command in Chinese."""
    return main(["-C", str(project), "--lang", "zh", *words])


def new(project: Path, *settings: str) -> int:
    return belts(project, "new", "area", "demo", "--no-input", *(f"--set={setting}" for setting in settings))


def test_a_new_record_with_all_its_values_is_valid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record whose required fields were all given passes the checks, in canonical form, as a draft."""
    assert new(project, *FILLED) == 0
    assert capsys.readouterr().out == "belts/areas/demo.yml\n"
    assert belts(project, "check") == 0
    assert belts(project, "fmt", "--check", str(project / "belts/areas/demo.yml")) == 0
    text = (project / "belts/areas/demo.yml").read_text()
    assert text.startswith(f"{modeline('area')}\n")
    assert "\nstatus: draft #" in text


def test_a_new_record_names_what_is_still_to_be_filled_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without values the record is written all the same, and each empty required field is named and refused."""
    assert new(project) == 0
    assert "还有 5 处待填：belts/areas/demo.yml:2、" in capsys.readouterr().out
    assert belts(project, "check") == 1
    assert "".join(capsys.readouterr()).count("error[B115]") == 5


def test_a_new_record_names_the_schema_that_there_is(tmp_path: Path) -> None:
    """Also the first of its kind, from `belts new` and from a sheet; without schemas there is no line."""
    shutil.copytree(ROOT / "tests/sites/minimal", tmp_path, dirs_exist_ok=True)
    modeline = "# yaml-language-server: $schema=../schemas/milestone.schema.json\n"
    for number, expected in enumerate((False, True)):
        table = f"编号,名称,一句话介绍,首次发布日期,日期或时段\nsheet-{number},甲,乙,2026-11-20,2016\n"
        (tmp_path / "大事记.csv").write_text(table, encoding="utf-8-sig")
        assert belts(tmp_path, "new", "milestone", f"typed-{number}", "--no-input", "--set=period=2016") == 0
        (tmp_path / f"belts/milestones/typed-{number}.yml").rename(tmp_path / f"typed-{number}.yml")
        assert belts(tmp_path, "import", str(tmp_path / "大事记.csv"), "--keep-missing") == 0
        (tmp_path / f"belts/milestones/sheet-{number}.yml").rename(tmp_path / f"sheet-{number}.yml")
        for name in (f"typed-{number}", f"sheet-{number}"):
            text = (tmp_path / f"{name}.yml").read_text(encoding="utf-8")
            assert text.startswith(modeline) == expected
        assert belts(tmp_path, "schema") == 0


def test_a_draft_is_renamed_without_a_redirect(project: Path) -> None:
    """Nobody has the address of a draft, so none is kept, and its id is free again."""
    redirects = project / "belts/redirects.yml"
    before = redirects.read_bytes() if redirects.exists() else None
    assert new(project, *FILLED) == 0
    assert belts(project, "rename", "demo", "other") == 0
    assert (project / "belts/areas/other.yml").is_file()
    assert not (project / "belts/areas/demo.yml").exists()
    assert (redirects.read_bytes() if redirects.exists() else None) == before


@pytest.mark.parametrize(
    ("setting", "code", "word"),
    [
        ("since=2026/2/3", 1, "B501"),
        ("adress=x", 1, "B202"),
        ("setting=乡村", 1, "B204"),
        ("place.district=fenhua", 1, "fenghua"),
        ("sources=jigsaw", 1, "B303"),
        ("place", 2, "--set"),
        ("place=x", 2, "--set"),
        ("=x", 2, "--set"),
    ],
)
def test_a_wrong_value_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], setting: str, code: int, word: str
) -> None:
    """A value that the checks refuse, or that stands nowhere, is named, and no file is made."""
    assert new(project, *FILLED, setting) == code
    assert word in capsys.readouterr().err
    assert not (project / "belts/areas/demo.yml").exists()


@pytest.mark.parametrize(
    "record_id", ["../x", "a/b", "滕头", "A", "con", "tengtou", "zero-carbon", "old", "x" * 61]
)
def test_a_bad_id_makes_no_record(project: Path, record_id: str) -> None:
    """An id that is malformed, reserved, taken or retired is refused."""
    (project / "belts/redirects.yml").write_text("alliances/old: gone\n")
    before = sorted(project.rglob("*"))
    settings = [f"--set={setting}" for setting in FILLED]
    assert belts(project, "new", "area", record_id, "--no-input", *settings) == 1
    assert sorted(project.rglob("*")) == before


def test_a_terminal_is_asked(project: Path) -> None:
    """On a terminal each required field is asked for until its answer is good."""
    terminal, child = pty.openpty()
    words = [sys.executable, "-m", "build_scripts", "-C", str(project), "new", "area", "demo"]
    environment = {**os.environ, "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    with subprocess.Popen(words, stdin=child, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as process:
        os.close(child)
        os.write(terminal, "示范\n一句话\nfenhua\n奉化区\nfenghua\n乡下\nrural\n\n".encode())
        output, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0
    assert "可选：rural 乡村、urban 城区、mixed 城乡兼有" in output.decode()
    assert "乡下" in output.decode()
    assert "fenhua" in output.decode()
    assert "它的编号是 fenghua" in output.decode()
    text = (project / "belts/areas/demo.yml").read_text()
    assert "\nsetting: rural #" in text
    assert "\nsince: # 待填" in text


def test_fmt_changes_only_what_is_out_of_order(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` names the file and changes nothing; without it the file is laid out, once."""
    path = project / "belts/areas/tengtou.yml"
    text = path.read_text()
    path.write_text(f"setting: rural # 城乡\n{text}".replace("\nsetting: rural\n", "\n"))
    belts(project, "fmt", str(project / "belts/areas/warm-home.yml"))
    before = path.read_bytes()
    assert belts(project, "fmt", "--check", str(path)) == 1
    assert "belts/areas/tengtou.yml" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert belts(project, "fmt", str(path)) == 0
    assert path.read_text() == text.replace("\nsetting: rural\n", "\nsetting: rural # 城乡\n")
    assert belts(project, "fmt", "--check", str(path)) == 0


def test_fmt_leaves_broken_yaml_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no YAML is reported at its place; the others are formatted; a missing one is wrong usage."""
    broken, other = project / "belts/areas/tengtou.yml", project / "belts/areas/warm-home.yml"
    broken.write_bytes(b"name: [\n")
    other.write_text(other.read_text() + "# end\n\n\n")
    assert belts(project, "fmt", str(broken), str(other)) == 1
    assert "belts/areas/tengtou.yml:2:1: error[B101]" in capsys.readouterr().err
    assert broken.read_bytes() == b"name: [\n"
    assert other.read_text().endswith("\n# end\n")
    assert belts(project, "fmt", str(project / "nothing.yml")) == 2


@pytest.mark.parametrize(
    "name",
    ["package.json", "content/page.yml", "belts/geo/data.yml", "belts/other.yml", "belts/areas/a/b.yml"],
)
def test_fmt_touches_no_other_files(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """What is neither a record nor settings is refused, and no file beside it is laid out."""
    other, record = project / name, project / "belts/areas/warm-home.yml"
    other.parent.mkdir(exist_ok=True)
    other.write_text('{"b": 1,   "a": 2}\n')
    record.write_text(record.read_text() + "# end\n\n\n")
    assert belts(project, "fmt", str(record), str(other)) == 2
    assert capsys.readouterr().err == f"belts fmt: {other}: 不是 belts/ 里的记录或设置\n"
    assert other.read_text() == '{"b": 1,   "a": 2}\n'
    assert record.read_text().endswith("# end\n\n\n")


def test_list_gives_every_record(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a record, of one kind or all, or JSON."""
    assert belts(project, "list", "area") == 0
    assert any(line.split()[:2] == ["tengtou", "area"] for line in capsys.readouterr().out.splitlines())
    assert belts(project, "list", "--json") == 0
    records = json.loads(capsys.readouterr().out)
    assert len(records) == sum(1 for path in (project / "belts").glob("*/*.yml"))
    (project / "belts/areas/tengtou.yml").write_bytes(b"")
    assert belts(project, "list") == 1
    assert "另有 1 个文件读不出" in capsys.readouterr().err


def test_a_reader_may_stop_early(project: Path) -> None:
    """Output cut short by its reader (`belts list | head`) is no fault and prints none."""
    words = [sys.executable, "-m", "build_scripts", "-C", str(project), "list", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_show_gives_what_names_a_record(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record with what it names and what names it; a near miss of an id is named."""
    assert belts(project, "show", "tengtou") == 0
    output = capsys.readouterr().out
    assert "滕头区域（示范片，已发布）" in output
    assert "tengtou-joint-meeting" in output.partition("被引用")[2]
    assert belts(project, "show", "tengtuo") == 1
    assert "是否想写 tengtou" in capsys.readouterr().err


def test_english_is_spoken_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--lang en` the commands speak English."""
    assert main(["-C", str(project), "--lang", "en", "new", "area", "demo", "--no-input"]) == 0
    assert "5 fields to fill in: belts/areas/demo.yml:2, " in capsys.readouterr().out
    (project / "belts/areas/demo.yml").unlink()
    assert main(["-C", str(project), "--lang", "en", "retire", "tengtou"]) == 1
    assert "Nothing was changed." in capsys.readouterr().err
    assert main(["-C", str(project), "--lang", "en", "show", "tengtou"]) == 0
    output = capsys.readouterr().out
    assert "named by:\n" in output
    assert "滕头区域 (area, published)\n" in output
    assert "29.70970, 121.38960 (WGS-84, village, ±1 km)\n" in output
    assert main(["-C", str(project), "--lang", "en", "locate", "滕头村"]) == 0
    assert "29.7097, 121.3896 (village)\n" in capsys.readouterr().out


def test_what_is_written_is_said_in_the_language_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines of commands that write follow `--lang`, wherever it stands."""
    book = str(project / "book.xlsx")
    count = len([*(project / "belts").glob("*/*.yml")])
    expected = {
        "zh": (f"{count} 条记录 → {book}\n", "0 个文件有改动\n", "写入 belts/schemas/area.schema.json\n"),
        "en": (f"{count} records → {book}\n", "0 files changed\n", "wrote belts/schemas/area.schema.json\n"),
    }
    for language, lines in expected.items():
        (project / "belts/schemas/area.schema.json").unlink(missing_ok=True)
        for words, line in zip((("export", book), ("import", book), ("schema",)), lines, strict=True):
            assert main(["-C", str(project), *words, "--lang", language]) == 0
            assert capsys.readouterr().out == line


@pytest.mark.parametrize("words", [("--lang", "{}", "--help"), ("--help", "--lang={}")])
def test_help_begins_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """What the program is, is said in one language."""
    for language, text in (("zh", "示范片与精品带静态网站生成器"), ("en", "static-site generator")):
        with pytest.raises(SystemExit):
            main([word.format(language) for word in words])
        lines = capsys.readouterr().out.splitlines()
        assert text in lines[2]


def test_locate_prints_yaml(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The candidates, then the YAML of the one picked."""
    assert belts(project, "locate", "滕头村") == 0
    assert "330213005208  奉化区萧王庙街道  29.7097, 121.3896（村级）" in capsys.readouterr().out
    assert belts(project, "locate", "--pick", "9", "滕头村") == 2
    assert belts(project, "locate", "nowhere") == 1


def test_rename_and_retire_say_what_they_did(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each prints the files it wrote; a record that is still named stays, and what is said of it is said of no other."""
    assert belts(project, "rename", "tengtou", "tt") == 0
    assert "删除 belts/areas/tengtou.yml" in capsys.readouterr().out
    assert belts(project, "retire", "tt") == 1
    assert "没有改动任何文件" in capsys.readouterr().err
    belt = project / "belts/boutique/harmonious-home.yml"
    assert belts(project, "retire", "tt", "--to", "warm-home") == 1
    errors = capsys.readouterr().err
    assert "belts/boutique/harmonious-home.yml:21:13: error[B323]: 这里的 record 说的是 tt" in errors
    assert "先改好列出的各处" in errors
    belt.write_text(belt.read_text().replace("record: tt\n", "place:\n      name: 滕头村\n"))
    assert belts(project, "retire", "tt", "--to", "warm-home") == 0
    assert (project / "belts/redirects.yml").read_text().splitlines()[1:] == [
        "areas/tengtou: warm-home",
        "areas/tt: warm-home",
    ]
    assert belts(project, "check") == 0


@pytest.mark.parametrize(
    "words", [("rename", "tengtou", "tengtou"), ("retire", "tengtou", "--to", "tengtou")]
)
def test_a_record_does_not_follow_itself(
    project: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """The same id twice is wrong usage, and said to be that."""
    assert belts(project, *words) == 2
    assert capsys.readouterr().err == f"belts {words[0]}: tengtou: 两个编号相同\n"
    assert (project / "belts/areas/tengtou.yml").is_file()


@pytest.mark.parametrize(
    "words",
    [
        "add-photo tengtou a.jpg",
        "check",
        "diff",
        "edit --port 0 --no-browser",
        "export book.xlsx",
        "fmt --check",
        "form",
        "hosting nginx",
        "import book.xlsx",
        "list",
        "locate 滕头村",
        "new area demo --no-input",
        "rename tengtou teng",
        "retire tengtou",
        "schema",
        "show tengtou",
    ],
)
def test_a_folder_without_records_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    """In a folder that is no project each command says so, and leaves nothing there."""
    command, *rest = words.split()
    assert belts(tmp_path, command, *rest) == 2
    captured = capsys.readouterr()
    assert captured.err == f"belts {command}: {tmp_path}: 没有 belts/ 文件夹\n"
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "edit"])
def test_a_port_that_is_taken_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Most often by the same command in another window; what that has made stays as it is."""
    project = copy_site("second-city", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        words = ["--no-browser"] if command == "edit" else []
        assert main(["-C", str(project), command, "--port", str(number), *words]) == 1
    error = capsys.readouterr().err
    assert f"端口 {number} 已被占用" in error
    assert "--port 0" in error
    assert not (project / ".belts").exists()


@pytest.mark.parametrize("command", ["serve", "edit"])
@pytest.mark.parametrize("port", ["65536", "99999", "-1", "x", "²", ""])
def test_a_port_that_is_none_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], command: str, port: str
) -> None:
    """It is refused before anything is made ready."""
    with pytest.raises(SystemExit) as left:
        main([command, f"--port={port}"])
    assert left.value.code == 2
    assert f"{port}: 端口是 0 到 65535 的数" in capsys.readouterr().err


def test_a_folder_named_like_a_command_is_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the commands among the words are loaded; a value that looks like one does no harm."""
    shutil.copytree(ROOT / "tests/sites/minimal", tmp_path / "deploy")
    monkeypatch.chdir(tmp_path)
    assert main(["-C", "deploy", "check"]) == 0


def test_the_built_site_is_where_the_settings_put_it(tmp_path: Path) -> None:
    """Unless another is named; site/ where there are no settings, or none that can be read."""
    project = copy_site("second-city", tmp_path)
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    assert find_site(project, None) == project / "site"
    settings.write_text(f"{text}\nsite_dir: public\n", encoding="utf-8")
    assert find_site(project, None) == project / "public"
    assert find_site(project, tmp_path / "other") == tmp_path / "other"
    assert find_site(tmp_path, None) == tmp_path / "site"
    settings.write_text("- no settings\n", encoding="utf-8")
    assert find_site(project, None) == project / "site"


@pytest.mark.parametrize("words", [("check", "--format"), ("diff", "--format"), ("check", "--lang")])
def test_an_option_with_a_few_values_names_them(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*words, "x"])
    assert re.search(rf"argument {words[1]}: x: 可选的值 \(choose from\) \w+, \w+", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("most", "shown"),
    [(0, ["a", "b", "c"]), (2, ["a", "b", "… and 1 more (--all)"]), (3, ["a", "b", "c"])],
)
def test_a_long_list_says_what_it_leaves_out(most: int, shown: list[str]) -> None:
    """The first lines and how many follow; all of them when nothing is left out or no limit is set."""
    assert shorten(["a", "b", "c"], most, Language.EN) == shown
