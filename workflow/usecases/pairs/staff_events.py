"""Dismissal, transfer, long absence: pairs end, wait or are suspended, and obligations follow.

A job works out which turns the staff's dates mean and writes the difference: dates that are
corrected later correct the pairs, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.pairs import Cause, Pair, Turn, TurnKind, life_of
from workflow.domain.people import Absence, AbsenceKind, Employment
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Transaction
from workflow.usecases.pairs import turning
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.wording import day_in_words

KIND = "pairs_follow_staff"
ONE_DAY = timedelta(days=1)
#: A usual leave suspends nothing; what lasts does.
SUSPENDING = (AbsenceKind.MATERNITY, AbsenceKind.ILLNESS)
_STAFF = (Cause.DISMISSAL, Cause.LEAVE)


@dataclass(frozen=True)
class _Event:
    """A turn that the dates of a post mean."""

    kind: TurnKind
    day: date
    cause: Cause
    ground: str


def ask(tx: Transaction, employment_id: UUID) -> None:
    """Have the pairs of a post follow its dates; called wherever these change."""
    tx.outbox.add(KIND, {"employment": str(employment_id)})


def follow_staff(services: Services, payload: Any) -> Effect:
    """Bring the pairs of a post into line with its last day and long absences (a job)."""
    employment_id = UUID(payload["employment"])

    def effect(tx: Transaction) -> None:
        named = tx.pairs.naming([employment_id])
        tx.lock(Lock.CASE, cases, [pair.id for pair in named])
        employment = tx.employments.load(employment_id)
        absences = tx.absences.of_employments([employment_id])
        for pair in tx.pairs.find([p.id for p in named]).values():
            _bring_into_line(tx, services, pair, employment, absences)

    return effect


def _bring_into_line(
    tx: Transaction,
    services: Services,
    pair: Pair,
    employment: Employment,
    absences: list[Absence],
) -> None:
    organisation = tx.organisations.load(pair.organisation_id)
    now = services.clock()
    wanted = _events(pair, employment, absences, organisation.local_day(now))
    written = [t for t in pair.held if _is_about(t, employment.id)]
    missing = [e for e in wanted if all(not _same(t, e) for t in written)]
    gone = {t.id for t in written if all(not _same(t, e) for e in wanted)}
    if not missing and not gone:
        return
    turns = tuple(replace(t, withdrawn_at=now) if t.id in gone else t for t in pair.turns)
    changed = replace(pair, turns=turns)
    for event in missing:
        made = turning.turn(services, event.kind, event.day, event.cause, ground=event.ground)
        made = _naming(made, pair, employment.id)
        changed = changed.turned(made)
        turning.audit_turn(tx, organisation, tx.cases.load(pair.id), made)
    ground = missing[0].ground if missing else employment.post
    turning.save_pair(tx, services, changed, pair, ground)


def _is_about(turn: Turn, employment_id: UUID) -> bool:
    return (
        turn.document_id is None
        and turn.cause in _STAFF
        and employment_id in (turn.mentor, turn.mentee)
    )


def _same(turn: Turn, event: _Event) -> bool:
    return (turn.kind, turn.day, turn.cause) == (event.kind, event.day, event.cause)


def _naming(turn: Turn, pair: Pair, employment_id: UUID) -> Turn:
    """Say on whose account the turn came."""
    if employment_id in pair.mentees:
        return replace(turn, mentee=employment_id)
    return replace(turn, mentor=employment_id)


def _events(
    pair: Pair, employment: Employment, absences: list[Absence], today: date
) -> list[_Event]:
    """What the dates of the post mean for the pair; nothing for a mentor who was only proposed."""
    own = replace(pair, turns=tuple(t for t in pair.turns if not _is_about(t, employment.id)))
    life = life_of(own, today)
    is_mentee = employment.id in pair.mentees
    led = [spell for spell in life.spells if spell.mentor == employment.id]
    if not is_mentee and not led:
        return []
    newest = life.spell if is_mentee else led[-1]
    until = newest.until if newest else None
    events: list[_Event] = []
    for absence in absences:
        if absence.kind not in SUSPENDING or absence.withdrawn_at is not None:
            continue
        if not _touches(until, absence.since):
            continue
        events.append(_Event(TurnKind.SUSPENDED, absence.since, Cause.LEAVE, absence.ground))
        if absence.until is not None:
            back = absence.until + ONE_DAY
            events.append(_Event(TurnKind.RESUMED, back, Cause.LEAVE, absence.ground))
    if employment.until is not None and _touches(until, employment.until + ONE_DAY):
        kind = TurnKind.MENTEE_LEFT if is_mentee else TurnKind.NOTICE
        # Printed beside the cancelled obligation, so in the words of the office.
        ground = f"увольнение (перевод) {day_in_words(employment.until)}"
        events.append(_Event(kind, employment.until + ONE_DAY, Cause.DISMISSAL, ground))
    return events


def _touches(until: date | None, day: date) -> bool:
    """Whether the day lies within the ordered term, or no order has set one yet."""
    return until is None or day <= until
