"""How pages speak of the `.sig` that came with an existing document."""

from __future__ import annotations

from web.components import Mark, Notice
from web.current import _
from workflow.domain.documents import ExistingSignature
from workflow.domain.refusals import N_

VALID = "valid"


def existing_notice(signature: ExistingSignature) -> Notice:
    """Say what became of the signature when the document was registered."""
    title = _(N_("Signature of the existing document"))
    if signature.verdict == VALID:
        text = _(
            N_("The file was registered with its signature; the signature fits, owner: {owner}."),
            owner=signature.owner,
        )
        return Notice(text, title, Mark.DONE)
    text = _(N_("The file came with a signature, but it could not be checked completely."))
    return Notice(text, title, Mark.WAITING)
