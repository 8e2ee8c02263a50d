"""People and the posts they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Gender(StrEnum):
    """Decides how names and posts are inflected."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True)
class Person:
    """A human. Name, СНИЛС and ИНН cannot be changed by one person alone.

    `forms` holds the confirmed case forms of the full name by the suffixes of the templates
    (`род`, `дат`, `вин`, `тв`, `предл`).
    """

    id: UUID
    last: str
    first: str
    middle: str = ""
    gender: Gender = Gender.FEMALE
    snils: str = ""
    inn: str = ""
    email: str = ""
    forms: tuple[tuple[str, str], ...] = ()
    version: int = 0

    @property
    def full_name(self) -> str:
        """«Белова Яна Николаевна»."""
        return " ".join(part for part in (self.last, self.first, self.middle) if part)

    @property
    def given(self) -> str:
        """First name and patronymic as a certificate's givenName holds them."""
        return " ".join(part for part in (self.first, self.middle) if part)

    @property
    def short_name(self) -> str:
        """«Белова Я. Н.», with non-breaking spaces."""
        initials = [f"{part[0]}." for part in (self.first, self.middle) if part]
        return "\u00a0".join([self.last, *initials])

    @property
    def last_initials(self) -> str:
        """«Белова Я.Н.», as in lists of a document."""
        return f"{self.last}\u00a0{self._initials}"

    @property
    def initials_last(self) -> str:
        """«Я.Н. Белова», as under a signature."""
        return f"{self._initials}\u00a0{self.last}"

    @property
    def _initials(self) -> str:
        return "".join(f"{part[0]}." for part in (self.first, self.middle) if part)


@dataclass(frozen=True)
class Employment:
    """A post held in an organisation from–to (both days included); assignments refer to it."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    post: str
    since: date
    until: date | None = None
    forms: tuple[tuple[str, str], ...] = ()
    version: int = 0

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)
