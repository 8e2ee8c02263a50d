"""What documents do to their pairs: when they come into force, are handed over, or fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.facts import ids_in
from workflow.domain.notice import earliest_release, notice_rule
from workflow.domain.pairs import Cause, Pair, Turn, TurnKind, life_of
from workflow.domain.regulations import PairEffect, Regulation, Verb
from workflow.domain.routes import last_mark, steps_of
from workflow.domain.working_days import Unknown
from workflow.store.unit_of_work import Transaction
from workflow.usecases.desk import Desk
from workflow.usecases.pairs import turning
from workflow.usecases.pairs.lines import (
    CASE,
    COMPLETION,
    EFFECTIVE,
    LINES,
    REPLACEMENT,
    VARIANT,
)
from workflow.usecases.pairs.propose import withdrawn
from workflow.usecases.pairs.reading import day_in, employment_in
from workflow.usecases.pairs.targets import TARGET
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named
from workflow.usecases.work_calendars import calendar_of

GROUND = "ground"
#: Verdicts by which a notice has reached the person: signed for, or refused with an act.
_HANDED_OVER = frozenset(
    {Verdict.ACKNOWLEDGED, Verdict.ACKNOWLEDGED_ON_PAPER, Verdict.REFUSED, Verdict.COLLAPSED}
)


CLOSE = "close_document"


def ask_to_close(tx: Transaction, desk: Desk) -> None:
    """Have the documents marked that the desk's document amends or cancels (see `closing`)."""
    document = desk.document
    if desk.kind.turn not in (PairEffect.AMEND, PairEffect.CANCEL) or not document.revisions:
        return
    for target in ids_in(document.facts.get(TARGET)):
        tx.outbox.add(CLOSE, {"document": str(target), "by": str(document.id)})


def follow_document(tx: Transaction, services: Services, desk: Desk) -> None:
    """The document has come into force: turn the pairs of its lines."""
    effect = desk.kind.turn
    if effect is None or effect is PairEffect.NOTICE:
        return  # a notice counts from the day on which it was handed over
    document = desk.document
    ask_to_close(tx, desk)
    rows = rows_by_case(document)
    for pair in _pairs(tx, document):
        turns = _turns(services, desk, effect, pair, rows.get(pair.id, document.facts))
        if turns:
            _turn(tx, services, desk, pair, turns)
        elif effect is PairEffect.STATEMENT:
            _withdraw_candidate(tx, services, pair, document)


def follow_existing(tx: Transaction, services: Services, desk: Desk) -> None:
    """A document from before is entered: a running pair begins with what is proposed for it.

    The order of the day named in the document names mentor and term; where its facts were not
    filled in, the pair's proposal says them.
    """
    if desk.kind.turn is not PairEffect.BEGIN:
        follow_document(tx, services, desk)
        return
    rows = rows_by_case(desk.document)
    for pair in _pairs(tx, desk.document):
        proposal = pair.proposal
        row = rows.get(pair.id)
        if row is None and proposal is not None:
            row = {
                "mentor": str(proposal.mentor),
                "since": proposal.since,
                "until": proposal.until,
            }
        if row is not None:
            _turn(tx, services, desk, pair, (_begun(services, desk.document, row),))


def rows_by_case(document: Document) -> dict[UUID, Mapping[str, object]]:
    """The rows of an order by the pair that they are about."""
    if not document.revisions:
        return {}
    rows = document.facts.get(LINES)
    if not isinstance(rows, list | tuple):
        return {}
    return {UUID(str(row[CASE])): row for row in rows if row.get(CASE)}


def _pairs(tx: Transaction, document: Document) -> list[Pair]:
    """The pairs of the lines that still stand."""
    wanted = [line.case_id for line in document.lines if line.cancelled_by is None]
    return list(tx.pairs.find(wanted).values())


def _turn(
    tx: Transaction, services: Services, desk: Desk, pair: Pair, turns: tuple[Turn, ...]
) -> None:
    case = tx.cases.load(pair.id)
    becomes = pair
    for made in turns:
        becomes = becomes.turned(made)
        turning.audit_turn(tx, desk.organisation, case, made)
    turning.save_pair(tx, services, becomes, pair, document_named(desk.document))


def _turns(
    services: Services,
    desk: Desk,
    effect: PairEffect,
    pair: Pair,
    row: Mapping[str, object],
) -> tuple[Turn, ...]:
    document = desk.document
    assert document.dated is not None
    match effect:
        case PairEffect.BEGIN:
            return (_begun(services, document, row),)
        case PairEffect.EXTEND:
            until = day_in(row, "until")
            kind, cause = TurnKind.EXTENDED, Cause.MUTUAL
            made = turning.turn(
                services, kind, document.dated, cause, document=document, until=until
            )
            return (made,)
        case PairEffect.STATEMENT:
            return _laid_down(services, desk, pair)
        case PairEffect.REPLACE_OR_END:
            return _replaced_or_ended(services, document, row)
        case PairEffect.CANCEL:
            day = day_in(document.facts, EFFECTIVE) or document.dated
            kind, cause = TurnKind.CANCELLED, Cause.MISTAKE
            return (turning.turn(services, kind, day, cause, document=document),)
        case _:
            return ()


def _begun(services: Services, document: Document, row: Mapping[str, object]) -> Turn:
    since, until = day_in(row, "since"), day_in(row, "until")
    assert since is not None
    return turning.turn(
        services,
        TurnKind.BEGUN,
        since,
        Cause.ORDER,
        document=document,
        mentor=employment_in(row, "mentor"),
        until=until,
    )


def _laid_down(services: Services, desk: Desk, pair: Pair) -> tuple[Turn, ...]:
    """The mentor's statement ends the own time with the pair on the day it names."""
    facts = desk.document.facts
    mentor, day = employment_in(facts, "mentor"), day_in(facts, EFFECTIVE)
    life = life_of(pair, desk.around.today)
    if day is None or life.mentor is None or life.mentor != mentor:
        return ()
    cause = Cause.RESIGNATION
    return (turning.turn(services, TurnKind.NOTICE, day, cause, document=desk.document),)


def _withdraw_candidate(
    tx: Transaction, services: Services, pair: Pair, document: Document
) -> None:
    """Whoever lays the duties down before the order is proposed no longer."""
    if pair.proposed is None or pair.proposed != employment_in(document.facts, "mentor"):
        return
    now = services.clock()
    changed = replace(pair, proposals=withdrawn(pair.proposals, now))
    turning.save_pair(tx, services, changed, pair, document_named(document))


def _replaced_or_ended(
    services: Services, document: Document, row: Mapping[str, object]
) -> tuple[Turn, ...]:
    facts = document.facts
    assert document.dated is not None
    ends = day_in(row, "ends") or document.dated
    cause = _cause(str(facts.get(GROUND) or ""))
    if facts.get(VARIANT) != REPLACEMENT:
        if facts.get(VARIANT) == COMPLETION:
            cause = Cause.COMPLETED
        return (turning.turn(services, TurnKind.ENDED, ends, cause, document=document),)
    since, until = day_in(row, "since"), day_in(row, "until")
    assert since is not None
    return (
        turning.turn(services, TurnKind.NOTICE, ends, cause, document=document),
        turning.turn(
            services,
            TurnKind.REPLACED,
            since,
            cause,
            document=document,
            mentor=employment_in(row, "new_mentor"),
            until=until,
        ),
    )


def _cause(word: str) -> Cause:
    return Cause(word) if word in set(Cause) else Cause.ORDER


def follow_handing_over(tx: Transaction, services: Services, desk: Desk) -> None:
    """The mentor has received the head's notice: it ends the pair's time with this mentor.

    If less than the term of notice is left by then, the day moves: the other side is warned at
    least three working days before (ТК РФ, ст. 351.8).
    """
    document = desk.document
    if desk.kind.turn is not PairEffect.NOTICE or not document.revisions:
        return
    handed_over = _handed_over_on(desk)
    named = day_in(document.facts, EFFECTIVE)
    if handed_over is None or named is None:
        return
    regulation = services.packs.get(document.pack, document.pack_version)
    day = _not_before(tx, services, desk, regulation, handed_over, named)
    for pair in _pairs(tx, document):
        if any(t.document_id == document.id for t in pair.held):
            continue
        made = turning.turn(services, TurnKind.NOTICE, day, Cause.CANCELLATION, document=document)
        _turn(tx, services, desk, pair, (made,))


def _handed_over_on(desk: Desk) -> date | None:
    """The day on which the mentor signed for the notice, or refused to before witnesses."""
    for step in steps_of(desk.document, desk.kind, desk.around.visa_roles):
        if step.verb is not Verb.ACKNOWLEDGE or step.spec.who.field_key != "mentor":
            continue
        mark = last_mark(desk.document, step)
        if mark is not None and mark.verdict in _HANDED_OVER:
            return mark.happened_on or desk.organisation.local_day(mark.at)
    return None


def _not_before(
    tx: Transaction,
    services: Services,
    desk: Desk,
    regulation: Regulation,
    given_on: date,
    named: date,
) -> date:
    rule = notice_rule(regulation.rules)
    if rule is None:
        return named
    calendar = calendar_of(tx, services, desk.organisation)
    earliest = earliest_release(given_on, rule.limit(), calendar)
    # An unknown calendar delays nothing: its year lies far beyond three working days.
    return named if isinstance(earliest, Unknown) else max(named, earliest)


def fall_with_document(tx: Transaction, services: Services, desk: Desk) -> None:
    """The signature did not hold: what the document did to pairs is undone."""
    if desk.kind.turn is None:
        return
    ask_to_close(tx, desk)
    ground = document_named(desk.document)
    turning.withdraw_turns_of(tx, services, [desk.document.id], ground)
