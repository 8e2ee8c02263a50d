"""What somebody sees whose signature is lost: the same files, to be signed once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signing_again import may_sign_again
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.queries.my_keys import KeyCard, key_card
from workflow.usecases.services import Services
from workflow.usecases.sign_again import is_damaged, laid, may_use_key_again


@dataclass(frozen=True)
class SignAgainPage:
    """`refusal` says why nothing can be signed again, `key_refusal` why not with a key kept here.

    `digest` is that of the manifest shown.
    """

    heading: Heading
    signature_id: UUID
    signer: str
    signed_at: datetime
    format: SignatureFormat
    files: tuple[FileCard, ...]
    digest: str
    key: KeyCard | None
    refusal: Refusal | None
    key_refusal: Refusal | None


def sign_again_page(services: Services, actor: Actor, signature_id: UUID) -> SignAgainPage:
    """Return the page; NotFoundError when the signature is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk, signature = laid(tx, services, actor, signature_id)
        fixing = desk.document.fixing
        manifest = fixing.manifest if fixing else None
        keys = tx.person_keys.of_person(desk.actor.person_id)
        signer = tx.people.load(signature.person_id).full_name
    damaged = is_damaged(services, signature)
    return SignAgainPage(
        heading=heading_of(desk),
        signature_id=signature.id,
        signer=signer,
        signed_at=signature.received_at,
        format=signature.format,
        files=file_cards(manifest),
        digest=manifest.digest if manifest else "",
        key=key_card(keys[0], services.clock()) if keys else None,
        refusal=may_sign_again(desk.document, signature, desk.actor, desk.around, damaged=damaged),
        key_refusal=may_use_key_again(signature, has_key=bool(keys)),
    )
