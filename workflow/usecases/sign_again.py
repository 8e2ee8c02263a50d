"""Sign once more, because the file of an accepted signature is lost: «повторная».

The same person, the same bytes, by the authority of that day; nothing else may follow from it. The
lost signature is withdrawn in the act that records the new one, so that the document stays as it
is; both stay in its history. What cannot be checked at once is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from workflow.domain.documents import Document, Manifest, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.signatures import AGAIN, LOST, Signature, SignatureStatus, SignedFile
from workflow.domain.signing_again import may_sign_again
from workflow.ports import CheckStatus, ExpectedSigner, TrustView
from workflow.store.blobs import BlobChangedError, BlobMissingError
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import stamp
from workflow.usecases.desk import Desk
from workflow.usecases.effect import ask_for_visual_copy
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import Examined, examine
from workflow.usecases.handed_in import of_one_certificate, one_for_each
from workflow.usecases.powers.known import kept_since
from workflow.usecases.recheck import expected_then, steps_served
from workflow.usecases.services import Services
from workflow.usecases.trust import signer_organisation, trust_view


@dataclass(frozen=True)
class _Lost:
    """What was read before the examination began."""

    signature: Signature
    manifest: Manifest
    expected: ExpectedSigner


def is_damaged(services: Services, signature: Signature) -> bool:
    """Whether what was signed, or what it was accepted by, is missing or changed in the storage."""
    kept = [sha256 for f in signature.files for sha256 in (f.signature, f.evidence, f.power)]
    return any(not _is_there(services, sha256) for sha256 in kept if sha256)


def _is_there(services: Services, sha256: str) -> bool:
    try:
        services.blobs.get(sha256)
    except (BlobMissingError, BlobChangedError):
        return False
    return True


def sign_again_with_stored_key(
    services: Services, actor: Actor, signature_id: UUID, seen: str, password: str
) -> Signature | Refusal:
    """Sign the same files again with the actor's key kept here; never for a qualified step."""
    lost = _lost(services, actor, signature_id, seen)
    if isinstance(lost, Refusal):
        return lost
    with services.uow.reading() as tx:
        keys = tx.person_keys.of_person(actor.person_id)
    refusal = may_use_key_again(lost.signature, has_key=bool(keys))
    if refusal:
        return refusal
    files = [services.blobs.get(f.pdf) for f in lost.manifest.files]
    signed = services.signatures.sign(
        keys[0].sealed, password, actor.person_id, files, lost.signature.format, services.clock()
    )
    if isinstance(signed, Refusal):
        return signed
    return sign_again(services, actor, signature_id, seen, signed.outputs)


def may_use_key_again(signature: Signature, *, has_key: bool) -> Refusal | None:
    """Whether a key kept on the server may replace the signature: never a qualified one."""
    if signature.kind is SignatureKind.QUALIFIED:
        return Refusal(
            "sign.key_on_server",
            N_("A qualified signature is made with a key that only its owner holds."),
            N_("Download the files, sign them in your own program and upload the signatures."),
        )
    if not has_key:
        return Refusal(
            "sign.no_key",
            N_("You have no signing key in the system."),
            N_("Add your key file on the page “My signature”, or sign in your own program."),
        )
    return None


def sign_again(
    services: Services, actor: Actor, signature_id: UUID, seen: str, outputs: Sequence[bytes]
) -> Signature | Refusal:
    """Hand in new signatures over the files of a lost one, in order; all or none.

    `seen` is the digest of the manifest on the page. NotFoundError for a signature that is not
    there or whose document is not for these eyes.
    """
    lost = _lost(services, actor, signature_id, seen)
    if isinstance(lost, Refusal):
        return lost
    refusal = one_for_each(lost.manifest.files, outputs)
    if refusal:
        return refusal
    with services.uow.reading() as tx:
        whose = signer_organisation(tx, lost.signature)
        since = kept_since(lost.expected)
        trust: TrustView = trust_view(tx, services, organisation=whose, power_since=since)
    signed = [
        SignedFile(file.pdf, services.blobs.put(output), lost.signature.format)
        for file, output in zip(lost.manifest.files, outputs, strict=True)
    ]
    examined = _examined(services, signed, trust, lost.expected)
    refusal = _accepted(examined)
    if refusal:
        return refusal
    with services.uow() as tx:
        recorded = _record(tx, services, actor, lost, examined)
        if isinstance(recorded, Signature):
            tx.commit()
        return recorded


def _examined(
    services: Services, signed: list[SignedFile], trust: TrustView, expected: ExpectedSigner
) -> Examined:
    """The examination, with a proven time where an authority for timestamps is set up."""
    if services.timestamps is None:
        return examine(services, signed, trust, expected)
    stamped = stamp.stamp_files(services, services.timestamps, signed, trust)
    examined = examine(services, stamped.files, trust, expected, stamp_wanted=True)
    return stamp.told(examined, stamped.refusal)


def _lost(services: Services, actor: Actor, signature_id: UUID, seen: str) -> _Lost | Refusal:
    with services.uow.reading() as tx:
        desk, signature = laid(tx, services, actor, signature_id)
        expected = expected_then(tx, services, signature, None)
    refusal = may_sign_again(
        desk.document, signature, desk.actor, desk.around, damaged=is_damaged(services, signature)
    )
    if refusal:
        return refusal
    manifest = desk.document.manifest
    assert manifest is not None  # a signature is over fixed files
    if manifest.digest != seen or signature.manifest != seen:
        return _changed_meanwhile()
    return _Lost(signature, manifest, expected)


def laid(
    tx: Repositories, services: Services, actor: Actor, signature_id: UUID
) -> tuple[Desk, Signature]:
    """The signature with its document; NotFoundError when it is not for these eyes."""
    try:
        signature = tx.signatures.load(signature_id)
    except MissingRowError as error:
        raise NotFoundError(f"signature {signature_id}") from error
    return desks.lay(tx, services, actor, signature.document_id), signature


def _accepted(examined: Examined) -> Refusal | None:
    """Only what is valid now replaces a signature that was accepted, made with one certificate."""
    if examined.status is not CheckStatus.VALID:
        return examined.reason or _changed_meanwhile()
    return of_one_certificate(examined)


def _record(
    tx: Transaction, services: Services, actor: Actor, lost: _Lost, examined: Examined
) -> Signature | Refusal:
    """Look at everything again where it is written, then put the new signature in place."""
    desks.lock_cases(tx, lost.signature.document_id)
    desk, before = laid(tx, services, actor, lost.signature.id)
    same = before == lost.signature and expected_then(tx, services, before, None) == lost.expected
    refusal = may_sign_again(desk.document, before, desk.actor, desk.around, damaged=True)
    if refusal or not same:
        return refusal or _changed_meanwhile()
    now = desk.around.now
    signature = tx.signatures.save(_signature(services, desk, before, examined), None)
    explanation = Refusal(
        LOST,
        N_("Its file was lost; the same person signed the same files again on {day}."),
        params={"day": desk.organisation.local_day(now)},
    )
    withdrawn = replace(before, status=SignatureStatus.WITHDRAWN, explanation=explanation)
    tx.signatures.save(withdrawn, before)
    document = desks.save(tx, desk, _marked(services, desk, before, signature))
    ask_for_visual_copy(tx, document)
    tx.audit.add(
        desk.organisation.id,
        "signature.made_again",
        {
            "document": str(document.id),
            "signature": str(signature.id),
            "instead_of": str(before.id),
            "manifest": signature.manifest,
            "serial": signature.serial,
            "report": signature.files[0].report,
        },
    )
    return signature


def _marked(services: Services, desk: Desk, before: Signature, signature: Signature) -> Document:
    """The document with the new signature wherever the lost one counted; that counts no more."""
    document = desk.document
    for step, mandate_id in steps_served(desk, before):
        for verdict, remark, evidence in (
            (Verdict.WITHDRAWN, LOST, before.id),
            (Verdict.SIGNED, AGAIN, signature.id),
        ):
            made = desks.mark(services, desk, step, verdict, remark=remark, evidence=str(evidence))
            document = document.marked(replace(made, mandate_id=mandate_id))
    return document


def _signature(services: Services, desk: Desk, before: Signature, examined: Examined) -> Signature:
    """The new signature: by the authority of the lost one, with its own certificate and time."""
    facts = examined.facts
    return replace(
        before,
        id=services.new_id(),
        kind=facts.kind,
        files=examined.files,
        received_at=desk.around.now,
        status=SignatureStatus.ACCEPTED,
        owner=facts.owner,
        serial=facts.serial,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        training=facts.training,
        checked_at=desk.around.now,
        explanation=None,
        stamp_wanted=services.timestamps is not None,
        stamped_at=desk.around.now if any(f.handed_in for f in examined.files) else None,
        proven_at=examined.time.at,
        time_authority=examined.time.authority,
        version=0,
    )


def _changed_meanwhile() -> Refusal:
    return Refusal(
        "sign_again.changed",
        N_("The document or its signatures have changed since the page was opened."),
        N_("Open the page again. Your signature has not been used."),
    )
