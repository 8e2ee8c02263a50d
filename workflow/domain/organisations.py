"""Schools, kindergartens, offices: dated names, requisites, calendar, founder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class OrganisationKind(StrEnum):
    """What an organisation is; a partner takes part without being below the office."""

    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    OFFICE = "office"
    PARTNER = "partner"


@dataclass(frozen=True)
class OrganisationName:
    """A name in force from a day on.

    `forms` holds the short name in the oblique cases by the suffixes of the templates
    (`род`, `дат`, `вин`, `тв`, `предл`): a proposal until `forms_confirmed`.
    """

    full: str
    short: str
    since: date
    forms: tuple[tuple[str, str], ...] = ()
    forms_confirmed: bool = False


@dataclass(frozen=True)
class Requisites:
    """What a letterhead prints (ГОСТ Р 7.0.97-2025) and a certificate is compared with."""

    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    okpo: str = ""
    address: str = ""
    place: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""


@dataclass(frozen=True)
class Organisation:
    """One organisation.

    `founder_id` is the organisation that stands above it; `office_id` the one that it reports
    to, which is not always the founder. `week` is 5 or 6 working days.
    """

    id: UUID
    kind: OrganisationKind
    names: tuple[OrganisationName, ...]
    requisites: Requisites
    time_zone: str = "Europe/Moscow"
    week: int = 5
    region: str = ""
    founder_id: UUID | None = None
    office_id: UUID | None = None
    pack: str = ""
    visa_roles: tuple[str, ...] = ()
    closed_on: date | None = None
    successor_id: UUID | None = None
    version: int = 0

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.time_zone)

    def local_day(self, moment: datetime) -> date:
        """The organisation's calendar day at `moment` (aware)."""
        return moment.astimezone(self.zone).date()

    def name_on(self, day: date) -> OrganisationName:
        """The name in force on `day`; the earliest one for days before it."""
        past = [name for name in self.names if name.since <= day]
        return max(past, key=lambda n: n.since) if past else self.names[0]

    @property
    def short_name(self) -> str:
        return self.names[-1].short
