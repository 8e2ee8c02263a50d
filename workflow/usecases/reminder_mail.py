"""Send one reminder, unless it is overtaken; never at night or on a day off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from workflow.domain.deadlines import remaining
from workflow.domain.mail import OutgoingMail, ReminderText
from workflow.domain.obligations import Obligation
from workflow.domain.refusals import Refusal
from workflow.domain.reminders import (
    Addressees,
    Reminder,
    last_day,
    next_morning,
    time_for_mail,
)
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.outgoing_mail import OVERTAKEN, deliver, look_again, message_id, nothing
from workflow.usecases.remind import debtors_of
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of


@dataclass(frozen=True)
class _Later:
    """It is night, or a day off: when to look again."""

    at: datetime


def send_reminder(services: Services, reminder_id: UUID) -> Effect:
    """Send the letter of a reminder; the effect keeps what became of it.

    What was met, postponed or cancelled meanwhile is not written about. Raises MailDelayedError.
    """
    with services.uow.reading() as tx:
        reminder = tx.reminders.load(reminder_id)
        if reminder.sent_at is not None or reminder.failure is not None:
            return nothing
        decided = _decide(tx, services, reminder)
    if isinstance(decided, _Later):
        return look_again({"reminder": str(reminder_id)}, decided.at)
    if isinstance(decided, Refusal):
        return _failed(reminder_id, decided)
    failure = deliver(services, decided)
    if failure is not None:
        return _failed(reminder_id, failure)
    return _sent(reminder_id, services.clock(), decided.message_id)


def _failed(reminder_id: UUID, failure: Refusal) -> Effect:
    def effect(tx: Transaction) -> None:
        current = tx.reminders.load(reminder_id)
        tx.reminders.save(replace(current, failure=failure), current)

    return effect


def _sent(reminder_id: UUID, at: datetime, message: str) -> Effect:
    def effect(tx: Transaction) -> None:
        current = tx.reminders.load(reminder_id)
        tx.reminders.save(replace(current, sent_at=at, message_id=message), current)

    return effect


def _decide(
    tx: Repositories, services: Services, reminder: Reminder
) -> OutgoingMail | Refusal | _Later:
    """The letter, or why there is none, or that its hour has not come."""
    now = services.clock()
    owed = tx.obligations.load(reminder.obligation_id)
    debtor = debtors_of(tx, services, [owed])[owed.debtor_id]
    if last_day(owed) != reminder.last or debtor.kind_today(owed, now) is not reminder.kind:
        return OVERTAKEN
    employment = tx.employments.load(owed.employment_id) if owed.employment_id else None
    people = debtor.addressees(owed, reminder.kind, employment, now)
    if reminder.recipient_id not in people.everybody:
        return OVERTAKEN
    zone = debtor.organisation.zone
    if debtor.is_away(now):
        return _Later(next_morning(now, zone))
    if (hour := time_for_mail(now, zone)) != now:
        return _Later(hour)
    return OutgoingMail(
        message_id=message_id(services, "reminder", reminder.id),
        address=tx.people.load(reminder.recipient_id).email,
        link=f"{services.base_url}/reminders/{owed.id}",
        text=_text(tx, services, reminder, owed, people),
    )


def _text(
    tx: Repositories, services: Services, reminder: Reminder, owed: Obligation, people: Addressees
) -> ReminderText:
    """What the letter says; days left are counted as the pages count them, by the creditor's."""
    places = tx.organisations.load_many([owed.debtor_id, owed.creditor_id])
    creditor = places[owed.creditor_id]
    today = creditor.local_day(services.clock())
    own = reminder.recipient_id in people.debtors
    personal = owed.employment_id is not None or owed.role is not None
    owing = tx.people.load_many(people.debtors).values() if personal and not own else ()
    return ReminderText(
        kind=reminder.kind,
        title=owed.title,
        organisation=places[owed.debtor_id].short_name,
        article=owed.article,
        last=reminder.last,
        left=remaining(reminder.last, today, calendar_of(tx, services, creditor)),
        today=today,
        own=own,
        owing=", ".join(person.short_name for person in owing),
    )
