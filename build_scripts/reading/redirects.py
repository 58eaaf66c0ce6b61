"""Old addresses and where they lead: belts/redirects.yml, one `section/id: new-id` a line.

What was withdrawn for good reads `section/id: gone 2026-11-21`, with its date, or plainly `gone`.

Reads the file's data only; whether the targets exist is a rule across records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from ..kinds.registry import find_kinds
from ..records.dates import PartialDate, parse_date
from ..records.document import Data, Document
from ..records.models import wanted
from ..records.slips import report_slip
from ..records.text import SLUG
from ..words.spelling import nearest, suggest

GONE = "gone"


class Redirect(NamedTuple):
    """An address that a record once had: its section, its id then, and the id it leads to now.

    `target` is empty when the content was withdrawn, on the day `withdrawn` if that was written down.
    """

    section: str
    id: str
    target: str
    withdrawn: PartialDate | None = None

    @property
    def address(self) -> str:
        """The old address as the file spells it."""
        return f"{self.section}/{self.id}"

    @property
    def page(self) -> str:
        """The path of the page that answers there."""
        return f"{self.address}/index.html"


def decode_redirects(document: Document) -> tuple[Redirect, ...]:
    """The redirects of a document; faults go to its diagnostics."""
    if document.data is None:
        return ()
    if not isinstance(document.data, dict):
        if not (isinstance(document.data, str) and report_slip(document, document.mark(()))):
            document.report_form("B103", document.mark(()), **wanted("", "", document.data))
        return ()
    return tuple(_iter_redirects(document, document.data))


def _iter_redirects(document: Document, data: Mapping[str, Data]) -> Iterator[Redirect]:
    sections = [kind.url_folder for kind in find_kinds()]
    for address, target in data.items():
        section, _, old_id = address.partition("/")
        if section not in sections or not SLUG.fullmatch(old_id):
            hint = nearest(section, sections) if section not in sections else suggest("")
            values = {"got": address, "folders": "、".join(sections), **hint}
            document.report("B316", document.key_mark((address,)), **values)
        elif not isinstance(target, str):
            code = "B115" if target is None else "B203"
            values = {"key": address} if target is None else wanted("编号", "an id", target)
            document.report(code, document.mark((address,)), **values)
        else:
            yield from _decode_target(document, section, old_id, target)


def _decode_target(document: Document, section: str, old_id: str, target: str) -> Iterator[Redirect]:
    word, _, date = target.strip().partition(" ")
    if word != GONE:
        yield Redirect(section, old_id, target)
        return
    try:
        yield Redirect(section, old_id, "", parse_date(date) if date else None)
    except PydanticCustomError as error:
        document.report(error.type, document.mark((f"{section}/{old_id}",)), **(error.context or {}))
