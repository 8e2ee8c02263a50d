"""An order amends or cancels an earlier one, wholly or by line (D43, D44).

The earlier document serves other pairs, too; it is written by a job of its own, which locks all of
them. Asked twice, it does nothing the second time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.regulations import PairEffect
from workflow.domain.routes import CLOSING, DocumentState
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.effect import ask_for_visual_copy
from workflow.usecases.pairs.targets import WHOLE
from workflow.usecases.render import Effect
from workflow.usecases.services import Services


def close_document(services: Services, payload: Any) -> Effect:
    """Mark an earlier document as its newer one stands now: amended, cancelled, or as before."""
    target_id, by_id = UUID(payload["document"]), UUID(payload["by"])

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, target_id)
        target, by = tx.documents.load(target_id), tx.documents.load(by_id)
        if target.organisation_id != by.organisation_id:
            return
        actor = desks.actor_of(tx, by.created_by)
        newer = desks.lay_for_system(tx, services, by, actor)
        older = desks.lay_for_system(tx, services, target, actor)
        changed = (
            _closed(services, older, newer) if _holds(newer) else _reopened(services, older, by)
        )
        if changed != target:
            desks.save(tx, older, changed)
            ask_for_visual_copy(tx, changed)
            tx.audit.add(
                target.organisation_id,
                "document.closed",
                {"document": str(target_id), "by": str(by_id)},
            )

    return effect


def _holds(newer: Desk) -> bool:
    return newer.state in (DocumentState.IN_FORCE, DocumentState.AMENDED)


def _closed(services: Services, older: Desk, newer: Desk) -> Document:
    """The document with what the newer one takes from it."""
    target, by = older.document, newer.document
    becomes = DocumentState.AMENDED
    lines = target.lines
    if newer.kind.turn is PairEffect.CANCEL:
        gone = {line.case_id for line in by.lines if line.cancelled_by is None}
        lines = tuple(
            replace(line, cancelled_by=line.cancelled_by or by.id) if line.case_id in gone else line
            for line in target.lines
        )
        if by.facts.get(WHOLE) or all(line.cancelled_by for line in lines):
            becomes = DocumentState.CANCELLED
    before = _last(target, by.id)
    if before is not None and before.verdict is Verdict.REPEALED:
        return target
    return replace(target, lines=lines).marked(_mark(services, older, by, becomes))


def _reopened(services: Services, older: Desk, by: Document) -> Document:
    """The newer document did not hold: the older one is as it was."""
    target = older.document
    before = _last(target, by.id)
    if before is None or before.verdict is not Verdict.REPEALED:
        return target
    lines = tuple(
        replace(line, cancelled_by=None) if line.cancelled_by == by.id else line
        for line in target.lines
    )
    undone = _mark(services, older, by, DocumentState(before.remark))
    return replace(target, lines=lines).marked(replace(undone, verdict=Verdict.WITHDRAWN))


def _last(target: Document, by: UUID) -> Mark | None:
    marks = [m for m in target.marks if m.step == CLOSING and m.evidence == str(by)]
    return marks[-1] if marks else None


def _mark(services: Services, older: Desk, by: Document, state: DocumentState) -> Mark:
    return desks.mark(
        services, older, CLOSING, Verdict.REPEALED, remark=str(state), evidence=str(by.id)
    )
