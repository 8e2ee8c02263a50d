"""Find who is to be reminded of what today; each reminder is made once for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.mandates import Mandate
from workflow.domain.obligations import Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment
from workflow.domain.reminders import (
    Addressees,
    Reminder,
    ReminderKind,
    addressees,
    is_day_off,
    kind_on,
    last_day,
    time_for_mail,
    working_days_before,
)
from workflow.domain.working_days import WorkCalendar
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.outgoing_mail import KIND as MAIL
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendars_of

KIND = "remind"
AT_ONCE = 500

#: Further than any reminder reaches: twenty working days ahead, five behind, with the holidays.
AHEAD = timedelta(days=60)
BEHIND = timedelta(days=31)


@dataclass(frozen=True)
class Debtor:
    """An organisation that owes, with all that its reminders depend on."""

    organisation: Organisation
    calendar: WorkCalendar
    mandates: tuple[Mandate, ...]
    before: int

    def kind_today(self, owed: Obligation, now: datetime) -> ReminderKind | None:
        """The reminder to which today belongs, working day or not."""
        last = last_day(owed)
        today = self.organisation.local_day(now)
        return kind_on(today, last, self.calendar, self.before) if last else None

    def is_away(self, now: datetime) -> bool:
        """Whether today is the organisation's day off."""
        return is_day_off(self.organisation.local_day(now), self.calendar)

    def addressees(
        self, owed: Obligation, kind: ReminderKind, employment: Employment | None, now: datetime
    ) -> Addressees:
        today = self.organisation.local_day(now)
        return addressees(owed, kind, employment, self.mandates, today)


def debtors_of(
    tx: Repositories, services: Services, owed: list[Obligation]
) -> Mapping[UUID, Debtor]:
    """Return who owes these by the organisation's id, in few queries for all of them."""
    places = tx.organisations.load_many([o.debtor_id for o in owed])
    calendars = calendars_of(tx, services, places.values())
    mandates: dict[UUID, list[Mandate]] = {place: [] for place in places}
    for mandate in tx.mandates.of_organisations(places):
        mandates[mandate.organisation_id].append(mandate)
    return {
        place.id: Debtor(
            place, calendars[place.id], tuple(mandates[place.id]), _before(services, place)
        )
        for place in places.values()
    }


def _before(services: Services, place: Organisation) -> int:
    settings = services.packs.newest(place.pack).settings if place.pack else {}
    return working_days_before(settings)


def ask(services: Services) -> Callable[[Transaction], None]:
    """Ask once an hour: a task may be set, a person appointed in the middle of the day."""

    def question(tx: Transaction) -> None:
        hour = services.clock().strftime("%Y-%m-%dT%H")
        tx.outbox.add(KIND, {}, once_key=f"{KIND}:{hour}")

    return question


@dataclass(frozen=True)
class _New:
    reminder: Reminder
    send_at: datetime


def remind(services: Services, _payload: Any) -> Effect:
    """Find the reminders that today asks for; the effect makes those that are not there yet."""
    with services.uow.reading() as tx:
        found = list(_wanted(tx, services))

    def effect(tx: Transaction) -> None:
        for new in found:
            if tx.reminders.add(new.reminder) and services.mail is not None:
                payload = {"reminder": str(new.reminder.id)}
                tx.outbox.add(MAIL, payload, not_before=new.send_at)

    return effect


def _wanted(tx: Repositories, services: Services) -> Iterator[_New]:
    today = services.clock().date()
    after: UUID | None = None
    while owed := tx.obligations.ending_between(
        today - BEHIND, today + AHEAD, after=after, limit=AT_ONCE
    ):
        yield from _of_some(tx, services, owed)
        after = owed[-1].id


def _of_some(tx: Repositories, services: Services, owed: list[Obligation]) -> Iterator[_New]:
    now = services.clock()
    debtors = debtors_of(tx, services, owed)
    employments = tx.employments.load_many(o.employment_id for o in owed if o.employment_id)
    known = {_key(r) for r in tx.reminders.of_obligations(o.id for o in owed)}
    for one in owed:
        debtor = debtors[one.debtor_id]
        send_at = time_for_mail(now, debtor.organisation.zone)
        kind, last = debtor.kind_today(one, now), last_day(one)
        # What comes up in the evening would be read tomorrow: tomorrow asks for it anew.
        if kind is None or last is None or debtor.is_away(now) or _is_tomorrow(debtor, now):
            continue
        employment = employments[one.employment_id] if one.employment_id else None
        for person_id in debtor.addressees(one, kind, employment, now).everybody:
            new = Reminder(services.new_id(), one.id, kind, person_id, last, now)
            if _key(new) not in known:
                yield _New(new, send_at)


def _is_tomorrow(debtor: Debtor, now: datetime) -> bool:
    place = debtor.organisation
    return place.local_day(time_for_mail(now, place.zone)) != place.local_day(now)


def _key(reminder: Reminder) -> tuple[UUID, ReminderKind, UUID, date]:
    return reminder.obligation_id, reminder.kind, reminder.recipient_id, reminder.last
