"""What a person sees before signing in the browser: the way, and the certificates found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_sign, steps_for
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.ports import OfferedCertificate
from workflow.queries.headings import Heading, heading_of
from workflow.usecases import desk as desks
from workflow.usecases.pdf_leases import leased_to_another
from workflow.usecases.record_signature import expected_at
from workflow.usecases.services import Services


@dataclass(frozen=True)
class OfferedCertificates:
    """The certificates of a signer's computer in their order, those that do not do with a reason.

    An unreadable one is a Refusal in its place. `refusal` says why nothing can be signed now.
    """

    heading: Heading
    refusal: Refusal | None
    certificates: tuple[OfferedCertificate | Refusal, ...] = ()


def offered_certificates(
    services: Services, actor: Actor, document_id: UUID, certificates: Sequence[bytes]
) -> OfferedCertificates:
    """Say of each certificate (DER or PEM) whether the actor may sign the document with it."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        heading = heading_of(desk)
        refusal = may_sign(desk.document, desk.actor, desk.around) or leased_to_another(tx, desk)
        steps = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)
        if refusal or not steps:
            return OfferedCertificates(heading, refusal)
        expected = expected_at(tx, desk, steps[0])
    now = services.clock()
    offered = (services.signatures.offered_certificate(one, expected, now) for one in certificates)
    return OfferedCertificates(heading, None, tuple(offered))
