"""Tables as an .xlsx workbook, written straight as Office Open XML (ECMA-376).

For 277,000 cells, the facts of 3,600 areas, openpyxl's write-only mode took 4.0 s and this 0.22 s on one machine: a
sheet is only text between tags. It is deflated in pieces, which joined are one stream again; each stands in the
workbook of its kind and in that of everything. Every text is an inline string, which no program takes for a formula.
Same tables, same bytes.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from ..storage.blocks import Packed, Part, Piece, Text, deflate
from .tables import BETWEEN, Cells, DataTable, Field

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/>'
    '<xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)
GUIDE = "栏目说明"  # the title of a workbook's last sheet
_DOS_DATE = 33  # 1980-01-01, the first day that ZIP knows
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1e\ufffe\uffff]")
_MARKUP = re.compile(f"{_NOT_XML.pattern}|[&<>]").search
_TEXT = '<c t="inlineStr"><is><t>%s</t></is></c>'
_NUMBER = "<c><v>%s</v></c>"
_POLYNOMIAL, _ONE, _BITS = 0xEDB88320, 0x80000000, 0xFFFFFFFF  # of CRC-32, its lowest bit the highest power
_HEAD = '<c s="1" t="inlineStr"><is><t>%s</t></is></c>'


class Stream(NamedTuple):
    """Parts that are one deflated stream when joined, its length, and the size and checksum of its text."""

    parts: tuple[Part, ...]
    length: int
    size: int
    checksum: int


class Sheet(NamedTuple):
    """One finished sheet: its title and its XML."""

    title: str
    xml: Stream


def render_head(fields: Sequence[Field]) -> Packed:
    """A sheet down to a header that stays in sight."""
    header = "".join(_HEAD % escape(field.name) for field in fields)
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(f)}" customWidth="1"/>' for n, f in enumerate(fields, 1)
    )
    head = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{header}</row>"
    )
    return _deflate(head)


def join_sheet(title: str, pieces: Iterable[Piece]) -> Sheet:
    """A sheet of its head and its rows."""
    return Sheet(title, _join([*pieces, _deflate("</sheetData></worksheet>", zlib.Z_FINISH)]))


def render_guide(tables: Iterable[DataTable]) -> tuple[Packed, Packed]:
    """Head and rows of the sheet that tells what each column of the other sheets means."""
    rows = [
        (table.title, field.name, field.about, "、".join(field.choices))
        for table in tables
        for field in table.fields
    ]
    names = ("表", "栏目", "含义", "可能的值")
    fields = tuple(Field(name, name) for name in names)
    return render_head(fields), deflate_rows(fields, tuple(zip(*rows, strict=True)))


def write_workbook(sheets: Sequence[Sheet]) -> Iterator[Part]:
    """The parts of a workbook."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(sheet.title[:31])}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    relations = "".join(_relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{_relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f"{_relation(len(sheets) + 1, 'styles', 'styles.xml')}</Relationships>",
    }
    small = {name: _join([_deflate(f"{_XML}{text}", zlib.Z_FINISH)]) for name, text in parts.items()}
    small["xl/styles.xml"] = _join([_deflate(_STYLES, zlib.Z_FINISH)])
    large = {f"xl/worksheets/sheet{n}.xml": sheet.xml for n, sheet in zip(numbers, sheets, strict=True)}
    yield from _zip(small | large)


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


# -- a sheet -------------------------------------------------------------------------------------


def deflate_rows(fields: Sequence[Field], columns: Sequence[Cells]) -> Packed:
    """Some rows of a sheet. Columns are escaped whole, then rows filled into one pattern of tags."""
    pattern = f"<row>{''.join(_NUMBER if _is_number(field) else _TEXT for field in fields)}</row>"
    filled = [
        cells if _is_number(field) else _escape(cells) for field, cells in zip(fields, columns, strict=True)
    ]
    rows = "".join([pattern % row for row in zip(*filled, strict=True)])
    for cell in (_TEXT, _NUMBER):
        rows = rows.replace(cell % "", "<c/>")
    return _deflate(rows, count=len(columns[0]))


def _is_number(field: Field) -> bool:
    return field.form in ("number", "integer")


def _width(field: Field) -> int:
    """Characters wide: room for a header in Chinese, or a number."""
    return max(10, min(40, 2 * len(field.name) + 4))


def _escape(cells: Cells) -> Cells:
    """A column of texts as XML, in a few passes over all of it at once."""
    if not _MARKUP(whole := BETWEEN.join(cells)):
        return cells
    whole = _NOT_XML.sub("", whole)
    return whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split(BETWEEN)


# -- the package ---------------------------------------------------------------------------------


def _deflate(text: str, end: int = zlib.Z_FULL_FLUSH, count: int = 0) -> Packed:
    """A text deflated: the end of a stream, or what others can follow, which refer to nothing in it."""
    content = text.encode()
    deflated = deflate(content, end)
    blank = memoryview(bytes(len(content)))
    shift = zlib.crc32(blank, _ONE) ^ zlib.crc32(blank)
    return Packed(deflated, count, len(deflated), Text(len(content), zlib.crc32(content), shift))


def _join(pieces: Iterable[Packed | Piece]) -> Stream:
    """Deflated pieces as one stream.

    A CRC is a polynomial: that of A and B together is that of A, times x to the power of B's bits, and that of B.
    """
    parts, length, size, checksum = [], 0, 0, 0
    for piece in pieces:
        parts.append(piece if isinstance(piece, Piece) else piece.content)
        length += piece.length
        if piece.text:
            size += piece.text.size
            checksum = _multiply(checksum, piece.text.shift) ^ piece.text.checksum
    return Stream(tuple(parts), length, size, checksum)


def _multiply(one: int, other: int) -> int:
    """The product of two polynomials over GF(2), modulo that of CRC-32, with x to the power of 0 as the highest bit."""
    product = 0
    while one:
        if one & _ONE:
            product ^= other
        one = one << 1 & _BITS
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _zip(parts: Mapping[str, Stream]) -> Iterator[Part]:
    """A ZIP file of deflated parts (PKWARE's APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16)."""
    directory, start = [], 0
    for name, part in parts.items():
        path, length = name.encode(), part.length
        sizes = (part.checksum, length, part.size, len(path), 0)
        head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, _DOS_DATE, *sizes) + path
        entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, _DOS_DATE, *sizes, 0, 0, 0, 0, start)
        yield head
        yield from part.parts
        directory.append(entry + path)
        start += len(head) + length
    index = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(parts), len(parts), len(index), start, 0)
    yield index + end
