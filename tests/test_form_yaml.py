"""The form's reader and writer of records, run by Node.js: what stays as it was typed, and how two changes become one."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, require

SCRIPTS = ("form_yaml.js", "form_merge.js")
FIELDS = [
    {"name": "name", "label": "名称"},
    {"name": "note", "label": "备注"},
    {
        "name": "place",
        "label": "地点",
        "widget": "object",
        "fields": [{"name": "district", "label": "区县"}, {"name": "township", "label": "乡镇"}],
    },
    {
        "name": "figures",
        "label": "数据",
        "widget": "list",
        "fields": [{"name": "text", "label": "说明"}, {"name": "unit", "label": "单位"}],
    },
    {"name": "body", "label": "正文"},
]
RECORD = """# 头
name: "滕\\u5934" # 旁
note: > # 折行
  第一行
  第二行

  第三行
place:
  district: 'fenghua'
  township: 萧王庙
    街道
figures:
  - text: |
      一
        二

      三
  - text: "two
      lines"
body: |
  最后一段
"""
MODELINE = "# yaml-language-server: $schema=x"
PROGRAM = """
import { makeFormat } from "./form_yaml.js";
const [fields, old, changes, newest, rebased, modeline] = JSON.parse(process.argv[1]);
const trim = (value) => typeof value === "string" ? value.trim() : Array.isArray(value) ? value.map(trim)
  : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, trim(inner)]));
const format = makeFormat(fields, modeline);
const values = { ...trim(old ? format.fromFile(old.trim()) : format.begin({ name: "新的" })), ...changes };
try {
  console.log(JSON.stringify({ text: format.toFile(rebased ? format.rebase(values, newest) : values) }));
} catch (error) {
  console.log(JSON.stringify({ refused: error.cause.message }));
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts with what they import."""
    require(shutil.which("node"), "Node.js")
    folder = tmp_path_factory.mktemp("form")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for name in SCRIPTS:
        shutil.copy(ROOT / "site_templates/form" / name, folder)
    shutil.copytree(ROOT / "node_modules/yaml/browser/dist", folder / "yaml")
    return folder


def save(
    folder: Path, changes: dict[str, Any], newest: str = RECORD, *, old: str = RECORD, rebased: bool = True
) -> dict[str, str]:
    """What comes of an editor's changes when the file is `newest`; texts come trimmed, as from Sveltia.

    The editor began with `old`; with a new record of the name 新的, saved before, when that is empty.
    """
    given = json.dumps([FIELDS, old, changes, newest, rebased, MODELINE])
    words = ["node", "--input-type=module", "-e", PROGRAM, given]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_what_nobody_touched_keeps_its_bytes(folder: Path) -> None:
    """Blocks, folds, quotes, escapes and texts over several lines, whatever else is saved."""
    expected = RECORD.replace('"滕\\u5934"', "滕头区域")
    assert save(folder, {"name": "滕头区域"}) == {"text": expected}
    changed = save(folder, {"figures": [{"text": "一\n  二\n\n三"}, {"text": "新的"}]})["text"]
    assert changed == RECORD.replace('"two\n      lines"', "新的")


def test_changes_of_different_fields_become_one(folder: Path) -> None:
    """Inside a group too; the comments of both stay."""
    newest = RECORD.replace("萧王庙\n    街道", "锦屏 # 别人").replace("# 头", "# 新头")
    found = save(folder, {"place": {"district": "haishu", "township": "萧王庙 街道"}}, newest)
    assert found == {"text": newest.replace("'fenghua'", "haishu")}


@pytest.mark.parametrize(
    ("changes", "old", "new", "names"),
    [
        ({"name": "甲"}, '"滕\\u5934"', "乙", "名称"),
        ({"place": {"district": "haishu", "township": "萧王庙 街道"}}, "'fenghua'", "yinzhou", "地点 › 区县"),
        ({"figures": []}, "      三\n", "      四\n", "数据"),
        ({"name": "甲", "body": "乙"}, "最后一段", "丙", "正文"),
    ],
)
def test_a_field_that_both_changed_is_named(
    folder: Path, changes: dict[str, Any], old: str, new: str, names: str
) -> None:
    """Nothing is written, and no other field is named."""
    refused = save(folder, changes, RECORD.replace(old, new))["refused"]
    assert f"别处也改了：{names}。" in refused


def test_the_same_change_twice_is_none(folder: Path) -> None:
    """Two who write the same do not disagree."""
    newest = RECORD.replace('"滕\\u5934"', "甲")
    assert save(folder, {"name": "甲"}, newest) == {"text": newest}


def test_only_what_was_put_onto_the_file_is_written(folder: Path) -> None:
    """Neither over a file that cannot be read now, nor when nobody has looked at it."""
    assert "第 3 行" in save(folder, {"name": "甲"}, "a: 1\n: [\n")["refused"]
    assert "核对" in save(folder, {"name": "甲"}, rebased=False)["refused"]


def test_a_new_record_is_saved_again(folder: Path) -> None:
    """It goes on from the text it was given first, and takes in what others have changed since."""
    first = f"{MODELINE}\nname: 新的\n"
    assert save(folder, {}, old="", rebased=False) == {"text": first}
    assert save(folder, {"note": "再写"}, first, old="") == {"text": f"{first}note: 再写\n"}
    newest = f"{first}body: 别人的\n"
    assert save(folder, {"note": "再写"}, newest, old="") == {"text": f"{first}note: 再写\nbody: 别人的\n"}


@pytest.mark.parametrize(
    ("kept", "edited"),
    [([1, 2], 2), ([0, 2], 2), ([2, 1, 0], 1), ([0, 1, 2], 0), ([2, 0], 0), ([0, 2], None)],
)
def test_items_keep_their_comments_when_others_go(folder: Path, kept: list[int], edited: int | None) -> None:
    """One deleted or moved and another edited in one save: what stands above and beside an item stays with it."""
    texts = ["甲村户数", "乙村户数", "丙村户数"]
    items = [f"  # 上 {text}\n  - text: {text} # 旁 {text}\n    unit: 户\n" for text in texts]
    old = f"name: 甲\nfigures:\n{''.join(items)}"
    said = [{"text": f"{texts[n]}改" if n == edited else texts[n], "unit": "户"} for n in kept]
    expected = [
        items[n].replace(f"text: {texts[n]}", f"text: {texts[n]}改") if n == edited else items[n]
        for n in kept
    ]
    assert save(folder, {"figures": said}, old, old=old) == {
        "text": f"name: 甲\nfigures:\n{''.join(expected)}"
    }
