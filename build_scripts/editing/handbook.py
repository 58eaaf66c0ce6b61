"""The generated parts of the editors' handbook, as Markdown: every rule, and every field of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from ..faults.rules import RULES, Language, Rule, Severity
from ..kinds.base import Kind
from ..kinds.registry import find_kinds, kind_named
from .schemas import Schema, build_schema

_GROUPS = {
    "B1": "文件里的文字",
    "B2": "字段",
    "B3": "编号与引用",
    "B4": "位置",
    "B5": "日期与数字",
    "B6": "网址与正文",
    "B7": "文件",
    "B8": "工作簿与 CSV",
    "B9": "个人信息",
}
_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_FORMS = {
    "day": "年月日",
    "date": "日期或时段",
    "quantity": "数，可带 ≥ 约 近 > 前缀（> 开头的加引号），万 亿 余 多 后缀",
    "file": "belts/ 里的文件",
    "photo": "belts/photos/ 里的照片",
}
_TYPES = {"string": "文字", "number": "数", "integer": "整数", "boolean": "true 或 false"}


def rules_reference() -> str:
    """Every rule by group: what it demands, what to type, both examples. Anchors are the codes."""
    return "\n".join(_rules_lines()) + "\n"


def _rules_lines() -> Iterator[str]:
    for group, rules in groupby(RULES.values(), key=lambda rule: rule.code[:2]):
        yield f"## {_GROUPS[group]} {{#{group.lower()}}}\n"
        for rule in rules:
            yield from _rule_lines(rule)


def _rule_lines(rule: Rule) -> Iterator[str]:
    title = rule.title(Language.ZH)
    yield f"### {rule.code} {escape(title)} {{#{rule.code.lower()}}}\n"
    yield f"{_SEVERITIES[rule.severity]}。{escape(rule.advice(Language.ZH))}\n"
    yield f"不对：\n\n{_block(rule.bad)}\n"
    yield f"对：\n\n{_block(rule.good)}\n"


def _block(example: str) -> str:
    """An example as a code block that none of its own backticks can end."""
    fence = "`" * max(3, _longest_run(example) + 1)
    return f"{fence}yaml\n{example}\n{fence}"


def _longest_run(text: str) -> int:
    return max((sum(1 for _ in run) for character, run in groupby(text) if character == "`"), default=0)


def escape(text: str) -> str:
    """A plain text as Markdown that shows it unchanged."""
    for character in "\\`*_{}[]<>#|":
        text = text.replace(character, f"\\{character}" if character not in "<>" else f"&#{ord(character)};")
    return text


def all_fields_reference() -> str:
    """The tables of every kind, one after another. A kind's anchor is its name."""
    kinds = find_kinds()
    links = "、".join(f"[{kind.title}](#{kind.name})" for kind in kinds)
    parts = (
        f"## {kind.title} {{#{kind.name}}}\n\n`belts/{kind.folder}/`。{fields_reference(kind)}"
        for kind in kinds
    )
    return f"各种记录：{links}\n\n" + "\n".join(parts)


REFERENCES: Mapping[str, Callable[[], str]] = {"rules": rules_reference, "fields": all_fields_reference}
"""The generated parts that a page of the handbook can ask for, as `reference:` in its front matter."""


def fields_reference(kind: Kind | str) -> str:
    """A table of the fields of a kind, then one for each model inside it."""
    found = kind_named(kind) if isinstance(kind, str) else kind
    schema = build_schema(found.model, found.title, found.description)
    lines = [f"{found.description}\n", *_table(schema)]
    for name, definition in schema.get("definitions", {}).items():
        lines += [
            f"\n### {escape(_title_of(schema, name))} {{#{found.name}-{name.lower()}}}\n",
            *_table(definition),
        ]
    return "\n".join(lines) + "\n"


def _table(schema: Schema) -> Iterator[str]:
    yield "| 字段 | 名称 | 必填 | 填什么 | 说明 |"
    yield "| --- | --- | --- | --- | --- |"
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        cells = (
            f"`{name}`",
            escape(field.get("title", "")),
            "是" if name in required else "",
            _describe_value(field),
            _describe(field),
        )
        yield f"| {' | '.join(cells)} |"


def _describe(field: Schema) -> str:
    """The description of a field and how its value looks."""
    examples = "、".join(f"`{_show(example)}`" for example in field.get("examples", ()))
    parts = (escape(field.get("description", "")), f"如 {examples}" if examples else "")
    return "；".join(filter(None, parts))


def _show(example: Any) -> str:
    """An example as it stands in a file."""
    from .canonical import as_scalar  # which few builds need

    return f"[{', '.join(example)}]" if isinstance(example, list) else as_scalar(str(example))


def _describe_value(field: Schema) -> str:
    """What a field holds, in words."""
    if field.get("type") == "array":
        return f"列表：{_describe_value(field['items'])}"
    if "enum" in field:
        labels = field["x-labels"]
        return "、".join(
            f"`{v}`" if v == labels[v] else f"`{v}`（{escape(labels[v])}）" for v in field["enum"]
        )
    if "allOf" in field:
        return "下级字段"
    if "x-reference" in field:
        names = field["x-reference"]
        titles = ["区（县、市）" if name == "district" else kind_named(name).title for name in names]
        return f"{'、'.join(titles) or '任何记录'}的编号"
    if "x-form" in field:
        return _FORMS[field["x-form"]]
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    limit = f"，{field['maxLength']} 字以内" if "maxLength" in field else ""
    return ("文字" if len(types) > 2 else "或".join(_TYPES[name] for name in types)) + limit


def _title_of(schema: Schema, definition: str) -> str:
    """What the field that holds a model is called, wherever in the schema it stands."""
    for owner in (schema, *schema["definitions"].values()):
        for field in owner["properties"].values():
            if {"$ref": f"#/definitions/{definition}"} in field.get("items", field).get("allOf", ()):
                return str(field.get("title", definition))
    return definition
