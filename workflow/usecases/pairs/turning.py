"""Write a changed pair with all that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.documents import Document
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Cause, Life, Pair, Turn, TurnKind, life_of
from workflow.store.unit_of_work import Transaction
from workflow.usecases.pairs import duties
from workflow.usecases.services import Services


def save_pair(
    tx: Transaction, services: Services, new: Pair, loaded: Pair | None, ground: str = ""
) -> Life:
    """Save the pair, what queries need beside it, and the obligations that follow.

    `ground` says why they change («приказ … от … № …»).
    """
    case = tx.cases.load(new.id)
    organisation = tx.organisations.load(new.organisation_id)
    life = life_of(new, organisation.local_day(services.clock()))
    tx.pairs.save_living(new, loaded, life)
    regulation = services.packs.get(case.pack, case.pack_version)
    duties.follow(tx, services, case, organisation, regulation, life, ground)
    return life


def turn(
    services: Services,
    kind: TurnKind,
    day: date,
    cause: Cause,
    *,
    document: Document | None = None,
    by: UUID | None = None,
    mentor: UUID | None = None,
    mentee: UUID | None = None,
    until: date | None = None,
    ground: str = "",
) -> Turn:
    """A turn recorded now; with a document its day is the one from which terms may count."""
    return Turn(
        id=services.new_id(),
        kind=kind,
        day=day,
        cause=cause,
        recorded_at=services.clock(),
        document_id=document.id if document else None,
        recorded_by=by,
        mentor=mentor,
        mentee=mentee,
        until=until,
        ordered_on=document.dated if document else None,
        ground=ground,
    )


def withdraw_turns_of(
    tx: Transaction, services: Services, document_ids: Iterable[UUID], ground: str
) -> None:
    """What documents did to pairs is undone: their signatures did not hold."""
    fallen = set(document_ids)
    now = services.clock()
    for document_id in fallen:
        for pair in tx.pairs.turned_by(document_id):
            turns = tuple(
                replace(t, withdrawn_at=now)
                if t.document_id in fallen and t.withdrawn_at is None
                else t
                for t in pair.turns
            )
            if turns != pair.turns:
                save_pair(tx, services, replace(pair, turns=turns), pair, ground)


def audit_turn(tx: Transaction, organisation: Organisation, case: Case, made: Turn) -> None:
    """Remember a turn: which case, what, from when, by which document."""
    tx.audit.add(
        organisation.id,
        "pair.turned",
        {
            "case": str(case.id),
            "turn": str(made.kind),
            "day": made.day.isoformat(),
            "document": str(made.document_id) if made.document_id else None,
        },
    )
