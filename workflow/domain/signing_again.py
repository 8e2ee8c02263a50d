"""When somebody may sign once more, because the file of their signature is lost."""

from __future__ import annotations

from workflow.domain.circumstances import Circumstances
from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.paper import signs_on_paper
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState, state_of
from workflow.domain.signatures import Signature, SignatureStatus

#: A document that is cancelled or returned needs no signature any more.
_LIVES = (
    DocumentState.TO_SIGN,
    DocumentState.SIGNATURE_RECEIVED,
    DocumentState.IN_FORCE,
    DocumentState.AMENDED,
)


def may_sign_again(
    document: Document,
    signature: Signature,
    actor: Actor,
    around: Circumstances,
    *,
    damaged: bool,
) -> Refusal | None:
    """Whether the actor may replace the accepted signature by another over the same files.

    Only the same person, only over the newest fixed files, and only while what proves the first
    signature is `damaged`. The day of the document does not bind: it was signed on its day.
    """
    if signature.person_id != actor.person_id:
        return Refusal(
            "sign_again.not_yours",
            N_("A lost signature is made again by the person who signed, nobody else."),
            N_("Tell that person."),
        )
    if not damaged:
        return Refusal(
            "sign_again.intact",
            N_("The signature is stored whole: there is nothing to sign again."),
        )
    if signature.format is SignatureFormat.SIMPLE:
        return Refusal(
            "sign_again.simple",
            N_("A simple signature cannot be made again: its sealed statement names the moment."),
            N_("Ask the operator to put the file back from a backup."),
        )
    return _still_counts(document, signature, around) or signs_on_paper(document)


def _still_counts(
    document: Document, signature: Signature, around: Circumstances
) -> Refusal | None:
    fixing = document.fixing
    same_files = (
        fixing is not None
        and fixing.sequence == signature.fixing
        and fixing.manifest is not None
        and fixing.manifest.digest == signature.manifest
    )
    lives = state_of(document, around.kind, around.visa_roles) in _LIVES
    if same_files and lives and signature.status is SignatureStatus.ACCEPTED:
        return None
    return Refusal(
        "sign_again.counts_no_more",
        N_("This signature counts no more, so it is not made again."),
        N_("Open the document to see which signatures it waits for."),
    )
