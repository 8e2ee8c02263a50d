"""The head names who needs a mentor: a pair begins, waiting for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.cases import school_year_of
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import is_term, may_decide_for_pair, may_request_mentor
from workflow.domain.pairs import ASSIGNMENT, Pair, Reason
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Regulation
from workflow.store.errors import MissingRowError
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases.errors import NotFoundError
from workflow.usecases.known_actor import actor_of
from workflow.usecases.open_case import begin_case
from workflow.usecases.pairs.reading import PairDesk, lay_pair
from workflow.usecases.pairs.turning import save_pair
from workflow.usecases.services import Services

LONGEST_NEED = 2_000
MOST_MENTEES = 20


@dataclass(frozen=True)
class Wish:
    """Who needs a mentor: `mentees` are employments, `kind` and `form` keys of the regulation.

    `since`–`until` is the wished term, both days included; `need` says what help is needed with.
    """

    kind: str
    form: str
    need: str
    mentees: tuple[UUID, ...]
    since: date
    until: date


def request_mentor(
    services: Services, actor: Actor, organisation_id: UUID, wish: Wish
) -> Pair | Refusal:
    """Begin a pair. NotFoundError when the actor does not work in the organisation."""
    with services.uow() as tx:
        try:
            organisation = tx.organisations.load(organisation_id)
        except MissingRowError as error:
            raise NotFoundError(f"organisation {organisation_id}") from error
        known = actor_of(tx, actor.person_id)
        now = services.clock()
        if not known.works_in(organisation_id, organisation.local_day(now)):
            raise NotFoundError(f"organisation {organisation_id}")
        regulation = services.packs.newest(organisation.pack)
        refusal = may_request_mentor(known, organisation, now) or _fits(
            tx, organisation, regulation, wish
        )
        if refusal:
            return refusal
        year = school_year_of(wish.since)
        case = begin_case(tx, services, known, organisation, regulation, ASSIGNMENT, year)
        pair = Pair(
            id=case.id,
            organisation_id=organisation.id,
            kind=wish.kind,
            form=wish.form,
            need=wish.need.strip(),
            mentees=wish.mentees,
            since=wish.since,
            until=wish.until,
            requested_at=now,
            requested_by=known.person_id,
        )
        save_pair(tx, services, pair, None)
        tx.commit()
        return replace(pair, version=1)


def _fits(
    tx: Repositories, organisation: Organisation, regulation: Regulation, wish: Wish
) -> Refusal | None:
    if ASSIGNMENT not in regulation.case_kinds:
        return Refusal(
            "pair.no_pairs",
            N_("The regulation of your organisation knows no mentor pairs."),
            N_("Ask the operator to choose the regulation of your municipality."),
        )
    kinds = {choice.key for choice in regulation.mentoring_kinds}
    forms = {choice.key for choice in regulation.mentoring_forms}
    if wish.kind not in kinds or (forms and wish.form not in forms):
        return Refusal(
            "pair.kind",
            N_("The kind or form of mentoring is not chosen."),
            N_("Choose both from the list."),
        )
    if not wish.need.strip() or len(wish.need) > LONGEST_NEED:
        return Refusal(
            "pair.need",
            N_("It is not said what the mentor shall help with."),
            N_("Write one or two sentences."),
        )
    return is_term(wish.since, wish.until) or staff_on(tx, organisation, wish.mentees, wish.since)


def staff_on(
    tx: Repositories, organisation: Organisation, employment_ids: Sequence[UUID], day: date
) -> Refusal | None:
    """Whether all of these work in the organisation on the day."""
    wanted = set(employment_ids)
    staff = {e.id: e for e in tx.employments.of_organisation(organisation.id)}
    if not wanted or len(wanted) > MOST_MENTEES:
        return Refusal(
            "pair.nobody",
            N_("Nobody is chosen."),
            N_("Choose one or several employees from the list."),
        )
    if wanted - staff.keys():
        return Refusal(
            "pair.foreign",
            N_("One of those chosen does not work in your organisation."),
            N_("Choose from the list of employees."),
        )
    leaving = [staff[one] for one in wanted if not staff[one].held_on(day)]
    if not leaving:
        return None
    return Refusal(
        "pair.not_employed",
        N_("{post}: the employment does not cover {day}."),
        N_("Choose another first day, or look at the staff card."),
        {"post": leaving[0].post, "day": day},
    )


def lay_pair_locked(tx: Transaction, services: Services, actor: Actor, case_id: UUID) -> PairDesk:
    """Lay a pair for writing: its case is locked first."""
    try:
        tx.lock(Lock.CASE, cases, [case_id])
    except MissingRowError as error:
        raise NotFoundError(f"pair {case_id}") from error
    return lay_pair(tx, services, actor, case_id)


def give_reason(
    services: Services, actor: Actor, case_id: UUID, check: str, reason: str
) -> Pair | Refusal:
    """The head says why a soft check may be passed over for this pair."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        now = services.clock()
        refusal = may_decide_for_pair(desk.actor, desk.organisation, now) or _soft(desk, check)
        if refusal is None and not reason.strip():
            refusal = _reason_missing()
        if refusal:
            return refusal
        given = Reason(check, reason.strip(), desk.actor.person_id, now)
        return _changed(tx, services, desk, replace(desk.pair, reasons=(*desk.pair.reasons, given)))


def confirm_early_start(
    services: Services, actor: Actor, case_id: UUID, reason: str
) -> Pair | Refusal:
    """The head confirms a first day before the day of the order (consent and agreement earlier)."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        refusal = may_decide_for_pair(desk.actor, desk.organisation, services.clock())
        if refusal is None and not reason.strip():
            refusal = _reason_missing()
        if refusal:
            return refusal
        return _changed(tx, services, desk, replace(desk.pair, early_start_reason=reason.strip()))


def note_contract_clause(
    services: Services, actor: Actor, case_id: UUID, clause: str
) -> Pair | Refusal:
    """The proposed mentor's contract holds content, term and form already; `clause` names it."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        refusal = may_request_mentor(desk.actor, desk.organisation, services.clock())
        if refusal is None and desk.pair.proposed is None:
            refusal = Refusal(
                "pair.no_mentor",
                N_("No mentor is proposed yet."),
                N_("Propose a mentor first."),
            )
        if refusal:
            return refusal
        noted = replace(desk.pair, clause=clause.strip(), clause_mentor=desk.pair.proposed)
        return _changed(tx, services, desk, noted)


def _soft(desk: PairDesk, check: str) -> Refusal | None:
    rules = [r for r in desk.regulation.rules if r.name == check and r.concerns(desk.pair.kind)]
    if rules and all(rule.soft for rule in rules):
        return None
    return Refusal(
        "pair.check_is_hard",
        N_("The regulation knows no exception from this rule."),
        N_("Propose another mentor or another term."),
        article=rules[0].article if rules else "",
    )


def _reason_missing() -> Refusal:
    return Refusal(
        "pair.reason_missing", N_("The reason is missing."), N_("Write why, in one sentence.")
    )


def _changed(tx: Transaction, services: Services, desk: PairDesk, pair: Pair) -> Pair:
    save_pair(tx, services, pair, desk.pair)
    tx.audit.add(desk.organisation.id, "pair.changed", {"case": str(pair.id)})
    tx.commit()
    return replace(pair, version=desk.pair.version + 1)
