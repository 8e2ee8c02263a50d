"""What pairs that are being brought together wait for, for those who prepare, decide or propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from workflow.domain.administration import may_keep_staff
from workflow.domain.gates import LineTerms, starts_in_time
from workflow.domain.mandates import Actor
from workflow.domain.matching import Check, Outcome
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import may_decide_for_pair, works_on_pairs
from workflow.domain.pairs import PairStatus, life_of
from workflow.domain.permissions import Circumstances, may_prepare
from workflow.domain.regulations import DocumentType, Role, Verb
from workflow.queries.pair_next import NextKey, next_of
from workflow.queries.pair_papers import PaperLine, PaperState, is_pending
from workflow.queries.pair_places import knows_pairs
from workflow.queries.pair_standing import Standing, standings
from workflow.queries.without_mentor import proposing
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.checks import Proposed, checks_of_pairs
from workflow.usecases.pairs.reading import paper_of
from workflow.usecases.services import Services

#: At most so many living pairs of the organisations are looked through, the newest first.
MOST_PAIRS = 200
_NOT_OVER = (
    PairStatus.WAITING_FOR_MENTOR,
    PairStatus.MATCHING,
    PairStatus.WAITING_TO_BEGIN,
    PairStatus.RUNNING,
    PairStatus.SUSPENDED,
)
#: Every paper is there.
_READY = frozenset({NextKey.ORDER, NextKey.ORDER_UNDER_WAY})


class PairAsk(StrEnum):
    """What is asked for a pair."""

    PAPER = "paper"  # a paper that the clerk prepares: the additional agreement
    ORDER = "order"  # every paper is there
    CLEAR_UP = "clear_up"  # a rule of the regulation stops the pair
    ALLOW = "allow"  # the head passes over a soft rule, or confirms an early first day


@dataclass(frozen=True)
class PairWaiting:
    """One thing to do for a pair, or for several ones that one order names.

    `title` is that of the paper or order, empty for the others; `pairs` says of whom, as «Зотова
    Н. Л. — Голубева Д. М.», and `case_id` is the first of them; `check` is the rule (None: the
    first day lies before the order); `effect` what the order does to pairs.
    """

    ask: PairAsk
    case_id: UUID
    organisation_id: UUID
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    title: str = ""
    type_code: str = ""
    effect: str = ""
    check: Check | None = None


def pairs_waiting(
    tx: Repositories,
    services: Services,
    actor: Actor,
    roles: set[tuple[UUID, Role]],
    places: Mapping[UUID, Organisation],
) -> list[PairWaiting]:
    """Return what the actor is to do for pairs that no order names yet, in few queries for all.

    Each pair asks for its one next thing, as its page does; pairs whose order is next come
    together, for one order names them all.
    """
    now = services.clock()
    mine = {
        place.id: place
        for place in places.values()
        if works_on_pairs(actor, place, now) and knows_pairs(services, place)
    }
    if not mine:
        return []
    found = [
        pair
        for pair in tx.pairs.search(list(mine), _NOT_OVER, limit=MOST_PAIRS)
        if is_pending(pair, life_of(pair, mine[pair.organisation_id].local_day(now)))
    ]
    told = [
        (one, terms)
        for one in standings(tx, services, actor, found, mine)
        if (terms := one.proposed_terms) is not None
    ]
    checks = checks_of_pairs(tx, [Proposed(o.pair, o.regulation, terms) for o, terms in told])
    matchmaker = set(proposing(tx, services, roles, mine)) if told else set()
    waiting: list[PairWaiting] = []
    for one, terms in told:
        eyes = _Eyes(actor, mine[one.pair.organisation_id], services, matchmaker)
        asked = _asked(eyes, one, terms, checks[one.pair.id])
        waiting += [asked] if asked else []
    return _together(waiting)


@dataclass(frozen=True)
class _Eyes:
    """Who looks, and in which organisation; `matchmaker`: where it is for them to propose."""

    actor: Actor
    place: Organisation
    services: Services
    matchmaker: set[UUID]

    def may_prepare(self, kind: DocumentType) -> bool:
        around = Circumstances(kind, self.place, self.services.clock())
        return may_prepare(self.actor, around) is None

    @property
    def is_head(self) -> bool:
        return may_decide_for_pair(self.actor, self.place, self.services.clock()) is None

    def may_mend(self, check: Check) -> bool:
        """Whether it is for the actor to do something about a rule that stops a pair."""
        if check.outcome is Outcome.UNKNOWN:
            today = self.place.local_day(self.services.clock())
            return may_keep_staff(self.actor, self.place, today) is None and not self.is_head
        return self.is_head if check.soft else self.place.id in self.matchmaker


def _asked(
    eyes: _Eyes, one: Standing, terms: LineTerms, checks: Sequence[Check]
) -> PairWaiting | None:
    following = next_of(replace(one.situation, checks=checks))
    kind = one.order_kind
    if following is None or kind is None:
        return None
    if following.check is not None:
        ask = PairAsk.ALLOW if eyes.is_head else PairAsk.CLEAR_UP
        made = _waiting(ask, one, terms, check=following.check)
        return made if eyes.may_mend(following.check) else None
    if following.key is NextKey.PAPER:
        paper = _paper_to_prepare(eyes, one)
        return _waiting(PairAsk.PAPER, one, terms, paper) if paper else None
    if following.key in _READY and eyes.is_head and _waits_for_start(one, terms):
        return _waiting(PairAsk.ALLOW, one, terms)
    if following.key is NextKey.ORDER and eyes.may_prepare(kind):
        return _waiting(PairAsk.ORDER, one, terms, kind)
    return None


def _paper_to_prepare(eyes: _Eyes, one: Standing) -> DocumentType | None:
    """The next paper that the actor's role prepares, once what it depends on is in force."""
    missing = {line.gate.type_code for line in one.papers if not line.passed}
    for line in one.papers:
        kind = one.regulation.document_types[line.gate.type_code]
        by_role = any(s.verb is Verb.PREPARE and s.who.role for s in kind.route)
        ready = missing.isdisjoint(kind.depends_on)
        if _is_lacking(line) and by_role and ready and eyes.may_prepare(kind):
            return kind
    return None


def _is_lacking(line: PaperLine) -> bool:
    return line.state in (PaperState.MISSING, PaperState.OTHER_TERMS)


def _waits_for_start(one: Standing, terms: LineTerms) -> bool:
    """Whether the head's word is all that the first day before the order waits for."""
    gates = one.order_kind.gates if one.order_kind else ()
    known = [p for p in map(paper_of, one.documents.values()) if p is not None]
    confirmed = replace(terms, early_start_reason="…")
    return (
        starts_in_time(terms, one.today, known, gates) is not None
        and starts_in_time(confirmed, one.today, known, gates) is None
    )


def _waiting(
    ask: PairAsk,
    one: Standing,
    terms: LineTerms,
    kind: DocumentType | None = None,
    check: Check | None = None,
) -> PairWaiting:
    mentees = tuple(one.names[mentee] for mentee in terms.mentees)
    return PairWaiting(
        ask=ask,
        case_id=one.pair.id,
        organisation_id=one.pair.organisation_id,
        pairs=((one.names[terms.mentor], mentees),),
        title=kind.title if kind else "",
        type_code=kind.code if kind else "",
        effect=kind.turn.value if kind and kind.turn else "",
        check=check,
    )


def _together(waiting: Sequence[PairWaiting]) -> list[PairWaiting]:
    """Pairs of one organisation that wait for the same kind of order are one thing to do."""
    made: dict[object, PairWaiting] = {}
    for one in waiting:
        key: object = (one.organisation_id, one.type_code)
        key = key if one.ask is PairAsk.ORDER else one.case_id
        first = made.get(key)
        made[key] = replace(first, pairs=(*first.pairs, *one.pairs)) if first else one
    return list(made.values())
