"""«Пары в приказе»: the lines of an order, what keeps one of them back, what may be put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import works_on_pairs
from workflow.domain.pairs import PairStatus, life_of
from workflow.domain.permissions import may_edit, may_return
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import PairEffect
from workflow.domain.routes import DocumentState
from workflow.queries.document_page import BEING_PREPARED
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.pairs.following import rows_by_case
from workflow.usecases.pairs.lines import has_lines
from workflow.usecases.pairs.orders import MOST_LINES
from workflow.usecases.pairs.reading import (
    day_in,
    employment_in,
    employments_in,
    people_named,
)
from workflow.usecases.services import Services

_LIVING = (
    PairStatus.WAITING_TO_BEGIN,
    PairStatus.RUNNING,
    PairStatus.SUSPENDED,
    PairStatus.TERM_OVER,
)
#: Which pairs may be put into an order, by what it does.
_FITS = {
    PairEffect.BEGIN: (PairStatus.MATCHING,),
    PairEffect.REPLACE_OR_END: (PairStatus.MATCHING, PairStatus.WAITING_FOR_MENTOR, *_LIVING),
}


@dataclass(frozen=True)
class OrderLine:
    """A pair in an order, as the order says it; `gap` is what it still lacks.

    `cancelled` is true for a line that a later order has cancelled; `opens`: the actor may open
    the pair.
    """

    case_id: UUID
    mentor: str
    new_mentor: str
    mentees: tuple[str, ...]
    since: date | None
    until: date | None
    gap: Refusal | None
    cancelled: bool
    opens: bool


@dataclass(frozen=True)
class PairChoice:
    """A pair that may be put into the order."""

    case_id: UUID
    mentor: str
    mentees: tuple[str, ...]


@dataclass(frozen=True)
class OrderLines:
    """The lines of an order.

    `change` says why they may not be changed now, `return_` why the order may not be returned.
    `is_draft`: lines are taken out and put in; later the order is returned first.
    `waits`: the gaps still matter, for the order is not in force yet. `gap` is what the order
    lacks as a whole, whatever its lines are like.
    """

    document_id: UUID
    lines: tuple[OrderLine, ...]
    addable: tuple[PairChoice, ...]
    is_draft: bool
    waits: bool
    change: Refusal | None
    return_: Refusal | None
    gap: Refusal | None = None

    @property
    def held_back(self) -> tuple[OrderLine, ...]:
        return tuple(line for line in self.lines if line.gap is not None)


_WAITS = (
    DocumentState.DRAFT,
    DocumentState.REWORK,
    DocumentState.ON_APPROVAL,
    DocumentState.AGREED,
    DocumentState.FIXING,
    DocumentState.TO_SIGN,
    DocumentState.SIGNATURE_RECEIVED,
)


def order_lines(services: Services, actor: Actor, document_id: UUID) -> OrderLines | None:
    """Return the lines of an order; None for a document that lists no pairs.

    NotFoundError when the document is not there or not for these eyes.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        document = desk.document
        if not has_lines(desk.kind) or not document.revisions:
            return None
        is_draft = desk.state in BEING_PREPARED
        waits = desk.state in _WAITS
        return OrderLines(
            document_id=document_id,
            lines=_lines(tx, services, desk, waits),
            addable=_addable(tx, desk) if is_draft else (),
            is_draft=is_draft,
            waits=waits,
            change=may_edit(document, desk.actor, desk.around),
            return_=may_return(document, desk.actor, desk.around),
            gap=_whole(desk) if waits else None,
        )


def _whole(desk: Desk) -> Refusal | None:
    """The gap that is about no line of its own."""
    own = (gap.refusal for gap in desk.around.gaps if gap.case_id == desk.document.id)
    return next(own, None)


def _lines(tx: Repositories, services: Services, desk: Desk, waits: bool) -> tuple[OrderLine, ...]:
    document = desk.document
    rows = rows_by_case(document)
    named = [e for row in rows.values() for e in _people(row)]
    names = people_named(tx, named)
    gaps = {gap.case_id: gap.refusal for gap in desk.around.gaps} if waits else {}
    opens = works_on_pairs(desk.actor, desk.organisation, services.clock())
    found = []
    for line in document.lines:
        row = rows.get(line.case_id, {})
        mentor, new = employment_in(row, "mentor"), employment_in(row, "new_mentor")
        found.append(
            OrderLine(
                case_id=line.case_id,
                mentor=names.get(mentor, "") if mentor else "",
                new_mentor=names.get(new, "") if new else "",
                mentees=tuple(names[m] for m in employments_in(row, "mentees")),
                since=day_in(row, "since"),
                until=day_in(row, "until"),
                gap=gaps.get(line.case_id),
                cancelled=line.cancelled_by is not None,
                opens=opens,
            )
        )
    return tuple(found)


def _people(row: Mapping[str, object]) -> list[UUID]:
    single = [employment_in(row, key) for key in ("mentor", "new_mentor")]
    return [one for one in (*single, *employments_in(row, "mentees")) if one]


def _addable(tx: Repositories, desk: Desk) -> tuple[PairChoice, ...]:
    """Pairs of the organisation, of the same text of the regulation, that are not in it yet."""
    statuses = _FITS.get(desk.kind.turn, _LIVING) if desk.kind.turn else _LIVING
    place: Organisation = desk.organisation
    found = tx.pairs.search([place.id], statuses, limit=MOST_LINES)
    cases = tx.cases.load_many([pair.id for pair in found])
    present = {line.case_id for line in desk.document.lines}
    fitting = [
        pair
        for pair in found
        if pair.id not in present and cases[pair.id].pack_version == desk.document.pack_version
    ]
    lives = {pair.id: life_of(pair, desk.around.today) for pair in fitting}
    mentors = {p.id: p.proposed or lives[p.id].mentor for p in fitting}
    named = [e for p in fitting for e in (*p.mentees, mentors[p.id]) if e]
    names = people_named(tx, named)
    return tuple(
        PairChoice(
            pair.id,
            names[mentor] if (mentor := mentors[pair.id]) else "",
            tuple(names[m] for m in lives[pair.id].mentees or pair.mentees),
        )
        for pair in fitting
    )
