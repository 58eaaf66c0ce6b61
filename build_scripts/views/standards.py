"""The page of standards and mechanisms: programmes, parts under their wholes."""

from __future__ import annotations

from typing import NamedTuple

from ..catalogue import Catalogue
from ..kinds.programme import Form, Programme
from .cards import record_card
from .parts import RecordCard


class ProgrammeCard(NamedTuple):
    """A programme with what belongs to it and how many parts it has."""

    card: RecordCard
    form: str
    parts: tuple[str, ...]
    children: tuple[ProgrammeCard, ...]


class ProgrammeGroup(NamedTuple):
    """Programmes of one form."""

    title: str
    anchor: str
    programmes: tuple[ProgrammeCard, ...]


class StandardsView(NamedTuple):
    """The page of standards and mechanisms."""

    groups: tuple[ProgrammeGroup, ...]


def build_standards(catalogue: Catalogue) -> StandardsView:
    """Programmes by form; those that are part of another stand under it."""
    programmes = catalogue.of(Programme)
    groups = []
    for form in Form:
        found = [p for p in programmes if p.form is form and p.part_of is None]
        cards = tuple(_programme_card(p, programmes, catalogue) for p in found)
        if cards:
            groups.append(ProgrammeGroup(form.label, f"form-{form.value}", cards))
    return StandardsView(tuple(groups))


def _programme_card(
    programme: Programme, every: tuple[Programme, ...], catalogue: Catalogue
) -> ProgrammeCard:
    children = tuple(_programme_card(p, every, catalogue) for p in every if p.part_of == programme.id)
    parts = tuple(part.name for part in programme.parts)
    return ProgrammeCard(record_card(programme, catalogue), programme.form.label, parts, children)
