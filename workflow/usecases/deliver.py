"""Send a covering letter with its package to the office. Arrival decides "in time"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from workflow.domain.documents import (
    Document,
    Existing,
    ExistingSignature,
    Manifest,
    Verdict,
)
from workflow.domain.exchange import may_be_sent, met_by, needs_reason
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Fulfilment, Obligation, ObligationState
from workflow.domain.permissions import may_deliver, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import EntryState
from workflow.domain.regulations import DocumentType, Origin, SignatureFormat, Verb
from workflow.domain.routes import state_of
from workflow.domain.signatures import SignatureStatus, SignedFile
from workflow.domain.submissions import PackageItem, Submission
from workflow.ports import CheckStatus
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.evidence_chain import records_for
from workflow.usecases.examine_submission import KIND as EXAMINE
from workflow.usecases.letter import package_documents
from workflow.usecases.numbers import Registration, lock_register, take_number
from workflow.usecases.pairs.personal_data import may_be_handed_over
from workflow.usecases.services import Services
from workflow.usecases.wording import dated_and_numbered

INCOMING = "incoming"
NO_RECORDS: Mapping[UUID, str] = MappingProxyType({})
MOST_OWED = 500


def deliver(
    services: Services, actor: Actor, letter_id: UUID, reason_late: str = ""
) -> Submission | Refusal:
    """Send the letter and what it encloses; the same letter can be sent once.

    After the term has ended a reason is asked for, and the office sees it.
    """
    records = _records(services, actor, letter_id)
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, letter_id)
        refusal = may_deliver(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        items = package_items(tx, services, desk, records)
        if isinstance(items, Refusal):
            return items
        submission = _submission(tx, services, desk, items, reason_late.strip())
        if isinstance(submission, Refusal):
            return submission
        document = desk.document
        for step in steps_for(document, Verb.DELIVER, desk.actor, desk.around):
            sent = desks.mark(services, desk, step, Verdict.DONE, evidence=str(submission.id))
            document = document.marked(sent)
        desks.save(tx, desk, document)
        tx.outbox.add(EXAMINE, {"submission": str(submission.id)})
        tx.audit.add(
            desk.organisation.id,
            "package.sent",
            {"submission": str(submission.id), "letter": str(letter_id)},
        )
        tx.commit()
        return submission


def _records(services: Services, actor: Actor, letter_id: UUID) -> dict[UUID, str]:
    """The evidence records of the signatures to be sent, as blobs; slow, so before the act."""
    with services.uow.reading() as tx:
        letter = desks.lay(tx, services, actor, letter_id).document
        enclosed = package_documents(tx, letter)
        carriers = {document.approved_by or document.id for document in (letter, *enclosed)}
        signatures = [signature.id for signature in tx.signatures.of_documents(carriers)]
    made = records_for(services, signatures)
    return {signature_id: services.blobs.put(record) for signature_id, record in made.items()}


def package_items(
    tx: Repositories, services: Services, desk: Desk, records: Mapping[UUID, str] = NO_RECORDS
) -> tuple[PackageItem, ...] | Refusal:
    """The letter first, then what it encloses, each with its files and signatures.

    `records` are the evidence records of signatures (blobs), which go along.
    """
    enclosed = package_documents(tx, desk.document)
    if not enclosed:
        return Refusal(
            "package.empty",
            N_("The letter encloses nothing."),
            N_("Choose the documents that you are sending."),
        )
    types = services.packs.get(desk.document.pack, desk.document.pack_version).document_types
    items = []
    for document in (desk.document, *enclosed):
        kind = types[document.type_code]
        refusal = may_be_sent(document, state_of(document, kind, desk.around.visa_roles))
        refusal = refusal or may_be_handed_over(tx, document, kind)
        if refusal:
            return refusal
        item = _item(tx, document, kind, records)
        if isinstance(item, Refusal):
            return item
        items.append(item)
    return tuple(items)


def _item(
    tx: Repositories, document: Document, kind: DocumentType, records: Mapping[UUID, str]
) -> PackageItem | Refusal:
    """A document with its signed files; an approved one brings its file from its order."""
    carrier = document
    if kind.origin is Origin.APPROVED and document.approved_by:
        carrier = tx.documents.load(document.approved_by)
    manifest = carrier.manifest
    assert manifest is not None
    if carrier is not document:
        manifest = Manifest(tuple(f for f in manifest.files if f.document_id == document.id))
    wanted = {f.pdf for f in manifest.files}
    signed = tuple(s for s in _signed_files(tx, carrier, records) if s.file in wanted)
    if not signed and not carrier.on_paper:
        return Refusal(
            "package.unsigned",
            N_("“{title}” has no accepted signature."),
            N_("Have it signed first."),
            {"title": document.title},
        )
    return PackageItem(
        document_id=document.id,
        type_code=document.type_code,
        title=document.title,
        number=carrier.number,
        dated=carrier.dated,
        manifest=manifest,
        signatures=signed,
        on_paper=carrier.on_paper,
    )


def _signed_files(
    tx: Repositories, document: Document, records: Mapping[UUID, str]
) -> tuple[SignedFile, ...]:
    if document.existing and document.existing.signature:
        return _signed_elsewhere(document.existing, document.existing.signature)
    fixing = document.fixing
    return tuple(
        replace(file, record=records.get(signature.id, ""))
        for signature in tx.signatures.of_document(document.id)
        if signature.status is SignatureStatus.ACCEPTED
        and fixing is not None
        and signature.fixing == fixing.sequence
        for file in signature.files
    )


def _signed_elsewhere(existing: Existing, signature: ExistingSignature) -> tuple[SignedFile, ...]:
    """The `.sig` that an existing document brought, if it was found valid here."""
    if signature.verdict != CheckStatus.VALID:
        return ()
    file = existing.files[0].pdf
    report = signature.report
    format_ = SignatureFormat.CADES
    return (SignedFile(file, signature.signature, format_, report, report_now=report),)


def _submission(
    tx: Transaction,
    services: Services,
    desk: Desk,
    items: tuple[PackageItem, ...],
    reason_late: str,
) -> Submission | Refusal:
    now, receiver_id = desk.around.now, desk.around.addressee_id
    assert receiver_id is not None
    office = tx.organisations.load(receiver_id)
    owed = owed_by_package(tx, desk, items)
    refusal = needs_reason(owed, office.local_day(now)) if not reason_late else None
    if refusal:
        return refusal
    register = lock_register(tx, receiver_id, INCOMING)
    entry = take_number(
        tx,
        services,
        register,
        Registration(
            desk.document.id,
            _heading(tx, desk.document),
            office.local_day(now),
            None,
            correspondent=desk.organisation.short_name,
            their_number=dated_and_numbered(desk.document),
        ),
        typed=f"{desk.document.number} ({desk.organisation.short_name})",
        state=EntryState.REGISTERED,
    )
    if isinstance(entry, Refusal):
        return entry
    previous = _previous(tx, desk.organisation.id, receiver_id)
    submission = Submission(
        id=services.new_id(),
        number=desk.document.number,
        sender_id=desk.organisation.id,
        receiver_id=receiver_id,
        letter_id=desk.document.id,
        items=items,
        sent_at=now,
        sent_by=desk.actor.person_id,
        arrived_at=now,
        reason_late=reason_late,
        incoming_number=entry.number,
        previous_id=previous.id if previous else None,
    )
    submission = tx.submissions.save(submission, None)
    for obligation in owed:
        arrived = Fulfilment(now, desk.document.number, submission_id=submission.id)
        changed = replace(obligation, fulfilments=(*obligation.fulfilments, arrived))
        tx.obligations.save(changed, obligation)
    return submission


def owed_by_package(
    tx: Repositories, desk: Desk, items: tuple[PackageItem, ...]
) -> list[Obligation]:
    """What of the addressee's tasks the package meets."""
    receiver_id = desk.around.addressee_id
    if receiver_id is None:
        return []
    types = frozenset(i.type_code for i in items) | _annexed(tx, items)
    return met_by(_owed(tx, desk.organisation.id, receiver_id), types)


def _owed(tx: Repositories, debtor_id: UUID, creditor_id: UUID) -> list[Obligation]:
    """What the sender still owes the receiver; a cell that has arrived may be sent again."""
    waiting = (ObligationState.OPEN, ObligationState.RETURNED, ObligationState.ARRIVED)
    owed = tx.obligations.of_debtor(debtor_id, states=waiting, limit=MOST_OWED).items
    return [o for o in owed if o.creditor_id == creditor_id]


def _heading(tx: Repositories, letter: Document) -> str:
    """The letter's own heading, as its sender's journal has it."""
    fixing = letter.fixing
    if fixing is None or fixing.entry_id is None:
        return letter.title
    return tx.entries.load(fixing.entry_id).summary


def _previous(tx: Transaction, sender_id: UUID, receiver_id: UUID) -> Submission | None:
    sent = tx.submissions.of_sender(sender_id, limit=20).items
    return next((s for s in sent if s.receiver_id == receiver_id), None)


def _annexed(tx: Repositories, items: tuple[PackageItem, ...]) -> frozenset[str]:
    """The types that an order of the package carries as annexes."""
    ids = {f.document_id for i in items for f in i.manifest.files}
    return frozenset(d.type_code for d in tx.documents.load_many(list(ids)).values())
