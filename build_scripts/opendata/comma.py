"""A table as CSV that Excel opens right: UTF-8 with a byte-order mark, CRLF, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io

from .tables import Cells, DataTable

# What a spreadsheet may take for the start of a formula, full-width twins and leading spaces included (OWASP, CSV
# Injection). A text that begins so gets an apostrophe before it; numbers are ours and stay as they are.
_RISKY = frozenset("=+-@＝＋－＠\t\r\n ")


def render_csv(table: DataTable) -> bytes:
    """The table with its header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.name for field in table.fields])
    columns = (
        cells if field.form in ("number", "integer") else _guard(cells)
        for field, cells in zip(table.fields, table.columns, strict=True)
    )
    writer.writerows(zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _guard(cells: Cells) -> Cells:
    return [f"'{cell}" if type(cell) is str and cell[:1] in _RISKY else cell for cell in cells]
