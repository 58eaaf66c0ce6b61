"""The diagram of a programme's items."""

from __future__ import annotations

from collections.abc import Mapping

from ..kinds.base import Record
from ..kinds.programme import Part
from .citations import Citations
from .parts import Link, PartNode, Structure

_MOST_COLUMNS = 4  # branches side by side on a wide screen


def build_structure(
    record: Record, parts: tuple[Part, ...], children: tuple[Link, ...], cite: Citations
) -> Structure | None:
    """The items of a programme as a diagram; an item that has the name of a part programme leads to it."""
    if not parts:
        return None
    links = {link.text: link for link in children}
    are_alike = len({part.sources for part in parts}) == 1
    marks = cite.cite(parts[0].sources or record.sources) if are_alike else ()
    nodes = tuple(_part_node(part, links, cite, marked=not are_alike) for part in parts)
    nested = any(node.parts for node in nodes)
    form = "tiles" if not nested else "columns" if 2 <= len(nodes) <= _MOST_COLUMNS else "tree"
    return Structure(getattr(record, "parts_title", None) or "条目", form, marks, nodes)


def _part_node(part: Part, links: Mapping[str, Link], cite: Citations, *, marked: bool = True) -> PartNode:
    children = tuple(_part_node(child, links, cite) for child in part.parts)
    return PartNode(
        name=part.name,
        text=part.text or "",
        marks=cite.cite(part.sources) if marked else (),
        parts=children,
        link=links.get(part.name),
        count=part.count.printed if part.count else "",
        unlisted=part.unlisted,
    )
