"""Tell those concerned that a signature does not count: any more, or after a wait for a list."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from workflow.domain.mail import OutgoingMail, WithdrawnText
from workflow.domain.mandates import holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.regulations import Role
from workflow.domain.reminders import time_for_mail
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.store.unit_of_work import Transaction
from workflow.usecases.outgoing_mail import KIND, deliver, look_again, message_id, nothing
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

#: One that was accepted, and one that had been received and turned out not to hold.
TOLD_ABOUT = (SignatureStatus.WITHDRAWN, SignatureStatus.REFUSED)


def ask_to_tell(
    tx: Transaction,
    services: Services,
    organisation: Organisation,
    signature: Signature,
    concerned: Collection[UUID],
) -> None:
    """Have the signatory, the head and the clerks told by mail, if the installation sends any.

    So are those whom the document concerns, if they knew it already.
    """
    if services.mail is None:
        return
    now = services.clock()
    today = organisation.local_day(now)
    mandates = tx.mandates.of_organisation(organisation.id)
    head = holder_of(mandates, Role.HEAD, organisation.id, today)
    told = [signature.person_id, *([head.person_id] if head else [])]
    told += [m.person_id for m in mandates if m.role is Role.CLERK and m.in_force(today)]
    for person_id in dict.fromkeys([*told, *sorted(concerned)]):
        tx.outbox.add(
            KIND,
            _payload(signature.id, person_id, concerned=person_id not in told),
            not_before=time_for_mail(now, organisation.zone),
            once_key=f"{KIND}:withdrawn:{signature.id}:{person_id}",
        )


def _payload(signature_id: UUID, person_id: UUID, *, concerned: bool) -> dict[str, str]:
    named = {"withdrawn": str(signature_id), "to": str(person_id)}
    return {**named, "concerned": "yes"} if concerned else named


def send_withdrawal(
    services: Services, signature_id: UUID, person_id: UUID, *, concerned: bool
) -> Effect:
    """Tell one person; the effect writes into the audit trail whether the letter left.

    `concerned`: the document is about this person, who has no work on it. Raises MailDelayedError
    when the server has to be tried again.
    """
    with services.uow.reading() as tx:
        signature = tx.signatures.load(signature_id)
        document = tx.documents.load(signature.document_id)
        organisation = tx.organisations.load(document.organisation_id)
        people = tx.people.load_many([person_id, signature.person_id])
    if signature.status not in TOLD_ABOUT or signature.explanation is None:
        return nothing
    now = services.clock()
    if (hour := time_for_mail(now, organisation.zone)) != now:
        return look_again(_payload(signature_id, person_id, concerned=concerned), hour)
    own = person_id == signature.person_id
    letter = OutgoingMail(
        message_id=message_id(services, "withdrawn", signature_id, person_id),
        address=people[person_id].email,
        # Whom a document without force concerns does not read it any more.
        link=f"{services.base_url}/" + ("" if concerned else f"documents/{document.id}"),
        text=WithdrawnText(
            document=document_named(document),
            organisation=organisation.short_name,
            reason=signature.explanation,
            signer="" if own else people[signature.person_id].short_name,
            concerned=concerned,
            refused=signature.status is SignatureStatus.REFUSED,
        ),
    )
    failure = deliver(services, letter)
    told = {"signature": str(signature_id), "person": str(person_id)}

    def effect(tx: Transaction) -> None:
        if failure is None:
            tx.audit.add(organisation.id, "signature.withdrawal_told", told)
        else:
            body = {**told, "code": failure.code}
            tx.audit.add(organisation.id, "signature.withdrawal_not_told", body)

    return effect
