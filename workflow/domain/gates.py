"""The gates of a line: which papers must be in force before an order may name the pair.

ТК РФ, ст. 351.8: the work rests on written consent, and content, term and form stand in the
contract or in an additional agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.pairs import Life, Pair, PairStatus
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Gate, GateOf, GateUnless


@dataclass(frozen=True)
class LineTerms:
    """What a line of an order says: whom it brings together, and for how long.

    `clause` names the mentor's contract that already holds the terms of the work.
    """

    case_id: UUID
    mentor: UUID
    mentees: tuple[UUID, ...]
    since: date
    until: date
    clause: str = ""
    early_start_reason: str = ""


@dataclass(frozen=True)
class Paper:
    """A paper of the pair that is in force: whose it is, for which mentees and days.

    `mentees` is empty where the paper names none; `since` and `until` are None where it names no
    term. `dated` is its printed day.
    """

    type_code: str
    person: UUID
    dated: date
    mentees: tuple[UUID, ...] = ()
    mentor: UUID | None = None
    since: date | None = None
    until: date | None = None

    def covers(self, terms: LineTerms) -> bool:
        """Whether it was given for this mentor, these mentees and the whole of this term."""
        if self.mentor is not None and self.mentor != terms.mentor:
            return False
        if self.mentees and not set(terms.mentees) <= set(self.mentees):
            return False
        begins = self.since is None or self.since <= terms.since
        return begins and (self.until is None or self.until >= terms.until)


@dataclass(frozen=True)
class OpenGate:
    """A paper that is missing: of which person, or given for other terms (`other_terms`)."""

    gate: Gate
    person: UUID
    other_terms: bool = False


def open_gates(
    gates: Sequence[Gate], terms: LineTerms, papers: Iterable[Paper]
) -> tuple[OpenGate, ...]:
    """The gates of a line that are not passed yet, in the order of the pack."""
    known = tuple(papers)
    missing: list[OpenGate] = []
    for gate in gates:
        if gate.unless is GateUnless.CONTRACT_CLAUSE and terms.clause.strip():
            continue
        people = (terms.mentor,) if gate.of is GateOf.MENTOR else terms.mentees
        for person in people:
            own = [p for p in known if p.type_code == gate.type_code and p.person == person]
            if not any(paper.covers(terms) for paper in own):
                missing.append(OpenGate(gate, person, other_terms=bool(own)))
    return tuple(missing)


@dataclass(frozen=True)
class LineGap:
    """Why a line keeps its order from being made ready or signed."""

    case_id: UUID
    refusal: Refusal


#: What is missing, as the order's refusal says it; papers without a sentence get the plain one.
_MISSING: Mapping[str, str] = {
    "D09": N_("The order cannot be signed: the mentor {person} has not consented."),
    "D10": N_("The order cannot be signed: the mentee {person} has not consented."),
    "D13": N_("The order cannot be signed: there is no additional agreement with {person}."),
}
_PLAIN = N_("The order cannot be signed: “{title}” of {person} is not in force.")
_OTHER_TERMS = N_("The order cannot be signed: “{title}” of {person} is for another term or pair.")


def refusal_of(gate: OpenGate, person: str, title: str) -> Refusal:
    """Say what is missing for the line and how to go on; `person` is «Иванова А. П.»."""
    code = gate.gate.type_code
    msgid = _OTHER_TERMS if gate.other_terms else _MISSING.get(code, _PLAIN)
    return Refusal(
        f"line.{gate.gate.key}",
        msgid,
        N_("Get the paper, or take the pair out of the order."),
        {"person": person, "title": title},
        article=gate.gate.article,
    )


def starts_in_time(
    terms: LineTerms, ordered_on: date, papers: Iterable[Paper], gates: Sequence[Gate]
) -> Refusal | None:
    """Whether the first day may stand in an order of the day `ordered_on`.

    A start before the order is refused, by the article that asks for the mentor's consent; the
    head may confirm it with a reason if consent and agreement are earlier than the start.
    """
    if terms.since >= ordered_on:
        return None
    asked = {gate.type_code for gate in gates}
    own = [p for p in papers if p.type_code in asked and p.person == terms.mentor]
    earlier = bool(own) and all(p.dated <= terms.since for p in own)
    if earlier and terms.early_start_reason.strip():
        return None
    return Refusal(
        "line.starts_before_order",
        N_("Mentoring would begin on {since}, before the order of {ordered_on}."),
        N_("Set a later first day; or the head confirms the earlier one with a reason.")
        if earlier
        else N_("Set a later first day: consent and agreement are not earlier either."),
        {"since": terms.since, "ordered_on": ordered_on},
        article=next((gate.article for gate in gates if gate.of is GateOf.MENTOR), ""),
    )


def is_waiting(life: Life, article: str) -> Refusal | None:
    """Whether an order may bring the pair together: no other one has done so."""
    if life.status in (PairStatus.WAITING_FOR_MENTOR, PairStatus.MATCHING):
        return None
    if life.is_over:
        return Refusal(
            "line.pair_over",
            N_("This pair has ended."),
            N_("Name anew who needs a mentor."),
            article=article,
        )
    return Refusal(
        "line.led_already",
        N_("Another order has brought this pair together already."),
        N_("Take the pair out: replacement and extension have orders of their own."),
        article=article,
    )


def is_still_asked(pair: Pair, life: Life, mentor: UUID | None, article: str) -> Refusal | None:
    """Whether a paper that an order asks for may still be signed; `mentor` is whom it names.

    A line taken out of a draft goes into a later order with the papers that were signed; but
    nobody signs for a mentor who is proposed no longer, nor for a pair that has ended.
    """
    if life.status is PairStatus.CANCELLED:
        return line_is_cancelled(article)
    if life.is_over:
        return Refusal(
            "paper.pair_over",
            N_("This pair has ended: the paper is not needed any more."),
            N_("Leave it unsigned."),
            article=article,
        )
    if mentor in (None, pair.proposed, life.mentor):
        return None
    return Refusal(
        "paper.other_mentor",
        N_("The paper names a mentor who is not proposed for the pair any more."),
        N_("Leave it unsigned; a new paper is begun on the page of the pair."),
        article=article,
    )


def line_is_cancelled(article: str) -> Refusal:
    """Nothing is signed for a pair whose line in the order was cancelled."""
    return Refusal(
        "paper.line_cancelled",
        N_("The line of the order that named this pair is cancelled."),
        N_("Leave the paper unsigned: nothing is asked of the pair any more."),
        article=article,
    )
