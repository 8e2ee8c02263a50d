"""Put a visa on a document, with remarks if any."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_agree, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.usecases import desk as desks
from workflow.usecases.fix import fix_if_nobody_does
from workflow.usecases.services import Services


def agree(
    services: Services, actor: Actor, document_id: UUID, seen: str, remark: str = ""
) -> Document | Refusal:
    """Agree the draft whose manifest has the digest `seen`.

    A visa binds what the person saw: if the draft has changed since the page was opened, nothing
    is agreed. A `remark` makes it "agreed with remarks".
    """
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_agree(desk.document, desk.actor, desk.around) or may_trust(desk, seen)
        if refusal:
            return refusal
        document = desk.document
        verdict = Verdict.AGREED_WITH_REMARKS if remark.strip() else Verdict.AGREED
        for step in steps_for(document, Verb.AGREE, desk.actor, desk.around):
            given = desks.mark(services, desk, step, verdict, remark=remark.strip())
            document = document.marked(given)
        document = desks.save(tx, desk, document)
        document = fix_if_nobody_does(tx, services, desks.on_desk(desk, document))
        tx.audit.add(
            desk.organisation.id,
            "document.agreed",
            {"document": str(document.id), "manifest": seen, "verdict": str(verdict)},
        )
        tx.commit()
        return document


def may_trust(desk: desks.Desk, seen: str) -> Refusal | None:
    """Whether what the person saw is what lies here now."""
    manifest = desk.document.manifest
    if manifest is not None and manifest.digest == seen:
        return None
    return Refusal(
        "document.changed_meanwhile",
        N_("The document has changed since you opened the page."),
        N_("Open it again and look at what is different. Nothing has been done in your name."),
    )
