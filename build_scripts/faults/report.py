"""Diagnostics as text, JSON, GitHub workflow commands, GitLab's code quality and SARIF: pure functions from faults to text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from .diagnostics import Diagnostic, format_diagnostic, select_errors
from .rules import RULES, Language, Rule, Severity

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
_STOPS = ("。", "？", ".", "?")
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


class Format(StrEnum):
    """The forms a report can take."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"


def render_report(diagnostics: Iterable[Diagnostic], form: Format, language: Language) -> str:
    """The diagnostics in one form, without a line break at the end; empty when a form has nothing to say."""
    return _RENDERERS[form](tuple(diagnostics), language)


def render_text(diagnostics: Iterable[Diagnostic], language: Language) -> str:
    """Three lines a fault: where and what, the source line with a caret, what to type."""
    return "\n".join(format_diagnostic(diagnostic, language) for diagnostic in diagnostics)


def render_summary(diagnostics: Iterable[Diagnostic], records: int, language: Language) -> str:
    """How many records were read and how many faults of each severity were found."""
    found = tuple(diagnostics)
    errors = len(select_errors(found))
    warnings = sum(diagnostic.severity is Severity.WARNING for diagnostic in found)
    notes = len(found) - errors - warnings
    if language is Language.ZH:
        return f"{records} 条记录：{errors} 处错误，{warnings} 处警告，{notes} 处提示"
    return f"{records} records: {errors} errors, {warnings} warnings, {notes} notes"


# -- JSON ----------------------------------------------------------------------------------------


def render_json(diagnostics: Iterable[Diagnostic], language: Language) -> str:
    """A list of objects, one a fault."""
    rows = [_as_object(diagnostic, language) for diagnostic in diagnostics]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _as_object(diagnostic: Diagnostic, language: Language) -> dict[str, Any]:
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "cell": diagnostic.cell,
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message(language),
        "help": diagnostic.help(language),
        "source": diagnostic.source_line,
    }


# -- GitHub --------------------------------------------------------------------------------------


def render_github(diagnostics: Iterable[Diagnostic], language: Language) -> str:
    """A workflow command a fault, which GitHub shows beside the line in a pull request."""
    return "\n".join(_command(diagnostic, language) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, language: Language) -> str:
    message = "\n".join(filter(None, (diagnostic.message(language), diagnostic.help(language))))
    properties: dict[str, object] = {
        "file": diagnostic.path,
        "line": diagnostic.line,
        "col": diagnostic.column,
    }
    if diagnostic.cell:
        book, cell = _cell(diagnostic)
        properties, message = {"file": book}, f"{cell}: {message}"
    properties["title"] = diagnostic.code
    listed = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items())
    return f"::{_GITHUB[diagnostic.severity]} {listed}::{_escape_message(message)}"


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")


def _cell(diagnostic: Diagnostic) -> tuple[str, str]:
    """The file of a workbook's cell, and its name within it: `示范片!C12`, in a CSV file `C12`."""
    book, mark, sheet = diagnostic.path.rpartition("!")
    return (book, f"{sheet}!{diagnostic.cell}") if mark else (diagnostic.path, diagnostic.cell)


# -- GitLab --------------------------------------------------------------------------------------


def render_gitlab(diagnostics: Iterable[Diagnostic], language: Language) -> str:
    """A report of code quality, which GitLab shows beside the line in a merge request.

    https://docs.gitlab.com/ci/testing/code_quality/
    """
    return json.dumps([_quality(found, language) for found in diagnostics], ensure_ascii=False, indent=1)


def _quality(diagnostic: Diagnostic, language: Language) -> dict[str, Any]:
    """The fingerprint leaves the line out: a fault that only moved is no new one."""
    path, cell = _cell(diagnostic) if diagnostic.cell else (diagnostic.path, "")
    message = f"{cell}: " if cell else ""
    message += _in_one_line(diagnostic.message(language), diagnostic.help(language), language)
    identity = f"{diagnostic.path}\n{diagnostic.code}\n{message}\n{diagnostic.source_line.strip()}"
    return {
        "description": message,
        "check_name": diagnostic.code,
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": _GITLAB[diagnostic.severity],
        "location": {"path": path, "lines": {"begin": max(diagnostic.line, 1)}},
    }


def _in_one_line(message: str, advice: str, language: Language) -> str:
    """What is wrong and what to type, as sentences: GitLab shows no line breaks."""
    if not advice:
        return message
    stop, space = ("。", "") if language is Language.ZH else (".", " ")
    return f"{message}{'' if message.endswith(_STOPS) else stop}{space}{advice}"


# -- SARIF ---------------------------------------------------------------------------------------


def render_sarif(diagnostics: Iterable[Diagnostic], language: Language) -> str:
    """One run of SARIF 2.1.0, with every rule that was broken."""
    found = tuple(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    places = {code: index for index, code in enumerate(codes)}
    driver = {
        "name": "belts",
        "rules": [_sarif_rule(RULES[code], language) for code in codes],
        "language": "zh-CN" if language is Language.ZH else "en",
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(diagnostic, places, language) for diagnostic in found],
    }
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1)


def _sarif_rule(rule: Rule, language: Language) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.title(language)},
        "help": {
            "text": rule.advice(language) or rule.title(language),
            "markdown": render_rule(rule, language),
        },
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(diagnostic: Diagnostic, places: Mapping[str, int], language: Language) -> dict[str, Any]:
    message = "\n".join(filter(None, (diagnostic.message(language), diagnostic.help(language))))
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": places[diagnostic.code],
        "level": diagnostic.severity,
        "message": {"text": message},
        "locations": [_sarif_location(diagnostic)],
    }


def _sarif_location(diagnostic: Diagnostic) -> dict[str, Any]:
    """A place in a text file; a cell of a workbook is a logical location, for a workbook has no lines."""
    if diagnostic.cell:
        book, name = _cell(diagnostic)
        cell = {"name": diagnostic.cell, "fullyQualifiedName": name}
        return {
            "physicalLocation": {"artifactLocation": {"uri": quote(book)}},
            "logicalLocations": [cell],
        }
    region: dict[str, Any] = {"startLine": diagnostic.line, "startColumn": diagnostic.column}
    if diagnostic.source_line:
        region["snippet"] = {"text": diagnostic.source_line}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(diagnostic.path)}, "region": region}}


# -- rules ---------------------------------------------------------------------------------------


def render_rule(rule: Rule, language: Language) -> str:
    """A rule as Markdown: what it demands, what to type, a bad and a good example."""
    return "\n".join(_rule_lines(rule, language))


def _rule_lines(rule: Rule, language: Language) -> Iterator[str]:
    zh = language is Language.ZH
    yield rule.title(language)
    if advice := rule.advice(language):
        yield f"\n{advice}"
    for title, example in (("错误" if zh else "Bad", rule.bad), ("正确" if zh else "Good", rule.good)):
        yield f"\n{title}{'：' if zh else ':'}\n\n```yaml\n{example}\n```"


def render_explanation(rule: Rule, language: Language) -> str:
    """A rule for the terminal: code, severity, wording, both examples."""
    zh = language is Language.ZH
    lines = [f"{rule.severity}[{rule.code}]: {rule.title(language)}"]
    if advice := rule.advice(language):
        lines.append(f"  help: {advice}")
    for title, example in (("错误" if zh else "bad", rule.bad), ("正确" if zh else "good", rule.good)):
        lines += ["", f"  {title}{'：' if zh else ':'}", *(f"    {line}" for line in example.split("\n"))]
    return "\n".join(lines)


def render_rule_list(rules: Iterable[Rule], language: Language) -> str:
    """A line a rule."""
    return "\n".join(f"{rule.code}  {rule.severity:<7}  {rule.title(language)}" for rule in rules)


_RENDERERS: dict[Format, Callable[[Iterable[Diagnostic], Language], str]] = {
    Format.TEXT: render_text,
    Format.JSON: render_json,
    Format.GITHUB: render_github,
    Format.GITLAB: render_gitlab,
    Format.SARIF: render_sarif,
}
