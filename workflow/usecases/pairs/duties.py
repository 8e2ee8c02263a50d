"""Who owes what in a pair, and by when: obligations follow the pair's life, with the reason.

`follow` compares what is owed now with what is written down and changes the difference. It may be
asked any number of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.deadlines import DeadlineRule, Due, NotYetKnown, Uncovered, Whose, due
from workflow.domain.obligations import (
    Change,
    ChangeKind,
    Evidence,
    Obligation,
    ObligationState,
    state_of,
)
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT, Life, PairStatus, Spell, TurnKind
from workflow.domain.regulations import DocumentType, Regulation, Role, StepSpec
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of

BEGINS, ENDS = "case.begins", "case.ends"
PARTIAL_REPORT = "partial_report"
MENTEE = "mentee"
_OPEN = (ObligationState.OPEN, ObligationState.RETURNED)


@dataclass(frozen=True)
class Duty:
    """Something owed: whose it is, by which act it is met, from which day its term counts."""

    key: str
    kind: DocumentType
    rule: DeadlineRule
    step: StepSpec
    event: date
    employment_id: UUID | None
    role: Role | None


def duties_of(regulation: Regulation, life: Life, today: date) -> tuple[Duty, ...]:
    """Everything that the regulation wants done for the pair as it lives now."""
    if life.status in (PairStatus.SUSPENDED, PairStatus.CANCELLED):
        return ()
    codes = regulation.case_kinds[ASSIGNMENT].documents
    found: list[Duty] = []
    for code in codes:
        kind = regulation.document_types[code]
        for rule in kind.deadlines:
            step = kind.step(rule.met_by)
            if step is not None:
                found += _of_rule(regulation, life, today, kind, rule, step)
    return tuple(found)


def _of_rule(
    regulation: Regulation,
    life: Life,
    today: date,
    kind: DocumentType,
    rule: DeadlineRule,
    step: StepSpec,
) -> Iterator[Duty]:
    for spell in life.spells:
        event = _event(regulation, life, today, rule, spell, step)
        if event is None:
            continue
        for employment_id, role in _debtors(life, spell, step):
            whose = employment_id or role
            key = f"{kind.code}.{rule.key}:{spell.mentor}:{whose}{_again(life, spell)}"
            counted = max([event, *(day for one, day in life.returned if one == employment_id)])
            yield Duty(key, kind, rule, step, counted, employment_id, role)


def _again(life: Life, spell: Spell) -> str:
    """What tells the second time of one mentor with the pair from the first."""
    before = [s for s in life.spells[: life.spells.index(spell)] if s.mentor == spell.mentor]
    return f":{len(before) + 1}" if before else ""


def _event(
    regulation: Regulation,
    life: Life,
    today: date,
    rule: DeadlineRule,
    spell: Spell,
    step: StepSpec,
) -> date | None:
    """The day from which the term counts; None when the duty does not arise, or arises no more.

    Nobody plans what is over: a mentor who was freed early owes the report, not the plan.
    """
    if spell.until < spell.since:
        return None
    if rule.after == BEGINS:
        is_over = spell.cut_by is not None and spell.until < today
        return None if is_over else _begins(life, spell)
    if rule.after != ENDS:
        return None
    newest = spell is life.spells[-1]
    if step.who.field_key == MENTEE and not (newest and not _mentee_waits(spell)):
        return None
    if spell.cut_by is not None and not regulation.settings.get(PARTIAL_REPORT, False):
        return None
    return spell.until


def _begins(life: Life, spell: Spell) -> date | None:
    """The first day, or the day on which a suspended pair went on."""
    if life.resumed_by is not None and spell is life.spells[-1]:
        return max(spell.counted_from, life.resumed_by.day)
    return spell.counted_from


def _mentee_waits(spell: Spell) -> bool:
    """Whether another mentor is expected: what the mentee thinks is asked at the end."""
    return spell.cut_by is not None and spell.cut_by.kind is TurnKind.NOTICE


def _debtors(
    life: Life, spell: Spell, step: StepSpec
) -> tuple[tuple[UUID | None, Role | None], ...]:
    match step.who.field_key:
        case "mentor":
            return ((spell.mentor, None),)
        case "mentee" | "mentees":
            here = (mentee for mentee in life.mentees if mentee not in life.absent)
            return tuple((mentee, None) for mentee in here)
    return ((None, step.who.role),)


def follow(
    tx: Transaction,
    services: Services,
    case: Case,
    organisation: Organisation,
    regulation: Regulation,
    life: Life,
    ground: str,
) -> None:
    """Write down what is owed now; what is owed no longer is cancelled with the `ground`."""
    known = {o.key: o for o in tx.obligations.of_case(case.id) if o.evidence is Evidence.STEP}
    today = organisation.local_day(services.clock())
    wanted = {duty.key: duty for duty in duties_of(regulation, life, today)}
    for key, duty in wanted.items():
        day, uncovered = _due(tx, services, organisation, duty)
        if key in known:
            _move(tx, services, known[key], duty, day, uncovered, ground)
        else:
            made = _obligation(services, organisation, case, duty, day, uncovered)
            tx.obligations.save(made, None)
    for key, owed in known.items():
        if key not in wanted and state_of(owed) in _OPEN and not _is_approval(owed):
            change = Change(ChangeKind.CANCELLED, services.clock(), None, ground)
            tx.obligations.save(replace(owed, changes=(*owed.changes, change)), owed)


APPROVAL = "approval:"


def _is_approval(owed: Obligation) -> bool:
    """An approval hangs on the signed paper, not on the pair's life."""
    return owed.key.startswith(APPROVAL)


def _due(
    tx: Repositories, services: Services, organisation: Organisation, duty: Duty
) -> tuple[date | None, int | None]:
    """The last day, or the year whose calendar is not approved yet."""
    whose = organisation
    above = {Whose.ADDRESSEE: organisation.office_id, Whose.FOUNDER: organisation.founder_id}
    other = above.get(duty.rule.calendar_of)
    if other is not None:
        whose = tx.organisations.load(other)
    answer = due(duty.rule, duty.event, calendar_of(tx, services, whose))
    match answer:
        case Due(day=day):
            return day, None
        case Uncovered(year=year):
            return None, year
        case NotYetKnown():
            return None, None


def _obligation(
    services: Services,
    organisation: Organisation,
    case: Case,
    duty: Duty,
    day: date | None,
    uncovered: int | None,
) -> Obligation:
    return Obligation(
        id=services.new_id(),
        key=duty.key,
        title=duty.kind.title,
        debtor_id=organisation.id,
        creditor_id=organisation.id,
        evidence=Evidence.STEP,
        due=day,
        type_code=duty.kind.code,
        case_id=case.id,
        article=duty.rule.article,
        employment_id=duty.employment_id,
        role=duty.role,
        step=duty.step.key,
        counted_from=duty.event,
        uncovered_year=uncovered,
    )


def _move(
    tx: Transaction,
    services: Services,
    owed: Obligation,
    duty: Duty,
    day: date | None,
    uncovered: int | None,
    ground: str,
) -> None:
    """Take a cancelled duty up again, or move its last day; a met one stays as it is."""
    state = state_of(owed)
    if state not in (*_OPEN, ObligationState.CANCELLED):
        return
    now = services.clock()
    changes = list(owed.changes)
    if state is ObligationState.CANCELLED:
        changes.append(Change(ChangeKind.REQUIRED_AGAIN, now, None, ground))
    becomes = replace(owed, counted_from=duty.event, uncovered_year=uncovered)
    if day is not None and owed.due is None:
        becomes = replace(becomes, due=day)
    elif day is not None and day != owed.due_now:
        changes.append(Change(ChangeKind.POSTPONED, now, None, ground, day))
    becomes = replace(becomes, changes=tuple(changes))
    if becomes != owed:
        tx.obligations.save(becomes, owed)
