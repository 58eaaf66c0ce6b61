"""The rows and claims of a page: statements, figures, observations, members and cases, each with its marks."""

from __future__ import annotations

from typing import NamedTuple

from ..catalogue import Catalogue
from ..kinds.base import Record
from ..kinds.indicator import Indicator, Observation
from ..kinds.programme import Case
from ..records.places import Member
from ..records.statements import Figure, Reach, Statement
from .citations import Citations, quote_source
from .exhibits import chart_parts, parts_of
from .links import district_link, record_link
from .parts import CaseRow, Chart, Claim, FigureRow, MemberRow
from .places import place_note


class Shares(NamedTuple):
    """What is counted out of an indicator: a chart and the same values as rows."""

    chart: Chart | None
    rows: tuple[FigureRow, ...]


def claim(statement: Statement, cite: Citations) -> Claim:
    """A statement with its marks."""
    date = str(statement.date) if statement.date else ""
    return Claim(statement.text, date, cite.cite(statement.sources), statement.note or "")


def figure_row(figure: Figure, cite: Citations) -> FigureRow:
    """A figure with its mark."""
    value, unit = figure.value.read_with(figure.unit)
    return FigureRow(
        label=figure.label,
        value=value,
        unit=unit,
        date=str(figure.as_of),
        marks=cite.cite((figure.source,)),
        note=figure.note or "",
        form=form_label(figure.form),
    )


def form_label(form: Reach) -> str:
    """目标, 预计 or 规定; nothing for what was reached."""
    return "" if form is Reach.REACHED else form.label


def observation_row(observation: Observation, indicator: Record, cite: Citations) -> FigureRow:
    """One observation of an indicator as a figure."""
    wording = f"{quote_source(observation.as_of_text)}。" if observation.as_of_text else ""
    value, unit = observation.value.read_with(getattr(indicator, "unit", None))
    return FigureRow(
        label=indicator.name,
        value=value,
        unit=unit,
        date=str(observation.as_of),
        marks=cite.cite((observation.source,)),
        note="".join(filter(None, (wording, observation.note))),
        form=form_label(observation.form),
        link=record_link(indicator),
    )


def build_shares(record: Record, catalogue: Catalogue, cite: Citations) -> Shares | None:
    """The latest value of each indicator that is counted out of this one."""
    parts = parts_of(record, catalogue) if isinstance(record, Indicator) else ()
    if not isinstance(record, Indicator) or not parts:
        return None
    rows = tuple(observation_row(part.latest, part, cite) for part in parts)
    return Shares(chart_parts(record, parts), rows)


def member_row(member: Member, catalogue: Catalogue, cite: Citations) -> MemberRow:
    """A member with its marks; one that is a township has its district alone beside its name."""
    district = catalogue.district_name(member.district)
    township = "" if member.township == member.name else member.township or ""
    return MemberRow(
        name=member.name,
        form=member.form.label,
        role=member.role.label,
        township=district + township,
        code=member.code or "",
        as_printed=quote_source(member.as_printed),
        text=member.text or "",
        marks=cite.cite(member.sources),
        place=place_note(member.location) if member.location else None,
    )


def case_row(case: Case, catalogue: Catalogue, cite: Citations) -> CaseRow:
    """One case of a programme."""
    date = str(case.date) if case.date else ""
    return CaseRow(
        claim=Claim(case.text, date, cite.cite(case.sources), case.note or ""),
        district=district_link(catalogue, case.district),
        places=tuple(member_row(member, catalogue, cite) for member in case.places),
    )
