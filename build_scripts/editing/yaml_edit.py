"""Changes of single values in a YAML text: every other byte, comments included, stays as it was.

Values are texts, lists and mappings of texts; what stands as text stays text. A text that was in canonical
form is in canonical form again afterwards. Knows models by the order of their fields only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import yaml
from pydantic import BaseModel

from ..records.document import FieldPath
from ..records.shapes import model_at
from ..records.yaml_text import decode_document, yaml_tree
from .canonical import as_scalar, format_document, indent

_BLOCK_HEADER = re.compile(r"^[|>][-+0-9]*")

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value]"


class Action(Enum):
    """What a change does at its path."""

    SET = "set"
    DELETE = "delete"
    INSERT = "insert"
    REORDER = "reorder"


class Change(NamedTuple):
    """One change; `path` names a field or an item as it stood before, for INSERT the item's new place.

    REORDER comes after the other changes of its list, whose paths name the places that it gives: `order` are the
    present places of the items in their new order.
    """

    action: Action
    path: FieldPath
    value: Value = ""
    order: Sequence[int] = ()


def write_new(data: Mapping[str, Value], model: type[BaseModel]) -> str:
    """The canonical text of a record that has no file yet."""
    text = ("\n".join(_render(data)) or "{}") + "\n"
    return format_document(decode_document("", text.encode()), model)


def edit_text(text: str, changes: Sequence[Change], model: type[BaseModel]) -> str:
    """The text with the changes made, last one first: paths of a list's later items come later.

    Raises `KeyError` for a path that leads nowhere.
    """
    if not text.endswith("\n"):
        text += "\n"  # or PyYAML would say of a last block that it ends on its last line
    document = decode_document("", text.encode())
    canonical = format_document(document, model)
    is_canonical = canonical == text
    if any(_is_in_flow(yaml_tree(text), _steps(change)) for change in changes):
        text = canonical
    for change in reversed(changes):
        is_reorder = change.action is Action.REORDER
        text = _reorder(text, change) if is_reorder else _apply(text, change, model)
    return format_document(decode_document("", text.encode()), model) if is_canonical else text


def _steps(change: Change) -> FieldPath:
    """The path of a change, to an item where it is one of a whole list."""
    return (*change.path, 0) if change.action is Action.REORDER else change.path


def _is_in_flow(node: Any, path: FieldPath) -> bool:
    """Whether a path leads through brackets, in which lines cannot be added."""
    for step in path:
        if not isinstance(node, yaml.CollectionNode):
            return False
        if node.flow_style and node.value:
            return True
        found = _find(node, step)
        if found is None:
            return False
        node = found[1]
    return False


# -- one change ----------------------------------------------------------------------------------


def _apply(text: str, change: Change, model: type[BaseModel]) -> str:
    root = yaml_tree(text)
    parent = _descend(root, change.path[:-1], is_partial=change.action is not Action.DELETE)
    if parent is None:
        return _apply(text, _with_parent(root, change), model)
    if change.action is Action.DELETE:
        return _delete(text, root, change.path)
    found = _find(parent, change.path[-1])
    if change.action is Action.INSERT:
        return _insert_item(text, parent, int(change.path[-1]), change.value)
    if found is None:
        return _insert_field(text, parent, change, model)
    if isinstance(found[1], yaml.ScalarNode) and isinstance(change.value, str):
        return _replace_scalar(text, found[1], change.value)
    deleted = _delete(text, root, change.path, is_alone_too=False)
    return _apply(deleted, change, model)


def _with_parent(root: Any, change: Change) -> Change:
    """A change that also makes the collection it needs: `place.township` sets `place`."""
    step = change.path[-1]
    value: Value = [change.value] if isinstance(step, int) else {step: change.value}
    path = change.path[:-1]
    if _descend(root, path[:-1], is_partial=True) is None:
        return _with_parent(root, Change(Action.SET, path, value))
    return Change(Action.SET, path, value)


def _descend(node: Any, path: FieldPath, *, is_partial: bool) -> Any:
    """The collection at a path; None for an absent or empty one when that is allowed."""
    for step in path:
        found = _find(node, step)
        if found is None:
            if is_partial:
                return None
            raise KeyError(path)
        node = found[1]
    is_empty = not isinstance(node, yaml.CollectionNode) or not node.value
    return None if is_partial and is_empty and path else node


def _find(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The key (None in a list) and the value under one step of a path."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return (None, node.value[step]) if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    return None


def _replace_scalar(text: str, node: Any, value: str) -> str:
    """Another text in a scalar's place; a comment beside it stays, and the spaces that end a line which it shares."""
    kept = {line.rstrip(): line for line in node.value.split("\n")}
    *lines, last = value.split("\n")
    value = "\n".join([*(kept.get(line, line) for line in lines), last])
    start, end = node.start_mark.index, node.end_mark.index
    is_block = node.style in ("|", ">")
    depth = _depth(text, node.start_mark.line)
    line_end = text.find("\n", start if is_block else end)
    # Beside a block's header, or beside the text itself.
    beside = _BLOCK_HEADER.sub("", text[start:line_end]) if is_block else text[end:line_end]
    if "\n" not in value:
        return f"{text[:start]}{as_scalar(value)}{f'{beside}{chr(10)}' if is_block else ''}{text[end:]}"
    first, *lines = _block(value, depth + 2)
    rest = text[line_end:] if not is_block else f"\n{text[end:]}"
    return f"{text[:start]}{first}{beside}\n" + "\n".join(lines) + rest


def _depth(text: str, number: int) -> int:
    """The column at which a line's key stands, after any hyphens."""
    line = text.split("\n")[number]
    return len(line) - len(line.lstrip(" -"))


def _insert_field(text: str, parent: Any, change: Change, model: type[BaseModel]) -> str:
    """A new field after the last one that comes before it in the model."""
    name = str(change.path[-1])
    owner = model_at(model, change.path[:-1])
    ranks = {field: rank for rank, field in enumerate(owner.model_fields)} if owner else {}
    rank = ranks.get(name, len(ranks))
    earlier = [pair for pair in parent.value if ranks.get(pair[0].value, len(ranks)) < rank]
    _, value = (earlier or parent.value)[-1 if earlier else 0]
    column = parent.value[0][0].start_mark.column
    return _put_lines(text, _last_line(value) + 1, indent(_render({name: change.value}), column))


def _insert_item(text: str, parent: Any, index: int, value: Value) -> str:
    """A new item before or after one of a list."""
    lines = text.removesuffix("\n").split("\n")
    line = _last_line(parent.value[index - 1]) + 1 if index else _first_line(lines, parent.value[0])
    return _put_lines(text, line, indent(_render([value]), parent.start_mark.column))


def _reorder(text: str, change: Change) -> str:
    """The items of a list in another order, each with its comments and what stands between it and the next."""
    parent = _descend(yaml_tree(text), change.path, is_partial=False)
    lines = text.removesuffix("\n").split("\n")
    starts = [_first_line(lines, item) for item in parent.value]
    ends = [*starts[1:], _last_line(parent) + 1]
    lines[starts[0] : ends[-1]] = [
        line for place in change.order for line in lines[starts[place] : ends[place]]
    ]
    return "\n".join(lines) + "\n"


def _put_lines(text: str, line: int, new: Iterable[str]) -> str:
    lines = text.removesuffix("\n").split("\n")
    lines[line:line] = new
    return "\n".join(lines) + "\n"


def _delete(text: str, root: Any, path: FieldPath, *, is_alone_too: bool = True) -> str:
    """The text without a field or item, nor the collection that it leaves empty."""
    parent = _descend(root, path[:-1], is_partial=False)
    found = _find(parent, path[-1])
    if found is None:
        raise KeyError(path)
    if len(parent.value) == 1 and is_alone_too and len(path) > 1:
        return _delete(text, root, path[:-1])
    key, value = found
    first = (key or value).start_mark
    lines = text.removesuffix("\n").split("\n")
    last = _last_line(value)
    if key is not None and lines[first.line][: first.column].strip():
        dash = lines[first.line][: first.column]
        following = next((line for line in range(last + 1, len(lines)) if _is_content(lines[line])), last)
        if len(parent.value) > 1:
            lines[following] = dash + lines[following][first.column :]
    if key is not None:
        start = first.line
    elif isinstance(value, yaml.MappingNode):
        start = _first_line(lines, value)
    else:  # a comment above one of several texts may be about them all
        start, _ = _find_hyphen(lines, value)
    del lines[start : last + 1]
    return "\n".join(lines) + "\n"


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _first_line(lines: Sequence[str], item: Any) -> int:
    """The first of the comments right above an item's hyphen, as deep as that; or the hyphen's line."""
    line, column = _find_hyphen(lines, item)
    while lines[line - 1].startswith(f"{' ' * column}#"):
        line -= 1
    return line


def _find_hyphen(lines: Sequence[str], item: Any) -> tuple[int, int]:
    """The line and the column of an item's hyphen."""
    line, column = int(item.start_mark.line), int(item.start_mark.column)
    while not lines[line][:column].rstrip(" ").endswith("-"):
        line, column = line - 1, len(lines[line - 1])
    return line, lines[line][:column].rindex("-")


def _last_line(node: Any) -> int:
    """The last line a node's own text stands on, counted from 0."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    if getattr(node, "style", None) in ("|", ">"):
        return int(max(node.start_mark.line, node.end_mark.line - 1))
    return int(node.end_mark.line)


# -- writing -------------------------------------------------------------------------------------


def _render(value: Sequence[Value] | Mapping[str, Value]) -> Iterator[str]:
    """The lines of a collection."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _render_field(f"{key}:", inner)
        return
    for item in value:
        if isinstance(item, str):
            yield from _render_field("-", item)
        else:
            first, *rest = _render(item)
            yield f"- {first}"
            yield from indent(rest)


def _render_field(label: str, value: Value) -> Iterator[str]:
    if not isinstance(value, str):
        yield label
        yield from indent(_render(value))
    elif "\n" in value:
        first, *rest = _block(value, 2)
        yield f"{label} {first}"
        yield from rest
    else:
        yield f"{label} {as_scalar(value)}"


def _block(value: str, depth: int) -> list[str]:
    """A text of several lines as a literal block, or in double quotes where a block cannot hold it."""
    first, *_ = lines = value.split("\n")
    is_plain = all(line.rstrip(" ") == line.rstrip() and (line.strip() or not line) for line in lines)
    if first != first.lstrip() or not is_plain or lines[-1] != lines[-1].rstrip() or not lines[-1]:
        return [json.dumps(value, ensure_ascii=False)]
    return ["|-", *indent(lines, depth)]
