"""What is known of powers of attorney when a document is to be signed or was signed by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from workflow.domain.identity_changes import known_at
from workflow.domain.mandates import Mandate, filling
from workflow.domain.organisations import Organisation
from workflow.domain.people import Person
from workflow.domain.powers import (
    PowerAnswer,
    PowerKnown,
    PowerOfAttorney,
    PowerReading,
    answer_days,
    known_of,
)
from workflow.domain.regulations import DocumentType, Role, Verb
from workflow.ports import ExpectedSigner
from workflow.powers import AskedRegistry, ByPower, GivenPower, NamedPerson, ReadWords
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services


def powers_at(
    tx: Repositories, services: Services, kind: DocumentType, organisation: Organisation
) -> tuple[PowerKnown, ...]:
    """The powers of the organisations whose head signs documents of the type, for this type."""
    places = {
        {"founder": organisation.founder_id}.get(step.who.at, organisation.id)
        for step in kind.route
        if step.verb is Verb.SIGN and step.who.role is Role.HEAD
    }
    powers = tx.powers.of_organisations(place for place in places if place)
    return known_powers(tx, services, powers, kind.code)


def known_powers(
    tx: Repositories,
    services: Services,
    powers: Iterable[PowerOfAttorney],
    type_code: str,
    place: UUID | None = None,
) -> tuple[PowerKnown, ...]:
    """What is known of each for a type of documents, by the principal or by `place`."""
    found = list(powers)
    if not found:
        return ()
    ids = [power.id for power in found]
    answers, readings = tx.power_answers.of_powers(ids), tx.power_readings.of_powers(ids)
    whose = {place or power.organisation_id for power in found}
    meanings = {one: tx.code_meanings.counting_for(one) for one in whose}
    days = {p.id: days_in(services, p) for p in tx.organisations.load_many(whose).values()}
    return tuple(
        known_of(power, answers, meanings[at], readings, type_code, at, days[at])
        for power in found
        for at in [place or power.organisation_id]
    )


def by_power(
    tx: Repositories,
    known: PowerKnown,
    kind: DocumentType,
    now: datetime,
    received_at: datetime | None = None,
    *,
    confirmed_only: bool = False,
) -> ByPower:
    """What a signature by the power is held against; its files are not read yet (`with_files`).

    `received_at` is when the signature came in (None: it is coming in now). With `confirmed_only`
    only heads count whom the founder or the office has confirmed: so a receiver judges.
    """
    power = known.power
    principal = tx.organisations.load(power.organisation_id)
    return ByPower(
        number=power.number,
        principal_id=principal.id,
        given=given_power(tx, power, principal, confirmed_only=confirmed_only),
        file=power.file,
        signature=power.signature,
        power=kind.title,
        codes=known.codes,
        on=principal.local_day(received_at or now),
        max_age=known.max_age,
        answer=_asked(known.answer),
        reading=_read(tx, known.reading),
        received_at=received_at,
    )


def given_power(
    tx: Repositories,
    power: PowerOfAttorney,
    principal: Organisation,
    *,
    confirmed_only: bool = False,
) -> GivenPower:
    """Who gave a power, as the own register knows it, without the files."""
    heads = heads_then(tx, power, principal, confirmed_only=confirmed_only)
    return GivenPower(
        principal_inn=principal.requisites.inn,
        principal_ogrn=principal.requisites.ogrn,
        heads=tuple(_named(head) for head in heads),
        kept_since=power.kept_at,
    )


def heads_then(
    tx: Repositories,
    power: PowerOfAttorney,
    principal: Organisation,
    *,
    confirmed_only: bool = False,
) -> list[Person]:
    """Who headed the principal both when the power says it was given and when it came here.

    The day in the file is its author's word: a former head could write any. What came here while
    the person was the head was not made up later. Nobody known means that nobody counts.
    """
    days = (power.issued, principal.local_day(power.kept_at))
    heading = [
        mandate
        for mandate in tx.mandates.of_organisation(principal.id)
        if mandate.role in filling(Role.HEAD) and (not confirmed_only or _is_confirmed(mandate))
    ]
    held = [{mandate.person_id for mandate in heading if mandate.in_force(day)} for day in days]
    people = tx.people.load_many(sorted(set.intersection(*held))).values()
    return [
        known_at(person, tx.identity_changes.of_person(person.id), power.kept_at)
        for person in people
    ]


def _is_confirmed(mandate: Mandate) -> bool:
    """As in `package_signers.head_mandate`: nobody becomes head by the own order."""
    by_order = mandate.ground_document_id and mandate.role is Role.ACTING_HEAD
    return bool(mandate.confirmed_by or by_order)


def _named(person: Person) -> NamedPerson:
    return NamedPerson(person.last, person.given, person.snils, person.inn)


def _asked(answer: PowerAnswer | None) -> AskedRegistry | None:
    return AskedRegistry(answer.status, answer.as_of, answer.revoked_on) if answer else None


def _read(tx: Repositories, reading: PowerReading | None) -> ReadWords | None:
    if reading is None:
        return None
    return ReadWords(tx.people.load(reading.read_by).short_name, reading.read_at)


def days_in(services: Services, place: Organisation) -> int:
    """How many days an answer of the registry stands in the organisation, by its pack."""
    regulation = services.packs.newest(place.pack) if place.pack else None
    return answer_days(regulation.settings if regulation else {})


def kept_since(*expected: ExpectedSigner) -> datetime | None:
    """Since when the powers by which these people sign have been here; None without one."""
    return min((one.power.given.kept_since for one in expected if one.power), default=None)


def with_files(services: Services, by: ByPower) -> ByPower:
    """The same with the power's file and signature out of the storage; not in a transaction."""
    if by.given.file:
        return by
    given = replace(
        by.given,
        file=services.blobs.get(by.file),
        signature=services.blobs.get(by.signature),
    )
    return replace(by, given=given)
