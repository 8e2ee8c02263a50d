"""Acknowledge with a simple signature: the sealed statement is the evidence of the mark."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import steps_for
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.domain.signatures import Attempt
from workflow.domain.simple_signatures import SimpleAct
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.acknowledge import save_acknowledged
from workflow.usecases.desk import Desk
from workflow.usecases.own_seals import remember_seal
from workflow.usecases.prove import Proof, Proven, prove, still_proven
from workflow.usecases.services import Services
from workflow.usecases.simple_session import (
    BegunSimply,
    Ground,
    begin,
    changed_meanwhile,
    digest_of_text,
    statement,
    taken_up,
)

_ACT = SimpleAct.ACKNOWLEDGE


def begin_acknowledging(
    services: Services, actor: Actor, document_id: UUID, seen: str
) -> BegunSimply | Refusal:
    """Open a single-use session for acknowledging what has the digest `seen`."""
    return begin(services, actor, document_id, seen, _ACT)


def acknowledge_simply(
    services: Services, actor: Actor, attempt_id: UUID, proof: Proof, text_seen: str
) -> Document | Refusal:
    """Seal that the actor has read the document, and set the mark.

    `text_seen` is the SHA-256 (hex) of the sentence that the person was shown. Refusals change
    nothing.
    """
    with services.uow.reading() as tx:
        taken = taken_up(tx, services, actor, attempt_id, _ACT)
    if isinstance(taken, Refusal):
        return taken
    proven = prove(services, actor, proof)
    if isinstance(proven, Refusal):
        return proven
    with services.uow() as tx:
        desks.lock_cases(tx, taken[1].document_id)
        refusal = still_proven(tx, actor, proven, proof)
        again = refusal or taken_up(tx, services, actor, attempt_id, _ACT)
        if isinstance(again, Refusal):
            return again
        document = _record(tx, services, *again, proven, text_seen)
        if isinstance(document, Document):
            tx.commit()
        return document


def _record(
    tx: Transaction,
    services: Services,
    desk: Desk,
    attempt: Attempt,
    ground: Ground,
    proven: Proven,
    text_seen: str,
) -> Document | Refusal:
    now = desk.around.now
    said = statement(tx, services, desk, ground, _ACT, attempt, proven.recognised, now)
    if digest_of_text(said.text) != text_seen:
        return changed_meanwhile()
    sealed = services.blobs.put(services.simple_seals.seal(said))
    remember_seal(tx, services, said.training)
    tx.attempts.save(replace(attempt, answer=sealed), attempt)
    document = desk.document
    for step in steps_for(document, Verb.ACKNOWLEDGE, desk.actor, desk.around):
        mark = desks.mark(services, desk, step, Verdict.ACKNOWLEDGED, evidence=sealed)
        document = document.marked(mark)
    return save_acknowledged(tx, services, desk, document, Verdict.ACKNOWLEDGED)
