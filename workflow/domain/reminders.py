"""Reminders of a term: which one belongs to a day, whom it is for, at what hour it may be sent.

A reminder belongs to a stretch of days, not to one: what could not be asked on its first day (the
server was away, the task was set late) is made up on the next working day of the stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Mandate, filling, holder_of
from workflow.domain.obligations import Obligation, ObligationState, state_of
from workflow.domain.people import Employment
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.domain.working_days import Unknown, WorkCalendar

#: How many working days before the last one the first reminder comes, unless a pack says otherwise.
USUALLY_BEFORE = 2
MOST_BEFORE = 20
SETTING = "remind_working_days_before"

#: Working days in which an overdue term is still told of; an older one is no news to anybody.
OVERDUE_FOR = 5

MORNING = time(8)
EVENING = time(18)

_OPEN = (ObligationState.OPEN, ObligationState.RETURNED)
#: Who sees to what an organisation owes as a whole.
_PREPARING = (Role.CLERK, Role.CURATOR)
_SUPERVISING = (Role.CURATOR, Role.HEAD)


class ReminderKind(StrEnum):
    """What a reminder says of its term."""

    BEFORE = "before"
    ON_THE_DAY = "on_the_day"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Reminder:
    """One person is reminded once of one last day.

    `last` is the last day in time that it speaks of: a postponed term has reminders of its own.
    `failure` says why no mail was sent or why none will be; without it and without `sent_at` the
    mail is still to come, or the installation sends none.
    """

    id: UUID
    obligation_id: UUID
    kind: ReminderKind
    recipient_id: UUID
    last: date
    created_at: datetime
    sent_at: datetime | None = None
    message_id: str = ""
    failure: Refusal | None = None
    version: int = 0


@dataclass(frozen=True)
class Addressees:
    """Ids of the people: those who owe it, and those who see to it that it is done."""

    debtors: tuple[UUID, ...] = ()
    supervisors: tuple[UUID, ...] = ()

    @property
    def everybody(self) -> tuple[UUID, ...]:
        return (*self.debtors, *self.supervisors)


def last_day(owed: Obligation) -> date | None:
    """Return the last day in time of what is still owed: of repair after a return.

    None: nothing is owed any more, or no day is known.
    """
    if state_of(owed) not in _OPEN:
        return None
    return owed.repair_due or owed.due_now


def working_days_before(settings: Mapping[str, object]) -> int:
    """Return how long before the last day the first reminder comes, by a pack's settings.

    Zero: there is none before the last day. A senseless value counts as none given.
    """
    chosen = settings.get(SETTING)
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen <= MOST_BEFORE:
        return USUALLY_BEFORE
    return chosen


def kind_on(
    day: date, last: date, calendar: WorkCalendar, before: int = USUALLY_BEFORE
) -> ReminderKind | None:
    """Return the reminder of the term ending on `last` to whose stretch `day` belongs.

    Before: from `before` working days before the last day on. On the day: the last day; if that
    is a day off, from the last working day before it. Overdue: from the first working day after
    it, for `OVERDUE_FOR` working days. What lies in a year whose calendar is not approved is not
    counted: there the last day itself is left.
    """
    if day > last:
        late = calendar.working_days_between(last, day)
        told = not isinstance(late, Unknown) and 1 <= late <= OVERDUE_FOR
        return ReminderKind.OVERDUE if told else None
    closing = calendar.on_or_before(last)
    if isinstance(closing, Unknown):
        return ReminderKind.ON_THE_DAY if day == last else None
    if day >= closing.day:
        return ReminderKind.ON_THE_DAY
    begins = _working_days_back(closing.day, before, calendar)
    return ReminderKind.BEFORE if day >= begins else None


def _working_days_back(day: date, number: int, calendar: WorkCalendar) -> date:
    for _ in range(number):
        earlier = calendar.previous_working_day(day)
        if isinstance(earlier, Unknown):
            return day
        day = earlier.day
    return day


def reminder_on(
    day: date, owed: Obligation, calendar: WorkCalendar, before: int = USUALLY_BEFORE
) -> ReminderKind | None:
    """Return the reminder that is due on the local day, None on a day off or without need."""
    last = last_day(owed)
    if last is None or is_day_off(day, calendar):
        return None
    return kind_on(day, last, calendar, before)


def is_day_off(day: date, calendar: WorkCalendar) -> bool:
    """Tell whether nobody should be written to; nothing is known of a year not approved yet."""
    return calendar.gap(day.year) is None and not calendar.is_working(day)


def addressees(
    owed: Obligation,
    kind: ReminderKind,
    employment: Employment | None,
    mandates: Iterable[Mandate],
    day: date,
) -> Addressees:
    """Return whom the reminder is for on the debtor's local `day`, each person once.

    `employment` is the one that owes it (None: a role or the organisation does), `mandates` those
    of the debtor's organisation. Curator and head hear of what is overdue, and of what nobody
    owes any more because the person has left or the role is vacant.
    """
    held = [m for m in mandates if m.organisation_id == owed.debtor_id and m.in_force(day)]
    debtors = _debtors(owed, employment, held, day)
    if kind is not ReminderKind.OVERDUE and debtors:
        return Addressees(debtors)
    supervisors = [p for role in _SUPERVISING for p in _holders(role, owed.debtor_id, held, day)]
    others = dict.fromkeys(p for p in supervisors if p not in debtors)
    return Addressees(debtors, tuple(others))


def _debtors(
    owed: Obligation, employment: Employment | None, held: list[Mandate], day: date
) -> tuple[UUID, ...]:
    if owed.employment_id is not None:
        stays = employment is not None and employment.held_on(day)
        return (employment.person_id,) if employment is not None and stays else ()
    roles = (owed.role,) if owed.role is not None else _PREPARING
    found = [p for role in roles for p in _holders(role, owed.debtor_id, held, day)]
    return tuple(dict.fromkeys(found))


def _holders(role: Role, place: UUID, held: list[Mandate], day: date) -> list[UUID]:
    """Everybody in the role; of head and acting head the one who acts."""
    if len(filling(role)) > 1:
        one = holder_of(held, role, place, day)
        return [one.person_id] if one else []
    return [m.person_id for m in held if m.role is role]


def time_for_mail(now: datetime, zone: tzinfo) -> datetime:
    """Return `now` if people may be written to, otherwise the next morning (UTC).

    Mail is sent from eight in the morning to six in the evening of the organisation.
    """
    here = now.astimezone(zone)
    if MORNING <= here.time() < EVENING:
        return now
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def next_morning(now: datetime, zone: tzinfo) -> datetime:
    """Return eight o'clock of the organisation's next day (UTC)."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, zone).astimezone(UTC)
