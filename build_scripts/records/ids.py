"""Types of text that must be the id of something else: a record, a district, a file beside the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .text import CleanText, Name


@dataclass(frozen=True, slots=True)
class RecordReference:
    """Marks a text as the id of a record of one of these kinds; no kinds means any.

    `is_link` says that the field only leads to the record and states nothing of it.
    """

    kinds: tuple[str, ...] = ()
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class DistrictReference:
    """Marks a text as the id of a district of the city."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """Marks a text as a path inside `belts/`, with `/` separators."""


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """Marks a text as the path of a photo inside `belts/`, with `/` separators."""


SourceId = Annotated[Name, RecordReference(("source",))]
ProgrammeId = Annotated[Name, RecordReference(("programme",))]
IndicatorId = Annotated[Name, RecordReference(("indicator",))]
PlaceRecordId = Annotated[Name, RecordReference(("area", "alliance", "workshop"))]
RecordLink = Annotated[Name, RecordReference(is_link=True)]
ProgrammeLink = Annotated[Name, RecordReference(("programme",), is_link=True)]
IndicatorLink = Annotated[Name, RecordReference(("indicator",), is_link=True)]
DistrictId = Annotated[Name, DistrictReference()]
DataFilePath = Annotated[Name, DataFile()]
PhotoPath = Annotated[str, CleanText(160), PhotoFile()]
