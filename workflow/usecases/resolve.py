"""The head resolves a petition: grants it, denies it, or has both sides heard first."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_resolve, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.usecases import desk as desks
from workflow.usecases.agree import may_trust
from workflow.usecases.services import Services

RESOLUTIONS = (Verdict.GRANTED, Verdict.DENIED, Verdict.MEDIATION)


def resolve(
    services: Services, actor: Actor, document_id: UUID, seen: str, verdict: str, reason: str = ""
) -> Document | Refusal:
    """Write the resolution on the petition whose manifest has the digest `seen`.

    `verdict` is `granted`, `denied` or `mediation` (ValueError for another word); a denial needs
    its reason.
    """
    resolution = Verdict(verdict)
    if resolution not in RESOLUTIONS:
        raise ValueError(f"{verdict} is no resolution")
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_resolve(desk.document, desk.actor, desk.around) or may_trust(desk, seen)
        if refusal is None and resolution is Verdict.DENIED and not reason.strip():
            refusal = Refusal(
                "resolve.reason_missing",
                N_("A petition is denied with a reason."),
                N_("Write the reason: whoever asked will read it."),
            )
        if refusal:
            return refusal
        document = desk.document
        for step in steps_for(document, Verb.RESOLVE, desk.actor, desk.around):
            given = desks.mark(services, desk, step, resolution, remark=reason.strip())
            document = document.marked(given)
        document = desks.save(tx, desk, document)
        tx.audit.add(
            desk.organisation.id,
            "document.resolved",
            {"document": str(document.id), "manifest": seen, "verdict": str(resolution)},
        )
        tx.commit()
        return document
