"""Begin a signing whose key is in the signer's browser: only digests leave, only signatures return.

The certificate is chosen first and bound to the signing; its key decides the digest. What comes
back goes the way of every signature made elsewhere (`record_signature`).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import Digests
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.services import Services
from workflow.usecases.sign import Begun, begin_signing, demand_of


@dataclass(frozen=True)
class BegunByHash:
    """A signing session, and the digest of each file of its manifest."""

    begun: Begun
    digests: Digests


def begin_signing_by_hash(
    services: Services, actor: Actor, document_id: UUID, seen: str, certificate: bytes
) -> BegunByHash | Refusal:
    """Open a single-use session for these bytes and this certificate (DER or PEM)."""
    with services.uow.reading() as tx:
        refusal = may_sign_by_hash(desks.lay(tx, services, actor, document_id))
    if refusal:
        return refusal
    begun = begin_signing(services, actor, document_id, seen, certificate)
    if isinstance(begun, Refusal):
        return begun
    files = [services.blobs.get(f.pdf) for f in begun.manifest.files]
    digests = services.signatures.digests_to_sign(certificate, files)
    return digests if isinstance(digests, Refusal) else BegunByHash(begun, digests)


def may_sign_by_hash(desk: Desk) -> Refusal | None:
    """Whether the signature that the desk's document waits for stands in a file of its own."""
    demand = demand_of(desk)
    if demand is None or demand.format is not SignatureFormat.PADES:
        return None
    return Refusal(
        "sign.inside_the_file",
        N_("This document is signed inside the PDF, which the browser cannot do here."),
        N_("Sign the PDF in your own program and upload it."),
    )
