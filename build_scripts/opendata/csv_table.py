"""A table as CSV that Excel opens right: UTF-8 with a byte-order mark, CRLF, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from ..storage.blocks import Packed, Part, Piece, pack
from .tables import BETWEEN, Cells, Field

# What a spreadsheet may take for the start of a formula, full-width twins and leading spaces included (OWASP, CSV
# Injection). A text that begins so gets an apostrophe before it; numbers are ours and stay as they are.
_RISKY = "=+-@＝＋－＠\t\r\n "
_RISKY_CELL = re.compile(f"{BETWEEN}[{_RISKY}]").search


def render_csv(fields: Sequence[Field], pieces: Iterable[Piece]) -> Iterator[Part]:
    """The rows of a table under their header."""
    yield b"\xef\xbb\xbf" + _write_rows(fields, [[field.name] for field in fields])
    yield from pieces


def render_rows(fields: Sequence[Field], columns: Sequence[Cells]) -> Packed:
    """Some rows of a table, given by column."""
    return pack(_write_rows(fields, columns), len(columns[0]))


def _write_rows(fields: Sequence[Field], columns: Sequence[Cells]) -> bytes:
    text = io.StringIO(newline="")
    guarded = (
        cells if field.form in ("number", "integer") else _guard(cells)
        for field, cells in zip(fields, columns, strict=True)
    )
    csv.writer(text).writerows(zip(*guarded, strict=True))
    return text.getvalue().encode()


def _guard(cells: Cells) -> Cells:
    """The cells of a column, most of which hold none that could be a formula."""
    if not _RISKY_CELL(BETWEEN + BETWEEN.join(cells)):
        return cells
    return [f"'{cell}" if cell and cell[0] in _RISKY else cell for cell in cells]
