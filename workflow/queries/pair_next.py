"""The one thing that a pair needs next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.matching import MENTEES_AT_MOST, Check, Outcome
from workflow.domain.pairs import PairStatus
from workflow.queries.case_page import DocumentLine
from workflow.queries.pair_papers import PaperLine
from workflow.queries.pair_terms import PairTerm


class NextKey(StrEnum):
    """What kind of thing comes next."""

    PROPOSE = "propose"  # somebody has to propose a mentor
    CHECK = "check"  # a rule of the regulation stops the pair
    PAPER = "paper"  # a consent or agreement is missing
    ORDER = "order"  # everything is there, the order is to be prepared
    ORDER_UNDER_WAY = "order_under_way"
    RESOLUTION = "resolution"  # somebody asks, the head has not answered yet
    TERM = "term"  # somebody owes a paper
    LETTER = "letter"  # the results are to be sent


@dataclass(frozen=True)
class PairNext:
    """What comes next: one of the fields belongs to the key."""

    key: NextKey
    check: Check | None = None
    paper: PaperLine | None = None
    document: DocumentLine | None = None
    term: PairTerm | None = None


@dataclass(frozen=True)
class Situation:
    """What decides about the next step.

    `leaving`: the mentor has given notice, or got it, whenever that takes effect. `asking` is a
    petition that waits for the head's resolution. `pending`: somebody is proposed whom no order
    has named yet. `order` is the order that is under way; `letter_due`: the results are there and
    no letter has been begun.
    """

    status: PairStatus
    pending: bool
    leaving: bool = False
    asking: DocumentLine | None = None
    papers: Sequence[PaperLine] = ()
    order: DocumentLine | None = None
    terms: Sequence[PairTerm] = ()
    checks: Sequence[Check] = ()
    letter_due: bool = False


def next_of(now: Situation) -> PairNext | None:
    """Return the next thing; None when nothing has to be done now."""
    if now.pending:
        return _of_matching(now)
    if now.leaving or now.status is PairStatus.WAITING_FOR_MENTOR:
        return PairNext(NextKey.PROPOSE)
    if now.asking is not None:
        return PairNext(NextKey.RESOLUTION, document=now.asking)
    owed = next((term for term in now.terms if term.is_open), None)
    if owed is not None:
        return PairNext(NextKey.TERM, term=owed)
    return PairNext(NextKey.LETTER) if now.letter_due else None


def _of_matching(now: Situation) -> PairNext:
    stopping = next((c for c in now.checks if c.stops and not waits_for_consent(c)), None)
    if stopping is not None:
        return PairNext(NextKey.CHECK, check=stopping)
    paper = next((line for line in now.papers if not line.passed), None)
    if paper is not None:
        return PairNext(NextKey.PAPER, paper=paper, document=paper.document)
    if now.order is not None:
        return PairNext(NextKey.ORDER_UNDER_WAY, document=now.order)
    return PairNext(NextKey.ORDER)


def waits_for_consent(check: Check) -> bool:
    """Whether the check is made by itself once the mentor has consented."""
    return check.key == MENTEES_AT_MOST and check.outcome is Outcome.UNKNOWN
