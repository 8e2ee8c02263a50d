"""People and the posts they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Gender(StrEnum):
    """Decides how names and posts are inflected."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True)
class Person:
    """A human. Name, СНИЛС and ИНН cannot be changed by one person alone.

    `forms` holds the case forms of the full name by the suffixes of the templates (`род`, `дат`,
    `вин`, `тв`, `предл`): a proposal until `forms_confirmed`.
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
    forms_confirmed: bool = False

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


class Departure(StrEnum):
    """How a post was left."""

    DISMISSAL = "dismissal"
    TRANSFER = "transfer"


@dataclass(frozen=True)
class Employment:
    """A post held in an organisation from–to (both days included); assignments refer to it.

    `forms` of the post as those of a name. `departure` and `end_ground` («приказ от 12.01.2026
    № 4-л/с») say how and by which document it was left.
    """

    id: UUID
    person_id: UUID
    organisation_id: UUID
    post: str
    since: date
    until: date | None = None
    forms: tuple[tuple[str, str], ...] = ()
    version: int = 0
    forms_confirmed: bool = False
    departure: Departure | None = None
    end_ground: str = ""

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class AbsenceKind(StrEnum):
    """Why somebody is away for long."""

    MATERNITY = "maternity"
    ILLNESS = "illness"
    LEAVE = "leave"


@dataclass(frozen=True)
class Absence:
    """A worker is away from–to (both days included; no `until`: the end is not known yet).

    `ground` names the document («приказ от 12.01.2026 № 4-л/с», «листок нетрудоспособности»).
    `withdrawn_at` is set when it was entered by mistake.
    """

    id: UUID
    employment_id: UUID
    kind: AbsenceKind
    since: date
    until: date | None
    ground: str
    recorded_at: datetime
    recorded_by: UUID
    withdrawn_at: datetime | None = None
    version: int = 0

    def covers(self, day: date) -> bool:
        """Whether the worker is away on the day."""
        begun = self.withdrawn_at is None and self.since <= day
        return begun and (self.until is None or day <= self.until)

    def meets(self, since: date, until: date | None) -> bool:
        """Whether the absence has a day in common with the period."""
        if self.withdrawn_at is not None:
            return False
        before = self.until is not None and self.until < since
        return not before and (until is None or self.since <= until)
