"""What each mentee writes once about a mentor: the questionnaire is closed when it is signed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.pairs import Pair, life_of
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType
from workflow.domain.routes import DocumentState
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import IN_FORCE, employment_in

MENTEE = "mentee"
_OVER = (DocumentState.CANCELLED, DocumentState.REPEALED)


def is_written_once(kind: DocumentType) -> bool:
    """Whether each mentee owes one such paper by a day, and no second one."""
    return kind.author_field == MENTEE and bool(kind.deadlines)


def may_write_again(
    tx: Repositories, kind: DocumentType, case_ids: Collection[UUID], actor: Actor, today: date
) -> Refusal | None:
    """Whether somebody of the pairs has not written the paper about the present mentor yet.

    A mentee is asked about the own paper, the clerk about those of all mentees.
    """
    if not is_written_once(kind):
        return None
    for pair in tx.pairs.find(case_ids).values():
        states = _written(tx, kind, pair, today)
        mentees = life_of(pair, today).mentees or pair.mentees
        asked = [one for one in mentees if actor.has_employment(one)] or mentees
        if all(one in states for one in asked):
            return _refusal(kind, [states[one] for one in asked])
    return None


def _written(
    tx: Repositories, kind: DocumentType, pair: Pair, today: date
) -> dict[UUID, DocumentState]:
    """How the paper of each mentee about the present mentor stands."""
    mentor = life_of(pair, today).mentor
    headings = {
        h.id: h.state
        for h in tx.documents.headings_of_cases([pair.id])[pair.id]
        if h.type_code == kind.code and h.state not in _OVER
    }
    found: dict[UUID, DocumentState] = {}
    for document in tx.documents.load_many(list(headings)).values():
        mentee = employment_in(document.facts, MENTEE)
        if mentee is not None and employment_in(document.facts, "mentor") == mentor:
            found[mentee] = headings[document.id]
    return found


def _refusal(kind: DocumentType, states: Collection[DocumentState]) -> Refusal:
    if all(state in IN_FORCE for state in states):
        return Refusal(
            "paper.answered",
            N_("“{title}” is signed and closed: it is answered once."),
            N_("Nothing more is asked of you."),
            {"title": kind.title},
        )
    return Refusal(
        "paper.begun",
        N_("“{title}” has been begun already."),
        N_("Open it and go on."),
        {"title": kind.title},
    )
