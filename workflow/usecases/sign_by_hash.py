"""Begin a signing whose key is in the signer's browser: only digests leave, only signatures return.

The certificate is chosen first and bound to the signing; its key decides the digest. What comes
back goes the way of every signature made elsewhere (`record_signature`). Where the signature
stands inside the PDF, the file is prepared first and kept, and completed with what comes back:
nobody else prepares it meanwhile (see `workflow.domain.pdf_leases`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_sign
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Attempt, PreparedFile, Signature
from workflow.ports import Digests
from workflow.prepared_pdfs import PreparedPdfs
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.agree import may_trust
from workflow.usecases.errors import NotFoundError
from workflow.usecases.handed_in import one_for_each
from workflow.usecases.pdf_leases import leased_to_another
from workflow.usecases.record_signature import record_signature
from workflow.usecases.services import Services
from workflow.usecases.sign import Begun, begin_signing, demand_of


@dataclass(frozen=True)
class BegunByHash:
    """A signing session, and the digest of each file of its manifest that the key has to sign."""

    begun: Begun
    digests: Digests


def begin_signing_by_hash(
    services: Services, actor: Actor, document_id: UUID, seen: str, certificate: bytes
) -> BegunByHash | Refusal:
    """Open a single-use session for these bytes and this certificate (DER or PEM).

    At a step that is signed inside the PDF the actor has the document for three minutes; another
    session of the same person is void then.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        demand = demand_of(desk)
        inside = demand is not None and demand.format is SignatureFormat.PADES
        refusal = (
            may_sign(desk.document, desk.actor, desk.around)
            or may_trust(desk, seen)
            or leased_to_another(tx, desk)
        )
        manifest = desk.document.manifest
    if refusal:
        return refusal
    assert manifest is not None
    files = [services.blobs.get(file.pdf) for file in manifest.files]
    if inside:
        return _begun_inside(services, actor, document_id, seen, certificate, files)
    digests = services.signatures.digests_to_sign(certificate, files)
    if isinstance(digests, Refusal):
        return digests
    begun = begin_signing(services, actor, document_id, seen, certificate)
    return begun if isinstance(begun, Refusal) else BegunByHash(begun, digests)


def _begun_inside(
    services: Services,
    actor: Actor,
    document_id: UUID,
    seen: str,
    certificate: bytes,
    files: Sequence[bytes],
) -> BegunByHash | Refusal:
    """Prepare the files outside any transaction; `begin_signing` checks everything again."""
    made = services.signatures.prepare_pdfs(certificate, files, services.clock())
    if isinstance(made, Refusal):
        return made
    kept = _kept(services, made)
    begun = begin_signing(services, actor, document_id, seen, certificate, kept)
    if isinstance(begun, Refusal):
        return begun
    return BegunByHash(begun, Digests(made.digest_name, tuple(f.digest for f in made.files)))


def _kept(services: Services, made: PreparedPdfs) -> tuple[PreparedFile, ...]:
    return tuple(
        PreparedFile(services.blobs.put(each.pdf), each.place_start, each.place_end)
        for each in made.files
    )


def record_by_hash(
    services: Services, actor: Actor, attempt_id: UUID, signatures: Sequence[bytes]
) -> Signature | Refusal:
    """Hand in what the key made of the digests, one CMS for each file, in order.

    At a step that is signed inside the PDF exactly the prepared files are completed with them. The
    same again gets the first answer; others for a used session are refused. Whoever is refused
    holds nobody up any more.
    """
    with services.uow.reading() as tx:
        attempt = _loaded(tx, attempt_id)
    if not attempt.prepared or attempt.person_id != actor.person_id:
        return record_signature(services, actor, attempt_id, signatures)
    outputs = _completed(services, attempt, signatures)
    recorded = (
        outputs
        if isinstance(outputs, Refusal)
        else record_signature(services, actor, attempt_id, outputs)
    )
    if isinstance(recorded, Refusal):
        with services.uow() as writing:
            writing.pdf_leases.end(attempt_id, services.clock())
            writing.commit()
    return recorded


def _completed(
    services: Services, attempt: Attempt, signatures: Sequence[bytes]
) -> list[bytes] | Refusal:
    refusal = one_for_each(attempt.prepared, signatures)
    if refusal:
        return refusal
    completed: list[bytes] = []
    for file, cms in zip(attempt.prepared, signatures, strict=True):
        prepared = services.blobs.get(file.pdf)
        made = services.signatures.complete_pdf(prepared, file.place_start, file.place_end, cms)
        if isinstance(made, Refusal):
            return made
        completed.append(made)
    return completed


def cancel_by_hash(services: Services, actor: Actor, attempt_id: UUID) -> None:
    """Give the document free: the session's files cannot be handed in any more."""
    with services.uow() as tx:
        if _loaded(tx, attempt_id).person_id != actor.person_id:
            raise NotFoundError(f"signing {attempt_id} is not of {actor.person_id}")
        tx.pdf_leases.remove_of(attempt_id)
        tx.commit()


def _loaded(tx: Repositories, attempt_id: UUID) -> Attempt:
    try:
        return tx.attempts.load(attempt_id)
    except MissingRowError as error:
        raise NotFoundError(f"signing {attempt_id}") from error
