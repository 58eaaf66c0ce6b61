"""belts/allowed-numbers.yml: public hotlines that may stand in a record although they look personal."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from pydantic import Field

from ..faults.diagnostics import Diagnostic
from ..records.dates import Day
from ..records.document import Document
from ..records.models import Model
from ..records.text import Line, Name
from ..words.personal import PersonalNumber, find_personal_numbers, mask_personal_numbers


class AllowedNumber(Model):
    """One number with the reason it is public and the day the permission ends."""

    number: Name = Field(title="号码", description="公开的热线", examples=["138xxxxxxxx"])
    reason: Line = Field(
        title="理由", description="谁公布的、在哪里公布", examples=["市民服务热线，官网公布"]
    )
    expires: Day = Field(title="有效期至", examples=["2027-12-31"])

    @property
    def digits(self) -> str:
        """The digits alone."""
        return "".join(character for character in self.number if character.isalnum())


class AllowedNumbers(Model):
    """The whole file."""

    numbers: tuple[AllowedNumber, ...] = Field((), title="准许公开的号码")

    @property
    def digits(self) -> frozenset[str]:
        """All numbers that may stand."""
        return frozenset(number.digits for number in self.numbers)


def check_expiry(allowed: AllowedNumbers, document: Document, today: datetime.date) -> Iterator[Diagnostic]:
    """A permission has not run out."""
    for index, number in enumerate(allowed.numbers):
        if number.expires < today:
            mark = document.mark(("numbers", index, "expires"))
            masked = mask_personal_numbers(number.number)
            yield document.diagnose("B903", mark, masked=masked, expires=number.expires)


def check_use(allowed: AllowedNumbers, document: Document, used: frozenset[str]) -> Iterator[Diagnostic]:
    """A permission is for a number that stands somewhere."""
    for index, number in enumerate(allowed.numbers):
        if number.digits not in used:
            mark = document.mark(("numbers", index, "number"))
            yield document.diagnose("B904", mark, masked=mask_personal_numbers(number.number))


def find_unallowed(text: str, allowed: frozenset[str]) -> Iterator[PersonalNumber]:
    """The personal numbers of a text that no permission covers."""
    return (number for number in find_personal_numbers(text) if number.digits not in allowed)
