"""What ends before a planned signing: read for an organisation, and told by mail once for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.domain.administration import SIGNING_ROLES
from workflow.domain.ending_soon import (
    Ending,
    Planned,
    days_before,
    ending_soon,
    planned_signings,
)
from workflow.domain.mail import EndingText, OutgoingMail
from workflow.domain.mandates import Mandate, filling
from workflow.domain.organisations import Organisation
from workflow.domain.powers import AnswerStatus, PowerOfAttorney
from workflow.domain.regulations import Role
from workflow.domain.reminders import is_day_off, next_morning, time_for_mail
from workflow.store.repositories.obligations import STILL_OPEN
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.outgoing_mail import KIND as MAIL
from workflow.usecases.outgoing_mail import deliver, look_again, message_id, nothing
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of

KIND = "endings"
AT_ONCE = 50
MOST_OWED = 200


@dataclass(frozen=True)
class Endings:
    """What ends in an organisation, and who sees to it there: its clerks and its head.

    `signing` are those who sign for it or owe it a signature; the key that anybody else keeps is
    that person's own affair.
    """

    organisation: Organisation
    items: tuple[Ending, ...]
    overseers: frozenset[UUID]
    signing: frozenset[UUID]

    def told(self, person_id: UUID) -> tuple[Ending, ...]:
        """Return what this person is told of."""
        return tuple(one for one in self.items if person_id in self.addressees(one))

    def addressees(self, ending: Ending) -> tuple[UUID, ...]:
        """Return whom it is told: whose it is, and those who see to it."""
        others = sorted(self.overseers) if ending.person_id in self.signing else ()
        return tuple(dict.fromkeys([ending.person_id, *others]))


def endings_of(tx: Repositories, services: Services, place: Organisation) -> Endings:
    """Return what ends too early in the organisation, by its own day."""
    today = place.local_day(services.clock())
    mandates = tx.mandates.of_organisation(place.id)
    regulation = services.packs.newest(place.pack) if place.pack else None
    planned: tuple[Planned, ...] = ()
    if regulation is not None:
        owed = tx.obligations.of_debtor(place.id, states=STILL_OPEN, limit=MOST_OWED).items
        posts = tx.employments.load_many(o.employment_id for o in owed if o.employment_id)
        people = {post.id: post.person_id for post in posts.values()}
        planned = planned_signings(owed, regulation.document_types, people)
    signing = {m.person_id for m in mandates if m.role in SIGNING_ROLES and m.in_force(today)}
    signing |= {p.person_id for p in planned if p.person_id is not None}
    powers = _powers(tx, place, today)
    signing |= {power.representative_id for power in powers}
    ends = _certificates(tx, place, signing, today)
    days = days_before(regulation.settings if regulation else {})
    items = ending_soon(ends, mandates, planned, today, days, powers)
    overseers = frozenset(_overseers(mandates, today))
    return Endings(place, items, overseers, frozenset(signing))


def _powers(tx: Repositories, place: Organisation, today: date) -> list[PowerOfAttorney]:
    """The organisation's powers of attorney that last today or later and are not revoked."""
    kept = [p for p in tx.powers.of_organisations([place.id]) if p.until >= today]
    answers = tx.power_answers.of_powers(power.id for power in kept)
    revoked = {a.power_id for a in answers if a.status is AnswerStatus.REVOKED}
    return [power for power in kept if power.id not in revoked]


def _certificates(
    tx: Repositories, place: Organisation, signing: set[UUID], today: date
) -> dict[UUID, date]:
    """The last days of the certificates by which people sign here.

    A key kept here is for signing, whoever keeps it; the certificate of an earlier signature
    matters while its owner still signs.
    """
    staff = {post.person_id for post in tx.employments.of_organisation(place.id, today)}
    keys = tx.person_keys.newest_of_people(staff | signing)
    ends: dict[UUID, datetime] = {person: key.valid_until for person, key in keys.items()}
    for person, until in tx.signatures.certificates_until(signing | keys.keys()).items():
        ends[person] = max(until, ends.get(person, until))
    return {person: place.local_day(until) for person, until in ends.items()}


def _overseers(mandates: list[Mandate], today: date) -> Iterator[UUID]:
    """The clerks and the head, who hears of it even while somebody acts for her."""
    roles = (*filling(Role.HEAD), Role.CLERK)
    return (m.person_id for m in mandates if m.role in roles and m.in_force(today))


# --- Mail ------------------------------------------------------------------------------------


def ask(services: Services) -> Callable[[Transaction], None]:
    """Ask once an hour: a task may be set, a mandate entered in the middle of the day."""

    def question(tx: Transaction) -> None:
        if services.mail is not None:
            hour = services.clock().strftime("%Y-%m-%dT%H")
            tx.outbox.add(KIND, {}, once_key=f"{KIND}:{hour}")

    return question


def tell_endings(services: Services, _payload: Any) -> Effect:
    """Find what ends too early anywhere; the effect asks for the letters not asked for before."""
    found = [(one, e) for one in _everywhere(services) for e in one.items]

    def effect(tx: Transaction) -> None:
        now = services.clock()
        for one, ending in found:
            for person_id in one.addressees(ending):
                tx.outbox.add(
                    MAIL,
                    _payload_of(one.organisation.id, ending.key, person_id),
                    not_before=time_for_mail(now, one.organisation.zone),
                    once_key=f"{MAIL}:ending:{ending.key}:{person_id}",
                )

    return effect


def _everywhere(services: Services) -> Iterator[Endings]:
    before: UUID | None = None
    while True:
        with services.uow.reading() as tx:
            page = tx.organisations.page(limit=AT_ONCE, before=before)
            yield from [endings_of(tx, services, place) for place in page.items]
        before = page.following
        if before is None:
            return


def _payload_of(place: UUID, key: str, person_id: UUID) -> dict[str, str]:
    return {"ending": key, "organisation": str(place), "to": str(person_id)}


def send_ending(services: Services, place_id: UUID, key: str, person_id: UUID) -> Effect:
    """Tell one person, unless it is overtaken; never at night or on a day off.

    The effect writes into the audit trail whether the letter left. Raises MailDelayedError when
    the server has to be tried again.
    """
    payload = _payload_of(place_id, key, person_id)
    with services.uow.reading() as tx:
        place = tx.organisations.load(place_id)
        now = services.clock()
        if is_day_off(place.local_day(now), calendar_of(tx, services, place)):
            return look_again(payload, next_morning(now, place.zone))
        if (hour := time_for_mail(now, place.zone)) != now:
            return look_again(payload, hour)
        told = endings_of(tx, services, place).told(person_id)
        ending = next((one for one in told if one.key == key), None)
        if ending is None:
            return nothing
        people = tx.people.load_many([person_id, ending.person_id])
    letter = OutgoingMail(
        message_id=message_id(services, f"ending.{key}", person_id),
        address=people[person_id].email,
        link=f"{services.base_url}/",
        text=EndingText(
            ending=ending,
            organisation=place.short_name,
            today=place.local_day(now),
            name="" if ending.person_id == person_id else people[ending.person_id].short_name,
        ),
    )
    failure = deliver(services, letter)
    body = {"ending": key, "person": str(person_id)}

    def effect(tx: Transaction) -> None:
        if failure is None:
            tx.audit.add(place_id, "ending.told", body)
        else:
            tx.audit.add(place_id, "ending.not_told", {**body, "code": failure.code})

    return effect
