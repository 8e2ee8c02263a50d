"""What the forms about pairs ask from: who works here, rules in words, checks, pairs to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.gates import LineTerms
from workflow.domain.mandates import Actor
from workflow.domain.matching import Check
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import may_propose_mentor, may_request_mentor
from workflow.domain.pairs import Life, Pair, PairStatus
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, DocumentType, PairEffect
from workflow.domain.rules import Rule
from workflow.queries.pair_page import begins
from workflow.queries.pair_papers import PaperLine, is_leaving, is_pending, type_with
from workflow.queries.pair_places import lay_for_work, places_with_pairs
from workflow.queries.pair_standing import standings
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.checks import checks_for
from workflow.usecases.pairs.orders import MOST_LINES
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services


@dataclass(frozen=True)
class RequestForm:
    """The form that names who needs a mentor: what may be chosen, and the rules about it."""

    organisation_id: UUID
    organisation: str
    staff: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    forms: tuple[Choice, ...]
    rules: tuple[Rule, ...]
    today: date
    refusal: Refusal | None


def request_form(services: Services, actor: Actor, organisation_id: UUID) -> RequestForm:
    """Return the form; NotFoundError where the actor does not work on pairs."""
    with services.uow.reading() as tx:
        place = _place(tx, services, actor, organisation_id)
        regulation = services.packs.newest(place.pack)
        today = place.local_day(services.clock())
        return RequestForm(
            organisation_id=place.id,
            organisation=place.short_name,
            staff=staff_choices(tx, place, today),
            kinds=regulation.mentoring_kinds,
            forms=regulation.mentoring_forms,
            rules=regulation.rules,
            today=today,
            refusal=may_request_mentor(actor, place, services.clock()),
        )


def _place(
    tx: Repositories, services: Services, actor: Actor, organisation_id: UUID
) -> Organisation:
    for place in places_with_pairs(tx, services, actor):
        if place.id == organisation_id:
            return place
    raise NotFoundError(f"organisation {organisation_id}")


def staff_choices(tx: Repositories, place: Organisation, day: date) -> tuple[Choice, ...]:
    """Who works in the organisation on the day, by name: «Белова Яна Николаевна, учитель»."""
    posts = tx.employments.of_organisation(place.id, day)
    people = tx.people.load_many(e.person_id for e in posts)
    ordered = sorted(posts, key=lambda e: (people[e.person_id].full_name, e.post))
    return tuple(Choice(str(e.id), f"{people[e.person_id].full_name}, {e.post}") for e in ordered)


@dataclass(frozen=True)
class ProposalForm:
    """The form that proposes a mentor; `mentor`, `since`, `until` are what stands now."""

    case_id: UUID
    organisation: str
    mentees: tuple[str, ...]
    need: str
    staff: tuple[Choice, ...]
    rules: tuple[Rule, ...]
    mentor: UUID | None
    since: date
    until: date
    note: str
    refusal: Refusal | None


def proposal_form(services: Services, actor: Actor, case_id: UUID) -> ProposalForm:
    """Return the form; NotFoundError for a pair that is not for these eyes."""
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        pair, life = desk.pair, desk.life
        standing = pair.proposal if is_pending(pair, life) else None
        mentees = desk.life.mentees or pair.mentees
        names = people_named(tx, mentees)
        own = {str(one) for one in pair.mentees}
        staff = staff_choices(tx, desk.organisation, desk.today)
        return ProposalForm(
            case_id=case_id,
            organisation=desk.organisation.short_name,
            mentees=tuple(names[one] for one in mentees),
            need=pair.need,
            staff=tuple(choice for choice in staff if choice.key not in own),
            rules=tuple(r for r in desk.regulation.rules if r.concerns(pair.kind)),
            mentor=standing.mentor if standing else None,
            since=standing.since if standing else _first_day(pair, life, desk.today),
            until=(pair.proposal or pair).until,
            note=standing.note if standing else "",
            refusal=may_propose_mentor(life, desk.actor, desk.organisation, services.clock()),
        )


def _first_day(pair: Pair, life: Life, today: date) -> date:
    """The wished first day; of a mentor who follows another one, the day the other one is free."""
    if life.spell is None:
        return pair.since
    free = life.ended_by.day if life.ended_by and is_leaving(life) else today
    return max(life.spell.since, free, today)


def proposal_checks(
    services: Services, actor: Actor, case_id: UUID, mentor: UUID, since: date, until: date
) -> tuple[Check, ...]:
    """Hold the rules against a choice that is not confirmed yet.

    NotFoundError when the pair is not for these eyes or the mentor works elsewhere.
    """
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        if mentor not in {e.id for e in tx.employments.of_organisation(desk.organisation.id)}:
            raise NotFoundError(f"employment {mentor}")
        mentees = desk.life.mentees or desk.pair.mentees
        terms = LineTerms(case_id, mentor, mentees, since, until)
        return checks_for(tx, desk.pair, desk.regulation, terms)


@dataclass(frozen=True)
class OrderChoice:
    """A pair that an order may name; `papers` are those still missing."""

    case_id: UUID
    mentor: str
    mentees: tuple[str, ...]
    since: date
    until: date
    missing: tuple[PaperLine, ...]


@dataclass(frozen=True)
class OrderForm:
    """The pairs from which an order is begun; `chosen` is the one it was asked for."""

    kind: DocumentType
    organisation: str
    chosen: UUID
    choices: tuple[OrderChoice, ...]
    refusal: Refusal | None


#: Which pairs wait for an order of each kind.
_WAITING = {
    PairEffect.BEGIN: (PairStatus.MATCHING,),
    PairEffect.REPLACE_OR_END: (
        PairStatus.MATCHING,
        PairStatus.RUNNING,
        PairStatus.SUSPENDED,
        PairStatus.WAITING_TO_BEGIN,
    ),
}


def order_form(services: Services, actor: Actor, case_id: UUID, effect: PairEffect) -> OrderForm:
    """Return the pairs of the organisation that wait for such an order and have none under way.

    NotFoundError for a pair that is not for these eyes, or where no such order is known.
    """
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        kind = type_with(desk.regulation, effect)
        if kind is None or effect not in _WAITING:
            raise NotFoundError(f"order {effect} in pair {case_id}")
        place = {desk.organisation.id: desk.organisation}
        found = tx.pairs.search(list(place), _WAITING[effect], limit=MOST_LINES)
        found = [desk.pair, *(pair for pair in found if pair.id != case_id)]
        choices = []
        for one in standings(tx, services, desk.actor, found, place):
            terms = one.proposed_terms
            same_text = one.regulation.version == desk.regulation.version
            same_kind = one.order_kind is not None and one.order_kind.code == kind.code
            if terms is None or one.order is not None or not same_text or not same_kind:
                continue
            choices.append(
                OrderChoice(
                    case_id=one.pair.id,
                    mentor=one.names[terms.mentor],
                    mentees=tuple(one.names[m] for m in terms.mentees),
                    since=terms.since,
                    until=terms.until,
                    missing=tuple(line for line in one.papers if not line.passed),
                )
            )
        return OrderForm(
            kind=kind,
            organisation=desk.organisation.short_name,
            chosen=case_id,
            choices=tuple(choices),
            refusal=begins(tx, services, desk, kind),
        )
