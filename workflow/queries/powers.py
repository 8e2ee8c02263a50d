"""Powers of attorney as pages show them: an organisation's list, one card, what codes mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.powers import (
    AnswerStatus,
    CodeMeaning,
    PowerAnswer,
    PowerKnown,
    PowerOfAttorney,
    PowerReading,
    may_answer,
    may_keep_powers,
    may_read_words,
    may_say_what_counts,
)
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Role
from workflow.powers import ExaminedGift
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories, Snapshot
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.powers.desk import PowerDesk, lay_place, lay_power
from workflow.usecases.powers.known import days_in, given_power, known_powers
from workflow.usecases.powers.meaning import types_signed_by_head
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

PAGE = 20
MOST_PLACES = 200


class PowerState(StrEnum):
    """What can be done by a power today."""

    REVOKED = "revoked"
    ENDED = "ended"
    NOT_YET = "not_yet"
    TO_SAY = "to_say"  # nobody has said yet what it lets one sign
    TO_ASK = "to_ask"  # the registry's answer is missing or old
    GOOD = "good"


@dataclass(frozen=True)
class PowerPlace:
    """An organisation whose powers of attorney the actor may look at."""

    organisation_id: UUID
    name: str


@dataclass(frozen=True)
class PowerLine:
    """A power in a list; `asked_at` is the moment of the answer that counts."""

    power: PowerOfAttorney
    holder: str
    state: PowerState
    asked_at: datetime | None


@dataclass(frozen=True)
class PowerList:
    """A page of the list, the newest first; `following` asks for more.

    `keep_refusal` says why the actor takes no powers here, `say_refusal` why not what codes mean.
    """

    organisation_id: UUID
    name: str
    time_zone: str
    lines: tuple[PowerLine, ...]
    following: UUID | None
    keep_refusal: Refusal | None
    say_refusal: Refusal | None
    today: date


@dataclass(frozen=True)
class AnswerLine:
    """One answer of the registry, and who entered it."""

    answer: PowerAnswer
    by: str


@dataclass(frozen=True)
class ReadingLine:
    """One confirmation of words: which documents, by whom."""

    reading: PowerReading
    title: str
    by: str


@dataclass(frozen=True)
class PowerPage:
    """One power with all that is known; `gift` is what is found now of who gave it.

    `signs` are titles of documents that it lets one sign, `to_read` those types that somebody may
    still find in its words. `counting` is the answer that counts for `for_name`, and may be
    `days` old.
    """

    power: PowerOfAttorney
    organisation_id: UUID
    principal: str
    for_name: str
    time_zone: str
    holder: str
    kept_by: str
    state: PowerState
    counting: PowerAnswer | None
    days: int
    answers: tuple[AnswerLine, ...]
    readings: tuple[ReadingLine, ...]
    signs: tuple[str, ...]
    to_read: tuple[tuple[str, str], ...]
    gift: ExaminedGift | Refusal
    signed: int
    answer_refusal: Refusal | None
    revoke_refusal: Refusal | None
    read_refusal: Refusal | None
    say_refusal: Refusal | None
    now: datetime


@dataclass(frozen=True)
class MeaningPage:
    """What codes mean in an organisation; `types` are those that its head signs (code, title)."""

    organisation_id: UUID
    name: str
    meanings: tuple[CodeMeaning, ...]
    unsaid: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    refusal: Refusal | None


def power_places(services: Services, actor: Actor) -> tuple[PowerPlace, ...]:
    """Return the organisations whose powers the actor keeps or has to judge, by name.

    The operator, who works in none of them, is shown the newest ones.
    """
    with services.uow.reading() as tx:
        if actor.operator and not actor.mandates:
            newest = tx.organisations.page(limit=MOST_PLACES).items
            return tuple(PowerPlace(one.id, one.short_name) for one in newest)
        near = tx.organisations.load_many(m.organisation_id for m in actor.mandates).values()
        found = {
            one.id: one.short_name
            for place in near
            for one in _looked_at(tx, services, actor, place)
        }
    return tuple(PowerPlace(one, name) for one, name in sorted(found.items(), key=lambda p: p[1]))


def _looked_at(
    tx: Repositories, services: Services, actor: Actor, place: Organisation
) -> list[Organisation]:
    today = place.local_day(services.clock())
    found = [place] if may_keep_powers(actor, place, today) is None else []
    judges = any(actor.holds(role, place.id, today) for role in (Role.OFFICER, Role.HEAD))
    return [*found, *tx.organisations.reporting_to(place.id)] if judges else found


def power_list(
    services: Services, actor: Actor, organisation_id: UUID, before: UUID | None = None
) -> PowerList:
    """Return a page of an organisation's powers; NotFoundError for other eyes."""
    with services.uow.reading() as tx:
        place, known, for_id = _place(tx, services, actor, organisation_id)
        today = place.local_day(services.clock())
        page = tx.powers.of_organisation(organisation_id, limit=PAGE, before=before)
        kinds = types_signed_by_head(services, place)
        names = short_names(tx, {power.representative_id for power in page.items})
        found = _by_type(tx, services, page.items, kinds, for_id)
        return PowerList(
            organisation_id=organisation_id,
            name=place.short_name,
            time_zone=place.time_zone,
            lines=tuple(
                _line(power, names[power.representative_id], found[power.id], services, today)
                for power in page.items
            ),
            following=page.following,
            keep_refusal=may_keep_powers(known, place, today),
            say_refusal=may_say_what_counts(known, place, today),
            today=today,
        )


def _place(
    tx: Snapshot, services: Services, actor: Actor, organisation_id: UUID
) -> tuple[Organisation, Actor, UUID]:
    """The organisation, the actor as known now, and for whom the actor judges."""
    known = desks.actor_of(tx, actor.person_id)
    for mandate in known.mandates:
        near = tx.organisations.load(mandate.organisation_id)
        for one in _looked_at(tx, services, known, near):
            if one.id == organisation_id:
                return one, known, organisation_id if near.id == one.id else near.id
    if known.operator:
        return lay_place(tx, services, actor, organisation_id).place, known, organisation_id
    raise NotFoundError(f"powers of {organisation_id} are not for {actor.person_id}")


def _by_type(
    tx: Repositories,
    services: Services,
    powers: Iterable[PowerOfAttorney],
    kinds: Iterable[DocumentType],
    place: UUID,
) -> dict[UUID, list[tuple[DocumentType | None, PowerKnown]]]:
    """What is known of each power, for no type and for every type that the head signs."""
    listed = list(powers)
    found: dict[UUID, list[tuple[DocumentType | None, PowerKnown]]] = {p.id: [] for p in listed}
    for kind in (None, *kinds):
        for known in known_powers(tx, services, listed, kind.code if kind else "", place):
            found[known.power.id].append((kind, known))
    return found


def _line(
    power: PowerOfAttorney,
    holder: str,
    known: list[tuple[DocumentType | None, PowerKnown]],
    services: Services,
    today: date,
) -> PowerLine:
    answer = known[0][1].answer
    state = _state(power, known, services.clock(), today)
    return PowerLine(power, holder, state, answer.as_of if answer else None)


def _state(
    power: PowerOfAttorney,
    known: list[tuple[DocumentType | None, PowerKnown]],
    now: datetime,
    today: date,
) -> PowerState:
    first = known[0][1]
    if first.is_revoked(today):
        return PowerState.REVOKED
    if today > power.until:
        return PowerState.ENDED
    if today < power.issued:
        return PowerState.NOT_YET
    if not any(one.is_covered for kind, one in known if kind is not None):
        return PowerState.TO_SAY
    return PowerState.GOOD if first.answer_is_fresh(now) else PowerState.TO_ASK


def power_page(services: Services, actor: Actor, power_id: UUID) -> PowerPage:
    """Return the card of a power; NotFoundError for whoever neither keeps, holds nor judges it."""
    with services.uow.reading() as tx:
        desk = lay_power(tx, services, actor, power_id)
        given = given_power(tx, desk.power, desk.principal)
        trust = trust_view(tx, services, desk.power.kept_at)
        facts = _facts(tx, services, desk)
    files = replace(
        given,
        file=services.blobs.get(desk.power.file),
        signature=services.blobs.get(desk.power.signature),
    )
    gift = services.signatures.examine_gift(files, trust, services.clock())
    return _page(services, desk, facts, gift)


@dataclass(frozen=True)
class _Facts:
    """What is read for a card."""

    known: list[tuple[DocumentType | None, PowerKnown]]
    answers: list[PowerAnswer]
    readings: list[PowerReading]
    names: dict[UUID, str]
    signed: int


def _facts(tx: Repositories, services: Services, desk: PowerDesk) -> _Facts:
    power = desk.power
    kinds = types_signed_by_head(services, desk.principal)
    answers = tx.power_answers.of_powers([power.id])
    readings = tx.power_readings.of_powers([power.id])
    people = {power.representative_id, power.kept_by}
    people |= {a.entered_by for a in answers} | {r.read_by for r in readings}
    return _Facts(
        known=_by_type(tx, services, [power], kinds, desk.place.id)[power.id],
        answers=answers,
        readings=readings,
        names=short_names(tx, people),
        signed=len(tx.signatures.by_power(power.id)),
    )


def _page(
    services: Services, desk: PowerDesk, facts: _Facts, gift: ExaminedGift | Refusal
) -> PowerPage:
    power, actor, today = desk.power, desk.actor, desk.today
    titles = {k.code: k.title for k, _ in facts.known if k is not None}
    return PowerPage(
        power=power,
        organisation_id=desk.principal.id,
        principal=desk.principal.short_name,
        for_name=desk.place.short_name,
        time_zone=desk.place.time_zone,
        holder=facts.names[power.representative_id],
        kept_by=facts.names[power.kept_by],
        state=_state(power, facts.known, services.clock(), today),
        counting=facts.known[0][1].answer,
        days=days_in(services, desk.place),
        answers=tuple(AnswerLine(a, facts.names[a.entered_by]) for a in facts.answers),
        readings=tuple(
            ReadingLine(r, titles.get(r.type_code, r.type_code), facts.names[r.read_by])
            for r in facts.readings
        ),
        signs=tuple(k.title for k, one in facts.known if k is not None and one.is_covered),
        to_read=tuple(
            (k.code, k.title) for k, one in facts.known if k is not None and not one.is_covered
        ),
        gift=gift,
        signed=facts.signed,
        answer_refusal=may_answer(actor, power, desk.place, AnswerStatus.IN_FORCE, today),
        revoke_refusal=may_answer(actor, power, desk.place, AnswerStatus.REVOKED, today),
        read_refusal=may_read_words(actor, power, desk.place, today),
        say_refusal=may_say_what_counts(actor, desk.principal, today),
        now=services.clock(),
    )


def meaning_page(services: Services, actor: Actor, organisation_id: UUID) -> MeaningPage:
    """Return what codes mean in an organisation; `unsaid` stand in its powers without a meaning."""
    with services.uow.reading() as tx:
        place, known, _ = _place(tx, services, actor, organisation_id)
        meanings = tx.code_meanings.counting_for(organisation_id)
        powers = tx.powers.of_organisations([organisation_id])
    said = {m.code for m in meanings}
    named = {c.code: c.name for power in powers for c in power.codes if c.code not in said}
    kinds = types_signed_by_head(services, place)
    return MeaningPage(
        organisation_id=organisation_id,
        name=place.short_name,
        meanings=tuple(meanings),
        unsaid=tuple(sorted(named.items())),
        types=tuple((kind.code, kind.title) for kind in kinds),
        refusal=may_say_what_counts(known, place, place.local_day(services.clock())),
    )
